/* SPDX-License-Identifier: ISC */
/*
 * Errors and the rules that must come first, from tests/explain/lines.tsv; the
 * same errors spoilt in every way in which people copy them; ordinary lines,
 * which nothing explains; and that no language lacks a word.
 */
#include "test.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "explain_hear.h"
#include "text.h"

enum { LINE = 4096, LINES_LEAST = 300, ORDINARY_LEAST = 200 };

static struct mc_arena rules_arena;
static struct mc_rules rules;

static int
load(void **state)
{
	(void)state;
	return mc_rules_unpack(&rules_arena, &mc_builtin_errors, &rules) ? 0
									 : -1;
}

static int
unload(void **state)
{
	(void)state;
	mc_arena_free(&rules_arena);
	return 0;
}

static FILE *
open_file(const char *name)
{
	const char *source = getenv("MAILCFG_SOURCE");
	char path[LINE];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/tests/explain/%s",
		source == NULL ? "." : source, name);
	file = fopen(path, "r");
	if (file == NULL)
		fail_msg("%s is not there", path);
	return file;
}

/* The name of the rule that comes first, or "-". */
static const char *
first(const char *text, size_t n, struct mc_explained *found)
{
	struct mc_arena arena = {0};
	const struct mc_said said = {.text = text, .n = n};

	assert_true(mc_explain(&arena, &rules, &said, found));
	mc_arena_free(&arena);
	for (size_t i = 1; i < found->n; i++)
		assert_true(found->hit[i - 1].score >= found->hit[i].score);
	return found->n == 0 ? "-" : found->hit[0].rule->id;
}

/* Makes `\n` of the table a line break. */
static void
unescape(char *s)
{
	char *out = s;

	for (; *s != '\0'; s++) {
		if (s[0] == '\\' && s[1] == 'n') {
			*out++ = '\n';
			s++;
		} else {
			*out++ = *s;
		}
	}
	*out = '\0';
}

/* The next line of the table: its rule and its text; false: the end. */
static bool
next_line(FILE *file, char line[LINE], char **want, char **text)
{
	do {
		if (fgets(line, LINE, file) == NULL)
			return false;
		line[strcspn(line, "\n")] = '\0';
	} while (line[0] == '#' || line[0] == '\0');
	*want = line;
	*text = strchr(line, '\t');
	assert_non_null(*text);
	*(*text)++ = '\0';
	unescape(*text);
	return true;
}

static void
test_lines(void **state)
{
	FILE *file = open_file("lines.tsv");
	char line[LINE], *want, *text;
	struct mc_explained found;
	unsigned n = 0, wrong = 0;

	(void)state;
	for (; next_line(file, line, &want, &text); n++) {
		const char *got = first(text, strlen(text), &found);

		if (strcmp(got, want) == 0)
			continue;
		wrong++;
		print_error("%s: %s, not %s\n", text, got, want);
	}
	(void)fclose(file);
	assert_int_equal(wrong, 0);
	assert_true(n >= LINES_LEAST);
}

