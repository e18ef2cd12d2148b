/* SPDX-License-Identifier: ISC */
/*
 * The escapers of json's and yaml's holes against the libraries themselves:
 * what cJSON and libyaml write of a name is what the escaper appends.
 */
#include <stdio.h>
#include <string.h>

#include "account.h"
#include "emit/emit.h"
#include "emit/holes.h"
#include "text.h"

#include "test.h"

enum { RANDOM = 20000, LONGEST = 400 };

/* A target and what stands about the name in its document. */
struct format {
	const char *target;
	const char *before, *behind;
	/* the gate's text only: else what the library takes */
	bool gated;
};
static const struct format formats[] = {
	{"json", "\"name\":\"", "\",\"protocol\"", true},
	{"yaml", "\n  name: \"", "\"\n  protocol", false},
};

/* What a check of many texts keeps. */
struct bench {
	const struct format *format;
	const struct mc_target *target;
	void (*escape)(struct mc_buf *, const char *);
	struct mc_arena arena;
	struct mc_emit e;
	struct mc_buf out[MC_DOCS_MAX];
	struct mc_buf escaped;
	unsigned long n;
};

static void
open_bench(struct bench *b, const struct format *format)
{
	static const struct mc_options options = {.embed_password = false};

	*b = (struct bench){.format = format};
	b->target = mc_target_find(format->target);
	assert_non_null(b->target);
	for (const struct mc_hole *h = b->target->holes; h->get != NULL; h++)
		if (h->get == mc_get_name)
			b->escape = h->escape;
	assert_non_null(b->escape);
	b->e = (struct mc_emit){.target = b->target,
		.options = &options,
		.out = b->out,
		.arena = &b->arena};
}

static void
close_bench(struct bench *b)
{
	mc_buf_free(&b->out[0]);
	mc_buf_free(&b->escaped);
	mc_arena_free(&b->arena);
}

static void
compare(struct bench *b, const char *name)
{
	static struct mc_account account = {.a = {
						    .mailbox = "a@x.example",
						    .local_part = "a",
						    .domain = "x.example",
					    }};
	const struct mailcfg_account *a = &account.a;
	size_t before = strlen(b->format->before), at;
	const char *made;

	account.a.name = name;
	mc_buf_reset(&b->out[0]);
	mc_buf_reset(&b->escaped);
	mc_arena_reset(&b->arena);
	assert_true(mc_emit_accounts(&b->e, &a, 1));
	b->escape(&b->escaped, name);
	assert_false(b->escaped.failed);
	made = strstr(b->out[0].data, b->format->before);
	assert_non_null(made);
	made += before;
	at = (size_t)(made - b->out[0].data);
	if (b->out[0].len - at < b->escaped.len ||
		memcmp(made, b->escaped.data, b->escaped.len) != 0 ||
		strncmp(made + b->escaped.len, b->format->behind,
			strlen(b->format->behind)) != 0)
		fail_msg("%s: \"%s\" is escaped as \"%s\", and written in\n%s",
			b->format->target, name, b->escaped.data,
			b->out[0].data);
	b->n++;
}

