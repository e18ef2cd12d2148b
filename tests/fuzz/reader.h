/* SPDX-License-Identifier: ISC */
/* What must hold for every reader and every input. */
#ifndef MC_FUZZ_READER_H
#define MC_FUZZ_READER_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bind.h"
#include "fuzz.h"
#include "read/input.h"

struct feed {
	const char *data;
	size_t size;
	size_t at;
	size_t block;
};

static long
feed_read(void *context, void *out, size_t size)
{
	struct feed *f = context;
	size_t n = f->size - f->at;

	if (n > size)
		n = size;
	if (n > f->block)
		n = f->block;
	if (n > 0)
		memcpy(out, f->data + f->at, n);
	f->at += n;
	return (long)n;
}

/* FNV-1a over all that a reader says, to compare two runs. */
struct digest {
	uint64_t hash;
	unsigned long errors;
};

static void
digest_add(struct digest *d, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++)
		d->hash = (d->hash ^ p[i]) * UINT64_C(1099511628211);
}

static void
digest_pos(struct digest *d, const struct mailcfg_pos *pos)
{
	digest_add(d, &pos->line, sizeof(pos->line));
	digest_add(d, &pos->column, sizeof(pos->column));
}

static void
digest_diag(void *context, const struct mailcfg_diag *diag)
{
	struct digest *d = context;

	MUST(diag->detail[strcspn(diag->detail, "\n\r\x1b")] == '\0');
	digest_add(d, diag->slug, strlen(diag->slug));
	/* where a reader gives up on too much depends on how much it had */
	if (strcmp(diag->slug, "too-big") != 0)
		digest_pos(d, &diag->pos);
	d->errors++;
}

