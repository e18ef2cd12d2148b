/* SPDX-License-Identifier: ISC */
#include "explain_hear.h"

#include <stdint.h>
#include <string.h>

#include "text.h"

enum {
	GAP = 160, /* bytes that "*" may stand for */
	SLUG = 32,
	DIGITS = 3,  /* of a subject or detail */
	BETWEEN = 8, /* bytes between a reply and its status code */
	BACK = 64    /* bytes that are looked at before a code */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return mc_lower(c) >= 'a' && mc_lower(c) <= 'z';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (mc_lower(c) >= 'a' && mc_lower(c) <= 'f');
}

/* A number of one to three digits; its bytes, or 0. */
static size_t
read_number(const char *s, size_t n, unsigned short *out)
{
	size_t len = 0;

	*out = 0;
	for (; len < n && len < DIGITS && is_digit(s[len]); len++)
		*out = (unsigned short)(*out * 10 + (s[len] - '0'));
	return len;
}

size_t
mc_code_read(const char *s, size_t n, struct mc_code *code)
{
	size_t at = 2, len;

	*code = (struct mc_code){.enhanced = true};
	if (n < 5 || (s[0] != '2' && s[0] != '4' && s[0] != '5') || s[1] != '.')
		return 0;
	code->class = (unsigned char)(s[0] - '0');
	len = read_number(s + at, n - at, &code->subject);
	at += len;
	if (len == 0 || at >= n || s[at] != '.')
		return 0;
	at++;
	len = read_number(s + at, n - at, &code->detail);
	at += len;
	if (len == 0)
		return 0;
	/* no address, version or number goes on here */
	if (at < n && (is_letter(s[at]) || is_digit(s[at]) || s[at] == '_'))
		return 0;
	if (at + 1 < n && s[at] == '.' && is_digit(s[at + 1]))
		return 0;
	return code->subject > 7 ? 0 : at;
}

/* "550" at s; its bytes, or 0. */
static size_t
read_reply(const char *s, size_t n, unsigned short *reply)
{
	if (n < 3 || (s[0] != '2' && s[0] != '4' && s[0] != '5') ||
		s[1] > '5' || read_number(s, n, reply) != 3)
		return 0;
	if (n > 3 && (is_letter(s[3]) || is_digit(s[3]) || s[3] == '_'))
		return 0;
	if (n > 4 && (s[3] == '.' || s[3] == ',') && is_digit(s[4]))
		return 0;
	return 3;
}

/* What stands before a number that is a code. */
static bool
announces(const char *word, size_t n)
{
	static const char *const words[] = {"said", "error", "errors", "code",
		"status", "dsn", "smtp", "reply", "response", "replied",
		"returned", "answered", "was", "fel", "felkod", "fehler",
		"fehlercode", "status-code", "svarade",
		"\xd0\xba\xd0\xbe\xd0\xb4",
		"\xd0\xbe\xd1\x88\xd0\xb8\xd0\xb1\xd0\xba\xd0\xb0"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == n &&
			mc_strncasecmp(words[i], word, n) == 0)
			return true;
	return false;
}

/* Whether a number at s[at] can be a code: it begins a line, or is announced.
 */
static bool
is_announced(const char *s, size_t at)
{
	size_t least = at > BACK ? at - BACK : 0, i = at, word;

	while (i > least && strchr(" \t\r=:;#(\"'<[>|*", s[i - 1]) != NULL &&
		s[i - 1] != '\0')
		i--;
	if (i == 0 || s[i - 1] == '\n')
		return true;
	if (i < at && s[i - 1] == ']' && s[i] == ':')
		return true; /* "host mx.example [192.0.2.1]: 550" */
	for (word = i; word > least &&
		(is_letter(s[word - 1]) || (unsigned char)s[word - 1] >= 0x80);)
		word--;
	return i < at && announces(s + word, i - word);
}

/* A hearing. */
struct hearing {
	const char *s;
	size_t n;
	size_t at;
	bool inside; /* of a word */
	struct mc_buf out;
	struct mc_heard *heard;
};

static void
add_code(struct mc_heard *h, const struct mc_code *code)
{
	if (h->n_codes < MC_HEARD_CODES)
		h->code[h->n_codes++] = *code;
}

/* A reply code, and the status code behind it: "550 5.1.1", "550-5.1.1". */
static size_t
take_reply(struct hearing *g, const char *s, size_t n)
{
	struct mc_code code = {0};
	unsigned short reply;
	size_t len = read_reply(s, n, &reply), at = len, more;

	if (len == 0)
		return 0;
	while (at < n && at < len + BETWEEN &&
		strchr(" \t-#(", s[at]) != NULL && s[at] != '\0')
		at++;
	more = at == len || at == n ? 0 : mc_code_read(s + at, n - at, &code);
	if (more > 0 && code.class == reply / 100) {
		code.reply = reply;
		add_code(g->heard, &code);
		return at + more;
	}
	if (!is_announced(g->s, g->at))
		return 0;
	code = (struct mc_code){
		.reply = reply, .class = (unsigned char)(reply / 100)};
	add_code(g->heard, &code);
	return len;
}