/* Appends a code point. */
static void
add_code(struct mc_buf *out, uint32_t c)
{
	if (c < 0x80) {
		mc_buf_putc(out, (char)c);
		return;
	}
	if (c < 0x800) {
		mc_buf_putc(out, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			mc_buf_putc(out, (char)(0xe0 | c >> 12));
		} else {
			mc_buf_putc(out, (char)(0xf0 | c >> 18));
			mc_buf_putc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		mc_buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	mc_buf_putc(out, (char)(0x80 | (c & 0x3f)));
}

/* Whether a password, which may hold the most, may hold this. */
static bool
passes(const struct mc_buf *text)
{
	size_t at;

	return mc_text_check(text->data, text->len, false, &at) == MC_TEXT_OK;
}

/* Alone, between letters, and beside blanks. */
static void
compare_code(struct bench *b, uint32_t c)
{
	static const char *const about[][2] = {
		{"", ""}, {"a", "b"}, {" ", "  "}, {"\"", "\\"}};
	struct mc_buf text = {0};

	add_code(&text, c);
	if (b->format->gated && !passes(&text)) {
		mc_buf_free(&text);
		return;
	}
	for (size_t i = 0; i < ROWS(about); i++) {
		mc_buf_reset(&text);
		mc_buf_puts(&text, about[i][0]);
		add_code(&text, c);
		mc_buf_puts(&text, about[i][1]);
		compare(b, text.data);
	}
	mc_buf_free(&text);
}

static void
test_codes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(formats); i++) {
		struct bench b;

		open_bench(&b, &formats[i]);
		for (uint32_t c = 1; c <= 0xffff; c++)
			if (c < 0xd800 || c > 0xdfff)
				compare_code(&b, c);
		for (uint32_t c = 0x10000; c <= 0x10ffff; c += 509)
			compare_code(&b, c);
		compare_code(&b, 0x1f600);
		compare_code(&b, 0x10ffff);
		assert_true(b.n > 4 * 60000ul);
		close_bench(&b);
	}
}

/* splitmix64, below n */
static uint32_t
next(uint64_t *state, size_t n)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ (z >> 31)) % n);
}

/* Now and then long enough for a line to be folded, were lines folded. */
static void
invent_text(uint64_t *state, struct mc_buf *text)
{
	static const char odd[] = "\"\\'{}[]:#&*!|>%@`,?- ";
	static const uint32_t strange[] = {0xa0, 0xad, 0x200b, 0x200d, 0x2027,
		0x202e, 0xd7ff, 0xe000, 0xfdcf, 0xfeff, 0xfffd, 0x1f600};
	size_t n = 1 + next(state, next(state, 8) == 0 ? LONGEST : 30);

	for (size_t i = 0; i < n; i++) {
		uint32_t c = 0x21 + next(state, 0x5e);

		switch (next(state, 8)) {
		case 0: c = 0xa1 + next(state, 0x500); break;
		case 1: c = 0x3000 + next(state, 0xa000); break;
		case 2: c = strange[next(state, ROWS(strange))]; break;
		case 3:
			c = (unsigned char)odd[next(state, ROWS(odd) - 1)];
			break;
		case 4: c = ' '; break;
		}
		add_code(text, c);
	}
}

static void
test_random(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(formats); i++) {
		struct bench b;
		struct mc_buf text = {0};
		uint64_t seed = 20261125;

		open_bench(&b, &formats[i]);
		for (int k = 0; k < RANDOM; k++) {
			mc_buf_reset(&text);
			invent_text(&seed, &text);
			assert_true(passes(&text));
			compare(&b, text.data);
		}
		mc_buf_free(&text);
		close_bench(&b);
	}
}

/* A login that a reader would expand is written otherwise: a shape. */
static void
test_shape(void **state)
{
	static const struct {
		const char *local_part, *login;
		bool other;
	} rows[] = {
		{"a", "a", false},
		{"a", "{x}", false},
		{"a", "{domain", false},
		{"{domain}", "b", false},
		{"{domain}", "{domain}", true},
	};
	struct mc_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows) * ROWS(formats); i++) {
		static const struct mc_options options;
		size_t row = i % ROWS(rows);
		const struct mc_target *target = mc_target_find(
			formats[i / ROWS(rows)].target);
		struct mc_report report = {0};
		unsigned long long shape = 77;
		struct mc_account account = {
			.a = {
				.mailbox = "m@x.example",
				.local_part = rows[row].local_part,
				.domain = "x.example",
				.server =
					{
						{.host = "i", .login = "m"},
						{.protocol = MAILCFG_POP3},
						{.protocol = MAILCFG_SUBMISSION,
							.host = "o",
							.login =
								rows[row]
									.login},
					},
			}};

		assert_non_null(mc_target_admit(target, &account.a, &options,
			false, &arena, &report, &shape));
		assert_int_equal(shape != 0, rows[row].other);
	}
	mc_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
