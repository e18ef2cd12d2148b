/* SPDX-License-Identifier: ISC */
/* --from: files and standard input, record by record. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "from.h"

/* poll(2); a file need not be asked. */
static int
poll_input(const struct input *in, int timeout_ms)
{
	struct pollfd poll_fd = {.fd = in->fd, .events = POLLIN};

	return in->is_file ? 1 : poll(&poll_fd, 1, timeout_ms);
}

/* Nothing is to be read yet. */
static bool
waits(void *context)
{
	const struct input *in = context;

	return in->at == in->n_peek && !in->read_all && poll_input(in, 0) == 0;
}

static long
read_fd(struct input *in, void *out, size_t size)
{
	ssize_t n;

	/*
	 * What was read is carried out before anybody waits for more.  But
	 * --rejects wants a record and what was said of it in one batch.
	 */
	if ((in->w->batch.n > 0 || in->w->batch.lead > 0) &&
		!in->g->rejects.open && waits(in))
		input_settle(in);
	for (;;) {
		/* a signal need not come to the thread that reads */
		int ready = poll_input(in, 200);

		if (stop_signal() != 0) {
			errno = EINTR;
			return -1;
		}
		if (ready == 0 || (ready < 0 && errno == EINTR))
			continue;
		n = read(in->fd, out, size);
		if (n > 0)
			in->g->progress.read += (uint64_t)n;
		if (n >= 0 || errno != EINTR)
			return n;
	}
}

static long
read_source(void *context, void *out, size_t size)
{
	struct input *in = context;
	size_t left = in->n_peek - in->at;

	if (left == 0)
		return in->read_all ? 0 : read_fd(in, out, size);
	if (left > size)
		left = size;
	memcpy(out, in->peek + in->at, left);
	in->at += left;
	return (long)left;
}

/* A mailcfg_report_fn. */
static void
say(void *context, const struct mailcfg_diag *diag)
{
	struct input *in = context;

	in->w->report.errors += diag->level == MAILCFG_ERROR;
	batch_say(&in->w->batch, diag, in->w->own);
}

static bool
cannot_read(struct input *in)
{
	const struct mailcfg_pos pos = {in->path, 0, 0};

	mc_say(&in->w->report, MC_MSG_NO_INPUT, &pos, NULL, NULL, "%s",
		strerror(errno));
	return false;
}

/* Reads the beginning, to tell the format by it. */
static bool
peek(struct input *in)
{
	while (in->n_peek < sizeof(in->peek) && !in->read_all) {
		long n = read_fd(in, in->peek + in->n_peek,
			sizeof(in->peek) - in->n_peek);

		if (n < 0)
			return cannot_read(in);
		in->n_peek += (size_t)n;
		in->read_all = n == 0;
	}
	return true;
}

static bool
find_syntax(struct input *in)
{
	const struct mailcfg_pos pos = {in->path, 0, 0};

	in->syntax = in->g->o.syntax;
	if (in->syntax == NULL && strcmp(in->path, "-") != 0)
		in->syntax = mc_syntax_by_suffix(in->path);
	if (in->syntax != NULL)
		return true;
	if (!peek(in))
		return false;
	in->syntax = mc_syntax_sniff(in->peek, in->n_peek);
	if (in->syntax != NULL)
		return true;
	if (in->n_peek == 0)
		mc_say(&in->w->report, MC_MSG_EMPTY_INPUT, &pos, NULL, NULL,
			"there is nothing in it");
	else
		mc_say(&in->w->report, MC_MSG_UNKNOWN_FORMAT, &pos, NULL, NULL,
			"give --from-format");
	return false;
}

static bool
bind_columns(struct input *in)
{
	const struct mailcfg_pos pos = {"--column", 1, 1};
	const struct gen_options *o = &in->g->o;

	if (o->n_columns > 0 && !in->syntax->columns) {
		mc_say(&in->w->report, MC_MSG_USAGE, &pos, NULL, NULL,
			"%s is no table: %s has names of its own", in->path,
			in->syntax->name);
		return false;
	}
	for (size_t i = 0; i < o->n_columns; i++)
		if (!mc_bind_pattern(
			    &in->binding, o->columns[i], &pos, &in->w->report))
			return false;
	return true;
}

