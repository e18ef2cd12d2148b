/* SPDX-License-Identifier: ISC */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host.h"

static const struct {
	const char *text;
	const char *want; /* NULL: refused */
} rows[] = {
	{"imap.mail.ru", "imap.mail.ru"},
	{"IMAP.Mail.RU", "imap.mail.ru"},
	{"localhost", "localhost"},
	{"192.0.2.1", NULL},
	{"4711", NULL},
	{"a.1", NULL},
	{"a.1b", "a.1b"},
	{"1.example", "1.example"},
	{"b\xc3\xbc"
	 "cher.example",
		"xn--bcher-kva.example"},
	{"B\xc3\x9c"
	 "CHER.example",
		"xn--bcher-kva.example"},
	{"\xd0\xbf\xd0\xbe\xd1\x87\xd1\x82\xd0\xb0.\xd1\x80\xd1\x84",
		"xn--80a1acny.xn--p1ai"},
	{"fa\xc3\x9f.de", "xn--fa-hia.de"},
	{"xn--bcher-kva.example", "xn--bcher-kva.example"},
	{"\xe4\xbe\x8b\xe3\x81\x88.jp", "xn--r8jz45g.jp"},
	/* what libidn2 lets pass or deletes */
	{"a_b.example", NULL},
	{"a b.com", NULL},
	{"a\nb.com", NULL},
	{"[::1]", NULL},
	{"[192.0.2.1]", NULL},
	{"::1", NULL},
	{"a..b", NULL},
	{".example", NULL},
	{"example.", NULL},
	{"", NULL},
	{"\xe2\x80\x8b.example", NULL},
	{"a\xe2\x80\x8b"
	 "b.example",
		NULL},
	{"xn--99zzzz99999999", NULL},
	{"xn--", NULL},
	{"xn--a", NULL},
	{"\xd1\x80\xd0\xb0ypal.com", NULL},
	{"-a.example", NULL},
	{"a-.example", NULL},
	{"a.example:993", NULL},
	{"imaps://a.example", NULL},
	{"a/b", NULL},
	{"\xff.example", NULL},
	{"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl."
	 "example",
		NULL},
};

static void
test_ascii(void **state)
{
	struct mc_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *why = NULL, *host;

		host = mc_host_ascii(
			&arena, rows[i].text, strlen(rows[i].text), &why);
		if (rows[i].want == NULL) {
			if (host != NULL)
				fail_msg("row %zu: %s passed", i, host);
			assert_non_null(why);
		} else {
			assert_non_null(host);
			assert_string_equal(host, rows[i].want);
		}
	}
	mc_arena_free(&arena);
}

static void
test_display(void **state)
{
	struct mc_arena arena = {0};

	(void)state;
	assert_string_equal(mc_host_display(&arena, "xn--bcher-kva.example"),
		"b\xc3\xbc"
		"cher.example");
	assert_string_equal(mc_host_display(&arena, "mail.ru"), "mail.ru");
	mc_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_display),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
