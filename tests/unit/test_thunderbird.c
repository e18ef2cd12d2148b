/* SPDX-License-Identifier: ISC */
/* Autoconfig XML and user.js: what the client would change, and labels. */
#include "documents.h"

static const char suffix[] = ".autoconfig.xml";
static const char base[] = "address=a@example.org\n"
			   "imap=imaps://imap.example.org\n"
			   "smtp=smtps://smtp.example.org\n";

/*
 * How the client converts the text of an element.  Kept is what comes back as
 * it is, in every reader; some that are refused would come back here.
 */
static const struct {
	const char *text;
	bool kept;
} conversions[] = {
	{"0012345", false},
	{"12345678901234567890", false},
	{"9007199254740993", false},
	{"1000000000000000000000", false},
	{"0x1F", false},
	{"0XFF", false},
	{"0b11", false},
	{"0B11", false},
	{"0o17", false},
	{"0O17", false},
	{"1e5", false},
	{"1E5", false},
	{"1.0", false},
	{"5.", false},
	{"1.50", false},
	{".5", false},
	{"0.0000001", false},
	{"+7", false},
	{"-0", false},
	{"00", false},
	{"-07", false},
	{"True", false},
	{"FALSE", false},
	{" 42 ", false},
	{"42\xc2\xa0", false},
	{"\xe3\x80\x80x", false},
	{" alice ", false},
	{"0.1", false},
	{"1e400", false},
	{"1234567890123456", false},
	{"Infinity", true},
	{"NaN", true},
	{"0x", true},
	{"0xg", true},
	{"0b12", true},
	{"0o18", true},
	{"-0x1", true},
	{"1e", true},
	{"1e+", true},
	{".", true},
	{"+", true},
	{"1_000", true},
	{"12,5", true},
	{"12345", true},
	{"123456789012345", true},
	{"0", true},
	{"-7", true},
	{"true", true},
	{"false", true},
	{"null", true},
	{"\xd9\xa1\xd9\xa2", true}, /* digits, but not ASCII's */
	{"a 42", true},
	{"$'\\;|", true},
};

/* The same table for logins and for passwords. */
static void
test_conversions(void **state)
{
	static const struct {
		const char *field, *element;
	} fields[] = {
		{"imap.login", "username"}, {"imap.password", "password"}};

	(void)state;
	for (size_t i = 0; i < 2 * ROWS(conversions); i++) {
		const char *value = conversions[i / 2].text;
		const char *field = fields[i % 2].field;
		char more[128], want[128];
		struct documents all;

		(void)snprintf(more, sizeof(more), "%s=%s", field, value);
		make(&all, "thunderbird", MAILCFG_EMBED_PASSWORD, base, more);
		(void)snprintf(want, sizeof(want), "error not-expressible %s\n",
			field);
		if (conversions[i / 2].kept) {
			assert_string_equal(all.heard, "");
			(void)snprintf(want, sizeof(want), "<%s>%s</%s>",
				fields[i % 2].element, value,
				fields[i % 2].element);
			assert_true(holds(&all, suffix, want));
		} else {
			assert_non_null(strstr(all.heard, want));
			assert_int_equal(all.n, 0);
		}
		unmake(&all);
	}
}

