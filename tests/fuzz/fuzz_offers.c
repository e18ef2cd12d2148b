/* SPDX-License-Identifier: ISC */
/*
 * Documents that mail domains publish: whatever the bytes, what is made of
 * them is a preset that our reader takes, server for server.
 */
#include <string.h>

#include "emit/emit.h"
#include "fuzz.h"
#include "offers.h"
#include "provider.h"
#include "text.h"

static void
hear(void *context, const struct mailcfg_diag *diag)
{
	(void)context;
	/* nothing for a terminal to obey */
	for (const char *c = diag->detail; *c != '\0'; c++)
		MUST((unsigned char)*c >= 0x20 && *c != 0x7f);
}

static void
must_be_same(const struct mailcfg_provider *a, const struct mailcfg_provider *b)
{
	MUST(a->n_offers == b->n_offers);
	for (size_t i = 0; i < a->n_offers; i++) {
		const struct mailcfg_offer *x = &a->offers[i];
		const struct mailcfg_offer *y = &b->offers[i];

		MUST(x->protocol == y->protocol && x->tls == y->tls &&
			x->auth == y->auth && x->port == y->port);
		MUST(strcmp(x->host, y->host) == 0);
		MUST((x->login == NULL) == (y->login == NULL));
		MUST(x->login == NULL || strcmp(x->login, y->login) == 0);
	}
	MUST(strcmp(a->name, b->name) == 0);
	for (size_t i = 0; a->domains[i] != NULL || b->domains[i] != NULL; i++)
		MUST(a->domains[i] != NULL && b->domains[i] != NULL &&
			strcmp(a->domains[i], b->domains[i]) == 0);
	MUST(a->n_links == b->n_links);
	for (size_t i = 0; i < a->n_links; i++)
		MUST(strcmp(a->links[i].url, b->links[i].url) == 0);
}

static void
check(struct mc_offers *o)
{
	struct mc_report quiet = {.fn = hear};
	const struct mc_preset *made, *again;
	struct mc_buf text = {0};
	size_t at;

	made = mc_offers_preset(o, "fuzz");
	MUST(made != NULL);
	for (size_t i = 0; i < o->n_notes; i++)
		MUST(mc_text_check(o->notes[i], strlen(o->notes[i]), true,
			     &at) == MC_TEXT_OK);
	MUST(mc_preset_write(&made->p, &text));
	again = mc_preset_parse(o->arena, "fuzz", text.data, text.len, &quiet);
	MUST(again != NULL && quiet.errors == 0);
	must_be_same(&made->p, &again->p);
	mc_buf_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < mc_target_count(); i++) {
		const struct mc_publication *p = mc_target_at(i)->publication;
		struct mc_arena arena = {0};
		struct mc_report report = {.fn = hear};
		struct mc_offers o = {.arena = &arena,
			.report = &report,
			.file = "fuzz",
			.mailbox = "postmaster@example.test"};

		if (p == NULL)
			continue;
		switch (p->read(&o, (const char *)data, size)) {
		case MC_BACK_READ:
			MUST(o.n > 0);
			check(&o);
			break;
		case MC_BACK_BAD: MUST(report.errors > 0); break;
		case MC_BACK_OTHER: MUST(report.errors == 0); break;
		}
		MUST(!arena.failed);
		mc_arena_free(&arena);
	}
	return 0;
}
