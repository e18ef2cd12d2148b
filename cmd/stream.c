/* SPDX-License-Identifier: ISC */
/* Documents with the accounts of a whole run: they are written as it goes. */
#include <string.h>

#include "gen.h"
#include "guard.h"
#include "name.h"

/* Gives away what the target has written to begin or end its lists. */
static bool
pass_on(struct stream *s, size_t docs)
{
	bool ok = true;

	for (size_t i = 0; i < docs; i++) {
		struct mc_buf *buf = &s->out[i];

		if (buf->failed)
			ok = false;
		else if (s->piece[i] != NULL)
			ok = sink_write(s->piece[i], buf->data, buf->len) && ok;
		mc_buf_reset(buf);
	}
	return ok;
}

static void
stream_close(struct gen *g, struct stream *s, bool keep)
{
	const struct mc_target *target = s->emit.target;
	size_t docs;

	if (!s->open)
		return;
	docs = mc_target_docs(target);
	s->emit.failed = s->emit.failed || !keep;
	if (target->end != NULL && !target->end(&s->emit))
		s->emit.failed = true;
	if (guard_failed() || s->arena.failed)
		s->emit.failed = true;
	if (keep && s->emit.failed) {
		complain_memory(g->program);
		g->stop = true;
	}
	if (!s->emit.failed)
		(void)pass_on(s, docs);
	for (size_t i = 0; i < docs; i++) {
		if (s->piece[i] != NULL)
			sink_end(s->piece[i], !s->emit.failed);
		s->piece[i] = NULL;
		mc_buf_free(&s->out[i]);
	}
	mc_arena_free(&s->arena);
	s->open = false;
}

/* A list that was closed cannot be gone on with. */
static bool
is_late(struct gen *g, const struct mc_target *target, const char *folder,
	const struct entry *e)
{
	struct mailcfg_pos first, pos;
	unsigned char key[16];
	struct spot spot;

	/* without folders there is one list, and an account comes once */
	if (g->o.by == BY_NOTHING || g->o.by == BY_ACCOUNT)
		return false;
	seen_key(key, (const char *const[]){target->name, folder, NULL});
	if (!seen_find(&g->folders, key, &spot)) {
		if (!seen_add(&g->folders, key, e->spot, NULL)) {
			complain_memory(g->program);
			g->stop = true;
		}
		return g->stop;
	}
	first = spot_pos(g, spot);
	pos = spot_pos(g, e->spot);
	mc_say(g->report, MC_MSG_NOT_ADJACENT, &pos, NULL, target->name,
		"%s: the list in %s/ began at %s:%u:%u; sort the records",
		target->name, folder, first.file, first.line, first.column);
	return true;
}

static void
stream_open(struct gen *g, struct stream *s, const struct mc_target *target,
	const char *folder, const struct entry *e)
{
	const struct mailcfg_pos pos = spot_pos(g, e->spot);

	(void)snprintf(s->folder, sizeof(s->folder), "%s", folder);
	s->emit = (struct mc_emit){.target = target,
		.options = &g->emit,
		.out = s->out,
		.arena = &s->arena};
	if (target->begin != NULL && !target->begin(&s->emit)) {
		complain_memory(g->program);
		g->stop = true;
		return;
	}
	s->open = true;
	for (size_t i = 0; i < mc_target_docs(target); i++) {
		const struct document doc = {
			.folder = *folder == '\0' ? NULL : s->folder,
			.name = target->docs[i].suffix,
			/* later accounts may have a password */
			.secret = target->docs[i].secret &&
				g->emit.embed_password,
			.binary = target->docs[i].binary,
			.pos = &pos,
			.account = e->u.doc.label->account,
			.target = target->name,
			.type = target->docs[i].type,
		};

		s->piece[i] = sink_begin(&g->sink, &doc);
	}
	if (g->sink.stopped)
		g->stop = true;
}

/* Makes ready for an account more. */
static void
stream_turn(struct gen *g, struct stream *s, const struct entry *e)
{
	const struct mc_target *target = g->o.targets[e->target].target;
	const char *folder = e->u.doc.label->folder;

	if (folder == NULL)
		folder = "";
	if (s->open && strcmp(s->folder, folder) != 0)
		stream_close(g, s, true);
	s->refused = false;
	if (!s->open) {
		s->refused = is_late(g, target, folder, e);
		if (!s->refused && !g->stop)
			stream_open(g, s, target, folder, e);
	}
	if (g->stop || s->refused)
		return;
	if (s->emit.count++ > 0 && target->between != NULL)
		mc_buf_puts(&s->out[0], target->between);
	if (!pass_on(s, mc_target_docs(target)) && g->sink.stopped)
		g->stop = true;
}

void
stream_add(struct gen *g, const struct entry *e, const char *bytes)
{
	struct stream *s = &g->streams[e->target];
	struct piece *piece;

	if (!e->follows)
		stream_turn(g, s, e);
	if (g->stop || s->refused || !s->open)
		return;
	piece = s->piece[e->doc];
	if (piece != NULL && !sink_write(piece, bytes, e->u.doc.size) &&
		g->sink.stopped)
		g->stop = true;
}

void
streams_finish(struct gen *g, bool keep)
{
	for (size_t i = 0; i < g->o.n_targets; i++)
		stream_close(g, &g->streams[i], keep);
}
