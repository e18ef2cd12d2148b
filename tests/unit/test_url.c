/* SPDX-License-Identifier: ISC */
#include "test.h"

#include <string.h>

#include "url.h"

static const struct {
	const char *text;
	enum mailcfg_protocol protocol;
	enum mc_url_fault fault;
	const char *host;
	unsigned port;
	enum mailcfg_tls tls;
	const char *user;
} rows[] = {
	{"imaps://h", MAILCFG_IMAP, MC_URL_OK, "h", 993, MAILCFG_TLS_IMPLICIT,
		NULL},
	{"imap://h", MAILCFG_IMAP, MC_URL_OK, "h", 143, MAILCFG_TLS_STARTTLS,
		NULL},
	{"imap+insecure://h", MAILCFG_IMAP, MC_URL_OK, "h", 143,
		MAILCFG_TLS_NONE, NULL},
	{"IMAPS://h", MAILCFG_IMAP, MC_URL_OK, "h", 993, MAILCFG_TLS_IMPLICIT,
		NULL},
	{"pop3s://h", MAILCFG_POP3, MC_URL_OK, "h", 995, MAILCFG_TLS_IMPLICIT,
		NULL},
	{"pop3://h:1110", MAILCFG_POP3, MC_URL_OK, "h", 1110,
		MAILCFG_TLS_STARTTLS, NULL},
	{"smtps://h", MAILCFG_SUBMISSION, MC_URL_OK, "h", 465,
		MAILCFG_TLS_IMPLICIT, NULL},
	{"smtp://h", MAILCFG_SUBMISSION, MC_URL_OK, "h", 587,
		MAILCFG_TLS_STARTTLS, NULL},
	{"h", MAILCFG_IMAP, MC_URL_OK, "h", 993, MAILCFG_TLS_IMPLICIT, NULL},
	{"h:143", MAILCFG_IMAP, MC_URL_OK, "h", 143, MAILCFG_TLS_STARTTLS,
		NULL},
	{"h:1993", MAILCFG_IMAP, MC_URL_OK, "h", 1993, MAILCFG_TLS_IMPLICIT,
		NULL},
	{"imaps://h/", MAILCFG_IMAP, MC_URL_OK, "h", 993, MAILCFG_TLS_IMPLICIT,
		NULL},
	{"imaps://bob%40x@h:1", MAILCFG_IMAP, MC_URL_OK, "h", 1,
		MAILCFG_TLS_IMPLICIT, "bob@x"},
	{"imaps://bob@x@h", MAILCFG_IMAP, MC_URL_OK, "h", 993,
		MAILCFG_TLS_IMPLICIT, "bob@x"},
	{"imaps://bob:s3cret@h", MAILCFG_IMAP, MC_URL_PASSWORD, NULL, 0,
		MAILCFG_TLS_IMPLICIT, NULL},
	{"imaps://:s3cret@h", MAILCFG_IMAP, MC_URL_PASSWORD, NULL, 0,
		MAILCFG_TLS_IMPLICIT, NULL},
	{"smtps://h", MAILCFG_IMAP, MC_URL_SCHEME, NULL, 0,
		MAILCFG_TLS_IMPLICIT, NULL},
	{"https://h", MAILCFG_IMAP, MC_URL_SCHEME, NULL, 0,
		MAILCFG_TLS_IMPLICIT, NULL},
	{"imaps://h:0", MAILCFG_IMAP, MC_URL_PORT, NULL, 0,
		MAILCFG_TLS_IMPLICIT, NULL},
	{"imaps://h:70000", MAILCFG_IMAP, MC_URL_PORT, NULL, 0,
		MAILCFG_TLS_IMPLICIT, NULL},
	{"imaps://h:", MAILCFG_IMAP, MC_URL_PORT, NULL, 0, MAILCFG_TLS_IMPLICIT,
		NULL},
	{"imaps://h:99x", MAILCFG_IMAP, MC_URL_PORT, NULL, 0,
		MAILCFG_TLS_IMPLICIT, NULL},
	{"imaps://h/inbox", MAILCFG_IMAP, MC_URL_TAIL, NULL, 0,
		MAILCFG_TLS_IMPLICIT, NULL},
	{"imaps://h?x", MAILCFG_IMAP, MC_URL_TAIL, NULL, 0,
		MAILCFG_TLS_IMPLICIT, NULL},
	{"imaps://", MAILCFG_IMAP, MC_URL_EMPTY, NULL, 0, MAILCFG_TLS_IMPLICIT,
		NULL},
	{"imaps://a%zz@h", MAILCFG_IMAP, MC_URL_USER, NULL, 0,
		MAILCFG_TLS_IMPLICIT, NULL},
	{"imaps://a%00b@h", MAILCFG_IMAP, MC_URL_USER, NULL, 0,
		MAILCFG_TLS_IMPLICIT, NULL},
};

static void
test_parse(void **state)
{
	struct mc_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct mc_url url;

		assert_int_equal(mc_url_parse(&arena, rows[i].protocol,
					 rows[i].text, &url),
			rows[i].fault);
		if (rows[i].fault != MC_URL_OK)
			continue;
		assert_string_equal(url.host, rows[i].host);
		assert_int_equal(url.port, rows[i].port);
		assert_int_equal(url.tls, rows[i].tls);
		if (rows[i].user == NULL)
			assert_null(url.user);
		else
			assert_string_equal(url.user, rows[i].user);
	}
	mc_arena_free(&arena);
}

static void
test_write(void **state)
{
	struct mc_arena arena = {0};
	struct mc_url url;

	(void)state;
	for (int p = 0; p < MAILCFG_PROTOCOLS; p++) {
		for (int t = MAILCFG_TLS_IMPLICIT; t <= MAILCFG_TLS_NONE; t++) {
			const char *text = mc_url_write(&arena,
				(enum mailcfg_protocol)p, (enum mailcfg_tls)t,
				"h", 4711);

			assert_int_equal(
				mc_url_parse(&arena, (enum mailcfg_protocol)p,
					text, &url),
				MC_URL_OK);
			assert_int_equal(url.tls, t);
			assert_int_equal(url.port, 4711);
		}
	}
	assert_string_equal(mc_url_write(&arena, MAILCFG_IMAP,
				    MAILCFG_TLS_IMPLICIT, "h", 993),
		"imaps://h");
	mc_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
