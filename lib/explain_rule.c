/* SPDX-License-Identifier: ISC */
#include "explain_rule.h"

#include <string.h>

#include "explain_hear.h"

static const char *const none[] = {NULL};

/* Whether the text is made of `good`; else refused. */
static bool
is_made_of(struct mc_taking *w, const struct mc_node *node, const char *text,
	const char *good, const char *what)
{
	if (text[strspn(text, good)] == '\0')
		return true;
	mc_take_refuse(w, &node->pos, "\"%s\": %s", text, what);
	return false;
}

const char *
mc_rule_take_name(struct mc_taking *w, const struct mc_node *node)
{
	const char *text = mc_take_text(w, node, MC_TAKE_WORD);

	if (text == NULL ||
		!is_made_of(w, node, text,
			"abcdefghijklmnopqrstuvwxyz0123456789.-",
			"a name is made of a-z, 0-9, '.' and '-'"))
		return NULL;
	return text;
}

/* A list, or one text in its place; `fn` makes an entry, NULL: refused. */
static const char *const *
take_list(struct mc_taking *w, const struct mc_node *node,
	const char *(*fn)(struct mc_taking *, const struct mc_node *))
{
	const struct mc_node *c = node;
	const char **list;
	size_t n = 0;

	if (node->kind == MC_NODE_MAP) {
		(void)mc_take_is(w, node, MC_NODE_LIST);
		return none;
	}
	list = mc_arena_alloc(w->arena, (node->count + 2) * sizeof(*list));
	if (list == NULL)
		return none;
	if (node->kind == MC_NODE_LIST)
		c = node->first;
	for (; c != NULL; c = node->kind == MC_NODE_LIST ? c->next : NULL) {
		const char *text = fn(w, c);

		if (text != NULL)
			list[n++] = text;
	}
	return list;
}

static const char *
words_of(struct mc_taking *w, const struct mc_node *node)
{
	const char *text = mc_take_text(w, node, MC_TAKE_TEXT);
	const char *phrase = text == NULL
		? NULL
		: mc_hear_phrase(w->arena, text, node->len);

	if (text != NULL && phrase == NULL)
		mc_take_refuse(w, &node->pos, "no word is in it");
	return phrase;
}

/* A phrase, or several that must all be there. */
static const char *
phrase_of(struct mc_taking *w, const struct mc_node *node)
{
	const char *all = NULL;

	if (node->kind != MC_NODE_LIST)
		return words_of(w, node);
	for (const struct mc_node *c = node->first; c != NULL; c = c->next) {
		const char *phrase = words_of(w, c);

		if (phrase == NULL)
			return NULL;
		all = all == NULL ? phrase
				  : mc_hear_both(w->arena, all, phrase);
	}
	if (all == NULL)
		mc_take_refuse(w, &node->pos, "no word is in it");
	return all;
}

/* "5.7.26", "x.2.2", "5.7.501-503", "535". */
static bool
is_code(const char *s)
{
	size_t n = strspn(s, "0123456789");

	if (n == 3 && s[3] == '\0')
		return *s == '4' || *s == '5';
	if ((*s != 'x' && *s != '4' && *s != '5') || s[1] != '.' ||
		s[2] < '0' || s[2] > '7' || s[3] != '.')
		return false;
	s += 4;
	n = strspn(s, "0123456789");
	if (n < 1 || n > 3)
		return false;
	s += n;
	if (*s == '\0')
		return true;
	n = strspn(s + 1, "0123456789");
	return *s == '-' && n >= 1 && n <= 3 && s[1 + n] == '\0';
}

static const char *
code_of(struct mc_taking *w, const struct mc_node *node)
{
	const char *text = mc_take_text(w, node, MC_TAKE_WORD);

	if (text == NULL || is_code(text))
		return text;
	mc_take_refuse(w, &node->pos,
		"\"%s\": a code is 5.1.1, x.1.1, 5.7.501-503 or 535", text);
	return NULL;
}

static const char *
answer_of(struct mc_taking *w, const struct mc_node *node)
{
	const char *text = mc_take_text(w, node, MC_ANSWER - 1);

	if (text == NULL ||
		!is_made_of(w, node, text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ/-_",
			"an answer is written in capitals"))
		return NULL;
	return text;
}

const char *const *
mc_rule_take_phrases(struct mc_taking *w, const struct mc_node *node)
{
	return take_list(w, node, phrase_of);
}

static void
take_id(struct mc_taking *w, const struct mc_node *node, void *out)
{
	struct mc_rule_draft *d = out;
	const char *text = mc_rule_take_name(w, node);

	d->pos = node->pos;
	if (text != NULL)
		d->rule.id = mc_arena_printf(w->arena, "%s/%s", d->file, text);
}

static void
take_when(struct mc_taking *w, const struct mc_node *node, void *out)
{
	((struct mc_rule_draft *)out)->rule.phrases = mc_rule_take_phrases(
		w, node);
}

static void
take_codes(struct mc_taking *w, const struct mc_node *node, void *out)
{
	((struct mc_rule_draft *)out)->rule.codes = take_list(w, node, code_of);
}

static void
take_answers(struct mc_taking *w, const struct mc_node *node, void *out)
{
	((struct mc_rule_draft *)out)->rule.answers = take_list(
		w, node, answer_of);
}

static void
take_slugs(struct mc_taking *w, const struct mc_node *node, void *out)
{
	((struct mc_rule_draft *)out)->rule.slugs = take_list(
		w, node, mc_rule_take_name);
}

static void
take_links(struct mc_taking *w, const struct mc_node *node, void *out)
{
	((struct mc_rule_draft *)out)->rule.links = take_list(
		w, node, mc_take_page);
}

