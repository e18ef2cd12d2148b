/* SPDX-License-Identifier: ISC */
/* -o DIR/: a file for each document, in folders perhaps. */
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

static bool
open_dir(struct sink *sink)
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

static bool
enter_folder(struct sink *sink, struct piece *piece)
{
	const char *name = piece->doc.folder;

	if (sink->folder != -1 && strcmp(sink->folder_name, name) == 0)
		return true;
	if (sink->folder != -1)
		(void)close(sink->folder);
	sink->folder = strlen(name) < sizeof(sink->folder_name)
		? file_folder(sink->dir, name, !sink->dry_run)
		: -1;
	if (sink->folder == -1) {
		sink_fault(sink, piece, FATE_CREATE, errno);
		return false;
	}
	memcpy(sink->folder_name, name, strlen(name) + 1);
	if (!sink->dry_run)
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
		return syncfs(sink->dir) == 0;
	for (size_t i = 0; i < sink->n_batch; i++)
		if (leaves_folder(sink, i) &&
			fsync(sink->batch[i]->file.dir) != 0)
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
		if (piece->fate > FATE_REFUSED)
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
	if (sink->dir == -1 || sink->dry_run || fsync(sink->dir) == 0)
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
