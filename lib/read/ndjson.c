/* SPDX-License-Identifier: ISC */
/* NDJSON: a record a line.  A bad line spoils no other. */
#include <string.h>

#include "cut.h"
#include "json.h"

struct ndjson {
	struct mc_json json;
	struct mc_cut cut;
	size_t done; /* bytes of the line that were looked at */
	bool skip;   /* it is too big */
};

/* Looks for the end of the line; *n: with it.  false: it is not at hand. */
static bool
find_end(struct ndjson *j, size_t *n)
{
	const char *s = j->json.r.data + j->json.r.at, *lf;
	size_t left = j->json.r.end - j->json.r.at;

	lf = memchr(s + j->done, '\n', left - j->done);
	j->done = lf == NULL ? left : 0;
	*n = lf == NULL ? left : (size_t)(lf - s) + 1;
	return lf != NULL;
}

static void
skip(struct ndjson *j, size_t n)
{
	const struct mailcfg_pos pos = mc_reader_pos(
		&j->json.r, &j->json.r.place);

	if (!j->skip)
		mc_say(j->json.r.report, MC_MSG_TOO_BIG, &pos, NULL, NULL,
			"a line of more than 1 MiB");
	j->skip = true;
	j->done = 0;
	mc_reader_take(&j->json.r, n);
}

/* Lets go of the line. */
static void
drop(struct ndjson *j, size_t n)
{
	struct mc_reader *r = &j->json.r;
	const char *s = r->data + r->at;

	if (n > 0 && s[n - 1] == '\n' && memchr(s, '\r', n) == NULL &&
		!r->place.cr) {
		r->at += n;
		r->place = (struct mc_place){r->place.line + 1, 1, false};
	} else {
		mc_reader_take(r, n);
	}
	j->done = 0;
}

static enum mc_next
take(struct ndjson *j, size_t n, struct mc_arena *arena,
	struct mc_record *record)
{
	const char *s = j->json.r.data + j->json.r.at;
	struct mc_json_text text = {
		.place = j->json.r.place, .line = true, .marks = j->json.marks};
	enum mc_next next = MC_NEXT_END; /* nothing is in it */

	text.text = s;
	text.n = n;
	while (text.n > 0 && mc_json_blank(s[text.n - 1]))
		text.n--;
	if (text.n > 0) {
		next = mc_json_record(&j->json.r, &text, arena, record);
		record->raw = s;
		record->raw_len = text.n;
	}
	drop(j, n);
	return next;
}

static enum mc_next
step(struct mc_reader *reader, struct mc_arena *arena, struct mc_record *record)
{
	struct ndjson *j = (struct ndjson *)(void *)reader;
	if (!j->json.r.begun && mc_reader_fill(&j->json.r) == MC_FILL_FAILED)
		return MC_NEXT_FATAL;
	for (;;) {
		size_t n = 0;
		bool last = false;
		enum mc_next next;

		if (!find_end(j, &n)) {
			enum mc_fill fill;

			if (n > MC_RECORD_BYTES || (j->skip && n > 0))
				skip(j, n);
			fill = mc_reader_fill(&j->json.r);
			if (fill == MC_FILL_FAILED)
				return MC_NEXT_FATAL;
			if (fill == MC_FILL_MORE)
				continue;
			last = true;
		}
		if (j->skip || n > MC_RECORD_BYTES) {
			skip(j, n);
			j->skip = false;
			return MC_NEXT_BAD;
		}
		next = take(j, n, arena, record);
		if (next != MC_NEXT_END || last)
			return next;
	}
}

struct mc_reader *
mc_ndjson_open(const struct mc_syntax *syntax, const struct mc_source *source,
	struct mc_report *report)
{
	return mc_json_new(sizeof(struct ndjson), syntax, source, report);
}

enum mc_next
mc_ndjson_next(
	struct mc_reader *r, struct mc_arena *arena, struct mc_record *record)
{
	return mc_reader_next(r, arena, record, step);
}

enum mc_fill
mc_ndjson_cut(struct mc_reader *r, struct mc_buf *block, struct mc_place *place)
{
	return mc_cut(r, &((struct ndjson *)(void *)r)->cut, block, place);
}

struct mc_reader *
mc_ndjson_fork(const struct mc_reader *from, struct mc_report *report)
{
	return mc_ndjson_open(from->syntax, &from->source, report);
}

void
mc_ndjson_feed(struct mc_reader *r, const char *data, size_t n,
	const struct mc_place *place)
{
	struct ndjson *j = (struct ndjson *)(void *)r;

	mc_reader_feed(r, data, n, place);
	j->done = 0;
	j->skip = false;
}
