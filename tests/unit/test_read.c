/* SPDX-License-Identifier: ISC */
/*
 * The table of syntaxes, and what every reader promises whatever its syntax.
 * What each makes of its texts is in tests/read.
 */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "read/input.h"
#include "read/read.h"

/* A source in memory, which fails after `left` bytes where it shall. */
struct memory {
	const char *text;
	size_t left;
	size_t block;
	int error; /* 0: it just ends */
};

static long
read_memory(void *context, void *out, size_t size)
{
	struct memory *m = context;
	size_t n = m->left < size ? m->left : size;

	if (m->left == 0 && m->error != 0) {
		errno = m->error;
		return -1;
	}
	if (n > m->block)
		n = m->block;
	memcpy(out, m->text, n);
	m->text += n;
	m->left -= n;
	return (long)n;
}

struct heard {
	char line[256]; /* the last complaint */
	unsigned count;
};

static void
hear(void *context, const struct mailcfg_diag *d)
{
	struct heard *heard = context;

	heard->count++;
	(void)snprintf(heard->line, sizeof(heard->line), "%s:%u:%u: %s [%s]",
		d->pos.file, d->pos.line, d->pos.column, d->detail, d->slug);
}

/* A reader with all that it needs. */
struct bench {
	struct memory memory;
	struct mc_source source;
	struct heard heard;
	struct mc_report report;
	const struct mc_syntax *syntax;
	struct mc_reader *reader;
	struct mc_arena arena;
	struct mc_record record;
};

static void
set_up(struct bench *b, const char *syntax, const char *text, int error)
{
	*b = (struct bench){.memory = {text, strlen(text), 3, error}};
	b->source = (struct mc_source){"f", read_memory, &b->memory, NULL};
	b->report = (struct mc_report){.fn = hear, .context = &b->heard};
	b->syntax = mc_syntax_by_name(syntax);
	assert_non_null(b->syntax);
	b->reader = b->syntax->open(b->syntax, &b->source, &b->report);
	assert_non_null(b->reader);
}

static enum mc_next
next(struct bench *b)
{
	mc_arena_reset(&b->arena);
	b->record = (struct mc_record){0};
	enum mc_next next = b->syntax->next(b->reader, &b->arena, &b->record);

	mc_record_places(&b->record);
	return next;
}

static void
tear_down(struct bench *b)
{
	b->syntax->close(b->reader);
	mc_arena_free(&b->arena);
}

static void
names(void **state)
{
	(void)state;
	assert_int_equal(mc_syntax_count(), 6);
	for (size_t i = 0; i < mc_syntax_count(); i++) {
		const struct mc_syntax *s = mc_syntax_at(i);

		assert_ptr_equal(mc_syntax_by_name(s->name), s);
		for (size_t j = 0; s->suffixes[j] != NULL; j++) {
			char path[32];

			(void)snprintf(
				path, sizeof(path), "a.b%s", s->suffixes[j]);
			assert_ptr_equal(mc_syntax_by_suffix(path), s);
		}
	}
	assert_null(mc_syntax_at(6));
	assert_null(mc_syntax_by_name("CSV"));
	assert_null(mc_syntax_by_name(""));
}

