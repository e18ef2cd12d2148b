/* SPDX-License-Identifier: ISC */
/*
 * Archives: .tar.gz, .tgz and .zip.  The same documents in the same order are
 * the same bytes, whoever makes them, when and where.  The tar inside is our
 * own: libarchive compresses it, and makes the zip.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink.h"
#include "text.h"

/* Beyond, what is slow with a directory at the end becomes hopeless. */
enum { ZIP_MAX = 100 * 1000, TAR_BLOCK = 512 };

struct pack {
	struct archive *archive;
	struct archive_entry *entry;
	bool zip;
	unsigned long entries;
	struct mc_buf tar; /* what stands around a document */
};

/* Something went wrong, and nothing can be added any more. */
static void
fail(struct sink *sink)
{
	struct archive *archive = sink->pack->archive;
	const char *why = archive_error_string(archive);

	/* it has words for everything else */
	if (archive_errno(archive) == ENOMEM || why == NULL)
		complain_memory(sink->program);
	else
		mc_say(&sink->program->report, MC_MSG_CANNOT_WRITE, NULL, NULL,
			NULL, "%s: %s", sink->path, why);
	sink->stopped = true;
	sink->whole.fate = FATE_WRITE;
}

static la_ssize_t
write_bytes(struct archive *archive, void *context, const void *bytes, size_t n)
{
	/*
	 * A fault is reported, and the sink stopped.  The library is not told:
	 * it would forget to free what it has.
	 */
	(void)archive;
	(void)sink_whole_write(context, bytes, n);
	return (la_ssize_t)n;
}

static void
pack_free(struct sink *sink)
{
	struct pack *pack = sink->pack;

	sink->pack = NULL;
	if (pack == NULL)
		return;
	mc_buf_free(&pack->tar);
	archive_entry_free(pack->entry);
	/* a sink that was stopped takes nothing of what is left */
	(void)archive_write_free(pack->archive);
	free(pack);
}

/* The writer, by the suffix.  No time and no name stand in a gzip header. */
static bool
set_up(struct sink *sink)
{
	struct pack *pack = sink->pack;
	struct archive *archive = pack->archive;
	size_t n = strlen(sink->path);
	int status;

	pack->zip = n > 4 && mc_strcasecmp(sink->path + n - 4, ".zip") == 0;
	if (pack->zip)
		status = archive_write_set_format_zip(archive);
	else
		status = archive_write_set_format_raw(archive);
	if (status == ARCHIVE_OK && !pack->zip)
		status = archive_write_add_filter_gzip(archive);
	if (status == ARCHIVE_OK && !pack->zip)
		status = archive_write_set_filter_option(
			archive, "gzip", "timestamp", NULL);
	/* no padding behind the end */
	if (status == ARCHIVE_OK)
		status = archive_write_set_bytes_in_last_block(archive, 1);
	if (status == ARCHIVE_OK)
		status = archive_write_open(
			archive, sink, NULL, write_bytes, NULL);
	/* the one thing inside a gzip */
	archive_entry_set_filetype(pack->entry, AE_IFREG);
	if (status == ARCHIVE_OK && !pack->zip)
		status = archive_write_header(archive, pack->entry);
	return status == ARCHIVE_OK;
}

static bool
open_archive(struct sink *sink)
{
	struct pack *pack = calloc(1, sizeof(*pack));

	if (pack != NULL) {
		pack->archive = archive_write_new();
		pack->entry = archive_entry_new();
	}
	sink->pack = pack;
	if (pack == NULL || pack->archive == NULL || pack->entry == NULL)
		complain_memory(sink->program);
	else if (!set_up(sink))
		fail(sink);
	else if (sink_whole_open(sink))
		return true;
	sink->stopped = true;
	pack_free(sink);
	file_drop(&sink->whole.file);
	return false;
}

static bool
add_bytes(struct sink *sink, const char *bytes, size_t n)
{
	if (n > 0 &&
		archive_write_data(sink->pack->archive, bytes, n) !=
			(la_ssize_t)n)
		fail(sink);
	return !sink->stopped;
}

/* What stands in pack->tar. */
static bool
add_tar(struct sink *sink)
{
	struct mc_buf *buf = &sink->pack->tar;

	if (!buf->failed)
		return add_bytes(sink, buf->data, buf->len);
	complain_memory(sink->program);
	sink->stopped = true;
	return false;
}

/*
 * Begins an entry.  It has no time: ZIP's own would be the local one, and is
 * then the first there is, wherever we are.
 */
