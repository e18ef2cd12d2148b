/* SPDX-License-Identifier: ISC */
/*
 * One stream that holds all documents: a file that appears when it is whole,
 * or standard output.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink.h"

/* Room is asked of the file system in steps of so many bytes. */
enum { AHEAD = 16 * 1024 * 1024 };

bool
sink_whole_open(struct sink *sink)
{
	struct piece *whole = &sink->whole;

	whole->doc.secret = sink->secret;
	if (sink->path == NULL) {
		whole->doc.name = sink->frame->name;
		whole->doc.binary = sink->frame->bytes == FRAME_BINARY ||
			(sink->frame->bytes == FRAME_AS_IS && sink->binary);
		return sink_stream.begin(sink, whole);
	}
	return sink_may_have_mode(sink, whole) && sink_file.open(sink) &&
		sink_file.begin(sink, whole);
}

static int
descriptor(const struct sink *sink)
{
	if (sink->dry_run)
		return -1;
	return sink->path == NULL ? STDOUT_FILENO : sink->whole.file.fd;
}

/* Whether the file ends where we write, and nobody else's bytes follow. */
static bool
is_at_end(int fd, off_t at)
{
	int flags = fcntl(fd, F_GETFL);
	struct stat st;

	return flags != -1 && (flags & O_APPEND) == 0 && fstat(fd, &st) == 0 &&
		S_ISREG(st.st_mode) && st.st_size == at;
}

/*
 * Blocks that are there already make a long file half as quick again.  A file
 * system that knows no such thing, or has no room, is not asked twice.
 */
static void
reserve(struct sink *sink, size_t n)
{
#ifdef FALLOC_FL_KEEP_SIZE
	int fd = descriptor(sink);
	off_t at, end;

	if (fd == -1 || sink->ahead == -1)
		return;
	at = lseek(fd, 0, SEEK_CUR);
	end = at + (off_t)n;
	/* a small file needs none */
	if (at != -1 && (end <= sink->ahead || end < WHOLE_BLOCK))
		return;
	sink->ahead = at != -1 && is_at_end(fd, at) &&
			fallocate(fd, FALLOC_FL_KEEP_SIZE, at,
				(off_t)n + AHEAD) == 0
		? end + AHEAD
		: -1;
#else
	(void)sink;
	(void)n;
#endif
}

/* Gives back what was reserved and not needed. */
static void
release(struct sink *sink)
{
	int fd = descriptor(sink);
	off_t at = fd == -1 || sink->ahead <= 0 ? -1 : lseek(fd, 0, SEEK_CUR);

	if (at != -1 && is_at_end(fd, at) && ftruncate(fd, at) != 0)
		sink->ahead = -1;
}

/* When all that goes its way aside is written.  false: reported. */
static bool
settle(struct sink *sink)
{
	int error;

	aside_wait(&sink->aside);
	error = sink->away_error;
	sink->away_error = 0;
	if (error != 0)
		sink_fault(sink, &sink->whole, FATE_WRITE, error);
	return error == 0;
}

/* What was gathered, and these behind it. */
static struct pair
pair_of(const struct sink *sink, const char *bytes, size_t n)
{
	const struct mc_buf *buf = &sink->bytes;

	return (struct pair){
		.bytes = {buf->data == NULL ? "" : buf->data, bytes},
		.size = {buf->len, n}};
}

/* Writes them; nothing is aside. */
static bool
put(struct sink *sink, const char *bytes, size_t n)
{
	struct mc_buf *buf = &sink->bytes;
	struct piece *whole = &sink->whole;
	struct pair pair = pair_of(sink, bytes, n);
	bool ok;

	if (buf->len + n == 0)
		return true;
	reserve(sink, buf->len + n);
	ok = sink->path == NULL ? sink_stream_write_pair(sink, whole, &pair)
				: sink_file_write_pair(sink, whole, &pair);
	sink->stopped = sink->stopped || !ok;
	mc_buf_rewind(buf);
	return ok;
}