static void
suffixes(void **state)
{
	static const struct {
		const char *path;
		const char *want; /* NULL: none */
	} rows[] = {
		{"users.csv", "csv"},
		{"/a/USERS.CSV", "csv"},
		{"users.tsv", "tsv"},
		{"users.json", "json"},
		{"users.ndjson", "ndjson"},
		{"users.jsonl", "ndjson"},
		{"users.yaml", "yaml"},
		{"users.yml", "yaml"},
		{"users.csv.yml", "yaml"},
		{"users.LDIF", "ldif"},
		{"users.xlsx", NULL},
		{"users", NULL},
		{".csv", NULL},
		{"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct mc_syntax *s = mc_syntax_by_suffix(rows[i].path);

		if (rows[i].want == NULL)
			assert_null(s);
		else
			assert_string_equal(s->name, rows[i].want);
	}
}

static void
sniffing(void **state)
{
	static const struct {
		const char *text;
		const char *want; /* NULL: cannot tell */
	} rows[] = {
		{"address,name\na@x.org,A\n", "csv"},
		{"address;name", "csv"},
		{"address\tname\n", "csv"},
		{"\xef\xbb\xbf\n\n\"address\",\"name\"\n", "csv"},
		{"\xff\xfe"
		 "a",
			"csv"},
		{"\xfe\xff", "csv"},
		{"[{\"address\":\"a@x.org\"}]", "json"},
		{"\n  [\n", "json"},
		{"{\n\"address\":\"a@x.org\"}", "json"},
		{"{\"address\":\"a@x.org\",\n\"name\":\"}\"}", "json"},
		{"{\"defaults\":{},\"accounts\":[]}\n", "json"},
		{"{ \"accounts\":[]}\n", "json"},
		{"{\"address\":\"a@x.org\"}\n{\"address\":\"b\"}\n", "ndjson"},
		{"{\"address\":\"a\",\"x\":{\"y\":[\"\\\"}\"]}}", "ndjson"},
		{"{\"a\":\"\\", "json"},
		{"- address: a@x.org\n", "yaml"},
		{"-\n  address: a@x.org\n", "yaml"},
		{"address: a@x.org, b\n", "yaml"},
		{"defaults:\n", "yaml"},
		{"imap.host: x\n", "yaml"},
		{"# a, b\n\naccounts:\n", "yaml"},
		{"---\n- a: b\n", "yaml"},
		{"%YAML 1.1\n---\n", "yaml"},
		{"dn: uid=anna\nmail: a@x.org\n", "ldif"},
		{"DN:: YQ==\n", "ldif"},
		{"version: 1\n\ndn: x\n", "ldif"},
		{"# extended LDIF\n#\n\n# a, b\ndn: x, y\n", "ldif"},
		{"version: 2\n", "yaml"},
		{"dna: b\n", "yaml"},
		{"dn,mail\n", "csv"},
		{"#a,b\n1,2\n", "csv"},
		{"address\na@x.org\n", "csv"},
		{"\"Email Address\"\n", "csv"},
		{"4711\n", NULL},
		{"a@x.org\n", NULL},
		{"", NULL},
		{"\n\n# x\n", NULL},
		{"\xef\xbb\xbf", NULL},
		{": x\n", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct mc_syntax *s = mc_syntax_sniff(
			rows[i].text, strlen(rows[i].text));

		if (s == NULL ? rows[i].want != NULL
			      : rows[i].want == NULL ||
					strcmp(s->name, rows[i].want) != 0)
			fail_msg("row %zu is %s", i,
				s == NULL ? "nothing" : s->name);
	}
}

/* A text of one good record for each, in the order of the table. */
static const char *const good[] = {
	"a,b\n1,2\n",
	"a\tb\n1\t2\n",
	"[{\"a\":\"1\",\"b\":\"2\"}]",
	"{\"a\":\"1\",\"b\":\"2\"}\n",
	"- a: 1\n  b: 2\n",
	"dn: 1\nb: 2\n",
};

static void
good_record(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(good); i++) {
		struct bench b;
		enum mc_next n;

		set_up(&b, mc_syntax_at(i)->name, good[i], 0);
		n = next(&b);
		if (n == MC_NEXT_HEADER) {
			assert_true(b.record.columns);
			assert_null(b.record.items[0].text);
			n = next(&b);
			assert_true(b.record.columns);
		}
		assert_int_equal(n, MC_NEXT_RECORD);
		assert_int_equal(b.record.n_items, 2);
		assert_string_equal(b.record.items[1].name, "b");
		assert_string_equal(b.record.items[1].text, "2");
		assert_int_equal(b.record.items[1].len, 1);
		assert_string_equal(b.record.pos.file, "f");
		/* the end is the end, however often one asks */
		assert_int_equal(next(&b), MC_NEXT_END);
		assert_int_equal(next(&b), MC_NEXT_END);
		assert_int_equal(b.heard.count, 0);
		tear_down(&b);
	}
}

static void
empty(void **state)
{
	(void)state;
	for (size_t i = 0; i < mc_syntax_count(); i++) {
		struct bench b;

		set_up(&b, mc_syntax_at(i)->name, "", 0);
		assert_int_equal(next(&b), MC_NEXT_END);
		assert_int_equal(next(&b), MC_NEXT_END);
		assert_int_equal(b.heard.count, 1);
		assert_string_equal(b.heard.line,
			"f:0:0: there is no account in it [empty-input]");
		tear_down(&b);
	}
}

/* Reading fails after each number of bytes. */
static void
read_error(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(good); i++) {
		for (size_t left = 0; left <= strlen(good[i]); left++) {
			struct bench b;
			enum mc_next n;

			set_up(&b, mc_syntax_at(i)->name, good[i], EIO);
			b.memory.left = left;
			do
				n = next(&b);
			while (n < MC_NEXT_BAD);
			assert_int_equal(n, MC_NEXT_FATAL);
			assert_int_equal(next(&b), MC_NEXT_FATAL);
			assert_int_equal(b.heard.count, 1);
			assert_string_equal(b.heard.line,
				"f:0:0: Input/output error [no-input]");
			tear_down(&b);
		}
	}
}

