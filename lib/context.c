/* SPDX-License-Identifier: ISC */
/* The public face: see libmailcfg(3). */
#include "context.h"

#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "emit/emit.h"
#include "name.h"

struct mailcfg_draft {
	struct mailcfg *context;
	struct mc_arena arena;
	struct mc_draft draft;
};

const char *
mailcfg_version(void)
{
	return MAILCFG_VERSION;
}

struct mailcfg *
mailcfg_new(mailcfg_report_fn *report, void *context)
{
	struct mailcfg *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->report.fn = report;
	m->report.context = context;
	m->presets.table[0] = &mc_builtin_presets;
	m->presets.n = 1;
	return m;
}

void
mailcfg_free(struct mailcfg *m)
{
	if (m == NULL)
		return;
	mc_arena_free(&m->arena);
	mc_wipe(&m->link, sizeof(m->link));
	free(m);
}

bool
mailcfg_profile_url(
	struct mailcfg *m, const char *pattern, const void *key, size_t n)
{
	const struct mailcfg_pos pos = {"profile URL", 0, 0};
	const char *why = mc_link_fault(pattern);

	if (why == NULL && mc_link_has_token(pattern) && n == 0)
		why = "{token} wants a key";
	if (why != NULL) {
		mc_say(&m->report, MC_MSG_BAD_URL, &pos, NULL, NULL, "%s", why);
		return false;
	}
	if (n > 0 && n < MC_LINK_SECRET) {
		mc_say(&m->report, MC_MSG_WEAK_KEY, &pos, NULL, NULL,
			"it has %zu bytes, and %d are wanted", n,
			(int)MC_LINK_SECRET);
		return false;
	}
	pattern = mc_arena_strdup(&m->arena, pattern);
	if (pattern == NULL) {
		mc_say(&m->report, MC_MSG_NO_MEMORY, NULL, NULL, NULL,
			"the profile URL");
		return false;
	}
	mc_hmac_key(&m->link.key, key, n);
	m->link.pattern = pattern;
	return true;
}

bool
mailcfg_add_presets(struct mailcfg *m, const char *dir)
{
	const size_t most = sizeof(m->site) / sizeof(m->site[0]);
	size_t n = m->presets.n;
	bool ok, found = false;

	if (n > most) {
		mc_say(&m->report, MC_MSG_TOO_BIG, NULL, NULL, NULL,
			"at most %zu folders of presets are read", most);
		return false;
	}
	ok = mc_preset_read_dir(
		&m->arena, dir, &m->site[n - 1], &found, &m->report);
	if (m->arena.failed) {
		mc_say(&m->report, MC_MSG_NO_MEMORY, NULL, NULL, NULL,
			"presets of %s", dir);
		return false;
	}
	if (!found)
		return ok;
	/* before the built-in ones, after those that were added earlier */
	m->presets.table[n] = m->presets.table[n - 1];
	m->presets.table[n - 1] = &m->site[n - 1];
	m->presets.n = n + 1;
	return ok;
}

struct mailcfg_draft *
mailcfg_draft_new(struct mailcfg *m)
{
	struct mailcfg_draft *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->context = m;
	d->draft.arena = &d->arena;
	d->draft.pos.file = "draft";
	return d;
}

bool
mailcfg_draft_set(struct mailcfg_draft *d, const char *field, const char *text)
{
	const struct mailcfg_pos pos = {.file = "draft"};
	int id = mc_field_find(field);

	if (id < 0) {
		const struct mc_field *near = mc_field_nearest(field);

		mc_say(&d->context->report, MC_MSG_UNKNOWN_FIELD, &pos, NULL,
			NULL, "\"%s\"%s%s%s", field,
			near == NULL ? "" : ": did you mean ",
			near == NULL ? "" : near->name,
			near == NULL ? "" : "?");
		return false;
	}
	return mc_draft_set(&d->draft, (size_t)id, text, strlen(text),
		MC_TYPE_STRING, &pos, false, &d->context->report);
}

const struct mailcfg_account *
mailcfg_draft_complete(struct mailcfg_draft *d)
{
	struct mc_layers layers = {.draft[MC_LAYER_RECORD] = &d->draft};
	struct mc_account *account = mc_complete(
		&d->context->presets, &layers, &d->arena, &d->context->report);

	if (d->arena.failed)
		mc_say(&d->context->report, MC_MSG_NO_MEMORY, NULL, NULL, NULL,
			"completing an account");
	return account == NULL || d->arena.failed ? NULL : &account->a;
}

void
mailcfg_draft_free(struct mailcfg_draft *d)
{
	if (d == NULL)
		return;
	mc_arena_free(&d->arena);
	free(d);
}

void
mailcfg_documents_free(struct mailcfg_document *docs, size_t n)
{
	for (size_t i = 0; docs != NULL && i < n; i++) {
		if (docs[i].bytes != NULL)
			mc_wipe(docs[i].bytes, docs[i].size);
		free(docs[i].bytes);
		free(docs[i].name);
	}
	free(docs);
}

