/* SPDX-License-Identifier: ISC */
/* Documents: which of them, under which names, and their bytes. */
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "gen.h"
#include "guard.h"
#include "name.h"

const char *
document_folder(struct worker *w, const struct mailcfg_account *a)
{
	const char *key = NULL;

	switch (w->g->o.by) {
	case BY_NOTHING: return NULL;
	case BY_ACCOUNT: key = a->identity; break;
	case BY_PERSON:
		key = a->person;
		/* operands are one person, who is called like the first */
		if (key == NULL)
			key = w->n_group > 0
				? w->members[0]->account->a.identity
				: a->identity;
		break;
	case BY_DOMAIN: key = a->domain; break;
	}
	return mc_file_name(&w->batch.arena, key, "");
}

static bool
has_password(const struct mailcfg_account *a)
{
	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		if (a->server[i].password != NULL)
			return true;
	return false;
}

bool
document_is_secret(const struct gen *g, const struct mc_doc *doc,
	const struct mailcfg_account *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (doc->secret && g->emit.embed_password &&
			has_password(list[i]))
			return true;
	return false;
}

void
document_sum(struct batch *b, struct document *doc, const char *bytes, size_t n)
{
	const struct mc_part_bytes parts[] = {{bytes, n}, {NULL, 0}};
	unsigned char *sum = mc_arena_alloc(&b->arena, MC_SHA256_SIZE);

	if (sum == NULL)
		return;
	mc_sha256(parts, sum);
	doc->sum = sum;
	doc->size = n;
}

/* A document on its way into the batch. */
struct making {
	struct worker *w;
	const struct mc_target *target;
	size_t at; /* of o.targets */
	enum mc_scope scope;
	const struct mailcfg_account *const *list;
	size_t n;
	struct spot spot;
	const char *key;    /* what it is named after */
	const char *folder; /* NULL: none */
	bool told;          /* somebody asks whose documents they are */
	/* others of the group have the place where its person looks first */
	bool further;
};

/* How the document shows in a stream; NULL: the sink wants its bytes. */
static const struct frame *
frame_of(const struct making *m)
{
	const struct gen *g = m->w->g;

	/* another way frames what it makes of them */
	if (m->scope == MC_SCOPE_RUN || !gen_is_framed(g) || g->way != NULL)
		return NULL;
	return g->sink.frame;
}

/* Whether the ordered stage asks: a stream is made, but for a report. */
static bool
is_labelled(const struct making *m)
{
	return frame_of(m) == NULL || m->w->g->o.report != NULL;
}

/* Whether anybody asks whose document it is. */
static bool
is_told(const struct making *m)
{
	return is_labelled(m) || !frame_of(m)->silent;
}

/* The row of docs[] of the i-th document. */
static size_t
row_of(const struct making *m, size_t i)
{
	return mc_target_row(m->target, i, m->list[0], &m->w->g->emit);
}

/* What the report tells of where a document lies; NULL: nothing. */
static const char *
url_of(const struct making *m, const struct mc_doc *kind)
{
	const struct gen *g = m->w->g;

	return g->o.report == NULL || kind->at_link == MC_AT_LINK_NOTHING ||
			g->emit.link == NULL
		? NULL
		: mc_link_url(&m->w->batch.arena, g->emit.link, m->list[0]);
}

static bool
is_signed(const struct making *m, size_t row)
{
	return m->scope != MC_SCOPE_RUN &&
		gen_signs(m->w->g, &m->target->docs[row]);
}

/* The name of the document of a row. */
static const char *
name_of(const struct making *m, const struct mc_doc *kind,
	struct mc_arena *arena)
{
	const struct gen *g = m->w->g;

	if (m->scope == MC_SCOPE_RUN)
		return kind->suffix;
	if (kind->own_name != NULL && !m->further &&
		(g->o.by == BY_ACCOUNT || g->o.by == BY_PERSON))
		return kind->own_name;
	return mc_document_name(arena, kind, m->key, m->list[0], &g->emit);
}

/* Whoever tells of them will be told. */
static void
note_made(const struct making *m)
{
	size_t n = mc_target_docs(m->target);

	if (!m->w->g->o.manifest || m->scope == MC_SCOPE_RUN)
		return;
	for (size_t i = 0; i < n; i++) {
		size_t row = row_of(m, i);
		const char *name = name_of(
			m, &m->target->docs[row], &m->w->work);

		if (name != NULL)
			handout_made(m->w,
				&(struct mc_made){m->target,
					&m->target->docs[row], name, m->list,
					m->n, m->further});
	}
}