bool
sink_whole_drain(struct sink *sink)
{
	return settle(sink) && put(sink, "", 0);
}

/*
 * What is left of n bytes for later: whole blocks of a file are written, as the
 * kernel fills large pages at once.
 */
static size_t
rest_of(const struct sink *sink, size_t n)
{
	return sink->ahead == -1 ? 0 : n % WHOLE_BLOCK;
}

static bool
gather(struct sink *sink, const char *bytes, size_t n)
{
	mc_buf_add(&sink->bytes, bytes, n);
	if (!sink->bytes.failed)
		return true;
	complain_memory(sink->program);
	sink->stopped = true;
	return false;
}

bool
sink_whole_write(struct sink *sink, const char *bytes, size_t n)
{
	size_t all = sink->bytes.len + n, rest;

	if (sink->stopped || !settle(sink))
		return false;
	rest = rest_of(sink, all);
	if (all >= WHOLE_BLOCK && rest <= n) {
		if (!put(sink, bytes, n - rest))
			return false;
		bytes += n - rest;
		n = rest;
	}
	return gather(sink, bytes, n) &&
		(sink->bytes.len < WHOLE_BLOCK || sink_whole_drain(sink));
}

/*
 * A file takes what it is given.  Who reads a pipe may let us wait until a
 * signal comes, of which the thread would not hear.  And messages in the same
 * file keep their place in it.
 */
static bool
may_be_aside(const struct sink *sink)
{
	int fd = descriptor(sink);
	struct stat st, said;

	return fd != -1 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		(fstat(STDERR_FILENO, &said) != 0 || said.st_ino != st.st_ino ||
			said.st_dev != st.st_dev);
}

static void
write_away(void *context)
{
	struct sink *sink = context;
	struct pair *pair = &sink->leaving;

	reserve(sink, pair->size[0] + pair->size[1]);
	if (!file_write_pair(descriptor(sink), pair))
		sink->away_error = errno;
}

/* Takes what is in a buffer, which has the other's memory now, and is empty. */
static void
take(struct mc_buf *buf, struct mc_buf *from)
{
	const struct mc_buf old = *buf;

	*buf = *from;
	*from = old;
	mc_buf_rewind(from);
}

bool
sink_whole_take(
	struct sink *sink, const char *bytes, size_t n, struct mc_buf *buf)
{
	size_t all = sink->bytes.len + n, rest;

	if (sink->stopped || !settle(sink))
		return false;
	rest = rest_of(sink, all);
	if (all < WHOLE_BLOCK || rest > n || !may_be_aside(sink))
		return sink_whole_write(sink, bytes, n);
	sink->leaving = pair_of(sink, bytes, n - rest);
	take(&sink->away[0], &sink->bytes);
	take(&sink->away[1], buf);
	aside_do(&sink->aside, write_away, sink);
	return gather(sink, bytes + n - rest, rest);
}

bool
sink_whole_close(struct sink *sink)
{
	struct piece *whole = &sink->whole;

	(void)settle(sink);
	aside_stop(&sink->aside);
	for (size_t i = 0; i < 2; i++)
		mc_buf_free(&sink->away[i]);
	/* on standard output, whole documents may end an interrupted run */
	if (whole->fate == FATE_CREATED &&
		(sink->path == NULL || !sink->stopped))
		(void)sink_whole_drain(sink);
	release(sink);
	if (sink->path == NULL) {
		sink_settle(sink);
		return whole->fate == FATE_CREATED;
	}
	if (!sink->stopped && sink->later > 0) {
		sink_file_publish(sink, whole);
		if (whole->fate == FATE_REFUSED)
			sink_say_exists(sink, whole);
	} else if (whole->fate == FATE_CREATED) {
		/* nothing was made, and nothing was refused */
		sink->later = 0;
	}
	file_drop(&whole->file);
	sink_settle(sink);
	return sink_file.close(sink) && whole->fate < FATE_REFUSED;
}
