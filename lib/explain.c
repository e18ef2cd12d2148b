/* SPDX-License-Identifier: ISC */
#include "explain.h"

#include <stdint.h>
#include <string.h>

#include "explain_hear.h"
#include "text.h"

const char *const mc_speech_tags[MC_SPEECHES] = {"en", "sv", "ru", "de"};
const char *const mc_turn_words[MC_TURNS] = {
	"you", "administrator", "recipient", "provider"};
const char *const mc_sure_words[MC_SURES] = {"low", "medium", "high"};
const char *const mc_word_names[MC_WORD_COUNT] = {
#define MC_WORD_NAME(id, name) [MC_WORD_##id] = (name),
	MC_WORDS(MC_WORD_NAME)
#undef MC_WORD_NAME
};

/*
 * What each thing that was recognised weighs.  Words outweigh a code, because
 * servers choose codes carelessly; two that agree outweigh either.
 */
enum {
	WEIGHT_SLUG = 1000,
	WEIGHT_WORDS = 20, /* of any phrase */
	WEIGHT_WORD = 8,   /* of each of its words */
	WEIGHT_BROAD = 12, /* the same of a broad rule */
	WEIGHT_BROAD_WORD = 4,
	WORDS_MOST = 8,
	WORDS_FEW = 4,    /* fewer are anybody's words */
	WEIGHT_CODE = 25, /* of a code alone */
	WEIGHT_ANSWER = 24,
	WEIGHT_CLASSLESS = 24, /* "x.2.2" */
	WEIGHT_REPLY = 12,
	WEIGHT_BOTH = 10,    /* of a code that agrees with the words */
	WEIGHT_SOURCE = 15,  /* it is the source that speaks */
	WEIGHT_STRANGER = 10 /* taken off: nothing shows the source */
};

enum mc_speech
mc_speech_of(const char *tag)
{
	for (int i = 0; tag != NULL && i < MC_SPEECHES; i++)
		if (mc_strncasecmp(tag, mc_speech_tags[i], 2) == 0 &&
			strchr("-_.@", tag[2]) != NULL)
			return (enum mc_speech)i;
	return MC_EN;
}

/* "5.7.26", "x.2.2", "5.7.501-503" or "535" against a code; its weight. */
static unsigned
weigh_code(const char *want, const struct mc_code *have)
{
	bool any = *want == 'x';
	unsigned number = 0, last = 0;

	if (strchr(want, '.') == NULL) {
		for (; *want != '\0'; want++)
			number = number * 10 + (unsigned)(*want - '0');
		return number == have->reply ? WEIGHT_REPLY : 0;
	}
	if (!have->enhanced || have->class == 2 ||
		(!any && *want != (char)('0' + have->class)) ||
		want[2] != (char)('0' + have->subject) || want[3] != '.')
		return 0;
	for (want += 4; *want >= '0' && *want <= '9'; want++)
		number = number * 10 + (unsigned)(*want - '0');
	last = number;
	if (*want == '-')
		for (last = 0, want++; *want >= '0' && *want <= '9'; want++)
			last = last * 10 + (unsigned)(*want - '0');
	if (have->detail < number || have->detail > last)
		return 0;
	return any ? WEIGHT_CLASSLESS : WEIGHT_CODE;
}

static unsigned
weigh_codes(const struct mc_rule *rule, const struct mc_heard *heard)
{
	unsigned best = 0;

	for (size_t i = 0; rule->codes[i] != NULL; i++) {
		for (size_t k = 0; k < heard->n_codes; k++) {
			unsigned w = weigh_code(
				rule->codes[i], &heard->code[k]);

			best = w > best ? w : best;
		}
	}
	for (size_t i = 0; rule->answers[i] != NULL; i++)
		for (size_t k = 0; k < heard->n_answers; k++)
			if (strcmp(rule->answers[i], heard->answer[k]) == 0 &&
				best < WEIGHT_ANSWER)
				best = WEIGHT_ANSWER;
	return best;
}

/* The words of the longest phrase that was heard. */
static unsigned
count_words(const struct mc_rule *rule, const char *words)
{
	unsigned best = 0;

	for (size_t i = 0; rule->phrases[i] != NULL; i++) {
		unsigned n = mc_heard_phrase(words, rule->phrases[i]);

		best = n > best ? n : best;
	}
	return best;
}

static bool
is_source(const struct mc_rule *rule, const char *words, const char *names)
{
	for (size_t i = 0; rule->signs[i] != NULL; i++)
		if (mc_heard_phrase(words, rule->signs[i]) > 0 ||
			mc_heard_phrase(names, rule->signs[i]) > 0)
			return true;
	return false;
}