static const char *
document_name(struct mc_arena *arena, const struct mc_target *target,
	const struct mc_doc *doc, const struct mailcfg_account *account,
	const struct mc_options *options)
{
	switch (mc_target_scope(target, account, options)) {
	case MC_SCOPE_ACCOUNT:
		return mc_document_name(
			arena, doc, account->identity, account, options);
	case MC_SCOPE_DOMAIN:
		return mc_document_name(
			arena, doc, account->domain, account, options);
	case MC_SCOPE_RUN: return doc->suffix;
	}
	return NULL;
}

/* Hands the bytes over; the buffer is empty afterwards. */
static bool
hand_over(struct mc_emit *e, struct mailcfg_document *docs, size_t n,
	const struct mailcfg_account *account)
{
	for (size_t i = 0; i < n; i++) {
		const struct mc_doc *doc = &e->target->docs[mc_target_row(
			e->target, i, account, e->options)];
		const char *name = document_name(
			e->arena, e->target, doc, account, e->options);
		struct mc_buf copy = {0};

		if (name != NULL)
			mc_buf_puts(&copy, name);
		docs[i].name = copy.data;
		docs[i].type = doc->type;
		docs[i].secret = doc->secret && e->options->embed_password;
		docs[i].bytes = e->out[i].data;
		docs[i].size = e->out[i].len;
		e->out[i] = (struct mc_buf){0};
		if (docs[i].name == NULL)
			return false;
	}
	return true;
}

/* What the target may be handed of the accounts; NULL: reported. */
static const struct mailcfg_account **
admit(struct mailcfg *m, struct mc_arena *arena, const struct mc_target *target,
	const struct mc_options *options,
	const struct mailcfg_account *const *accounts, size_t n)
{
	const struct mailcfg_account **list;
	unsigned long long shape;
	size_t k;

	if (n == 0 ||
		(n > 1 && (target->can & MC_CAN_SEVERAL) == 0 &&
			mc_target_scope(target, accounts[0], options) !=
				MC_SCOPE_RUN)) {
		mc_say(&m->report, MC_MSG_TOO_MANY, NULL, NULL, target->name,
			"%s: %zu accounts", target->name, n);
		return NULL;
	}
	list = mc_arena_alloc(arena, n * sizeof(void *));
	for (size_t i = 0; list != NULL && i < n; i++) {
		list[i] = mc_target_admit(target, accounts[i], options, false,
			arena, &m->report, &shape);
		if (list[i] == NULL)
			return NULL;
	}
	k = list == NULL ? 0 : mc_target_fit(target, arena, list, n, options);
	if (k == 0)
		arena->failed = true;
	else if (k < n)
		mc_say(&m->report, MC_MSG_TOO_MANY, NULL, NULL, target->name,
			"%s: %zu accounts", target->name, n);
	return k < n ? NULL : list;
}

bool
mailcfg_emit(struct mailcfg *m, const char *name,
	const struct mailcfg_account *const *accounts, size_t n, unsigned flags,
	struct mailcfg_document **docs, size_t *n_docs)
{
	struct mc_rules rules;
	struct mc_options options = {
		.embed_password = (flags & MAILCFG_EMBED_PASSWORD) != 0,
		.link = m->link.pattern == NULL ? NULL : &m->link};
	const struct mc_target *target = mc_target_find(name);
	const struct mailcfg_account **list;
	struct mc_buf out[MC_DOCS_MAX] = {{0}};
	struct mc_arena arena = {0};
	struct mc_emit e = {.target = target,
		.options = &options,
		.out = out,
		.arena = &arena};
	bool ok = false;

	*docs = NULL;
	*n_docs = 0;
	if (target == NULL) {
		mc_say(&m->report, MC_MSG_UNKNOWN_TARGET, NULL, NULL, NULL,
			"\"%s\"", name);
		return false;
	}
	if ((target->can & MC_EXPLAINS) != 0 &&
		mc_rules_unpack(&arena, &mc_builtin_errors, &rules))
		options.rules = &rules;
	list = admit(m, &arena, target, &options, accounts, n);
	if (list != NULL) {
		*docs = calloc(MC_DOCS_MAX, sizeof(**docs));
		*n_docs = mc_target_docs(target);
		ok = *docs != NULL && mc_emit_accounts(&e, list, n) &&
			hand_over(&e, *docs, *n_docs, list[0]);
	}
	if (!ok) {
		if (list != NULL || arena.failed)
			mc_say(&m->report, MC_MSG_NO_MEMORY, NULL, NULL, name,
				"%s", name);
		mailcfg_documents_free(*docs, *n_docs);
		*docs = NULL;
		*n_docs = 0;
	}
	for (size_t i = 0; i < MC_DOCS_MAX; i++)
		mc_buf_free(&out[i]);
	mc_arena_free(&arena);
	return ok;
}
