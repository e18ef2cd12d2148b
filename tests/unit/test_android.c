/* SPDX-License-Identifier: ISC */
/* Thunderbird for Android: what its code says, and how much goes into one. */
#include "documents.h"

#include "emit/emit.h"

static const char base[] = "address=alice@x.example\nimap=imaps://i.example\n"
			   "smtp=smtps://s.example\nqr.format=payload\n";

/* The one document says exactly this. */
static void
says(const struct documents *all, const char *want)
{
	const struct mailcfg_document *doc = document(all, ".android.json");

	if (doc->size != strlen(want) ||
		memcmp(doc->bytes, want, doc->size) != 0)
		fail_msg("%.*s", (int)doc->size, doc->bytes);
}

/* What the reader's own examples look like. */
static const struct {
	const char *given;
	unsigned flags;
	const char *want;
} rows[] = {
	{"address=alice@mail.ru\nname=Alice\nimap=imaps://imap.mail.ru\n"
	 "smtp=smtps://smtp.mail.ru",
		0,
		"[1,[1,1],[0,\"imap.mail.ru\",993,3,1,\"alice@mail.ru\"],"
		"[[[0,\"smtp.mail.ru\",465,3,1,\"alice@mail.ru\"],"
		"[\"alice@mail.ru\",\"Alice\"]]]]"},
	{"address=alice@mail.ru\nname=Alice\nimap=imaps://imap.mail.ru\n"
	 "smtp=smtps://smtp.mail.ru\npassword=s3cret",
		MAILCFG_EMBED_PASSWORD,
		"[1,[1,1],[0,\"imap.mail.ru\",993,3,1,\"alice@mail.ru\",\"\","
		"\"s3cret\"],"
		"[[[0,\"smtp.mail.ru\",465,3,1,\"alice@mail.ru\",\"s3cret\"],"
		"[\"alice@mail.ru\",\"Alice\"]]]]"},
	{"address=bob@example.org\nname=Bob\nimap=imap://mail.example.org\n"
	 "smtp=smtp://mail.example.org\nlogin=bob.b\npassword=s3cret",
		0,
		"[1,[1,1],[0,\"mail.example.org\",143,2,1,\"bob.b\"],"
		"[[[0,\"mail.example.org\",587,2,1,\"bob.b\"],"
		"[\"bob@example.org\",\"Bob\"]]]]"},
	/* no name; cleartext; no login for sending; aliases */
	{"address=c@x.example\npop3=pop3+insecure://p.example\n"
	 "smtp=smtp+insecure://s.example:25\nsmtp.auth=none\n"
	 "aliases=d@x.example e@x.example",
		0,
		"[1,[1,1],[1,\"p.example\",110,0,1,\"c@x.example\"],"
		"[[[0,\"s.example\",25,0,0,\"\"],[\"c@x.example\",\"\"],"
		"[\"d@x.example\",\"\"],[\"e@x.example\",\"\"]]]]"},
	/* encrypted; another password for sending */
	{"address=c@x.example\nimap=imaps://i.example\nimap.auth=encrypted\n"
	 "imap.password=one\nsmtp=smtps://s.example\nsmtp.password=two",
		MAILCFG_EMBED_PASSWORD,
		"[1,[1,1],[0,\"i.example\",993,3,2,\"c@x.example\",\"\","
		"\"one\"],"
		"[[[0,\"s.example\",465,3,1,\"c@x.example\",\"two\"],"
		"[\"c@x.example\",\"\"]]]]"},
	/* nobody needs a password beside OAuth2 */
	{"address=c@gmail.com\nimap=imaps://imap.gmail.com\nimap.auth=oauth2\n"
	 "smtp=smtps://smtp.gmail.com\nsmtp.auth=oauth2\npassword=x",
		MAILCFG_EMBED_PASSWORD,
		"[1,[1,1],[0,\"imap.gmail.com\",993,3,6,\"c@gmail.com\"],"
		"[[[0,\"smtp.gmail.com\",465,3,6,\"c@gmail.com\"],"
		"[\"c@gmail.com\",\"\"]]]]"},
	/* only ASCII, whatever the name */
	{"address=c@x.example\nimap=imaps://i.example\nsmtp=smtps://s.example\n"
	 "name=\xd0\x90 \"\\\" \xf0\x9f\x98\x80",
		0,
		"[1,[1,1],[0,\"i.example\",993,3,1,\"c@x.example\"],"
		"[[[0,\"s.example\",465,3,1,\"c@x.example\"],"
		"[\"c@x.example\",\"\\u0410 \\\"\\\\\\\" "
		"\\ud83d\\ude00\"]]]]"},
};

static void
test_payload(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct documents all;

		make(&all, "android", rows[i].flags, "qr.format=payload\n",
			rows[i].given);
		says(&all, rows[i].want);
		assert_int_equal(all.docs[0].secret, rows[i].flags != 0);
		unmake(&all);
	}
}

