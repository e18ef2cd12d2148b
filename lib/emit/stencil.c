/* SPDX-License-Identifier: ISC */
#include "stencil.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pour.h"
#include "sentinel.h"

enum { SLOTS = 64, BOUND = 64, WAYS = 8 };

enum state {
	SEEN = 0, /* once: the second time it is compiled */
	READY,
	NEVER /* what was poured was not what was emitted */
};

struct mc_stencil {
	uint64_t hash; /* of key */
	struct mc_buf key;
	enum state state;
	unsigned long long clock;
	struct mc_mould mould;
};

/*
 * The mould of a shape with the values of one kind of accounts that are not a
 * person's own, and a quicker key.
 */
struct mc_bound {
	const struct mc_target *target; /* NULL: none is here */
	unsigned long long kind;
	unsigned long long shape;
	unsigned likes;
	struct mc_mould mould;
};

static void
key_text(struct mc_buf *key, const char *text)
{
	mc_buf_putc(key, text == NULL ? '\1' : '\2');
	if (text != NULL)
		mc_buf_add(key, text, strlen(text) + 1);
}

static void
key_bytes(struct mc_buf *key, const void *bytes, size_t n)
{
	mc_buf_add(key, bytes, n);
}

static void
key_server(struct mc_buf *key, const struct mailcfg_account *a, int protocol)
{
	const struct mailcfg_server *s = &a->server[protocol];
	const unsigned numbers[] = {s->port, s->tls, s->auth,
		mc_login_like(a, protocol), mc_password_like(a, protocol)};

	key_text(key, s->host);
	if (s->host != NULL)
		key_bytes(key, numbers, sizeof(numbers));
}

static void
key_dav(struct mc_buf *key, const struct mailcfg_dav *dav)
{
	key_text(key, dav->host);
	if (dav->host == NULL)
		return;
	key_bytes(key, &dav->port, sizeof(dav->port));
	key_text(key, dav->path);
}

/*
 * Everything an emitter may branch on, and everything it may write that is no
 * person's own.
 */
static void
key_of(struct mc_buf *key, const struct mc_emit *e,
	const struct mailcfg_account *a, unsigned long long shape)
{
	const void *const pointers[] = {e->target, a->provider, a->hints};
	const struct {
		bool name, given, family, person, deliver, ascii, lower;
		unsigned char incoming;
	} has = {a->name != NULL, a->given_name != NULL, a->family_name != NULL,
		a->person != NULL, a->deliver_to != NULL,
		strcmp(a->domain, a->domain_display) == 0,
		strcmp(a->identity, a->mailbox) == 0,
		(unsigned char)a->incoming};

	key_bytes(key, pointers, sizeof(pointers));
	key_bytes(key, &shape, sizeof(shape));
	key_bytes(key, &has, sizeof(has));
	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		key_server(key, a, i);
	key_text(key, a->organization);
	key_text(key, a->support);
	key_text(key, a->lang);
	key_text(key, a->imap_prefix);
	key_dav(key, &a->caldav);
	key_dav(key, &a->carddav);
	for (size_t i = 0; i < a->n_aliases; i++)
		key_text(key, a->aliases[i]);
	key_text(key, NULL);
	for (size_t i = MC_FIELDS; i < mc_field_count(); i++)
		key_text(key, mc_account_of(a)->extra[i - MC_FIELDS]);
}

/* Eight bytes at a time; what it finds is compared. */
static uint64_t
hash_of(const struct mc_buf *key)
{
	uint64_t hash = key->len, word = 0;
	size_t i = 0;

	for (; i + sizeof(word) <= key->len; i += sizeof(word)) {
		memcpy(&word, key->data + i, sizeof(word));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 32;
	}
	word = 0;
	memcpy(&word, key->data + i, key->len - i);
	hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
	return hash ^ (hash >> 29);
}

static void
slot_clear(struct mc_stencil *slot)
{
	mc_buf_free(&slot->key);
	mc_mould_free(&slot->mould);
	*slot = (struct mc_stencil){0};
}

static bool
is_of(const struct mc_bound *bound, const struct mc_emit *e,
	const struct mc_account *a, unsigned long long shape)
{
	return bound->kind == a->kind && bound->target == e->target &&
		bound->shape == shape && bound->likes == a->likes;
}

