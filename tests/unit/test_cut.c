/* SPDX-License-Identifier: ISC */
/*
 * Inputs that are cut into blocks: what the blocks are.  That reading them
 * makes the same records is in tests/read and tests/fuzz.
 */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "read/input.h"

struct memory {
	const char *text;
	size_t left;
	int error;         /* 0: it just ends */
	const char *later; /* NULL: there is no more */
};

static long
read_memory(void *context, void *out, size_t size)
{
	struct memory *m = context;
	size_t n = m->left < size ? m->left : size;

	if (m->left == 0 && m->later != NULL) {
		m->text = m->later;
		m->left = strlen(m->later);
		m->later = NULL;
		return read_memory(m, out, size);
	}
	if (m->left == 0 && m->error != 0) {
		errno = m->error;
		return -1;
	}
	memcpy(out, m->text, n);
	m->text += n;
	m->left -= n;
	return (long)n;
}

static bool
memory_waits(void *context)
{
	const struct memory *m = context;

	return m->left == 0 && m->later != NULL;
}

struct bench {
	struct memory memory;
	struct mc_report report;
	const struct mc_syntax *syntax;
	struct mc_reader *reader;
	struct mc_buf block;
	struct mc_place place;
};

static void
set_up(struct bench *b, const char *syntax, const char *text, size_t n,
	size_t size)
{
	struct mc_source source = {
		.name = "f", .read = read_memory, .waits = memory_waits};

	*b = (struct bench){.memory = {.text = text, .left = n}};
	source.context = &b->memory;
	b->syntax = mc_syntax_by_name(syntax);
	b->reader = b->syntax->open(b->syntax, &source, &b->report);
	assert_non_null(b->reader);
	b->reader->size = size;
	if (b->syntax->columns) {
		struct mc_arena arena = {0};
		struct mc_record record;

		assert_int_equal(b->syntax->next(b->reader, &arena, &record),
			MC_NEXT_HEADER);
		mc_arena_free(&arena);
	}
}

static enum mc_fill
cut(struct bench *b)
{
	mc_buf_reset(&b->block);
	return b->syntax->cut(b->reader, &b->block, &b->place);
}

static void
tear_down(struct bench *b)
{
	b->syntax->close(b->reader);
	mc_buf_free(&b->block);
}

static void
can_be_cut(void **state)
{
	static const char *const names[] = {"csv", "tsv", "ndjson"};

	(void)state;
	for (size_t i = 0; i < mc_syntax_count(); i++) {
		const struct mc_syntax *s = mc_syntax_at(i);
		bool wanted = false;

		for (size_t j = 0; j < 3; j++)
			wanted |= strcmp(s->name, names[j]) == 0;
		assert_int_equal(s->cut != NULL, wanted);
		assert_int_equal(s->fork != NULL, wanted);
		assert_int_equal(s->feed != NULL, wanted);
	}
}

static void
blocks(void **state)
{
	static const struct {
		const char *syntax;
		const char *text;
		size_t size;
		struct {
			const char *block;
			unsigned line;
		} want[4];
	} rows[] = {
		{"csv", "a,b\n1,2\n3,4\n", 1, {{"1,2\n3,4\n", 2}}},
		{"csv", "a,b\n1,\"2\n\"\n3,4", 1,
			{{"1,\"2\n\"\n", 2}, {"3,4", 4}}},
		/* a stray quote hides no line's end */
		{"csv", "a,b\n1,2\"\n3,\"4\n", 1,
			{{"1,2\"\n", 2}, {"3,\"4\n", 3}}},
		{"csv", "a,b\n\"1\"x\",2\n3,4", 1,
			{{"\"1\"x\",2\n", 2}, {"3,4", 3}}},
		{"csv", "a;b\n\"1\"\";\r\n\";2\r\n", 1,
			{{"\"1\"\";\r\n\";2\r\n", 2}}},
		{"ndjson", "{}\n\n{\"a\":\"\r\"}", 1,
			{{"{}\n\n", 1}, {"{\"a\":\"\r\"}", 3}}},
		{"ndjson", "", 1, {{NULL, 0}}},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct bench b;

		set_up(&b, rows[i].syntax, rows[i].text, strlen(rows[i].text),
			rows[i].size);
		for (size_t j = 0; rows[i].want[j].block != NULL; j++) {
			assert_int_equal(cut(&b), MC_FILL_MORE);
			assert_string_equal(
				b.block.data, rows[i].want[j].block);
			assert_int_equal(b.place.line, rows[i].want[j].line);
			assert_int_equal(b.place.column, 1);
		}
		assert_int_equal(cut(&b), MC_FILL_END);
		assert_int_equal(b.block.len, 0);
		assert_int_equal(cut(&b), MC_FILL_END);
		assert_int_equal(b.report.errors, 0);
		tear_down(&b);
	}
}

