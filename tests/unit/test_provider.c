/* SPDX-License-Identifier: ISC */
/* Tables of presets, the lookups, and the presets that are built in. */
#include "preset.h"

/* Makes a table of `n` files' texts: 0.yaml and so on. */
static bool
make_table(struct mc_arena *arena, const char *const *texts, size_t n,
	struct mc_preset_table *table, struct said *said)
{
	static const char *const names[] = {"0.yaml", "1.yaml", "2.yaml"};
	struct mc_report report = {.fn = listen, .context = said};
	struct mc_preset presets[ROWS(names)];

	assert_true(n <= ROWS(names));
	*said = (struct said){0};
	for (size_t i = 0; i < n; i++) {
		struct mc_preset *preset = mc_preset_parse(
			arena, names[i], texts[i], strlen(texts[i]), &report);

		assert_non_null(preset);
		presets[i] = *preset;
	}
	return mc_preset_index(arena, presets, n, table, &report);
}

static void
test_twice(void **state)
{
	static const char *const domain[] = {"id: b\ndomains:\n- a.example\n",
		"id: a\ndomains: [a.example]\n"};
	static const char *const within[] = {
		"id: a\ndomains:\n- a.example\n- b.example\n- A.example\n"};
	static const char *const id[] = {"id: a\ndomains: [a.example]\n",
		"name: b\nid: a\ndomains: [b.example]\n"};
	struct mc_arena arena = {0};
	struct mc_preset_table table;
	struct said said;

	(void)state;
	assert_false(make_table(&arena, domain, 2, &table, &said));
	assert_int_equal(said.n, 1);
	assert_string_equal(said.slug, "bad-preset");
	assert_string_equal(
		said.detail, "the domain a.example is at 1.yaml:2:11 already");
	assert_string_equal(said.pos.file, "0.yaml");
	assert_int_equal(said.pos.line, 3);
	assert_int_equal(said.pos.column, 3);
	assert_false(make_table(&arena, within, 1, &table, &said));
	assert_string_equal(
		said.detail, "the domain a.example is at 0.yaml:3:3 already");
	assert_int_equal(said.pos.line, 5);
	assert_false(make_table(&arena, id, 2, &table, &said));
	assert_string_equal(said.detail, "the id a is at 0.yaml:1:5 already");
	assert_string_equal(said.pos.file, "1.yaml");
	assert_int_equal(said.pos.line, 2);
	mc_arena_free(&arena);
}

static const char *
id_of(const struct mailcfg_provider *p)
{
	return p == NULL ? "-" : p->id;
}

/* Who speaks for a host that several use. */
static void
test_hosts(void **state)
{
	static const char *const texts[] = {
		"id: few.example\ndomains: [a.example]\nservers:\n"
		"- url: imaps://imap.few.example\n"
		"- url: imaps://shared.example\n"
		"- url: imaps://mail.{domain}\n"
		"- url: smtps://smtp.few.example\n",
		"id: many\ndomains: [b.example, c.example]\nservers:\n"
		"- url: imaps://imap.few.example\n"
		"- url: pop3s://shared.example\n",
		"id: w.example\ndomains: [d.example]\nservers:\n"
		"- url: imaps://imap.few.example\n"
		"- url: imaps://shared.example\n"};
	struct mc_arena arena = {0};
	struct mc_preset_table table;
	const struct mc_presets presets = {.table = {&table}, .n = 1};
	struct said said;

	(void)state;
	assert_true(make_table(&arena, texts, 3, &table, &said));
	assert_int_equal(table.n_hosts, 2);
	assert_string_equal(
		id_of(mc_provider_by_host(&presets, "imap.few.example")),
		"few.example");
	assert_string_equal(
		id_of(mc_provider_by_host(&presets, "shared.example")), "many");
	assert_null(mc_provider_by_host(&presets, "smtp.few.example"));
	assert_null(mc_provider_by_host(&presets, "mail.{domain}"));
	mc_arena_free(&arena);
}