/* Where the mould of such an account is, or shall be. */
static struct mc_bound *
bound_of(struct mc_stencils *c, const struct mc_emit *e,
	const struct mc_account *a, unsigned long long shape)
{
	uint64_t hash = a->kind * 0x9e3779b97f4a7c15u + a->likes;
	struct mc_bound *bound;

	hash = (hash ^ shape) * 0x9e3779b97f4a7c15u;
	hash = (hash ^ (uintptr_t)e->target) * 0x9e3779b97f4a7c15u;
	/* one of WAYS neighbours */
	bound = &c->bound[hash >> 32 & (BOUND - WAYS)];
	for (size_t i = 0; i < WAYS; i++)
		if (is_of(&bound[i], e, a, shape))
			return &bound[i];
	for (size_t i = 0; i < WAYS; i++)
		if (bound[i].target == NULL)
			return &bound[i];
	return &bound[++c->turn % WAYS];
}

/* The slot with the key, or NULL; the oldest is made ready for it then. */
static struct mc_stencil *
slot_of(struct mc_stencils *c, const struct mc_buf *key)
{
	uint64_t hash = hash_of(key);
	struct mc_stencil *oldest;

	c->clock++;
	for (size_t i = 0; i < c->n; i++) {
		struct mc_stencil *slot = &c->slot[i];

		if (slot->hash != hash || slot->key.len != key->len ||
			memcmp(slot->key.data, key->data, key->len) != 0)
			continue;
		slot->clock = c->clock;
		return slot;
	}
	oldest = &c->slot[0];
	if (c->n < SLOTS)
		oldest = &c->slot[c->n++];
	for (size_t i = 0; i < c->n && oldest->clock != 0; i++)
		if (c->slot[i].clock < oldest->clock)
			oldest = &c->slot[i];
	slot_clear(oldest);
	mc_buf_add(&oldest->key, key->data, key->len);
	oldest->hash = hash;
	oldest->clock = c->clock;
	/* without its key it is found by nobody */
	return NULL;
}

/* Emits one account into the buffers, which are emptied first. */
static bool
emit(struct mc_stencils *c, const struct mc_emit *like,
	const struct mailcfg_account *a, struct mc_buf made[MC_DOCS_MAX])
{
	struct mc_emit e = {.target = like->target,
		.options = c->options,
		.out = made,
		.arena = like->arena,
		.made = like->made,
		.n_made = like->n_made,
		.count = 1};
	bool run = mc_target_scope(like->target, a, c->options) == MC_SCOPE_RUN;
	bool ok;

	for (size_t i = 0; i < MC_DOCS_MAX; i++)
		mc_buf_reset(&made[i]);
	if (!run)
		return mc_emit_accounts(&e, &a, 1);
	ok = e.target->item(&e, a) && !e.arena->failed;
	for (size_t i = 0; i < MC_DOCS_MAX; i++)
		ok = ok && !made[i].failed;
	return ok;
}

/* Where a hole's sentinel was found. */
struct hit {
	size_t at;
	size_t size;
	unsigned char hole;
};

static int
earlier(const void *pa, const void *pb)
{
	const struct hit *a = pa, *b = pb;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	/* the longest of several: "x@y" before "x" */
	if (a->size != b->size)
		return a->size > b->size ? -1 : 1;
	return (int)a->hole - (int)b->hole;
}

/* The first place of the text in [at, end), or NULL. */
static const char *
find(const char *at, const char *end, const struct mc_buf *text)
{
	while ((size_t)(end - at) >= text->len) {
		at = memchr(
			at, text->data[0], (size_t)(end - at) - text->len + 1);
		if (at == NULL || memcmp(at, text->data, text->len) == 0)
			return at;
		at++;
	}
	return NULL;
}

/* All hits in a document, in order, without overlaps; MC_MOULD_PARTS: too many.
 */
static size_t
find_hits(const struct mc_buf *doc, const struct mc_buf *texts, size_t n_holes,
	struct hit *hits)
{
	size_t n = 0, kept = 0, end = 0;

