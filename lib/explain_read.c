/* SPDX-License-Identifier: ISC */
/* Rules of errors from the YAML files that people edit. */
#include <string.h>

#include "explain_rule.h"
#include "folder.h"

/* What is read from a folder. */
struct reading {
	struct mc_taking w;
	struct mc_report *report; /* where it is said in the end */
	struct mc_report relay;
	struct mc_rule_draft *drafts;
	size_t n;
	size_t room;
	struct mc_rules *out; /* its words */
	/* of the file at hand */
	const char *file_id;
	const char *name;
	const char *const *signs;
	size_t first;
};

static const char *const none[] = {NULL};

/* What the readers of presets say, said of rules. */
static void
relay(void *context, const struct mailcfg_diag *diag)
{
	struct reading *r = context;

	mc_say(r->report, MC_MSG_BAD_RULE, &diag->pos, NULL, NULL, "%s",
		diag->detail);
}

static struct mc_rule_draft *
add_draft(struct reading *r)
{
	if (r->n == r->room) {
		size_t room = r->room == 0 ? 64 : 2 * r->room;
		struct mc_rule_draft *list = mc_arena_alloc(
			r->w.arena, room * sizeof(*list));

		if (list == NULL)
			return NULL;
		for (size_t i = 0; i < r->n; i++)
			list[i] = r->drafts[i];
		r->drafts = list;
		r->room = room;
	}
	r->drafts[r->n] = (struct mc_rule_draft){.file = r->file_id};
	return &r->drafts[r->n++];
}

static void
take_rules(struct mc_taking *w, const struct mc_node *node, void *out)
{
	struct reading *r = out;

	if (!mc_take_is(w, node, MC_NODE_LIST))
		return;
	for (const struct mc_node *c = node->first;
		c != NULL && !w->arena->failed; c = c->next) {
		struct mc_rule_draft *d = add_draft(r);

		if (d != NULL)
			mc_rule_take(w, c, d);
	}
}

static void
take_file_id(struct mc_taking *w, const struct mc_node *node, void *out)
{
	const char *text = mc_rule_take_name(w, node);

	if (text != NULL)
		((struct reading *)out)->file_id = text;
}

static void
take_file_name(struct mc_taking *w, const struct mc_node *node, void *out)
{
	((struct reading *)out)->name = mc_take_text(w, node, MC_TAKE_TEXT);
}

static void
take_signs(struct mc_taking *w, const struct mc_node *node, void *out)
{
	((struct reading *)out)->signs = mc_rule_take_phrases(w, node);
}

/* A word in each language. */
static void
take_word(struct mc_taking *w, const struct mc_node *node, const char **out)
{
	if (!mc_take_is(w, node, MC_NODE_MAP))
		return;
	for (const struct mc_node *c = node->first; c != NULL; c = c->next) {
		enum mc_speech speech = mc_speech_of(c->key);

		if (strcmp(c->key, mc_speech_tags[speech]) != 0)
			mc_take_refuse(w, &c->key_pos,
				"\"%s\": write en, sv, ru or de", c->key);
		else
			out[speech] = mc_take_text(w, c, MC_TAKE_LONG);
	}
	for (size_t i = 0; i < MC_SPEECHES && !w->bad; i++)
		if (out[i] == NULL)
			mc_take_refuse(w, &node->key_pos,
				"the language %s is missing",
				mc_speech_tags[i]);
}

static void
take_words(struct mc_taking *w, const struct mc_node *node, void *out)
{
	struct reading *r = out;

	if (!mc_take_is(w, node, MC_NODE_MAP))
		return;
	for (const struct mc_node *c = node->first; c != NULL; c = c->next) {
		size_t i = 0;

		while (i < MC_WORD_COUNT &&
			strcmp(mc_word_names[i], c->key) != 0)
			i++;
		if (i < MC_WORD_COUNT)
			take_word(w, c, r->out->word[i]);
		else
			mc_take_refuse(
				w, &c->key_pos, "unknown word \"%s\"", c->key);
	}
}

