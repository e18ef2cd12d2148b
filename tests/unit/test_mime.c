/* SPDX-License-Identifier: ISC */
/* Headers and encodings, to the byte. */
#include <string.h>

#include "mail/mime.h"
#include "test.h"

static void
expect(struct mc_buf *out, const char *want)
{
	assert_false(out->failed);
	assert_string_equal(out->data == NULL ? "" : out->data, want);
	mc_buf_free(out);
	*out = (struct mc_buf){0};
}

static void
test_text(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"", "Subject: \r\n"},
		{"Hello", "Subject: Hello\r\n"},
		{"a  b", "Subject: =?utf-8?B?YSAgYg==?=\r\n"},
		{" a", "Subject: =?utf-8?B?IGE=?=\r\n"},
		{"a ", "Subject: =?utf-8?B?YSA=?=\r\n"},
		{"=?utf-8?B?YQ==?=",
			"Subject: =?utf-8?B?PT91dGYtOD9CP1lRPT0/PQ==?=\r\n"},
		{"a\r\nBcc: b@c", "Subject: =?utf-8?B?YSAgQmNjOiBiQGM=?=\r\n"},
		{"\xc3\xa5", "Subject: =?utf-8?B?w6U=?=\r\n"},
		{"\xc3", "Subject: =?utf-8?B?77+9?=\r\n"},
		{"one two three four five six seven eight nine ten eleven "
		 "twelve thirteen",
			"Subject: one two three four five six seven eight nine "
			"ten eleven twelve\r\n thirteen\r\n"},
	};
	struct mc_buf out = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		mc_mime_text(&out, "Subject", rows[i].text);
		expect(&out, rows[i].want);
	}
}

/* Encoded words of 75 at the most, parted between letters. */
static void
test_words(void **state)
{
	char text[601] = "";
	struct mc_buf out = {0};
	const char *s;

	(void)state;
	for (size_t n = 1; n <= 200; n++) {
		memcpy(text + 3 * (n - 1), "\xe2\x82\xac", 4);
		mc_mime_text(&out, "Subject", text);
		for (s = out.data; *s != '\0';) {
			size_t line = strcspn(s, "\r");
			const char *word = strstr(s, "?B?");

			assert_true(line <= 76);
			assert_non_null(word);
			/* whole letters of three bytes: no padding */
			assert_null(memchr(
				word, '=', line - (size_t)(word - s) - 1));
			s += line + 2;
		}
		mc_buf_free(&out);
		out = (struct mc_buf){0};
	}
}

static void
test_mailbox(void **state)
{
	static const struct {
		const char *name, *want;
	} rows[] = {
		{NULL, "To: a@example.org\r\n"},
		{"Alice Berg", "To: Alice Berg <a@example.org>\r\n"},
		{"Berg, Alice", "To: \"Berg, Alice\" <a@example.org>\r\n"},
		{"A. \"B\" \\C",
			"To: \"A. \\\"B\\\" \\\\C\" <a@example.org>\r\n"},
		{"x\" <eve@example.net>, \"",
			"To: \"x\\\" <eve@example.net>, \\\"\" "
			"<a@example.org>\r\n"},
		{"Zo\xc3\xab", "To: =?utf-8?B?Wm/Dqw==?= <a@example.org>\r\n"},
		{"a\nb", "To: =?utf-8?B?YSBi?= <a@example.org>\r\n"},
		{"a name of some length, so that the address wants a line of "
		 "it",
			"To: =?utf-8?B?YSBuYW1lIG9mIHNvbWUgbGVuZ3RoLCBzbyB0aGF0"
			"IHRoZSBhZGRyZXNzIHdh?=\r\n "
			"=?utf-8?B?bnRzIGEgbGluZSBvZiBpdA==?= "
			"<a@example.org>\r\n"},
		{"a name that is so long: its address wants a line for it",
			"To: \"a name that is so long: its address wants a "
			"line "
			"for it\"\r\n <a@example.org>\r\n"},
	};
	struct mc_buf out = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		mc_mime_mailbox(&out, "To", rows[i].name, "a@example.org");
		expect(&out, rows[i].want);
	}
}

static void
test_date(void **state)
{
	static const struct {
		long long seconds;
		const char *want;
	} rows[] = {
		{0, "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"},
		{-1, "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"},
		{951782400, "Date: Tue, 29 Feb 2000 00:00:00 +0000\r\n"},
		{951868799, "Date: Tue, 29 Feb 2000 23:59:59 +0000\r\n"},
		{1798761599, "Date: Thu, 31 Dec 2026 23:59:59 +0000\r\n"},
		{4102444800, "Date: Fri, 01 Jan 2100 00:00:00 +0000\r\n"},
		{4107542400, "Date: Mon, 01 Mar 2100 00:00:00 +0000\r\n"},
		{9223372036854775807,
			"Date: Fri, 31 Dec 9999 23:59:59 +0000\r\n"},
	};
	struct mc_buf out = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		mc_mime_date(&out, rows[i].seconds);
		expect(&out, rows[i].want);
	}
}

static void
test_quoted_printable(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"", ""},
		{"a", "a\r\n"},
		{"a\n\nb\r\n", "a\r\n\r\nb\r\n"},
		{"a \nb\t", "a=20\r\nb=09\r\n"},
		{"a=b\rc", "a=3Db=0Dc\r\n"},
		{"\xc3\xa5", "=C3=A5\r\n"},
		{".\n..\nFrom me\nFrom",
			"=2E\r\n=2E.\r\n=46rom me\r\nFrom\r\n"},
		{"1234567890123456789012345678901234567890123456789012345678901"
		 "2345678901234567890",
			"123456789012345678901234567890123456789012345678901234"
			"567890123456789012345=\r\n67890\r\n"},
	};
	struct mc_buf out = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		mc_mime_quoted_printable(
			&out, rows[i].text, strlen(rows[i].text));
		expect(&out, rows[i].want);
	}
}