static bool
open_input(struct input *in)
{
	struct stat st;

	if (strcmp(in->path, "-") == 0)
		in->fd = STDIN_FILENO;
	else
		in->fd = open(in->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (in->fd == -1)
		return cannot_read(in);
	in->is_file = fstat(in->fd, &st) == 0 && S_ISREG(st.st_mode);
	if (!find_syntax(in) || !bind_columns(in))
		return false;
	in->source = (struct mc_source){in->path, read_source, in, waits};
	in->report = (struct mc_report){.fn = say, .context = in};
	in->reader = in->syntax->open(in->syntax, &in->source, &in->report);
	if (in->reader != NULL)
		return true;
	worker_fail(in->w);
	return false;
}

static void
close_input(struct input *in)
{
	if (in->reader != NULL)
		in->syntax->close(in->reader);
	mc_bind_free(&in->binding);
	if (in->fd > STDIN_FILENO)
		(void)close(in->fd);
	explicit_bzero(in->peek, sizeof(in->peek));
}

/* Passwords are taken only from what others cannot read.  false: stop. */
static bool
check_private(struct input *in, struct worker *w)
{
	if (in->private)
		return true;
	in->private = secret_is_private(in->g, &w->report,
		MC_MSG_READABLE_SECRET, in->fd,
		strcmp(in->path, "-") == 0 ? NULL : in->path);
	if (!in->private)
		w->stop = true;
	return in->private;
}

static bool
has_secret(const struct mc_draft *draft)
{
	for (size_t i = 0; i < MC_FIELDS; i++)
		if (draft->value[i].text != NULL && mc_field_at(i)->secret)
			return true;
	return false;
}

static struct mc_draft *
bind_record(struct input *in, const struct mc_record *record,
	struct mc_arena *arena, struct mc_report *report)
{
	struct mc_draft *draft = mc_arena_alloc(arena, sizeof(*draft));

	if (draft == NULL)
		return NULL;
	draft->arena = arena;
	draft->pos = record->pos;
	(void)mc_bind_record(&in->binding, record, draft, report);
	return draft;
}

/*
 * Whether the operands want the record.  Faults of records that nobody asked
 * for are not told, as far as their address is known.
 */
static bool
is_wanted(struct input *in, const struct mc_record *record, struct member *m)
{
	struct mc_report mute = {0};
	const struct mc_draft *trial;
	const char *identity;

	if (in->g->o.n_operands == 0)
		return true;
	trial = bind_record(in, record, &m->arena, &mute);
	if (trial == NULL)
		return false;
	identity = draft_identity(&m->arena, trial);
	return identity == NULL || pickers_match(in->g, &m->arena, identity);
}

static void
take_record(struct input *in, struct worker *w, struct mc_record *record,
	struct member *m)
{
	const struct spot spot = {.line = record->pos.line,
		.column = record->pos.column < UINT16_MAX
			? (uint16_t)record->pos.column
			: UINT16_MAX,
		.file = (uint16_t)in->number};
	struct mc_draft *draft = NULL;
	size_t n = w->batch.n;

	if (planned_take(w, record, spot))
		return;
	mc_record_places(record);
	if (is_wanted(in, record, m))
		draft = bind_record(in, record, &m->arena, &w->report);
	if (m->arena.failed)
		worker_fail(w);
	if (draft == NULL || w->stop)
		return;
	if (has_secret(draft) && !check_private(in, w))
		return;
	if (draft->bad)
		return;
	m->draft = draft;
	m->defaults = in->defaults;
	m->spot = spot;
	member_accept(w, m);
	planned_learn(w, record, n);
}

static void
take_defaults(struct input *in, const struct mc_record *record)
{
	in->defaults = bind_record(in, record, &in->g->arena, &in->w->report);
	if (in->defaults == NULL)
		worker_fail(in->w);
	else if (has_secret(in->defaults))
		(void)check_private(in, in->w);
}

/*
 * A record as it came, before what was said of it in the entries from n on;
 * the header or the defaults.
 */
static void
keep_raw(struct input *in, struct worker *w, enum mc_next next,
	const struct mc_record *record, size_t n)
{
	struct batch *b = &w->batch;
	struct entry *e, raw;

	if (next == MC_NEXT_HEADER || next == MC_NEXT_DEFAULTS)
		rejects_begin(in->g, in->syntax, record->raw, record->raw_len);
	if ((next != MC_NEXT_RECORD && next != MC_NEXT_BAD) ||
		record->raw == NULL)
		return;
	e = batch_add(b, ENTRY_RAW);
	if (e == NULL)
		return;
	e->u.raw.text = mc_arena_strndup(
		&b->arena, record->raw, record->raw_len);
	e->u.raw.size = record->raw_len;
	if (e->u.raw.text == NULL) {
		worker_fail(w);
		return;
	}
	raw = *e;
	memmove(&b->entries[n + 1], &b->entries[n],
		(b->n - 1 - n) * sizeof(b->entries[0]));
	b->entries[n] = raw;
}

/* One step of a reader.  false: it is done with. */
bool
input_step(struct input *in, struct worker *w, struct mc_reader *reader)
{
	struct member *m = member_next(w);
	struct mc_record record = {0};
	size_t n = w->batch.n;
	enum mc_next next;

	if (m == NULL)
		return false;
	next = in->syntax->next(reader, &m->arena, &record);
	if (in->g->rejects.open)
		keep_raw(in, w, next, &record, n);
	switch (next) {
	case MC_NEXT_HEADER:
		if (!mc_bind_header(&in->binding, &record, &w->report))
			return false;
		planned_start(w, &in->binding, in->defaults);
		return !mc_bind_has_secret(&in->binding) ||
			check_private(in, w);
	case MC_NEXT_DEFAULTS:
		take_defaults(in, &record);
		planned_start(w, &in->binding, in->defaults);
		return !w->stop;
	case MC_NEXT_RECORD:
		w->batch.records++;
		take_record(in, w, &record, m);
		return !w->stop;
	case MC_NEXT_BAD: w->batch.records++; return true;
	case MC_NEXT_FATAL:
		if (m->arena.failed)
			worker_fail(w);
		break;
	case MC_NEXT_END: break;
	}
	return false;
}

/* What one worker has is carried out. */
void
input_settle(struct input *in)
{
	struct worker *w = in->w;

	in->records += w->batch.records;
	if (w->stop)
		(void)batch_add(&w->batch, ENTRY_STOP);
	commit(in->g, &w->batch);
	w->stop = in->g->stop;
}

static void
read_input(struct gen *g, size_t number)
{
	struct input in = {.g = g,
		.w = &g->worker,
		.path = g->o.from[number],
		.number = number,
		.fd = -1};
	unsigned long errors = g->report->errors;
	const struct mailcfg_pos pos = {in.path, 0, 0};
	bool opened = open_input(&in);

	input_settle(&in);
	if (opened)
		rejects_begin(g, in.syntax, NULL, 0);
	if (opened) {
		input_take(&in);
		if (in.records == 0 && g->report->errors == errors)
			mc_say(g->report, MC_MSG_EMPTY_INPUT, &pos, NULL, NULL,
				"there is no account in it");
	}
	close_input(&in);
}

/* Bytes of all inputs; 0: not known. */
static uint64_t
size_of(const struct gen_options *o)
{
	uint64_t total = 0;

	for (size_t i = 0; i < o->n_from; i++) {
		const char *path = o->from[i];
		struct stat st;

		if ((strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &st)
					    : stat(path, &st)) != 0 ||
			!S_ISREG(st.st_mode))
			return 0;
		total += (uint64_t)st.st_size;
	}
	return total;
}

void
inputs_read(struct gen *g)
{
	g->progress.total = size_of(&g->o);
	for (size_t i = 0; i < g->o.n_from && !g->stop && stop_signal() == 0;
		i++)
		read_input(g, i);
}
