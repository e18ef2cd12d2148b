/* SPDX-License-Identifier: ISC */
/* The XML writer: its bytes, and that it fails rather than write wrong ones. */
#include "test.h"

#include <libxml/parser.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "emit/xml.h"

/* Allocations of libxml2 from number fail_from to fail_to fail. */
static size_t allocations, fail_from, fail_to;

static bool
fails(void)
{
	allocations++;
	return allocations >= fail_from && allocations <= fail_to;
}

/*
 * Every block is in a list: libxml2 loses some when memory runs out, and what
 * is in a list is not a leak of ours.
 */
struct block {
	struct block *next, *last;
	max_align_t data[];
};
static struct block blocks = {&blocks, &blocks};

static void *
join(struct block *block)
{
	block->next = blocks.next;
	block->last = &blocks;
	block->next->last = blocks.next = block;
	return block->data;
}

static struct block *
leave(void *p)
{
	struct block *block = (struct block *)(void *)((char *)p -
		offsetof(struct block, data));

	block->next->last = block->last;
	block->last->next = block->next;
	return block;
}

static void *
get(size_t size)
{
	struct block *block = fails() ? NULL : malloc(sizeof(*block) + size);

	return block == NULL ? NULL : join(block);
}

static void
give_back(void *p)
{
	if (p != NULL)
		free(leave(p));
}

static void *
get_more(void *p, size_t size)
{
	struct block *block;

	if (p == NULL)
		return get(size);
	if (fails())
		return NULL;
	block = realloc(leave(p), sizeof(*block) + size);
	assert_non_null(block);
	return join(block);
}

static char *
copy(const char *text)
{
	size_t n = strlen(text) + 1;
	char *new = get(n);

	return new == NULL ? NULL : memcpy(new, text, n);
}

/* A document with everything that the writer knows. */
static bool
write_document(struct mc_buf *out, const char *text)
{
	struct mc_xml *x = mc_xml_new("utf-8");

	assert_non_null(x);
	mc_xml_open(x, "a");
	mc_xml_attribute(x, "xmlns", "urn:a");
	mc_xml_attribute(x, "b", "<&\"");
	mc_xml_open(x, "c");
	mc_xml_attribute(x, "d", "e");
	mc_xml_leaf(x, "f", text);
	mc_xml_leaf_uint(x, "g", 4294967295u);
	mc_xml_open(x, "i");
	mc_xml_attribute(x, "j", "k");
	mc_xml_text(x, text);
	mc_xml_close(x);
	mc_xml_close(x);
	mc_xml_open(x, "h");
	mc_xml_close(x);
	mc_xml_close(x);
	return mc_xml_finish(x, out);
}

static const char
	want[] = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		 "<a xmlns=\"urn:a\" b=\"&lt;&amp;&quot;\">\n"
		 "  <c d=\"e\">\n"
		 "    <f>&lt;&amp;&gt; ]]&gt; \xc3\xa4\xf0\x9f\x98\x80</f>\n"
		 "    <g>4294967295</g>\n"
		 "    <i j=\"k\">&lt;&amp;&gt; ]]&gt; \xc3\xa4\xf0\x9f\x98\x80"
		 "</i>\n"
		 "  </c>\n"
		 "  <h/>\n"
		 "</a>\n";
static const char text[] = "<&> ]]> \xc3\xa4\xf0\x9f\x98\x80";

static void
test_bytes(void **state)
{
	struct mc_buf out = {0};

	(void)state;
	assert_true(write_document(&out, text));
	assert_string_equal(out.data, want);
	mc_buf_free(&out);
}

/* What the gate keeps away makes no document either. */
static void
test_bad_text(void **state)
{
	static const char *const bad[] = {"\x01", "a\x1b", "\xff", "\xc0\x80",
		"\xed\xa0\x80", "\xef\xbf\xbe"};

	(void)state;
	for (size_t i = 0; i < ROWS(bad); i++) {
		struct mc_buf out = {0};

		assert_false(write_document(&out, bad[i]));
		assert_int_equal(out.len, 0);
		mc_buf_free(&out);
	}
}

/* One failing allocation, or all from one on: right bytes or none. */
static void
test_memory(void **state)
{
	size_t total, failures = 0;
	struct mc_buf out = {0};

	(void)state;
	allocations = 0;
	assert_true(write_document(&out, text));
	total = allocations;
	assert_true(total > 50);
	for (size_t i = 0; i < 2 * total; i++) {
		mc_buf_reset(&out);
		allocations = 0;
		fail_from = 1 + i / 2;
		fail_to = i % 2 == 0 ? fail_from : SIZE_MAX;
		if (write_document(&out, text)) {
			assert_string_equal(out.data, want);
		} else {
			assert_int_equal(out.len, 0);
			failures++;
		}
	}
	fail_from = fail_to = 0;
	assert_true(failures > total);
	mc_buf_free(&out);
}

static FILE *said;
static int standard_error;

/* libxml2 likes to print to stderr: a file listens there. */
static int
listen_in(void **state)
{
	(void)state;
	said = tmpfile();
	standard_error = dup(STDERR_FILENO);
	return said != NULL && standard_error >= 0 &&
			dup2(fileno(said), STDERR_FILENO) >= 0
		? 0
		: -1;
}

static int
hear_nothing(void **state)
{
	long size;

	(void)state;
	(void)fflush(stderr);
	(void)dup2(standard_error, STDERR_FILENO);
	(void)close(standard_error);
	size = fseek(said, 0, SEEK_END) == 0 ? ftell(said) : -1;
	(void)fclose(said);
	return size == 0 ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test_setup_teardown(
			test_bad_text, listen_in, hear_nothing),
		cmocka_unit_test_setup_teardown(
			test_memory, listen_in, hear_nothing),
	};

	if (xmlMemSetup(give_back, get, get_more, copy) != 0)
		return EXIT_FAILURE;
	xmlInitParser();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
