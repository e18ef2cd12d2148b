/* SPDX-License-Identifier: ISC */
/*
 * From names to fields.  Whole files are in tests/read/bind-*; here is what a
 * caller of bind.h may rely on.
 */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "bind.h"

struct heard {
	char line[512]; /* the last complaint */
	unsigned count;
};

static void
hear(void *context, const struct mailcfg_diag *d)
{
	struct heard *heard = context;

	heard->count++;
	(void)snprintf(heard->line, sizeof(heard->line), "%u:%u: %s [%s]",
		d->pos.line, d->pos.column, d->detail, d->slug);
}

struct bench {
	struct heard heard;
	struct mc_report report;
	struct mc_binding binding;
	struct mc_arena arena;
	struct mc_draft draft;
	struct mc_item items[8];
	struct mc_record record;
};

static void
set_up(struct bench *b)
{
	*b = (struct bench){0};
	b->report = (struct mc_report){.fn = hear, .context = &b->heard};
	b->draft.arena = &b->arena;
	b->record.items = b->items;
	b->record.pos = (struct mailcfg_pos){"f", 7, 1};
}

/* NULL-ended names; the texts, too, unless it is a header. */
static void
fill(struct bench *b, const char *const *names, const char *const *texts)
{
	size_t n = 0;

	for (; names[n] != NULL; n++) {
		struct mc_item *item = &b->items[n];

		*item = (struct mc_item){.name = names[n],
			.name_pos = {"f", 1, (unsigned)n + 1},
			.pos = {"f", 7, (unsigned)n + 1}};
		if (texts != NULL) {
			item->text = texts[n];
			item->len = strlen(texts[n]);
		}
	}
	b->record.n_items = n;
}

static void
tear_down(struct bench *b)
{
	mc_bind_free(&b->binding);
	mc_arena_free(&b->arena);
}

static bool
pattern(struct bench *b, const char *spec)
{
	const struct mailcfg_pos pos = {"--column", 1, 1};

	return mc_bind_pattern(&b->binding, spec, &pos, &b->report);
}

static void
columns(void **state)
{
	static const char *const names[] = {
		"E-Mail Address", "Full_Name", "Shoe size", "IMAP.port", NULL};
	static const char *const texts[] = {"a@x.org", "A", "42", "993", NULL};
	struct bench b;

	(void)state;
	set_up(&b);
	b.record.columns = true;
	fill(&b, names, NULL);
	assert_true(mc_bind_header(&b.binding, &b.record, &b.report));
	assert_string_equal(b.heard.line, "1:3: Shoe size [column-ignored]");
	assert_int_equal(b.heard.count, 1);
	assert_false(mc_bind_has_secret(&b.binding));
	fill(&b, names, texts);
	assert_true(mc_bind_record(&b.binding, &b.record, &b.draft, &b.report));
	assert_int_equal(b.heard.count, 1);
	assert_string_equal(b.draft.value[MC_ADDRESS].text, "a@x.org");
	assert_string_equal(b.draft.value[MC_NAME].text, "A");
	assert_int_equal(b.draft.value[MC_IMAP_PORT].number, 993);
	assert_int_equal(b.draft.pos.line, 7);
	assert_int_equal(b.draft.value[MC_NAME].pos.column, 2);
	tear_down(&b);
}

