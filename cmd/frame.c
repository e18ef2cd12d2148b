/* SPDX-License-Identifier: ISC */
/* The forms of a stream of documents, and the one that is none. */
#include <string.h>

#include "sink.h"

/* The document begins where the last one ended. */
static void
open_concat(struct mc_buf *buf, const struct document *doc)
{
	(void)buf;
	(void)doc;
}

static void
close_concat(struct mc_buf *buf, const struct document *doc, size_t start)
{
	(void)buf;
	(void)doc;
	(void)start;
}

const struct frame frame_concat = {
	.name = "concat",
	.bytes = FRAME_AS_IS,
	.silent = true,
	.open = open_concat,
	.close = close_concat,
};

const struct frame *
frame_find(const char *name)
{
	static const struct frame *const frames[] = {
		&frame_tar, &frame_ndjson, &frame_concat};

	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		if (strcmp(frames[i]->name, name) == 0)
			return frames[i];
	return NULL;
}
