/* SPDX-License-Identifier: ISC */
#include "holes.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define GETTER(name, value)                                              \
	const char *mc_get_##name(                                       \
		struct mc_arena *arena, const struct mailcfg_account *a) \
	{                                                                \
		(void)arena;                                             \
		return value;                                            \
	}

GETTER(mailbox, a->mailbox)
GETTER(mailbox_display, a->mailbox_display)
GETTER(identity, a->identity)
GETTER(local_part, a->local_part)
GETTER(domain, a->domain)
GETTER(domain_display, a->domain_display)
GETTER(name, a->name)
GETTER(given_name, a->given_name)
GETTER(family_name, a->family_name)
GETTER(person, a->person)
GETTER(deliver_to, a->deliver_to)
GETTER(login, mc_incoming(a)->login)
GETTER(smtp_login, mc_submission(a)->login)
GETTER(other_login,
	mc_other_incoming(a) == NULL ? NULL : mc_other_incoming(a)->login)
GETTER(password, mc_incoming(a)->password)
GETTER(smtp_password, mc_submission(a)->password)
GETTER(other_password,
	mc_other_incoming(a) == NULL ? NULL : mc_other_incoming(a)->password)

enum { ESCAPES = 8 };

/* The bytes that something else stands for, and what; ends with a zero. */
struct escapes {
	char byte[ESCAPES];
	const char *word[ESCAPES];
};

#ifdef __SSE2__
enum { STEP = 16 };

/* Which of STEP bytes something else stands for: a bit each. */
static inline unsigned
look(const struct escapes *e, const char *text)
{
	const __m128i v = _mm_loadu_si128((const __m128i *)(const void *)text);
	__m128i any = _mm_setzero_si128();

	for (size_t k = 0; k < ESCAPES && e->byte[k] != 0; k++)
		any = _mm_or_si128(
			any, _mm_cmpeq_epi8(v, _mm_set1_epi8(e->byte[k])));
	return (unsigned)_mm_movemask_epi8(any);
}

/* How many of n bytes, from the first on, stand for themselves. */
static size_t
plain(const struct escapes *e, const char *text, size_t n)
{
	size_t i = 0;
	unsigned found;

	for (; n - i >= STEP; i += STEP) {
		found = look(e, text + i);
		if (found != 0)
			return i + (unsigned)__builtin_ctz(found);
	}
	if (i < n) {
		char rest[STEP] = "";

		memcpy(rest, text + i, n - i);
		found = look(e, rest);
		if (found != 0)
			return i + (unsigned)__builtin_ctz(found);
	}
	return n;
}
#else
static size_t
plain(const struct escapes *e, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < ESCAPES && e->byte[k] != 0; k++)
			if (e->byte[k] == text[i])
				return i;
	return n;
}
#endif

static const char *
word_of(const struct escapes *e, char c)
{
	for (size_t k = 0; k < ESCAPES && e->byte[k] != 0; k++)
		if (e->byte[k] == c)
			return e->word[k];
	return "";
}

static void
escape(struct mc_buf *out, const char *text, const struct escapes *e)
{
	size_t left = strlen(text);

	for (;;) {
		size_t n = plain(e, text, left);

		mc_buf_add(out, text, n);
		if (n == left)
			return;
		mc_buf_puts(out, word_of(e, text[n]));
		text += n + 1;
		left -= n + 1;
	}
}

void
mc_escape_xml(struct mc_buf *out, const char *text)
{
	static const struct escapes table = {{'&', '<', '>', '"', '\r'},
		{"&amp;", "&lt;", "&gt;", "&quot;", "&#13;"}};

	escape(out, text, &table);
}

void
mc_escape_markup(struct mc_buf *out, const char *text)
{
	static const struct escapes table = {
		{'&', '<', '>'}, {"&amp;", "&lt;", "&gt;"}};

	escape(out, text, &table);
}

void
mc_escape_json(struct mc_buf *out, const char *text)
{
	/* the gate lets no other control character through */
	static const struct escapes table = {
		{'"', '\\', '\b', '\f', '\n', '\r', '\t'},
		{"\\\"", "\\\\", "\\b", "\\f", "\\n", "\\r", "\\t"}};

	escape(out, text, &table);
}
