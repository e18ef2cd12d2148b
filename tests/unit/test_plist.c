/* SPDX-License-Identifier: ISC */
/* Property lists from bytes that nobody vouches for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emit/apple_plist.h"

#include "test.h"

/* The list written down again: (key=value ...) for what stands in another. */
static void
write_down(char *out, size_t size, const struct mc_plist *node)
{
	static const char letters[] = "dasirtD10";

	for (; node != NULL; node = node->next) {
		size_t n = strlen(out);

		(void)snprintf(out + n, size - n, "%s%s%c:%s",
			node->key == NULL ? "" : node->key,
			node->key == NULL ? "" : "=", letters[node->kind],
			node->text);
		if (node->kind <= MC_PLIST_ARRAY) {
			n = strlen(out);
			(void)snprintf(out + n, size - n, "(");
			write_down(out, size, node->child);
			n = strlen(out);
			(void)snprintf(out + n, size - n, ")");
		}
		n = strlen(out);
		(void)snprintf(out + n, size - n, " ");
	}
}

/* What is read, or "why" with its place. */
static const struct {
	const char *bytes;
	const char *want;  /* NULL: it is refused */
	const char *fault; /* "line:column why" */
} rows[] = {
	{"<plist><true/></plist>", "1: ", NULL},
	{"\xef\xbb\xbf<plist version=\"1.0\"><false /></plist>\n", "0: ", NULL},
	{"<?xml version='1.0' encoding='utf-8'?><plist><true></true></plist>",
		"1: ", NULL},
	{"<?xml version=\"1.0\" encoding = \"US-ASCII\" ?>\n"
	 "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://x\">"
	 "<plist><true> </true></plist>",
		"1: ", NULL},
	{"<!DOCTYPE plist SYSTEM 'a>b'><!-- - --><plist><!----><dict/>"
	 "</plist><!--x-->",
		"d:() ", NULL},
	{"<plist><dict><key>a</key><string> x </string><key>b</key><array>"
	 "<integer> -12\n</integer><real>1.5</real><array/></array>"
	 "</dict></plist>",
		"d:(a=s: x  b=a:(i:-12 r:1.5 a:() ) ) ", NULL},
	{"<plist><dict><key/></dict></plist>", NULL,
		"1:18 a key that is malformed"},
	{"<plist><dict><key></key><date>2026-01-01T00:00:00Z</date></dict>"
	 "</plist>",
		"d:(=t:2026-01-01T00:00:00Z ) ", NULL},
	{"<plist><data>\n\tAA==\n\t</data></plist>", "D:AA== ", NULL},
	{"<plist><integer>0143</integer></plist>", "i:0143 ", NULL},
	{"<plist><integer/></plist>", "i: ", NULL},
	{"<plist><real></real></plist>", "r: ", NULL},
	/* text */
	{"<plist><string>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#x20AC;&#x1F600;"
	 "&amp;amp;</string></plist>",
		"s:<>&\"'AB\xe2\x82\xac\xf0\x9f\x98\x80&amp; ", NULL},
	{"<plist><string>a<![CDATA[<b>&amp;]]>c<!-- no -->d</string></plist>",
		"s:a<b>&amp;cd ", NULL},
	{"<plist><string>a\r\nb\rc\nd&#13;e</string></plist>",
		"s:a\nb\nc\nd\re ", NULL},
	{"<plist><string>\xd0\x96]]</string></plist>", "s:\xd0\x96]] ", NULL},
	{"<plist><string></string ></plist >", "s: ", NULL},
	/* duplicates are for who asks for a key */
	{"<plist><dict><key>a</key><true/><key>a</key><false/></dict></plist>",
		"d:(a=1: a=0: ) ", NULL},
	/* what is none */
	{"", NULL, "1:1 it ends too early"},
	{"x", NULL, "1:1 text between elements"},
	{"<plist>", NULL, "1:8 it ends too early"},
	{"<plist></plist>", NULL, "1:10 an end without a beginning"},
	{"<plist/>", NULL, "1:7 an element that is malformed"},
	{"<plist1><true/></plist1>", NULL, "1:7 an element that is malformed"},
	{"<true/>", NULL, "1:8 a value outside the list"},
	{"<plist><true/><true/></plist>", NULL,
		"1:22 a value outside the list"},
	{"<plist><true/></plist><plist><true/></plist>", NULL,
		"1:29 a list inside the list"},
	{"<plist><plist><true/></plist></plist>", NULL,
		"1:14 a list inside the list"},
	{"<plist><dict><true/></dict></plist>", NULL,
		"1:21 a value without a key"},
	{"<plist><dict><key>a</key></dict></plist>", NULL,
		"1:28 a key without a value"},
	{"<plist><dict><key>a</key><key>b</key></dict></plist>", NULL,
		"1:30 a key where none can be"},
	{"<plist><array><key>a</key></array></plist>", NULL,
		"1:19 a key where none can be"},
	{"<plist><array></dict></plist>", NULL,
		"1:17 an end that belongs to another element"},
	{"<plist><array>\n x</array></plist>", NULL,
		"2:2 text between elements"},
	{"<plist><Dict/></plist>", NULL,
		"1:8 an element that no property list has"},
	{"<plist><uid>1</uid></plist>", NULL,
		"1:8 an element that no property list has"},
	{"<plist><true a='b'/></plist>", NULL,
		"1:14 an element that is malformed"},
	{"<plist><true>x</true></plist>", NULL, "1:22 text in a truth value"},
	{"<plist><string><true/></string></plist>", NULL,
		"1:17 an element inside text"},
	{"<plist><string>a</key></plist>", NULL,
		"1:19 an end that belongs to another element"},
	{"<plist><string>a", NULL, "1:17 an element without an end"},
	{"<plist><string>a]]>b</string></plist>", NULL,
		"1:17 the end of a CDATA section that did not begin"},
	{"<plist><string><![CDATA[x</string></plist>", NULL,
		"1:25 a CDATA section without an end"},
	{"<plist><![CDATA[x]]></plist>", NULL,
		"1:8 an element that no property list has"},
	{"<plist><string>&foo;</string></plist>", NULL,
		"1:16 an entity that XML does not have by itself"},
	{"<plist><string>&ampx;</string></plist>", NULL,
		"1:16 an entity that XML does not have by itself"},
	{"<plist><string>&#0;</string></plist>", NULL,
		"1:20 a character that cannot be"},
	{"<plist><string>&#xD800;</string></plist>", NULL,
		"1:24 a character that cannot be"},
	{"<plist><string>&#99999999999999999999;</string></plist>", NULL,
		"1:24 a character that cannot be"},
	{"<plist><string>&#;</string></plist>", NULL,
		"1:18 a character that cannot be"},
	{"<plist><!-- a -- b --><true/></plist>", NULL,
		"1:17 \"--\" in a comment"},
	{"<plist><!-- a", NULL, "1:12 a comment without an end"},
	{" <?xml version='1.0'?><plist><true/></plist>", NULL,
		"1:2 an element that no property list has"},
	{"<?xml version='1.0'", NULL, "1:6 a declaration without an end"},
	{"<?xml encoding='ISO-8859-1'?><plist><true/></plist>", NULL,
		"1:17 it declares another encoding"},
	{"<plist><?php x?><true/></plist>", NULL,
		"1:8 an element that no property list has"},
	{"<!DOCTYPE plist [<!ENTITY a 'b'>]><plist><true/></plist>", NULL,
		"1:17 the DOCTYPE has declarations of its own"},
	{"<!DOCTYPE html><plist><true/></plist>", NULL,
		"1:11 a DOCTYPE of something else"},
	{"<!DOCTYPE plist><!DOCTYPE plist><plist><true/></plist>", NULL,
		"1:26 a DOCTYPE that stands too late"},
	{"<!DOCTYPE plist", NULL, "1:16 a tag without an end"},
	{"<plist>\r\n\r\r<string>\xc3\xa4\xff</string></plist>", NULL,
		"4:10 a byte that is not UTF-8"},
	{"<plist><string>\xed\xa0\x80</string></plist>", NULL,
		"1:16 a byte that is not UTF-8"},
	{"<plist><string>\x01</string></plist>", NULL,
		"1:16 a character that XML cannot hold"},
	{"<plist><string>\xef\xbf\xbf</string></plist>", NULL,
		"1:16 a character that XML cannot hold"},
};

