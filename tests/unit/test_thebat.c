/* SPDX-License-Identifier: ISC */
/* The Bat!: what a value may be, and how it gets through cmd.exe. */
#include "documents.h"

static const char base[] = "address=a@x.example\nimap=imaps://in.example\n"
			   "smtp=smtps://out.example\n";

/*
 * Values: what was said (beside the note that there always is), and what the
 * .ipc and the .cmd hold of it.  NULL: refused, or left out.
 */
static const struct {
	const char *more;
	const char *heard;
	const char *line;
	const char *escaped;
} values[] = {
	{"login=plain", "", "InUser=\"plain\";", "InUser=^\"plain^\";"},
	{"login=a b!c", "", "InUser=\"a b!c\"", "InUser=^\"a b!c^\""},
	{"login=%PATH%", "", "InUser=\"%PATH%\"", "InUser=^\"%%PATH%%^\""},
	{"login=^&|<>()", "", "InUser=\"^&|<>()\"",
		"InUser=^\"^^^&^|^<^>^(^)^\""},
	{"login=a\\b", "", "InUser=\"a\\b\"", "InUser=^\"a\\b^\""},
	{"login=o'neil", "", "InUser=\"o'neil\"", "InUser=^\"o'neil^\""},
	{"login=a\"b", "warning undocumented imap.login\n", "InUser='a\"b'",
		"InUser='a^\"b'"},
	{"login=a\"&calc&\"b", "warning undocumented imap.login\n",
		"InUser='a\"&calc&\"b'", "InUser='a^\"^&calc^&^\"b'"},
	{"login=a\"b'c", "error not-expressible imap.login\n", NULL, NULL},
	{"login=a;b", "error not-expressible imap.login\n", NULL, NULL},
	{"login=a\\", "error not-expressible imap.login\n", NULL, NULL},
	{"login=\xc3\xa5", "error not-expressible imap.login\n", NULL, NULL},
	{"smtp.login=other", "", ";OutUser=\"other\";",
		";OutUser=^\"other^\";"},
	{"smtp.login=a;b", "error not-expressible smtp.login\n", NULL, NULL},
	{"name=A B", "", ";FromName=\"A B\"\r\n", ";FromName=^\"A B^\"\r\n"},
	{"name=Kate \"Kit\"", "warning undocumented name\n",
		";FromName='Kate \"Kit\"'", ";FromName='Kate ^\"Kit^\"'"},
	{"name=A;B", "warning left-out name\n", NULL, NULL},
	{"name=\xd0\x90", "warning left-out name\n", NULL, NULL},
	{"name=A\\", "warning left-out name\n", NULL, NULL},
	{"name=\"A\" 'B'", "warning left-out name\n", NULL, NULL},
};

static const char note[] = "note not-carried imap.port\n";

static void
test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(values); i++) {
		struct documents all;
		char want[256];

		make(&all, "thebat", 0, base, values[i].more);
		(void)snprintf(
			want, sizeof(want), "%s%s", values[i].heard, note);
		assert_string_equal(all.heard, want);
		if (strncmp(values[i].heard, "error", 5) == 0) {
			assert_null(all.docs);
		} else if (values[i].line == NULL) {
			assert_false(holds(&all, ".ipc", "FromName"));
			assert_true(holds(&all, ".txt", "     From Name"));
			assert_true(holds(
				&all, ".txt", strchr(values[i].more, '=') + 1));
		} else {
			assert_true(holds(&all, ".ipc", values[i].line));
			assert_true(holds(&all, ".cmd", values[i].escaped));
		}
		unmake(&all);
	}
}

/* The address names a folder. */
static void
test_address(void **state)
{
	static const struct {
		const char *address;
		bool good;
	} rows[] = {
		{"address=a.b+c@x.example\n", true},
		{"address=o'neil@x.example\n", true},
		{"address=a%b&c^d@x.example\n", true},
		{"address=a/b@x.example\n", false},
		{"address=a*b@x.example\n", false},
		{"address=a?b@x.example\n", false},
		{"address=a|b@x.example\n", false},
		{"address=\xd0\xb0@x.example\n", false},
		{"address=a@\xd0\xbf.example\n", true},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct documents all;

		make(&all, "thebat", 0, rows[i].address,
			"imap=imaps://in.example\nsmtp=smtps://out.example");
		if (rows[i].good)
			assert_non_null(all.docs);
		else
			assert_non_null(strstr(
				all.heard, "error not-expressible address\n"));
		unmake(&all);
	}
}

