/* SPDX-License-Identifier: ISC */
#include "post.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	HELD = 64 * 1024 * 1024, /* bytes of messages that wait */
	PAUSE = 5000,            /* milliseconds before the first new try */
	PAUSE_MOST = 300000,
	REST = 1000,  /* after the carrier was busy, doubled each time */
	BUSY_MOST = 5 /* so often in a row */
};

long long
post_clock(void)
{
	struct timespec t = {0, 0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool
post_sleep(long long milliseconds)
{
	long long until = post_clock() + milliseconds, left;

	while (stop_signal() == 0 && (left = until - post_clock()) > 0) {
		/* a signal need not come to the thread that sleeps */
		struct timespec pause = {0, 1000000};

		pause.tv_nsec *= left < 200 ? (long)left : 200;
		(void)nanosleep(&pause, NULL);
	}
	return stop_signal() == 0;
}

bool
post_before(struct post *p)
{
	const struct document *doc = p->doc;

	p->announced = true;
	return journal_add(&p->journal, JOURNAL_SENDING, doc->envelope->key,
		doc->account, doc->envelope->to, doc->envelope->id, true);
}

static void
say(const struct post *p, enum mc_msg message, const struct document *doc,
	const char *text)
{
	mc_say(p->g->report, message, doc->pos, NULL, NULL, "%s: %s",
		doc->envelope->to, text);
}

/* What an earlier run left in doubt. */
static void
say_doubtful(const struct post *p, const struct document *doc,
	const struct journal_past *past)
{
	time_t seconds = (time_t)past->seconds;
	char when[32] = "";
	struct tm t;

	if (gmtime_r(&seconds, &t) != NULL)
		(void)strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &t);
	mc_say(p->g->report, MC_MSG_MAIL_DOUBTFUL, doc->pos, NULL, NULL,
		"%s: a run was cut off while it was sent, %s UTC; ask, or "
		"send it again with --resend-doubtful",
		doc->envelope->to, when);
}

/* What the journal knows decides first.  false: it is not to be sent. */
static bool
is_wanted(const struct post *p, const struct document *doc, enum fate *fate)
{
	const struct journal_past past = journal_find(
		&p->journal, doc->envelope->key);

	if (past.state == JOURNAL_SENT && !p->again) {
		*fate = FATE_SAME;
		return false;
	}
	if (past.state == JOURNAL_SENDING && !p->resend_doubtful) {
		*fate = FATE_DOUBTFUL;
		say_doubtful(p, doc, &past);
		return false;
	}
	return true;
}

/* Waits for its turn, as --rate wants it.  false: a signal came. */
static bool
pace(struct post *p)
{
	long long now = post_clock();

	if (p->next > now && !post_sleep(p->next - now))
		return false;
	if (p->rate > 0)
		p->next = post_clock() + 60000 / p->rate;
	return stop_signal() == 0;
}

/* The line of the journal that says how it went. */
static void
remember(struct post *p, const struct document *doc, enum post_fate fate,
	const char *text)
{
	enum journal_state state = JOURNAL_WAITS;

	switch (fate) {
	case POST_SENT: state = JOURNAL_SENT; break;
	case POST_REFUSED: state = JOURNAL_REFUSED; break;
	case POST_WAITS:
	case POST_BUSY: break;
	case POST_DOUBTFUL: return;
	case POST_FAILED:
	case POST_NO_MEMORY:
	case POST_STOPPED:
		/* it was not, after all */
		if (!p->announced)
			return;
	}
	(void)journal_add(&p->journal, state, doc->envelope->key, doc->account,
		doc->envelope->to, text, false);
}

/* One try. */
static enum post_fate
try(struct post *p, const struct document *doc, const char *bytes, size_t n,
	char text[POST_TEXT + 1])
{
	enum post_fate fate;

	text[0] = '\0';
	if (!pace(p))
		return POST_STOPPED;
	p->doc = doc;
	p->announced = false;
	fate = p->carrier->send(p, doc, bytes, n, text);
	p->doc = NULL;
	remember(p, doc, fate, text);
	if (fate != POST_BUSY) {
		p->busy = 0;
		return fate;
	}
	/* who is hurried says no again */
	if (++p->busy >= BUSY_MOST || p->retry_for == 0)
		return POST_FAILED;
	p->next = post_clock() + ((long long)REST << (p->busy - 1));
	return fate;
}

/* Keeps it for another try.  false: there is no room. */
static bool
keep(struct post *p, const struct document *doc, const char *bytes, size_t n,
	const char *text)
{
	struct waiting *w;

	if (p->held + n > HELD)
		return false;
	w = calloc(1, sizeof(*w));
	if (w == NULL)
		return false;
	w->piece = piece_new(&p->g->sink, doc);
	mc_buf_add(&w->bytes, bytes, n);
	if (w->piece != NULL) {
		struct mc_arena *arena = &w->piece->arena;

		w->envelope = *doc->envelope;
		w->envelope.to = mc_arena_strdup(arena, doc->envelope->to);
		w->envelope.id = mc_arena_strdup(arena, doc->envelope->id);
		w->piece->doc.envelope = &w->envelope;
	}
	if (w->piece == NULL || w->piece->arena.failed || w->bytes.failed) {
		if (w->piece != NULL)
			piece_free(w->piece);
		mc_buf_free(&w->bytes);
		free(w);
		return false;
	}
	memcpy(w->text, text, POST_TEXT + 1);
	*p->last = w;
	p->last = &w->next;
	p->held += n;
	return true;
}

static void
drop(struct post *p, struct waiting *w)
{
	p->held -= w->bytes.len;
	piece_free(w->piece);
	mc_buf_free(&w->bytes);
	free(w);
}

/* What becomes of a message that will not be tried again. */
static enum fate
settle(struct post *p, const struct document *doc, enum post_fate fate,
	const char *text)
{
	struct sink *sink = &p->g->sink;

	switch (fate) {
	case POST_SENT: return FATE_SENT;
	case POST_REFUSED:
		say(p, MC_MSG_MAIL_REFUSED, doc, text);
		return FATE_REFUSED;
	case POST_WAITS:
	case POST_BUSY:
		say(p, MC_MSG_MAIL_WAITS, doc, text);
		return FATE_WAITING;
	case POST_DOUBTFUL:
		say(p, MC_MSG_MAIL_DOUBTFUL, doc, text);
		return FATE_DOUBTFUL;
	case POST_FAILED:
		sink->stopped = true;
		mc_say(p->g->report, MC_MSG_SUBMISSION, doc->pos, NULL, NULL,
			"%s", text);
		return FATE_WAITING;
	case POST_NO_MEMORY: complain_memory(p->g->program); break;
	case POST_STOPPED: break;
	}
	sink->stopped = true;
	return FATE_WAITING;
}

static void
put_post(struct sink *sink, struct piece *piece, const char *bytes, size_t n)
{
	struct post *p = sink->post;
	const struct document *doc = &piece->doc;
	char text[POST_TEXT + 1] = "";
	enum post_fate fate;

	if (!is_wanted(p, doc, &piece->fate))
		return;
	if (sink->dry_run) {
		piece->fate = FATE_SENT;
		return;
	}
	if (!p->open && !p->carrier->open(p)) {
		p->carrier->close(p);
		sink->stopped = true;
		piece->fate = FATE_WAITING;
		return;
	}
	p->open = true;
	fate = try(p, doc, bytes, n, text);
	if ((fate == POST_WAITS || fate == POST_BUSY) && p->retry_for > 0 &&
		keep(p, doc, bytes, n, text))
		piece->fate = FATE_LATER;
	else
		piece->fate = settle(p, doc, fate, text);
}

/* Tries once more what waits; what is settled is told and let go. */
static void
try_again(struct post *p, bool last)
{
	struct waiting *w = p->first, *next;

	p->first = NULL;
	p->last = &p->first;
	for (; w != NULL; w = next) {
		struct sink *sink = &p->g->sink;
		enum post_fate fate = POST_WAITS;

		next = w->next;
		w->next = NULL;
		if (!last && !sink->stopped)
			fate = try(p, &w->piece->doc, w->bytes.data,
				w->bytes.len, w->text);
		if ((fate == POST_WAITS || fate == POST_BUSY) && !last) {
			*p->last = w;
			p->last = &w->next;
			continue;
		}
		w->piece->fate = settle(p, &w->piece->doc, fate, w->text);
		sink_count(sink, w->piece);
		drop(p, w);
	}
}

/* Those that wait, with pauses that grow, as long as they may. */
static void
retry(struct post *p)
{
	long long until = post_clock() + 1000LL * p->retry_for;
	long long pause = PAUSE;

	while (p->first != NULL && !p->g->sink.stopped) {
		long long left = until - post_clock();

		if (left <= 0 || !post_sleep(pause < left ? pause : left))
			break;
		pause = 2 * pause < PAUSE_MOST ? 2 * pause : PAUSE_MOST;
		try_again(p, false);
	}
	try_again(p, true);
}

static bool
open_post(struct sink *sink)
{
	struct post *p = sink->post;

	p->last = &p->first;
	p->journal.fd = -1;
	if (p->journal_path == NULL ||
		journal_open(&p->journal, sink->program, p->journal_path,
			sink->dry_run, sink->secret))
		return true;
	(void)journal_close(&p->journal);
	return false;
}

static bool
close_post(struct sink *sink)
{
	struct post *p = sink->post;

	retry(p);
	if (p->open)
		p->carrier->close(p);
	p->open = false;
	return journal_close(&p->journal);
}

/* A document comes as a whole: put_post(). */
const struct sink_kind sink_post = {
	.several = true,
	.open = open_post,
	.put = put_post,
	.close = close_post,
};