/* Ways in which text is spoilt on its way to us; each into `out`. */
static void
upper(const char *s, char *out)
{
	static const char small[] = "abcdefghijklmnopqrstuvwxyz";
	static const char big[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (; *s != '\0'; s++) {
		const char *at = strchr(small, *s);

		if (at == NULL)
			*out++ = *s;
		else
			*out++ = big[at - small];
	}
	*out = '\0';
}

static void
lower(const char *s, char *out)
{
	for (; *s != '\0'; s++)
		*out++ = mc_lower(*s);
	*out = '\0';
}

static void
blanks(const char *s, char *out)
{
	*out++ = ' ';
	*out++ = '\t';
	for (; *s != '\0'; s++) {
		*out++ = *s;
		if (*s == ' ') {
			*out++ = '\t';
			*out++ = ' ';
		}
	}
	*out++ = '\r';
	*out++ = '\n';
	*out = '\0';
}

/* Every third blank becomes the line break of somebody who answers. */
static void
quoted_reply(const char *s, char *out)
{
	unsigned n = 0;

	*out++ = '>';
	*out++ = ' ';
	for (; *s != '\0'; s++) {
		if (*s == ' ' && n++ % 3 == 2) {
			memcpy(out, "\r\n> ", 4);
			out += 4;
		} else {
			*out++ = *s;
		}
	}
	*out = '\0';
}

static void
in_quotes(const char *s, char *out)
{
	(void)snprintf(out, LINE, "\xe2\x80\x9c%s\xe2\x80\x9d", s);
}

static void
in_log(const char *s, char *out)
{
	(void)snprintf(out, LINE,
		"<bob@example.net>: host mx.example.net[192.0.2.7] said: %s "
		"(in reply to RCPT TO command)",
		s);
}

/* Without status codes, as programs show it. */
static void
codeless(const char *s, char *out)
{
	struct mc_code code;

	while (*s != '\0') {
		size_t n = mc_code_read(s, strlen(s), &code);

		if (n > 0)
			s += n;
		else
			*out++ = *s++;
	}
	*out = '\0';
}

static void
spoil(void (*fn)(const char *, char *), const char *name, bool all)
{
	FILE *file = open_file("lines.tsv");
	char line[LINE], out[4 * LINE], *want, *text;
	struct mc_explained found;
	unsigned n = 0, wrong = 0;

	while (next_line(file, line, &want, &text)) {
		(void)first(text, strlen(text), &found);
		/* slugs and codes alone are what they are */
		if (found.n == 0 || found.hit[0].by_slug ||
			!found.hit[0].by_words)
			continue;
		n++;
		fn(text, out);
		if (strcmp(first(out, strlen(out), &found), want) == 0)
			continue;
		wrong++;
		print_message("%s: %s: %s, not %s\n", name, out,
			first(out, strlen(out), &found), want);
	}
	(void)fclose(file);
	assert_true(n >= LINES_LEAST / 2);
	if (all)
		assert_int_equal(wrong, 0);
	else
		assert_true(wrong * 20 <= n);
}

static void
test_mutations(void **state)
{
	(void)state;
	spoil(upper, "upper", true);
	spoil(lower, "lower", true);
	spoil(blanks, "blanks", true);
	spoil(quoted_reply, "quoted", true);
	spoil(in_quotes, "in quotes", true);
	spoil(in_log, "in a log", false);
	spoil(codeless, "without code", false);
}

static void
test_ordinary(void **state)
{
	FILE *file = open_file("ordinary.txt");
	struct mc_explained found;
	char line[LINE];
	unsigned n = 0, wrong = 0;

	(void)state;
	for (; fgets(line, sizeof(line), file) != NULL; n++) {
		const char *got = first(line, strlen(line), &found);

		if (found.n == 0)
			continue;
		wrong++;
		print_error("%s: %s", got, line);
	}
	(void)fclose(file);
	assert_int_equal(wrong, 0);
	assert_true(n >= ORDINARY_LEAST);
}

/* All codes that RFC 3463 and its registry have, of both classes. */
static void
test_registry(void **state)
{
	static const unsigned last[8] = {0, 10, 4, 6, 7, 6, 10, 30};
	struct mc_explained found;
	char text[16];

	(void)state;
	for (unsigned subject = 0; subject < 8; subject++) {
		for (unsigned detail = 0; detail <= last[subject]; detail++) {
			for (unsigned class = 4; class <= 5; class ++) {
				(void)snprintf(text, sizeof(text), "%u.%u.%u",
					class, subject, detail);
				(void)first(text, strlen(text), &found);
				if (subject > 0 && found.n == 0)
					fail_msg("%s is not known", text);
				assert_int_equal(found.code.class, class);
				assert_int_equal(found.code.subject, subject);
				assert_int_equal(found.code.detail, detail);
				assert_false(found.success);
			}
		}
	}
	(void)first("250 2.1.5 Ok", 12, &found);
	assert_true(found.success);
	assert_int_equal(found.n, 0);
}

static void
test_numbers(void **state)
{
	static const struct {
		const char *text;
		unsigned class, reply;
	} rows[] = {
		{"version 5.1.1 installed", 0, 0},
		{"5.1.1.7 answered", 0, 0},
		{"v5.1.1", 0, 0},
		{"took 535 ms", 0, 0},
		{"550users", 0, 0},
		{"550,000 users", 0, 0},
		{"5.8.1", 0, 0},
		{"3.1.1", 0, 0},
		{"550", 5, 550},
		{"550-5.1.1 x", 5, 550},
		{"said: 550 x", 5, 550},
		{"550 #5.1.1 x", 5, 550},
		{"mx [192.0.2.1]: 452 x", 4, 452},
		{"Status: 4.2.2", 4, 0},
		{"(#5.1.1)", 5, 0},
		{"250 2.0.0 Ok, then 550 5.1.1 no", 5, 550},
	};
	struct mc_explained found;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		(void)first(rows[i].text, strlen(rows[i].text), &found);
		if (found.code.class != rows[i].class ||
			found.code.reply != rows[i].reply)
			fail_msg("%s: class %u, reply %u", rows[i].text,
				(unsigned)found.code.class,
				(unsigned)found.code.reply);
	}
}

