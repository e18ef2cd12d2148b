/* SPDX-License-Identifier: ISC */
/*
 * The ordered stage.  Batches come one after the other, in the order of the
 * input, whatever thread made them; all that one record may know of another
 * is decided here.
 */
#include "context.h"
#include "gen.h"

/* Framed bytes of neighbours that go out together. */
struct stretch {
	size_t start;
	size_t end;
	unsigned long docs;
};

static bool
is_empty(const struct stretch *s)
{
	return s->docs == 0 && s->end == s->start;
}

/* buf: the batch's, where its bytes are not wanted any more; or NULL. */
static void
pass(struct gen *g, const struct batch *b, struct stretch *s,
	struct mc_buf *buf)
{
	if (!is_empty(s) && !g->stop) {
		/* it gets them back */
		if (s->start < b->lead)
			mc_buf_rewind(&g->sink.bytes);
		if (!g->sink.kind->pass(&g->sink, b->out.data + s->start,
			    s->end - s->start, s->docs, buf))
			g->stop = true;
	}
	*s = (struct stretch){0};
}

static void
relay(struct gen *g, const struct mailcfg_diag *diag)
{
	g->report->errors += diag->level == MAILCFG_ERROR;
	g->report->warnings += diag->level == MAILCFG_WARNING;
	if (g->report->fn != NULL)
		g->report->fn(g->report->context, diag);
	/* whoever says it, what comes after cannot be whole */
	if (diag->slug == mc_messages[MC_MSG_NO_MEMORY].slug)
		g->stop = true;
}

/* What is said of many accounts alike is counted, not looked at again. */
static void
repeat(struct gen *g, const struct entry *e)
{
	struct complain *complain = &g->program->complain;
	struct mailcfg_diag diag = *e->u.repeat.diag;

	/* else it is of an option or a preset, and stands where it stood */
	if (e->spot.line > 0)
		diag.pos = spot_pos(g, e->spot);
	if (!complain_again(complain, &diag, e->u.repeat.kin))
		relay(g, &diag);
	else if (complain->report == NULL)
		*e->u.repeat.known = true;
}

/* The mailbox came before: the first record stands. */
static void
say_duplicate(struct gen *g, const struct entry *e, struct spot spot)
{
	struct mailcfg_pos first = spot_pos(g, spot),
			   pos = spot_pos(g, e->spot);

	mc_say(g->report, MC_MSG_DUPLICATE_ACCOUNT, &pos, NULL, NULL,
		"%s: %s:%u:%u came first", e->u.seen.text, first.file,
		first.line, first.column);
}

static void
no_memory(struct gen *g)
{
	if (complain_status(&g->program->complain) != STATUS_MEMORY)
		complain_memory(g->program);
	g->stop = true;
}

/* What must be done at the provider first, once for each provider. */
static void
say_provider(struct gen *g, const struct entry *e)
{
	const struct mailcfg_provider *p = e->u.done.provider;
	const struct mailcfg_pos pos = spot_pos(g, e->spot);
	unsigned char key[16];

	seen_key(key, (const char *const[]){p->id, p->pos.file, NULL});
	if (seen_find(&g->told, key, NULL))
		return;
	if (!seen_add(&g->told, key, e->spot, NULL)) {
		no_memory(g);
		return;
	}
	if (*e->u.done.preparation != '\0')
		mc_say(g->report, MC_MSG_PREPARATION, &pos, NULL, NULL, "%s",
			e->u.done.preparation);
	if (p->status == MAILCFG_STATUS_BROKEN)
		mc_say(g->report, MC_MSG_PRESET_DOUBTFUL, &pos, NULL, NULL,
			"%s: try one account first", p->name);
}

static void
put(struct gen *g, const struct batch *b, const struct entry *e)
{
	static const struct mc_doc message = {.type = "message/rfc822"};
	const struct mc_target *target = g->o.targets[e->target].target;
	const struct mailcfg_pos pos = spot_pos(g, e->spot);
	static const struct label none = {.name = ""};
	const struct label *label = e->u.doc.label == NULL ? &none
							   : e->u.doc.label;
	const struct mc_doc *kind = label->envelope == NULL
		? &target->docs[e->doc]
		: &message;
	const struct document doc = {
		.folder = label->folder,
		.name = label->name,
		.secret = e->secret,
		.binary = kind->binary || gen_signs(g, kind),
		.pos = &pos,
		.account = label->account,
		.target = label->envelope == NULL ? target->name : "mail",
		.type = kind->type,
		.person = label->person,
		.url = label->url,
		.sum = label->sum,
		.size = label->bytes,
		.envelope = label->envelope,
	};

	if (gen_is_framed(g) && e->kind != ENTRY_REFUSED)
		sink_tell(&g->sink, &doc);
	else if (e->kind == ENTRY_REFUSED)
		sink_refused(&g->sink, &doc);
	else
		sink_put(&g->sink, &doc, b->out.data + e->u.doc.start,
			e->u.doc.size);
	if (g->sink.stopped)
		g->stop = true;
}

/* A batch under way. */
struct walk {
	struct gen *g;
	const struct batch *b;
	struct stretch stretch;
	const struct entry *raw;    /* the record at hand, with --rejects */
	struct mc_buf reasons;      /* why it is refused */
	const struct entry *record; /* the account at hand */
	bool skip;                  /* it is no new one */
	bool skip_docs;             /* its documents of this target are not */
};

/* A framed document goes out, with its neighbours. */
static void
stretch_add(struct walk *w, size_t start, size_t size)
{
	struct stretch *s = &w->stretch;

	if (!is_empty(s) && s->end == start) {
		s->end += size;
		s->docs++;
	} else {
		pass(w->g, w->b, s, NULL);
		*s = (struct stretch){start, start + size, 1};
	}
}

