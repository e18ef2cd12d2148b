/* SPDX-License-Identifier: ISC */
/* An item of a YAML list that has nothing odd in it: where things are. */
#ifndef MC_YAML_ITEM_H
#define MC_YAML_ITEM_H

#include <stdbool.h>
#include <stddef.h>

enum {
	/* of a record; more is odd */
	MC_YAML_ENTRIES = 48,
	MC_YAML_LEVELS = 4,
	MC_YAML_ITEM = 48 * 1024, /* bytes */
	/* characters of the next item that the library looks at */
	MC_YAML_AHEAD = 4,
};

/* A name with its text, map or list; or a text of the list before it. */
enum mc_yaml_kind {
	MC_YAML_PAIR = 0,
	MC_YAML_MAP,
	MC_YAML_LIST,
	MC_YAML_ELEMENT
};

struct mc_yaml_entry {
	enum mc_yaml_kind kind;
	/* the entry of the map that it is in; MC_YAML_ENTRIES: none */
	unsigned map;
	unsigned line;
	unsigned name_column;
	unsigned column; /* of the text */
	size_t name;
	size_t n_name;
	size_t text;
	size_t len;
	char quote; /* '\0': there is none */
	bool escaped;
};

/* A map that is open. */
struct mc_yaml_level {
	size_t indent;
	unsigned map;
};

struct mc_yaml_item {
	/* in */
	const char *s; /* from the line of its dash on */
	size_t n;
	size_t indent; /* blanks before the dash */
	unsigned line; /* of the dash; then that of the next one */
	/* out */
	struct mc_yaml_entry entries[MC_YAML_ENTRIES];
	unsigned n_entries;
	size_t start; /* of the next dash's line */
	bool cut;     /* more than is at hand was asked for */
	/* at work */
	size_t i;
	size_t blanks; /* that the line begins with */
	bool pending;  /* the last entry's map or list is still to come */
	struct mc_yaml_level levels[MC_YAML_LEVELS];
	unsigned level;
};

/*
 * Finds the entries of an item whose texts are of one line each and which
 * another item follows.  false: it is not like that, or may be, when `cut`.
 * What it takes, the library takes, and it means the same.
 */
bool mc_yaml_item_scan(struct mc_yaml_item *);
/*
 * Makes of an entry's text, in a copy of the source, what it means, and ends it
 * with a NUL.  Returns how long it is.
 */
size_t mc_yaml_item_text(char *text, const struct mc_yaml_entry *);

#endif