static void
test_base64(void **state)
{
	char bytes[115];
	struct mc_buf out = {0};

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	mc_mime_base64(&out, bytes, 57);
	assert_int_equal(out.len, 78);
	mc_buf_reset(&out);
	mc_mime_base64(&out, bytes, 58);
	assert_string_equal(out.data + 76, "\r\nAA==\r\n");
	mc_buf_reset(&out);
	mc_mime_base64(&out, "\xff\xfe\xfd", 3);
	expect(&out, "//79\r\n");
	mc_mime_base64(&out, "", 0);
	expect(&out, "");
}

static void
test_address(void **state)
{
	static const char *const good[] = {
		"a@b", "a.b+c@example.org", "zo\xc3\xab@example.org"};
	static const char *const bad[] = {"", "a", "@b", "a@", "a b@c", "a\r@c",
		"a\n@c", "<a@b>", "a@b>", "a@b\r\nRCPT TO:<c@d>", "a,b@c",
		"\"a\"@b", "a@b\x7f", "a;b@c", "a:b@c", "a\\b@c"};

	(void)state;
	for (size_t i = 0; i < ROWS(good); i++)
		assert_true(mc_mime_is_address(good[i]));
	for (size_t i = 0; i < ROWS(bad); i++)
		assert_false(mc_mime_is_address(bad[i]));
}

static struct mc_mime
message(void)
{
	return (struct mc_mime){.from = "a@example.org",
		.to = "b@example.org",
		.subject = "s",
		.id = "0f",
		.text = "text\n",
		.html = "html\n"};
}

static void
test_message(void **state)
{
	static const struct mc_mime_file file = {
		"f.txt", "text/plain", "bytes", 5};
	static const struct mc_mime_file image = {
		"code.png", "image/png", "png", 3};
	struct mc_mime m = message();
	struct mc_buf out = {0};

	(void)state;
	m.files = &file;
	m.n_files = 1;
	m.image = &image;
	assert_true(mc_mime_write(&out, &m));
	expect(&out,
		"From: a@example.org\r\n"
		"To: b@example.org\r\n"
		"Subject: s\r\n"
		"Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"
		"Message-ID: <0f@example.org>\r\n"
		"Auto-Submitted: auto-generated\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: multipart/mixed;\r\n boundary=\"=_1_0f\"\r\n"
		"\r\n"
		"--=_1_0f\r\n"
		"Content-Type: multipart/alternative;\r\n"
		" boundary=\"=_2_0f\"\r\n"
		"\r\n"
		"--=_2_0f\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"\r\n"
		"text\r\n"
		"\r\n--=_2_0f\r\n"
		"Content-Type: multipart/related;\r\n boundary=\"=_3_0f\"\r\n"
		"\r\n"
		"--=_3_0f\r\n"
		"Content-Type: text/html; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"\r\n"
		"html\r\n"
		"\r\n--=_3_0f\r\n"
		"Content-ID: <image>\r\n"
		"Content-Type: image/png;\r\n name=\"code.png\"\r\n"
		"Content-Disposition: inline;\r\n filename=\"code.png\"\r\n"
		"Content-Transfer-Encoding: base64\r\n"
		"\r\n"
		"cG5n\r\n"
		"\r\n--=_3_0f--\r\n"
		"\r\n--=_2_0f--\r\n"
		"\r\n--=_1_0f\r\n"
		"Content-Type: text/plain; charset=utf-8;\r\n"
		" name=\"f.txt\"\r\n"
		"Content-Disposition: attachment;\r\n filename=\"f.txt\"\r\n"
		"Content-Transfer-Encoding: base64\r\n"
		"\r\n"
		"Ynl0ZXM=\r\n"
		"\r\n--=_1_0f--\r\n");
}

/* What could not stand in a header makes no message at all. */
static void
test_refused(void **state)
{
	static const char *const ids[] = {"", "A", "a b", "a\r\n", "a>", "a\"",
		"0123456789012345678901234567890123456789012345678"};
	struct mc_buf out = {0};
	struct mc_mime m;

	(void)state;
	for (size_t i = 0; i < ROWS(ids); i++) {
		m = message();
		m.id = ids[i];
		assert_false(mc_mime_write(&out, &m));
		assert_int_equal(out.len, 0);
	}
	m = message();
	m.to = "b@c\r\nBcc: d@e";
	assert_false(mc_mime_write(&out, &m));
	m = message();
	m.from = "b@c>";
	assert_false(mc_mime_write(&out, &m));
	assert_int_equal(out.len, 0);
	mc_buf_free(&out);
}

static void
test_file_name(void **state)
{
	static const struct mc_mime_file file = {
		"a\"\r\nb.txt", "text/plain", "", 0};
	struct mc_mime m = message();
	struct mc_buf out = {0};

	(void)state;
	m.files = &file;
	m.n_files = 1;
	assert_true(mc_mime_write(&out, &m));
	assert_non_null(strstr(out.data, "filename=\"a___b.txt\"\r\n"));
	mc_buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_mailbox),
		cmocka_unit_test(test_date),
		cmocka_unit_test(test_quoted_printable),
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_file_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
