/* SPDX-License-Identifier: ISC */
/* Reading and writing a preset: what is refused, and where. */
#include "preset.h"

/* A file with one fault, where it is, and how the complaint begins. */
static const struct {
	const char *text;
	unsigned line;
	unsigned column;
	const char *detail;
} bad[] = {
	/* the syntax */
	{"", 1, 1, "the file is empty"},
	{"# nothing\n", 2, 1, "the file is empty"},
	{"id: a\n\tname: b\n", 2, 1, "found a tab character that violates"},
	{"id: [a\n", 2, 1, "did not find expected ',' or ']'"},
	{"id: a\xff\n", 1, 6, "invalid leading UTF-8 octet"},
	{"id: \xc3\xa4\xc3\xa4\xff\n", 1, 7, "invalid leading UTF-8 octet"},
	{"id: a\nname: \x07\n", 2, 7, "control characters are not allowed"},
	{"id: a\n---\nid: b\n", 2, 1, "a second document"},
	{"id: &x a\n", 1, 5, "an anchor"},
	{"id: a\nname: *x\n", 2, 7, "an alias"},
	{"id: !!str a\n", 1, 5, "a tag"},
	{"id: ! a\n", 1, 5, "a tag"},
	{"id: \"a\\0b\"\n", 1, 5, "a NUL is in it"},
	{"id: a\nid: b\n", 2, 1, "id is given twice, first in line 1"},
	{"? [a]\n: b\n", 1, 3, "the name of a key is wanted"},
	{"<<: {id: a}\n", 1, 1, "unknown key \"<<\""},
	{"id: [[[[[[[[[[[[[[[[[[[[\n", 1, 20, "nested too deeply"},
	{"- id: a\n", 1, 1, "this: a map of keys and values is wanted"},
	/* keys */
	{"id: a\ndomains: []\nserver: []\n", 3, 1,
		"unknown key \"server\": did you mean servers?"},
	{"id: a\ndomians: []\n", 2, 1,
		"unknown key \"domians\": did you mean domains?"},
	{"id: a\ndomains: []\naplication-password: {}\n", 3, 1,
		"unknown key \"aplication-password\": did you mean "
		"application-password?"},
	{"id: a\ndomains: []\norganisation: b\n", 3, 1,
		"unknown key \"organisation\": did you mean organization?"},
	{"id: a\ndomains: []\nqwertyuiop: b\n", 3, 1,
		"unknown key \"qwertyuiop\""},
	{"name: a\ndomains: []\n", 1, 1, "the id is missing"},
	{"id: a\n", 1, 1, "the domains are missing"},
	/* values */
	{"id:\ndomains: []\n", 1, 4, "id: a value is missing"},
	{"id: ~\ndomains: []\n", 1, 5, "id: a value is missing"},
	{"id: Mail.ru\ndomains: []\n", 1, 5, "an id is made of"},
	{"id: 'a_b'\ndomains: []\n", 1, 7, "an id is made of"},
	{"id: [a]\ndomains: []\n", 1, 5, "id: a value is missing"},
	{"id: a\nname: \"x\\u202ey\"\ndomains: []\n", 2, 7,
		"a bidirectional control is in it"},
	{"id: a\ndomains: a.example\n", 2, 10, "domains: a list is wanted"},
	{"id: a\ndomains: [a.example, -b.example]\n", 2, 22,
		"\"-b.example\": it is not a valid"},
	{"id: a\ndomains: [a.example, [b]]\n", 2, 22, "this: a value is"},
	{"id: a\ndomains: []\nstatus: fine\n", 3, 9,
		"\"fine\": write ok, preparation or broken"},
	{"id: a\ndomains: []\nchecked: 2026-13\n", 3, 10, "a date such as"},
	{"id: a\ndomains: []\nchecked: 2026-3-1\n", 3, 10, "a date such as"},
	{"id: a\ndomains: []\nchecked: 2026-03-32\n", 3, 10, "a date such"},
	/* servers */
	{"id: a\ndomains: []\nservers: {url: x}\n", 3, 10,
		"servers: a list is wanted"},
	{"id: a\ndomains: []\nservers:\n- imaps://h\n", 4, 3,
		"this: a map of keys and values is wanted"},
	{"id: a\ndomains: []\nservers:\n- {}\n", 4, 3,
		"the server's url is missing"},
	{"id: a\ndomains: []\nservers:\n- url: imaps://h\n  logn: x\n", 5, 3,
		"unknown key \"logn\": did you mean login?"},
	{"id: a\ndomains: []\nservers:\n- url: mail.example\n", 4, 8,
		"a URL begins with"},
	{"id: a\ndomains: []\nservers:\n- url: https://h\n", 4, 8,
		"a URL begins with"},
	{"id: a\ndomains: []\nservers:\n- url: imapx://h\n", 4, 8,
		"the scheme is not this protocol's"},
	{"id: a\ndomains: []\nservers:\n- url: imaps://h:0\n", 4, 18,
		"the port is not a number"},
	{"id: a\ndomains: []\nservers:\n- url: imaps://u@h\n", 4, 16,
		"nobody is named in a preset's URL"},
	{"id: a\ndomains: []\nservers:\n- url: imaps://u:p@h\n", 4, 16,
		"nobody is named in a preset's URL"},
	{"id: a\ndomains: []\nservers:\n- url: imaps://h_x\n", 4, 16,
		"not a host name"},
	{"id: a\ndomains: []\nservers:\n- url: imaps://m.{domian}\n", 4, 18,
		"unknown placeholder"},
	{"id: a\ndomains: []\nservers:\n- url: imaps://h\n"
	 "  login: 'x{user}'\n",
		5, 12, "unknown placeholder"},
	{"id: a\ndomains: []\nservers:\n- url: imaps://h\n  auth: plain\n", 5,
		9, "\"plain\": write password, encrypted, oauth2 or none"},
	{"id: a\ndomains: []\nservers:\n- url: imaps://h\n  auth: none\n", 4, 3,
		"only submission can do without a login"},
	{"id: a\ndomains: []\nservers:\n- url: smtps://h\n  auth: none\n"
	 "  login: x\n",
		4, 3, "a login, and auth: none"},
	/* hints */
	{"id: a\ndomains: []\napplication-password: true\n", 3, 23,
		"application-password: a map"},
	{"id: a\ndomains: []\napplication-password: {page: 'https://x'}\n", 3,
		1, "needed is missing"},
	{"id: a\ndomains: []\napplication-password: {needed: yes}\n", 3, 32,
		"\"yes\": write true or false"},
	{"id: a\ndomains: []\nlinks: [{kind: help}]\n", 3, 9,
		"kind and url are wanted"},
	{"id: a\ndomains: []\nlinks: [{kind: A, url: 'https://x'}]\n", 3, 16,
		"a kind is a word"},
	{"id: a\ndomains: []\nlinks:\n- {kind: a, url: 'ftp://x'}\n", 4, 19,
		"a page begins with https://"},
	{"id: a\ndomains: []\nlinks:\n- {kind: a, url: 'https://x y'}\n", 4, 28,
		"percent-encode this character"},
	/* default fields */
	{"id: a\ndomains: []\nlang: x-y-z\n", 3, 7, "lang: \"x-y-z\""},
	{"id: a\ndomains: []\ncaldav: ftp://x\n", 3, 9, "caldav: "},
	{"id: a\ndomains: []\naddress: a@b.example\n", 3, 1,
		"address: it cannot be the same for everybody"},
	{"id: a\ndomains: []\nprovider: b\n", 3, 1,
		"provider: it cannot be the same for everybody"},
	{"id: a\ndomains: []\npassword: b\n", 3, 1,
		"password: a secret must not be in a preset"},
	{"id: a\ndomains: []\nimap: imaps://h\n", 3, 1,
		"imap: a preset's servers stand under servers:"},
	{"id: a\ndomains: []\nimap: {host: h}\n", 3, 8,
		"imap.host: a preset's servers stand under servers:"},
	{"id: a\ndomains: []\nsmtp.password: h\n", 3, 1,
		"smtp.password: a preset's servers stand under servers:"},
};

