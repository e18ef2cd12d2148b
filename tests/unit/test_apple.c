/* SPDX-License-Identifier: ISC */
/* Profiles: their bytes, identifiers, TLS by port, passwords. */
#include "documents.h"

#include <stdlib.h>

#include "digest.h"

static const char suffix[] = ".mobileconfig";
static const char base[] = "address=a@example.org\n";
/* Servers that nothing is to be said about. */
static const char servers[] = "imap=imaps://imap.example.org\n"
			      "smtp=smtps://smtp.example.org\n";

static void
assert_sha256(const char *bytes, size_t size, const char *want)
{
	const struct mc_part_bytes parts[] = {{bytes, size}, {NULL, 0}};
	unsigned char hash[MC_SHA256_SIZE];
	char text[2 * MC_SHA256_SIZE + 1];

	mc_sha256(parts, hash);
	for (size_t i = 0; i < MC_SHA256_SIZE; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", hash[i]);
	assert_string_equal(text, want);
}

/* What was agreed upon, to the last byte. */
static void
test_bytes(void **state)
{
	struct documents all;
	const struct mailcfg_document *doc;

	(void)state;
	make(&all, "apple", 0, "address=bob@example.com\nname=Bob\n",
		"imap=imap://imap.example.com\nsmtp=smtp://smtp.example.com");
	doc = document(&all, suffix);
	assert_string_equal(doc->name, "bob@example.com.mobileconfig");
	assert_string_equal(doc->type, "application/x-apple-aspen-config");
	assert_int_equal(doc->size, 2140);
	assert_sha256(doc->bytes, doc->size,
		"5b08af7f0fa6226eab6c0c6c6dc709bc"
		"933ad31bbbeefd731bb3399d499aa0fb");
	assert_true(
		holds(&all, suffix, ">F4D4805F-ACD3-53C9-96CA-EBE37C643052<"));
	assert_true(
		holds(&all, suffix, ">F4863087-BF95-502C-8B57-500678CB40CF<"));
	unmake(&all);
}

/* The same with a provider, whose preparation stands in the description. */
static void
test_provider(void **state)
{
	static const char plain[] = "Sets up the mail account alice@mail.ru";
	struct documents all;
	char *text, *from, *to;

	(void)state;
	make(&all, "apple", 0, "address=alice@mail.ru\nname=Alice", "");
	text = strndup(
		document(&all, suffix)->bytes, document(&all, suffix)->size);
	assert_non_null(text);
	from = strstr(text, plain);
	assert_non_null(from);
	from += sizeof(plain) - 1;
	to = strstr(from, "</string>");
	assert_non_null(to);
	*to = '\0';
	assert_non_null(strstr(from,
		". Mail.ru wants an application "
		"password"));
	*to = '<';
	memmove(from, to, strlen(to) + 1);
	assert_sha256(text, strlen(text),
		"24619f620c9031899e031be45254bbd2"
		"80ecd15e146eb214ea289e4250d26c3f");
	assert_true(
		holds(&all, suffix, ">A1898FC5-AF2C-5078-8C3D-506D1292F999<"));
	assert_true(
		holds(&all, suffix, ">1D22678C-6F79-5019-B656-91A05BA58503<"));
	free(text);
	unmake(&all);
}

/* What a device would make of the port, and what it was to do. */
static const struct {
	const char *protocol, *tls;
	unsigned port;
	const char *said; /* NULL: nothing */
	const char *part; /* of the server, that it is said about */
} tls_rows[] = {
	{"imap", "implicit", 993, NULL, NULL},
	{"pop3", "implicit", 995, NULL, NULL},
	{"smtp", "implicit", 465, NULL, NULL},
	{"imap", "implicit", 994, "error not-expressible", "port"},
	{"imap", "implicit", 143, "error not-expressible", "port"},
	{"pop3", "implicit", 110, "error not-expressible", "port"},
	{"smtp", "implicit", 587, "error not-expressible", "port"},
	{"smtp", "implicit", 25, "error not-expressible", "port"},
	{"imap", "starttls", 143, "warning starttls-device", "tls"},
	{"pop3", "starttls", 110, "warning starttls-device", "tls"},
	{"smtp", "starttls", 587, "warning starttls-device", "tls"},
	{"smtp", "starttls", 25, "warning starttls-device", "tls"},
	{"imap", "starttls", 1143, "warning starttls-device", "tls"},
	{"smtp", "starttls", 2525, "warning starttls-device", "tls"},
	{"imap", "starttls", 993, "error not-expressible", "port"},
	{"pop3", "starttls", 995, "error not-expressible", "port"},
	{"smtp", "starttls", 465, "error not-expressible", "port"},
	{"imap", "none", 143, "warning cleartext", "tls"},
	{"smtp", "none", 25, "warning cleartext", "tls"},
	{"smtp", "none", 465, "warning cleartext", "tls"},
};

/* The port and the switch of the server that the row is about. */
static void
assert_server(const struct documents *all, size_t row)
{
	bool out = strcmp(tls_rows[row].protocol, "smtp") == 0;
	const char *way = out ? "Outgoing" : "Incoming";
	bool clear = strcmp(tls_rows[row].tls, "none") == 0;
	char text[256];

	(void)snprintf(text, sizeof(text),
		"<key>%sMailServerPortNumber</key>\n"
		"\t\t\t<integer>%u</integer>\n"
		"\t\t\t<key>%sMailServerUseSSL</key>\n\t\t\t<%s/>\n",
		way, tls_rows[row].port, way, clear ? "false" : "true");
	assert_true(holds(all, suffix, text));
}

static void
test_tls(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(tls_rows); i++) {
		const char *p = tls_rows[i].protocol;
		const char *said = tls_rows[i].said;
		char more[256], want[128] = "";
		struct documents all;

		(void)snprintf(more, sizeof(more),
			"%s.host=h.example.org\n%s.port=%u\n%s.tls=%s\n%s", p,
			p, tls_rows[i].port, p, tls_rows[i].tls,
			strcmp(p, "smtp") == 0 ? "imap=imap.example.org"
					       : "smtp=smtp.example.org");
		make(&all, "apple", 0, base, more);
		if (said != NULL)
			(void)snprintf(want, sizeof(want), "%s %s.%s\n", said,
				p, tls_rows[i].part);
		if (strcmp(p, "pop3") == 0)
			(void)strncat(want, "warning pop3-deletes pop3\n",
				sizeof(want) - strlen(want) - 1);
		assert_string_equal(all.heard, want);
		if (said != NULL && strncmp(said, "error", 5) == 0)
			assert_int_equal(all.n, 0);
		else
			assert_server(&all, i);
		unmake(&all);
	}
}

