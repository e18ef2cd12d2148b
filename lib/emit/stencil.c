/* SPDX-License-Identifier: ISC */
#include "stencil.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
	unsigned long long clock;
	struct mc_buf literal;
	struct part *parts;
	size_t n_parts;
	unsigned char used[HOLES]; /* into target->holes */
	size_t n_used;
	size_t literal_size[MC_DOCS_MAX];
};

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The personal values of one server, as the sentinels need them. */
enum like {
	LIKE_NONE = 0, /* it is absent */
	LIKE_ITSELF,
	LIKE_MAILBOX,
	LIKE_LOCAL_PART,
	LIKE_IMAP, /* the same as that of an earlier server */
	LIKE_POP3
};

static enum like
login_like(const struct mailcfg_account *a, int protocol)
{
	const char *login = a->server[protocol].login;

	if (login == NULL)
		return LIKE_NONE;
	if (same(login, a->mailbox))
		return LIKE_MAILBOX;
	if (same(login, a->local_part))
		return LIKE_LOCAL_PART;
	for (int i = 0; i < protocol; i++)
		if (same(login, a->server[i].login))
			return i == MAILCFG_IMAP ? LIKE_IMAP : LIKE_POP3;
	return LIKE_ITSELF;
}

static enum like
password_like(const struct mailcfg_account *a, int protocol)
{
	const char *password = a->server[protocol].password;

	if (password == NULL)
		return LIKE_NONE;
	for (int i = 0; i < protocol; i++)
		if (same(password, a->server[i].password))
			return i == MAILCFG_IMAP ? LIKE_IMAP : LIKE_POP3;
	return LIKE_ITSELF;
}

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
		login_like(a, protocol), password_like(a, protocol)};

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
		same(a->domain, a->domain_display),
		same(a->identity, a->mailbox), (unsigned char)a->incoming};

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

/* Text that is nowhere else, in the letters that no format escapes. */
#define SENTINEL "qz7kx3"

/* Login and password of a server; equal values stay equal. */
static void
make_server(struct mailcfg_account *to, const struct mailcfg_account *a,
	int protocol)
{
	static const char *const logins[] = {
		SENTINEL "l0", SENTINEL "l1", SENTINEL "l2"};
	static const char *const passwords[] = {
		SENTINEL "p0", SENTINEL "p1", SENTINEL "p2"};
	struct mailcfg_server *server = &to->server[protocol];
	const struct mailcfg_server *imap = &to->server[MAILCFG_IMAP];
	const struct mailcfg_server *pop3 = &to->server[MAILCFG_POP3];

	switch (login_like(a, protocol)) {
	case LIKE_NONE: break;
	case LIKE_ITSELF: server->login = logins[protocol]; break;
	case LIKE_MAILBOX: server->login = to->mailbox; break;
	case LIKE_LOCAL_PART: server->login = to->local_part; break;
	case LIKE_IMAP: server->login = imap->login; break;
	case LIKE_POP3: server->login = pop3->login; break;
	}
	switch (password_like(a, protocol)) {
	case LIKE_NONE: break;
	case LIKE_ITSELF:
	case LIKE_MAILBOX:
	case LIKE_LOCAL_PART: server->password = passwords[protocol]; break;
	case LIKE_IMAP: server->password = imap->password; break;
	case LIKE_POP3: server->password = pop3->password; break;
	}
}

/* Puts sentinels in place of what is the person's own. */
static bool
make_sentinel(struct mc_arena *arena, struct mc_account *s,
	const struct mailcfg_account *a)
{
	bool lower = same(a->identity, a->mailbox);
	struct mailcfg_account *to = &s->a;

	*s = *mc_account_of(a);
	to->local_part = lower ? SENTINEL "lo" : "qz7KX3lo";
	to->domain = SENTINEL "do.test";
	to->domain_display = same(a->domain, a->domain_display) ? to->domain
								: SENTINEL
		"du.test";
	to->mailbox = mc_arena_printf(
		arena, "%s@%s", to->local_part, to->domain);
	to->mailbox_display = mc_arena_printf(
		arena, "%s@%s", to->local_part, to->domain_display);
	to->identity = mc_arena_printf(arena, SENTINEL "lo@%s", to->domain);
	if (a->name != NULL)
		to->name = SENTINEL "na";
	if (a->given_name != NULL)
		to->given_name = SENTINEL "gi";
	if (a->family_name != NULL)
		to->family_name = SENTINEL "fa";
	if (a->person != NULL)
		to->person = SENTINEL "pe";
	if (a->deliver_to != NULL)
		to->deliver_to = SENTINEL "dt@" SENTINEL "dd.test";
	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		make_server(to, a, i);
	return !arena->failed;
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

	ok = s != NULL && make_sentinel(like->arena, s, a);
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

/* Pours into out[], behind what is there. */
static bool
pour(const struct mc_stencil *slot, struct mc_buf *scratch,
	const struct mc_emit *e, const struct mailcfg_account *a,
	struct mc_buf out[MC_DOCS_MAX])
{
	size_t start[HOLES + 1];

	mc_buf_reset(scratch);
	for (size_t i = 0; i < slot->n_used; i++) {
		start[i] = scratch->len;
		if (!escape_hole(&e->target->holes[slot->used[i]], e->arena, a,
			    scratch))
			return false;
	}
	start[slot->n_used] = scratch->len;
	for (size_t i = 0; i < slot->n_parts; i++) {
		const struct part *part = &slot->parts[i];
		struct mc_buf *to = &out[part->doc];
		size_t hole = 0, n = 0;
		char *room;

		if (part->hole >= 0) {
			hole = start[part->hole];
			n = start[part->hole + 1] - hole;
		}
		room = mc_buf_room(to, part->size + n);
		if (room == NULL)
			return false;
		memcpy(room, slot->literal.data + part->start, part->size);
		if (n > 0)
			memcpy(room + part->size, scratch->data + hole, n);
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

bool
mc_stencil_make(struct mc_stencils *c, struct mc_emit *e,
	const struct mailcfg_account *a, unsigned long long shape)
{
	struct mc_stencil *slot = NULL;
	bool ok;

	if (!c->off && e->target->holes != NULL) {
		if (c->slot == NULL)
			c->slot = calloc(SLOTS, sizeof(*c->slot));
		mc_buf_reset(&c->key);
		key_of(&c->key, e, a, shape);
		if (c->slot == NULL || c->key.failed)
			return false;
		slot = slot_of(c, &c->key);
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
