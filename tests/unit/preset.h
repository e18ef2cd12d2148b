/* SPDX-License-Identifier: ISC */
/* What the tests of presets have in common. */
#ifndef MC_TEST_PRESET_H
#define MC_TEST_PRESET_H

#include "test.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "provider.h"

/* The complaints of one reading. */
struct said {
	unsigned n;
	struct mailcfg_pos pos; /* of the last one */
	char slug[32];
	char detail[256];
};

static inline void
listen(void *context, const struct mailcfg_diag *diag)
{
	struct said *said = context;

	said->n++;
	said->pos = diag->pos;
	(void)snprintf(said->slug, sizeof(said->slug), "%s", diag->slug);
	(void)snprintf(said->detail, sizeof(said->detail), "%s", diag->detail);
}

static inline struct mc_preset *
parse(struct mc_arena *arena, const char *text, struct said *said)
{
	struct mc_report report = {.fn = listen, .context = said};

	*said = (struct said){0};
	return mc_preset_parse(arena, "x.yaml", text, strlen(text), &report);
}

static inline bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static inline bool
same_fields(const struct mc_draft *a, const struct mc_draft *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	for (size_t i = 0; i < MC_FIELD_MAX; i++)
		if (!same(a->value[i].text, b->value[i].text) ||
			a->value[i].number != b->value[i].number)
			return false;
	return true;
}

static inline bool
same_preset(const struct mc_preset *x, const struct mc_preset *y)
{
	const struct mailcfg_provider *a = &x->p, *b = &y->p;
	bool ok = same(a->id, b->id) && same(a->name, b->name) &&
		same(a->checked, b->checked) && a->status == b->status &&
		a->application_password == b->application_password &&
		same(a->application_password_page,
			b->application_password_page) &&
		a->n_offers == b->n_offers && a->n_links == b->n_links &&
		same_fields(x->fields, y->fields);

	for (size_t i = 0; ok && i < a->n_offers; i++) {
		const struct mailcfg_offer *o = &a->offers[i];
		const struct mailcfg_offer *q = &b->offers[i];

		ok = o->protocol == q->protocol && o->tls == q->tls &&
			o->auth == q->auth && o->port == q->port &&
			same(o->host, q->host) && same(o->login, q->login);
	}
	for (size_t i = 0; ok && i < a->n_links; i++)
		ok = same(a->links[i].kind, b->links[i].kind) &&
			same(a->links[i].url, b->links[i].url);
	for (size_t i = 0; ok; i++) {
		ok = same(a->domains[i], b->domains[i]);
		if (a->domains[i] == NULL)
			break;
	}
	return ok;
}

/* Writes a preset and reads it back; the text is the caller's. */
static inline char *
round_trip(const struct mc_preset *preset)
{
	struct mc_arena arena = {0};
	struct mc_buf out = {0};
	struct mc_preset *again;
	struct said said;

	assert_true(mc_preset_write(&preset->p, &out));
	again = parse(&arena, out.data, &said);
	if (again == NULL || !same_preset(preset, again))
		fail_msg("%u:%u %s in\n%s", said.pos.line, said.pos.column,
			said.detail, out.data);
	mc_arena_free(&arena);
	return out.data;
}

#endif