static struct mc_plist *
read_list(struct mc_arena *arena, const char *bytes, size_t n,
	struct mc_fault *fault)
{
	/* just as many bytes, so that a step too far is seen */
	char *copy = malloc(n == 0 ? 1 : n);
	struct mc_plist *list;

	assert_non_null(copy);
	memcpy(copy, bytes, n);
	list = mc_plist_read(arena, copy, n, fault);
	free(copy);
	assert_false(arena->failed);
	return list;
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct mc_arena arena = {0};
		struct mc_fault fault;
		const struct mc_plist *list = read_list(
			&arena, rows[i].bytes, strlen(rows[i].bytes), &fault);
		char got[256] = "";

		if (list == NULL)
			(void)snprintf(got, sizeof(got), "%u:%u %s", fault.line,
				fault.column, fault.why);
		else
			write_down(got, sizeof(got), list);
		assert_string_equal(got,
			rows[i].want == NULL ? rows[i].fault : rows[i].want);
		assert_int_equal(list == NULL, rows[i].want == NULL);
		mc_arena_free(&arena);
	}
}

/* Cut anywhere, a list is refused; nothing is read past its end. */
static void
test_cut(void **state)
{
	static const char whole[] =
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<!DOCTYPE plist PUBLIC \"x\" \"y\"><plist version=\"1.0\">"
		"<dict><key>\xc3\xa4</key><array><string>a&amp;b<![CDATA[c]]>"
		"</string><true/></array></dict></plist>";
	const size_t n = sizeof(whole) - 1;

	(void)state;
	for (size_t i = 0; i <= n; i++) {
		struct mc_arena arena = {0};
		struct mc_fault fault;

		assert_int_equal(
			read_list(&arena, whole, i, &fault) != NULL, i == n);
		mc_arena_free(&arena);
	}
}

