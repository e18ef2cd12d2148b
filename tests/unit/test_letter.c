/* SPDX-License-Identifier: ISC */
/* Templates, their languages, and what they are filled with. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "emit/emit.h"
#include "mail/letter.h"
#include "mail/template.h"
#include "test.h"

static const char *const one[] = {"x<&>\"'"};
static const char *const two[] = {"a", "b"};

static bool
find(void *context, const char *name, size_t n, struct mc_template_value *value)
{
	(void)context;
	*value = (struct mc_template_value){.n = 0};
	if (n == 3 && memcmp(name, "one", 3) == 0)
		*value = (struct mc_template_value){.texts = one, .n = 1};
	else if (n == 3 && memcmp(name, "two", 3) == 0)
		*value = (struct mc_template_value){.texts = two, .n = 2};
	else
		return n == 2 && memcmp(name, "no", 2) == 0;
	return true;
}

static const struct mc_template_names names = {.context = NULL, .find = find};

static void
test_fill(void **state)
{
	static const struct {
		const char *template, *text, *html;
	} rows[] = {
		{"", "", ""},
		{"plain }", "plain }", "plain }"},
		{"{{a}", "{a}", "{a}"},
		{"{one}", "x<&>\"'", "x&lt;&amp;&gt;&quot;&#39;"},
		{"{two}", "a, b", "a, b"},
		{"{no}.", ".", "."},
		{"{?two}t{/two}{!two}f{/two}", "t", "t"},
		{"{?no}t{/no}{!no}f{/no}", "f", "f"},
		{"{*two}[{two}]{/two}", "[a][b]", "[a][b]"},
		{"{*no}[{no}]{/no}", "", ""},
		{"{?two}{?no}x{/no}y{/two}z", "yz", "yz"},
		{"{!two}{*two}x{/two}y{/two}z", "z", "z"},
		{"a\n{?two}\nb\n{/two}\nc\n", "a\nb\nc\n", "a\nb\nc\n"},
		{"a\n  {?no}  \nb\n  {/no}\nc\n", "a\nc\n", "a\nc\n"},
		{"{*two}\n- {two}\n{/two}\nc", "- a\n- b\nc", "- a\n- b\nc"},
		{"{?two} a {/two}\n", " a \n", " a \n"},
		{"{?two}\nb\n{/two}", "b\n", "b\n"},
		{"{?two}{/two}\n", "\n", "\n"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct mc_buf out = {0};
		size_t at;

		assert_null(mc_template_check(rows[i].template, &names, &at));
		mc_buf_puts(&out, "");
		mc_template_fill(
			&out, rows[i].template, MC_TEMPLATE_TEXT, &names);
		assert_string_equal(
			out.data == NULL ? "" : out.data, rows[i].text);
		mc_buf_reset(&out);
		mc_template_fill(
			&out, rows[i].template, MC_TEMPLATE_HTML, &names);
		assert_string_equal(
			out.data == NULL ? "" : out.data, rows[i].html);
		mc_buf_free(&out);
	}
}

static void
test_check(void **state)
{
	static const struct {
		const char *template, *why;
		size_t at;
	} rows[] = {
		{"ab{", "a brace begins no placeholder: a brace itself is {{",
			2},
		{"{ one}",
			"a brace begins no placeholder: a brace itself is {{",
			0},
		{"{one", "a brace begins no placeholder: a brace itself is {{",
			0},
		{"{}", "a brace begins no placeholder: a brace itself is {{",
			0},
		{"a{nosuch}", "no such placeholder", 1},
		{"{?nosuch}{/nosuch}", "no such placeholder", 0},
		{"a{?one}b", "it has no end", 1},
		{"a{/one}", "it ends what does not begin", 1},
		{"{?one}{/two}", "it ends what does not begin", 6},
		{"{?one}{?one}{?one}{?one}{?one}{?one}{?one}{?one}{?one}",
			"too many sections in each other", 48},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		size_t at = 99;
		const char *why = mc_template_check(
			rows[i].template, &names, &at);

		assert_non_null(why);
		assert_string_equal(why, rows[i].why);
		assert_int_equal(at, rows[i].at);
	}
}

static void
test_choose(void **state)
{
	static const struct mc_letter_texts own[] = {
		{"pt", {"own pt", "t", "h"}}, {"sv", {"own sv", "t", "h"}}};
	static const struct mc_letter_table tables[] = {{own, 2}};
	static const struct {
		const char *lang, *want;
		bool is_own;
	} rows[] = {
		{NULL, "en", false},
		{"en", "en", false},
		{"en-GB", "en", false},
		{"sv", "sv", true},
		{"SV-fi", "sv", true},
		{"pt-BR", "pt", true},
		{"pt-br-x-y", "pt", true},
		{"de-AT", "de", false},
		{"ru", "ru", false},
		{"fr", "en", false},
		{"s", "en", false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct mc_letter_texts *texts = mc_letter_choose(
			tables, 1, rows[i].lang);

		assert_string_equal(texts->lang, rows[i].want);
		assert_int_equal(
			strncmp(texts->part[0], "own", 3) == 0, rows[i].is_own);
	}
}

static void
test_builtin(void **state)
{
	static const char *const langs[] = {"de", "en", "ru", "sv"};

	(void)state;
	assert_int_equal(mc_builtin_letters.n, ROWS(langs));
	for (size_t i = 0; i < ROWS(langs); i++) {
		const struct mc_letter_texts *t = &mc_builtin_letters.texts[i];

		assert_string_equal(t->lang, langs[i]);
		for (int k = 0; k < MC_LETTER_PARTS; k++) {
			size_t at;

			assert_null(mc_letter_check(
				(enum mc_letter_part)k, t->part[k], &at));
		}
	}
}

/* Every target is a name that a template may ask for. */
static void
test_targets(void **state)
{
	char text[128];
	size_t at;

	(void)state;
	for (size_t i = 0; i < mc_target_count(); i++) {
		const char *name = mc_target_at(i)->name;

		(void)snprintf(text, sizeof(text), "{?%s}{/%s}", name, name);
		assert_null(mc_letter_check(MC_LETTER_TEXT, text, &at));
	}
	assert_string_equal(mc_letter_check(MC_LETTER_SUBJECT, "a\nb", &at),
		"a subject is one line");
	assert_int_equal(at, 1);
	assert_string_equal(mc_letter_check(MC_LETTER_TEXT, "", &at),
		"there is nothing in it");
}

