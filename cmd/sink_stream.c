/* SPDX-License-Identifier: ISC */
/* Standard output: one document. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink.h"

static bool
open_stream(struct sink *sink)
{
	(void)sink;
	return true;
}

static bool
begin_stream(struct sink *sink, struct piece *piece)
{
	struct mc_report *report = &sink->program->report;
	struct stat st;

	if (sink->dry_run)
		return true;
	if (piece->doc.binary && isatty(STDOUT_FILENO) == 1) {
		mc_say(report, MC_MSG_TERMINAL, piece->doc.pos, NULL, NULL,
			"%s: give -o FILE", piece->doc.name);
		return false;
	}
	if (piece->doc.secret && fstat(STDOUT_FILENO, &st) == 0 &&
		S_ISREG(st.st_mode) &&
		(st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
		mc_say(report, MC_MSG_READABLE_SECRET, piece->doc.pos, NULL,
			NULL,
			"standard output has mode %04o: give -o FILE, or "
			"umask 077 first",
			(unsigned)st.st_mode & 07777u);
		return false;
	}
	return true;
}

bool
sink_stream_write_pair(
	struct sink *sink, struct piece *piece, struct pair *pair)
{
	while (pair->size[0] + pair->size[1] > 0 && !sink->dry_run &&
		piece->fate == FATE_CREATED) {
		if (file_write_some(STDOUT_FILENO, pair) ||
			(errno == EINTR && stop_signal() == 0))
			continue;
		if (errno == EPIPE) {
			/* nobody listens: nobody need be told */
			complain_note(
				&sink->program->complain, MC_MSG_CANNOT_WRITE);
			piece->fate = FATE_WRITE;
			sink->stopped = true;
		} else {
			sink_fault(sink, piece, FATE_WRITE, errno);
		}
	}
	return piece->fate == FATE_CREATED;
}

static bool
write_stream(
	struct sink *sink, struct piece *piece, const char *bytes, size_t n)
{
	struct pair pair = {.bytes = {"", bytes}, .size = {0, n}};

	return sink_stream_write_pair(sink, piece, &pair);
}

static void
end_stream(struct sink *sink, struct piece *piece, bool keep)
{
	(void)sink;
	(void)keep;
	sink_done(piece);
}

const struct sink_kind sink_stream = {
	.several = false,
	.open = open_stream,
	.begin = begin_stream,
	.write = write_stream,
	.end = end_stream,
	.close = open_stream,
};
