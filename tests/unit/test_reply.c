/* SPDX-License-Identifier: ISC */
/* What a server says, and what of it is shown. */
#include <string.h>

#include "net/reply.h"
#include "test.h"

static void
hear(struct mc_reply *r, const char *line)
{
	assert_true(mc_reply_line(r, line, strlen(line)));
}

static void
test_lines(void **state)
{
	struct mc_reply r = {.code = 0};

	(void)state;
	hear(&r, "250-mail.example.org\r\n");
	assert_int_equal(r.code, 250);
	assert_false(r.whole);
	hear(&r, "250-SIZE\r\n");
	hear(&r, "250\r\n");
	assert_true(r.whole);
	assert_int_equal(r.n, strlen("mail.example.org SIZE"));
	assert_memory_equal(r.text, "mail.example.org SIZE", r.n);
	/* the next reply */
	hear(&r, "550 5.1.1 no\n");
	assert_int_equal(r.code, 550);
	assert_int_equal(r.n, 8);
	/* lines that do not belong together */
	hear(&r, "451-a\r\n");
	hear(&r, "452 b\r\n");
	assert_int_equal(r.code, 452);
	assert_memory_equal(r.text, "b", 1);
	assert_int_equal(r.n, 1);
}

static void
test_no_lines(void **state)
{
	static const char *const bad[] = {"", "\r\n", "25", "abc\r\n", "2500 x",
		"* OK", "HTTP/1.1 200 OK"};
	struct mc_reply r = {.code = 0};

	(void)state;
	for (size_t i = 0; i < ROWS(bad); i++)
		assert_false(mc_reply_line(&r, bad[i], strlen(bad[i])));
	assert_int_equal(r.code, 0);
}

static void
test_long(void **state)
{
	struct mc_reply r = {.code = 0};
	char line[2000];

	(void)state;
	memset(line, 'x', sizeof(line));
	line[0] = line[1] = '5';
	line[2] = '0';
	line[3] = '-';
	for (int i = 0; i < 1000; i++)
		assert_true(mc_reply_line(&r, line, sizeof(line)));
	assert_int_equal(r.n, MC_REPLY_BYTES);
}

static void
test_show(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"", ""},
		{"550 5.1.1 no such user", "550 5.1.1 no such user"},
		{"\x1b[31m", "\\u{1b}[31m"},
		{"a\r\nb\x7f", "a\\u{d}\\u{a}b\\u{7f}"},
		{"\xff\xc3", "\\xff\\xc3"},
		{"\xe2\x80\xae"
		 "abc",
			"\\u{202e}abc"},
		{"\xc3\xa5", "\xc3\xa5"},
		/* the password, as it is and as AUTH sends it */
		{"no: Sesam9!", "no: ***"},
		{"no: AGJvYgBTZXNhbTkh", "no: ***"},
		{"no: U2VzYW05IQ==", "no: ***"},
		/* base64 that began one or two letters earlier: "xSesam9!" */
		{"no: eFNlc2FtOSE=", "no: eF***E="},
		{"no: eHhTZXNhbTkh", "no: eHh***"},
		/* what else servers make of it */
		{"no: 536573616d3921", "no: ***"},
		{"no: Sesam9%21 =53=65=73=61", "no: *** ***"},
		/* in two replies */
		{"no: Sesa m9! x", "no: *** m9! x"},
		{"no: AGJvYgBTZX NhbTkh", "no: *** ***"},
		/* words of three letters are nobody's secret */
		{"Ses", "Ses"},
	};
	static const struct {
		const char *text;
		size_t n;
	} odd[] = {{"p\\\"a<b&c", 8}, {"p&quot;a&lt;b&amp;c", 18},
		{"p\0\"\0a\0<\0b\0&\0c\0", 14}, {"p%22a%3Cb%26c", 13}};
	struct mc_reply_secrets secrets = {.n = 0};
	char out[MC_REPLY_BYTES];

	(void)state;
	assert_true(mc_reply_hide(&secrets, "bob", "Sesam9!"));
	for (size_t i = 0; i < ROWS(rows); i++) {
		mc_reply_show(out, sizeof(out), rows[i].text,
			strlen(rows[i].text), &secrets);
		assert_string_equal(out, rows[i].want);
	}
	mc_reply_forget(&secrets);
	assert_null(secrets.texts[0]);
	/* what IMAP quotes, what a page escapes, and UTF-16 */
	assert_true(mc_reply_hide(&secrets, "bob", "p\"a<b&c"));
	for (size_t i = 0; i < ROWS(odd); i++) {
		mc_reply_show(
			out, sizeof(out), odd[i].text, odd[i].n, &secrets);
		assert_string_equal(out, "***");
	}
	mc_reply_forget(&secrets);
	/* a short one, as a whole */
	assert_true(mc_reply_hide(&secrets, "bob", "ab"));
	mc_reply_show(out, sizeof(out), "xaby a", 6, &secrets);
	assert_string_equal(out, "x***y a");
	mc_reply_forget(&secrets);
	/* never more than there is room for, nor half a letter */
	mc_reply_show(out, 5, "abc\xc3\xa5", 5, NULL);
	assert_string_equal(out, "abc");
	mc_reply_show(out, 6, "abc\xc3\xa5", 5, NULL);
	assert_string_equal(out, "abc\xc3\xa5");
	mc_reply_show(out, 4, "\x01\x02", 2, NULL);
	assert_string_equal(out, "");
	/* NULs too */
	mc_reply_show(out, sizeof(out), "a\0b", 3, NULL);
	assert_string_equal(out, "a\\u{0}b");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_no_lines),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
