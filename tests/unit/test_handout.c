/* SPDX-License-Identifier: ISC */
/* Texts for people: their languages, their names, and what they are made of. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "documents.h"
#include "emit/handout.h"
#include "emit/html.h"

/* Parts, markup and turns of templates. */

struct turns {
	char heard[256];
	size_t now;
};

static bool
find(void *context, const char *name, size_t n, struct mc_template_value *value)
{
	static const char *const two[] = {"a<", "b"};
	static const char *const part[] = {"[{which}{?no}x{/no}\n  {?two}\ny\n"
					   "  {/two}\n]"};
	static const char *const markup[] = {"<i>\n</i>"};
	static const char *const endless[] = {"e{endless}"};
	static const char *const which[] = {"0", "1", "-"};
	const struct turns *turns = context;
	const struct {
		const char *name;
		struct mc_template_value value;
	} rows[] = {
		{"two", {two, 2, MC_TEMPLATE_VALUE}},
		{"blank", {NULL, 2, MC_TEMPLATE_VALUE}},
		{"part", {part, 1, MC_TEMPLATE_PART}},
		{"markup", {markup, 1, MC_TEMPLATE_MARKUP}},
		{"endless", {endless, 1, MC_TEMPLATE_PART}},
		{"which",
			{&which[turns->now < 2 ? turns->now : 2], 1,
				MC_TEMPLATE_VALUE}},
		{"no", {NULL, 0, MC_TEMPLATE_VALUE}},
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		if (strlen(rows[i].name) != n ||
			memcmp(rows[i].name, name, n) != 0)
			continue;
		*value = rows[i].value;
		return true;
	}
	return false;
}

static void
turn(void *context, const char *name, size_t n, size_t value)
{
	struct turns *turns = context;
	size_t used = strlen(turns->heard);

	(void)snprintf(turns->heard + used, sizeof(turns->heard) - used,
		"%.*s%zu ", (int)n, name, value + 1);
	turns->now = value;
}

static void
test_template(void **state)
{
	static const struct {
		const char *template, *html, *heard;
	} rows[] = {
		{"{markup}", "<i>\n</i>", ""},
		{"{part}", "[-\ny\n]", ""},
		{"  {part}\nz", "  [-\ny\n]\nz", ""},
		{"{*two}{two}{which} {/two}{which}", "a&lt;0 b1 -",
			"two1 two2 two0 "},
		{"{*blank}{blank}{which}{/blank}{blank}", "01",
			"blank1 blank2 blank0 "},
		{"{*two}{part}{/two}", "[0\ny\n][1\ny\n]", "two1 two2 two0 "},
		{"{*no}{which}{/no}{?two}t{/two}", "t", ""},
		{"{endless}", "eeeeeeee", ""},
		{"{*markup}{markup}{/markup}", "<i>\n</i>", "markup1 markup0 "},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct turns turns = {.now = 2};
		const struct mc_template_names names = {&turns, find, turn};
		struct mc_buf out = {0};
		size_t at;

		assert_null(mc_template_check(rows[i].template, &names, &at));
		mc_template_fill(
			&out, rows[i].template, MC_TEMPLATE_HTML, &names);
		assert_string_equal(out.data, rows[i].html);
		assert_string_equal(turns.heard, rows[i].heard);
		mc_buf_free(&out);
	}
}