static void
test_lookups(void **state)
{
	static const char *const first[] = {
		"id: ours\ndomains: ['*', mail.ru]\n",
		"id: club\ndomains: [club.example]\n"};
	static const char *const second[] = {
		"id: theirs\ndomains: ['*', club.example, z.example]\n"};
	struct mc_arena arena = {0};
	struct mc_preset_table one, two;
	const struct mc_presets presets = {
		.table = {&one, &two, &mc_builtin_presets}, .n = 3};
	const struct mc_presets builtin = {
		.table = {&mc_builtin_presets}, .n = 1};
	static const struct {
		const char *domain;
		const char *id;
	} rows[] = {
		{"mail.ru", "ours"},      /* the first table that has it */
		{"club.example", "club"}, /* likewise */
		{"z.example", "theirs"},  /* before "*" of a table before */
		{"bk.ru", "mail.ru"},     /* built in before "*" */
		{"sub.bk.ru", "ours"},    /* a parent says nothing */
		{"x.example", "ours"},    /* the first "*" */
		{"", "ours"},
	};
	struct said said;

	(void)state;
	assert_true(make_table(&arena, first, 2, &one, &said));
	assert_true(make_table(&arena, second, 1, &two, &said));
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_string_equal(
			id_of(mc_provider_by_domain(&presets, rows[i].domain)),
			rows[i].id);
	assert_null(mc_provider_by_domain(&builtin, "x.example"));
	assert_string_equal(id_of(mc_provider_by_id(&presets, "club")), "club");
	assert_string_equal(
		id_of(mc_provider_by_id(&presets, "vk.com")), "vk.com");
	assert_null(mc_provider_by_id(&presets, "vk"));
	assert_string_equal(
		mc_provider_nearest(&presets, "mail.rus"), "mail.ru");
	assert_string_equal(mc_provider_nearest(&presets, "thiers"), "theirs");
	assert_null(mc_provider_nearest(&presets, "quite-another-thing"));
	mc_arena_free(&arena);
}

/* The hints of servers that several built-in presets name. */
static void
test_builtin_hosts(void **state)
{
	static const char *const rows[][2] = {
		{"imap.mail.ru", "mail.ru"},
		{"imap.gmail.com", "googlemail.com"},
		{"imap.fastmail.com", "fastmail"},
		{"imap.aol.com", "aol.com"},
		{"outlook.office365.com", "office365.com"},
	};
	const struct mc_presets presets = {
		.table = {&mc_builtin_presets}, .n = 1};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_string_equal(
			id_of(mc_provider_by_host(&presets, rows[i][0])),
			rows[i][1]);
}

/* Rank of an offer: the lower the better. */
static int
rank(const struct mailcfg_offer *o)
{
	return (int)o->protocol * 3 + (int)o->tls;
}

/* TLS first, cleartext only alone, and both ways of mail served. */
static void
check_order(const struct mailcfg_provider *p)
{
	bool tls[MAILCFG_PROTOCOLS] = {false}, in = false, out = false;

	for (size_t i = 0; i < p->n_offers; i++) {
		const struct mailcfg_offer *o = &p->offers[i];

		if (o->tls != MAILCFG_TLS_NONE)
			tls[o->protocol] = true;
		if (o->protocol == MAILCFG_SUBMISSION)
			out = true;
		else
			in = true;
	}
	for (size_t i = 0; i < p->n_offers; i++) {
		const struct mailcfg_offer *o = &p->offers[i];

		if (o->tls == MAILCFG_TLS_NONE && tls[o->protocol])
			fail_msg("%s: cleartext beside TLS", p->id);
		if (i > 0 && rank(&p->offers[i - 1]) > rank(o) &&
			!(tls[MAILCFG_POP3] && !tls[MAILCFG_IMAP]))
			fail_msg("%s: order of servers", p->id);
	}
	if (!in || !out)
		fail_msg("%s: a server is missing", p->id);
	/* the first one is what people get */
	if (p->offers[0].tls == MAILCFG_TLS_NONE &&
		(tls[MAILCFG_IMAP] || tls[MAILCFG_POP3]))
		fail_msg("%s: cleartext is preferred", p->id);
}

