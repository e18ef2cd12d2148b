/* SPDX-License-Identifier: ISC */
/*
 * A set of names: open addressing.  Keys are made with a secret of the run, so
 * that nobody can make two of them meet.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "gen.h"
#include "text.h"

/* SipHash-1-3 with 128 bits (Aumasson and Bernstein, 2012), and its key. */
static uint64_t secret[2];

struct sip {
	uint64_t v[4];
	uint64_t word; /* bytes that are not yet a whole one */
	size_t n;
};

bool
seen_start(void)
{
	return getrandom(secret, sizeof(secret), 0) == (ssize_t)sizeof(secret);
}

static uint64_t
rotate(uint64_t x, unsigned bits)
{
	return (x << bits) | (x >> (64 - bits));
}

static inline void
sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

static void
sip_word(struct sip *s, uint64_t word)
{
	s->v[3] ^= word;
	sip_round(s->v);
	s->v[0] ^= word;
}

static void
sip_add(struct sip *s, const char *bytes, size_t n)
{
	size_t i = 0;

	if (s->n % 8 == 0 && n >= 8) {
		for (; n - i >= 8; i += 8)
			sip_word(s, mc_eight(bytes + i));
		/* the rest at once, as most are one part and no more */
		if (i < n)
			s->word = mc_eight(bytes + n - 8) >> 8 * (8 - (n - i));
		s->n += n;
		return;
	}
	for (; i < n; i++) {
		s->word |= (uint64_t)(unsigned char)bytes[i]
			<< (8 * (s->n % 8));
		if (++s->n % 8 == 0) {
			sip_word(s, s->word);
			s->word = 0;
		}
	}
}

static uint64_t
sip_end(struct sip *s, uint64_t mark, size_t where)
{
	s->v[where] ^= mark;
	for (int i = 0; i < 3; i++)
		sip_round(s->v);
	return s->v[0] ^ s->v[1] ^ s->v[2] ^ s->v[3];
}

void
seen_key(unsigned char key[16], const char *const *parts)
{
	struct sip s = {.v = {secret[0] ^ 0x736f6d6570736575u,
				secret[1] ^ 0x646f72616e646f6du ^ 0xee,
				secret[0] ^ 0x6c7967656e657261u,
				secret[1] ^ 0x7465646279746573u}};
	uint64_t halves[2];

	for (; *parts != NULL; parts++)
		sip_add(&s, *parts, strlen(*parts) + 1);
	sip_word(&s, s.word | (uint64_t)s.n << 56);
	halves[0] = sip_end(&s, 0xee, 2);
	halves[1] = sip_end(&s, 0xdd, 1);
	memcpy(key, halves, 16);
}

/* What an entry keeps of a key; its first byte has chosen the table. */
static inline uint64_t
kept_of(const unsigned char key[16])
{
	uint64_t kept;

	memcpy(&kept, key + 8, sizeof(kept));
	return kept | 1;
}

static inline bool
is_free(const struct seen_entry *entry)
{
	return entry->kept == 0;
}

/* Where the search for a key begins. */
static inline uint32_t
first_slot(const struct seen_table *table, uint64_t kept)
{
	return (uint32_t)(((kept >> 32) * table->size) >> 32);
}

void
seen_expect(const struct seen *seen, const unsigned char key[16])
{
	const struct seen_table *table;

	if (seen->tables == NULL)
		return;
	table = &seen->tables[key[0]];
	if (table->size > 0)
		__builtin_prefetch(
			&table->entries[first_slot(table, kept_of(key))]);
}

/* The entry with the key, or the free one where it would go. */
static inline uint32_t
slot(const struct seen_table *table, uint64_t kept)
{
	uint32_t at = first_slot(table, kept);

	while (table->entries[at].kept != kept && table->entries[at].kept != 0)
		at = at + 1 == table->size ? 0 : at + 1;
	return at;
}

bool
seen_find_value(const struct seen *seen, const unsigned char key[16],
	struct spot *spot, unsigned char value[16])
{
	const struct seen_table *table;
	uint32_t at;

	if (seen->tables == NULL)
		return false;
	table = &seen->tables[key[0]];
	if (table->size == 0)
		return false;
	at = slot(table, kept_of(key));
	if (is_free(&table->entries[at]))
		return false;
	if (spot != NULL)
		*spot = table->entries[at].spot;
	if (value != NULL && table->values != NULL)
		memcpy(value, table->values[at], 16);
	return true;
}

