/* SPDX-License-Identifier: ISC */
/* One row per class of text and field: what passes, and as what. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "field.h"

struct heard {
	char line[256]; /* the last complaint */
	unsigned count;
};

static void
hear(void *context, const struct mailcfg_diag *d)
{
	struct heard *heard = context;

	heard->count++;
	(void)snprintf(heard->line, sizeof(heard->line), "%u:%u: %s [%s]",
		d->pos.line, d->pos.column, d->detail, d->slug);
}

/* in the order in which a row is read */
/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
static const struct {
	enum mc_field_id id;
	const char *text;
	enum mc_type type;
	const char *want; /* what is kept, NULL: refused or absent */
	const char *said; /* NULL: nothing */
} rows[] = {
	{MC_NAME, "Alice", MC_TYPE_STRING, "Alice", NULL},
	{MC_NAME, "", MC_TYPE_STRING, NULL, NULL},
	{MC_NAME, "  ", MC_TYPE_STRING, NULL, NULL},
	{MC_NAME, "x", MC_TYPE_NULL, NULL, NULL},
	{MC_NAME, "12", MC_TYPE_NUMBER, NULL, "7:5: name: quote it [bad-type]"},
	{MC_NAME, "true", MC_TYPE_BOOL, NULL, "7:5: name: quote it [bad-type]"},
	{MC_NAME, "ab\x1b[1m", MC_TYPE_STRING, NULL,
		"7:7: name: a control character is in it [bad-text]"},
	{MC_NAME, "\xc3\xa9\xe2\x80\xae", MC_TYPE_STRING, NULL,
		"7:6: name: a bidirectional control is in it [bad-text]"},
	{MC_NAME, "\xff", MC_TYPE_STRING, NULL,
		"7:5: name: a byte that is not UTF-8 is in it [bad-text]"},
	{MC_ADDRESS, "Alice@Mail.RU", MC_TYPE_STRING, "Alice@mail.ru", NULL},
	{MC_ADDRESS, "e\xcc\x81@mail.ru", MC_TYPE_STRING, "\xc3\xa9@mail.ru",
		NULL},
	{MC_ADDRESS, "\"a.b\"@mail.ru", MC_TYPE_STRING, "a.b@mail.ru", NULL},
	{MC_ADDRESS, "\"a b\"@mail.ru", MC_TYPE_STRING, NULL,
		"7:5: address: quoted local-parts are not for mail clients "
		"[bad-address]"},
	{MC_ADDRESS, "alice", MC_TYPE_STRING, NULL,
		"7:5: address: there is no @ in it [bad-address]"},
	{MC_ADDRESS, "@mail.ru", MC_TYPE_STRING, NULL,
		"7:5: address: nothing stands before the @ [bad-address]"},
	{MC_ADDRESS, "a..b@mail.ru", MC_TYPE_STRING, NULL,
		"7:6: address: a dot stands at an end or beside another "
		"[bad-address]"},
	{MC_ADDRESS, "a<b@mail.ru", MC_TYPE_STRING, NULL,
		"7:6: address: a character that must not stand before the @ "
		"[bad-address]"},
	{MC_ADDRESS, "a@b_c.example", MC_TYPE_STRING, NULL,
		"7:7: address: it has an empty label, or one that is not "
		"letters, digits and hyphens [bad-address]"},
	{MC_ADDRESS, "a@[192.0.2.1]", MC_TYPE_STRING, NULL,
		"7:7: address: address literals cannot be used: give a name "
		"[bad-address]"},
	{MC_ALIASES, "a@x.example; b@x.example  c@X.example", MC_TYPE_STRING,
		"a@x.example, b@x.example, c@x.example", NULL},
	{MC_ALIASES, "a@x.example, b", MC_TYPE_STRING, NULL,
		"7:18: aliases: there is no @ in it [bad-address]"},
	{MC_PASSWORD, "0123", MC_TYPE_STRING, "0123", NULL},
	{MC_PASSWORD, "123", MC_TYPE_NUMBER, NULL,
		"7:5: password: quote it [bad-type]"},
	{MC_PASSWORD, " x", MC_TYPE_STRING, " x",
		"7:5: password: the blanks are kept as part of it "
		"[password-blanks]"},
	{MC_PASSWORD, " ", MC_TYPE_STRING, " ",
		"7:5: password: the blanks are kept as part of it "
		"[password-blanks]"},
	{MC_PASSWORD, "e\xcc\x81", MC_TYPE_STRING, "e\xcc\x81",
		"7:5: password: a keyboard may send other bytes for it "
		"[password-form]"},
	{MC_PASSWORD, "s\n3cret", MC_TYPE_STRING, NULL,
		"7:6: password: a control character is in it [bad-text]"},
	{MC_IMAP_PORT, "993", MC_TYPE_NUMBER, "993", NULL},
	{MC_IMAP_PORT, "993", MC_TYPE_STRING, "993", NULL},
	{MC_IMAP_PORT, "0", MC_TYPE_NUMBER, NULL,
		"7:5: imap.port: a number from 1 to 65535 is wanted "
		"[bad-port]"},
	{MC_IMAP_PORT, "65536", MC_TYPE_NUMBER, NULL,
		"7:5: imap.port: a number from 1 to 65535 is wanted "
		"[bad-port]"},
	{MC_IMAP_PORT, "4294968289", MC_TYPE_NUMBER, NULL,
		"7:5: imap.port: a number from 1 to 65535 is wanted "
		"[bad-port]"},
	{MC_IMAP_PORT, "993.0", MC_TYPE_NUMBER, NULL,
		"7:5: imap.port: a number from 1 to 65535 is wanted "
		"[bad-port]"},
	{MC_IMAP_TLS, "StartTLS", MC_TYPE_STRING, "starttls", NULL},
	{MC_IMAP_TLS, "ssl", MC_TYPE_STRING, NULL,
		"7:5: imap.tls: \"ssl\": write implicit, starttls or none "
		"[bad-choice]"},
	{MC_IMAP_AUTH, "none", MC_TYPE_STRING, NULL,
		"7:5: imap.auth: only submission can do without a login "
		"[bad-choice]"},
	{MC_SMTP_AUTH, "none", MC_TYPE_STRING, "none", NULL},
	{MC_PROTOCOL, "POP3", MC_TYPE_STRING, "pop3", NULL},
	{MC_PROTOCOL, "smtp", MC_TYPE_STRING, NULL,
		"7:5: protocol: \"smtp\": write imap or pop3 [bad-choice]"},
	{MC_IMAP_HOST, "mail.{domain}", MC_TYPE_STRING, "mail.{domain}", NULL},
	{MC_IMAP_HOST, "mail_.{domain}", MC_TYPE_STRING, NULL,
		"7:5: imap.host: it has an empty label, or one that is not "
		"letters, digits and hyphens [bad-host]"},
	{MC_IMAP, "imaps://bob:s3cret@h", MC_TYPE_STRING, NULL,
		"7:13: imap: use --password-from or a record [url-password]"},
	{MC_IMAP, "imaps://b_x", MC_TYPE_STRING, NULL,
		"7:13: imap: it has an empty label, or one that is not "
		"letters, digits and hyphens [bad-host]"},
	{MC_IMAP, "ftp://h", MC_TYPE_STRING, NULL,
		"7:5: imap: the scheme is not this protocol's [bad-url]"},
	{MC_LANG, "pt-BR", MC_TYPE_STRING, "pt-BR", NULL},
	{MC_LANG, "english", MC_TYPE_STRING, NULL,
		"7:5: lang: \"english\": a BCP 47 tag such as en or pt-BR is "
		"wanted [bad-lang]"},
	{MC_LANG, "e", MC_TYPE_STRING, NULL,
		"7:5: lang: \"e\": a BCP 47 tag such as en or pt-BR is wanted "
		"[bad-lang]"},
	{MC_CALDAV, "https://dav.example/x", MC_TYPE_STRING,
		"https://dav.example/x", NULL},
	{MC_CALDAV, "http://dav.example/", MC_TYPE_STRING, NULL,
		"7:5: caldav: https://host[:port][/path] is wanted [bad-url]"},
	{MC_CALDAV, "https://u@dav.example/", MC_TYPE_STRING, NULL,
		"7:5: caldav: a URL with a login in it cannot be used "
		"[bad-url]"},
	{MC_REASON, "whatever", MC_TYPE_STRING, NULL, NULL},
};