static char *
read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = calloc(1, MC_PRESET_BYTES);
	size_t n;

	if (file == NULL || text == NULL)
		fail_msg("cannot read %s", path);
	n = fread(text, 1, MC_PRESET_BYTES - 1, file);
	text[n] = '\0';
	(void)fclose(file);
	return text;
}

/* Without the lines that are comments. */
static void
strip(char *text)
{
	char *to = text;

	for (char *line = text; *line != '\0';) {
		size_t n = strcspn(line, "\n") + 1;

		if (*line != '#') {
			memmove(to, line, n);
			to += n;
		}
		line += n;
	}
	*to = '\0';
}

/*
 * Every file in templates/providers is what is built in, says where its facts
 * are from, and is written just as mc_preset_write would.
 */
static void
test_templates(void **state)
{
	const char *source = getenv("MAILCFG_SOURCE");
	const struct mc_preset_table *t = &mc_builtin_presets;

	(void)state;
	assert_non_null(source);
	assert_int_equal(t->n_presets, 191);
	for (size_t i = 0; i < t->n_presets; i++) {
		const struct mc_preset *preset = &t->presets[i];
		char *written = round_trip(preset), *text;
		char path[1024];

		assert_string_equal(preset->p.pos.file, "built in");
		check_order(&preset->p);
		(void)snprintf(path, sizeof(path),
			"%s/templates/providers/%s.yaml", source, preset->p.id);
		text = read_file(path);
		if (strncmp(text, "# Facts: ", 9) != 0)
			fail_msg("%s: where from?", path);
		strip(text);
		assert_string_equal(text, written);
		free(text);
		free(written);
	}
}

/* The folder itself, read at run time, is the table that is built in. */
static void
test_read_dir(void **state)
{
	const struct mc_preset_table *t = &mc_builtin_presets;
	const char *source = getenv("MAILCFG_SOURCE");
	struct said said = {0};
	struct mc_report report = {.fn = listen, .context = &said};
	struct mc_arena arena = {0};
	struct mc_preset_table read;
	char path[1024];
	bool found = false;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/templates/providers", source);
	assert_true(mc_preset_read_dir(&arena, path, &read, &found, &report));
	assert_true(found);
	assert_int_equal(read.n_presets, t->n_presets);
	for (size_t i = 0; i < t->n_presets; i++)
		assert_true(same_preset(&read.presets[i], &t->presets[i]));
	assert_int_equal(read.n_domains, t->n_domains);
	assert_int_equal(read.n_hosts, t->n_hosts);
	for (size_t i = 0; i < t->n_hosts; i++)
		assert_int_equal(read.hosts[i].preset, t->hosts[i].preset);
	assert_true(mc_preset_read_dir(
		&arena, "/nonexistent", &read, &found, &report));
	assert_false(found);
	assert_int_equal(read.n_presets, 0);
	assert_int_equal(said.n, 0);
	(void)snprintf(path, sizeof(path), "%s/LICENSE", source);
	assert_false(mc_preset_read_dir(&arena, path, &read, &found, &report));
	assert_int_equal(said.n, 1);
	mc_arena_free(&arena);
}

/* The domains that must be known, a line each, sorted. */
static void
test_domains(void **state)
{
	const char *source = getenv("MAILCFG_SOURCE");
	const struct mc_preset_table *t = &mc_builtin_presets;
	char path[1024], *text, *line;

	(void)state;
	(void)snprintf(
		path, sizeof(path), "%s/tests/providers/domains.txt", source);
	text = read_file(path);
	line = text;
	assert_int_equal(t->n_domains, 1206);
	for (size_t i = 0; i < t->n_domains; i++) {
		size_t n = strcspn(line, "\n");

		line[n] = '\0';
		assert_string_equal(t->domains[i].key, line);
		line += n + 1;
	}
	assert_string_equal(line, "");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_lookups),
		cmocka_unit_test(test_builtin_hosts),
		cmocka_unit_test(test_templates),
		cmocka_unit_test(test_read_dir),
		cmocka_unit_test(test_domains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