static void
test_bad(void **state)
{
	struct mc_arena arena = {0};
	struct said said;

	(void)state;
	for (size_t i = 0; i < ROWS(bad); i++) {
		if (parse(&arena, bad[i].text, &said) != NULL)
			fail_msg("taken: %s", bad[i].text);
		if (said.n != 1 || said.pos.line != bad[i].line ||
			said.pos.column != bad[i].column ||
			strcmp(said.slug, "bad-preset") != 0 ||
			strcmp(said.pos.file, "x.yaml") != 0 ||
			strncmp(said.detail, bad[i].detail,
				strlen(bad[i].detail)) != 0)
			fail_msg("%s: %u said, %u:%u %s [%s]", bad[i].text,
				said.n, said.pos.line, said.pos.column,
				said.detail, said.slug);
	}
	mc_arena_free(&arena);
}

/* Everything that is wrong is said in one reading. */
static void
test_goes_on(void **state)
{
	struct mc_arena arena = {0};
	struct said said;

	(void)state;
	assert_null(parse(&arena,
		"id: A\ndomains: [-a]\nstatus: x\nfoo: 1\nservers:\n"
		"- url: x\n- {}\nlang: 1\n",
		&said));
	assert_int_equal(said.n, 7);
	mc_arena_free(&arena);
}

static void
test_limits(void **state)
{
	static char text[MC_PRESET_BYTES + 2];
	struct mc_report report = {.fn = listen};
	struct mc_arena arena = {0};
	struct said said = {0};
	size_t n;

	(void)state;
	report.context = &said;
	memset(text, '\n', sizeof(text));
	n = (size_t)snprintf(text, sizeof(text), "id: a\ndomains: []\n");
	text[n] = '\n';
	assert_non_null(mc_preset_parse(
		&arena, "x.yaml", text, MC_PRESET_BYTES, &report));
	assert_null(mc_preset_parse(
		&arena, "x.yaml", text, MC_PRESET_BYTES + 1, &report));
	assert_int_equal(said.n, 1);
	assert_non_null(strstr(said.detail, "larger than 1048576 bytes"));
	/* many keys in a map */
	n = 0;
	for (int i = 0; i < 200; i++)
		n += (size_t)snprintf(
			text + n, sizeof(text) - n, "key%d: a\n", i);
	said.n = 0;
	assert_null(mc_preset_parse(&arena, "x.yaml", text, n, &report));
	assert_int_equal(said.n, 1);
	assert_string_equal(said.detail, "too many keys");
	assert_int_equal(said.pos.line, 129);
	mc_arena_free(&arena);
}

