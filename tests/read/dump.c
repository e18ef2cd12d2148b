/* SPDX-License-Identifier: ISC */
/*
 * usage: dump [--json | --raw] [--bind] [--block N] [--cut N] [--slow]
 *             [--column SPEC]... SYNTAX FILE...
 *
 * Reads files with a reader of the library and prints what it hands over, and
 * its complaints, in order.  --bind: sends it through the gate and prints the
 * fields.  --json: a line of JSON a record.  --raw: its source, the same way.
 * --block: at most N bytes at a time.  --cut: cuts the input into blocks of
 * about N bytes, which forks of the reader read.  --slow: the reader takes no
 * short cuts.  --column: as mailcfg's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bind.h"
#include "read/input.h"

struct dump {
	FILE *file;
	const char *name; /* without its folders */
	size_t block;
	size_t cut;
	bool json;
	bool raw;
	bool slow;
	bool bind;
	const char *columns[8];
	size_t n_columns;
	const struct mc_syntax *syntax;
	struct mc_report report;
	struct mc_binding binding;
};

static long
read_file(void *context, void *out, size_t size)
{
	struct dump *d = context;
	size_t n = fread(out, 1, size < d->block ? size : d->block, d->file);

	return n == 0 && ferror(d->file) != 0 ? -1 : (long)n;
}

static void
hear(void *context, const struct mailcfg_diag *g)
{
	static const char *const levels[] = {"error", "warning", "note"};
	const struct dump *d = context;

	if (d->json || d->raw)
		return;
	printf("%s:", d->name);
	if (g->pos.line > 0)
		printf("%u:%u:", g->pos.line, g->pos.column);
	printf(" %s: %s: %s [%s]\n", levels[g->level], g->text, g->detail,
		g->slug);
}

