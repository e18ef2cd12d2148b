/* SPDX-License-Identifier: ISC */
/* K-9 Mail's settings file: its words, and what stands in it when. */
#include "documents.h"

static const char base[] = "address=a@x.example\nimap=imaps://i.example\n"
			   "smtp=smtps://s.example\n";

/* Servers, and what stands of the incoming and outgoing one. */
static const struct {
	const char *given;
	const char *in, *out;
} servers[] = {
	{"imap=imaps://i.example\nsmtp=smtps://s.example",
		"      <incoming-server type=\"IMAP\">\n"
		"        <host>i.example</host>\n"
		"        <port>993</port>\n"
		"        <connection-security>SSL_TLS_REQUIRED"
		"</connection-security>\n"
		"        <authentication-type>PLAIN</authentication-type>\n"
		"        <username>a@x.example</username>\n"
		"      </incoming-server>\n",
		"      <outgoing-server type=\"SMTP\">\n"
		"        <host>s.example</host>\n"
		"        <port>465</port>\n"
		"        <connection-security>SSL_TLS_REQUIRED"
		"</connection-security>\n"
		"        <authentication-type>PLAIN</authentication-type>\n"
		"        <username>a@x.example</username>\n"
		"      </outgoing-server>\n"
		"      <settings>\n"
		"        <value key=\"deletePolicy\">DELETE</value>\n"
		"      </settings>\n"},
	{"pop3=pop3://p.example\nsmtp=smtp://s.example\nlogin=a&b",
		"      <incoming-server type=\"POP3\">\n"
		"        <host>p.example</host>\n"
		"        <port>110</port>\n"
		"        <connection-security>STARTTLS_REQUIRED"
		"</connection-security>\n"
		"        <authentication-type>PLAIN</authentication-type>\n"
		"        <username>a&amp;b</username>\n"
		"      </incoming-server>\n",
		"        <port>587</port>\n"
		"        <connection-security>STARTTLS_REQUIRED"
		"</connection-security>\n"
		"        <authentication-type>PLAIN</authentication-type>\n"
		"        <username>a&amp;b</username>\n"
		"      </outgoing-server>\n"
		"      <settings>\n"
		"        <value key=\"deletePolicy\">NEVER</value>\n"
		"      </settings>\n"},
	{"imap=imap+insecure://i.example\nimap.auth=encrypted\n"
	 "smtp=smtp+insecure://s.example:25\nsmtp.auth=none",
		"        <connection-security>NONE</connection-security>\n"
		"        <authentication-type>CRAM_MD5</authentication-type>\n"
		"        <username>a@x.example</username>\n",
		"        <port>25</port>\n"
		"        <connection-security>NONE</connection-security>\n"
		"        <authentication-type>NONE</authentication-type>\n"
		"        <username/>\n"
		"      </outgoing-server>\n"},
	{"imap=imaps://imap.gmail.com\nimap.auth=oauth2\n"
	 "smtp=smtps://smtp.gmail.com\nsmtp.auth=oauth2\nimap.prefix=A<B",
		"        <authentication-type>XOAUTH2</authentication-type>\n"
		"        <username>a@x.example</username>\n"
		"        <extra>\n"
		"          <value key=\"autoDetectNamespace\">false</value>\n"
		"          <value key=\"pathPrefix\">A&lt;B</value>\n"
		"        </extra>\n"
		"      </incoming-server>\n",
		"        <authentication-type>XOAUTH2</authentication-type>\n"
		"        <username>a@x.example</username>\n"
		"      </outgoing-server>\n"},
};

static void
test_servers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(servers); i++) {
		struct documents all;

		make(&all, "k9", 0, "address=a@x.example\n", servers[i].given);
		assert_int_equal(all.n, 1);
		assert_true(holds(&all, ".k9s", servers[i].in));
		assert_true(holds(&all, ".k9s", servers[i].out));
		unmake(&all);
	}
}

static void
test_frame(void **state)
{
	struct documents all;

	(void)state;
	make(&all, "k9", 0, base, "name=A \"B\"\naliases=b@x.example");
	assert_string_equal(all.docs[0].name, "a@x.example.k9s");
	assert_string_equal(all.docs[0].type, "application/octet-stream");
	/* uuid5(DNS, "example.x.mailcfg.a.k9"), as python3's uuid tells */
	assert_true(holds(&all, ".k9s",
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<k9settings version=\"99\" format=\"1\">\n"
		"  <accounts>\n"
		"    <account uuid=\"ae36051c-fb61-5e73-8357-c9052f03f1b6\">\n"
		"      <name>a@x.example</name>\n"));
	assert_true(holds(&all, ".k9s",
		"      <identities>\n"
		"        <identity>\n"
		"          <name>A &quot;B&quot;</name>\n"
		"          <email>a@x.example</email>\n"
		"        </identity>\n"
		"        <identity>\n"
		"          <name>A &quot;B&quot;</name>\n"
		"          <email>b@x.example</email>\n"
		"        </identity>\n"
		"      </identities>\n"
		"    </account>\n"
		"  </accounts>\n"
		"</k9settings>\n"));
	unmake(&all);
	/* a name is never invented */
	make(&all, "k9", 0, base, "");
	assert_true(holds(&all, ".k9s",
		"        <identity>\n"
		"          <email>a@x.example</email>\n"
		"        </identity>\n"));
	unmake(&all);
}

static void
test_password(void **state)
{
	static const char in[] = "        <username>a@x.example</username>\n"
				 "        <password>one</password>\n"
				 "      </incoming-server>\n";
	static const char out[] = "        <username>a@x.example</username>\n"
				  "        <password>two</password>\n"
				  "      </outgoing-server>\n";
	struct documents all;

	(void)state;
	make(&all, "k9", MAILCFG_EMBED_PASSWORD, base,
		"password=one\nsmtp.password=two");
	assert_true(all.docs[0].secret);
	assert_true(holds(&all, ".k9s", in));
	assert_true(holds(&all, ".k9s", out));
	unmake(&all);
	make(&all, "k9", 0, base, "password=one\nsmtp.password=two");
	assert_false(all.docs[0].secret);
	assert_false(holds(&all, ".k9s", "password"));
	unmake(&all);
	/* nobody needs one beside OAuth2 */
	make(&all, "k9", MAILCFG_EMBED_PASSWORD, "address=a@x.example\n",
		"password=one\nimap=imaps://imap.gmail.com\nimap.auth=oauth2\n"
		"smtp=smtps://smtp.gmail.com\nsmtp.auth=oauth2");
	assert_false(holds(&all, ".k9s", "password"));
	unmake(&all);
}

static void
test_said(void **state)
{
	static const struct {
		const char *more;
		const char *heard;
	} rows[] = {
		{"name=A", ""},
		{"imap.auth=encrypted", "warning undocumented imap.auth\n"},
		{"smtp.auth=none", "warning undocumented smtp.auth\n"},
		{"imap.auth=oauth2", "error not-expressible imap.auth\n"},
		{"aliases=\xd0\xb8@x.example",
			"error not-expressible aliases\n"},
		{"caldav=https://x.example", "note not-carried caldav\n"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct documents all;

		make(&all, "k9", 0, base, rows[i].more);
		assert_string_equal(all.heard, rows[i].heard);
		unmake(&all);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_servers),
		cmocka_unit_test(test_frame),
		cmocka_unit_test(test_password),
		cmocka_unit_test(test_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