static void
test_html(void **state)
{
	static const struct {
		const char *text, *why;
		size_t at;
	} rows[] = {
		{"", NULL, 0},
		{"a <b>c</b> &amp; &#8230;<br>", NULL, 0},
		{"<b><i>x</i></b>", NULL, 0},
		{"a \"b\"", "a quotation mark: take typographic ones", 2},
		{"a > b", "> is written &gt;", 2},
		{"a & b", "& is written &amp;", 2},
		{"&amp", "& is written &amp;", 0},
		{"<p>x</p>", "no tag that may stand here: < is written &lt;",
			0},
		{"x<b >", "no tag that may stand here: < is written &lt;", 1},
		{"<", "no tag that may stand here: < is written &lt;", 0},
		{"<script>", "no tag that may stand here: < is written &lt;",
			0},
		{"<b>x", "an element is not closed", 4},
		{"<b>x</i>", "it closes what is not open", 4},
		{"x</b>", "it closes what is not open", 1},
		{"<b><b><b><b><b>", "too many elements in each other", 12},
	};
	struct mc_buf out = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		size_t at = 99;
		const char *why = mc_html_fault(rows[i].text, &at);

		if (rows[i].why == NULL) {
			assert_null(why);
			continue;
		}
		assert_non_null(why);
		assert_string_equal(why, rows[i].why);
		assert_int_equal(at, rows[i].at);
	}
	mc_html_text(&out, "<&>\"'\t\x7f\xc3\xa9");
	assert_string_equal(out.data, "&lt;&amp;&gt;&quot;&#39;  \xc3\xa9");
	mc_buf_reset(&out);
	mc_html_reference(&out, "a@b%20c:.x");
	assert_string_equal(out.data, "./a@b%2520c%3A.x");
	mc_buf_free(&out);
}

static const char *
say(const struct mc_texts *tables, size_t n, const char *lang, const char *key)
{
	static struct mc_voice voice;

	mc_voice_choose(&voice, tables, n, lang);
	return mc_voice_text(&voice, key, strlen(key));
}

static const char *
lang_of(const struct mc_texts *tables, size_t n, const char *lang)
{
	static struct mc_voice voice;

	mc_voice_choose(&voice, tables, n, lang);
	return mc_voice_lang(&voice);
}

static void
test_languages(void **state)
{
	static const struct mc_text pt[] = {{"direction", "pt"}};
	static const struct mc_text br[] = {
		{"copy-button", "br"}, {"copy-done", "br"}};
	static const struct mc_text own[] = {{"copy-button", "own"}};
	static const struct mc_language languages[] = {
		{"en", own, 1}, {"pt", pt, 1}, {"pt-BR", br, 2}};
	static const struct mc_text files[] = {{"style.css", "own"}};
	static const struct mc_texts site[] = {
		{.languages = languages, .n = 3, .files = files, .n_files = 1}};
	struct mc_voice voice;

	(void)state;
	assert_string_equal(say(site, 1, "pt-BR", "copy-button"), "br");
	assert_string_equal(say(site, 1, "pt-br", "copy-done"), "br");
	assert_string_equal(say(site, 1, "pt-BR", "direction"), "pt");
	assert_string_equal(say(site, 1, "pt", "copy-button"), "own");
	assert_string_equal(say(site, 1, "pt-BRA", "direction"), "pt");
	assert_string_equal(say(site, 1, "en", "copy-button"), "own");
	assert_string_equal(say(site, 1, NULL, "copy-button"), "own");
	assert_string_equal(say(NULL, 0, "fi", "copy-button"), "Copy");
	assert_null(say(site, 1, "pt-BR", "nothing"));
	assert_null(say(site, 1, "pt-BR", "copy"));
	assert_string_equal(lang_of(site, 1, "pt-BR-x-a"), "pt-BR");
	assert_string_equal(lang_of(NULL, 0, "fi"), "en");
	mc_voice_choose(&voice, site, 1, NULL);
	assert_string_equal(mc_voice_file(&voice, "style", 5)->text, "own");
	assert_non_null(mc_voice_file(&voice, "page", 4));
	assert_null(mc_voice_file(&voice, "pag", 3));
}

