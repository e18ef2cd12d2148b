/* SPDX-License-Identifier: ISC */
/* Nested maps on their way to a flat record with dotted names. */
#ifndef MC_FLAT_H
#define MC_FLAT_H

#include "input.h"

enum { MC_FLAT_MAX = 512 }; /* values, and names, of a record */

/* A name, and the map it stands in. */
struct mc_flat_key {
	unsigned map;
	unsigned line;
	const char *name;
	size_t len;
};

struct mc_flat {
	struct mc_reader *reader;
	struct mc_arena *arena;
	struct mc_item *items;
	size_t n_items;
	struct mc_flat_key *keys;
	size_t n_keys;
	unsigned maps; /* so far */
	char *list;    /* the text of the last item, when it is a list */
	size_t list_cap;
	bool bad; /* something was refused, and reported */
};

/* false: out of memory. */
bool mc_flat_init(struct mc_flat *, struct mc_reader *, struct mc_arena *);
void mc_flat_refuse(struct mc_flat *, enum mc_msg, const struct mailcfg_pos *,
	const char *, ...) __attribute__((format(printf, 4, 5)));
/*
 * A name of the map with that number, which must be new; prefix: NULL or the
 * dotted name of the map.  Returns the dotted name; NULL: out of memory, or
 * too many (refused).
 */
const char *mc_flat_name(struct mc_flat *, unsigned map, const char *prefix,
	const char *name, const struct mailcfg_pos *);
/* A new item with its name and text; NULL as above, or too long. */
struct mc_item *mc_flat_add(struct mc_flat *, const char *name,
	const struct mailcfg_pos *name_pos, const char *text, size_t len,
	const struct mailcfg_pos *pos);
/* One more text of the last item, which began as MC_TYPE_NULL. */
void mc_flat_join(struct mc_flat *, struct mc_item *, const char *text,
	size_t len, const struct mailcfg_pos *);
/*
 * Whether a map or list of that name, at the top of a file that was taken for
 * one record, shows that the file was to hold defaults and accounts.  That is
 * refused, once.
 */
bool mc_flat_misplaced(
	struct mc_flat *, const char *name, const struct mailcfg_pos *);
/* Hands the items over.  MC_NEXT_RECORD, MC_NEXT_BAD or MC_NEXT_FATAL. */
enum mc_next mc_flat_finish(
	const struct mc_flat *, const struct mailcfg_pos *, struct mc_record *);

#endif