static void
test_password(void **state)
{
	static const struct {
		const char *more;
		const char *heard;
		const char *line;
	} rows[] = {
		{"password=p w", "warning password-inside password\n",
			";InUser=\"a@x.example\";Password=\"p w\";IMAP;"},
		{"password=p\nsmtp.password=q",
			"warning password-inside password\n",
			";Password=\"p\";OutUser=\"a@x.example\";OutPassword="
			"\"q\";IMAP;"},
		{"password=p\"q",
			"warning undocumented imap.password\n"
			"warning password-inside password\n",
			";Password='p\"q';"},
		{"password=p;q", "error not-expressible imap.password\n", NULL},
		{"password=\xc3\xa5", "error not-expressible imap.password\n",
			NULL},
		{"password=p\nsmtp.password=q\\",
			"error not-expressible smtp.password\n", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct documents all;

		make(&all, "thebat", 0, base, rows[i].more);
		assert_string_equal(all.heard, note);
		assert_false(holds(&all, ".ipc", "Password="));
		assert_false(document(&all, ".cmd")->secret);
		unmake(&all);
		make(&all, "thebat", MAILCFG_EMBED_PASSWORD, base,
			rows[i].more);
		assert_int_equal(strncmp(all.heard, rows[i].heard,
					 strlen(rows[i].heard)),
			0);
		if (rows[i].line != NULL) {
			assert_true(holds(&all, ".ipc", rows[i].line));
			assert_true(document(&all, ".cmd")->secret);
			assert_true(document(&all, ".ipc")->secret);
			assert_false(document(&all, ".txt")->secret);
			assert_false(holds(&all, ".txt", "p w"));
			assert_true(holds(&all, ".txt", "delete both"));
		} else {
			assert_null(all.docs);
		}
		unmake(&all);
	}
}

/* A password never goes where it would travel in clear. */
static void
test_cleartext(void **state)
{
	struct documents all;

	(void)state;
	make(&all, "thebat", MAILCFG_EMBED_PASSWORD,
		"address=a@x.example\npassword=p\n",
		"imap=imap+insecure://in.example\nsmtp=smtps://out.example");
	assert_null(all.docs);
	assert_non_null(
		strstr(all.heard, "error cleartext-password imap.password\n"));
	unmake(&all);
}

static void
test_card(void **state)
{
	static const struct {
		const char *servers;
		const char *in, *out;
	} rows[] = {
		{"imap=imaps://i\nsmtp=smtps://o",
			"     Protocol          IMAP4\r\n"
			"     Server            i\r\n"
			"     Connection        TLS on the dedicated port  ",
			"     Port              465\r\n"
			"     Authentication    tick   \"Perform"},
		{"imap=imap://i\nsmtp=smtp://o\nsmtp.login=z",
			"     Connection        STARTTLS on the regular port  "
			"(\"Secure to regular port (STARTTLS)\")\r\n"
			"     Port              143\r\n",
			"choose \"Use specific settings\"\r\n"},
		{"pop3=pop3+insecure://i\nsmtp.host=o\nsmtp.auth=none",
			"     Protocol          POP3\r\n"
			"     Server            i\r\n"
			"     Connection        Regular  (NOT encrypted",
			"     Authentication    none: clear"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct documents all;

		make(&all, "thebat", 0, "address=a@x.example\n",
			rows[i].servers);
		assert_true(holds(&all, ".txt", rows[i].in));
		assert_true(holds(&all, ".txt", rows[i].out));
		assert_true(is_crlf(&all, ".txt"));
		assert_true(is_crlf(&all, ".ipc"));
		assert_true(is_crlf(&all, ".cmd"));
		assert_false(holds(&all, ".txt", "\xef\xbb\xbf"));
		assert_int_equal(holds(&all, ".ipc", ";IMAP;"), i < 2);
		unmake(&all);
	}
}

/* What is not ASCII begins with a BOM, in the card alone. */
static void
test_bom(void **state)
{
	struct documents all;

	(void)state;
	make(&all, "thebat", 0, base, "organization=S\xc3\xb6ner");
	assert_int_equal(memcmp(document(&all, ".txt")->bytes,
				 "\xef\xbb\xbfThe Bat!", 11),
		0);
	assert_true(
		holds(&all, ".txt", "     Organization      S\xc3\xb6ner\r\n"));
	assert_memory_equal(document(&all, ".cmd")->bytes, "@echo off\r\n", 11);
	unmake(&all);
}

/* The longest values that are taken stay below the limit of cmd.exe. */
static void
test_length(void **state)
{
	static char more[4096];
	const struct mailcfg_document *doc;
	struct documents all;
	char value[513];
	size_t line = 0;

	(void)state;
	memset(value, '&', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	(void)snprintf(more, sizeof(more),
		"login=%s\nsmtp.login=%s%%\nname=%s\npassword=%s\n"
		"smtp.password=%s%%",
		value, value + 1, value, value, value + 1);
	make(&all, "thebat", MAILCFG_EMBED_PASSWORD, base, more);
	doc = document(&all, ".cmd");
	for (size_t i = 0, start = 0; i < doc->size; i++) {
		if (doc->bytes[i] == '\n') {
			line = i - start > line ? i - start : line;
			start = i + 1;
		}
	}
	assert_true(line > 5000);
	/* %TB% becomes a path of at most 259 characters */
	assert_true(line + 259 < 8191);
	unmake(&all);
	(void)snprintf(more, sizeof(more), "login=%s&", value);
	make(&all, "thebat", 0, base, more);
	assert_null(all.docs);
	unmake(&all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_password),
		cmocka_unit_test(test_cleartext),
		cmocka_unit_test(test_card),
		cmocka_unit_test(test_bom),
		cmocka_unit_test(test_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
