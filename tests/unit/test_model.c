/* SPDX-License-Identifier: ISC */
/* Records of our own: lists, secrets, and logins that look like patterns. */
#include "documents.h"

static const char base[] = "address=a@x.example\nimap=imaps://i\n"
			   "smtp=smtps://o\n";

/* What a reader would expand is written so that it expands to the login. */
static void
test_logins(void **state)
{
	static const struct {
		const char *fields;
		const char *login;
	} rows[] = {
		{"address=a@x.example", "a@x.example"},
		{"address=a@x.example\nlogin={local-part}", "a"},
		{"address=a@x.example\nlogin={x}", "{x}"},
		{"address={domain}@x.example", "{mailbox}"},
		{"address={domain}@x.example\nlogin={local-part}",
			"{local-part}"},
		{"address={domain}@x.example\nlogin=q-{local-part}",
			"q-{local-part}"},
		{"address=mailbox}@x.example\nlogin={{local-part}",
			"{{local-part}"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct documents all;
		char fields[128], want[64];

		(void)snprintf(fields, sizeof(fields), "%s\n", rows[i].fields);
		make(&all, "json", 0, fields, "imap=imaps://i\nsmtp=smtps://o");
		(void)snprintf(
			want, sizeof(want), "\"login\":\"%s\"", rows[i].login);
		assert_true(holds(&all, "s.json", want));
		unmake(&all);
		make(&all, "yaml", 0, fields, "imap=imaps://i\nsmtp=smtps://o");
		(void)snprintf(want, sizeof(want), "\n    login: \"%s\"\n",
			rows[i].login);
		assert_true(holds(&all, "s.yaml", want));
		unmake(&all);
	}
}

static void
test_secrets(void **state)
{
	static const char *const targets[] = {"json", "yaml"};

	(void)state;
	for (size_t i = 0; i < ROWS(targets); i++) {
		struct documents all;

		make(&all, targets[i], 0, base, "password=canary5");
		assert_false(holds(&all, targets[i], "canary5"));
		assert_false(document(&all, targets[i])->secret);
		unmake(&all);
		make(&all, targets[i], MAILCFG_EMBED_PASSWORD, base,
			"password=canary5");
		assert_true(holds(&all, targets[i], "canary5"));
		assert_true(document(&all, targets[i])->secret);
		unmake(&all);
		/* nor beside a server that was not chosen, in clear */
		make(&all, targets[i], MAILCFG_EMBED_PASSWORD, base,
			"password=canary5\npop3=pop3+insecure://p");
		assert_null(all.docs);
		assert_non_null(strstr(all.heard, "pop3.password\n"));
		unmake(&all);
	}
}

/* Everything that can be told, in the names of the fields. */
static void
test_whole(void **state)
{
	static const char
		more[] = "name=N \"\xc3\xa5\"\ngiven-name=G\nfamily-name=F\n"
			 "organization=O\nsupport=S\nlang=sv\naliases=b@y c@y\n"
			 "person=P\ndeliver-to=d@y\nimap.auth=encrypted\n"
			 "smtp.auth=none\nimap.prefix=I\ncaldav=https://c/p\n"
			 "carddav=https://d:8443";
	static const char json[] =
		"[\n{\"address\":\"a@x.example\","
		"\"name\":\"N \\\"\xc3\xa5\\\"\",\"given-name\":\"G\","
		"\"family-name\":\"F\",\"organization\":\"O\","
		"\"support\":\"S\",\"lang\":\"sv\","
		"\"aliases\":[\"b@y\",\"c@y\"],\"person\":\"P\","
		"\"deliver-to\":\"d@y\",\"protocol\":\"imap\","
		"\"imap\":{\"host\":\"i\",\"port\":993,\"tls\":\"implicit\","
		"\"login\":\"a@x.example\",\"auth\":\"encrypted\"},"
		"\"smtp\":{\"host\":\"o\",\"port\":465,\"tls\":\"implicit\","
		"\"auth\":\"none\"},\"imap.prefix\":\"I\","
		"\"caldav\":\"https://c/p\",\"carddav\":\"https://d:8443\"}"
		"\n]\n";
	static const char yaml[] =
		"- address: \"a@x.example\"\n  name: \"N \\\"\xc3\xa5\\\"\"\n"
		"  given-name: \"G\"\n  family-name: \"F\"\n"
		"  organization: \"O\"\n  support: \"S\"\n  lang: \"sv\"\n"
		"  aliases:\n  - \"b@y\"\n  - \"c@y\"\n  person: \"P\"\n"
		"  deliver-to: \"d@y\"\n  protocol: imap\n  imap:\n"
		"    host: \"i\"\n    port: 993\n    tls: implicit\n"
		"    login: \"a@x.example\"\n    auth: encrypted\n  smtp:\n"
		"    host: \"o\"\n    port: 465\n    tls: implicit\n"
		"    auth: none\n  imap.prefix: \"I\"\n"
		"  caldav: \"https://c/p\"\n  carddav: \"https://d:8443\"\n";
	struct documents all;

	(void)state;
	make(&all, "json", 0, base, more);
	assert_int_equal(all.n, 1);
	assert_string_equal(all.docs[0].name, "accounts.json");
	assert_string_equal(all.docs[0].bytes, json);
	unmake(&all);
	make(&all, "yaml", 0, base, more);
	assert_int_equal(all.n, 1);
	assert_string_equal(all.docs[0].name, "accounts.yaml");
	assert_string_equal(all.docs[0].bytes, yaml);
	unmake(&all);
}

/* Several accounts are one list. */
static void
test_list(void **state)
{
	struct mailcfg *m = mailcfg_new(NULL, NULL);
	const struct mailcfg_account *accounts[2];
	struct mailcfg_draft *drafts[2];
	struct mailcfg_document *docs;
	size_t n;

	(void)state;
	assert_non_null(m);
	for (size_t i = 0; i < 2; i++) {
		drafts[i] = mailcfg_draft_new(m);
		assert_true(mailcfg_draft_set(drafts[i], "address",
			i == 0 ? "a@x.example" : "b@x.example"));
		assert_true(mailcfg_draft_set(drafts[i], "imap", "i"));
		assert_true(mailcfg_draft_set(drafts[i], "smtp", "o"));
		accounts[i] = mailcfg_draft_complete(drafts[i]);
		assert_non_null(accounts[i]);
	}
	assert_true(mailcfg_emit(m, "json", accounts, 2, 0, &docs, &n));
	assert_memory_equal(docs[0].bytes, "[\n{\"address\":\"a@x", 17);
	assert_non_null(strstr(docs[0].bytes, "}},\n{\"address\":\"b@x"));
	mailcfg_documents_free(docs, n);
	assert_true(mailcfg_emit(m, "yaml", accounts, 2, 0, &docs, &n));
	assert_memory_equal(docs[0].bytes, "- address: \"a@x", 15);
	assert_non_null(strstr(docs[0].bytes, "\n- address: \"b@x"));
	mailcfg_documents_free(docs, n);
	for (size_t i = 0; i < 2; i++)
		mailcfg_draft_free(drafts[i]);
	mailcfg_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_logins),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