/* Logins; a name that begins with the domain serves everybody there. */
static void
test_logins(void **state)
{
	static const struct {
		const char *address, *login, *text, *name;
	} logins[] = {
		{"a.b@x.example", "a.b@x.example", "%EMAILADDRESS%",
			"x.example"},
		{"a.b@x.example", "a.b", "%EMAILLOCALPART%", "x.example"},
		{"0012@x.example", "0012", "%EMAILLOCALPART%", "x.example"},
		{"a.b@x.example", "a.b.x.example",
			"%EMAILLOCALPART%.%EMAILDOMAIN%", "x.example"},
		{"a.b@x.example", "x.example\\a.b",
			"%EMAILDOMAIN%\\%EMAILLOCALPART%", "x.example"},
		{"a.b@x.example", "A.B", "A.B", "a.b@x.example"},
		{"a.b@x.example", "ab", "ab", "a.b@x.example"},
		{"A@x.example", "a@x.example", "a@x.example", "a@x.example"},
		{"a@x.example", "%EMAILADDRESS", "%EMAILADDRESS",
			"a@x.example"},
		{"a@x.example", "x%EMAILDOMAIN%", NULL, NULL},
		{"a@x.example", "%REALNAME%", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(logins); i++) {
		char fields[256], want[128];
		struct documents all;

		(void)snprintf(fields, sizeof(fields),
			"address=%s\nimap=h\nsmtp=h\nlogin=%s",
			logins[i].address, logins[i].login);
		make(&all, "autoconfig", 0, fields, "");
		if (logins[i].text == NULL) {
			assert_string_equal(all.heard,
				"error not-expressible imap.login\n"
				"error not-expressible smtp.login\n");
		} else {
			(void)snprintf(want, sizeof(want),
				"<username>%s</username>", logins[i].text);
			assert_true(holds(&all, suffix, want));
			(void)snprintf(want, sizeof(want), "%s%s",
				logins[i].name, suffix);
			assert_string_equal(document(&all, suffix)->name, want);
		}
		unmake(&all);
	}
}

/* Fields, what is said, and what stands in the file. */
static const struct {
	const char *fields;
	const char *said;
	const char *text; /* NULL: it is refused */
} rows[] = {
	/* the address is a replacement in JavaScript's sense */
	{"address=a$&b@x.example\nimap=h\nsmtp=h",
		"error not-expressible address\n", NULL},
	{"address=a$$b@x.example\nimap=h\nsmtp=h",
		"error not-expressible address\n", NULL},
	{"address=a$'b@x.example\nimap=h\nsmtp=h",
		"error not-expressible address\n", NULL},
	{"address=a$`b@x.example\nimap=h\nsmtp=h",
		"error not-expressible address\n", NULL},
	{"address=%EMAILDOMAIN%@x.example\nimap=h\nsmtp=h",
		"error not-expressible address\n", NULL},
	{"address=a$b'c&d`e$@x.example\nimap=h\nsmtp=h", "", "x.example"},
	/* it reads these and keeps other characters */
	{"address=\xd0\xb6@x.example\nimap=h\nsmtp=h",
		"error not-expressible address\n", NULL},
	{"address=a@x.example\nimap=h\nsmtp=smtps://%D0%B6@h",
		"error not-expressible smtp.login\n", NULL},
	{"address=a@x.example\nsmtp=h\nimap=imaps://%D0%B6@h", "",
		"<username>\xd0\xb6</username>"},
	/* names that are numbers */
	{"address=a@0x1f\nimap=h\nsmtp=h", "error not-expressible address\n",
		NULL},
	{"address=a@x.example\nimap=0x1f\nsmtp=h",
		"error not-expressible imap.host\n", NULL},
	/* OAuth2 where it knows how */
	{"address=a@gmail.com\nimap.host=imap.gmail.com\nimap.auth=oauth2\n"
	 "smtp.host=smtp.gmail.com\nsmtp.auth=oauth2",
		"", "<authentication>OAuth2</authentication>"},
	{"address=a@x.example\nimap.host=imap.x.example\nimap.auth=oauth2\n"
	 "smtp=h",
		"error not-expressible imap.auth\n", NULL},
	{"address=a@x.example\nimap=h\nsmtp.host=notgmail.com\n"
	 "smtp.auth=oauth2",
		"error not-expressible smtp.auth\n", NULL},
	/* other words */
	{"address=a@x.example\nimap.host=h\nimap.auth=encrypted\n"
	 "smtp.host=h\nsmtp.auth=none",
		"warning undocumented smtp.auth\n",
		"<port>465</port>\n      <socketType>SSL</socketType>\n"
		"      <authentication>none</authentication>\n"
		"    </outgoingServer>\n"},
	{"address=a@x.example\nimap.host=h\nimap.auth=encrypted\nsmtp=h", "",
		"<authentication>password-encrypted</authentication>"},
	{"address=a@x.example\nimap=imap+insecure://h\nsmtp=smtp://h",
		"warning cleartext imap.tls\nwarning undocumented imap.tls\n",
		"<socketType>plain</socketType>"},
	{"address=a@x.example\nimap=imap://h\nsmtp=smtp://h", "",
		"<port>143</port>\n      <socketType>STARTTLS</socketType>\n"},
	/* both incoming servers, the chosen one first */
	{"address=a@x.example\nimap=i\npop3=p\nsmtp=h",
		"warning pop3-deletes pop3\n",
		"</incomingServer>\n    <incomingServer type=\"pop3\">\n"
		"      <hostname>p</hostname>\n"},
	{"address=a@x.example\nimap=i\npop3=p\nsmtp=h\nprotocol=pop3",
		"warning pop3-deletes pop3\n",
		"</incomingServer>\n    <incomingServer type=\"imap\">\n"
		"      <hostname>i</hostname>\n"},
	/* labels */
	{"address=a@\xd0\xb6.example\nimap=h\nsmtp=h", "",
		"<emailProvider id=\"xn--f1a.example\">\n"
		"    <domain>xn--f1a.example</domain>\n"
		"    <displayName>\xd0\xb6.example</displayName>\n"
		"    <displayShortName>\xd0\xb6.example</displayShortName>\n"},
	{"address=a@twenty-one.characters\nimap=h\nsmtp=h", "",
		"<displayName>twenty-one.characters</displayName>\n"
		"    <incomingServer"},
	{"address=a@sixty-one.characters.sixty-one.characters."
	 "sixty-one.character\nimap=h\nsmtp=h",
		"", "sixty-one.character</domain>\n    <incomingServer"},
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct documents all;

		make(&all, "thunderbird", 0, rows[i].fields, "");
		assert_string_equal(all.heard, rows[i].said);
		if (rows[i].text == NULL)
			assert_int_equal(all.n, 0);
		else
			assert_true(holds(&all, suffix, rows[i].text));
		unmake(&all);
	}
}