static void
take_document(struct walk *w, const struct entry *e)
{
	struct gen *g = w->g;
	const struct mc_target *target = g->o.targets[e->target].target;
	unsigned long errors = g->report->errors;
	size_t left = (size_t)(w->b->entries + w->b->n - e);

	if (!e->follows)
		w->skip_docs = e->u.doc.domain != NULL && !domain_is_new(g, e);
	if (w->skip_docs && g->report->errors != errors)
		/* out of memory some may be missing */
		for (size_t i = 0; i < mc_target_docs(target) && i < left; i++)
			put(g, w->b,
				&(const struct entry){.kind = ENTRY_REFUSED,
					.target = e->target,
					.doc = (unsigned char)i,
					.spot = e->spot,
					.u.doc = e[i].u.doc});
	if (w->skip_docs)
		return;
	if (e->run) {
		stream_add(g, e, w->b->out.data + e->u.doc.start);
		return;
	}
	/* a stream is only told of it */
	if (!gen_is_framed(g) || g->sink.report != NULL)
		put(g, w->b, e);
	if (gen_is_framed(g))
		stretch_add(w, e->u.doc.start, e->u.doc.size);
}

static void
take_account(struct walk *w, const struct entry *e)
{
	struct gen *g = w->g;

	if (w->record != NULL &&
		!seen_add(&g->identities, w->record->u.seen.key,
			w->record->spot, NULL)) {
		no_memory(g);
		return;
	}
	w->record = NULL;
	g->n_accounts++;
	g->from_option |= e->u.done.from_option;
	if (e->u.done.preparation != NULL)
		say_provider(g, e);
}

/* An account that is complete at once. */
static void
take_whole(struct walk *w, const struct entry *e)
{
	struct gen *g = w->g;
	struct spot first;

	w->record = NULL;
	switch (seen_enter(&g->identities, e->u.seen.key, e->spot, &first)) {
	case SEEN_NEW:
		w->skip = false;
		g->n_accounts++;
		g->from_option |= e->u.seen.from_option;
		if (e->u.seen.size > 0)
			stretch_add(w, e->u.seen.start, e->u.seen.size);
		break;
	case SEEN_BEFORE:
		w->skip = true;
		say_duplicate(g, e, first);
		break;
	case SEEN_NO_MEMORY: no_memory(g); break;
	}
}

/* The record at hand is over; another begins, or NULL. */
static void
turn(struct walk *w, const struct entry *raw)
{
	if (w->raw != NULL && w->reasons.len > 0)
		rejects_add(w->g, w->raw, w->reasons.data);
	mc_buf_reset(&w->reasons);
	w->raw = raw;
}

static void
take(struct walk *w, const struct entry *e)
{
	struct gen *g = w->g;
	struct spot first;

	switch ((enum entry_kind)e->kind) {
	case ENTRY_SAY: relay(g, e->u.diag); break;
	case ENTRY_RAW: turn(w, e); break;
	case ENTRY_REPEAT: repeat(g, e); break;
	case ENTRY_RECORD:
		w->skip = seen_find(&g->identities, e->u.seen.key, &first);
		if (w->skip)
			say_duplicate(g, e, first);
		w->record = e;
		break;
	case ENTRY_ACCOUNT: take_whole(w, e); break;
	case ENTRY_DONE: take_account(w, e); break;
	case ENTRY_SHARED: domain_warn(g, e); break;
	case ENTRY_DOC: take_document(w, e); break;
	case ENTRY_REFUSED: put(g, w->b, e); break;
	case ENTRY_STOP: g->stop = true; break;
	}
}

/* So many entries ahead; 6 and 24 do as well, all at once does not. */
enum { SOON = 12 };

/* Says of an account, if there is one, that it will be looked for. */
static inline void
expect(const struct gen *g, const struct batch *b, size_t at)
{
	if (at < b->n &&
		(b->entries[at].kind == ENTRY_RECORD ||
			b->entries[at].kind == ENTRY_ACCOUNT))
		seen_expect(&g->identities, b->entries[at].u.seen.key);
}

void
commit(struct gen *g, struct batch *b)
{
	struct walk w = {.g = g, .b = b, .stretch = {.end = b->lead}};

	for (size_t i = 0; i < SOON; i++)
		expect(g, b, i);
	if (g->rejects.open)
		g->program->complain.reasons = &w.reasons;
	for (size_t i = 0; i < b->n && !g->stop && stop_signal() == 0; i++) {
		const struct entry *e = &b->entries[i];

		expect(g, b, i + SOON);
		if (e->kind == ENTRY_RECORD || e->kind == ENTRY_ACCOUNT ||
			!e->own)
			w.skip = false;
		if (!w.skip || e->kind == ENTRY_STOP)
			take(&w, e);
		/* the worker gives it on once, be it with a duplicate */
		else if (e->kind == ENTRY_DONE && e->u.done.preparation != NULL)
			say_provider(g, e);
	}
	turn(&w, NULL);
	g->program->complain.reasons = NULL;
	mc_buf_free(&w.reasons);
	pass(g, b, &w.stretch, b->gives ? &b->out : NULL);
	if (b->no_memory || b->arena.failed)
		no_memory(g);
	/* its source waits for somebody */
	if (gen_is_framed(g) && g->sink.path == NULL && !b->full && !g->stop &&
		!sink_whole_drain(&g->sink))
		g->stop = true;
	progress_show(&g->progress, g->n_accounts);
	if (g->progress.total > 0 && g->progress.read > 0)
		g->identities.expected = g->progress.total /
			(g->progress.read / (g->n_accounts + 1) + 1);
	mc_arena_reset(&g->work);
	batch_reset(b);
}