static bool
add_zip_header(struct sink *sink, const struct document *doc, size_t size)
{
	struct pack *pack = sink->pack;
	struct archive_entry *entry = pack->entry;
	char path[2 * FILE_NAME + 1];
	size_t folder = doc->folder == NULL ? 0 : strlen(doc->folder);
	size_t name = strlen(doc->name);

	if (folder >= FILE_NAME || name >= FILE_NAME) {
		sink_fault(sink, &sink->whole, FATE_CREATE, ENAMETOOLONG);
		sink->stopped = true;
		return false;
	}
	if (folder > 0) {
		memcpy(path, doc->folder, folder);
		path[folder++] = '/';
	}
	memcpy(path + folder, doc->name, name + 1);
	(void)archive_entry_clear(entry);
	archive_entry_set_pathname(entry, path);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, S_IRUSR | S_IWUSR);
	archive_entry_set_size(entry, (la_int64_t)size);
	pack->entries++;
	/* a warning would be of a name that is not what was given */
	if (archive_write_header(pack->archive, entry) != ARCHIVE_OK)
		fail(sink);
	return !sink->stopped;
}

static bool
add_header(struct sink *sink, const struct document *doc, size_t size)
{
	struct mc_buf *buf = &sink->pack->tar;

	if (sink->pack->zip)
		return add_zip_header(sink, doc, size);
	mc_buf_reset(buf);
	frame_tar.open(buf, doc);
	frame_tar_seal(buf, doc, 0, size);
	return add_tar(sink);
}

/* Ends an entry. */
static bool
add_padding(struct sink *sink, size_t size)
{
	static const char zeros[TAR_BLOCK];

	return sink->pack->zip ||
		add_bytes(sink, zeros,
			(TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK);
}

/*
 * A file without a name, beside the archive: what is in it is a secret of the
 * same kind.
 */
static int
spool(int dir, const char *name)
{
	struct file file;
	int fd = -1, copy;

#ifdef O_TMPFILE
	fd = openat(
		dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (fd != -1)
		return fd;
#endif
	/* file systems that do not know it */
	copy = fcntl(dir, F_DUPFD_CLOEXEC, 0);
	if (copy == -1)
		return -1;
	if (file_look(&file, copy, name, S_IRUSR | S_IWUSR) &&
		file_start(&file))
		fd = openat(dir, file.temp, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	file_drop(&file);
	return fd;
}

static bool
begin_archive(struct sink *sink, struct piece *piece)
{
	if (sink->pack->zip && sink->pack->entries == ZIP_MAX) {
		complain_usage(sink->program,
			"%s: a zip holds no more than 100,000 documents: give "
			"-o FILE.tar",
			sink->path);
		sink->stopped = true;
		return false;
	}
	if (piece->at_once)
		return true;
	piece->file.fd = spool(sink->dir, sink->whole.file.name);
	if (piece->file.fd != -1)
		return true;
	sink_fault(sink, &sink->whole, FATE_CREATE, errno);
	sink->stopped = true;
	return false;
}

static bool
write_archive(
	struct sink *sink, struct piece *piece, const char *bytes, size_t n)
{
	if (sink->stopped)
		return false;
	if (piece->at_once)
		return add_header(sink, &piece->doc, n) &&
			add_bytes(sink, bytes, n) && add_padding(sink, n);
	if (file_write(&piece->file, bytes, n))
		return true;
	sink_fault(sink, &sink->whole, FATE_WRITE, errno);
	return false;
}

/* A document whose size is known now. */
static void
add_spooled(struct sink *sink, struct piece *piece)
{
	char block[16 * 1024];
	struct stat st;
	off_t at = 0;
	bool ok = fstat(piece->file.fd, &st) == 0;

	if (!ok)
		sink_fault(sink, &sink->whole, FATE_WRITE, errno);
	ok = ok && add_header(sink, &piece->doc, (size_t)st.st_size);
	while (ok && at < st.st_size) {
		ssize_t n = pread(piece->file.fd, block, sizeof(block), at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			sink_fault(sink, &sink->whole, FATE_WRITE,
				n == 0 ? EIO : errno);
			ok = false;
			break;
		}
		ok = add_bytes(sink, block, (size_t)n);
		at += n;
	}
	if (ok)
		(void)add_padding(sink, (size_t)st.st_size);
	mc_wipe(block, sizeof(block));
}

static void
end_archive(struct sink *sink, struct piece *piece, bool keep)
{
	if (keep && !piece->at_once && !sink->stopped)
		add_spooled(sink, piece);
	file_drop(&piece->file);
	sink_later(piece);
}

static bool
close_archive(struct sink *sink)
{
	struct pack *pack = sink->pack;

	if (!sink->stopped && !pack->zip) {
		mc_buf_reset(&pack->tar);
		frame_tar.end(&pack->tar);
		(void)add_tar(sink);
	}
	if (!sink->stopped && archive_write_close(pack->archive) != ARCHIVE_OK)
		fail(sink);
	pack_free(sink);
	return sink_whole_close(sink);
}

const struct sink_kind sink_archive = {
	.several = true,
	.open = open_archive,
	.begin = begin_archive,
	.write = write_archive,
	.end = end_archive,
	.close = close_archive,
};