static void
test_phrases(void **state)
{
	static const struct {
		const char *text, *phrase;
		unsigned words;
	} rows[] = {
		{"User unknown", "user unknown", 2},
		{"users unknown", "user unknown", 0},
		{"isn't there", "isnt there", 2},
		{"isn\xe2\x80\x99t there", "isn't there", 2},
		{"a\xc2\xa0 b", "a b", 2},
		{"0x800CCC0E", "800ccc0e", 1},
		{"\xd0\x9d\xd0\x95\xd0\x81", "\xd0\xbd\xd0\xb5\xd0\xb5", 1},
		{"\xc3\x84rger", "\xc3\xa4rger", 1},
		{"a x y b", "a * b", 2},
		{"a b", "a * b", 2},
		{"b a", "a * b", 0},
		{"550-a\r\n550 5.1.1 b", "a b", 2},
		{"soft\xc2\xadhyphen", "softhyphen", 1},
		{"a\xff"
		 "b",
			"ab", 0},
		{"a_b-c.d", "a b c d", 4},
	};
	struct mc_arena arena = {0};
	struct mc_heard heard;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *phrase = mc_hear_phrase(
			&arena, rows[i].phrase, strlen(rows[i].phrase));

		assert_true(mc_hear(
			&arena, rows[i].text, strlen(rows[i].text), &heard));
		if (mc_heard_phrase(heard.words, phrase) != rows[i].words)
			fail_msg("%s in %s", rows[i].phrase, rows[i].text);
	}
	assert_null(mc_hear_phrase(&arena, " * ", 3));
	assert_false(arena.failed);
	assert_int_equal(mc_heard_phrase(" a b c ",
				 mc_hear_both(&arena, " c ", " a b ")),
		3);
	assert_int_equal(mc_heard_phrase(" a b c ",
				 mc_hear_both(&arena, " c ", " a d ")),
		0);
	mc_arena_free(&arena);
}

static bool
has_cyrillic(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s == 0xd0 || (unsigned char)*s == 0xd1)
			return true;
	return false;
}

static size_t
count(const char *const *list)
{
	size_t n = 0;

	while (list[n] != NULL)
		n++;
	return n;
}

/* A text for people: there, clean, and without blanks around it. */
static void
check_text(const char *id, const char *tag, const char *text)
{
	size_t n = text == NULL ? 0 : strlen(text), at;

	if (n == 0) {
		fail_msg("%s: nothing in %s", id, tag);
		return;
	}
	if (text[0] == ' ' || text[n - 1] == ' ' ||
		mc_text_check(text, n, true, &at) != MC_TEXT_OK)
		fail_msg("%s: %s: \"%s\"", id, tag, text);
	if (strcmp(tag, "ru") == 0 && !has_cyrillic(text))
		fail_msg("%s: this is not Russian: %s", id, text);
	if (strcmp(tag, "ru") != 0 && strcmp(tag, "en") != 0 &&
		has_cyrillic(text) && strstr(text, "\xd0\xb6") == NULL)
		fail_msg("%s: %s has Cyrillic: %s", id, tag, text);
}

static void
check_advice(const struct mc_rule *rule, size_t speech)
{
	const struct mc_advice *say = &rule->say[speech], *en = &rule->say[0];
	const char *tag = mc_speech_tags[speech];

	check_text(rule->id, tag, say->title);
	check_text(rule->id, tag, say->means);
	for (size_t i = 0; say->steps[i] != NULL; i++)
		check_text(rule->id, tag, say->steps[i]);
	if (count(say->steps) == 0 || count(say->steps) != count(en->steps))
		fail_msg("%s: %zu steps in %s", rule->id, count(say->steps),
			tag);
	if (speech != MC_EN &&
		(strcmp(say->title, en->title) == 0 ||
			strcmp(say->means, en->means) == 0))
		fail_msg("%s: %s is English", rule->id, tag);
}

