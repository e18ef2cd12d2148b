/* SPDX-License-Identifier: ISC */
/* One document for all accounts of a domain: they must agree on it. */
#include <stdint.h>
#include <string.h>

#include "digest.h"
#include "gen.h"

/* 128 bits that stand for all documents of the target. */
static void
digest(const struct mc_emit *e, unsigned char value[16])
{
	struct mc_part_bytes parts[2 * MC_DOCS_MAX + 1] = {{NULL, 0}};
	unsigned char hash[MC_SHA256_SIZE];
	size_t n = mc_target_docs(e->target);

	for (size_t i = 0; i < n; i++) {
		parts[2 * i] = (struct mc_part_bytes){
			&e->out[i].len, sizeof(e->out[i].len)};
		parts[2 * i + 1] = (struct mc_part_bytes){
			e->out[i].data == NULL ? "" : e->out[i].data,
			e->out[i].len};
	}
	mc_sha256(parts, hash);
	memcpy(value, hash, 16);
}

/* Whether these are the documents that were made for the last of the kind. */
static bool
is_same(const struct remembered *r, unsigned long long kind,
	const struct mc_emit *e)
{
	size_t at = 0;

	if (kind == 0 || r->kind != kind)
		return false;
	for (size_t i = 0; i < MC_DOCS_MAX; at += e->out[i++].len)
		if (e->out[i].len > r->bytes.len - at ||
			(e->out[i].len > 0 &&
				memcmp(r->bytes.data + at, e->out[i].data,
					e->out[i].len) != 0))
			return false;
	return at == r->bytes.len;
}

static void
remember(struct remembered *r, unsigned long long kind, const struct mc_emit *e,
	const struct domain_mark *mark)
{
	mc_buf_reset(&r->bytes);
	for (size_t i = 0; i < MC_DOCS_MAX; i++)
		mc_buf_add(&r->bytes, e->out[i].data, e->out[i].len);
	memcpy(r->key, mark->key, sizeof(r->key));
	memcpy(r->value, mark->value, sizeof(r->value));
	r->kind = r->bytes.failed ? 0 : kind;
}

const struct domain_mark *
domain_mark(struct worker *w, size_t at, const struct mc_emit *e,
	const struct mailcfg_account *a, const char *folder)
{
	struct mc_arena *arena = &w->batch.arena;
	struct domain_mark *mark = mc_arena_alloc(arena, sizeof(*mark));
	/* all of a kind are of one domain, but folders may be a person's */
	unsigned long long kind = folder == NULL ? mc_account_of(a)->kind : 0;
	struct remembered *r = &w->remembered[at * REMEMBERED +
		(size_t)(kind % REMEMBERED)];

	if (mark == NULL)
		return NULL;
	mark->display = mc_arena_strdup(arena, a->domain_display);
	if (mark->display == NULL)
		return NULL;
	if (is_same(r, kind, e)) {
		memcpy(mark->key, r->key, sizeof(mark->key));
		memcpy(mark->value, r->value, sizeof(mark->value));
		return mark;
	}
	seen_key(mark->key,
		(const char *const[]){e->target->name,
			folder == NULL ? "" : folder, a->domain, NULL});
	digest(e, mark->value);
	if (kind != 0)
		remember(r, kind, e, mark);
	return mark;
}

bool
domain_is_new(struct gen *g, const struct entry *e)
{
	const struct domain_mark *mark = e->u.doc.domain;
	const char *target = g->o.targets[e->target].target->name;
	unsigned char value[16];
	struct mailcfg_pos first, pos;
	struct spot spot;

	/* every folder has its own copy */
	if (g->o.by == BY_ACCOUNT)
		return true;
	if (!seen_find_value(&g->domains, mark->key, &spot, value)) {
		if (seen_add(&g->domains, mark->key, e->spot, mark->value))
			return true;
		complain_memory(g->program);
		g->stop = true;
		return false;
	}
	if (memcmp(value, mark->value, sizeof(value)) == 0)
		return false;
	first = spot_pos(g, spot);
	pos = spot_pos(g, e->spot);
	mc_say(g->report, MC_MSG_DOMAIN_DIFFERS, &pos, NULL, target,
		"%s: the file of %s was made for %s:%u:%u", target,
		mark->display, first.file, first.line, first.column);
	return false;
}

void
domain_note(struct worker *w, size_t at, const struct mailcfg_account *a,
	struct spot spot)
{
	const struct mc_target *target = w->g->o.targets[at].target;
	/* the operands of a command line are one person */
	const char *person = w->g->o.n_from == 0 ? "" : a->person;
	struct entry *e;

	if ((target->can & MC_ONE_PER_DOMAIN) == 0 || person == NULL)
		return;
	e = batch_add(&w->batch, ENTRY_SHARED);
	if (e == NULL)
		return;
	e->own = true;
	e->target = (unsigned short)at;
	e->spot = spot;
	seen_key(e->u.seen.key,
		(const char *const[]){
			target->name, "", person, a->domain, NULL});
	e->u.seen.text = mc_arena_strdup(&w->batch.arena, a->domain_display);
	if (e->u.seen.text == NULL)
		worker_fail(w);
}

void
domain_warn(struct gen *g, const struct entry *e)
{
	const char *target = g->o.targets[e->target].target->name;
	struct mailcfg_pos first, pos;
	struct spot spot;

	if (!seen_find(&g->shared, e->u.seen.key, &spot)) {
		if (!seen_add(&g->shared, e->u.seen.key, e->spot, NULL)) {
			complain_memory(g->program);
			g->stop = true;
		}
		return;
	}
	first = spot_pos(g, spot);
	pos = spot_pos(g, e->spot);
	mc_say(g->report, MC_MSG_SHARED_VALUE, &pos, NULL, target,
		"%s: it serves all of %s, so this account takes the place of "
		"that of %s:%u:%u",
		target, e->u.seen.text, first.file, first.line, first.column);
}