static char *
repeat(const char *before, const char *text, size_t times, size_t *n)
{
	size_t len = strlen(text), first = strlen(before);
	char *bytes = malloc(first + len * times + 1);

	assert_non_null(bytes);
	memcpy(bytes, before, first);
	for (size_t i = 0; i < times; i++)
		memcpy(bytes + first + i * len, text, len);
	*n = first + len * times;
	bytes[*n] = '\0';
	return bytes;
}

static void
test_limits(void **state)
{
	static const struct {
		const char *text;
		size_t times;
		enum mc_msg message;
	} limits[] = {
		{"<array>", 100000, MC_MSG_TOO_BIG},
		{"<dict><key>a</key>", 50000, MC_MSG_TOO_BIG},
		{"<array>", MC_PLIST_DEPTH, MC_MSG_SYNTAX},
		{"<array>", MC_PLIST_DEPTH + 1, MC_MSG_TOO_BIG},
		{"<!---->", 100000, MC_MSG_SYNTAX},
		{" ", (size_t)2 * MC_PLIST_BYTES, MC_MSG_TOO_BIG},
		{"<", 100000, MC_MSG_SYNTAX},
		{"&", 100000, MC_MSG_SYNTAX},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(limits); i++) {
		struct mc_arena arena = {0};
		struct mc_fault fault;
		size_t n;
		char *bytes = repeat(
			"<plist>", limits[i].text, limits[i].times, &n);

		assert_null(mc_plist_read(&arena, bytes, n, &fault));
		assert_false(arena.failed);
		assert_int_equal(fault.message, limits[i].message);
		free(bytes);
		mc_arena_free(&arena);
	}
}

/* A megabyte of the smallest elements in one line takes no time to speak of. */
static void
test_many(void **state)
{
	struct mc_arena arena = {0};
	struct mc_fault fault;
	static const char end[] = "</array></plist>";
	const struct mc_plist *node;
	const size_t times = 149000;
	size_t n, count = 0;
	char *bytes;

	(void)state;
	bytes = repeat("<plist><array>", "<true/>", times, &n);
	bytes = realloc(bytes, n + sizeof(end));
	assert_non_null(bytes);
	memcpy(bytes + n, end, sizeof(end));
	node = mc_plist_read(&arena, bytes, n + sizeof(end) - 1, &fault);
	assert_non_null(node);
	for (node = node->child; node != NULL; node = node->next) {
		assert_int_equal(node->column, 15 + 7 * count);
		count++;
	}
	assert_int_equal(count, times);
	free(bytes);
	mc_arena_free(&arena);
}

static void
test_is(void **state)
{
	static const struct {
		const char *bytes;
		bool is;
	} kinds[] = {
		{"<plist", true},
		{" \n<?xml?><!DOCTYPE plist", true},
		{"\xef\xbb\xbf<!-- x --><plist>", true},
		{"<html>", false},
		{"plist", false},
		{"x<plist>", false},
		{"", false},
		{"<", false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(kinds); i++)
		assert_int_equal(
			mc_plist_is(kinds[i].bytes, strlen(kinds[i].bytes)),
			kinds[i].is);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
