/* SPDX-License-Identifier: ISC */
#include "stencil.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sentinel.h"

enum { SLOTS = 64, PARTS = 256, HOLES = 64 };

enum state {
	SEEN = 0, /* once: the second time it is compiled */
	READY,
	NEVER /* what was poured was not what was emitted */
};

/* Text as it stands in the document, and what is poured behind it. */
struct part {
	unsigned start; /* of the text in `literal` */
	unsigned size;
	unsigned char doc;
	signed char hole; /* into used[]; -1: none */
};

struct mc_stencil {
	uint64_t hash; /* of key */
	struct mc_buf key;
	enum state state;
	/* a quicker key: of the account that came last, when it has a kind */
	const struct mc_target *target;
	unsigned long long kind;
	unsigned long long shape;
	unsigned likes;
	unsigned long long clock;
	struct mc_buf literal;
	struct part *parts;
	size_t n_parts;
	unsigned char used[HOLES]; /* into target->holes */
	size_t n_used;
	size_t literal_size[MC_DOCS_MAX];
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
	mc_buf_free(&slot->literal);
	free(slot->parts);
	*slot = (struct mc_stencil){0};
}

/* Which values are equal, in a number. */
static unsigned
likes_of(const struct mailcfg_account *a)
{
	unsigned likes = strcmp(a->identity, a->mailbox) == 0;

	for (int i = 0; i < MAILCFG_PROTOCOLS; i++) {
		if (a->server[i].host == NULL)
			continue;
		likes = likes * 8 + (unsigned)mc_login_like(a, i);
		likes = likes * 8 + (unsigned)mc_password_like(a, i);
	}
	return likes;
}

/* The slot of an account with a kind, without its key; NULL: not known. */
static struct mc_stencil *
quick_slot(struct mc_stencils *c, const struct mc_emit *e,
	const struct mailcfg_account *a, unsigned long long shape,
	unsigned likes)
{
	unsigned long long kind = mc_account_of(a)->kind;

	for (size_t i = 0; kind != 0 && i < c->n; i++) {
		struct mc_stencil *slot = &c->slot[i];

		if (slot->kind != kind || slot->target != e->target ||
			slot->shape != shape || slot->likes != likes)
			continue;
		slot->clock = ++c->clock;
		return slot;
	}
	return NULL;
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
		.arena = like->arena,
		.count = 1};
	bool run = mc_target_scope(like->target, a, c->options) == MC_SCOPE_RUN;
	bool ok;

	for (size_t i = 0; i < MC_DOCS_MAX; i++) {
		mc_buf_reset(&made[i]);
		e.out[i] = made[i];
	}
	if (run) {
		ok = e.target->item(&e, a) && !e.arena->failed;
		for (size_t i = 0; i < MC_DOCS_MAX; i++)
			ok = ok && !e.out[i].failed;
	} else {
		ok = mc_emit_accounts(&e, &a, 1);
	}
	memcpy(made, e.out, sizeof(e.out));
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

/* All hits in a document, in order, without overlaps; PARTS: too many. */
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
			if (n == PARTS)
				return PARTS;
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

static int
use_hole(struct mc_stencil *slot, unsigned char hole)
{
	for (size_t i = 0; i < slot->n_used; i++)
		if (slot->used[i] == hole)
			return (int)i;
	slot->used[slot->n_used] = hole;
	return (int)slot->n_used++;
}

static void
add_part(struct mc_stencil *slot, size_t doc, const char *text, size_t n,
	int hole)
{
	slot->parts[slot->n_parts++] = (struct part){
		(unsigned)slot->literal.len, (unsigned)n, (unsigned char)doc,
		(signed char)hole};
	slot->literal_size[doc] += n;
	mc_buf_add(&slot->literal, text, n);
}

/* Cuts the documents at the sentinels.  false: they cannot be cut. */
static bool
cut(struct mc_stencil *slot, const struct mc_target *target,
	const struct mc_buf made[MC_DOCS_MAX], const struct mc_buf *texts,
	size_t n_holes)
{
	struct hit *hits = calloc(PARTS, sizeof(*hits));
	size_t docs = mc_target_docs(target);
	bool ok;

	slot->parts = calloc(
		PARTS + (size_t)MC_DOCS_MAX, sizeof(slot->parts[0]));
	ok = hits != NULL && slot->parts != NULL;
	for (size_t d = 0; d < docs && ok; d++) {
		size_t n = find_hits(&made[d], texts, n_holes, hits), from = 0;

		if (n + slot->n_parts >= PARTS) {
			ok = false;
			break;
		}
		for (size_t i = 0; i < n; i++) {
			add_part(slot, d, made[d].data + from,
				hits[i].at - from,
				use_hole(slot, hits[i].hole));
			from = hits[i].at + hits[i].size;
		}
		if (made[d].len > 0)
			add_part(slot, d, made[d].data + from,
				made[d].len - from, -1);
	}
	free(hits);
	return ok && !slot->literal.failed;
}

