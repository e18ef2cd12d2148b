/* SPDX-License-Identifier: ISC */
/* What every sink does alike. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink.h"

bool
sink_open(struct sink *sink)
{
	sink->dir = sink->folder = -1;
	sink->whole = (struct piece){
		.sink = sink, .file = {.dir = -1, .fd = -1, .old = -1}};
	return sink->kind->open(sink);
}

/* "FOLDER/NAME", where it lies. */
static const char *
path_of(struct sink *sink, struct piece *piece)
{
	const char *folder = piece->doc.folder, *path = sink->path;
	size_t n = path == NULL ? 0 : strlen(path);
	const char *name;

	if (!sink->kind->several || path == NULL || piece == &sink->whole)
		name = path;
	else
		name = mc_arena_printf(&piece->arena, "%s%s%s%s%s", path,
			n > 0 && path[n - 1] == '/' ? "" : "/",
			folder == NULL ? "" : folder, folder == NULL ? "" : "/",
			piece->doc.name);
	return name == NULL ? "standard output" : name;
}

/* strerror(3), but for what it says of tricks with names. */
static const char *
reason(int error)
{
	switch (error) {
	case ELOOP:
	case ENOTDIR: return "a symbolic link or a file is in the way";
	case EEXIST: return "what is there is no regular file";
	default: return strerror(error);
	}
}

void
sink_fault(struct sink *sink, struct piece *piece, enum fate fate, int error)
{
	piece->fate = fate;
	mc_say(&sink->program->report,
		fate == FATE_WRITE ? MC_MSG_CANNOT_WRITE : MC_MSG_CANNOT_CREATE,
		piece->doc.pos, NULL, NULL, "%s: %s", path_of(sink, piece),
		reason(error));
	/* what will befall every other document too */
	if (fate == FATE_WRITE || error == EACCES || error == EROFS ||
		error == ENOSPC || error == EDQUOT || error == EIO ||
		error == EMFILE || error == ENFILE || error == ENOMEM)
		sink->stopped = true;
}

/* As it is counted. */
static enum fate
fate_of(const struct piece *piece)
{
	return piece->fate >= FATE_CREATE ? FATE_REFUSED : piece->fate;
}

/* A line of the report. */
static void
tell(struct sink *sink, struct piece *piece)
{
	const char *path = sink->path == NULL ? NULL : path_of(sink, piece);

	if (sink->report == NULL || piece == &sink->whole)
		return;
	/* without memory for the path the line would be wrong */
	if (piece->arena.failed)
		sink->report->buf.failed = true;
	report_document(sink->report, &piece->doc, path, fate_of(piece));
}

/* What a dry run says. */
static void
say_fate(const struct sink *sink, const struct piece *piece)
{
	const struct document *doc = &piece->doc;
	enum fate fate = fate_of(piece);

	if (sink->path != NULL &&
		(!sink->kind->several || piece == &sink->whole))
		printf("%-8s %s\n", fate_word(fate), sink->path);
	else
		printf("%-8s %s%s%s\n", fate_word(fate),
			doc->folder == NULL ? "" : doc->folder,
			doc->folder == NULL ? "" : "/", doc->name);
}

void
sink_count(struct sink *sink, struct piece *piece)
{
	sink->count[fate_of(piece)]++;
	tell(sink, piece);
	if (sink->dry_run)
		say_fate(sink, piece);
}

void
sink_tell(struct sink *sink, const struct document *doc)
{
	struct piece piece = {.sink = sink, .doc = *doc};

	tell(sink, &piece);
	mc_arena_free(&piece.arena);
}

void
sink_refused(struct sink *sink, const struct document *doc)
{
	struct piece piece = {.sink = sink, .doc = *doc, .fate = FATE_REFUSED};

	sink_count(sink, &piece);
	mc_arena_free(&piece.arena);
}

/* A second document where there is room for one. */
static void
say_second(struct sink *sink)
{
	if (!sink->second)
		complain_usage(
			sink->program, "more than one document: give -o DIR/");
	sink->second = true;
	sink->stopped = true;
}

/* A string of a document, for as long as the piece lives. */
static const char *
own(struct piece *piece, const char *s)
{
	return s == NULL ? NULL : mc_arena_strdup(&piece->arena, s);
}

struct piece *
piece_new(struct sink *sink, const struct document *doc)
{
	struct piece *piece = calloc(1, sizeof(*piece));
	struct mailcfg_pos *pos;

	if (piece == NULL)
		return NULL;
	piece->sink = sink;
	piece->doc = *doc;
	piece->file.fd = piece->file.old = piece->file.dir = -1;
	piece->doc.name = own(piece, doc->name);
	piece->doc.folder = own(piece, doc->folder);
	piece->doc.account = own(piece, doc->account);
	piece->doc.target = own(piece, doc->target);
	piece->doc.type = own(piece, doc->type);
	piece->doc.person = own(piece, doc->person);
	piece->doc.url = own(piece, doc->url);
	piece->doc.envelope = NULL;
	if (doc->sum != NULL)
		piece->doc.sum = (const unsigned char *)mc_arena_strndup(
			&piece->arena, (const char *)doc->sum, DOCUMENT_SUM);
	pos = mc_arena_alloc(&piece->arena, sizeof(*pos));
	if (pos != NULL)
		*pos = *doc->pos;
	piece->doc.pos = pos;
	if (piece->arena.failed) {
		mc_arena_free(&piece->arena);
		free(piece);
		return NULL;
	}
	return piece;
}