/* A code at the current place, which begins a word; its bytes, or 0. */
static size_t
take_code(struct hearing *g)
{
	const char *s = g->s + g->at;
	size_t n = g->n - g->at, len;
	struct mc_code code;

	if (!is_digit(*s))
		return 0;
	if (g->at > 0 && strchr(".-@/", g->s[g->at - 1]) != NULL &&
		g->s[g->at - 1] != '\0')
		return 0;
	len = mc_code_read(s, n, &code);
	if (len == 0)
		return take_reply(g, s, n);
	if (!is_announced(g->s, g->at))
		return 0;
	add_code(g->heard, &code);
	return len;
}

static char
capital(char c)
{
	static const char small[] = "abcdefghijklmnopqrstuvwxyz";
	static const char big[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const char *at = c == '\0' ? NULL : strchr(small, c);

	if (at == NULL)
		return c;
	return big[at - small];
}

/* "[SYS/TEMP]": what IMAP and POP3 answer beside the words. */
static void
take_answer(struct hearing *g)
{
	const char *s = g->s + g->at + 1;
	size_t n = g->n - g->at - 1, len = 0;
	struct mc_heard *h = g->heard;
	char *out;

	while (len < n &&
		(is_letter(s[len]) || strchr("/-_", s[len]) != NULL) &&
		s[len] != '\0')
		len++;
	if (len < 3 || len >= MC_ANSWER || len == n ||
		(s[len] != ']' && s[len] != ' ' && s[len] != '(') ||
		h->n_answers == MC_HEARD_ANSWERS)
		return;
	out = h->answer[h->n_answers++];
	for (size_t i = 0; i < len; i++)
		out[i] = capital(s[i]);
	out[len] = '\0';
}

/* The bytes of a character that neither parts words nor belongs to one. */
static bool
is_nothing(uint32_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200f) || c == 0x2060 ||
		c == 0xfeff;
}

static bool
is_apostrophe(uint32_t c)
{
	return c == '\'' || c == '`' || c == 0x2019 || c == 0xb4;
}

static bool
is_word_at(const struct hearing *g, size_t at)
{
	uint32_t c;

	return at < g->n && mc_utf8_decode(g->s + at, g->n - at, &c) > 0 &&
		mc_is_word_code(c);
}

/* "0x800CCC0E" and "800ccc0e" are one. */
static bool
is_prefix(const struct hearing *g)
{
	const char *s = g->s + g->at;

	if (g->n - g->at < 8 || s[0] != '0' || mc_lower(s[1]) != 'x')
		return false;
	for (size_t i = 2; i < 8; i++)
		if (!is_hex(s[i]))
			return false;
	return true;
}

static void
take_letter(struct hearing *g, uint32_t c)
{
	char bytes[4];

	c = mc_lower_code(c);
	if (c == 0x451) /* yo is often written as ye */
		c = 0x435;
	if (!g->inside)
		mc_buf_putc(&g->out, ' ');
	g->inside = true;
	mc_buf_add(&g->out, bytes, mc_utf8_encode(bytes, c));
}

/* One step on. */
static void
step(struct hearing *g)
{
	uint32_t c = 0;
	size_t len = g->inside ? 0 : take_code(g);

	if (len > 0) {
		g->at += len;
		return;
	}
	if (!g->inside && is_prefix(g)) {
		g->at += 2;
		return;
	}
	len = mc_utf8_decode(g->s + g->at, g->n - g->at, &c);
	if (len == 0) {
		g->inside = false;
		g->at++;
		return;
	}
	if (c == '[')
		take_answer(g);
	if (mc_is_word_code(c))
		take_letter(g, c);
	else if (!is_nothing(c) &&
		!(g->inside && is_apostrophe(c) && is_word_at(g, g->at + len)))
		g->inside = false;
	g->at += len;
}

static const char *
finish(struct mc_arena *arena, struct hearing *g)
{
	const char *words = NULL;

	mc_buf_putc(&g->out, ' ');
	if (g->out.failed)
		arena->failed = true;
	else
		words = mc_arena_strndup(arena, g->out.data, g->out.len);
	mc_buf_free(&g->out);
	return words;
}

static const char *
lower_copy(struct mc_arena *arena, const char *s, size_t n)
{
	char *copy = mc_arena_strndup(arena, s, n);

	for (size_t i = 0; copy != NULL && i < n; i++)
		copy[i] = mc_lower(copy[i]);
	return copy;
}

static size_t
slug_length(const char *s, size_t n)
{
	size_t len = 0;

	while (len < n && len <= SLUG &&
		(is_letter(s[len]) || is_digit(s[len]) || s[len] == '-'))
		len++;
	return len <= SLUG ? len : 0;
}

