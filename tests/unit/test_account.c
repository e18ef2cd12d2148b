/* SPDX-License-Identifier: ISC */
/* Completion: whose word counts, and what is derived. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "account.h"
#include "provider.h"

/* A provider of the tests' own. */
static const struct mailcfg_offer offers[] = {
	{MAILCFG_IMAP, MAILCFG_TLS_IMPLICIT, MAILCFG_AUTH_PASSWORD, 993,
		"imap.p.example", "{local-part}"},
	{MAILCFG_IMAP, MAILCFG_TLS_STARTTLS, MAILCFG_AUTH_PASSWORD, 143,
		"imap.p.example", "{local-part}"},
	{MAILCFG_POP3, MAILCFG_TLS_IMPLICIT, MAILCFG_AUTH_PASSWORD, 995,
		"pop.{domain}", "{mailbox}"},
	{MAILCFG_SUBMISSION, MAILCFG_TLS_IMPLICIT, MAILCFG_AUTH_PASSWORD, 465,
		"smtp.p.example", "{local-part}"},
};
static const struct mailcfg_offer pop_offers[] = {
	{MAILCFG_POP3, MAILCFG_TLS_IMPLICIT, MAILCFG_AUTH_PASSWORD, 995,
		"pop.q.example", "{mailbox}"},
	{MAILCFG_SUBMISSION, MAILCFG_TLS_STARTTLS, MAILCFG_AUTH_NONE, 587,
		"smtp.q.example", NULL},
};
static const char *const domains[] = {"p.example", NULL};
static const char *const pop_domains[] = {"q.example", NULL};
static const struct mc_preset presets[] = {
	{.p = {.id = "p",
		 .name = "P",
		 .domains = domains,
		 .offers = offers,
		 .n_offers = ROWS(offers),
		 .pos = {"built in", 0, 0}}},
	{.p = {.id = "q",
		 .name = "Q",
		 .domains = pop_domains,
		 .offers = pop_offers,
		 .n_offers = ROWS(pop_offers),
		 .pos = {"built in", 0, 0}}},
};
static const struct mc_index by_domain[] = {{"p.example", 0}, {"q.example", 1}};
static const struct mc_index by_host[] = {
	{"imap.p.example", 0}, {"pop.q.example", 1}};
static const struct mc_preset_table table = {
	presets, 2, by_domain, 2, by_host, 2};
static const struct mc_presets known = {.table = {&table}, .n = 1};

/*
 * A case: "layer field=value" lines and what comes out, one line a server:
 * protocol host port tls auth login password.
 */