static void
put(const char *dir, const char *name, const char *bytes, size_t n)
{
	char path[512];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), (ssize_t)n);
	(void)close(fd);
}

struct heard {
	char text[1024];
	unsigned line, column;
	unsigned n;
};

static void
hear(void *context, const struct mailcfg_diag *diag)
{
	struct heard *h = context;

	assert_string_equal(diag->slug, "bad-template");
	(void)snprintf(h->text, sizeof(h->text), "%s", diag->detail);
	h->line = diag->pos.line;
	h->column = diag->pos.column;
	h->n++;
}

static void
test_dir(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *want; /* NULL: it is good */
		unsigned line, column;
	} rows[] = {
		{"Hello\r\n{name}\r\n", 15, NULL, 0, 0},
		{"", 0, "there is nothing in it", 1, 1},
		{"a\n\xc3\xa5{nosuch}", 12, "no such placeholder", 2, 2},
		{"a\xff", 2, "it is not UTF-8", 1, 2},
		{"a\0b", 3, "a control character is in it", 1, 2},
		{"a\x1b", 2, "a control character is in it", 1, 2},
		{NULL, 0, "more than 64 KiB", 0, 0},
	};
	char dir[] = "/tmp/letters.XXXXXX", sub[64], path[128];
	char *big = calloc(1, MC_LETTER_BYTES + 1);
	struct mc_letter_table table;
	struct mc_arena arena = {0};
	bool found;

	(void)state;
	assert_non_null(big);
	memset(big, 'a', MC_LETTER_BYTES + 1);
	assert_non_null(mkdtemp(dir));
	(void)snprintf(sub, sizeof(sub), "%s/fr", dir);
	assert_int_equal(mkdir(sub, 0700), 0);
	put(sub, "subject.txt", "sujet\n", 6);
	put(sub, "message.html", "corps", 5);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct heard heard = {.n = 0};
		struct mc_report report = {.fn = hear, .context = &heard};
		bool ok;

		if (rows[i].bytes == NULL)
			put(sub, "message.txt", big, MC_LETTER_BYTES + 1);
		else
			put(sub, "message.txt", rows[i].bytes, rows[i].n);
		ok = mc_letter_read_dir(&arena, dir, &table, &found, &report);
		assert_true(found);
		assert_int_equal(ok, rows[i].want == NULL);
		if (rows[i].want != NULL) {
			assert_int_equal(heard.n, 1);
			assert_string_equal(heard.text, rows[i].want);
			assert_int_equal(heard.line, rows[i].line);
			assert_int_equal(heard.column, rows[i].column);
		} else {
			assert_int_equal(table.n, 1);
			assert_string_equal(table.texts[0].lang, "fr");
			assert_string_equal(table.texts[0].part[0], "sujet");
			assert_string_equal(
				table.texts[0].part[1], "Hello\n{name}\n");
		}
		mc_arena_reset(&arena);
	}
	(void)snprintf(path, sizeof(path), "%s/message.txt", sub);
	(void)unlink(path);
	{
		struct heard heard = {.n = 0};
		struct mc_report report = {.fn = hear, .context = &heard};

		assert_false(mc_letter_read_dir(
			&arena, dir, &table, &found, &report));
		assert_string_equal(
			heard.text, "cannot open: No such file or directory");
	}
	assert_true(mc_letter_read_dir(
		&arena, "/nonexistent/mail", &table, &found, NULL));
	assert_false(found);
	assert_int_equal(table.n, 0);
	mc_arena_free(&arena);
	free(big);
	(void)snprintf(path, sizeof(path), "%s/subject.txt", sub);
	(void)unlink(path);
	(void)snprintf(path, sizeof(path), "%s/message.html", sub);
	(void)unlink(path);
	(void)rmdir(sub);
	(void)rmdir(dir);
}