/* Whether the line so far is a message's: "users.csv:3:1: error: ...". */
static bool
is_message(const char *s, size_t n)
{
	static const char *const levels[] = {"error:", "warning:", "note:"};

	for (size_t i = 0; i < 3; i++) {
		size_t len = strlen(levels[i]);

		for (size_t at = 0; at + len <= n; at++)
			if (memcmp(s + at, levels[i], len) == 0)
				return true;
	}
	return false;
}

/* "... [no-server]" at the end of a message, or the slug alone. */
static void
find_slug(struct mc_arena *arena, const char *s, size_t n, struct mc_heard *h)
{
	size_t line = 0, len;

	while (n > 0 && strchr(" \t\r\n", *s) != NULL && *s != '\0') {
		s++;
		n--;
	}
	while (n > 0 && strchr(" \t\r\n", s[n - 1]) != NULL && s[n - 1] != '\0')
		n--;
	len = slug_length(s, n);
	if (len > 0 && len == n)
		h->slug = lower_copy(arena, s, n);
	for (size_t i = 0; i < n && h->slug == NULL; i++) {
		if (s[i] == '\n')
			line = i + 1;
		if (s[i] != '[')
			continue;
		len = slug_length(s + i + 1, n - i - 1);
		if (len == 0 || i + 1 + len >= n || s[i + 1 + len] != ']')
			continue;
		if ((i == 0 && len + 2 == n) ||
			(is_message(s + line, i - line) &&
				(i + len + 2 == n || s[i + len + 2] == '\n' ||
					s[i + len + 2] == '\r')))
			h->slug = lower_copy(arena, s + i + 1, len);
	}
}

bool
mc_hear(struct mc_arena *arena, const char *s, size_t n, struct mc_heard *h)
{
	struct hearing g = {.s = s, .n = n, .heard = h};

	*h = (struct mc_heard){.words = " "};
	while (g.at < g.n && !g.out.failed)
		step(&g);
	h->words = finish(arena, &g);
	find_slug(arena, s, n, h);
	return !arena->failed;
}

const char *
mc_hear_phrase(struct mc_arena *arena, const char *s, size_t n)
{
	struct mc_heard nobody = {0};
	struct hearing g = {.heard = &nobody};
	struct mc_buf all = {0};
	const char *words = NULL;

	for (size_t at = 0; at <= n; at++) {
		const char *star = memchr(s + at, '*', n - at);
		size_t end = star == NULL ? n : (size_t)(star - s);

		g = (struct hearing){
			.s = s + at, .n = end - at, .heard = &nobody};
		while (g.at < g.n && !g.out.failed)
			step(&g);
		words = finish(arena, &g);
		if (words == NULL)
			break;
		if (words[1] != '\0') {
			if (all.len > 0)
				mc_buf_putc(&all, '*');
			mc_buf_puts(&all, words);
		}
		at = end;
	}
	if (all.failed)
		arena->failed = true;
	words = all.failed || all.len == 0
		? NULL
		: mc_arena_strndup(arena, all.data, all.len);
	mc_buf_free(&all);
	return words;
}

const char *
mc_hear_both(struct mc_arena *arena, const char *a, const char *b)
{
	return mc_arena_printf(arena, "%s&%s", a, b);
}

static unsigned
count_words(const char *s, size_t n)
{
	unsigned count = 0;

	for (size_t i = 1; i < n; i++)
		count += s[i - 1] == ' ' && s[i] != ' ' && s[i] != '*';
	return count;
}

/* Finds n bytes of needle in words, no farther than `limit` from there. */
static const char *
find(const char *words, const char *needle, size_t n, size_t limit)
{
	const char *at = words;

	while ((at = strchr(at, ' ')) != NULL &&
		(size_t)(at - words) <= limit) {
		if (strncmp(at, needle, n) == 0)
			return at;
		at++;
	}
	return NULL;
}

/* The parts of a phrase between "*", the first anywhere. */
static bool
follows(const char *words, const char *phrase, size_t n, size_t limit)
{
	const char *star = memchr(phrase, '*', n);
	size_t len = star == NULL ? n : (size_t)(star - phrase);

	for (; (words = find(words, phrase, len, limit)) != NULL; words++) {
		if (star == NULL ||
			follows(words + len - 1, star + 1, n - len - 1, GAP))
			return true;
		if (limit != SIZE_MAX)
			return false;
	}
	return false;
}

unsigned
mc_heard_phrase(const char *words, const char *phrase)
{
	unsigned count = 0;

	for (;;) {
		size_t n = strcspn(phrase, "&");

		if (!follows(words, phrase, n, SIZE_MAX))
			return 0;
		count += count_words(phrase, n);
		if (phrase[n] == '\0')
			return count;
		phrase += n + 1;
	}
}