#define TEN_LETTERS                                                \
	"\xd0\x96\xd0\x96\xd0\x96\xd0\x96\xd0\x96\xd0\x96\xd0\x96" \
	"\xd0\x96\xd0\x96\xd0\x96"
#define MANY_LETTERS TEN_LETTERS TEN_LETTERS TEN_LETTERS TEN_LETTERS

/*
 * Where escapes would make a code that is hard to scan, UTF-8 stands as it is;
 * the reader expects that too.
 */
static void
test_long_name(void **state)
{
	struct documents all;
	char want[512];

	(void)state;
	make(&all, "android", 0, base, "name=" MANY_LETTERS);
	assert_string_equal(all.heard, "");
	(void)snprintf(want, sizeof(want),
		"[1,[1,1],[0,\"i.example\",993,3,1,\"alice@x.example\"],"
		"[[[0,\"s.example\",465,3,1,\"alice@x.example\"],"
		"[\"alice@x.example\",\"%s\"]]]]",
		MANY_LETTERS);
	says(&all, want);
	unmake(&all);
}

static void
test_forms(void **state)
{
	static const struct {
		const char *more;
		const char *suffix, *type;
		const char *begins;
	} forms[] = {
		{"name=A", ".android.png", "image/png", "\x89PNG\r\n"},
		{"qr.format=png", ".android.png", "image/png", "\x89PNG\r\n"},
		{"qr.format=svg", ".android.svg", "image/svg+xml", "<svg "},
		{"qr.format=text", ".android.txt", "text/plain", "\033[0;"},
		{"qr.format=payload", ".android.json", "application/json",
			"[1,[1,1],["},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(forms); i++) {
		const struct mailcfg_document *doc;
		struct documents all;

		make(&all, "android", 0,
			"address=alice@x.example\nimap=imaps://i.example\n"
			"smtp=smtps://s.example\n",
			forms[i].more);
		assert_int_equal(all.n, 1);
		doc = document(&all, forms[i].suffix);
		assert_string_equal(doc->type, forms[i].type);
		assert_memory_equal(
			doc->bytes, forms[i].begins, strlen(forms[i].begins));
		unmake(&all);
	}
}