/* Passwords: NULL is a key that must not be there. */
static const struct {
	const char *more;
	const char *in, *out;
	unsigned flags;
	bool same;
} password_rows[] = {
	{"", NULL, NULL, 0, true},
	{"password=p", NULL, NULL, 0, true},
	{"password=p", "p", "p", MAILCFG_EMBED_PASSWORD, true},
	{"password=p\nsmtp.password=q", NULL, NULL, 0, false},
	{"password=p\nsmtp.password=q", "p", "q", MAILCFG_EMBED_PASSWORD,
		false},
	{"smtp.password=q", NULL, "q", MAILCFG_EMBED_PASSWORD, false},
	{"password=p\nsmtp.auth=none", "p", NULL, MAILCFG_EMBED_PASSWORD,
		false},
	{"password=&<\"\xc3\xa4", "&amp;&lt;\"\xc3\xa4", "&amp;&lt;\"\xc3\xa4",
		MAILCFG_EMBED_PASSWORD, true},
};

static void
assert_text(const struct documents *all, const char *key, const char *value)
{
	char text[256];

	(void)snprintf(text, sizeof(text), "<key>%s</key>", key);
	assert_int_equal(holds(all, suffix, text), value != NULL);
	if (value == NULL)
		return;
	(void)snprintf(text, sizeof(text),
		"<key>%s</key>\n\t\t\t<string>%s</string>\n", key, value);
	assert_true(holds(all, suffix, text));
}

static void
test_passwords(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(password_rows); i++) {
		const char *more = password_rows[i].more;
		char fields[256];
		struct documents all;

		(void)snprintf(fields, sizeof(fields),
			"%simap=imap.example.org\n%s=smtp.example.org\n", base,
			strstr(more, "smtp.auth") == NULL ? "smtp"
							  : "smtp.host");
		make(&all, "apple", password_rows[i].flags, fields, more);
		assert_string_equal(all.heard, "");
		assert_text(&all, "IncomingPassword", password_rows[i].in);
		assert_text(&all, "OutgoingPassword", password_rows[i].out);
		assert_int_equal(
			holds(&all, suffix,
				"<key>OutgoingPasswordSameAsIncomingPassword"
				"</key>\n\t\t\t<true/>\n"),
			password_rows[i].same);
		assert_int_equal(document(&all, suffix)->secret,
			password_rows[i].flags != 0);
		unmake(&all);
	}
}