/* The place for the picture of a code, which has text where it is not. */
static void
test_image(void **state)
{
	static const struct mc_mime_file image = {
		"code.png", "image/png", "png", 3};
	static const struct mc_letter_texts texts = {"en",
		{"s", "t", "{?image}i={image}{/image}{!image}none{/image}"}};
	const struct mailcfg_account a = {
		.mailbox = "a@b", .mailbox_display = "a@b"};
	const struct mailcfg_account *const list[] = {&a};
	struct mc_letter letter = {.accounts = list,
		.n = 1,
		.from = "c@d",
		.to = "a@b",
		.id = "0"};
	struct mc_arena arena = {0};
	struct mc_buf out = {0};

	(void)state;
	assert_true(mc_letter_write(&texts, &letter, &arena, &out));
	assert_non_null(strstr(out.data, "\r\nnone\r\n"));
	assert_null(strstr(out.data, "multipart/related"));
	mc_buf_reset(&out);
	letter.image = &image;
	assert_true(mc_letter_write(&texts, &letter, &arena, &out));
	assert_non_null(strstr(out.data, "\r\ni=3Dcid:image\r\n"));
	assert_non_null(strstr(out.data, "multipart/related"));
	mc_buf_free(&out);
	mc_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_choose),
		cmocka_unit_test(test_builtin),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_dir),
		cmocka_unit_test(test_image),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
