/* SPDX-License-Identifier: ISC */
/* What every sink does alike. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink.h"

static const char *const fates[FATES] = {
	"created", "changed", "same", "refused"};

bool
sink_open(struct sink *sink)
{
	sink->dir = sink->folder = -1;
	return sink->kind->open(sink);
}

/* "FOLDER/NAME", where it lies. */
static const char *
path_of(struct sink *sink, struct piece *piece)
{
	const char *folder = piece->doc.folder, *path = sink->path;
	size_t n = path == NULL ? 0 : strlen(path);
	const char *name;

	if (!sink->kind->several)
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

/* Counts what became of a document, and says it in a dry run. */
static void
count(struct sink *sink, struct piece *piece)
{
	const struct document *doc = &piece->doc;
	enum fate fate = piece->fate;

	if (fate > FATE_REFUSED)
		fate = FATE_REFUSED;
	sink->count[fate]++;
	if (!sink->dry_run)
		return;
	if (!sink->kind->several && sink->path != NULL)
		printf("%-8s %s\n", fates[fate], sink->path);
	else
		printf("%-8s %s%s%s\n", fates[fate],
			doc->folder == NULL ? "" : doc->folder,
			doc->folder == NULL ? "" : "/", doc->name);
}

void
sink_refused(struct sink *sink, const struct document *doc)
{
	struct piece piece = {.doc = *doc, .fate = FATE_REFUSED};

	count(sink, &piece);
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

static struct piece *
piece_new(struct sink *sink, const struct document *doc)
{
	struct piece *piece = calloc(1, sizeof(*piece));
	struct mailcfg_pos *pos;

	if (piece == NULL)
		return NULL;
	piece->sink = sink;
	piece->doc = *doc;
	piece->file.fd = piece->file.old = piece->file.dir = -1;
	piece->doc.name = mc_arena_strdup(&piece->arena, doc->name);
	if (doc->folder != NULL)
		piece->doc.folder = mc_arena_strdup(&piece->arena, doc->folder);
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

static void
piece_free(struct piece *piece)
{
	mc_arena_free(&piece->arena);
	free(piece);
}

/* Files with passwords are for their owner alone. */
static bool
may_have_mode(struct sink *sink, struct piece *piece)
{
	if (!piece->doc.secret || (sink->mode & (S_IRWXG | S_IRWXO)) == 0)
		return true;
	piece->fate = FATE_REFUSED;
	mc_say(&sink->program->report, MC_MSG_READABLE_SECRET, piece->doc.pos,
		NULL, NULL, "%s: leave out --mode", path_of(sink, piece));
	return false;
}

struct piece *
sink_begin(struct sink *sink, const struct document *doc)
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
	if (may_have_mode(sink, piece) && sink->kind->begin(sink, piece))
		return piece;
	if (piece->fate == FATE_CREATED)
		piece->fate = FATE_REFUSED;
	count(sink, piece);
	piece_free(piece);
	return NULL;
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
sink_done(struct piece *piece)
{
	struct sink *sink = piece->sink;

	if (piece->kept)
		count(sink, piece);
	if (piece->kept && piece->fate == FATE_REFUSED)
		mc_say(&sink->program->report, MC_MSG_FILE_EXISTS,
			piece->doc.pos, NULL, NULL, "%s: --force replaces it",
			path_of(sink, piece));
	piece_free(piece);
}

static void
put_now(struct sink *sink, const struct document *doc, const char *bytes,
	size_t n)
{
	struct piece *piece = sink_begin(sink, doc);

	if (piece == NULL)
		return;
	(void)sink_write(piece, bytes, n);
	sink_end(piece, true);
}

void
sink_put(struct sink *sink, const struct document *doc, const char *bytes,
	size_t n)
{
	struct piece *copy;

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
	mc_buf_free(&sink->bytes);
	ok = sink->kind->close(sink);
	if (sink->folder != -1)
		(void)close(sink->folder);
	if (sink->dir != -1)
		(void)close(sink->dir);
	sink->dir = sink->folder = -1;
	return ok;
}