/* Fields, what is said, and what stands in the profile. */
static const struct {
	const char *fields;
	const char *said;
	const char *text; /* NULL: it is refused */
} rows[] = {
	{"smtp.host=h\nsmtp.auth=none\nimap=h", "",
		"<key>OutgoingMailServerAuthentication</key>\n"
		"\t\t\t<string>EmailAuthNone</string>\n"
		"\t\t\t<key>OutgoingMailServerHostName</key>\n"
		"\t\t\t<string>h</string>\n"
		"\t\t\t<key>OutgoingMailServerPortNumber</key>\n"
		"\t\t\t<integer>465</integer>\n"
		"\t\t\t<key>OutgoingMailServerUseSSL</key>\n\t\t\t<true/>\n"
		"\t\t\t<key>PayloadDescription</key>\n"},
	{"smtp=h\nimap.host=h\nimap.auth=encrypted", "",
		"<key>IncomingMailServerAuthentication</key>\n"
		"\t\t\t<string>EmailAuthCRAMMD5</string>\n"},
	{"smtp=h\nimap.host=h\nimap.auth=oauth2",
		"error not-expressible imap.auth\n", NULL},
	{"smtp=h\npop3=h", "warning pop3-deletes pop3\n",
		"<string>EmailTypePOP</string>"},
	{"smtp=h\nimap=h\nimap.prefix=INBOX", "",
		"<string>h</string>\n"
		"\t\t\t<key>IncomingMailServerIMAPPathPrefix</key>\n"
		"\t\t\t<string>INBOX</string>\n"},
	{"smtp=h\nimap=h\naliases=b@example.org c@example.org",
		"warning undocumented aliases\n",
		"<string>a@example.org, b@example.org, c@example.org<"},
	{"smtp=h\nimap=h\naliases=\xd0\xb6@example.org",
		"warning undocumented aliases\n"
		"error not-expressible aliases\n",
		NULL},
	{"smtp=h\nimap=h\ncaldav=https://dav.example.org/a",
		"warning left-out caldav\n",
		"<key>CalDAVHostName</key>\n"
		"\t\t\t<string>dav.example.org</string>\n"
		"\t\t\t<key>CalDAVPort</key>\n\t\t\t<integer>443</integer>\n"
		"\t\t\t<key>CalDAVUseSSL</key>\n\t\t\t<true/>\n"
		"\t\t\t<key>CalDAVUsername</key>\n"
		"\t\t\t<string>a@example.org</string>\n"},
	{"smtp=h\nimap=h\ncarddav=https://dav.example.org:8443", "",
		"<key>CardDAVPort</key>\n\t\t\t<integer>8443</integer>\n"},
	{"smtp=h\nimap=h\ncarddav=https://dav.example.org", "",
		"<string>org.example.mailcfg.a.carddav</string>\n"
		"\t\t\t<key>PayloadType</key>\n"},
	{"smtp=h\nimap=h\norganization=R&D", "",
		"<string>R&amp;D</string>\n\t<key>PayloadType</key>\n"},
	{"smtp=h\nimap=h", "",
		"<string>a@example.org</string>\n"
		"\t\t\t<key>EmailAccountType</key>\n"},
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct documents all;

		make(&all, "apple", 0, base, rows[i].fields);
		assert_string_equal(all.heard, rows[i].said);
		if (rows[i].text == NULL)
			assert_int_equal(all.n, 0);
		else
			assert_true(holds(&all, suffix, rows[i].text));
		unmake(&all);
	}
}