static const struct {
	const char *in;
	const char *want;
} rows[] = {
	{"r address=a@p.example",
		"imap imap.p.example 993 0 0 a -\n"
		"smtp smtp.p.example 465 0 0 a -\n"},
	{"r address=a@p.example\nr protocol=pop3",
		"pop3 pop.p.example 995 0 0 a@p.example -\n"
		"smtp smtp.p.example 465 0 0 a -\n"},
	{"r address=a@q.example",
		"pop3 pop.q.example 995 0 0 a@q.example -\n"
		"smtp smtp.q.example 587 1 3 - -\n"},
	{"r address=a@q.example\nr protocol=imap",
		"error no-server imap: Q has none in its preset: give --imap "
		"or the field imap"},
	{"r address=a@x.example",
		"error no-server imap: nobody knows x.example: give --imap "
		"imaps://HOST or the field imap, or a preset (mailcfg "
		"discover x.example)"},
	{"r address=a@x.example\nr provider=p",
		"imap imap.p.example 993 0 0 a -\n"
		"smtp smtp.p.example 465 0 0 a -\n"},
	{"r address=a@x.example\nr provider=nix",
		"error unknown-provider \"nix\": `mailcfg providers` lists "
		"them"},
	/* the login, from the nearest word to the farthest */
	{"r address=a@p.example\nr imap.login=i\nr login=l\no login=o",
		"imap imap.p.example 993 0 0 i -\n"
		"smtp smtp.p.example 465 0 0 l -\n"},
	{"r address=a@p.example\no login={mailbox}",
		"imap imap.p.example 993 0 0 a@p.example -\n"
		"smtp smtp.p.example 465 0 0 a@p.example -\n"},
	{"s login=s\nr address=a@p.example\nr login=l",
		"imap imap.p.example 993 0 0 s -\n"
		"smtp smtp.p.example 465 0 0 s -\n"},
	/* a server is taken whole */
	{"r address=a@p.example\nr imap.host=h\nd imap=imap://d:99\n"
	 "o smtp=smtp://o",
		"imap h 993 0 0 a@p.example -\n"
		"smtp o 587 1 0 a@p.example -\n"},
	{"r address=a@p.example\nd imap=imap://u@d:99\nr imap.login=r",
		"imap d 99 1 0 r -\n"
		"smtp smtp.p.example 465 0 0 a -\n"},
	{"r address=a@p.example\nr imap=imaps://h\nd imap.login=d",
		"imap h 993 0 0 a@p.example -\n"
		"smtp smtp.p.example 465 0 0 a -\n"},
	{"r address=a@p.example\nr imap.port=1",
		"error server-parts imap.port: give imap.host too"},
	{"r address=a@p.example\nr imap.tls=none\nd imap.host=h",
		"error server-parts imap.tls: give imap.host too"},
	/* what a port means where TLS is not named */
	{"r address=a@x.example\nr imap.host=h\nr imap.port=143\n"
	 "r smtp.host=h\nr smtp.port=587",
		"imap h 143 1 0 a@x.example -\n"
		"smtp h 587 1 0 a@x.example -\n"},
	{"r address=a@x.example\nr imap.host=h\nr imap.tls=starttls\n"
	 "r smtp=smtp+insecure://h",
		"imap h 143 1 0 a@x.example -\n"
		"smtp h 587 2 0 a@x.example -\n"},
	/* a record that names only POP3 */
	{"r address=a@x.example\nr pop3=pop3s://h\nr smtp=h",
		"pop3 h 995 0 0 a@x.example -\n"
		"smtp h 465 0 0 a@x.example -\n"},
	{"r address=a@x.example\nr imap=h\nr pop3=pop3s://h\nr smtp=h",
		"imap h 993 0 0 a@x.example -\n"
		"pop3 h 995 0 0 a@x.example -\n"
		"smtp h 465 0 0 a@x.example -\n"},
	/* placeholders */
	{"r address=A.b@X.example\no imap=imaps://mail.{domain}\n"
	 "o smtp=smtps://{local-part}@smtp.{domain}",
		"imap mail.x.example 993 0 0 A.b@x.example -\n"
		"smtp smtp.x.example 465 0 0 A.b -\n"},
	{"r address=a_b@x.example\no imap=imaps://{local-part}.example\n"
	 "o smtp=h",
		"error bad-host imap.host: \"a_b.example\": it has an empty "
		"label, or one that is not letters, digits and hyphens"},
	/* passwords */
	{"r address=a@p.example\nr password=p\nr smtp.password=q",
		"imap imap.p.example 993 0 0 a p\n"
		"smtp smtp.p.example 465 0 0 a q\n"},
	{"r address=a@p.example\no password=p",
		"imap imap.p.example 993 0 0 a p\n"
		"smtp smtp.p.example 465 0 0 a p\n"},
	{"r address=a@p.example\nr smtp.auth=none\nr password=p",
		"imap imap.p.example 993 0 0 a p\n"
		"smtp smtp.p.example 465 0 3 - -\n"},
	{"r address=a@p.example\nr imap.auth=oauth2",
		"imap imap.p.example 993 0 2 a -\n"
		"smtp smtp.p.example 465 0 0 a -\n"},
	{"r name=A", "error no-address the field address is missing or empty"},
};

struct heard {
	char line[256];
};

static void
hear(void *context, const struct mailcfg_diag *d)
{
	struct heard *heard = context;

	if (heard->line[0] == '\0')
		(void)snprintf(heard->line, sizeof(heard->line), "error %s %s",
			d->slug, d->detail);
}