bool
seen_find(
	const struct seen *seen, const unsigned char key[16], struct spot *spot)
{
	return seen_find_value(seen, key, spot, NULL);
}

/*
 * From a table that has seen enough to one that will be enough: what doubles
 * is moved each time.  More is not reserved on the strength of a guess.
 */
enum { JUMP_FROM = 64, JUMP_TO = 1024 };

static uint32_t
next_size(const struct seen *seen, uint32_t size)
{
	uint64_t wanted = seen->expected / SEEN_TABLES;

	/* with room for chance, and 77 in a hundred full */
	wanted += wanted * 3 / 10;
	if (size >= JUMP_FROM && wanted > 2 * (uint64_t)size &&
		wanted <= JUMP_TO)
		return (uint32_t)wanted;
	return size < 16 ? 16 : 2 * size;
}

static bool
grow(const struct seen *seen, struct seen_table *table)
{
	const struct seen_table old = *table;
	bool with_values = seen->with_values;
	uint32_t size;
	struct seen_entry *entries;
	unsigned char(*values)[16] = NULL;

	if (old.size > UINT32_MAX / 2)
		return false;
	size = next_size(seen, old.size);
	entries = calloc(size, sizeof(*entries));
	if (with_values)
		values = calloc(size, sizeof(*values));
	if (entries == NULL || (with_values && values == NULL)) {
		free(entries);
		free(values);
		return false;
	}
	table->entries = entries;
	table->values = values;
	table->size = size;
	for (uint32_t i = 0; i < old.size; i++) {
		uint32_t at;

		if (is_free(&old.entries[i]))
			continue;
		at = slot(table, old.entries[i].kept);
		entries[at] = old.entries[i];
		if (with_values)
			memcpy(values[at], old.values[i], 16);
	}
	free(old.entries);
	free(old.values);
	return true;
}

/* The table for a key, with room for one more; NULL: out of memory. */
static struct seen_table *
table_for(struct seen *seen, const unsigned char key[16])
{
	struct seen_table *table;

	if (seen->tables == NULL)
		seen->tables = calloc(SEEN_TABLES, sizeof(*seen->tables));
	if (seen->tables == NULL)
		return NULL;
	table = &seen->tables[key[0]];
	/* at most 85 in a hundred: runs of neighbours stay short */
	if ((uint64_t)table->n * 20 >= (uint64_t)table->size * 17 &&
		!grow(seen, table))
		return NULL;
	return table;
}

static void
set(struct seen_table *table, uint32_t at, const unsigned char key[16],
	struct spot spot, const unsigned char *value)
{
	struct seen_entry *entry = &table->entries[at];

	table->n += is_free(entry);
	entry->kept = kept_of(key);
	entry->spot = spot;
	if (value != NULL && table->values != NULL)
		memcpy(table->values[at], value, 16);
}

bool
seen_add(struct seen *seen, const unsigned char key[16], struct spot spot,
	const unsigned char *value)
{
	struct seen_table *table = table_for(seen, key);

	if (table == NULL)
		return false;
	set(table, slot(table, kept_of(key)), key, spot, value);
	return true;
}

enum seen_fate
seen_enter(struct seen *seen, const unsigned char key[16], struct spot spot,
	struct spot *first)
{
	struct seen_table *table = table_for(seen, key);
	uint32_t at;

	if (table == NULL)
		return SEEN_NO_MEMORY;
	at = slot(table, kept_of(key));
	if (!is_free(&table->entries[at])) {
		*first = table->entries[at].spot;
		return SEEN_BEFORE;
	}
	set(table, at, key, spot, NULL);
	return SEEN_NEW;
}

void
seen_free(struct seen *seen)
{
	for (size_t i = 0; seen->tables != NULL && i < SEEN_TABLES; i++) {
		free(seen->tables[i].entries);
		free(seen->tables[i].values);
	}
	free(seen->tables);
	*seen = (struct seen){0};
}

struct mailcfg_pos
spot_pos(const struct gen *g, struct spot spot)
{
	struct mailcfg_pos pos = {NULL, spot.line, spot.column};

	if (spot.file != SPOT_OPERAND) {
		pos.file = g->o.from[spot.file];
		return pos;
	}
	pos.file = g->o.operand_names[spot.line - 1];
	pos.line = 1;
	return pos;
}
