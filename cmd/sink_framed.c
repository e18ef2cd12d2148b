/* SPDX-License-Identifier: ISC */
/* Documents in a frame, one behind the other, to a file or standard output. */
#include "sink.h"

static bool
open_framed(struct sink *sink)
{
	if (sink_whole_open(sink))
		return true;
	file_drop(&sink->whole.file);
	return false;
}

static bool
pass_framed(struct sink *sink, const char *bytes, size_t n, unsigned long docs,
	struct mc_buf *buf)
{
	bool ok = buf == NULL ? sink_whole_write(sink, bytes, n)
			      : sink_whole_take(sink, bytes, n, buf);

	/* if it could not be written, all that should have been is refused */
	if (ok || sink->whole.fate != FATE_CREATED)
		sink->later += docs;
	return ok;
}

static bool
begin_framed(struct sink *sink, struct piece *piece)
{
	const struct frame *frame = sink->frame;

	/* its size is not known before its end, which is the run's */
	if (!piece->at_once) {
		complain_usage(sink->program,
			"a list of a whole run does not fit in %s: give -o "
			"FILE or -o DIR/",
			frame->name);
		sink->stopped = true;
		return false;
	}
	if (sink->path == NULL && frame->bytes == FRAME_AS_IS &&
		piece->doc.binary && !sink_stream.begin(sink, piece)) {
		sink->stopped = true;
		return false;
	}
	piece->start = sink->bytes.len;
	frame->open(&sink->bytes, &piece->doc);
	return true;
}

static bool
write_framed(
	struct sink *sink, struct piece *piece, const char *bytes, size_t n)
{
	(void)piece;
	mc_buf_add(&sink->bytes, bytes, n);
	return !sink->bytes.failed;
}

/* Takes a document back; others follow no more, or in its place. */
static void
cut(struct mc_buf *buf, size_t start)
{
	if (buf->data != NULL)
		mc_wipe(buf->data + start, buf->len - start);
	buf->len = start;
}

static void
end_framed(struct sink *sink, struct piece *piece, bool keep)
{
	struct mc_buf *buf = &sink->bytes;

	sink->frame->close(buf, &piece->doc, piece->start);
	if (buf->failed) {
		complain_memory(sink->program);
		sink->stopped = true;
		piece->kept = keep = false;
	}
	if (!keep)
		cut(buf, piece->start);
	else if (buf->len >= WHOLE_BLOCK)
		(void)sink_whole_drain(sink);
	sink_later(piece);
}

static bool
close_framed(struct sink *sink)
{
	const struct frame *frame = sink->frame;

	if (!sink->stopped && frame->end != NULL)
		frame->end(&sink->bytes);
	if (sink->bytes.failed && !sink->stopped) {
		complain_memory(sink->program);
		sink->stopped = true;
	}
	return sink_whole_close(sink) && !sink->stopped;
}

const struct sink_kind sink_framed = {
	.several = true,
	.pass = pass_framed,
	.open = open_framed,
	.begin = begin_framed,
	.write = write_framed,
	.end = end_framed,
	.close = close_framed,
};
