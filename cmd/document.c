/* SPDX-License-Identifier: ISC */
/* Documents: which of them, under which names, and their bytes. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"
#include "guard.h"
#include "name.h"

static void
no_memory(struct gen *g)
{
	complain_memory(g->program);
	g->stop = true;
}

/* The folder of the account's documents; NULL: none, or no memory. */
static const char *
folder_of(struct gen *g, const struct mailcfg_account *a)
{
	const char *key = NULL;

	switch (g->o.by) {
	case BY_NOTHING: return NULL;
	case BY_ACCOUNT: key = a->identity; break;
	case BY_PERSON:
		key = a->person == NULL ? a->identity : a->person;
		break;
	case BY_DOMAIN: key = a->domain; break;
	}
	return mc_file_name(&g->work, key, "");
}

static bool
has_password(const struct mailcfg_account *a)
{
	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		if (a->server[i].password != NULL)
			return true;
	return false;
}

static bool
is_secret(const struct gen *g, const struct mc_doc *doc,
	const struct mailcfg_account *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (doc->secret && g->emit.embed_password &&
			has_password(list[i]))
			return true;
	return false;
}

/* Hands the documents in e->out to the sink, named after `key`. */
static void
put(struct gen *g, const struct mc_emit *e, const char *key,
	const struct mailcfg_account *const *list, size_t n)
{
	const struct mc_target *target = e->target;
	const char *folder = folder_of(g, list[0]);

	for (size_t i = 0; i < mc_target_docs(target); i++) {
		const struct mc_doc *kind = &target->docs[i];
		const struct document doc = {
			.folder = folder,
			.name = mc_file_name(&g->work, key, kind->suffix),
			.secret = is_secret(g, kind, list, n),
			.binary = kind->binary,
			.pos = &list[0]->pos,
		};

		if (g->work.failed) {
			no_memory(g);
			return;
		}
		sink_put(&g->sink, &doc, e->out[i].data, e->out[i].len);
		if (g->sink.stopped)
			g->stop = true;
	}
}

/* Counts what is not written for an account that is refused. */
static void
count_refused(struct gen *g, const struct mc_target *target,
	const struct mailcfg_account *a, const char *key)
{
	const char *folder = folder_of(g, a);

	for (size_t i = 0; i < mc_target_docs(target); i++) {
		const struct document doc = {
			.folder = folder,
			.name = mc_file_name(
				&g->work, key, target->docs[i].suffix),
			.pos = &a->pos,
		};

		if (doc.name != NULL)
			sink_refused(&g->sink, &doc);
	}
}

static const struct mailcfg_account *
admit(struct gen *g, const struct choice *choice,
	const struct mailcfg_account *a)
{
	unsigned long errors = g->report->errors;
	const struct mailcfg_account *admitted;
	unsigned long long shape = 0;

	admitted = mc_target_admit(choice->target, a, &g->emit, choice->lenient,
		&g->work, g->report, &shape);
	if (g->work.failed)
		no_memory(g);
	else if (admitted == NULL && g->report->errors != errors &&
		mc_target_scope(choice->target, a, &g->emit) ==
			MC_SCOPE_ACCOUNT)
		count_refused(g, choice->target, a, a->identity);
	return g->stop ? NULL : admitted;
}

/* Makes the documents of n accounts and gives them away. */
static void
make(struct gen *g, const struct mc_target *target,
	const struct mailcfg_account *const *list, size_t n, bool by_domain,
	struct spot spot)
{
	struct mc_emit e = {
		.target = target, .options = &g->emit, .arena = &g->work};
	unsigned long errors = g->report->errors;
	bool ok;

	memcpy(e.out, g->out, sizeof(e.out));
	ok = mc_emit_accounts(&e, list, n) && !guard_failed();
	memcpy(g->out, e.out, sizeof(e.out));
	if (!ok)
		no_memory(g);
	else if (!by_domain)
		put(g, &e, list[0]->identity, list, n);
	else if (domain_is_new(
			 g, target, list[0], spot, folder_of(g, list[0]), &e))
		put(g, &e, list[0]->domain, list, n);
	else if (g->report->errors != errors && !g->stop)
		count_refused(g, target, list[0], list[0]->domain);
	for (size_t i = 0; i < MC_DOCS_MAX; i++)
		mc_buf_reset(&g->out[i]);
}

void
documents_make(struct gen *g, size_t at)
{
	const struct mc_target *target = g->o.targets[at].target;
	const struct mailcfg_account *joined[GROUP_MAX];
	size_t n = 0;

	for (size_t i = 0; i < g->n_group && !g->stop; i++) {
		const struct member *m = g->members[i];
		const struct mailcfg_account *a = admit(
			g, &g->o.targets[at], &m->account->a);

		if (a == NULL)
			continue;
		domain_warn(g, target, a, m->spot);
		switch (mc_target_scope(target, a, &g->emit)) {
		case MC_SCOPE_RUN:
			stream_add(g, at, a, folder_of(g, a), m->spot);
			break;
		case MC_SCOPE_DOMAIN:
			make(g, target, &a, 1, true, m->spot);
			break;
		case MC_SCOPE_ACCOUNT:
			if ((target->can & MC_CAN_SEVERAL) != 0)
				joined[n++] = a;
			else
				make(g, target, &a, 1, false, m->spot);
			break;
		}
	}
	if (n > 0 && !g->stop)
		make(g, target, joined, n, false, g->members[0]->spot);
}