static void
fill(struct mc_draft drafts[MC_LAYERS], struct mc_layers *layers,
	const char *in, struct mc_report *report)
{
	static const char letters[] = "srdo";
	const struct mailcfg_pos pos = {"f", 1, 1};

	while (*in != '\0') {
		size_t layer = (size_t)(strchr(letters, *in) - letters);
		size_t name = strcspn(in + 2, "="), n;
		char field[64];

		memcpy(field, in + 2, name);
		field[name] = '\0';
		in += 2 + name + 1;
		n = strcspn(in, "\n");
		(void)mc_draft_set(&drafts[layer], (size_t)mc_field_find(field),
			in, n, MC_TYPE_STRING, &pos, false, report);
		layers->draft[layer] = &drafts[layer];
		in += n + (in[n] == '\n');
	}
}

static void
test_complete(void **state)
{
	static const char *const words[] = {"imap", "pop3", "smtp"};
	struct mc_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct heard heard = {.line = ""};
		struct mc_report report = {.fn = hear, .context = &heard};
		static struct mc_draft drafts[MC_LAYERS];
		struct mc_layers layers = {.partial = false};
		struct mc_account *account;
		char out[512] = "";
		size_t used = 0;

		memset(drafts, 0, sizeof(drafts));
		for (size_t k = 0; k < MC_LAYERS; k++)
			drafts[k].arena = &arena;
		fill(drafts, &layers, rows[i].in, &report);
		account = mc_complete(&known, &layers, &arena, &report);
		for (size_t k = 0; account != NULL && k < 3; k++) {
			const struct mailcfg_server *s = &account->a.server[k];

			if (s->host == NULL)
				continue;
			used += (size_t)snprintf(out + used, sizeof(out) - used,
				"%s %s %u %d %d %s %s\n", words[k], s->host,
				s->port, (int)s->tls, (int)s->auth,
				s->login == NULL ? "-" : s->login,
				s->password == NULL ? "-" : s->password);
		}
		assert_string_equal(
			account == NULL ? heard.line : out, rows[i].want);
	}
	mc_arena_free(&arena);
}

static void
test_names(void **state)
{
	struct mc_report report = {.fn = NULL};
	struct mc_arena arena = {0};
	struct mc_draft drafts[MC_LAYERS] = {{.arena = &arena},
		{.arena = &arena}, {.arena = &arena}, {.arena = &arena}};
	struct mc_layers layers = {.partial = false};
	const struct mailcfg_account *a;

	(void)state;
	fill(drafts, &layers,
		"r address=E\xcc\x81va@b\xc3\xbc"
		"cher.example\nr imap=h\nr smtp=h\n"
		"r given-name=Eva\nr family-name=Berg\n"
		"r aliases=x@y.example z@y.example",
		&report);
	a = &mc_complete(&known, &layers, &arena, &report)->a;
	assert_string_equal(a->mailbox, "\xc3\x89va@xn--bcher-kva.example");
	assert_string_equal(a->mailbox_display,
		"\xc3\x89va@b\xc3\xbc"
		"cher.example");
	assert_string_equal(a->identity, "\xc3\x89va@xn--bcher-kva.example");
	assert_string_equal(a->name, "Eva Berg");
	assert_int_equal(a->n_aliases, 2);
	assert_string_equal(a->aliases[1], "z@y.example");
	assert_null(a->aliases[2]);
	assert_string_equal(mc_origin(a, MC_IMAP_HOST)->file, "f");
	mc_arena_free(&arena);
}

