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

enum { ESCAPES = 9, WORD = 8 };

/* What stands for a byte, and how many bytes that are. */
struct word {
	char text[WORD];
	size_t n;
};

/*
 * The bytes that something else stands for, from 1 on, and what; 0 is every
 * byte that stands for itself.
 */
struct escapes {
	char byte[ESCAPES];
	struct word word[ESCAPES];
	unsigned char of[256]; /* which one a byte is */
};

#ifdef __SSE2__
enum { STEP = 16 };

/* Which of STEP bytes something else stands for: a bit each. */
static inline unsigned
look(const struct escapes *e, __m128i v)
{
	__m128i any = _mm_setzero_si128();

	for (size_t k = 1; k < ESCAPES && e->byte[k] != 0; k++)
		any = _mm_or_si128(
			any, _mm_cmpeq_epi8(v, _mm_set1_epi8(e->byte[k])));
	return (unsigned)_mm_movemask_epi8(any);
}

static inline unsigned
copy_step(const struct escapes *e, char *to, const char *text)
{
	const __m128i v = _mm_loadu_si128((const void *)text);

	_mm_storeu_si128((void *)to, v);
	return look(e, v);
}

/*
 * Copies n bytes, in the largest pieces there are, as far as they stand for
 * themselves: how many did, or a few fewer.
 */
static inline size_t
copy_plain(const struct escapes *e, char *to, const char *text, size_t n)
{
	size_t i = 0;

	if (n >= STEP) {
		for (; n - i >= STEP; i += STEP)
			if (copy_step(e, to + i, text + i) != 0)
				return i;
		/* what is left, with some that were copied already */
		return copy_step(e, to + n - STEP, text + n - STEP) == 0 ? n
									 : i;
	}
	if (n >= STEP / 2) {
		const char *last = text + n - STEP / 2;
		const __m128i v = _mm_unpacklo_epi64(
			_mm_loadl_epi64((const void *)text),
			_mm_loadl_epi64((const void *)last));

		_mm_storel_epi64((void *)to, v);
		_mm_storel_epi64(
			(void *)(to + n - STEP / 2), _mm_unpackhi_epi64(v, v));
		return look(e, v) == 0 ? n : 0;
	}
	return 0;
}
#else
static inline size_t
copy_plain(const struct escapes *e, char *to, const char *text, size_t n)
{
	(void)e, (void)to, (void)text, (void)n;
	return 0;
}
#endif

static inline void
escape(struct mc_buf *out, const char *text, const struct escapes *e)
{
	size_t n = strlen(text), i;
	char *to = mc_buf_spare(out, WORD * (n + 1));

	if (to == NULL)
		return;
	i = copy_plain(e, to, text, n);
	to += i;
	/* without a branch: nobody can tell where the next one is */
	for (; i < n; i++) {
		unsigned k = e->of[(unsigned char)text[i]];
		const struct word *word = &e->word[k];

		memcpy(to, word->text, WORD);
		*to = (char)(k == 0 ? text[i] : word->text[0]);
		to += word->n;
	}
	*to = '\0';
	out->len = (size_t)(to - out->data);
}

#define WORD_OF(text)                  \
	{                              \
		text, sizeof(text) - 1 \
	}
#define ITSELF        \
	{             \
		"", 1 \
	}

void
mc_escape_xml(struct mc_buf *out, const char *text)
{
	static const struct escapes table = {{0, '&', '<', '>', '"', '\r'},
		{ITSELF, WORD_OF("&amp;"), WORD_OF("&lt;"), WORD_OF("&gt;"),
			WORD_OF("&quot;"), WORD_OF("&#13;")},
		{['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4, ['\r'] = 5}};

	escape(out, text, &table);
}

void
mc_escape_markup(struct mc_buf *out, const char *text)
{
	static const struct escapes table = {{0, '&', '<', '>'},
		{ITSELF, WORD_OF("&amp;"), WORD_OF("&lt;"), WORD_OF("&gt;")},
		{['&'] = 1, ['<'] = 2, ['>'] = 3}};

	escape(out, text, &table);
}

void
mc_escape_json(struct mc_buf *out, const char *text)
{
	/* the gate lets no other control character through */
	static const struct escapes table = {
		{0, '"', '\\', '\b', '\f', '\n', '\r', '\t'},
		{ITSELF, WORD_OF("\\\""), WORD_OF("\\\\"), WORD_OF("\\b"),
			WORD_OF("\\f"), WORD_OF("\\n"), WORD_OF("\\r"),
			WORD_OF("\\t")},
		{['"'] = 1,
			['\\'] = 2,
			['\b'] = 3,
			['\f'] = 4,
			['\n'] = 5,
			['\r'] = 6,
			['\t'] = 7}};

	escape(out, text, &table);
}
