/* SPDX-License-Identifier: ISC */
/* Names that stand for several values, or for texts and markup. */
#include <string.h>

#include "handout.h"

/* Names with several values, and of another kind. */

static void
put_links(
	struct mc_handout *h, const char *kind, struct mc_template_value *value)
{
	bool all = h->now[MC_HANDOUT_PROVIDER] == NULL;

	value->n = 0;
	value->texts = h->texts;
	for (size_t i = 0; i < (all ? h->n : 1); i++) {
		const struct mailcfg_provider *p = mc_handout_provider_at(
			h, h->accounts[i]);

		for (size_t k = 0; p != NULL && k < p->n_links; k++) {
			bool twice = false;

			if (strcmp(p->links[k].kind, kind) != 0 ||
				value->n == MC_HANDOUT_CODES)
				continue;
			for (size_t j = 0; j < value->n; j++)
				twice = twice || h->texts[j] == p->links[k].url;
			if (!twice)
				h->texts[value->n++] = p->links[k].url;
		}
	}
}

static void
put_aliases(struct mc_handout *h, struct mc_template_value *value)
{
	const struct mailcfg_account *a = mc_handout_account(h);

	value->texts = a->aliases;
	value->n = a->n_aliases;
}

static void
put_svg(struct mc_handout *h, struct mc_template_value *value)
{
	const struct mc_handout_code *code = h->now[MC_HANDOUT_CODE];

	value->kind = MC_TEMPLATE_MARKUP;
	value->n = code != NULL;
	h->texts[0] = code == NULL ? NULL : code->svg;
}

/* A text of the language, by a key that is put together. */
static void
put_text(struct mc_handout *h, const char *before, const char *word,
	const char *after, struct mc_template_value *value)
{
	char *key = mc_arena_printf(h->arena, "%s-%s%s", before, word, after);
	const char *text;

	if (key == NULL)
		return;
	for (char *c = key; *c != '\0'; c++)
		if (*c == ' ' || *c == '.')
			*c = '-';
		else if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	text = mc_voice_text(&h->voice, key, strlen(key));
	h->texts[0] = text == NULL ? word : text;
	value->n = 1;
	if (text != NULL)
		value->kind = MC_TEMPLATE_PART;
}

static void
put_file_title(struct mc_handout *h, struct mc_template_value *value)
{
	const struct mc_made *file = h->now[MC_HANDOUT_FILE];

	if (file != NULL)
		put_text(h, "role", file->doc->role, "", value);
}

/* Whose it is. */
static void
put_file_accounts(struct mc_handout *h, struct mc_template_value *value)
{
	const struct mc_made *file = h->now[MC_HANDOUT_FILE];

	value->texts = h->texts;
	for (; file != NULL && value->n < file->n &&
		value->n < MC_HANDOUT_CODES;
		value->n++)
		h->texts[value->n] = file->accounts[value->n]->mailbox_display;
}

/* What the rule of the turn says in the language; NULL: texts tell. */
static const struct mc_advice *
advice_of(const struct mc_handout *h)
{
	const struct mc_trouble *t = h->now[MC_HANDOUT_TROUBLE];
	const struct mc_rule *rule = t == NULL
		? NULL
		: mc_trouble_rule(h->options->rules, t);

	return rule == NULL
		? NULL
		: &rule->say[mc_speech_of(mc_voice_lang(&h->voice))];
}

static void
put_trouble(
	struct mc_handout *h, const char *what, struct mc_template_value *value)
{
	const struct mc_trouble *t = h->now[MC_HANDOUT_TROUBLE];

	if (t != NULL && t->id != NULL)
		put_text(h, "error", t->id, what, value);
}

static void
put_words(struct mc_handout *h, struct mc_template_value *value)
{
	const struct mc_trouble *t = h->now[MC_HANDOUT_TROUBLE];

	if (t == NULL || t->words == NULL) {
		put_trouble(h, "-words", value);
		return;
	}
	h->texts[0] = t->words;
	value->n = 1;
}

static void
put_cause(struct mc_handout *h, struct mc_template_value *value)
{
	const struct mc_advice *advice = advice_of(h);

	if (advice == NULL) {
		put_trouble(h, "-cause", value);
		return;
	}
	h->texts[0] = advice->means;
	value->n = 1;
}

static void
put_steps(struct mc_handout *h, struct mc_template_value *value)
{
	const struct mc_advice *advice = advice_of(h);

	if (advice == NULL) {
		put_trouble(h, "-cure", value);
		return;
	}
	value->texts = advice->steps;
	while (advice->steps[value->n] != NULL)
		value->n++;
}

enum special {
	SPECIAL_ALIASES = 0,
	SPECIAL_SVG,
	SPECIAL_CAUSE,
	SPECIAL_STEP,
	SPECIAL_WORDS,
	SPECIAL_WHOSE,
	SPECIAL_TITLE,
	SPECIAL_ENABLE,
	SPECIAL_HELP,
	SPECIAL_WEBSITE,
	SPECIALS
};
static const char *const specials[SPECIALS] = {"aliases", "code-svg",
	"error-cause", "error-step", "error-words", "file-accounts",
	"file-title", "provider-enable", "provider-help", "website"};

static void
put_special(struct mc_handout *h, enum special special,
	struct mc_template_value *value)
{
	*value = (struct mc_template_value){h->texts, 0, MC_TEMPLATE_VALUE};
	switch (special) {
	case SPECIAL_ALIASES: put_aliases(h, value); break;
	case SPECIAL_SVG: put_svg(h, value); break;
	case SPECIAL_CAUSE: put_cause(h, value); break;
	case SPECIAL_STEP: put_steps(h, value); break;
	case SPECIAL_WORDS: put_words(h, value); break;
	case SPECIAL_WHOSE: put_file_accounts(h, value); break;
	case SPECIAL_TITLE: put_file_title(h, value); break;
	case SPECIAL_ENABLE: put_links(h, "enable", value); break;
	case SPECIAL_HELP: put_links(h, "documentation", value); break;
	case SPECIAL_WEBSITE: put_links(h, "website", value); break;
	case SPECIALS: break;
	}
}

static bool
same(const char *name, size_t n, const char *known)
{
	return strlen(known) == n && memcmp(known, name, n) == 0;
}

static size_t
special_of(const char *name, size_t n)
{
	size_t i = 0;

	while (i < SPECIALS && !same(name, n, specials[i]))
		i++;
	return i;
}

bool
mc_handout_is_several(const char *name, size_t n)
{
	return special_of(name, n) != SPECIALS;
}

bool
mc_handout_several(struct mc_handout *h, const char *name, size_t n,
	struct mc_template_value *value)
{
	size_t special = special_of(name, n);

	if (special == SPECIALS)
		return false;
	put_special(h, (enum special)special, value);
	return true;
}
