/* SPDX-License-Identifier: ISC */
/*
 * -o DIR/: a file for each document, in folders perhaps.  In a directory that
 * is there, a batch of files at a time gets its names; one that is not there
 * is made whole beside its place (staging.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink.h"

static bool
cannot(struct sink *sink, enum mc_msg id, int error)
{
	mc_say(&sink->program->report, id, NULL, NULL, NULL, "%s: %s",
		sink->path, strerror(error));
	return false;
}

/*
 * The directory above, and the last name in path.  -1: there is no such name,
 * or nothing can be made there.
 */
static int
open_parent(const char *path, char name[FILE_NAME])
{
	char dir[4096] = ".";
	size_t n = strlen(path), at;

	while (n > 0 && path[n - 1] == '/')
		n--;
	for (at = n; at > 0 && path[at - 1] != '/'; at--)
		;
	if (n - at >= FILE_NAME || at >= sizeof(dir))
		return -1;
	(void)snprintf(name, FILE_NAME, "%.*s", (int)(n - at), path + at);
	if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return -1;
	if (at > 0)
		(void)snprintf(dir, sizeof(dir), "%.*s", (int)at, path);
	return open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool
open_staged(struct sink *sink, int parent, const char *name, long rival)
{
	if (rival > 0) {
		(void)close(parent);
		mc_say(&sink->program->report, MC_MSG_BUSY, NULL, NULL, NULL,
			"%s: process %ld", sink->path, rival);
		return false;
	}
	sink->dir = staging_open(&sink->staging, parent, name);
	if (sink->dir == -1)
		return cannot(sink, MC_MSG_CANNOT_CREATE, errno);
	sink->kind = &sink_staged;
	return true;
}

static bool open_there(struct sink *);

static bool
open_dir(struct sink *sink)
{
	char name[FILE_NAME];
	struct stat st;
	long rival;
	int parent;

	if (sink->dry_run)
		return open_there(sink);
	/* one that takes its owner's rights would close our folders to us */
	(void)umask(S_IRWXG | S_IRWXO);
	parent = open_parent(sink->path, name);
	if (parent == -1)
		return open_there(sink);
	rival = staging_sweep(parent, name);
	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) != 0 &&
		errno == ENOENT)
		return open_staged(sink, parent, name, rival);
	(void)close(parent);
	return open_there(sink);
}