/* What stands below the lines of a terminal. */
static void
test_caption(void **state)
{
	static const struct {
		const char *more;
		unsigned flags;
		const char *words;
	} captions[] = {
		{"password=x", 0,
			"Thunderbird for Android: alice@x.example\n"
			"In Thunderbird for Android choose Import settings, "
			"then Scan QR code.\n"
			"The app asks for the password.\n"},
		{"password=x", MAILCFG_EMBED_PASSWORD,
			"Scan QR code.\n"
			"The password is in the code: show it to nobody "
			"else.\n"},
		{"smtp.password=x", MAILCFG_EMBED_PASSWORD,
			"Scan QR code.\n"
			"The password is in the code: show it to nobody "
			"else.\n"
			"The app asks for the password.\n"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(captions); i++) {
		const struct mailcfg_document *doc;
		size_t n = strlen(captions[i].words);
		struct documents all;

		make(&all, "android", captions[i].flags,
			"address=alice@x.example\nimap=imaps://i.example\n"
			"smtp=smtps://s.example\nqr.format=text\n",
			captions[i].more);
		doc = document(&all, ".android.txt");
		assert_true(doc->size > n);
		assert_memory_equal(
			doc->bytes + doc->size - n, captions[i].words, n);
		unmake(&all);
	}
}

/* What the provider wants first is said once, however many accounts. */
static void
test_advice(void **state)
{
	static const char words[] =
		"Thunderbird for Android: a@mail.ru, b@mail.ru\n"
		"First: Mail.ru wants an application password, made at\n"
		"       https://account.mail.ru/user/2-step-auth/passwords/, "
		"not the normal one.\n"
		"Then:  In Thunderbird for Android choose Import settings, "
		"then Scan QR code.\n"
		"The app asks for the password.\n";
	static const char *const addresses[] = {"a@mail.ru", "b@mail.ru"};
	const struct mailcfg_account *account[2];
	struct documents all = {.docs = NULL};
	struct mailcfg_draft *draft[2];
	const struct mailcfg_document *doc;

	(void)state;
	all.context = mailcfg_new(hear, &all);
	for (size_t i = 0; i < 2; i++) {
		draft[i] = mailcfg_draft_new(all.context);
		assert_non_null(draft[i]);
		assert_true(
			mailcfg_draft_set(draft[i], "address", addresses[i]));
		assert_true(mailcfg_draft_set(draft[i], "qr.format", "text"));
		account[i] = mailcfg_draft_complete(draft[i]);
		assert_non_null(account[i]);
	}
	assert_true(mailcfg_emit(
		all.context, "android", account, 2, 0, &all.docs, &all.n));
	doc = document(&all, ".android.txt");
	assert_true(doc->size > strlen(words));
	assert_memory_equal(
		doc->bytes + doc->size - strlen(words), words, strlen(words));
	for (size_t i = 0; i < 2; i++)
		mailcfg_draft_free(draft[i]);
	unmake(&all);
}

static void
test_refusals(void **state)
{
	static const struct {
		const char *given;
		const char *heard;
	} refusals[] = {
		{"imap.auth=oauth2", "error not-expressible imap.auth\n"},
		{"smtp.auth=oauth2", "error not-expressible smtp.auth\n"},
		{"aliases=\xd0\xb8@x.example",
			"error not-expressible aliases\n"},
	};
	struct documents all;

	(void)state;
	for (size_t i = 0; i < ROWS(refusals); i++) {
		make(&all, "android", 0, base, refusals[i].given);
		assert_null(all.docs);
		assert_string_equal(all.heard, refusals[i].heard);
		unmake(&all);
	}
	/* it has OAuth2 for these, but not over POP3 */
	make(&all, "android", 0, "address=a@gmail.com\n",
		"pop3=pop3s://imap.gmail.com\npop3.auth=oauth2\n"
		"smtp=smtps://smtp.gmail.com");
	assert_null(all.docs);
	assert_string_equal(all.heard, "error not-expressible pop3.auth\n");
	unmake(&all);
}

/* Nothing, a warning, a refusal. */
static void
test_size(void **state)
{
	static const struct {
		size_t aliases;
		const char *heard;
	} sizes[] = {
		{4, ""},
		{20, "warning hard-to-scan address\n"},
		{140, "error not-expressible address\n"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(sizes); i++) {
		struct documents all;
		char more[4096] = "aliases=";
		size_t n = strlen(more);

		for (size_t k = 0; k < sizes[i].aliases; k++)
			n += (size_t)snprintf(more + n, sizeof(more) - n,
				"a%zu@x.example,", k);
		assert_true(n < 2048);
		make(&all, "android", 0, base, more);
		assert_string_equal(all.heard, sizes[i].heard);
		unmake(&all);
	}
}

enum { MANY = 8 };

/* Accounts of a code, given to the target as one. */
struct several {
	struct documents all;
	struct mailcfg_draft *draft[MANY];
	const struct mailcfg_account *account[MANY];
};

static void
open_several(struct several *s)
{
	*s = (struct several){.all = {.docs = NULL}};
	s->all.context = mailcfg_new(hear, &s->all);
	assert_non_null(s->all.context);
	for (size_t i = 0; i < MANY; i++) {
		const char *const given[][2] = {
			{"address", "person0@x.example"},
			{"imap", "imaps://imap.x.example"},
			{"smtp", "smtps://smtp.x.example"},
			{"qr.format", "payload"}};
		char address[] = "person0@x.example";

		s->draft[i] = mailcfg_draft_new(s->all.context);
		assert_non_null(s->draft[i]);
		address[6] = (char)('0' + i);
		for (size_t k = 0; k < ROWS(given); k++)
			assert_true(mailcfg_draft_set(s->draft[i], given[k][0],
				k == 0 ? address : given[k][1]));
		s->account[i] = mailcfg_draft_complete(s->draft[i]);
		assert_non_null(s->account[i]);
	}
}

static bool
emit_several(struct several *s, size_t n)
{
	mailcfg_documents_free(s->all.docs, s->all.n);
	s->all.docs = NULL;
	return mailcfg_emit(s->all.context, "android", s->account, n, 0,
		&s->all.docs, &s->all.n);
}

/* As many as are easy to scan, and no more. */
static void
test_several(void **state)
{
	const struct mc_target *target = mc_target_find("android");
	const struct mc_options options = {.embed_password = false};
	struct mc_arena arena = {0};
	struct several s;

	(void)state;
	open_several(&s);
	assert_int_equal(
		mc_target_fit(target, &arena, s.account, 1, &options), 1);
	assert_int_equal(
		mc_target_fit(target, &arena, s.account, MANY, &options), 2);
	mc_arena_free(&arena);
	assert_true(emit_several(&s, 2));
	says(&s.all,
		"[1,[1,1],[0,\"imap.x.example\",993,3,1,\"person0@x.example\"],"
		"[[[0,\"smtp.x.example\",465,3,1,\"person0@x.example\"],"
		"[\"person0@x.example\",\"\"]]],"
		"[0,\"imap.x.example\",993,3,1,\"person1@x.example\"],"
		"[[[0,\"smtp.x.example\",465,3,1,\"person1@x.example\"],"
		"[\"person1@x.example\",\"\"]]]]");
	assert_string_equal(
		s.all.docs[0].name, "person0@x.example.android.json");
	assert_string_equal(s.all.heard, "");
	assert_false(emit_several(&s, 3));
	assert_string_equal(s.all.heard, "error too-many -\n");
	for (size_t i = 0; i < MANY; i++)
		mailcfg_draft_free(s.draft[i]);
	unmake(&s.all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_payload),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_caption),
		cmocka_unit_test(test_advice),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_several),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