void
piece_free(struct piece *piece)
{
	mc_arena_free(&piece->arena);
	free(piece);
}

/* Files with passwords are for their owner alone. */
bool
sink_may_have_mode(struct sink *sink, struct piece *piece)
{
	if (!piece->doc.secret || (sink->mode & (S_IRWXG | S_IRWXO)) == 0)
		return true;
	piece->fate = FATE_REFUSED;
	mc_say(&sink->program->report, MC_MSG_READABLE_SECRET, piece->doc.pos,
		NULL, NULL, "%s: leave out --mode", path_of(sink, piece));
	return false;
}

static struct piece *
begin(struct sink *sink, const struct document *doc, bool at_once)
{
	struct piece *piece;

	if (sink->stopped)
		return NULL;
	if (!sink->kind->several && sink->taken) {
		say_second(sink);
		return NULL;
	}
	piece = piece_new(sink, doc);
	if (piece == NULL) {
		complain_memory(sink->program);
		sink->stopped = true;
		return NULL;
	}
	sink->taken = true;
	piece->at_once = at_once;
	if (sink_may_have_mode(sink, piece) && sink->kind->begin(sink, piece))
		return piece;
	if (piece->fate == FATE_CREATED)
		piece->fate = FATE_REFUSED;
	sink_count(sink, piece);
	piece_free(piece);
	return NULL;
}

struct piece *
sink_begin(struct sink *sink, const struct document *doc)
{
	return begin(sink, doc, false);
}

bool
sink_write(struct piece *piece, const char *bytes, size_t n)
{
	return piece->sink->kind->write(piece->sink, piece, bytes, n);
}

void
sink_end(struct piece *piece, bool keep)
{
	piece->kept = keep;
	piece->sink->kind->end(piece->sink, piece, keep);
}

void
sink_say_exists(struct sink *sink, struct piece *piece)
{
	mc_say(&sink->program->report, MC_MSG_FILE_EXISTS, piece->doc.pos, NULL,
		NULL, "%s: --force replaces it", path_of(sink, piece));
}

void
sink_done(struct piece *piece)
{
	struct sink *sink = piece->sink;

	if (piece->kept)
		sink_count(sink, piece);
	if (piece->kept && piece->fate == FATE_REFUSED)
		sink_say_exists(sink, piece);
	piece_free(piece);
}

void
sink_later(struct piece *piece)
{
	struct sink *sink = piece->sink;

	if (piece->kept) {
		sink->later++;
		tell(sink, piece);
	}
	if (piece->kept && sink->dry_run && sink->path == NULL)
		say_fate(sink, piece);
	piece_free(piece);
}

void
sink_settle(struct sink *sink)
{
	sink->count[fate_of(&sink->whole)] += sink->later;
	if (sink->dry_run && sink->path != NULL && sink->later > 0)
		say_fate(sink, &sink->whole);
	sink->later = 0;
}

static void
put_now(struct sink *sink, const struct document *doc, const char *bytes,
	size_t n)
{
	struct piece *piece = begin(sink, doc, true);

	if (piece == NULL)
		return;
	(void)sink_write(piece, bytes, n);
	sink_end(piece, true);
}

/* For kinds that can do with the document where it is. */
static void
put_whole(struct sink *sink, const struct document *doc, const char *bytes,
	size_t n)
{
	struct piece piece = {.sink = sink, .doc = *doc};

	if (sink->stopped)
		return;
	if (sink_may_have_mode(sink, &piece))
		sink->kind->put(sink, &piece, bytes, n);
	if (piece.fate != FATE_LATER)
		sink_count(sink, &piece);
	mc_arena_free(&piece.arena);
}

void
sink_put(struct sink *sink, const struct document *doc, const char *bytes,
	size_t n)
{
	struct piece *copy;

	if (sink->kind->put != NULL) {
		put_whole(sink, doc, bytes, n);
		return;
	}
	if (sink->kind->several) {
		put_now(sink, doc, bytes, n);
		return;
	}
	if (sink->taken) {
		say_second(sink);
		return;
	}
	/* there is room for one: it waits until it is known to be the only */
	copy = piece_new(sink, doc);
	mc_buf_add(&sink->bytes, bytes, n);
	if (copy == NULL || sink->bytes.failed) {
		if (copy != NULL)
			piece_free(copy);
		complain_memory(sink->program);
		sink->stopped = true;
		return;
	}
	sink->taken = sink->held = true;
	sink->one = copy;
}

bool
sink_close(struct sink *sink, bool keep)
{
	bool ok;

	if (sink->held && keep && !sink->second) {
		sink->taken = false;
		put_now(sink, &sink->one->doc, sink->bytes.data,
			sink->bytes.len);
	}
	if (sink->one != NULL)
		piece_free(sink->one);
	sink->one = NULL;
	sink->stopped = sink->stopped || !keep;
	ok = sink->kind->close(sink);
	mc_buf_free(&sink->bytes);
	if (sink->folder != -1)
		(void)close(sink->folder);
	if (sink->dir != -1)
		(void)close(sink->dir);
	sink->dir = sink->folder = -1;
	return ok;
}
