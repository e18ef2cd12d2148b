/* SPDX-License-Identifier: ISC */
#include "template.h"

#include <string.h>

#include "../emit/html.h"

enum { DEPTH = 8 };

/* "{?name}" and its like. */
struct tag {
	char kind; /* '=': a value; '?', '!', '*', '/'; '{': a brace */
	const char *name;
	size_t n;
	const char *end;
};

/* The tag at s, which is "{".  false: there is none. */
static bool
read_tag(const char *s, struct tag *tag)
{
	const char *c = s + 1;

	if (*c == '{') {
		*tag = (struct tag){'{', NULL, 0, c + 1};
		return true;
	}
	tag->kind = '=';
	if (*c != '\0' && strchr("?!*/", *c) != NULL)
		tag->kind = *c++;
	tag->name = c;
	while ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') ||
		*c == '-')
		c++;
	tag->n = (size_t)(c - tag->name);
	tag->end = c + 1;
	return tag->n > 0 && *c == '}';
}

static bool
same_name(const struct tag *a, const struct tag *b)
{
	return a->n == b->n && memcmp(a->name, b->name, a->n) == 0;
}

const char *
mc_template_check(
	const char *template, const struct mc_template_names *names, size_t *at)
{
	struct tag open[DEPTH], tag;
	struct mc_template_value value;
	size_t depth = 0;
	const char *s = template;

	for (; (s = strchr(s, '{')) != NULL; s = tag.end) {
		*at = (size_t)(s - template);
		if (!read_tag(s, &tag))
			return "a brace begins no placeholder: a brace itself "
			       "is {{";
		if (tag.kind == '{')
			continue;
		if (!names->find(names->context, tag.name, tag.n, &value))
			return "no such placeholder";
		if (tag.kind == '/') {
			if (depth == 0 || !same_name(&open[depth - 1], &tag))
				return "it ends what does not begin";
			depth--;
		} else if (tag.kind != '=') {
			if (depth == DEPTH)
				return "too many sections in each other";
			open[depth++] = tag;
		}
	}
	if (depth == 0)
		return NULL;
	*at = (size_t)(open[depth - 1].name - template) - 2;
	return "it has no end";
}

/* A template that is being filled. */
struct fill {
	struct mc_buf *out;
	const char *start; /* of the template */
	enum mc_template_form form;
	const struct mc_template_names *names;
	/* names that stand for one of their values */
	const struct tag *loop[DEPTH];
	const char *item[DEPTH];
	enum mc_template_kind kind[DEPTH];
	size_t n_loops;
	unsigned depth; /* of parts */
};

/* A value is of one line, whatever it is: the gate lets no control in. */
static char
printable(char c)
{
	if ((unsigned char)c < ' ' || c == 0x7f)
		return ' ';
	return c;
}

static void
add_text(struct fill *f, const char *text)
{
	switch (f->form) {
	case MC_TEMPLATE_TEXT:
		for (; *text != '\0'; text++)
			mc_buf_putc(f->out, printable(*text));
		break;
	case MC_TEMPLATE_HTML: mc_html_text(f->out, text); break;
	}
}

static const char *run(struct fill *, const char *, bool live);

static void
add_part(struct fill *f, const char *template)
{
	const char *start = f->start;

	if (f->depth == DEPTH)
		return;
	f->depth++;
	f->start = template;
	(void)run(f, template, true);
	f->start = start;
	f->depth--;
}

static void
add_kind(struct fill *f, enum mc_template_kind kind, const char *text)
{
	switch (kind) {
	case MC_TEMPLATE_VALUE: add_text(f, text); break;
	case MC_TEMPLATE_MARKUP: mc_buf_puts(f->out, text); break;
	case MC_TEMPLATE_PART: add_part(f, text); break;
	}
}

static void
add_value(struct fill *f, const struct tag *tag)
{
	struct mc_template_value value = {.n = 0};

	for (size_t i = f->n_loops; i > 0; i--)
		if (same_name(f->loop[i - 1], tag)) {
			add_kind(f, f->kind[i - 1], f->item[i - 1]);
			return;
		}
	(void)f->names->find(f->names->context, tag->name, tag->n, &value);
	for (size_t i = 0; value.texts != NULL && i < value.n; i++) {
		if (i > 0)
			mc_buf_puts(f->out, ", ");
		add_kind(f, value.kind, value.texts[i]);
	}
}

/*
 * Where the text before a section's tag ends and what follows begins: a tag
 * that is alone on its line takes the line with it.
 */
static void
trim(const struct fill *f, const char *s, const char **before,
	const char **after)
{
	const char *from = s, *to = *after;

	*before = s;
	while (from > f->start && (from[-1] == ' ' || from[-1] == '\t'))
		from--;
	while (*to == ' ' || *to == '\t')
		to++;
	if ((from > f->start && from[-1] != '\n') ||
		(*to != '\n' && *to != '\0'))
		return;
	*before = from;
	*after = to + (*to == '\n');
}

static void
turn(const struct fill *f, const struct tag *tag, size_t value)
{
	if (f->names->turn != NULL)
		f->names->turn(f->names->context, tag->name, tag->n, value);
}

/* A section, from behind its tag on.  Returns what follows it. */
static const char *
section(struct fill *f, const struct tag *tag, const char *body, bool live)
{
	struct mc_template_value value = {.n = 0};
	const char *end = NULL;
	bool wanted;

	(void)f->names->find(f->names->context, tag->name, tag->n, &value);
	wanted = live && (tag->kind == '!' ? value.n == 0 : value.n > 0);
	if (tag->kind != '*' || !wanted || f->n_loops == DEPTH)
		return run(f, body, wanted);
	f->kind[f->n_loops] = value.kind;
	f->loop[f->n_loops++] = tag;
	for (size_t i = 0; i < value.n; i++) {
		f->item[f->n_loops - 1] = value.texts == NULL ? ""
							      : value.texts[i];
		turn(f, tag, i);
		end = run(f, body, true);
	}
	turn(f, tag, MC_TEMPLATE_NONE);
	f->n_loops--;
	return end;
}

/*
 * Up to the end of the section that s is in, or of the template.  Not deeper
 * than DEPTH: the template was checked.
 */
static const char *
run(struct fill *f, const char *s, bool live)
{
	for (;;) {
		const char *brace = strchr(s, '{'), *before, *after;
		struct tag tag;

		if (brace == NULL || !read_tag(brace, &tag)) {
			if (live)
				mc_buf_puts(f->out, s);
			return s + strlen(s);
		}
		before = brace;
		after = tag.end;
		if (tag.kind != '=' && tag.kind != '{')
			trim(f, brace, &before, &after);
		/* a tag before it on the line may have taken the blanks */
		if (live && before > s)
			mc_buf_add(f->out, s, (size_t)(before - s));
		s = after;
		if (tag.kind == '/')
			return after;
		if (tag.kind == '{') {
			if (live)
				mc_buf_putc(f->out, '{');
		} else if (tag.kind == '=') {
			if (live)
				add_value(f, &tag);
		} else {
			s = section(f, &tag, after, live);
		}
	}
}

void
mc_template_fill(struct mc_buf *out, const char *template,
	enum mc_template_form form, const struct mc_template_names *names)
{
	struct fill f = {
		.out = out, .start = template, .form = form, .names = names};

	(void)run(&f, template, true);
}
