/* SPDX-License-Identifier: ISC */
#include "handout.h"

#include <string.h>

#include "html.h"

/* Plain text, where the others are HTML. */
static const char plain[] = "card-";
static const char part[] = "part-";

static bool
starts(const char *name, size_t n, const char *with)
{
	size_t k = strlen(with);

	return n > k && memcmp(name, with, k) == 0;
}

static bool
ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), k = strlen(end);

	return n > k && strcmp(name + n - k, end) == 0;
}

static bool
find_part(struct mc_handout *h, const char *name, size_t n,
	struct mc_template_value *value)
{
	const struct mc_text *file = mc_voice_file(
		&h->voice, name + sizeof(part) - 1, n - (sizeof(part) - 1));

	if (file == NULL)
		return false;
	h->texts[0] = file->text;
	*value = (struct mc_template_value){h->texts, 1,
		ends_in(file->key, ".html") ? MC_TEMPLATE_PART
					    : MC_TEMPLATE_MARKUP};
	return true;
}

/* For struct mc_template_names. */
static bool
find(void *context, const char *name, size_t n, struct mc_template_value *value)
{
	struct mc_handout *h = context;
	struct mc_handout_list list;
	enum mc_handout_kind kind;
	const char *text;

	if (mc_handout_name(h, name, n, value))
		return true;
	if (starts(name, n, part))
		return find_part(h, name, n, value);
	text = mc_voice_text(&h->voice, name, n);
	if (text != NULL) {
		h->texts[0] = text;
		*value = (struct mc_template_value){
			h->texts, 1, MC_TEMPLATE_PART};
		return true;
	}
	if (!mc_handout_find_list(h, name, n, &kind, &list))
		return false;
	*value = (struct mc_template_value){NULL, list.n, MC_TEMPLATE_VALUE};
	/* an account is called by its address */
	for (size_t i = 0; kind == MC_HANDOUT_ACCOUNT && i < list.n; i++) {
		const struct mailcfg_account *a = list.items[i];

		h->texts[i] = a->mailbox_display;
		value->texts = h->texts;
	}
	return true;
}

static void
turn(void *context, const char *name, size_t n, size_t at)
{
	struct mc_handout *h = context;
	struct mc_handout_list list;
	enum mc_handout_kind kind;

	if (!mc_handout_find_list(h, name, n, &kind, &list))
		return;
	if (at == 0)
		h->outer[kind] = h->now[kind];
	h->now[kind] = at < list.n ? list.items[at] : h->outer[kind];
}

void
mc_handout_start(struct mc_handout *h)
{
	mc_voice_choose(&h->voice, h->options->texts, h->options->n_texts,
		h->n == 0 ? NULL : h->accounts[0]->lang);
}

void
mc_handout_say(struct mc_handout *h, struct mc_buf *out, const char *key)
{
	const struct mc_template_names names = {h, find, turn};
	const char *text = mc_voice_text(&h->voice, key, strlen(key));

	if (text != NULL)
		mc_template_fill(out, text, MC_TEMPLATE_TEXT, &names);
	if (h->arena->failed)
		out->failed = true;
}

void
mc_handout_page(struct mc_handout *h, struct mc_buf *out, const char *file)
{
	const struct mc_template_names names = {h, find, turn};
	const struct mc_text *page;

	mc_handout_start(h);
	page = mc_voice_file(&h->voice, file, strlen(file));
	if (page != NULL)
		mc_template_fill(out, page->text, MC_TEMPLATE_HTML, &names);
	if (h->arena->failed)
		out->failed = true;
}

/* A table of texts, asked for names alone. */
static bool
has_text(const struct mc_texts *table, const char *name, size_t n)
{
	for (size_t i = 0; i < table->n; i++) {
		struct mc_voice voice = {{&table->languages[i]}, 1, NULL, 0};

		if (mc_voice_text(&voice, name, n) != NULL)
			return true;
	}
	return false;
}

/* For struct mc_template_names, where there are no values. */
static bool
is_known(void *context, const char *name, size_t n,
	struct mc_template_value *value)
{
	const struct mc_texts *table = context;
	const struct mc_voice voice = {.tables = table, .n_tables = 1};

	*value = (struct mc_template_value){.n = 0};
	if (starts(name, n, part))
		return mc_voice_file(&voice, name + sizeof(part) - 1,
			       n - (sizeof(part) - 1)) != NULL;
	return mc_handout_is_name(name, n) || mc_handout_is_list(name, n) ||
		has_text(table, name, n) ||
		has_text(&mc_builtin_texts, name, n);
}

const char *
mc_handout_fault(const struct mc_texts *table, const struct mc_text *text,
	bool file, size_t *at)
{
	struct mc_texts copy = *table;
	const struct mc_template_names names = {&copy, is_known, NULL};
	const char *why = NULL;

	*at = 0;
	/* what ends the element it stands in */
	if (file && !ends_in(text->key, ".html"))
		return strstr(text->text, "</") == NULL ? NULL : "it holds </";
	why = mc_template_check(text->text, &names, at);
	if (why == NULL && !file && strncmp(text->key, plain, 5) != 0)
		why = mc_html_fault(text->text, at);
	return why;
}