static bool
escape_hole(const struct mc_hole *hole, struct mc_arena *arena,
	const struct mailcfg_account *a, struct mc_buf *out)
{
	const char *text = hole->get(arena, a);

	if (text == NULL)
		return !arena->failed;
	if (hole->escape == NULL)
		mc_buf_puts(out, text);
	else
		hole->escape(out, text);
	return !out->failed;
}

/* Makes the slot's parts.  false: this shape cannot be poured. */
static bool
compile(struct mc_stencils *c, struct mc_stencil *slot,
	const struct mc_emit *like, const struct mailcfg_account *a,
	unsigned long long shape)
{
	const struct mc_target *target = like->target;
	struct mc_account *s = mc_arena_alloc(like->arena, sizeof(*s));
	struct mc_buf made[MC_DOCS_MAX] = {{0}}, texts[HOLES] = {{0}};
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
		ok = n < HOLES &&
			escape_hole(&target->holes[n], like->arena, admitted,
				&texts[n]);
	ok = ok && cut(slot, target, made, texts, n);
	for (size_t i = 0; i < MC_DOCS_MAX; i++)
		mc_buf_free(&made[i]);
	for (size_t i = 0; i < HOLES; i++)
		mc_buf_free(&texts[i]);
	return ok;
}

/* Room for a document in one piece; false: out of memory. */
static bool
make_room(const struct mc_stencil *slot, size_t doc,
	const size_t start[HOLES + 1], struct mc_buf *out, char **to)
{
	size_t n = slot->literal_size[doc];

	for (size_t i = 0; i < slot->n_parts; i++) {
		const struct part *part = &slot->parts[i];

		if (part->doc == doc && part->hole >= 0)
			n += start[part->hole + 1] - start[part->hole];
	}
	*to = n == 0 ? NULL : mc_buf_room(out, n);
	return n == 0 || *to != NULL;
}

/* Pours into out[], behind what is there. */
static bool
pour(const struct mc_stencil *slot, struct mc_buf *scratch,
	const struct mc_emit *e, const struct mailcfg_account *a,
	struct mc_buf out[MC_DOCS_MAX])
{
	char *to[MC_DOCS_MAX] = {NULL};
	size_t start[HOLES + 1];

	mc_buf_reset(scratch);
	for (size_t i = 0; i < slot->n_used; i++) {
		start[i] = scratch->len;
		if (!escape_hole(&e->target->holes[slot->used[i]], e->arena, a,
			    scratch))
			return false;
	}
	start[slot->n_used] = scratch->len;
	for (size_t i = 0; i < mc_target_docs(e->target); i++)
		if (!make_room(slot, i, start, &out[i], &to[i]))
			return false;
	for (size_t i = 0; i < slot->n_parts; i++) {
		const struct part *part = &slot->parts[i];
		char *at = to[part->doc];

		memcpy(at, slot->literal.data + part->start, part->size);
		at += part->size;
		if (part->hole >= 0) {
			size_t n = start[part->hole + 1] - start[part->hole];

			if (n > 0)
				memcpy(at, scratch->data + start[part->hole],
					n);
			at += n;
		}
		to[part->doc] = at;
	}
	return true;
}

static bool
append(struct mc_emit *e, const struct mc_buf made[MC_DOCS_MAX])
{
	bool ok = true;

	for (size_t i = 0; i < MC_DOCS_MAX; i++) {
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
		pour(slot, &c->scratch, e, a, poured);

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

static struct mc_stencil *
find_slot(struct mc_stencils *c, const struct mc_emit *e,
	const struct mailcfg_account *a, unsigned long long shape)
{
	unsigned likes = likes_of(a);
	struct mc_stencil *slot = quick_slot(c, e, a, shape, likes);

	if (slot != NULL)
		return slot;
	mc_buf_reset(&c->key);
	key_of(&c->key, e, a, shape);
	if (c->key.failed)
		return NULL;
	slot = slot_of(c, &c->key);
	if (slot != NULL) {
		slot->target = e->target;
		slot->kind = mc_account_of(a)->kind;
		slot->shape = shape;
		slot->likes = likes;
	}
	return slot;
}

bool
mc_stencil_make(struct mc_stencils *c, struct mc_emit *e,
	const struct mailcfg_account *a, unsigned long long shape)
{
	struct mc_stencil *slot = NULL;
	bool ok;

	if (!c->off && e->target->holes != NULL) {
		if (c->slot == NULL)
			c->slot = calloc(SLOTS, sizeof(*c->slot));
		if (c->slot == NULL)
			return false;
		slot = find_slot(c, e, a, shape);
		if (c->key.failed)
			return false;
	}
	if (slot != NULL && slot->state == READY) {
		c->poured++;
		return pour(slot, &c->scratch, e, a, e->out);
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
mc_stencils_free(struct mc_stencils *c)
{
	for (size_t i = 0; i < c->n; i++)
		slot_clear(&c->slot[i]);
	free(c->slot);
	for (size_t i = 0; i < MC_DOCS_MAX; i++)
		mc_buf_free(&c->made[i]);
	mc_buf_free(&c->key);
	mc_buf_free(&c->scratch);
	*c = (struct mc_stencils){0};
}
