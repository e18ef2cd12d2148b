/* SPDX-License-Identifier: ISC */
#include "test.h"

#include <string.h>

#include "der.h"

static void
test_heads(void **state)
{
	static const struct {
		size_t n;
		size_t size;
		unsigned char bytes[MC_DER_HEAD];
	} rows[] = {
		{0, 2, {0x30, 0x00}},
		{127, 2, {0x30, 0x7f}},
		{128, 3, {0x30, 0x81, 0x80}},
		{255, 3, {0x30, 0x81, 0xff}},
		{256, 4, {0x30, 0x82, 0x01, 0x00}},
		{65535, 4, {0x30, 0x82, 0xff, 0xff}},
		{65536, 5, {0x30, 0x83, 0x01, 0x00, 0x00}},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		unsigned char out[MC_DER_HEAD];
		unsigned char *end = mc_der_head(
			out, MC_DER_SEQUENCE, rows[i].n);

		assert_int_equal(end - out, rows[i].size);
		assert_int_equal(mc_der_head_size(rows[i].n), rows[i].size);
		assert_int_equal(
			mc_der_size(rows[i].n), rows[i].size + rows[i].n);
		assert_memory_equal(out, rows[i].bytes, rows[i].size);
	}
}

static void
test_next(void **state)
{
	static unsigned char bytes[70000] = {
		0x04, 0x01, 'x', 0x04, 0x82, 0x01, 0x00};
	struct mc_der from = {bytes, 7 + 256}, content, before = from;

	(void)state;
	assert_false(mc_der_next(&from, MC_DER_SET, &content));
	assert_memory_equal(&from, &before, sizeof(from));
	assert_true(mc_der_next(&from, MC_DER_OCTETS, &content));
	assert_int_equal(content.size, 1);
	assert_ptr_equal(content.data, bytes + 2);
	assert_true(mc_der_next(&from, MC_DER_OCTETS, &content));
	assert_int_equal(content.size, 256);
	assert_ptr_equal(content.data, bytes + 7);
	assert_int_equal(from.size, 0);
	assert_false(mc_der_next(&from, MC_DER_OCTETS, &content));
}

static void
test_no_der(void **state)
{
	/* n: bytes that are there */
	static const struct {
		size_t n;
		unsigned char bytes[16];
	} rows[] = {
		{0, {0}},
		{1, {0x30}},
		{2, {0x30, 0x01}},
		{2, {0x30, 0x80}},             /* BER's no length */
		{4, {0x30, 0x80, 0x00, 0x00}}, /* likewise */
		{2, {0x30, 0x81}},             /* no length */
		{4, {0x30, 0x81, 0x01, 0x00}}, /* longer than it must be */
		{3, {0x30, 0x81, 0x80}},       /* nothing behind it */
		{5, {0x30, 0x82, 0x00, 0x01, 0x00}}, /* longer, with a zero */
		{9, {0x30, 0x87, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}},
		{10,
			{0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
				0xff}},
		{10,
			{0x30, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
				0xff}},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct mc_der from = {rows[i].bytes, rows[i].n}, content;

		assert_false(mc_der_next(&from, MC_DER_SEQUENCE, &content));
		assert_int_equal(from.size, rows[i].n);
	}
}

static void
test_order(void **state)
{
	static const struct {
		const char *a;
		const char *b;
		int order;
	} rows[] = {{"", "", 0}, {"", "a", -1}, {"a", "a", 0}, {"a", "b", -1},
		{"ab", "b", -1}, {"a", "ab", -1}, {"\x7f", "\x80", -1}};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct mc_der a = {(const unsigned char *)rows[i].a,
					    strlen(rows[i].a)},
				    b = {(const unsigned char *)rows[i].b,
					    strlen(rows[i].b)};

		assert_int_equal(mc_der_equal(&a, &b), rows[i].order == 0);
		assert_true(
			(mc_der_compare(&a, &b) < 0) == (rows[i].order < 0));
		assert_true(
			(mc_der_compare(&b, &a) > 0) == (rows[i].order < 0));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_no_der),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
