/* SPDX-License-Identifier: ISC */
#include "test.h"

#include <string.h>

#include "text.h"

static void
test_check(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		bool strict;
		enum mc_text_fault want;
		size_t at;
	} rows[] = {
		{"", 0, true, MC_TEXT_OK, 0},
		{"Alice", 5, true, MC_TEXT_OK, 0},
		{"\xc3\x96nska \xd0\x90", 9, true, MC_TEXT_OK, 0},
		{"a\tb", 3, false, MC_TEXT_CONTROL, 1},
		{"a\rb", 3, false, MC_TEXT_CONTROL, 1},
		{"\0", 1, false, MC_TEXT_CONTROL, 0},
		{"ab\x7f", 3, false, MC_TEXT_CONTROL, 2},
		{"\xc3\xa9\xc2\x85", 4, false, MC_TEXT_CONTROL, 1},
		{"\xe2\x80\xa8", 3, false, MC_TEXT_CONTROL, 0},
		{"\xff", 1, false, MC_TEXT_UTF8, 0},
		{"\xc0\x80", 2, false, MC_TEXT_UTF8, 0},
		{"\xed\xa0\x80", 3, false, MC_TEXT_UTF8, 0},
		{"\xf4\x90\x80\x80", 4, false, MC_TEXT_UTF8, 0},
		{"\xf0\x9f\x98", 3, false, MC_TEXT_UTF8, 0},
		{"\xf0\x9f\x98\x80", 4, true, MC_TEXT_OK, 0},
		{"\xef\xbf\xbe", 3, false, MC_TEXT_NONCHAR, 0},
		{"\xf0\x9f\xbf\xbf", 4, false, MC_TEXT_NONCHAR, 0},
		{"\xef\xb7\x90", 3, false, MC_TEXT_NONCHAR, 0},
		{"a\xe2\x80\xae", 4, true, MC_TEXT_BIDI, 1},
		{"a\xe2\x80\xae", 4, false, MC_TEXT_OK, 0},
		{"\xe2\x81\xa6", 3, true, MC_TEXT_BIDI, 0},
		{"\xe2\x80\x8b", 3, true, MC_TEXT_INVISIBLE, 0},
		{"\xef\xbb\xbf", 3, true, MC_TEXT_INVISIBLE, 0},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		size_t at = 0;

		assert_int_equal(mc_text_check(rows[i].text, rows[i].n,
					 rows[i].strict, &at),
			rows[i].want);
		assert_int_equal(at, rows[i].at);
	}
}

static void
test_distance(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned want;
	} rows[] = {
		{"apple", "apple", 0},
		{"aple", "apple", 1},
		{"appel", "apple", 1},
		{"APPLE", "apple", 0},
		{"imapp", "imap", 1},
		{"thunderbrid", "thunderbird", 1},
		{"abc", "xyz", 3},
		{"", "abc", 3},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(
			mc_distance(rows[i].a, rows[i].b, 3), rows[i].want);
	assert_true(mc_distance("a", "abcdefgh", 3) > 3);
	assert_true(mc_near("aple", "apple"));
	assert_false(mc_near("outlook", "apple"));
}

static void
test_nfc(void **state)
{
	struct mc_arena arena = {0};

	(void)state;
	assert_string_equal(mc_to_nfc(&arena, "e\xcc\x81", 3), "\xc3\xa9");
	assert_false(mc_is_nfc("e\xcc\x81", 3));
	assert_true(mc_is_nfc("\xc3\xa9", 2));
	assert_true(mc_is_nfc("", 0));
	mc_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_nfc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