/* The document of a row. */
static struct document
document_of(const struct making *m, size_t i)
{
	const struct mc_doc *kind = &m->target->docs[i];
	bool secret = document_is_secret(m->w->g, kind, m->list, m->n);

	if (!m->told)
		return (struct document){.secret = secret};
	return (struct document){
		.folder = m->folder,
		.name = name_of(m, kind, &m->w->batch.arena),
		.url = url_of(m, kind),
		.secret = secret,
		.binary = kind->binary || is_signed(m, i),
		.pos = &m->list[0]->pos,
		.account = m->list[0]->mailbox,
		.target = m->target->name,
		.type = kind->type,
	};
}

/*
 * Signs the bytes from start on, if those of that row are; it may fail the
 * buffer.
 */
static void
sign(const struct making *m, size_t row, size_t start)
{
	struct mc_buf *out = &m->w->batch.out;

	/* without memory libcrypto may go on, and wrongly */
	if (is_signed(m, row) &&
		(!mc_sign(m->w->signing, out, start) || guard_failed()))
		out->failed = true;
}

/* What the report tells of the bytes from start on, before they are framed. */
static void
sum_up(const struct making *m, struct document *doc, size_t start)
{
	struct batch *b = &m->w->batch;

	if (m->w->g->o.report != NULL)
		document_sum(b, doc,
			b->out.len == start ? "" : b->out.data + start,
			b->out.len - start);
}

static const struct label *
label_of(const struct making *m, const struct document *doc)
{
	struct mc_arena *arena = &m->w->batch.arena;
	struct label *label = mc_arena_alloc(arena, sizeof(*label));

	if (label == NULL)
		return NULL;
	label->name = doc->name;
	label->folder = doc->folder;
	label->url = doc->url;
	label->account = mc_arena_strdup(arena, doc->account);
	if (m->list[0]->person != NULL)
		label->person = mc_arena_strdup(arena, m->list[0]->person);
	label->sum = doc->sum;
	label->bytes = doc->size;
	return label;
}

/* An entry for bytes of batch.out from start on. */
static void
enter(const struct making *m, size_t i, const struct document *doc,
	size_t start, const struct domain_mark *domain)
{
	struct batch *b = &m->w->batch;
	struct entry *e = batch_add(b, ENTRY_DOC);

	if (e == NULL)
		return;
	e->own = true;
	e->secret = doc->secret;
	e->follows = i > 0;
	e->run = m->scope == MC_SCOPE_RUN;
	e->doc = (unsigned char)row_of(m, i);
	e->target = (unsigned short)m->at;
	e->spot = m->spot;
	e->u.doc.start = start;
	e->u.doc.size = b->out.len - start;
	e->u.doc.domain = domain;
	if (is_labelled(m))
		e->u.doc.label = label_of(m, doc);
}

void
document_take_back(struct batch *b, size_t n, size_t start)
{
	b->n = n;
	if (b->out.data != NULL && b->out.len > start)
		mc_wipe(b->out.data + start, b->out.len - start);
	b->out.len = start < b->out.len ? start : b->out.len;
	b->out.failed = false;
}

/* Writes the documents in out[] behind each other. */
static void
put(const struct making *m, const struct mc_buf out[MC_DOCS_MAX],
	const struct domain_mark *domain)
{
	struct mc_buf *to = &m->w->batch.out;
	const struct frame *frame = frame_of(m);

	for (size_t i = 0; i < mc_target_docs(m->target); i++) {
		struct document doc = document_of(m, row_of(m, i));
		size_t start = to->len, own;

		if (m->w->batch.arena.failed)
			return;
		if (frame != NULL && frame->open != NULL)
			frame->open(to, &doc);
		own = to->len;
		mc_buf_add(to, out[i].data, out[i].len);
		sign(m, row_of(m, i), own);
		if (!to->failed)
			sum_up(m, &doc, own);
		if (frame != NULL && frame->close != NULL)
			frame->close(to, &doc, start);
		enter(m, i, &doc, start, domain);
	}
}

