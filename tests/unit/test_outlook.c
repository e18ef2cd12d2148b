/* SPDX-License-Identifier: ISC */
/* Outlook: the words for TLS, the registry's escapes, the card. */
#include "documents.h"

static const char base[] = "address=a@x.example\nimap=imaps://in.example\n"
			   "smtp=smtps://out.example\n";

/* Servers, and what stands in the XML and in the card. */
static const struct {
	const char *given;
	const char *in, *out, *card;
} servers[] = {
	{"imap=imaps://i\nsmtp=smtps://o",
		"<Type>IMAP</Type>\n        <Server>i</Server>\n"
		"        <Port>993</Port>\n",
		"        <SPA>off</SPA>\n        <SSL>on</SSL>\n"
		"        <Encryption>SSL</Encryption>\n"
		"        <AuthRequired>on</AuthRequired>\n"
		"        <UsePOPAuth>on</UsePOPAuth>\n"
		"        <SMTPLast>off</SMTPLast>\n",
		"  port 465  encrypted connection SSL/TLS  requires "
		"authentication, same settings as incoming\r\n"},
	{"imap=imap://i\nsmtp=smtp://o",
		"<Port>143</Port>\n"
		"        <LoginName>a@x.example</LoginName>\n"
		"        <DomainRequired>off</DomainRequired>\n"
		"        <SPA>off</SPA>\n        <SSL>on</SSL>\n"
		"        <Encryption>TLS</Encryption>\n"
		"        <AuthRequired>on</AuthRequired>\n",
		"<Port>587</Port>\n", "encrypted connection STARTTLS"},
	{"imap=imaps://i:143\nsmtp=smtp://o:465",
		"<Port>143</Port>\n"
		"        <LoginName>a@x.example</LoginName>\n"
		"        <DomainRequired>off</DomainRequired>\n"
		"        <SPA>off</SPA>\n        <SSL>on</SSL>\n"
		"        <Encryption>SSL</Encryption>\n",
		"<Port>465</Port>\n"
		"        <LoginName>a@x.example</LoginName>\n"
		"        <DomainRequired>off</DomainRequired>\n"
		"        <SPA>off</SPA>\n        <SSL>on</SSL>\n"
		"        <Encryption>TLS</Encryption>\n",
		"  i  port 143  encrypted connection SSL/TLS\r\n"},
	{"pop3=pop3+insecure://i\nsmtp=smtp+insecure://o",
		"<Type>POP3</Type>\n        <Server>i</Server>\n"
		"        <Port>110</Port>\n",
		"        <SSL>off</SSL>\n"
		"        <Encryption>None</Encryption>\n",
		"encrypted connection None"},
	{"imap=imaps://i\nsmtp.host=o\nsmtp.auth=none",
		"<AuthRequired>on</AuthRequired>\n      </Protocol>\n",
		"<Port>465</Port>\n        <SPA>off</SPA>\n"
		"        <SSL>on</SSL>\n"
		"        <Encryption>SSL</Encryption>\n"
		"        <AuthRequired>off</AuthRequired>\n"
		"        <UsePOPAuth>off</UsePOPAuth>\n",
		"  requires no authentication\r\n"},
	{"imap=imaps://i\nsmtp=smtps://other@o",
		"<LoginName>a@x.example</LoginName>\n",
		"<LoginName>other</LoginName>\n        <DomainRequired>"
		"off</DomainRequired>\n        <SPA>off</SPA>\n"
		"        <SSL>on</SSL>\n"
		"        <Encryption>SSL</Encryption>\n"
		"        <AuthRequired>on</AuthRequired>\n"
		"        <UsePOPAuth>off</UsePOPAuth>\n",
		"  User name for the outgoing server  other\r\n"},
	{"protocol=pop3\nimap=imaps://i\npop3=pop3s://p\nsmtp=smtps://"
	 "o",
		"<Type>POP3</Type>\n        <Server>p</Server>\n"
		"        <Port>995</Port>\n",
		"      </Protocol>\n      <Protocol>\n"
		"        <Type>IMAP</Type>\n        "
		"<Server>i</Server>\n",
		"Account type POP3\r\n"},
};

static void
test_tls(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(servers); i++) {
		struct documents all, alone;

		make(&all, "outlook", 0, "address=a@x.example\n",
			servers[i].given);
		assert_true(holds(&all, ".outlook.xml", servers[i].in));
		assert_true(holds(&all, ".outlook.xml", servers[i].out));
		assert_true(holds(&all, ".outlook.txt", servers[i].card));
		assert_false(holds(&all, ".outlook.xml", "<User>"));
		make(&alone, "autodiscover", 0, "address=a@x.example\n",
			servers[i].given);
		assert_int_equal(alone.n, 1);
		assert_int_equal(alone.docs[0].size,
			document(&all, ".outlook.xml")->size);
		assert_memory_equal(alone.docs[0].bytes,
			document(&all, ".outlook.xml")->bytes,
			alone.docs[0].size);
		unmake(&alone);
		unmake(&all);
	}
}