/* What is put together in the program is there, in each language. */
static void
want_key(const struct mc_language *l, const char *before, const char *word,
	const char *after)
{
	struct mc_voice voice = {.chain = {l}, .n = 1};
	char key[128];

	(void)snprintf(key, sizeof(key), "%s-%s%s", before, word, after);
	for (char *c = key; *c != '\0'; c++) {
		if (*c == ' ' || *c == '.')
			*c = '-';
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
	if (mc_voice_text(&voice, key, strlen(key)) == NULL)
		fail_msg("%s: no %s", l->lang, key);
}

static void
test_keys(void **state)
{
	const struct mc_trouble *troubles[32];
	const struct mailcfg_provider mailru = {.id = "mail.ru"};
	struct mc_arena arena = {0};
	struct mc_rules rules;
	size_t n = mc_troubles_of(&mailru, troubles, ROWS(troubles));

	(void)state;
	/* the seven of the how-to, two of today, and some of everybody's */
	assert_int_equal(n, 12);
	assert_int_equal(mc_troubles_of(NULL, troubles, ROWS(troubles)), 5);
	assert_int_equal(mc_troubles_of(&mailru, troubles, 3), 3);
	assert_true(mc_rules_unpack(&arena, &mc_builtin_errors, &rules));
	assert_null(mc_trouble_rule(NULL, troubles[0]));
	n = mc_troubles_of(NULL, troubles, ROWS(troubles));
	for (size_t k = 0; k < n; k++)
		assert_true((troubles[k]->rule == NULL) ==
			(mc_trouble_rule(&rules, troubles[k]) == NULL));
	n = mc_troubles_of(&mailru, troubles, ROWS(troubles));
	for (size_t k = 0; k < n; k++)
		assert_true((troubles[k]->rule == NULL) ==
			(mc_trouble_rule(&rules, troubles[k]) == NULL));
	for (size_t i = 0; i < mc_builtin_texts.n; i++) {
		const struct mc_language *l = &mc_builtin_texts.languages[i];

		for (size_t k = 0; k < n; k++) {
			if (troubles[k]->rule != NULL)
				continue;
			want_key(l, "error", troubles[k]->id, "-cause");
			want_key(l, "error", troubles[k]->id, "-cure");
			want_key(l, "error", troubles[k]->id, "-words");
		}
		for (size_t k = 0; k < mc_target_count(); k++) {
			const struct mc_target *t = mc_target_at(k);

			for (size_t d = 0; d < mc_target_rows(t) &&
				(t->can & (MC_BY_NAME_ONLY | MC_SPEAKS)) == 0;
				d++)
				want_key(l, "role", t->docs[d].role, "");
		}
	}
	mc_arena_free(&arena);
}

/* Whoever a target says it serves has a place on the page. */
static void
test_clients(void **state)
{
	struct mc_voice voice;
	const struct mc_text *page;
	char tag[64];

	(void)state;
	mc_voice_choose(&voice, NULL, 0, NULL);
	page = mc_voice_file(&voice, "devices", 7);
	assert_non_null(page);
	for (size_t i = 0; i < mc_target_count(); i++) {
		const char *const *client = mc_target_at(i)->clients;

		for (; client != NULL && *client != NULL; client++) {
			if (strcmp(*client, MC_ANY_CLIENT) == 0)
				continue;
			(void)snprintf(
				tag, sizeof(tag), "\n{?for-%s}\n<det", *client);
			if (strstr(page->text, tag) == NULL)
				fail_msg("no place for %s", *client);
		}
	}
}

static const char *
fault(const char *key, const char *text, bool file)
{
	const struct mc_texts none = {.n = 0};
	const struct mc_text row = {key, text};
	size_t at;

	return mc_handout_fault(&none, &row, file, &at);
}

static void
test_faults(void **state)
{
	(void)state;
	assert_null(fault("x",
		"{address} {in-port} {?for-a-or-b}<b>x</b>"
		"{/for-a-or-b}{copy-button}",
		false));
	assert_string_equal(
		fault("x", "{nobody}", false), "no such placeholder");
	assert_string_equal(
		fault("x", "{in-nothing}", false), "no such placeholder");
	assert_string_equal(fault("x", "{for-}", false), "no such placeholder");
	assert_string_equal(fault("x", "{?address}", false), "it has no end");
	assert_non_null(fault("x", "a & b", false));
	assert_null(fault("card-x", "a & b", false));
	assert_null(fault("x.html", "<p>\"{part-style}\"", true));
	assert_string_equal(
		fault("x.html", "{part-nothing}", true), "no such placeholder");
	assert_null(fault("x.css", "a { b: c }", true));
	assert_string_equal(fault("x.css", "a</style>", true), "it holds </");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_template),
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_clients),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