static void
test_gate(void **state)
{
	const struct mailcfg_pos pos = {"f", 7, 5};
	struct mc_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct heard heard = {.count = 0};
		struct mc_report report = {.fn = hear, .context = &heard};
		struct mc_draft draft = {.arena = &arena};
		const char *kept;
		bool ok = mc_draft_set(&draft, rows[i].id, rows[i].text,
			strlen(rows[i].text), rows[i].type, &pos, true,
			&report);

		kept = draft.value[rows[i].id].text;
		assert_int_equal(ok, report.errors == 0);
		assert_int_equal(draft.bad, report.errors != 0);
		if (rows[i].want == NULL) {
			assert_null(kept);
		} else {
			assert_non_null(kept);
			assert_string_equal(kept, rows[i].want);
		}
		if (rows[i].said == NULL)
			assert_int_equal(heard.count, 0);
		else
			assert_string_equal(heard.line, rows[i].said);
	}
	mc_arena_free(&arena);
}

/* A NUL, and a text of every field one byte beyond its limit. */
static void
test_limits(void **state)
{
	const struct mailcfg_pos pos = {"f", 1, 1};
	struct mc_arena arena = {0};
	static char text[70000];

	(void)state;
	memset(text, 'a', sizeof(text));
	for (size_t i = 0; i < mc_field_count(); i++) {
		const struct mc_field *field = mc_field_at(i);
		struct heard heard = {.count = 0};
		struct mc_report report = {.fn = hear, .context = &heard};
		struct mc_draft draft = {.arena = &arena};

		if (field->kind == MC_KIND_IGNORED)
			continue;
		assert_false(
			mc_draft_set(&draft, i, text, (size_t)field->limit + 1,
				MC_TYPE_STRING, &pos, true, &report));
		assert_non_null(strstr(heard.line, "[too-long]"));
		assert_false(mc_draft_set(&draft, i, "a\0b", 3, MC_TYPE_STRING,
			&pos, true, &report));
		assert_non_null(strstr(heard.line, "[bad-text]"));
	}
	mc_arena_free(&arena);
}