/* One document of one account, made where it shall stand. */
static bool
make_in_place(const struct making *m, unsigned long long shape)
{
	struct worker *w = m->w;
	struct mc_buf *to = &w->batch.out;
	const struct frame *frame = frame_of(m);
	struct document doc = document_of(m, row_of(m, 0));
	struct mc_emit e = {.target = m->target,
		.options = &w->g->emit,
		.out = to,
		.arena = &w->work,
		.made = w->made,
		.n_made = w->n_made};
	size_t start = to->len, n = w->batch.n, own;
	bool ok;

	if (w->batch.arena.failed)
		return false;
	if (frame != NULL && frame->open != NULL)
		frame->open(to, &doc);
	own = to->len;
	ok = mc_stencil_make(&w->stencils, &e, m->list[0], shape) &&
		!guard_failed();
	if (ok)
		sign(m, row_of(m, 0), own);
	if (ok && !to->failed && m->scope != MC_SCOPE_RUN)
		sum_up(m, &doc, own);
	if (ok && frame != NULL && frame->close != NULL)
		frame->close(to, &doc, start);
	if (ok && !to->failed)
		enter(m, 0, &doc, start, NULL);
	ok = ok && !to->failed && !w->batch.arena.failed;
	if (!ok)
		document_take_back(&w->batch, n, start);
	return ok;
}

/* The documents, made aside. */
static bool
make_aside(const struct making *m, unsigned long long shape)
{
	struct worker *w = m->w;
	struct mc_emit e = {.target = m->target,
		.options = &w->g->emit,
		.out = w->out,
		.arena = &w->work,
		.made = w->made,
		.n_made = w->n_made};
	const struct domain_mark *domain = NULL;
	size_t start = w->batch.out.len, n = w->batch.n;
	bool ok;

	if (m->n == 1)
		ok = mc_stencil_make(&w->stencils, &e, m->list[0], shape);
	else if (m->scope == MC_SCOPE_RUN)
		ok = m->target->person(&e, m->list, m->n) && !w->work.failed;
	else
		ok = mc_emit_accounts(&e, m->list, m->n);
	ok = ok && !guard_failed();
	if (ok && m->scope == MC_SCOPE_DOMAIN) {
		domain = domain_mark(w, m->at, &e, m->list[0], m->folder);
		ok = domain != NULL;
	}
	if (ok)
		put(m, w->out, domain);
	ok = ok && !w->batch.out.failed && !w->batch.arena.failed;
	if (!ok)
		document_take_back(&w->batch, n, start);
	for (size_t i = 0; i < MC_DOCS_MAX; i++)
		mc_buf_reset(&w->out[i]);
	return ok;
}

/* Makes the documents of the accounts; what is not set of m is none or 0. */
static void
make(struct making *m, unsigned long long shape)
{
	struct worker *w = m->w;
	bool ok;

	m->target = w->g->o.targets[m->at].target;
	m->key = m->scope == MC_SCOPE_DOMAIN ? m->list[0]->domain
					     : m->list[0]->identity;
	m->folder = document_folder(w, m->list[0]);
	m->told = is_told(m);
	if (m->n == 1 && m->scope != MC_SCOPE_DOMAIN &&
		mc_target_docs(m->target) == 1)
		ok = make_in_place(m, shape);
	else
		ok = make_aside(m, shape);
	if (!ok)
		worker_fail(w);
	else
		note_made(m);
}

void
document_make(struct worker *w, size_t at, const struct mailcfg_account *a,
	unsigned long long shape, enum mc_scope scope, struct spot spot)
{
	struct making m = {.w = w,
		.at = at,
		.scope = scope,
		.list = &a,
		.n = 1,
		.spot = spot};

	if (w->g->o.targets[at].bare && scope == MC_SCOPE_ACCOUNT) {
		bare_make(w, at, a, shape, spot);
		return;
	}
	domain_note(w, at, a, spot);
	make(&m, shape);
}