static void
test_languages(void **state)
{
	(void)state;
	assert_true(rules.n > 150);
	for (size_t i = 0; i < rules.n; i++) {
		const struct mc_rule *rule = &rules.rule[i];

		assert_true(rule->n_turns >= 1);
		for (size_t k = 0; k < MC_SPEECHES; k++)
			check_advice(rule, k);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(rules.rule[k].id, rule->id);
	}
	for (size_t i = 0; i < MC_WORD_COUNT; i++)
		for (size_t k = 0; k < MC_SPEECHES; k++)
			if (i != MC_WORD_THEN)
				check_text(mc_word_names[i], mc_speech_tags[k],
					rules.word[i][k]);
}

/* Each message of ours is explained, and no other. */
static void
test_slugs(void **state)
{
	struct mc_explained found;
	size_t slugs = 0;
	char text[128];

	(void)state;
	for (size_t i = 0; i < MC_MSG_COUNT; i++) {
		const char *slug = mc_messages[i].slug;

		(void)first(slug, strlen(slug), &found);
		if (found.n == 0 || !found.hit[0].by_slug)
			fail_msg("no rule has the slug %s", slug);
		(void)snprintf(text, sizeof(text),
			"a.csv:1:2: error: text: 550 5.1.1 detail [%s]", slug);
		(void)first(text, strlen(text), &found);
		assert_true(found.n > 0 && found.hit[0].by_slug);
		(void)snprintf(text, sizeof(text), "they said [%s]", slug);
		(void)first(text, strlen(text), &found);
		assert_true(found.n == 0 || !found.hit[0].by_slug);
	}
	for (size_t i = 0; i < rules.n; i++)
		slugs += count(rules.rule[i].slugs);
	assert_int_equal(slugs, MC_MSG_COUNT);
}

static void
test_speech(void **state)
{
	(void)state;
	assert_int_equal(mc_speech_of("sv"), MC_SV);
	assert_int_equal(mc_speech_of("sv-FI"), MC_SV);
	assert_int_equal(mc_speech_of("ru_RU.UTF-8"), MC_RU);
	assert_int_equal(mc_speech_of("DE"), MC_DE);
	assert_int_equal(mc_speech_of("den"), MC_EN);
	assert_int_equal(mc_speech_of("fr"), MC_EN);
	assert_int_equal(mc_speech_of("C.UTF-8"), MC_EN);
	assert_int_equal(mc_speech_of(""), MC_EN);
	assert_int_equal(mc_speech_of(NULL), MC_EN);
}

/* What was packed twice is the same, and half a pack is none. */
static void
test_pack(void **state)
{
	struct mc_arena arena = {0};
	struct mc_rules again;
	struct mc_buf buf = {0};

	(void)state;
	mc_rules_pack(&rules, &buf);
	assert_false(buf.failed);
	assert_int_equal(buf.len, mc_builtin_errors.n);
	assert_memory_equal(buf.data, mc_builtin_errors.bytes, buf.len);
	for (size_t n = 0; n < buf.len; n += 1 + n / 8) {
		unsigned char *part = malloc(n + 1);
		const struct mc_packed packed = {.n = n, .bytes = part};

		assert_non_null(part);
		memcpy(part, buf.data, n);
		assert_false(mc_rules_unpack(&arena, &packed, &again));
		free(part);
		mc_arena_reset(&arena);
	}
	mc_arena_free(&arena);
	mc_buf_free(&buf);
}

/* Neither size nor form of what is said does harm. */
static void
test_hostile(void **state)
{
	static const char *const pieces[] = {"[", "550 ", "5.1.1 ", "\n", "*",
		"&", "0x", "a ", "mailbox ", "\xff", "\xd0", "'", "[AUTH", "x"};
	enum { SIZE = 256 * 1024 };
	char *text = malloc(SIZE);
	struct mc_explained found;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < ROWS(pieces); i++) {
		size_t n = strlen(pieces[i]);

		for (size_t at = 0; at < SIZE; at++)
			text[at] = pieces[i][at % n];
		(void)first(text, SIZE, &found);
	}
	memset(text, 0, SIZE);
	(void)first(text, SIZE, &found);
	assert_int_equal(found.n, 0);
	(void)first("", 0, &found);
	assert_int_equal(found.n, 0);
	/* NUL parts words like any other character that is none */
	(void)first("user\0unknown", 12, &found);
	assert_string_equal(found.hit[0].rule->id, "smtp/no-such-mailbox");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_mutations),
		cmocka_unit_test(test_ordinary),
		cmocka_unit_test(test_registry),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_phrases),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_slugs),
		cmocka_unit_test(test_speech),
		cmocka_unit_test(test_pack),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