static unsigned
weigh(const struct mc_rule *rule, unsigned words, unsigned code, bool source)
{
	unsigned score = code, n = words < WORDS_MOST ? words : WORDS_MOST;

	if (words > 0 && rule->broad)
		score = WEIGHT_BROAD + WEIGHT_BROAD_WORD * n;
	else if (words > 0)
		score = WEIGHT_WORDS + WEIGHT_WORD * n;
	if (words > 0 && code > 0)
		score += WEIGHT_BOTH;
	if (source)
		score += WEIGHT_SOURCE;
	else if (rule->source != NULL && score > WEIGHT_STRANGER &&
		(words == 0 || code == 0))
		score -= WEIGHT_STRANGER;
	return score;
}

/* How much the rule says of what was heard; score 0: nothing. */
static struct mc_hit
judge(const struct mc_rule *rule, const struct mc_heard *heard,
	const char *names)
{
	struct mc_hit hit = {.rule = rule, .sure = rule->sure};
	unsigned words = count_words(rule, heard->words);
	unsigned code = weigh_codes(rule, heard);
	bool source = false;

	for (size_t i = 0; rule->slugs[i] != NULL && heard->slug != NULL; i++)
		if (strcmp(rule->slugs[i], heard->slug) == 0)
			hit.by_slug = true;
	if (rule->source != NULL && (words > 0 || code > 0))
		source = is_source(rule, heard->words, names);
	hit.by_words = words > 0;
	hit.by_code = code > 0;
	hit.score = weigh(rule, words, code, source);
	if (hit.by_slug) {
		hit.score += WEIGHT_SLUG;
		return hit;
	}
	if (hit.sure == MC_SURE_HIGH && words < WORDS_FEW && !source &&
		!(hit.by_words && hit.by_code))
		hit.sure = MC_SURE_MEDIUM;
	/* a reply code says little */
	if (!hit.by_words && code <= WEIGHT_REPLY)
		hit.sure = MC_SURE_LOW;
	return hit;
}

/* Puts it among the best; of equals the first rule stays in front. */
static void
rank(struct mc_explained *out, const struct mc_hit *hit)
{
	size_t at = out->n;

	while (at > 0 && out->hit[at - 1].score < hit->score)
		at--;
	if (at == MC_HITS)
		return;
	if (out->n < MC_HITS)
		out->n++;
	for (size_t i = out->n - 1; i > at; i--)
		out->hit[i] = out->hit[i - 1];
	out->hit[at] = *hit;
}

/* Whether two rules give the same advice. */
static bool
is_same(const struct mc_rule *a, const struct mc_rule *b)
{
	return a->say[MC_EN].title == b->say[MC_EN].title;
}

/* Leaves out what is far behind, and advice that was given already. */
static void
prune(struct mc_explained *out)
{
	size_t used = 0;

	for (size_t i = 0; i < out->n; i++) {
		bool far = out->hit[i].score * 2 < out->hit[0].score;

		for (size_t k = 0; k < used; k++)
			far = far ||
				is_same(out->hit[k].rule, out->hit[i].rule);
		if (!far)
			out->hit[used++] = out->hit[i];
	}
	out->n = used;
	/* two that are as likely: neither is sure */
	if (used > 1 && out->hit[1].score == out->hit[0].score)
		for (size_t i = 0; i < 2; i++)
			if (out->hit[i].sure == MC_SURE_HIGH)
				out->hit[i].sure = MC_SURE_MEDIUM;
}

/* The status of a report counts as if it stood in the text. */
static void
add_status(struct mc_heard *heard, const char *status)
{
	struct mc_code code;

	if (status == NULL || heard->n_codes == MC_HEARD_CODES ||
		mc_code_read(status, strlen(status), &code) == 0)
		return;
	for (size_t i = 0; i < heard->n_codes; i++)
		if (heard->code[i].enhanced &&
			heard->code[i].class == code.class &&
			heard->code[i].subject == code.subject &&
			heard->code[i].detail == code.detail)
			return;
	/* "5.0.0" is what a mailer writes that was told no better */
	if (code.subject == 0 && code.detail == 0 && heard->n_codes > 0)
		return;
	heard->code[heard->n_codes++] = code;
}

static void
choose_code(const struct mc_heard *heard, struct mc_explained *out)
{
	for (size_t i = heard->n_codes; i-- > 0;) {
		const struct mc_code *code = &heard->code[i];

		if (out->code.class == 0 || code->class != 2)
			out->code = *code;
	}
	out->success = out->code.class == 2;
}

bool
mc_explain(struct mc_arena *arena, const struct mc_rules *rules,
	const struct mc_said *said, struct mc_explained *out)
{
	size_t n = said->n < MC_SAID_BYTES ? said->n : MC_SAID_BYTES;
	const char *source = said->source == NULL ? "" : said->source;
	struct mc_heard heard, names;

	*out = (struct mc_explained){.n = 0};
	if (!mc_hear(arena, said->text, n, &heard) ||
		!mc_hear(arena, source, strlen(source), &names))
		return false;
	add_status(&heard, said->status);
	choose_code(&heard, out);
	for (size_t i = 0; i < rules->n; i++) {
		struct mc_hit hit = judge(&rules->rule[i], &heard, names.words);

		if (hit.score > 0)
			rank(out, &hit);
	}
	prune(out);
	return true;
}