static void
secrets(void **state)
{
	static const struct {
		const char *names[4];
		const char *pattern;
		bool want;
	} rows[] = {
		{{"address", "name"}, NULL, false},
		{{"address", "password"}, NULL, true},
		{{"address", "Passwort"}, NULL, true},
		{{"address", "smtp.password"}, NULL, true},
		{{"address", "Password [Required]"}, NULL, false},
		{{"address", "pin"}, "password={pin}", true},
		{{"address", "pin"}, "name={pin}", false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct bench b;

		set_up(&b);
		b.record.columns = true;
		fill(&b, rows[i].names, NULL);
		if (rows[i].pattern != NULL)
			assert_true(pattern(&b, rows[i].pattern));
		assert_true(mc_bind_header(&b.binding, &b.record, &b.report));
		assert_int_equal(mc_bind_has_secret(&b.binding), rows[i].want);
		tear_down(&b);
	}
}

/* What is wrong with a header, and where. */
static void
headers(void **state)
{
	static const struct {
		const char *names[4];
		const char *want;
	} rows[] = {
		{{"a@x.org", "S3CRET"},
			"1:1: the first line must name the columns, and this "
			"is an address [no-header]"},
		{{"foo", "S3CRET"},
			"0:0: the first line must name the columns, and no "
			"field has such a name [no-header]"},
		{{"name", "S3CRET"},
			"0:0: no column is the address: give --column "
			"'address={Header}' [no-address]"},
		{{"address", "passwrd"},
			"1:2: \"passwrd\": is it password? [unknown-column]"},
		{{"mail", "name", "address"},
			"1:3: \"mail\" and \"address\" are both address: "
			"choose with --column 'address={address}' "
			"[duplicate-field]"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct bench b;

		set_up(&b);
		b.record.pos = (struct mailcfg_pos){"f", 0, 0};
		b.record.columns = true;
		fill(&b, rows[i].names, NULL);
		assert_false(mc_bind_header(&b.binding, &b.record, &b.report));
		assert_string_equal(b.heard.line, rows[i].want);
		assert_int_equal(b.heard.count, 1);
		tear_down(&b);
	}
}

static void
one_note(void **state)
{
	static const char *const names[] = {
		"address", "foo", "Department", "", "Job Title", "bar", NULL};
	struct bench b;

	(void)state;
	set_up(&b);
	fill(&b, names, NULL);
	assert_true(mc_bind_header(&b.binding, &b.record, &b.report));
	assert_int_equal(b.heard.count, 1);
	assert_string_equal(b.heard.line,
		"1:2: foo, column 4, which has no name, bar [column-ignored]");
	tear_down(&b);
}

static void
patterns(void **state)
{
	static const struct {
		const char *spec;
		const char *first;
		const char *last;
		enum mc_field_id field;
		const char *want; /* NULL: absent */
	} rows[] = {
		{"name={First} {Last}", "Anna", "Berg", MC_NAME, "Anna Berg"},
		{"name={First} {Last}", "Anna", "", MC_NAME, "Anna"},
		{"name={First} {Last}", "", "Berg", MC_NAME, "Berg"},
		{"name={First} {Last}", "", "", MC_NAME, NULL},
		{"name={Last}", "Anna", "Berg", MC_NAME, "Berg"},
		{"name=Dr. {Last}!", "", "Berg", MC_NAME, "Dr. Berg!"},
		{"name=Dr. {Last}!", "Anna", "", MC_NAME, NULL},
		{"login={First}@{domain}", "anna", "", MC_LOGIN,
			"anna@{domain}"},
		{"login={First}@{domain}", "", "", MC_LOGIN, NULL},
		{"imap.host=imap.{domain}", "", "", MC_IMAP_HOST,
			"imap.{domain}"},
		{"password={Last}", "", " p ", MC_PASSWORD, " p "},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *const names[] = {"address", "First", "Last", NULL};
		const char *const texts[] = {
			"a@x.org", rows[i].first, rows[i].last, NULL};
		struct bench b;
		const char *got;

		set_up(&b);
		b.record.columns = true;
		fill(&b, names, NULL);
		assert_true(pattern(&b, rows[i].spec));
		assert_true(mc_bind_header(&b.binding, &b.record, &b.report));
		fill(&b, names, texts);
		assert_true(mc_bind_record(
			&b.binding, &b.record, &b.draft, &b.report));
		got = b.draft.value[rows[i].field].text;
		if (rows[i].want == NULL)
			assert_null(got);
		else
			assert_string_equal(got, rows[i].want);
		tear_down(&b);
	}
}

static void
bad_patterns(void **state)
{
	static const struct {
		const char *spec;
		const char *want;
	} rows[] = {
		{"", "1:1: FIELD=PATTERN is wanted [usage]"},
		{"={A}", "1:1: \"\" [unknown-field]"},
		{"nmae={A}", "1:1: \"nmae\": is it name? [unknown-field]"},
		{"name=",
			"1:1: no {Header} is in the pattern: --set gives "
			"every account the same [usage]"},
		{"name=\xc3\xa4{A", "1:7: the { is not closed [usage]"},
		{"name=a{}", "1:7: a header's name is missing [usage]"},
		{"password=S3CRET{A}",
			"1:10: only a {Header} can give password "
			"[secret-option]"},
		{"password=S3CRET",
			"1:10: only a {Header} can give password "
			"[secret-option]"},
		{"lang={A}", "1:1: lang [duplicate-field]"},
	};
	struct bench b;

	(void)state;
	set_up(&b);
	assert_true(pattern(&b, "lang={L}"));
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_false(pattern(&b, rows[i].spec));
		assert_string_equal(b.heard.line, rows[i].want);
	}
	tear_down(&b);
}

static void
missing_header(void **state)
{
	static const char *const names[] = {"address", "First", NULL};
	struct bench b;

	(void)state;
	set_up(&b);
	fill(&b, names, NULL);
	assert_true(pattern(&b, "name={First} {Last}"));
	assert_false(mc_bind_header(&b.binding, &b.record, &b.report));
	assert_string_equal(
		b.heard.line, "1:14: no header is \"Last\" [unknown-column]");
	tear_down(&b);
}

/* Names of JSON and YAML are exact. */
static void
exact_names(void **state)
{
	static const char *const names[] = {
		"address", "Name", "imap.hots", "user", NULL};
	static const char *const texts[] = {"a@x.org", "A", "x", "u", NULL};
	struct bench b;

	(void)state;
	set_up(&b);
	assert_true(pattern(&b, "login={user}"));
	fill(&b, names, texts);
	assert_false(
		mc_bind_record(&b.binding, &b.record, &b.draft, &b.report));
	assert_int_equal(b.heard.count, 2);
	assert_string_equal(b.heard.line,
		"1:3: \"imap.hots\": is it imap.host? [unknown-field]");
	assert_string_equal(b.draft.value[MC_LOGIN].text, "u");
	tear_down(&b);
}

static void
what_readers_know(void **state)
{
	static const struct {
		const char *name;
		struct mc_item item;
		const char *want; /* NULL: it is taken */
	} rows[] = {
		{"password", {.doubtful = true},
			"7:1: password: put it in quotes: YAML makes something "
			"else of it with a tag, with \" #\" or on several "
			"lines [quote-it]"},
		{"imap.password", {.doubtful = true, .type = MC_TYPE_NULL},
			"7:1: imap.password: put quotes around nothing, or "
			"leave it out [quote-it]"},
		{"name", {.doubtful = true}, NULL},
		{"name", {.doubtful = true, .type = MC_TYPE_NULL}, NULL},
		{"aliases", {.list = true}, NULL},
		{"name", {.list = true},
			"7:1: name: one text is wanted, not a list "
			"[bad-type]"},
		{"password", {.type = MC_TYPE_NUMBER},
			"7:1: password: quote it [bad-type]"},
		{"password", {.type = MC_TYPE_BOOL},
			"7:1: password: quote it [bad-type]"},
		{"password", {.type = MC_TYPE_NULL}, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *const names[] = {rows[i].name, NULL};
		const char *const texts[] = {"s@x.org", NULL};
		struct bench b;
		bool good;

		set_up(&b);
		fill(&b, names, texts);
		b.items[0].list = rows[i].item.list;
		b.items[0].doubtful = rows[i].item.doubtful;
		b.items[0].type = rows[i].item.type;
		good = mc_bind_record(
			&b.binding, &b.record, &b.draft, &b.report);
		assert_int_equal(good, rows[i].want == NULL);
		assert_int_equal(b.draft.bad, !good);
		if (!good)
			assert_string_equal(b.heard.line, rows[i].want);
		tear_down(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns),
		cmocka_unit_test(secrets),
		cmocka_unit_test(headers),
		cmocka_unit_test(one_note),
		cmocka_unit_test(patterns),
		cmocka_unit_test(bad_patterns),
		cmocka_unit_test(missing_header),
		cmocka_unit_test(exact_names),
		cmocka_unit_test(what_readers_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