/* What could be read is handed out before it is said that no more can be. */
static void
failing_source(void **state)
{
	static const char text[] = "a\n1\n2\n3";
	struct bench b;

	(void)state;
	set_up(&b, "csv", text, sizeof(text) - 1, 0);
	b.memory.error = EIO;
	assert_int_equal(cut(&b), MC_FILL_MORE);
	assert_string_equal(b.block.data, "1\n2\n");
	assert_int_equal(b.report.errors, 0);
	assert_int_equal(cut(&b), MC_FILL_FAILED);
	assert_int_equal(b.report.errors, 1);
	assert_int_equal(cut(&b), MC_FILL_FAILED);
	assert_int_equal(b.report.errors, 1);
	tear_down(&b);
}

/*
 * What is there is handed out before the source is waited for; then, once, that
 * nothing is.
 */
static void
waiting_source(void **state)
{
	static const char text[] = "a\n1\n2";
	struct bench b;

	(void)state;
	set_up(&b, "csv", text, sizeof(text) - 1, 0);
	b.memory.later = "3\n4\n";
	assert_int_equal(cut(&b), MC_FILL_MORE);
	assert_string_equal(b.block.data, "1\n");
	assert_int_equal(cut(&b), MC_FILL_MORE);
	assert_int_equal(b.block.len, 0);
	assert_int_equal(b.place.line, 3);
	assert_non_null(b.memory.later);
	assert_int_equal(cut(&b), MC_FILL_MORE);
	assert_string_equal(b.block.data, "23\n4\n");
	assert_int_equal(b.place.line, 3);
	assert_int_equal(b.place.column, 1);
	assert_int_equal(cut(&b), MC_FILL_END);
	tear_down(&b);
}

/* A record without an end is cut off where a fork refuses it. */
static void
endless_record(void **state)
{
	const size_t n = (size_t)5 * MC_RECORD_BYTES;
	static const char head[] = {'a', '\n', '1', '\n', '"', '\n'};
	static const char tail[] = {'"', '\n', '2', '\n'};
	char *text = malloc(n);
	struct bench b;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', n);
	memcpy(text, head, sizeof(head));
	memcpy(text + n - sizeof(tail), tail, sizeof(tail));
	set_up(&b, "csv", text, n, 0);
	assert_int_equal(cut(&b), MC_FILL_MORE);
	assert_string_equal(b.block.data, "1\n");
	assert_int_equal(cut(&b), MC_FILL_MORE);
	assert_int_equal(b.block.len, MC_RECORD_BYTES + 1);
	assert_int_equal(b.place.line, 3);
	assert_int_equal(cut(&b), MC_FILL_MORE);
	assert_string_equal(b.block.data, "2\n");
	assert_int_equal(b.place.line, 5);
	assert_int_equal(cut(&b), MC_FILL_END);
	tear_down(&b);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(can_be_cut),
		cmocka_unit_test(blocks),
		cmocka_unit_test(failing_source),
		cmocka_unit_test(waiting_source),
		cmocka_unit_test(endless_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
