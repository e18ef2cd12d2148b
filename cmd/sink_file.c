/* SPDX-License-Identifier: ISC */
/* -o FILE, and what it has in common with -o DIR/. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest.h"
#include "sink.h"

bool
sink_lock(struct sink *sink, bool shared)
{
	long pid = 0;

	if (sink->dry_run || file_lock(sink->dir, shared, &pid))
		return true;
	if (pid > 0)
		mc_say(&sink->program->report, MC_MSG_BUSY, NULL, NULL, NULL,
			"%s: process %ld", sink->path, pid);
	else
		mc_say(&sink->program->report, MC_MSG_BUSY, NULL, NULL, NULL,
			"%s", sink->path);
	return false;
}

bool
sink_file_begin(
	struct sink *sink, struct piece *piece, int dir, const char *name)
{
	mode_t mode = piece->doc.secret ? S_IRUSR | S_IWUSR : sink->mode;

	int copy = fcntl(dir, F_DUPFD_CLOEXEC, 0);

	/* the sink may leave the folder while the document is open */
	if (copy == -1 || !file_look(&piece->file, copy, name, mode)) {
		sink_fault(sink, piece, FATE_CREATE, errno);
		file_drop(&piece->file);
		return false;
	}
	piece->file.secret = piece->doc.secret;
	return true;
}

/*
 * As long as the bytes are those that are there already, nothing is written.
 * The first that differs starts the temporary file; what was the same so far
 * is copied from the old one.
 */
static bool
catch_up(struct file *file, off_t same)
{
	char block[16 * 1024];
	off_t at = 0;

	if (!file_start(file))
		return false;
	while (at < same) {
		off_t left = same - at;
		size_t part = left < (off_t)sizeof(block) ? (size_t)left
							  : sizeof(block);
		ssize_t n = pread(file->old, block, part, at);

		if (n <= 0 || !file_write(file, block, (size_t)n))
			return false;
		at += n;
	}
	return true;
}

/*
 * Whether what is there says the same as a whole document with other bytes; the
 * report then tells of what is there.
 */
static bool
is_alike(struct sink *sink, struct piece *piece, const char *bytes, size_t n)
{
	unsigned char *sum;
	size_t n_there;
	char *there;
	bool alike;

	if (sink->alike == NULL || !piece->at_once)
		return false;
	/* a signature may have moved by a few bytes, not by twice as many */
	there = file_there(&piece->file, 2 * n, &n_there);
	if (there == NULL)
		return false;
	alike = sink->alike(sink->context, there, n_there, bytes, n);
	if (alike && piece->doc.sum != NULL) {
		const struct mc_part_bytes parts[] = {
			{there, n_there}, {NULL, 0}};

		sum = mc_arena_alloc(&piece->arena, MC_SHA256_SIZE);
		if (sum != NULL)
			mc_sha256(parts, sum);
		piece->doc.sum = sum;
		piece->doc.size = n_there;
	}
	mc_wipe(there, n_there);
	free(there);
	if (alike)
		file_accept(&piece->file);
	return alike;
}

bool
sink_file_write(
	struct sink *sink, struct piece *piece, const char *bytes, size_t n)
{
	struct file *file = &piece->file;
	bool started = file->fd != -1;

	if (piece->fate == FATE_CREATE || piece->fate == FATE_WRITE)
		return false;
	if (!started && file->same) {
		file_compare(file, bytes, n);
		if (file->same || is_alike(sink, piece, bytes, n))
			return true;
	}
	if (sink->dry_run || (file->there && !sink->force))
		return true;
	if (!started && !catch_up(file, file->compared)) {
		sink_fault(sink, piece, FATE_CREATE, errno);
		return false;
	}
	if (file_write(file, bytes, n))
		return true;
	sink_fault(sink, piece, FATE_WRITE, errno);
	return false;
}

bool
sink_file_write_pair(struct sink *sink, struct piece *piece, struct pair *pair)
{
	/* what is only compared, as yet, need not be in one piece */
	if (piece->file.fd == -1)
		return sink_file_write(
			       sink, piece, pair->bytes[0], pair->size[0]) &&
			sink_file_write(
				sink, piece, pair->bytes[1], pair->size[1]);
	if (file_write_pair(piece->file.fd, pair))
		return true;
	sink_fault(sink, piece, FATE_WRITE, errno);
	return false;
}

bool
sink_file_ready(struct sink *sink, struct piece *piece)
{
	struct file *file = &piece->file;

	if (piece->fate == FATE_CREATE || piece->fate == FATE_WRITE)
		return false;
	if (file->fd == -1 && file_is_same(file, sink->dry_run)) {
		piece->fate = FATE_SAME;
	} else if (file->there && !sink->force) {
		piece->fate = FATE_REFUSED;
	} else if (sink->dry_run) {
		piece->fate = file->there ? FATE_CHANGED : FATE_CREATED;
	} else if (file->fd == -1 && !catch_up(file, file->compared)) {
		/* an empty document, or the beginning of what is there */
		sink_fault(sink, piece, FATE_CREATE, errno);
	} else {
		return true;
	}
	return false;
}

void
sink_file_publish(struct sink *sink, struct piece *piece)
{
	struct file *file = &piece->file;

	if (!sink_file_ready(sink, piece))
		return;
	piece->fate = file_sync(&file, 1) ? file_publish(file, sink->force)
					  : FATE_WRITE;
	if (piece->fate > FATE_REFUSED)
		sink_fault(sink, piece, piece->fate, errno);
}

static void
end_file(struct sink *sink, struct piece *piece, bool keep)
{
	if (keep)
		sink_file_publish(sink, piece);
	file_drop(&piece->file);
	sink_done(piece);
}

/* The directory of the file, and its last name. */
static const char *
split(const char *path, char *dir, size_t size)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash == NULL ? 0 : (size_t)(slash - path) + 1;

	if (n >= size)
		return NULL;
	memcpy(dir, path, n);
	dir[n] = '\0';
	if (n == 0)
		memcpy(dir, ".", 2);
	return path + n;
}

static bool
open_file(struct sink *sink)
{
	char dir[4096];
	const char *name = split(sink->path, dir, sizeof(dir));

	if (name != NULL)
		sink->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	else
		errno = ENAMETOOLONG;
	if (sink->dir == -1) {
		mc_say(&sink->program->report, MC_MSG_CANNOT_CREATE, NULL, NULL,
			NULL, "%s: %s", sink->path, strerror(errno));
		return false;
	}
	/* runs for other files of the directory are no rivals */
	if (!sink_lock(sink, true))
		return false;
	if (!sink->dry_run)
		file_sweep(sink->dir, name);
	return true;
}

static bool
begin_file(struct sink *sink, struct piece *piece)
{
	const char *slash = strrchr(sink->path, '/');

	return sink_file_begin(
		sink, piece, sink->dir, slash == NULL ? sink->path : slash + 1);
}

static bool
close_file(struct sink *sink)
{
	if (sink->dir == -1 || sink->dry_run || fsync(sink->dir) == 0)
		return true;
	mc_say(&sink->program->report, MC_MSG_CANNOT_WRITE, NULL, NULL, NULL,
		"%s: %s", sink->path, strerror(errno));
	return false;
}

const struct sink_kind sink_file = {
	.several = false,
	.open = open_file,
	.begin = begin_file,
	.write = sink_file_write,
	.end = end_file,
	.close = close_file,
};