/* A mc_folder_fn. */
static bool
take_file(void *context, const char *path, const char *text, size_t n)
{
	static const struct mc_taker keys[] = {
		{"id", take_file_id},
		{"name", take_file_name},
		{"signs", take_signs},
		{"rules", take_rules},
		{"words", take_words},
	};
	struct reading *r = context;
	struct mc_taking *w = &r->w;
	struct mc_node *root = mc_tree_read(
		w->arena, MC_MSG_BAD_RULE, path, text, n, w->report);

	if (root == NULL)
		return false;
	w->bad = false;
	r->file_id = NULL;
	r->name = NULL;
	r->signs = none;
	r->first = r->n;
	/* names of rules are made with the file's, which therefore is first */
	if (root->kind == MC_NODE_MAP &&
		(root->first == NULL || strcmp(root->first->key, "id") != 0)) {
		mc_take_refuse(w, &root->pos, "the file begins with its id");
		return false;
	}
	if (!mc_take_map(w, root, keys, 5, r))
		return false;
	for (size_t i = r->first; i < r->n; i++) {
		r->drafts[i].rule.source = r->name;
		r->drafts[i].rule.signs = r->signs;
	}
	return !w->bad;
}

static const struct mc_rule *
find(const struct mc_rule *rules, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rules[i].id, id) == 0)
			return &rules[i];
	return NULL;
}

/* Lends a rule the advice of another.  false: refused. */
static bool
lend(struct reading *r, struct mc_rule_draft *d, const struct mc_rules *base)
{
	const struct mc_rule *other = NULL;

	for (size_t i = 0; i < r->n && other == NULL; i++)
		if (r->drafts[i].like == NULL &&
			strcmp(r->drafts[i].rule.id, d->like) == 0)
			other = &r->drafts[i].rule;
	if (other == NULL && base != NULL)
		other = find(base->rule, base->n, d->like);
	if (other == NULL) {
		mc_take_refuse(&r->w, &d->like_pos,
			"no rule with texts of its own is called \"%s\"",
			d->like);
		return false;
	}
	memcpy(d->rule.say, other->say, sizeof(other->say));
	return true;
}

static bool
check_twice(struct reading *r)
{
	bool ok = true;

	for (size_t i = 0; i < r->n; i++) {
		for (size_t k = 0; k < i; k++) {
			if (strcmp(r->drafts[i].rule.id,
				    r->drafts[k].rule.id) != 0)
				continue;
			mc_take_refuse(&r->w, &r->drafts[i].pos,
				"the rule %s is there twice, first in %s:%u",
				r->drafts[i].rule.id, r->drafts[k].pos.file,
				r->drafts[k].pos.line);
			ok = false;
		}
	}
	return ok;
}

/* The new rules, then those of the base that none of them replaces. */
static bool
join(struct reading *r, const struct mc_rules *base, struct mc_rules *out)
{
	size_t more = base == NULL ? 0 : base->n, n = 0;
	struct mc_rule *rules = mc_arena_alloc(
		r->w.arena, (r->n + more + 1) * sizeof(*rules));

	if (rules == NULL)
		return false;
	for (; n < r->n; n++)
		rules[n] = r->drafts[n].rule;
	for (size_t i = 0; i < more; i++)
		if (find(rules, r->n, base->rule[i].id) == NULL)
			rules[n++] = base->rule[i];
	for (size_t i = 0; i < MC_WORD_COUNT && base != NULL; i++)
		for (size_t k = 0; k < MC_SPEECHES; k++)
			if (out->word[i][k] == NULL)
				out->word[i][k] = base->word[i][k];
	out->rule = rules;
	out->n = n;
	return true;
}

bool
mc_rules_read_dir(struct mc_arena *arena, const char *dir,
	const struct mc_rules *base, struct mc_rules *out,
	struct mc_report *report)
{
	struct reading r = {.report = report, .out = out};
	bool ok;

	*out = (struct mc_rules){.n = 0};
	r.relay = (struct mc_report){.fn = relay, .context = &r};
	r.w = (struct mc_taking){.arena = arena, .report = &r.relay};
	ok = mc_folder_read(
		arena, dir, MC_MSG_BAD_RULE, take_file, &r, NULL, report);
	if (!ok || arena->failed)
		return false;
	ok = check_twice(&r);
	for (size_t i = 0; i < r.n; i++)
		if (r.drafts[i].like != NULL)
			ok = lend(&r, &r.drafts[i], base) && ok;
	return ok && join(&r, base, out) && !arena->failed;
}