static void
test_registry(void **state)
{
	static const struct {
		const char *more;
		const char *line;
	} rows[] = {
		{"name=A",
			"\"x.example\"=\"C:\\\\mailcfg\\\\a@x.example.outlook."
			"xml\"\r\n"},
		{"outlook.folder=D:\\My Mail\\%x%",
			"\"x.example\"=\"D:\\\\My Mail\\\\%x%\\\\a@x.example."
			"outlook.xml\"\r\n"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct documents all;

		make(&all, "outlook", 0, base, rows[i].more);
		assert_true(holds(&all, ".outlook.reg", rows[i].line));
		assert_true(holds(&all, ".outlook.reg",
			"\"PreferLocalXML\"=dword:00000001\r\n"));
		assert_true(holds(&all, "-undo.reg",
			"\"PreferLocalXML\"=-\r\n\"x.example\"=-\r\n"));
		assert_false(holds(&all, ".outlook.reg", "Exclude"));
		assert_true(is_crlf(&all, ".outlook.reg"));
		assert_true(is_crlf(&all, "-undo.reg"));
		assert_true(is_crlf(&all, ".outlook.txt"));
		assert_memory_equal(document(&all, ".outlook.reg")->bytes,
			"Windows Registry Editor Version 5.00\r\n\r\n[", 41);
		unmake(&all);
	}
}

/* The registry's name for the domain is what goes over the wire. */
static void
test_idn(void **state)
{
	struct documents all;

	(void)state;
	make(&all, "outlook", 0, "address=a@b\xc3\xbc\x63her.example\n",
		"imap=imaps://i\nsmtp=smtps://o\nname=B\xc3\xbc");
	assert_true(holds(&all, ".outlook.reg", "\"xn--bcher-kva.example\"="));
	assert_true(holds(&all, "-undo.reg", "\"xn--bcher-kva.example\"=-"));
	assert_true(holds(&all, ".outlook.xml",
		"    <User>\n      <DisplayName>B\xc3\xbc</DisplayName>\n"));
	assert_memory_equal(document(&all, ".outlook.txt")->bytes,
		"\xef\xbb\xbfOutlook: ", 12);
	unmake(&all);
}

static void
test_refusals(void **state)
{
	static const struct {
		const char *more;
		const char *heard;
	} rows[] = {
		{"imap.auth=oauth2", "error not-expressible imap.auth\n"},
		{"protocol=imap\npop3=pop3s://p\npop3.auth=oauth2",
			"error not-expressible pop3.auth\n"},
	};
	struct documents all;
	char more[512];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		make(&all, "outlook", 0, base, rows[i].more);
		assert_null(all.docs);
		assert_string_equal(all.heard, rows[i].heard);
		unmake(&all);
	}
	/* a path that Windows would not take */
	(void)snprintf(more, sizeof(more), "outlook.folder=C:\\%0*d", 237, 0);
	make(&all, "outlook", 0, base, more);
	assert_null(all.docs);
	assert_string_equal(
		all.heard, "error not-expressible outlook.folder\n");
	unmake(&all);
}

/* What Windows can make a folder of, and keep the name. */
static void
test_folder(void **state)
{
	static const struct {
		const char *text;
		const char *said; /* "": it is good */
	} rows[] = {
		{"C:\\mailcfg", ""},
		{"z:\\My Mail\\v1.5\\.x\\(%x%)", ""},
		{"C:\\a:b", "error bad-text outlook.folder\n"},
		{"C:\\a:", "error bad-text outlook.folder\n"},
		{"C:\\a.", "error bad-text outlook.folder\n"},
		{"C:\\a.\\b", "error bad-text outlook.folder\n"},
		{"C:\\a\\..\\b", "error bad-text outlook.folder\n"},
		{"C:\\a ", "error bad-text outlook.folder\n"},
		{"C:\\a \\b", "error bad-text outlook.folder\n"},
		{"C:\\a\\\\b", "error bad-text outlook.folder\n"},
		{"C:\\\\b", "error bad-text outlook.folder\n"},
		{"C:\\a\\", "error bad-text outlook.folder\n"},
		{"C:\\", "error bad-text outlook.folder\n"},
		{"1:\\a", "error bad-text outlook.folder\n"},
		{"C:a", "error bad-text outlook.folder\n"},
		{"\\\\server\\share", "error bad-text outlook.folder\n"},
		{"C:\\a/b", "error bad-text outlook.folder\n"},
		{"C:\\\xc3\xa5", "error bad-text outlook.folder\n"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct documents all = {.docs = NULL};
		struct mailcfg_draft *draft;
		bool good;

		all.context = mailcfg_new(hear, &all);
		draft = mailcfg_draft_new(all.context);
		assert_non_null(draft);
		good = mailcfg_draft_set(draft, "outlook.folder", rows[i].text);
		if (good != (rows[i].said[0] == '\0'))
			fail_msg("%s", rows[i].text);
		assert_string_equal(all.heard, rows[i].said);
		mailcfg_draft_free(draft);
		mailcfg_free(all.context);
	}
}

/* No document holds a password. */
static void
test_password(void **state)
{
	struct documents all;

	(void)state;
	make(&all, "outlook", MAILCFG_EMBED_PASSWORD, base, "password=canary5");
	assert_non_null(strstr(all.heard, "warning client-asks"));
	assert_int_equal(all.n, 4);
	for (size_t i = 0; i < all.n; i++) {
		assert_false(all.docs[i].secret);
		assert_false(holds(&all, all.docs[i].name + 1, "canary5"));
	}
	unmake(&all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tls),
		cmocka_unit_test(test_registry),
		cmocka_unit_test(test_idn),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_folder),
		cmocka_unit_test(test_password),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