static void
take_turn_word(struct mc_taking *w, const struct mc_node *node,
	struct mc_rule_draft *d)
{
	const char *const words[] = {mc_turn_words[0], mc_turn_words[1],
		mc_turn_words[2], mc_turn_words[3], NULL};
	int turn = mc_take_word(
		w, node, words, "you, administrator, recipient or provider");

	if (turn >= 0 && d->rule.n_turns < MC_TURNS)
		d->rule.turn[d->rule.n_turns++] = (enum mc_turn)turn;
}

static void
take_turn(struct mc_taking *w, const struct mc_node *node, void *out)
{
	if (node->kind != MC_NODE_LIST) {
		take_turn_word(w, node, out);
		return;
	}
	for (const struct mc_node *c = node->first; c != NULL; c = c->next)
		take_turn_word(w, c, out);
}

static void
take_sure(struct mc_taking *w, const struct mc_node *node, void *out)
{
	struct mc_rule_draft *d = out;
	const char *const words[] = {
		mc_sure_words[0], mc_sure_words[1], mc_sure_words[2], NULL};
	int sure = mc_take_word(w, node, words, "low, medium or high");

	if (sure >= 0)
		d->rule.sure = (enum mc_sure)sure;
	d->sure_given = true;
}

static void
take_broad(struct mc_taking *w, const struct mc_node *node, void *out)
{
	static const char *const words[] = {"false", "true", NULL};

	((struct mc_rule_draft *)out)->rule.broad = mc_take_word(w, node, words,
							    "true or false") ==
		1;
}

static void
take_like(struct mc_taking *w, const struct mc_node *node, void *out)
{
	struct mc_rule_draft *d = out;

	d->like = mc_take_text(w, node, MC_TAKE_NAME);
	d->like_pos = node->pos;
}

static void
take_title(struct mc_taking *w, const struct mc_node *node, void *out)
{
	((struct mc_advice *)out)->title = mc_take_text(w, node, MC_TAKE_TEXT);
}

static void
take_means(struct mc_taking *w, const struct mc_node *node, void *out)
{
	((struct mc_advice *)out)->means = mc_take_text(w, node, MC_TAKE_LONG);
}

static const char *
step_of(struct mc_taking *w, const struct mc_node *node)
{
	return mc_take_text(w, node, MC_TAKE_TEXT);
}

static void
take_steps(struct mc_taking *w, const struct mc_node *node, void *out)
{
	((struct mc_advice *)out)->steps = take_list(w, node, step_of);
}

static size_t
count(const char *const *list)
{
	size_t n = 0;

	while (list != NULL && list[n] != NULL)
		n++;
	return n;
}

static void
take_speech(struct mc_taking *w, const struct mc_node *node, void *out)
{
	static const struct mc_taker keys[] = {
		{"title", take_title},
		{"means", take_means},
		{"steps", take_steps},
	};
	struct mc_rule_draft *d = out;
	enum mc_speech speech = mc_speech_of(node->key);
	struct mc_advice *say = &d->rule.say[speech];

	d->said[speech] = true;
	if (!mc_take_map(w, node, keys, 3, say) || w->bad)
		return;
	if (say->title == NULL || say->means == NULL || count(say->steps) == 0)
		mc_take_refuse(w, &node->key_pos,
			"%s: title, means and steps are wanted", node->key);
}

/* What must be there, once all of a rule was read. */
static void
check(struct mc_taking *w, const struct mc_node *node,
	const struct mc_rule_draft *d)
{
	const struct mc_rule *r = &d->rule;
	const char *why = NULL;

	if (r->id == NULL)
		why = "the id is missing";
	else if (!d->sure_given)
		why = "how sure is this? sure is missing";
	else if (r->n_turns == 0)
		why = "whose turn is it? turn is missing";
	else if (count(r->phrases) + count(r->codes) + count(r->answers) +
			count(r->slugs) ==
		0)
		why = "nothing to know it by: when, codes, answers or slugs";
	if (why != NULL)
		mc_take_refuse(w, &node->pos, "%s", why);
	for (size_t i = 0; i < MC_SPEECHES && !w->bad; i++) {
		if (d->said[i] && d->like != NULL)
			mc_take_refuse(w, &d->like_pos,
				"like takes the place of its own texts");
		else if (!d->said[i] && d->like == NULL)
			mc_take_refuse(w, &node->pos,
				"the language %s is missing",
				mc_speech_tags[i]);
		else if (d->like == NULL &&
			count(r->say[i].steps) != count(r->say[0].steps))
			mc_take_refuse(w, &node->pos,
				"%s has other steps than en",
				mc_speech_tags[i]);
	}
}

void
mc_rule_take(struct mc_taking *w, const struct mc_node *node,
	struct mc_rule_draft *d)
{
	static const struct mc_taker keys[] = {
		{"id", take_id},
		{"when", take_when},
		{"codes", take_codes},
		{"answers", take_answers},
		{"slugs", take_slugs},
		{"turn", take_turn},
		{"sure", take_sure},
		{"broad", take_broad},
		{"links", take_links},
		{"like", take_like},
		{"en", take_speech},
		{"sv", take_speech},
		{"ru", take_speech},
		{"de", take_speech},
	};
	bool bad = w->bad; /* of the file so far */

	d->rule = (struct mc_rule){.signs = none,
		.phrases = none,
		.codes = none,
		.answers = none,
		.slugs = none,
		.links = none};
	w->bad = false;
	if (mc_take_map(w, node, keys, sizeof(keys) / sizeof(keys[0]), d) &&
		!w->bad)
		check(w, node, d);
	w->bad = w->bad || bad;
}