	for (size_t h = 0; h < n_holes; h++) {
		const struct mc_buf *text = &texts[h];
		const char *at = doc->data;

		while (text->len > 0 && at != NULL) {
			at = find(at, doc->data + doc->len, text);
			if (at == NULL)
				break;
			if (n == MC_MOULD_PARTS)
				return MC_MOULD_PARTS;
			hits[n++] = (struct hit){(size_t)(at - doc->data),
				text->len, (unsigned char)h};
			at += text->len;
		}
	}
	qsort(hits, n, sizeof(hits[0]), earlier);
	for (size_t i = 0; i < n; i++) {
		if (hits[i].at < end)
			continue;
		end = hits[i].at + hits[i].size;
		hits[kept++] = hits[i];
	}
	return kept;
}

/* Cuts the documents at the sentinels.  false: they cannot be cut. */
static bool
cut(struct mc_mould *mould, const struct mc_target *target,
	const struct mc_buf made[MC_DOCS_MAX], const struct mc_buf *texts,
	size_t n_holes)
{
	struct hit *hits = calloc(MC_MOULD_PARTS, sizeof(*hits));
	size_t docs = mc_target_docs(target);
	bool ok = hits != NULL && mc_mould_begin(mould, docs);

	for (size_t d = 0; d < docs && ok; d++) {
		size_t n = find_hits(&made[d], texts, n_holes, hits), from = 0;

		for (size_t i = 0; i < n && ok; i++) {
			ok = mc_mould_add(mould, d, made[d].data + from,
				hits[i].at - from, hits[i].hole);
			from = hits[i].at + hits[i].size;
		}
		if (made[d].len > 0)
			ok = ok &&
				mc_mould_add(mould, d, made[d].data + from,
					made[d].len - from, -1);
	}
	free(hits);
	return ok && mc_mould_end(mould);
}

/* Makes the slot's parts.  false: this shape cannot be poured. */
static bool
compile(struct mc_stencils *c, struct mc_stencil *slot,
	const struct mc_emit *like, const struct mailcfg_account *a,
	unsigned long long shape)
{
	const struct mc_target *target = like->target;
	struct mc_account *s = mc_arena_alloc(like->arena, sizeof(*s));
	struct mc_buf made[MC_DOCS_MAX] = {{0}}, texts[MC_MOULD_HOLES] = {{0}};
	struct mc_report mute = {0};
	const struct mailcfg_account *admitted = NULL;
	unsigned long long bits = 0;
	size_t n = 0;
	bool ok;

	ok = s != NULL && mc_make_sentinel(like->arena, s, a);
	if (ok)
		admitted = mc_target_admit(target, &s->a, c->options, true,
			like->arena, &mute, &bits);
	ok = admitted != NULL && bits == shape && emit(c, like, admitted, made);
	for (; ok && target->holes[n].get != NULL; n++)
		ok = n < MC_MOULD_HOLES &&
			mc_hole_write(&target->holes[n], like->arena, admitted,
				&texts[n]);
	ok = ok && cut(&slot->mould, target, made, texts, n);
	for (size_t i = 0; i < MC_DOCS_MAX; i++)
		mc_buf_free(&made[i]);
	for (size_t i = 0; i < MC_MOULD_HOLES; i++)
		mc_buf_free(&texts[i]);
	return ok;
}

static bool
append(struct mc_emit *e, const struct mc_buf made[MC_DOCS_MAX])
{
	size_t docs = mc_target_docs(e->target);
	bool ok = true;

	for (size_t i = 0; i < docs; i++) {
		mc_buf_add(&e->out[i], made[i].data, made[i].len);
		ok = ok && !e->out[i].failed;
	}
	return ok;
}

/* Compiles the shape, and keeps it only if it pours what was emitted. */
static void
learn(struct mc_stencils *c, struct mc_stencil *slot, const struct mc_emit *e,
	const struct mailcfg_account *a, unsigned long long shape)
{
	struct mc_buf poured[MC_DOCS_MAX] = {{0}};
	bool ok = compile(c, slot, e, a, shape) &&
		mc_mould_pour(&slot->mould, &c->scratch, e, a, poured);

	for (size_t i = 0; i < MC_DOCS_MAX; i++) {
		ok = ok && poured[i].len == c->made[i].len &&
			(poured[i].len == 0 ||
				memcmp(poured[i].data, c->made[i].data,
					poured[i].len) == 0);
		mc_buf_free(&poured[i]);
	}
	slot->state = ok ? READY : NEVER;
	c->compiled += ok;
}

