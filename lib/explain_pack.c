/* SPDX-License-Identifier: ISC */
/*
 * Rules as bytes without pointers: numbers are four bytes, the lowest first,
 * texts end with NUL, a list is its length and its texts.
 */
#include "explain.h"

#include <stdint.h>
#include <string.h>

/* In the place of an advice: it is that of the rule with this number. */
#define SAME ((size_t)0x80000000u)

static void
put_number(struct mc_buf *out, size_t number)
{
	for (unsigned i = 0; i < 4; i++)
		mc_buf_putc(out, (char)(unsigned char)(number >> (8 * i)));
}

static void
put_text(struct mc_buf *out, const char *text)
{
	const char *s = text == NULL ? "" : text;

	mc_buf_add(out, s, strlen(s) + 1);
}

static void
put_list(struct mc_buf *out, const char *const *list)
{
	size_t n = 0;

	while (list[n] != NULL)
		n++;
	put_number(out, n);
	for (size_t i = 0; i < n; i++)
		put_text(out, list[i]);
}

static void
put_advice(struct mc_buf *out, const struct mc_rules *rules, size_t at)
{
	const struct mc_rule *rule = &rules->rule[at];

	for (size_t i = 0; i < at; i++) {
		if (rules->rule[i].say[0].title != rule->say[0].title)
			continue;
		put_number(out, SAME | i);
		return;
	}
	put_number(out, 0);
	for (size_t i = 0; i < MC_SPEECHES; i++) {
		put_text(out, rule->say[i].title);
		put_text(out, rule->say[i].means);
		put_list(out, rule->say[i].steps);
	}
}

void
mc_rules_pack(const struct mc_rules *rules, struct mc_buf *out)
{
	put_number(out, rules->n);
	for (size_t i = 0; i < rules->n; i++) {
		const struct mc_rule *r = &rules->rule[i];

		put_text(out, r->id);
		put_text(out, r->source);
		put_number(out, r->sure);
		put_number(out, r->broad);
		put_number(out, r->n_turns);
		for (size_t k = 0; k < r->n_turns; k++)
			put_number(out, r->turn[k]);
		put_list(out, r->signs);
		put_list(out, r->phrases);
		put_list(out, r->codes);
		put_list(out, r->answers);
		put_list(out, r->slugs);
		put_list(out, r->links);
		put_advice(out, rules, i);
	}
	for (size_t i = 0; i < MC_WORD_COUNT; i++)
		for (size_t k = 0; k < MC_SPEECHES; k++)
			put_text(out, rules->word[i][k]);
}

/* What is being unpacked; too short a pack sets `bad`. */
struct unpacking {
	struct mc_arena *arena;
	const unsigned char *bytes;
	size_t n;
	size_t at;
	bool bad;
};

static size_t
get_number(struct unpacking *u)
{
	size_t number = 0;

	if (u->n - u->at < 4) {
		u->bad = true;
		return 0;
	}
	for (unsigned i = 0; i < 4; i++)
		number |= (size_t)u->bytes[u->at++] << (8 * i);
	return number;
}

static const char *
get_text(struct unpacking *u)
{
	const char *text = (const char *)u->bytes + u->at;
	const char *end = memchr(text, '\0', u->n - u->at);

	if (end == NULL) {
		u->bad = true;
		return "";
	}
	u->at += (size_t)(end - text) + 1;
	return text;
}

static const char *const *
get_list(struct unpacking *u)
{
	static const char *const none[] = {NULL};
	size_t n = get_number(u);
	const char **list;

	/* each text has a byte at least */
	if (n > u->n - u->at)
		u->bad = true;
	if (n == 0 || u->bad)
		return none;
	list = mc_arena_alloc(u->arena, (n + 1) * sizeof(*list));
	if (list == NULL)
		return none;
	for (size_t i = 0; i < n; i++)
		list[i] = get_text(u);
	return list;
}

static void
get_advice(struct unpacking *u, struct mc_rule *rules, size_t at)
{
	size_t same = get_number(u);

	if ((same & SAME) != 0 && (same & ~SAME) < at) {
		const struct mc_rule *other = &rules[same & ~SAME];

		memcpy(rules[at].say, other->say, sizeof(other->say));
		return;
	}
	for (size_t i = 0; i < MC_SPEECHES; i++) {
		rules[at].say[i].title = get_text(u);
		rules[at].say[i].means = get_text(u);
		rules[at].say[i].steps = get_list(u);
	}
}

static void
get_rule(struct unpacking *u, struct mc_rule *rules, size_t at)
{
	struct mc_rule *r = &rules[at];
	size_t sure, turn;

	r->id = get_text(u);
	r->source = get_text(u);
	if (*r->source == '\0')
		r->source = NULL;
	sure = get_number(u);
	r->broad = get_number(u) == 1;
	r->n_turns = get_number(u);
	if (sure >= MC_SURES || r->n_turns > MC_TURNS) {
		u->bad = true;
		return;
	}
	r->sure = (enum mc_sure)sure;
	for (size_t i = 0; i < r->n_turns; i++) {
		turn = get_number(u);
		u->bad = u->bad || turn >= MC_TURNS;
		r->turn[i] = (enum mc_turn)(turn % MC_TURNS);
	}
	r->signs = get_list(u);
	r->phrases = get_list(u);
	r->codes = get_list(u);
	r->answers = get_list(u);
	r->slugs = get_list(u);
	r->links = get_list(u);
	get_advice(u, rules, at);
}

bool
mc_rules_unpack(struct mc_arena *arena, const struct mc_packed *packed,
	struct mc_rules *out)
{
	struct unpacking u = {
		.arena = arena, .bytes = packed->bytes, .n = packed->n};
	struct mc_rule *rules;
	size_t n = get_number(&u);

	*out = (struct mc_rules){.n = 0};
	if (u.bad || n > packed->n)
		return false;
	rules = mc_arena_alloc(arena, (n + 1) * sizeof(*rules));
	if (rules == NULL)
		return false;
	for (size_t i = 0; i < n && !u.bad && !arena->failed; i++)
		get_rule(&u, rules, i);
	for (size_t i = 0; i < MC_WORD_COUNT; i++)
		for (size_t k = 0; k < MC_SPEECHES; k++)
			out->word[i][k] = get_text(&u);
	out->rule = rules;
	out->n = n;
	return !u.bad && !arena->failed;
}