/* A password makes the file a person's; without consent it stays out. */
static void
test_passwords(void **state)
{
	struct documents all;

	(void)state;
	make(&all, "thunderbird", 0, base, "password=secret");
	assert_string_equal(
		document(&all, suffix)->name, "example.org.autoconfig.xml");
	assert_false(holds(&all, suffix, "secret"));
	unmake(&all);
	make(&all, "thunderbird", MAILCFG_EMBED_PASSWORD, base,
		"password=&1\nsmtp.password=<2");
	assert_string_equal(
		document(&all, suffix)->name, "a@example.org.autoconfig.xml");
	assert_true(document(&all, suffix)->secret);
	assert_true(holds(&all, suffix,
		"<password>&amp;1</password>\n    </incomingServer>"));
	assert_true(holds(&all, suffix,
		"<password>&lt;2</password>\n    </outgoingServer>"));
	unmake(&all);
	make(&all, "thunderbird", MAILCFG_EMBED_PASSWORD, base,
		"password=p\npop3=pop3+insecure://h");
	assert_non_null(
		strstr(all.heard, "error cleartext-password pop3.password\n"));
	assert_int_equal(all.n, 0);
	unmake(&all);
}

/* Fields, what is said, and a line of the user.js. */
static const struct {
	const char *fields;
	const char *said;
	const char *text; /* NULL: it is refused */
} profile_rows[] = {
	{"imap=h\nsmtp=h\nname=A \"B\" \\n", "",
		"user_pref(\"mail.identity.id1.fullName\", "
		"\"A \\\"B\\\" \\\\n\");\n"},
	{"imap=h\nsmtp=h", "",
		"user_pref(\"mail.identity.id1.fullName\", "
		"\"a$&b@xn--f1a.example\");\n"},
	{"imap=h\nsmtp=h", "",
		"user_pref(\"mail.server.server1.name\", "
		"\"a$&b@\xd0\xb6.example\");\n"},
	{"imap=h\nsmtp=h\nlogin=0012", "",
		"user_pref(\"mail.server.server1.userName\", \"0012\");\n"},
	{"imap=imap://h\nsmtp=smtp://h", "",
		"user_pref(\"mail.server.server1.port\", 143);\n"
		"user_pref(\"mail.server.server1.socketType\", 2);\n"
		"user_pref(\"mail.server.server1.authMethod\", 3);\n"},
	{"imap=imap://h\nsmtp=smtp://h", "",
		"user_pref(\"mail.smtpserver.smtp1.port\", 587);\n"
		"user_pref(\"mail.smtpserver.smtp1.try_ssl\", 2);\n"
		"user_pref(\"mail.smtpserver.smtp1.authMethod\", 3);\n"},
	{"imap=h\nsmtp.host=h\nsmtp.auth=none", "",
		"user_pref(\"mail.smtpserver.smtp1.try_ssl\", 3);\n"
		"user_pref(\"mail.smtpserver.smtp1.authMethod\", 1);\n"
		"user_pref(\"mail.smtpserver.smtp1.description\", "},
	{"imap=h\nsmtp.host=h\nsmtp.auth=encrypted", "",
		"user_pref(\"mail.smtpserver.smtp1.authMethod\", 4);\n"},
	{"imap=h\nsmtp.host=smtp.mail.ru\nsmtp.auth=oauth2", "",
		"user_pref(\"mail.smtpserver.smtp1.authMethod\", 10);\n"},
	{"imap=h\nsmtp.host=h\nsmtp.auth=oauth2",
		"error not-expressible smtp.auth\n", NULL},
	{"pop3=h\nsmtp=smtp+insecure://h", "warning cleartext smtp.tls\n",
		"user_pref(\"mail.server.server1.leave_on_server\", true);\n"},
	{"pop3=h\nsmtp=smtp+insecure://h", "warning cleartext smtp.tls\n",
		"user_pref(\"mail.smtpserver.smtp1.try_ssl\", 0);\n"},
	{"imap=h\nsmtp=smtps://%D0%B6@h", "error not-expressible smtp.login\n",
		NULL},
};

static void
test_profile(void **state)
{
	struct documents all;

	(void)state;
	for (size_t i = 0; i < ROWS(profile_rows); i++) {
		make(&all, "thunderbird-profile", 0,
			"address=a$&b@\xd0\xb6.example\n",
			profile_rows[i].fields);
		assert_string_equal(all.heard, profile_rows[i].said);
		if (profile_rows[i].text == NULL)
			assert_int_equal(all.n, 0);
		else
			assert_true(
				holds(&all, ".user.js", profile_rows[i].text));
		unmake(&all);
	}
	make(&all, "thunderbird-profile", MAILCFG_EMBED_PASSWORD, base,
		"password=secret");
	assert_string_equal(all.heard,
		"warning client-asks imap.password\n"
		"warning client-asks smtp.password\n");
	assert_false(holds(&all, ".user.js", "secret"));
	unmake(&all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conversions),
		cmocka_unit_test(test_logins),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_passwords),
		cmocka_unit_test(test_profile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
