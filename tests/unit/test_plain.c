/* SPDX-License-Identifier: ISC */
/* What is plain must be what the gate takes without a word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "plain.h"
#include "text.h"

static size_t
encode(char *out, uint32_t code)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | (code >> 6));
		out[1] = (char)(0x80 | (code & 63));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | (code >> 12));
		out[1] = (char)(0x80 | ((code >> 6) & 63));
		out[2] = (char)(0x80 | (code & 63));
		return 3;
	}
	out[0] = (char)(0xf0 | (code >> 18));
	out[1] = (char)(0x80 | ((code >> 12) & 63));
	out[2] = (char)(0x80 | ((code >> 6) & 63));
	out[3] = (char)(0x80 | (code & 63));
	return 4;
}

/* Letters in front and behind change nothing, however long they make it. */
static void
same_when_long(const char *text, size_t n)
{
	unsigned signs = mc_plain_signs(text, n);

	for (size_t more = 1; more <= 24; more += 5) {
		char copy[64];

		memset(copy, 'x', sizeof(copy));
		memcpy(copy + more / 2, text, n);
		if ((signs & ~(unsigned)MC_SIGN_WORD) !=
			(mc_plain_signs(copy, n + more) &
				~(unsigned)MC_SIGN_WORD))
			fail_msg("%.*s, and %zu more", (int)n, text, more);
	}
}

/* Behind letters with which marks of each script make another one. */
static void
every_character(void **state)
{
	static const char *const bases[] = {"a", "E", "o", "\xce\xb1",
		"\xd0\xb8", "\xd8\xa7", "\xd9\x88", "\xdb\x81", "\xe3\x81\x8b",
		"\xe3\x82\xab", "\xea\xb0\x80", "\xe4\xb8\x80"};
	size_t plain = 0;

	(void)state;
	for (uint32_t code = 1; code < 0x20000; code++) {
		char text[16];
		size_t n, at;

		if (code >= 0xd800 && code < 0xe000)
			continue;
		for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
			n = strlen(bases[i]);
			memcpy(text, bases[i], n);
			n += encode(text + n, code);
			text[n++] = 'x';
			same_when_long(text, n);
			if (!mc_plain_text(text, n))
				continue;
			plain++;
			assert_int_equal(
				mc_text_check(text, n, true, &at), MC_TEXT_OK);
			if (!mc_is_nfc(text, n))
				fail_msg("U+%04X behind %s", (unsigned)code,
					bases[i]);
		}
	}
	assert_true(plain > (size_t)12 * 30000);
}

static void
texts(void **state)
{
	(void)state;
	assert_true(mc_plain_text("Bj\xc3\xb6rn", 6));
	assert_true(mc_plain_text("\xe5\xb1\xb1\xe7\x94\xb0", 6));
	assert_false(mc_plain_text("", 0));
	assert_false(mc_plain_text(" a", 2));
	assert_false(mc_plain_text("a ", 2));
	assert_false(mc_plain_text("a\tb", 3));
	assert_false(mc_plain_text("o\xcc\x88", 3));
	assert_false(mc_plain_text("\xc2\xad", 2));
}

static bool
is_local(const char *text, size_t n)
{
	bool upper;

	return mc_plain_local(text, n, &upper);
}

/* Each sign alone, and what has none. */
static void
signs(void **state)
{
	static const struct {
		const char *text;
		unsigned signs;
	} rows[] = {
		{"Letters 09._-", 0},
		{"Bj\xc3\xb6rnen", MC_SIGN_WIDE},
		{"a}bcdef", MC_SIGN_BRACE},
		{"{abcdef", MC_SIGN_BRACE},
		{"abcdef$", MC_SIGN_DOLLAR},
		{"a%bcdef", MC_SIGN_DOLLAR},
		{"a'bcdef", MC_SIGN_QUOTE},
		{"a\"bcdef", MC_SIGN_QUOTE},
		{"a\\bcdef", MC_SIGN_QUOTE},
		{"a`bcdef", MC_SIGN_QUOTE},
		{"a<bcdef", MC_SIGN_MARKUP},
		{"a>bcdef", MC_SIGN_MARKUP},
		{"a&bcdef", MC_SIGN_MARKUP},
		{"a;bcdef", MC_SIGN_OTHER},
		{"a@bcdef", MC_SIGN_OTHER},
		{"0abcdef", MC_SIGN_NUMBER},
		{".abcdef", MC_SIGN_NUMBER},
		{"-abcdef", MC_SIGN_NUMBER},
		{"+abcdef", MC_SIGN_NUMBER | MC_SIGN_OTHER},
		{"true", MC_SIGN_WORD},
		{"false", MC_SIGN_WORD},
		{"~", MC_SIGN_WORD | MC_SIGN_OTHER},
		{"ab\x7f"
		 "def",
			MC_SIGN_ODD},
		{"ab\x1f"
		 "def",
			MC_SIGN_ODD},
		{"abo\xcc\x88"
		 "d",
			MC_SIGN_ODD | MC_SIGN_WIDE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
			mc_plain_signs(rows[i].text, strlen(rows[i].text)),
			rows[i].signs);
	/* every sign of ASCII has one */
	for (int c = 0x21; c < 0x7f; c++) {
		const char text[] = {'a', (char)c, 'b', 'c', 'd', 'e'};
		bool none = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || strchr("._-", c) != NULL;

		assert_int_equal(mc_plain_signs(text, 6) == 0, none);
	}
}

static void
local_parts(void **state)
{
	bool upper;

	(void)state;
	assert_true(mc_plain_local("anna.b-c_d+e", 12, &upper));
	assert_false(upper);
	assert_true(mc_plain_local("annA", 4, &upper));
	assert_true(upper);
	assert_true(is_local("Anna.b-c_d+e", 12));
	assert_false(is_local("", 0));
	assert_false(is_local(".a", 2));
	assert_false(is_local("a.", 2));
	assert_false(is_local("a..b", 4));
	assert_false(is_local("a b", 3));
	assert_false(is_local("a@b", 3));
	assert_false(is_local("{a}", 3));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character),
		cmocka_unit_test(texts),
		cmocka_unit_test(signs),
		cmocka_unit_test(local_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