/* The bytes at a place of the source; NULL: there is no such place. */
static const char *
find_place(const struct feed *f, const struct mailcfg_pos *pos)
{
	struct mc_place place = {1, 1, false};
	size_t i = 0;

	if (f->size >= 3 && memcmp(f->data, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	for (; i < f->size; i++) {
		bool inside = ((unsigned char)f->data[i] & 0xc0) == 0x80 ||
			(place.cr && f->data[i] == '\n');

		if (!inside && place.line == pos->line &&
			place.column == pos->column)
			return f->data + i;
		mc_walk(&place, f->data + i, 1);
	}
	/* libyaml ends the last line itself */
	return (place.line == pos->line && place.column == pos->column) ||
			(place.line + 1 == pos->line && pos->column == 1)
		? f->data + i
		: NULL;
}

static void
check_item(const struct feed *f, const struct mc_item *item, struct digest *d)
{
	const char *at;

	MUST(item->name != NULL);
	MUST(mc_utf8_prefix(item->name, strlen(item->name)) ==
		strlen(item->name));
	MUST(find_place(f, &item->name_pos) != NULL);
	digest_add(d, item->name, strlen(item->name) + 1);
	if (item->text == NULL)
		return;
	MUST(item->len <= MC_FIELD_BYTES);
	MUST(strlen(item->text) == item->len);
	MUST(mc_utf8_prefix(item->text, item->len) == item->len);
	at = find_place(f, &item->pos);
	MUST(at != NULL);
	if (item->exact) {
		MUST((size_t)(f->data + f->size - at) >= item->len);
		MUST(memcmp(at, item->text, item->len) == 0);
	}
	digest_add(d, item->text, item->len + 1);
	digest_add(d, &item->type, sizeof(item->type));
	digest_add(d, &item->exact, sizeof(item->exact));
	digest_add(d, &item->list, sizeof(item->list));
	digest_add(d, &item->doubtful, sizeof(item->doubtful));
	digest_pos(d, &item->pos);
}

static void
check_record(const struct feed *f, const struct mc_record *record,
	enum mc_next next, struct mc_binding *binding, struct digest *d)
{
	struct mc_report quiet = {0};
	struct mc_arena arena = {0};
	struct mc_draft draft = {.arena = &arena};
	bool bound;

	MUST(record->n_items <= MC_COLUMNS);
	MUST(find_place(f, &record->pos) != NULL);
	digest_pos(d, &record->pos);
	for (size_t i = 0; i < record->n_items; i++)
		check_item(f, &record->items[i], d);
	if (next == MC_NEXT_HEADER) {
		if (!mc_bind_header(binding, record, &quiet))
			MUST(quiet.errors > 0);
		return;
	}
	bound = mc_bind_record(binding, record, &draft, &quiet);
	MUST(bound != draft.bad);
	MUST(bound == (quiet.errors == 0));
	mc_arena_free(&arena);
}

/* A run, and what was met in it. */
struct trial {
	struct feed f;
	struct digest d;
	struct mc_report report;
	struct mc_binding binding;
	size_t steps;
	size_t records;
};

static void
begin_trial(struct trial *t, const struct feed *f)
{
	*t = (struct trial){.f = *f, .d = {UINT64_C(14695981039346656037), 0}};
	t->report = (struct mc_report){.fn = digest_diag, .context = &t->d};
}

/* One step.  blocks: that nothing is in one is told by the caller. */
static enum mc_next
step(struct trial *t, const struct mc_syntax *syntax, struct mc_reader *reader,
	bool blocks)
{
	unsigned long errors = t->d.errors;
	struct mc_arena arena = {0};
	struct mc_record record = {0};
	enum mc_next next = syntax->next(reader, &arena, &record);

	mc_record_places(&record);
	MUST(!arena.failed);
	MUST(++t->steps <= 2 * t->f.size + 3);
	if (next != MC_NEXT_END)
		digest_add(&t->d, &next, sizeof(next));
	t->records += next == MC_NEXT_RECORD || next == MC_NEXT_BAD;
	if (next <= MC_NEXT_DEFAULTS) {
		MUST(t->d.errors == errors);
		MUST(record.raw != NULL);
		check_record(&t->f, &record, next, &t->binding, &t->d);
	} else if (next == MC_NEXT_END) {
		MUST(t->d.errors == errors + (t->records == 0 && !blocks));
	} else {
		MUST(t->d.errors > errors);
	}
	if (next < MC_NEXT_END && record.raw != NULL)
		digest_add(&t->d, record.raw, record.raw_len);
	mc_arena_free(&arena);
	return next;
}

static struct digest
run(const struct mc_syntax *syntax, const struct feed *f, bool slow)
{
	struct trial t;
	struct mc_source source = {
		.name = "fuzz", .read = feed_read, .context = &t.f};
	struct mc_reader *reader;

	begin_trial(&t, f);
	reader = syntax->open(syntax, &source, &t.report);
	MUST(reader != NULL);
	reader->slow = slow;
	while (step(&t, syntax, reader, false) < MC_NEXT_END)
		;
	syntax->close(reader);
	mc_bind_free(&t.binding);
	return t.d;
}

/* The same by blocks of about `size` bytes. */
static struct digest
run_blocks(const struct mc_syntax *syntax, const struct feed *f, size_t size)
{
	struct trial t;
	struct mc_source source = {
		.name = "fuzz", .read = feed_read, .context = &t.f};
	struct mc_reader *reader, *fork;
	enum mc_next next = MC_NEXT_HEADER;
	enum mc_fill fill = MC_FILL_END;
	struct mc_buf block = {0};
	struct mc_place place;

	begin_trial(&t, f);
	reader = syntax->open(syntax, &source, &t.report);
	MUST(reader != NULL);
	reader->size = size;
	if (syntax->columns)
		next = step(&t, syntax, reader, false);
	if (next != MC_NEXT_HEADER) {
		syntax->close(reader);
		mc_bind_free(&t.binding);
		return t.d;
	}
	fork = syntax->fork(reader, &t.report);
	MUST(fork != NULL);
	while (next != MC_NEXT_FATAL) {
		mc_buf_reset(&block);
		fill = syntax->cut(reader, &block, &place);
		if (fill != MC_FILL_MORE)
			break;
		MUST(block.len <= MC_RECORD_BYTES + MC_BLOCK);
		syntax->feed(fork, block.data, block.len, &place);
		do
			next = step(&t, syntax, fork, true);
		while (next < MC_NEXT_END);
	}
	if (fill == MC_FILL_FAILED) {
		next = MC_NEXT_FATAL;
		digest_add(&t.d, &next, sizeof(next));
	}
	if (fill == MC_FILL_END && t.records == 0) {
		const struct mailcfg_pos pos = {"fuzz", 0, 0};

		mc_say(&t.report, MC_MSG_EMPTY_INPUT, &pos, NULL, NULL,
			"there is no account in it");
	}
	syntax->close(fork);
	syntax->close(reader);
	mc_bind_free(&t.binding);
	mc_buf_free(&block);
	return t.d;
}

static void
fuzz_reader(const char *name, const uint8_t *data, size_t size)
{
	const struct mc_syntax *syntax = mc_syntax_by_name(name);
	struct feed f = {(const char *)data, size, 0, (size_t)1 << 20};
	struct digest whole, pieces;

	(void)mc_syntax_sniff(f.data, size);
	whole = run(syntax, &f, false);
	pieces = run(syntax, &f, true);
	MUST(whole.hash == pieces.hash);
	f.block = 1 + size % 5;
	pieces = run(syntax, &f, false);
	MUST(whole.hash == pieces.hash);
	if (syntax->cut == NULL)
		return;
	pieces = run_blocks(syntax, &f, 1 + size % 7);
	MUST(whole.hash == pieces.hash);
	f.block = (size_t)1 << 20;
	pieces = run_blocks(syntax, &f, 1 + size % 150);
	MUST(whole.hash == pieces.hash);
}

#endif