/* Addresses, and identifiers that never meet. */
static void
test_addresses(void **state)
{
	static const struct {
		const char *address, *said, *text;
	} addresses[] = {
		{"address=A.b+c@Example.org\n", "",
			">org.example.mailcfg.a_2eb_2bc.mail<"},
		{"address=a_2eb_2bc@example.org\n", "",
			">org.example.mailcfg.a_5f2eb_5f2bc.mail<"},
		{"address=a@\xd0\xb6.example\n", "",
			"<string>a@xn--f1a.example</string>"},
		{"address=a@\xd0\xb6.example\n", "",
			"<string>Mail account a@\xd0\xb6.example</string>"},
		{"address=\xd0\xb6@example.org\n",
			"error not-expressible address\n", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(addresses); i++) {
		struct documents all;

		make(&all, "apple", 0, addresses[i].address, servers);
		assert_string_equal(all.heard, addresses[i].said);
		if (addresses[i].text == NULL)
			assert_int_equal(all.n, 0);
		else
			assert_true(holds(&all, suffix, addresses[i].text));
		unmake(&all);
	}
}

/* A person's accounts in one profile, which replaces none of theirs. */
static void
test_combined(void **state)
{
	static const char *const addresses[] = {
		"a@example.org", "b@example.com"};
	static const char *const texts[] = {
		"<string>Sets up the mail accounts a@example.org, "
		"b@example.com</string>\n"
		"\t<key>PayloadDisplayName</key>\n"
		"\t<string>a@example.org</string>\n"
		"\t<key>PayloadIdentifier</key>\n"
		"\t<string>org.example.mailcfg.a.combined</string>\n",
		"<string>org.example.mailcfg.a.mail</string>",
		"<string>com.example.mailcfg.b.mail</string>",
	};
	const struct mailcfg_account *accounts[2];
	struct documents all = {.heard = ""};
	struct mailcfg_draft *drafts[2];

	(void)state;
	all.context = mailcfg_new(hear, &all);
	assert_non_null(all.context);
	for (size_t i = 0; i < 2; i++) {
		drafts[i] = mailcfg_draft_new(all.context);
		assert_true(
			mailcfg_draft_set(drafts[i], "address", addresses[i]));
		assert_true(mailcfg_draft_set(drafts[i], "imap", "h"));
		assert_true(mailcfg_draft_set(drafts[i], "smtp", "h"));
		accounts[i] = mailcfg_draft_complete(drafts[i]);
		assert_non_null(accounts[i]);
	}
	assert_true(mailcfg_emit(
		all.context, "ios", accounts, 2, 0, &all.docs, &all.n));
	for (size_t i = 0; i < ROWS(texts); i++)
		assert_true(holds(&all, suffix, texts[i]));
	for (size_t i = 0; i < 2; i++)
		mailcfg_draft_free(drafts[i]);
	unmake(&all);
}

/* What the target's own fields take. */
static void
test_fields(void **state)
{
	static const struct {
		const char *field, *text;
		const char *said; /* "": it is good */
	} cases[] = {
		{"apple.removal-date", "2027-06-30", ""},
		{"apple.removal-date", "2027-06-30T12:00:00Z", ""},
		{"apple.removal-date", "30.6.2027",
			"error bad-choice apple.removal-date\n"},
		{"apple.removal-date", "2027-02-29",
			"error bad-choice apple.removal-date\n"},
		{"apple.smime", "yes", ""},
		{"apple.smime", "No", ""},
		{"apple.smime", "true", ""},
		{"apple.smime", "maybe", "error bad-choice apple.smime\n"},
		{"apple.title", "R&D <Lab>", ""},
		{"apple.title", "a\nb", "error bad-text apple.title\n"},
		{"apple.consent", "Agree?", ""},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct documents all = {.docs = NULL};
		struct mailcfg_draft *draft;
		bool good;

		all.context = mailcfg_new(hear, &all);
		draft = mailcfg_draft_new(all.context);
		assert_non_null(draft);
		good = mailcfg_draft_set(draft, cases[i].field, cases[i].text);
		if (good != (cases[i].said[0] == '\0'))
			fail_msg("%s", cases[i].text);
		assert_string_equal(all.heard, cases[i].said);
		mailcfg_draft_free(draft);
		mailcfg_free(all.context);
	}
}

/* "true" and "yes" are one, and "no" is as if nothing were said. */
static void
test_smime(void **state)
{
	static const char key[] = "SMIMESigningUserOverrideable";
	static const struct {
		const char *more;
		bool there;
	} cases[] = {{"", false}, {"apple.smime=no", false},
		{"apple.smime=yes", true}, {"apple.smime=TRUE", true}};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		char more[256];
		struct documents all;

		(void)snprintf(
			more, sizeof(more), "%s%s", servers, cases[i].more);
		make(&all, "apple", 0, base, more);
		assert_string_equal(all.heard, "");
		assert_int_equal(holds(&all, suffix, key), cases[i].there);
		/* which locks it, or does nothing */
		assert_false(holds(&all, suffix, "SMIMEEnabled"));
		unmake(&all);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_provider),
		cmocka_unit_test(test_tls),
		cmocka_unit_test(test_passwords),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_combined),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_smime),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