/* The strongest word decides how mail is fetched. */
static void
test_incoming(void **state)
{
	static const struct {
		const char *in;
		enum mailcfg_protocol want;
	} words[] = {
		{"r address=a@x.example\nr smtp=h\nr pop3=h\no imap=i",
			MAILCFG_POP3},
		{"r address=a@x.example\nr smtp=h\nr imap=h\no pop3=i",
			MAILCFG_IMAP},
		{"r address=a@x.example\nr smtp=h\nr imap=h\nr pop3=h",
			MAILCFG_IMAP},
		{"s protocol=pop3\nr address=a@x.example\nr smtp=h\n"
		 "r imap=h\nr pop3=h",
			MAILCFG_POP3},
		{"r address=a@q.example\no smtp=h", MAILCFG_POP3},
	};
	struct mc_report report = {.fn = NULL};
	struct mc_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(words); i++) {
		struct mc_draft drafts[MC_LAYERS] = {{.arena = &arena},
			{.arena = &arena}, {.arena = &arena},
			{.arena = &arena}};
		struct mc_layers layers = {.partial = false};
		const struct mc_account *account;

		fill(drafts, &layers, words[i].in, &report);
		account = mc_complete(&known, &layers, &arena, &report);
		assert_non_null(account);
		assert_int_equal(account->a.incoming, words[i].want);
	}
	mc_arena_free(&arena);
}

/* What nobody knows may be left out; what is known is there. */
static void
test_partial(void **state)
{
	struct mc_report report = {.fn = NULL};
	struct mc_arena arena = {0};
	struct mc_draft drafts[MC_LAYERS] = {{.arena = &arena},
		{.arena = &arena}, {.arena = &arena}, {.arena = &arena}};
	struct mc_layers layers = {.partial = true};
	const struct mailcfg_account *a;

	(void)state;
	fill(drafts, &layers, "r address=a@x.example\nr smtp=h", &report);
	a = &mc_complete(&known, &layers, &arena, &report)->a;
	assert_null(a->server[MAILCFG_IMAP].host);
	assert_string_equal(a->server[MAILCFG_SUBMISSION].host, "h");
	assert_null(a->hints);
	assert_int_equal(report.errors, 0);
	layers.partial = false;
	assert_null(mc_complete(&known, &layers, &arena, &report));
	assert_int_equal(report.errors, 1);
	mc_arena_free(&arena);
}

/* Whose server it is, that provider's hints hold; and each alias once. */
static void
test_hints(void **state)
{
	struct mc_report report = {.fn = NULL};
	struct mc_arena arena = {0};
	struct mc_draft drafts[MC_LAYERS] = {{.arena = &arena},
		{.arena = &arena}, {.arena = &arena}, {.arena = &arena}};
	struct mc_layers layers = {.partial = false};
	const struct mailcfg_account *a;

	(void)state;
	/* the host holds a placeholder, so no index leads back to it */
	fill(drafts, &layers,
		"r address=a@p.example\nr protocol=pop3\n"
		"r aliases=A@p.example b@p.example B@p.example c@p.example",
		&report);
	a = &mc_complete(&known, &layers, &arena, &report)->a;
	assert_ptr_equal(a->hints, &presets[0].p);
	assert_int_equal(a->n_aliases, 2);
	assert_string_equal(a->aliases[0], "b@p.example");
	assert_string_equal(a->aliases[1], "c@p.example");
	assert_null(a->aliases[2]);
	mc_arena_free(&arena);
}

static void
test_operand(void **state)
{
	static const struct {
		const char *text, *name, *address;
		size_t at;
	} operands[] = {
		{"a@b", NULL, "a@b", 0},
		{"<a@b>", NULL, "a@b", 1},
		{"Alice Berg <a@b>", "Alice Berg", "a@b", 12},
		{"\"Berg, Alice\" <a@b>", "Berg, Alice", "a@b", 15},
		{"\xd0\x90 <a@b>", "\xd0\x90", "a@b", 3},
		{"a>b@c", NULL, "a>b@c", 0},
		{"\"A \\\"B\\\" C\" <a@b>", "A \"B\" C", "a@b", 13},
	};
	struct mc_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(operands); i++) {
		const char *name, *address;
		size_t at;

		assert_true(mc_mailbox_split(
			&arena, operands[i].text, &name, &address, &at));
		assert_string_equal(address, operands[i].address);
		assert_int_equal(at, operands[i].at);
		if (operands[i].name == NULL)
			assert_null(name);
		else
			assert_string_equal(name, operands[i].name);
	}
	mc_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_incoming),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_hints),
		cmocka_unit_test(test_operand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
