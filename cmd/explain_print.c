/* SPDX-License-Identifier: ISC */
/* Explanations for people: calm, in their language, 79 columns wide. */
#include <string.h>

#include "explained.h"

#include "text.h"

/* "Label: text", wrapped. */
static void
put(FILE *out, const char *label, const char *text)
{
	int column = (int)mc_utf8_count(label, strlen(label)) + 1;

	(void)fprintf(out, "%s:", label);
	print_wrapped(out, text, 2, column);
}

static const char *
turns(struct explain *e, const struct mc_rule *rule)
{
	const char *all = "";

	for (size_t i = 0; i < rule->n_turns && all != NULL; i++)
		all = mc_arena_printf(&e->arena, "%s%s%s", all,
			i == 0 ? "" : explain_word(e, MC_WORD_THEN),
			explain_word(e,
				(enum mc_word)(MC_WORD_YOU + rule->turn[i])));
	return all;
}

static const char *
how_sure(struct explain *e, const struct mc_hit *hit)
{
	enum mc_word by = hit->by_slug ? MC_WORD_BY_SLUG
		: !hit->by_words       ? MC_WORD_BY_CODE
		: hit->by_code         ? MC_WORD_BY_BOTH
				       : MC_WORD_BY_WORDS;
	const char *source = hit->rule->source;

	return mc_arena_printf(&e->arena, "%s (%s; %s%s%s)",
		explain_word(e, (enum mc_word)(MC_WORD_LOW + hit->sure)),
		explain_word(e, by), source == NULL ? "" : source,
		source == NULL ? "" : "; ", hit->rule->id);
}

static void
put_steps(const char *const *steps, FILE *out)
{
	for (int i = 1; *steps != NULL; steps++, i++) {
		int n = fprintf(out, "  %d. ", i);

		print_wrapped(out, *steps, 5, n);
	}
}

static void
put_hit(struct explain *e, const struct mc_hit *hit, FILE *out)
{
	const struct mc_advice *say = &hit->rule->say[e->speech];
	const char *turn = turns(e, hit->rule), *sure = how_sure(e, hit);

	if (turn == NULL || sure == NULL)
		return;
	print_wrapped(out, say->title, 0, 0);
	print_wrapped(out, say->means, 2, 0);
	put(out, explain_word(e, MC_WORD_TURN), turn);
	(void)fprintf(out, "%s:\n", explain_word(e, MC_WORD_STEPS));
	put_steps(say->steps, out);
	if (hit->rule->links[0] != NULL)
		(void)fprintf(out, "%s:\n", explain_word(e, MC_WORD_LINKS));
	for (size_t i = 0; hit->rule->links[i] != NULL; i++)
		(void)fprintf(out, "  %s\n", hit->rule->links[i]);
	put(out, explain_word(e, MC_WORD_SURE), sure);
}

static void
put_unknown(struct explain *e, const struct mc_explained *found, FILE *out)
{
	const char *steps[3] = {NULL};
	size_t n = 0;

	print_wrapped(out, explain_word(e, MC_WORD_UNKNOWN), 0, 0);
	print_wrapped(out, explain_word(e, MC_WORD_UNKNOWN_MEANS), 2, 0);
	if (found->code.class == 4)
		steps[n++] = explain_word(e, MC_WORD_UNKNOWN_WAIT);
	steps[n] = explain_word(e, MC_WORD_UNKNOWN_ASK);
	put(out, explain_word(e, MC_WORD_TURN), explain_word(e, MC_WORD_YOU));
	(void)fprintf(out, "%s:\n", explain_word(e, MC_WORD_STEPS));
	put_steps(steps, out);
}

static void
put_code(struct explain *e, const struct mc_code *code, FILE *out)
{
	const char *tells = explain_tells(e, code), *all;
	char name[16];

	if (code->class == 0 || tells == NULL)
		return;
	explain_code(name, code);
	all = mc_arena_printf(&e->arena, "%s: %s", name, tells);
	if (all != NULL)
		put(out, explain_word(e, MC_WORD_CODE), all);
}

static void
put_recipients(struct explain *e, const struct explain_case *c, FILE *out)
{
	const char *all = "";

	if (c->n_recipients == 0)
		return;
	for (size_t i = 0; i < c->n_recipients && i < EXPLAIN_RECIPIENTS; i++)
		if (all != NULL && c->recipients[i] != NULL)
			all = mc_arena_printf(&e->arena, "%s%s%s", all,
				i == 0 ? "" : ", ", c->recipients[i]);
	if (c->n_recipients > EXPLAIN_RECIPIENTS && all != NULL)
		all = mc_arena_printf(&e->arena, "%s, +%zu", all,
			c->n_recipients - EXPLAIN_RECIPIENTS);
	if (all != NULL)
		put(out, explain_word(e, MC_WORD_RECIPIENT_IS), all);
}

static void
put_others(struct explain *e, const struct mc_explained *found, FILE *out)
{
	if (found->n > 1)
		(void)fprintf(out, "%s:\n", explain_word(e, MC_WORD_ALSO));
	for (size_t i = 1; i < found->n; i++) {
		const struct mc_rule *rule = found->hit[i].rule;
		const char *turn = turns(e, rule);
		const char *line = turn == NULL
			? NULL
			: mc_arena_printf(&e->arena, "%s (%s; %s)",
				  rule->say[e->speech].title, turn, rule->id);

		(void)fputs("  - ", out);
		if (line != NULL)
			print_wrapped(out, line, 4, 4);
	}
}

void
explain_print(struct explain *e, FILE *out)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct explain_case *c = &e->cases[i];

		if (i > 0)
			(void)fputc('\n', out);
		if (c->found.n > 0)
			put_hit(e, &c->found.hit[0], out);
		else if (c->found.success)
			print_wrapped(
				out, explain_word(e, MC_WORD_SUCCESS), 0, 0);
		else
			put_unknown(e, &c->found, out);
		put_code(e, &c->found.code, out);
		put_recipients(e, c, out);
		if (c->said != NULL && *c->said != '\0')
			put(out, explain_word(e, MC_WORD_SAID), c->said);
		put_others(e, &c->found, out);
	}
	if (e->arena.failed)
		complain_memory(e->program);
}