/* Counts what is not written for an account that is refused. */
static void
count_refused(struct worker *w, size_t at, const struct mailcfg_account *a)
{
	const struct mc_target *target = w->g->o.targets[at].target;
	const struct making m = {
		.w = w, .target = target, .list = &a, .key = a->identity};

	for (size_t i = 0; i < mc_target_docs(target); i++) {
		struct entry *e = batch_add(&w->batch, ENTRY_REFUSED);
		struct label *label = mc_arena_alloc(
			&w->batch.arena, sizeof(*label));
		size_t row;

		if (e == NULL || label == NULL)
			break;
		e->own = true;
		row = mc_target_row(target, i, a, &w->g->emit);
		e->doc = (unsigned char)row;
		e->target = (unsigned short)at;
		e->u.doc.label = label;
		label->folder = document_folder(w, a);
		label->account = mc_arena_strdup(&w->batch.arena, a->mailbox);
		label->name = name_of(&m, &target->docs[row], &w->batch.arena);
	}
	if (w->batch.arena.failed)
		worker_fail(w);
}

static const struct mailcfg_account *
admit(struct worker *w, size_t at, const struct mailcfg_account *a,
	unsigned long long *shape)
{
	const struct choice *choice = &w->g->o.targets[at];
	unsigned long errors = w->report.errors;
	const struct mailcfg_account *admitted;

	w->report.sum = 0;
	admitted = mc_target_admit(choice->target, a, &w->g->emit,
		choice->lenient, &w->work, &w->report, shape);
	w->verdicts[at] = (struct verdict){
		admitted == NULL ? 0 : *shape, w->report.sum, admitted == NULL};
	if (w->work.failed)
		worker_fail(w);
	else if (admitted == NULL && w->report.errors != errors &&
		mc_target_scope(choice->target, a, &w->g->emit) ==
			MC_SCOPE_ACCOUNT)
		count_refused(w, at, a);
	return w->stop ? NULL : admitted;
}

/* Whether the accounts of a group make one document, or one entry in it. */
static bool
joins(const struct gen *g, const struct mc_target *target, enum mc_scope scope)
{
	if (handout_joins(&g->o, target))
		return true;
	return scope == MC_SCOPE_ACCOUNT && g->o.combine &&
		(target->can & MC_CAN_SEVERAL) != 0;
}

/* Accounts that go into documents together. */
struct group {
	const struct mailcfg_account *list[GROUP_MAX];
	unsigned long long shape[GROUP_MAX];
	struct spot spot[GROUP_MAX];
	size_t n;
	enum mc_scope scope;
	size_t start[GROUP_MAX + 1]; /* of each document */
	size_t n_docs;
};

static void
make_group(struct worker *w, size_t at, const struct group *group, size_t i,
	bool further)
{
	size_t start = group->start[i];
	struct making m = {.w = w,
		.at = at,
		.scope = group->scope,
		.list = group->list + start,
		.n = group->start[i + 1] - start,
		.spot = group->spot[start],
		.further = further};

	make(&m, group->shape[start]);
}

/* As many documents as it takes; the first may tell of the others. */
static void
make_groups(struct worker *w, size_t at, struct group *group)
{
	const struct mc_target *target = w->g->o.targets[at].target;
	bool last_first = (target->can & MC_WANTS_MANIFEST) != 0;

	for (size_t i = 0, k; i < group->n; i += k) {
		k = mc_target_fit(target, &w->work, group->list + i,
			group->n - i, &w->g->emit);
		if (k == 0) {
			worker_fail(w);
			return;
		}
		group->start[group->n_docs++] = i;
	}
	group->start[group->n_docs] = group->n;
	for (size_t i = 0; i < group->n_docs && !w->stop; i++) {
		size_t doc = last_first ? group->n_docs - 1 - i : i;

		make_group(w, at, group, doc, last_first && doc > 0);
	}
}

void
documents_make(struct worker *w, size_t at)
{
	const struct mc_target *target = w->g->o.targets[at].target;
	struct group group = {.n = 0};

	for (size_t i = 0; i < w->n_group && !w->stop; i++) {
		const struct member *m = w->members[i];
		unsigned long long shape = 0;
		const struct mailcfg_account *a = admit(
			w, at, &m->account->a, &shape);
		struct making alone = {
			.w = w, .at = at, .list = &a, .n = 1, .spot = m->spot};

		if (a == NULL)
			continue;
		domain_note(w, at, a, m->spot);
		alone.scope = mc_target_scope(target, a, &w->g->emit);
		if (!joins(w->g, target, alone.scope)) {
			make(&alone, shape);
			continue;
		}
		group.scope = alone.scope;
		group.shape[group.n] = shape;
		group.spot[group.n] = m->spot;
		group.list[group.n++] = a;
	}
	if (!w->stop)
		make_groups(w, at, &group);
}