static void
standard_input(void **state)
{
	struct bench b;

	(void)state;
	set_up(&b, "csv", "a,b\n1,\xff\n", 0);
	b.source.name = "-";
	b.syntax->close(b.reader);
	b.reader = b.syntax->open(b.syntax, &b.source, &b.report);
	assert_int_equal(next(&b), MC_NEXT_HEADER);
	assert_int_equal(next(&b), MC_NEXT_FATAL);
	assert_string_equal(b.heard.line,
		"-:2:3: pipe it through iconv -f WINDOWS-1252 -t UTF-8 "
		"[not-utf8]");
	tear_down(&b);
}

static void
file_names(void **state)
{
	static const struct {
		const char *name;
		const char *want;
	} rows[] = {
		{"a/b-c_d.csv", "UTF-8 a/b-c_d.csv > utf8.csv"},
		{"it's.csv", "UTF-8 'it'\\''s.csv' > utf8.csv"},
		{"$(x).csv", "UTF-8 '$(x).csv' > utf8.csv"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct bench b;

		set_up(&b, "csv", "\xff", 0);
		b.source.name = rows[i].name;
		b.syntax->close(b.reader);
		b.reader = b.syntax->open(b.syntax, &b.source, &b.report);
		assert_int_equal(next(&b), MC_NEXT_FATAL);
		assert_non_null(strstr(b.heard.line, rows[i].want));
		tear_down(&b);
	}
}

/* No complaint repeats what may be a password. */
static void
secrecy(void **state)
{
	static const struct {
		const char *syntax;
		const char *text;
	} rows[] = {
		{"csv", "address,password\na,S3CRET,x\n"},
		{"csv", "address,password\na,S3CRET\"x\n"},
		{"csv", "address,password\na,\"S3CRET\"x\n"},
		{"csv", "address,password\na,\"S3CRET\n"},
		{"csv", "address,password\na,S3CRET\xff\n"},
		{"csv", "address,\"S3CRET\n"},
		{"json", "[{\"password\":\"S3CRET"},
		{"json", "[{\"password\":\"S3CRET\n\"}]"},
		{"json", "[{\"password\":S3CRET}]"},
		{"json", "[{\"password\":\"S3CRET\" \"x\"}]"},
		{"json", "[{\"password\":\"S3CRET\\u0000\"}]"},
		{"json", "[{\"password\":\"S3CRET\",\"password\":\"S3CRET\"}]"},
		{"json", "\"S3CRET\""},
		{"json", "{\"accounts\":\"S3CRET\"}"},
		{"ndjson", "{\"password\":\"S3CRET}\n"},
		{"ndjson", "S3CRET\n"},
		{"yaml", "- password: S3CRET: x\n"},
		{"yaml", "- password: \"S3CRET\n"},
		{"yaml", "- password: \"S3CRET\\q\"\n"},
		{"yaml", "- password: @S3CRET\n"},
		{"yaml", "- password: !S3CRET\n"},
		{"yaml", "- password: &S3CRET\n"},
		{"yaml", "- password: *S3CRET\n"},
		{"yaml", "- password: !S3CRET!x y\n"},
		{"yaml", "- password: [S3CRET\n"},
		{"yaml", "- password: {S3CRET: {}, S: [{}]\n"},
		{"yaml", "- password: S3CRET\n  password: S3CRET\n"},
		{"ldif", "dn: x\nS3CRET\n"},
		{"ldif", "dn: x\nuserPassword:: S3CRET\n"},
		{"ldif", "dn: x\nS3CRET\xff: y\n"},
		{"ldif", "dn: x\nchangetype: S3CRET\n"},
		{"ldif", "version: S3CRET\n"},
		{"ldif", "S3CRET: x\n"},
		{"yaml", "S3CRET\n"},
		{"yaml", "- S3CRET\n"},
		{"yaml", "- password: \"S3CRET\x01\"\n"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct bench b;
		enum mc_next n;

		set_up(&b, rows[i].syntax, rows[i].text, 0);
		do {
			n = next(&b);
			if (strstr(b.heard.line, "S3CRET") != NULL)
				fail_msg("row %zu: %s", i, b.heard.line);
		} while (n < MC_NEXT_END);
		if (b.heard.count == 0)
			fail_msg("row %zu: nothing was said", i);
		tear_down(&b);
	}
}

static void
places(void **state)
{
	struct mc_place p = {1, 1, false};

	(void)state;
	mc_walk(&p, "ab", 2);
	assert_int_equal(p.column, 3);
	mc_walk(&p, "\xc3\xa4\xe2\x82\xac", 5);
	assert_int_equal(p.column, 5);
	mc_walk(&p, "\r", 1);
	assert_int_equal(p.line, 2);
	assert_int_equal(p.column, 1);
	mc_walk(&p, "\n", 1);
	assert_int_equal(p.line, 2);
	mc_walk(&p, "\n\r\rx", 4);
	assert_int_equal(p.line, 5);
	assert_int_equal(p.column, 2);
}

static void
prefixes(void **state)
{
	static const struct {
		const char *text;
		size_t utf8;
	} rows[] = {
		{"", 0},
		{"abc", 3},
		{"abcdefghijklmnopq", 17},
		{"abcdefgh\xc3\xa4"
		 "abcdefghi\xff",
			19},
		{"abcdefghi\xc3\xa4", 11},
		{"\xc3\xa4\xc3", 2},
		{"\xff", 0},
		{"\xc0\x80", 0},
		{"abc\xed\xa0\x80", 3},
		{"abcdefg\x80", 7},
		{"\xe5\xb1\xb1\xe7\x94\xb0", 6},
		{"\xf0\x9f\x98\x80\xd0\x98\x80", 6},
	};

	(void)state;
	/* behind ever more text, as it is looked at in pieces */
	for (size_t i = 0; i < ROWS(rows); i++)
		for (size_t more = 0; more < 140; more++) {
			char text[256];
			size_t n = more + strlen(rows[i].text);

			memset(text, 'x', sizeof(text));
			memcpy(text + more, rows[i].text, n - more);
			assert_int_equal(
				mc_utf8_prefix(text, n), more + rows[i].utf8);
			/* what is whole stays so before other text */
			if (rows[i].utf8 == n - more)
				assert_int_equal(
					mc_utf8_prefix(text, n + 70), n + 70);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(suffixes),
		cmocka_unit_test(sniffing),
		cmocka_unit_test(good_record),
		cmocka_unit_test(empty),
		cmocka_unit_test(read_error),
		cmocka_unit_test(standard_input),
		cmocka_unit_test(file_names),
		cmocka_unit_test(secrecy),
		cmocka_unit_test(places),
		cmocka_unit_test(prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