/* The slot of the shape; NULL: it is new, or c->key.failed. */
static struct mc_stencil *
find_slot(struct mc_stencils *c, const struct mc_emit *e,
	const struct mailcfg_account *a, unsigned long long shape)
{
	mc_buf_reset(&c->key);
	key_of(&c->key, e, a, shape);
	return c->key.failed ? NULL : slot_of(c, &c->key);
}

static bool
start(struct mc_stencils *c)
{
	if (c->slot == NULL)
		c->slot = calloc(SLOTS, sizeof(*c->slot));
	if (c->bound == NULL)
		c->bound = calloc(BOUND, sizeof(*c->bound));
	return c->slot != NULL && c->bound != NULL;
}

/* Fills the mould of a slot that is ready with what the kind has in common. */
static bool
bind(struct mc_stencils *c, struct mc_bound *bound,
	const struct mc_stencil *slot, struct mc_emit *e,
	const struct mailcfg_account *a, unsigned long long shape)
{
	mc_mould_free(&bound->mould);
	*bound = (struct mc_bound){0};
	if (!mc_mould_fill(&bound->mould, &slot->mould, &c->scratch, e, a))
		return false;
	bound->target = e->target;
	bound->kind = mc_account_of(a)->kind;
	bound->shape = shape;
	bound->likes = mc_account_of(a)->likes;
	return true;
}

bool
mc_stencil_make(struct mc_stencils *c, struct mc_emit *e,
	const struct mailcfg_account *a, unsigned long long shape)
{
	struct mc_stencil *slot = NULL;
	struct mc_bound *bound = NULL;
	bool ok;

	if (!c->off && e->target->holes != NULL) {
		if (!start(c))
			return false;
		if (mc_account_of(a)->kind != 0)
			bound = bound_of(c, e, mc_account_of(a), shape);
		if (bound != NULL && is_of(bound, e, mc_account_of(a), shape)) {
			c->poured++;
			return mc_mould_pour(
				&bound->mould, &c->scratch, e, a, e->out);
		}
		slot = find_slot(c, e, a, shape);
		if (c->key.failed)
			return false;
	}
	if (slot != NULL && slot->state == READY) {
		const struct mc_mould *mould = &slot->mould;

		c->poured++;
		if (bound != NULL && !bind(c, bound, slot, e, a, shape))
			return false;
		if (bound != NULL)
			mould = &bound->mould;
		return mc_mould_pour(mould, &c->scratch, e, a, e->out);
	}
	c->emitted++;
	ok = emit(c, e, a, c->made);
	if (ok && slot != NULL && slot->state == SEEN)
		learn(c, slot, e, a, shape);
	ok = ok && append(e, c->made);
	for (size_t i = 0; i < MC_DOCS_MAX; i++)
		mc_buf_reset(&c->made[i]);
	return ok && !e->arena->failed;
}

void
mc_stencils_learn(struct mc_stencils *c, const struct mc_stencils *from)
{
	bool ok = !from->off && from->n > 0 && start(c);

	for (size_t i = 0; ok && i < from->n; i++) {
		const struct mc_stencil *known = &from->slot[i];
		struct mc_stencil *slot = &c->slot[c->n];

		if (known->state == SEEN)
			continue;
		*slot = (struct mc_stencil){.hash = known->hash,
			.state = known->state,
			.clock = ++c->clock};
		mc_buf_add(&slot->key, known->key.data, known->key.len);
		ok = !slot->key.failed &&
			(known->state == NEVER ||
				mc_mould_copy(&slot->mould, &known->mould));
		if (ok)
			c->n++;
		else
			slot_clear(slot);
	}
}

void
mc_stencils_free(struct mc_stencils *c)
{
	for (size_t i = 0; i < c->n; i++)
		slot_clear(&c->slot[i]);
	free(c->slot);
	for (size_t i = 0; c->bound != NULL && i < BOUND; i++)
		mc_mould_free(&c->bound[i].mould);
	free(c->bound);
	for (size_t i = 0; i < MC_DOCS_MAX; i++)
		mc_buf_free(&c->made[i]);
	mc_buf_free(&c->key);
	mc_buf_free(&c->scratch);
	*c = (struct mc_stencils){0};
}
