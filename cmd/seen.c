/* SPDX-License-Identifier: ISC */
/*
 * A set of names: 24 bytes an entry, open addressing.  Keys are halves of
 * SHA-256, so that nobody can make two of them meet.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "gen.h"

void
seen_key(unsigned char key[16], const char *const *parts)
{
	struct mc_part_bytes bytes[8] = {{NULL, 0}};
	unsigned char hash[MC_SHA256_SIZE];
	size_t n = 0;

	for (; parts[n] != NULL && n < 7; n++)
		bytes[n] = (struct mc_part_bytes){
			parts[n], strlen(parts[n]) + 1};
	mc_sha256(bytes, hash);
	memcpy(key, hash, 16);
	/* an entry of zeros is free */
	key[15] |= 1;
}

static bool
is_free(const struct seen_entry *entry)
{
	static const unsigned char none[16];

	return memcmp(entry->key, none, sizeof(none)) == 0;
}

/* The entry with the key, or the free one where it would go. */
static size_t
slot(const struct seen *seen, const unsigned char key[16])
{
	uint64_t first;
	size_t at;

	memcpy(&first, key, sizeof(first));
	at = (size_t)first & (seen->size - 1);
	while (!is_free(&seen->entries[at]) &&
		memcmp(seen->entries[at].key, key, 16) != 0)
		at = (at + 1) & (seen->size - 1);
	return at;
}

size_t
seen_find(const struct seen *seen, const unsigned char key[16])
{
	size_t at;

	if (seen->size == 0)
		return SIZE_MAX;
	at = slot(seen, key);
	return is_free(&seen->entries[at]) ? SIZE_MAX : at;
}

static bool
grow(struct seen *seen)
{
	struct seen wide = {.size = seen->size == 0 ? 64 : 2 * seen->size};

	wide.entries = calloc(wide.size, sizeof(*wide.entries));
	if (seen->with_values)
		wide.values = calloc(wide.size, sizeof(*wide.values));
	if (wide.entries == NULL ||
		(seen->with_values && wide.values == NULL)) {
		free(wide.entries);
		free(wide.values);
		return false;
	}
	for (size_t i = 0; i < seen->size; i++) {
		size_t at;

		if (is_free(&seen->entries[i]))
			continue;
		at = slot(&wide, seen->entries[i].key);
		wide.entries[at] = seen->entries[i];
		if (seen->with_values)
			memcpy(wide.values[at], seen->values[i], 16);
	}
	free(seen->entries);
	free(seen->values);
	seen->entries = wide.entries;
	seen->values = wide.values;
	seen->size = wide.size;
	return true;
}

bool
seen_add(struct seen *seen, const unsigned char key[16], struct spot spot,
	const unsigned char *value)
{
	size_t at;

	if (seen->n + seen->n / 2 >= seen->size && !grow(seen))
		return false;
	at = slot(seen, key);
	seen->n += is_free(&seen->entries[at]);
	memcpy(seen->entries[at].key, key, 16);
	seen->entries[at].spot = spot;
	if (value != NULL && seen->values != NULL)
		memcpy(seen->values[at], value, 16);
	return true;
}

void
seen_free(struct seen *seen)
{
	free(seen->entries);
	free(seen->values);
	*seen = (struct seen){0};
}

struct mailcfg_pos
spot_pos(struct gen *g, struct spot spot)
{
	struct mailcfg_pos pos = {NULL, spot.line, spot.column};

	if (spot.file != SPOT_OPERAND) {
		pos.file = g->o.from[spot.file];
		return pos;
	}
	pos.file = mc_arena_printf(&g->work, "operand %u", spot.line);
	pos.line = 1;
	return pos;
}