static const char full[] =
	"id: ours\n"
	"name: 'Schule: \xc3\x96stlich #1'\n"
	"domains: [B\xc3\xbc"
	"cher.example, XN--BCHER-KVA.EXAMPLE.ORG, '*']\n"
	"status: preparation\n"
	"servers:\n"
	"- {url: 'imaps://mail.{domain}', login: '{local-part}'}\n"
	"- {url: 'IMAP://Mail.Example:1143', auth: encrypted}\n"
	"- {url: 'pop3+insecure://mail.example', auth: oauth2}\n"
	"- {url: 'smtp://smtp.example', auth: none}\n"
	"application-password: {needed: false, page: 'https://x.example/#a'}\n"
	"links: [{kind: website, url: 'https://x.example'}]\n"
	"checked: 2026-03\n"
	"organization: School\n"
	"login: '{local-part}.{domain}'\n"
	"imap: {prefix: INBOX}\n"
	"aliases: [a@x.example, b@x.example]\n"
	"lang: ~\n";

static void
test_full(void **state)
{
	struct mc_arena arena = {0};
	struct said said;
	const struct mc_preset *preset = parse(&arena, full, &said);
	const struct mailcfg_provider *p;

	(void)state;
	assert_non_null(preset);
	assert_int_equal(said.n, 0);
	p = &preset->p;
	assert_string_equal(p->name, "Schule: \xc3\x96stlich #1");
	assert_string_equal(p->domains[0], "xn--bcher-kva.example");
	assert_string_equal(p->domains[1], "xn--bcher-kva.example.org");
	assert_string_equal(p->domains[2], "*");
	assert_null(p->domains[3]);
	assert_int_equal(preset->domain_pos[1].column, 27);
	assert_int_equal(p->pos.line, 1);
	assert_int_equal(p->pos.column, 5);
	assert_int_equal(p->status, MAILCFG_STATUS_PREPARATION);
	assert_int_equal(p->n_offers, 4);
	assert_string_equal(p->offers[0].host, "mail.{domain}");
	assert_string_equal(p->offers[0].login, "{local-part}");
	assert_string_equal(p->offers[1].host, "mail.example");
	assert_int_equal(p->offers[1].port, 1143);
	assert_int_equal(p->offers[1].tls, MAILCFG_TLS_STARTTLS);
	assert_int_equal(p->offers[1].auth, MAILCFG_AUTH_ENCRYPTED);
	/* the preset's own login stands behind its servers */
	assert_string_equal(p->offers[1].login, "{local-part}.{domain}");
	assert_int_equal(p->offers[2].protocol, MAILCFG_POP3);
	assert_int_equal(p->offers[2].tls, MAILCFG_TLS_NONE);
	assert_int_equal(p->offers[2].port, 110);
	assert_null(p->offers[3].login);
	assert_false(p->application_password);
	assert_string_equal(
		p->application_password_page, "https://x.example/#a");
	assert_string_equal(p->checked, "2026-03");
	assert_string_equal(
		preset->fields->value[MC_ORGANIZATION].text, "School");
	assert_string_equal(
		preset->fields->value[MC_IMAP_PREFIX].text, "INBOX");
	assert_string_equal(preset->fields->value[MC_ALIASES].text,
		"a@x.example, b@x.example");
	assert_int_equal(preset->fields->value[MC_ORGANIZATION].pos.line, 13);
	assert_null(preset->fields->value[MC_LANG].text);
	mc_arena_free(&arena);
}

static void
test_write(void **state)
{
	/* texts that are easily read as something else */
	static const char *const names[] = {"~", "null", "Yes", "true", "1",
		"@nifty", "a: b", "a #b", "#a", "- a", "'a'", "\"a\"", "a\\n",
		"* a", "&a", "!a", "%a", "|", ">", "{a}", "[a]", "a, b", "?",
		"a:", ":", "--- a", "\xe7\xbe\xa4\xe9\xa6\xac",
		"\xf0\x9f\x93\xa7 a", "\xc2\xa0", "=", "<<", "0x10", ".inf"};
	struct mc_arena arena = {0};
	struct said said;
	struct mc_preset *preset = parse(&arena, full, &said);

	(void)state;
	assert_non_null(preset);
	free(round_trip(preset));
	for (size_t i = 0; i < ROWS(names); i++) {
		preset->p.name = names[i];
		free(round_trip(preset));
	}
	preset = parse(&arena, "id: a\ndomains: []\n", &said);
	assert_non_null(preset);
	free(round_trip(preset));
	mc_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_goes_on),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