static void
test_server_twice(void **state)
{
	static const enum mc_field_id parts[] = {
		MC_IMAP_HOST, MC_IMAP_PORT, MC_IMAP_TLS};
	static const char *const texts[] = {"h", "1", "none"};
	const struct mailcfg_pos pos = {"f", 1, 1};
	struct mc_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct heard heard = {.count = 0};
		struct mc_report report = {.fn = hear, .context = &heard};
		struct mc_draft draft = {.arena = &arena};
		bool url_first = i < 3;
		bool ok = true;

		for (int turn = 0; turn < 2; turn++)
			ok = (turn == 0) == url_first
				? mc_draft_set(&draft, MC_IMAP, "imaps://h", 9,
					  MC_TYPE_STRING, &pos, true, &report)
				: mc_draft_set(&draft, parts[i % 3],
					  texts[i % 3], strlen(texts[i % 3]),
					  MC_TYPE_STRING, &pos, true, &report);
		assert_false(ok);
		assert_non_null(strstr(heard.line, "[server-twice]"));
	}
	mc_arena_free(&arena);
}

static void
test_expand(void **state)
{
	struct mc_arena arena = {0};

	(void)state;
	assert_string_equal(
		mc_expand(&arena, "{local-part}.{domain}", "a@b", "a", "b"),
		"a.b");
	assert_string_equal(
		mc_expand(&arena, "{x}{mailbox}{", "a@b", "a", "b"), "{x}a@b{");
	/* what is put in is not looked at again */
	assert_string_equal(
		mc_expand(&arena, "{local-part}", "m", "{domain}", "b"),
		"{domain}");
	mc_arena_free(&arena);
}

static void
test_headers(void **state)
{
	static const struct {
		const char *header;
		int want;
		int near; /* -1: none */
	} headers[] = {
		{"address", MC_ADDRESS, -1},
		{"E-Mail", MC_ADDRESS, -1},
		{"Email Address [Required]", MC_ADDRESS, -1},
		{"User principal name", MC_ADDRESS, -1},
		{"Full Name", MC_NAME, -1},
		{"IMAP host", MC_IMAP_HOST, -1},
		{"imap_port", MC_IMAP_PORT, -1},
		{"imapp", -1, MC_IMAP},
		{"adress", -1, MC_ADDRESS},
		{"pasword", -1, MC_PASSWORD},
		{"organizaton", -1, MC_ORGANIZATION},
		{"Land", -1, -1},
		{"Password [Required]", -1, -1},
		{"Department", -1, -1},
		{"note", -1, -1},
		{"shoe size", -1, -1},
		{"", -1, -1},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(headers); i++) {
		const struct mc_field *near = NULL;

		assert_int_equal(mc_field_match(headers[i].header, &near),
			headers[i].want);
		if (headers[i].want >= 0)
			continue;
		if (headers[i].near < 0)
			assert_null(near);
		else
			assert_ptr_equal(
				near, mc_field_at((size_t)headers[i].near));
	}
}

/* Names, headers and limits of the table itself. */
static void
test_table(void **state)
{
	(void)state;
	assert_true(mc_field_count() <= MC_FIELD_MAX);
	for (size_t i = 0; i < mc_field_count(); i++) {
		const struct mc_field *field = mc_field_at(i);

		assert_non_null(field->name);
		assert_non_null(field->help);
		assert_true(field->limit > 0);
		assert_int_equal(field->secret, field->kind == MC_KIND_SECRET);
		assert_int_equal(mc_field_find(field->name), i);
		assert_int_equal(mc_field_match(field->name, NULL), i);
		for (const char *const *s = field->synonyms;
			s != NULL && *s != NULL; s++) {
			assert_int_equal(mc_field_match(*s, NULL), i);
			assert_false(mc_column_known(*s));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gate),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_server_twice),
		cmocka_unit_test(test_expand),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