static bool
open_there(struct sink *sink)
{
	bool made = false;

	if (!sink->dry_run) {
		made = mkdir(sink->path, S_IRWXU) == 0;
		if (!made && errno != EEXIST)
			return cannot(sink, MC_MSG_CANNOT_CREATE, errno);
	}
	sink->dir = open(sink->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (sink->dir == -1 && sink->dry_run && errno == ENOENT)
		return true;
	if (sink->dir == -1)
		return cannot(sink, MC_MSG_CANNOT_CREATE, errno);
	if (made && fchmod(sink->dir, S_IRWXU) != 0)
		return cannot(sink, MC_MSG_CANNOT_CREATE, errno);
	if (!sink_lock(sink, false))
		return false;
	if (!sink->dry_run)
		file_sweep(sink->dir, NULL);
	return true;
}

static void
leave_folder(struct sink *sink)
{
	if (sink->folder == -1)
		return;
	if (sink->kind == &sink_staged &&
		!staging_leave(&sink->staging, sink->folder)) {
		sink->staging.broken = true;
		(void)cannot(sink, MC_MSG_CANNOT_WRITE, errno);
	}
	(void)close(sink->folder);
	sink->folder = -1;
}

static bool
enter_folder(struct sink *sink, struct piece *piece)
{
	const char *name = piece->doc.folder;

	if (sink->folder != -1 && strcmp(sink->folder_name, name) == 0)
		return true;
	leave_folder(sink);
	sink->folder = strlen(name) < sizeof(sink->folder_name)
		? file_folder(sink->dir, name, !sink->dry_run)
		: -1;
	if (sink->folder == -1) {
		sink_fault(sink, piece, FATE_CREATE, errno);
		return false;
	}
	memcpy(sink->folder_name, name, strlen(name) + 1);
	if (!sink->dry_run && sink->kind == &sink_dir)
		file_sweep(sink->folder, NULL);
	return true;
}

/* In a dry run a folder that is not there yet holds nothing. */
static bool
is_absent(struct sink *sink, struct piece *piece)
{
	int fd;

	if (!sink->dry_run)
		return false;
	if (sink->dir == -1)
		return true;
	if (piece->doc.folder == NULL)
		return false;
	fd = file_folder(sink->dir, piece->doc.folder, false);
	if (fd == -1)
		return errno == ENOENT;
	(void)close(fd);
	return false;
}

static bool
begin_dir(struct sink *sink, struct piece *piece)
{
	int dir = sink->dir;

	if (is_absent(sink, piece))
		return true;
	if (piece->doc.folder != NULL) {
		if (!enter_folder(sink, piece))
			return false;
		dir = sink->folder;
	}
	return sink_file_begin(sink, piece, dir, piece->doc.name);
}

/* Whether the next file of the batch is in another folder than the i-th. */
static bool
leaves_folder(const struct sink *sink, size_t i)
{
	const char *folder = sink->batch[i]->doc.folder;

	/* with folders every document is in one */
	return i + 1 == sink->n_batch ||
		(folder != NULL &&
			strcmp(folder, sink->batch[i + 1]->doc.folder) != 0);
}

/* What was renamed stays so when the power fails. */
static bool
sync_folders(struct sink *sink)
{
	size_t folders = 0;

	for (size_t i = 0; i < sink->n_batch; i++)
		folders += leaves_folder(sink, i);
	if (folders >= FILE_MANY)
		return file_durable(sink->dir, syncfs);
	for (size_t i = 0; i < sink->n_batch; i++)
		if (leaves_folder(sink, i) &&
			!file_durable(sink->batch[i]->file.dir, fsync))
			return false;
	return true;
}

/* Gives the files of the batch their names. */
static void
publish(struct sink *sink)
{
	for (size_t i = 0; i < sink->n_batch; i++) {
		struct piece *piece = sink->batch[i];

		piece->fate = file_publish(&piece->file, sink->force);
		if (piece->fate >= FATE_CREATE)
			sink_fault(sink, piece, piece->fate, errno);
	}
	if (!sync_folders(sink))
		(void)cannot(sink, MC_MSG_CANNOT_WRITE, errno);
}

static void
give_up(struct sink *sink, int error)
{
	for (size_t i = 0; i < sink->n_batch; i++)
		sink_fault(sink, sink->batch[i], FATE_WRITE, error);
}

/* All data are durable before the first of the files has its name. */
static void
flush(struct sink *sink)
{
	struct file *files[SINK_BATCH];

	if (sink->n_batch == 0)
		return;
	for (size_t i = 0; i < sink->n_batch; i++)
		files[i] = &sink->batch[i]->file;
	if (file_sync(files, sink->n_batch))
		publish(sink);
	else
		give_up(sink, errno);
	for (size_t i = 0; i < sink->n_batch; i++) {
		file_drop(&sink->batch[i]->file);
		sink_done(sink->batch[i]);
	}
	sink->n_batch = 0;
}

static void
end_dir(struct sink *sink, struct piece *piece, bool keep)
{
	if (!keep || !sink_file_ready(sink, piece)) {
		file_drop(&piece->file);
		sink_done(piece);
		return;
	}
	sink->batch[sink->n_batch++] = piece;
	if (sink->n_batch == SINK_BATCH)
		flush(sink);
}

static bool
close_dir(struct sink *sink)
{
	flush(sink);
	/* the folders in it */
	if (sink->dir == -1 || sink->dry_run || file_durable(sink->dir, fsync))
		return true;
	return cannot(sink, MC_MSG_CANNOT_WRITE, errno);
}

const struct sink_kind sink_dir = {
	.several = true,
	.open = open_dir,
	.begin = begin_dir,
	.write = sink_file_write,
	.end = end_dir,
	.close = close_dir,
};

/* Where the document's file is made; -1: reported. */
static int
staged_folder(struct sink *sink, struct piece *piece)
{
	if (piece->doc.folder == NULL)
		return sink->dir;
	return enter_folder(sink, piece) ? sink->folder : -1;
}

static mode_t
mode_of(const struct sink *sink, const struct document *doc)
{
	return doc->secret ? S_IRUSR | S_IWUSR : sink->mode;
}

/* A piece of a file must not get into the finished folder. */
static void
take_away(struct sink *sink, int dir, const char *name)
{
	if (unlinkat(dir, name, 0) != 0)
		sink->staging.broken = true;
}

static void
put_staged(struct sink *sink, struct piece *piece, const char *bytes, size_t n)
{
	const char *name = piece->doc.name;
	int dir = staged_folder(sink, piece), fd, error;

	if (dir == -1)
		return;
	fd = file_create(dir, name, mode_of(sink, &piece->doc));
	if (fd == -1) {
		sink_fault(sink, piece, FATE_CREATE, errno);
		return;
	}
	if (file_write_all(fd, bytes, n)) {
		if (staging_add(&sink->staging, fd))
			return;
		error = errno;
	} else {
		error = errno;
		(void)close(fd);
	}
	take_away(sink, dir, name);
	sink_fault(sink, piece, FATE_WRITE, error);
}

static bool
begin_staged(struct sink *sink, struct piece *piece)
{
	struct file *file = &piece->file;
	int dir = staged_folder(sink, piece);

	if (dir == -1)
		return false;
	/* the sink may leave the folder while the document is open */
	file->dir = fcntl(dir, F_DUPFD_CLOEXEC, 0);
	if (file->dir != -1)
		file->fd = file_create(
			file->dir, piece->doc.name, mode_of(sink, &piece->doc));
	if (file->fd == -1) {
		sink_fault(sink, piece, FATE_CREATE, errno);
		file_drop(file);
		return false;
	}
	(void)snprintf(file->temp, sizeof(file->temp), "%s", piece->doc.name);
	return true;
}

static bool
write_staged(
	struct sink *sink, struct piece *piece, const char *bytes, size_t n)
{
	if (piece->fate == FATE_WRITE)
		return false;
	if (file_write(&piece->file, bytes, n))
		return true;
	sink_fault(sink, piece, FATE_WRITE, errno);
	return false;
}

static void
end_staged(struct sink *sink, struct piece *piece, bool keep)
{
	struct file *file = &piece->file;

	if (keep && piece->fate == FATE_CREATED) {
		if (staging_add(&sink->staging, file->fd))
			file->temp[0] = '\0';
		else
			sink_fault(sink, piece, FATE_WRITE, errno);
		file->fd = -1;
	}
	file_drop(file);
	if (file->temp[0] != '\0')
		sink->staging.broken = true;
	sink_done(piece);
}

/* Nothing of what was counted is there. */
static void
lose_all(struct sink *sink)
{
	sink->count[FATE_REFUSED] += sink->count[FATE_CREATED];
	sink->count[FATE_CREATED] = 0;
}

/* The folder gets its name, and keeps it when the power fails. */
static bool
publish_staged(struct sink *sink)
{
	struct staging *st = &sink->staging;

	if (!staging_sync(st, sink->dir)) {
		lose_all(sink);
		return cannot(sink, MC_MSG_CANNOT_WRITE, errno);
	}
	if (!staging_publish(st)) {
		lose_all(sink);
		if (errno != EEXIST && errno != ENOTEMPTY)
			return cannot(sink, MC_MSG_CANNOT_CREATE, errno);
		mc_say(&sink->program->report, MC_MSG_BUSY, NULL, NULL, NULL,
			"%s: it was not there when this run began", sink->path);
		return false;
	}
	return file_durable(st->parent, fsync) ||
		cannot(sink, MC_MSG_CANNOT_WRITE, errno);
}

/* What is complete is published, whatever became of the rest of the run. */
static bool
close_staged(struct sink *sink)
{
	struct staging *st = &sink->staging;
	bool ok = true;

	leave_folder(sink);
	if (st->broken) {
		lose_all(sink);
		ok = cannot(sink, MC_MSG_CANNOT_WRITE, EIO);
	} else if (st->n > 0 || (!sink->stopped && stop_signal() == 0)) {
		ok = publish_staged(sink);
	}
	staging_close(st, sink->dir);
	return ok;
}

const struct sink_kind sink_staged = {
	.several = true,
	.begin = begin_staged,
	.write = write_staged,
	.end = end_staged,
	.put = put_staged,
	.close = close_staged,
};