/* A string of JSON. */
static void
put_text(const char *s, size_t n)
{
	putchar('"');
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void
put_place(const struct mailcfg_pos *pos)
{
	printf("%u:%u ", pos->line, pos->column);
}

static void
put_item(const struct mc_item *item)
{
	static const char *const types[] = {"", " number", " bool", " null"};
	enum { SHOWN = 200 };

	printf("  ");
	put_place(&item->name_pos);
	put_text(item->name, strlen(item->name));
	if (item->text != NULL) {
		printf(" = ");
		put_place(&item->pos);
		if (item->len > SHOWN)
			printf("%zu bytes", item->len);
		else
			put_text(item->text, item->len);
		printf("%s%s%s%s%s", types[item->type],
			item->exact ? " exact" : "", item->list ? " list" : "",
			item->doubtful ? " doubtful" : "",
			item->fault == NULL ? "" : " fault");
	}
	putchar('\n');
}

static void
put_json(const char *what, const struct mc_record *record)
{
	printf("[\"%s\"", what);
	for (size_t i = 0; i < record->n_items; i++) {
		const struct mc_item *item = &record->items[i];

		printf(",[");
		put_text(item->name, strlen(item->name));
		printf(",%d,", (int)item->type);
		put_text(item->text == NULL ? "" : item->text, item->len);
		putchar(']');
	}
	puts("]");
}

static void
put_raw(const char *what, const struct mc_record *record)
{
	printf("[\"%s\",", what);
	if (record->raw == NULL)
		printf("null");
	else
		put_text(record->raw, record->raw_len);
	puts("]");
}

static void
put_draft(const struct mc_draft *draft)
{
	for (size_t i = 0; i < mc_field_count(); i++) {
		const struct mc_value *v = &draft->value[i];

		if (v->text == NULL)
			continue;
		printf("  %s = ", mc_field_at(i)->name);
		put_place(&v->pos);
		put_text(v->text, strlen(v->text));
		putchar('\n');
	}
}

/* false: it is over. */
static bool
put(struct dump *d, enum mc_next next, const struct mc_record *record)
{
	static const char *const names[] = {
		"record", "header", "defaults", "bad", "end", "fatal"};
	bool good = next <= MC_NEXT_DEFAULTS;
	struct mc_arena arena = {0};
	struct mc_draft draft = {.arena = &arena};

	if (d->raw) {
		put_raw(names[next], record);
		return next < MC_NEXT_END;
	}
	if (d->json) {
		static const struct mc_record none = {0};

		put_json(names[next], good ? record : &none);
		return next < MC_NEXT_END;
	}
	printf("%s", names[next]);
	if (good)
		printf(" %u:%u", record->pos.line, record->pos.column);
	putchar('\n');
	if (d->bind && next == MC_NEXT_HEADER)
		return mc_bind_header(&d->binding, record, &d->report);
	if (d->bind && good) {
		bool bound = mc_bind_record(
			&d->binding, record, &draft, &d->report);

		put_draft(&draft);
		if (!bound)
			puts("  refused");
	} else if (good) {
		for (size_t i = 0; i < record->n_items; i++)
			put_item(&record->items[i]);
	}
	mc_arena_free(&arena);
	return next < MC_NEXT_END;
}

/* Reads on until the end of what the reader has.  What came last. */
static enum mc_next
dump_records(struct dump *d, struct mc_reader *reader, unsigned long *n)
{
	struct mc_arena arena = {0};
	struct mc_record record = {0};
	enum mc_next next;
	bool more;

	do {
		mc_arena_reset(&arena);
		next = d->syntax->next(reader, &arena, &record);
		mc_record_places(&record);
		if (next == MC_NEXT_END && n != NULL)
			break;
		if (n != NULL)
			++*n;
		more = put(d, next, &record);
	} while (more && (n == NULL || next != MC_NEXT_HEADER));
	mc_arena_free(&arena);
	return next;
}

/* The same by blocks, with two forks in turn. */
static bool
dump_blocks(struct dump *d, struct mc_reader *reader)
{
	struct mc_reader *forks[2] = {NULL, NULL};
	struct mc_buf blocks[2] = {{0}, {0}};
	struct mc_place place;
	enum mc_next next = MC_NEXT_HEADER;
	enum mc_fill fill = MC_FILL_MORE;
	unsigned long records = 0;

	reader->size = d->cut;
	if (d->syntax->columns) {
		struct mc_arena arena = {0};
		struct mc_record record = {0};

		next = d->syntax->next(reader, &arena, &record);
		mc_record_places(&record);
		if (!put(d, next, &record))
			next = MC_NEXT_FATAL;
		mc_arena_free(&arena);
	}
	if (next != MC_NEXT_HEADER)
		return true;
	for (size_t i = 0; i < 2; i++) {
		forks[i] = d->syntax->fork(reader, &d->report);
		if (forks[i] == NULL)
			return false;
	}
	for (size_t i = 0; next != MC_NEXT_FATAL; i = 1 - i) {
		mc_buf_reset(&blocks[i]);
		fill = d->syntax->cut(reader, &blocks[i], &place);
		if (fill != MC_FILL_MORE)
			break;
		d->syntax->feed(
			forks[i], blocks[i].data, blocks[i].len, &place);
		next = dump_records(d, forks[i], &records);
	}
	if (fill == MC_FILL_END && records == 0) {
		const struct mailcfg_pos pos = {d->name, 0, 0};

		mc_say(&d->report, MC_MSG_EMPTY_INPUT, &pos, NULL, NULL,
			"there is no account in it");
	}
	if (next != MC_NEXT_FATAL)
		(void)put(d, fill == MC_FILL_END ? MC_NEXT_END : MC_NEXT_FATAL,
			&(struct mc_record){0});
	for (size_t i = 0; i < 2; i++) {
		d->syntax->close(forks[i]);
		mc_buf_free(&blocks[i]);
	}
	return true;
}

static bool
dump_file(struct dump *d, const char *path)
{
	const char *slash = strrchr(path, '/');
	const struct mailcfg_pos pos = {"--column", 1, 1};
	struct mc_source source = {.read = read_file, .context = d};
	struct mc_reader *reader;
	bool good = true;

	d->name = slash == NULL ? path : slash + 1;
	source.name = d->name;
	d->file = fopen(path, "rb");
	if (d->file == NULL)
		return false;
	for (size_t i = 0; i < d->n_columns; i++)
		if (!mc_bind_pattern(
			    &d->binding, d->columns[i], &pos, &d->report))
			puts("pattern refused");
	reader = d->syntax->open(d->syntax, &source, &d->report);
	if (reader == NULL)
		return false;
	reader->slow = d->slow;
	if (d->cut > 0 && d->syntax->cut != NULL)
		good = dump_blocks(d, reader);
	else
		(void)dump_records(d, reader, NULL);
	d->syntax->close(reader);
	mc_bind_free(&d->binding);
	(void)fclose(d->file);
	return good;
}

int
main(int argc, char **argv)
{
	struct dump d = {.block = (size_t)1 << 20,
		.report = {.fn = hear, .context = &d}};
	int i = 1;

	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--json") == 0)
			d.json = true;
		else if (strcmp(argv[i], "--bind") == 0)
			d.bind = true;
		else if (strcmp(argv[i], "--slow") == 0)
			d.slow = true;
		else if (strcmp(argv[i], "--raw") == 0)
			d.raw = true;
		else if (strcmp(argv[i], "--cut") == 0 && i + 1 < argc)
			d.cut = strtoul(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--block") == 0 && i + 1 < argc)
			d.block = strtoul(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--column") == 0 && i + 1 < argc &&
			d.n_columns < 8)
			d.columns[d.n_columns++] = argv[++i];
		else
			return 64;
	}
	d.syntax = i < argc ? mc_syntax_by_name(argv[i++]) : NULL;
	if (d.syntax == NULL || d.block == 0)
		return 64;
	for (; i < argc; i++) {
		if (!dump_file(&d, argv[i])) {
			perror(argv[i]);
			return 66;
		}
	}
	return 0;
}
