/* SPDX-License-Identifier: ISC */
/* The YAML reader's own: events on their way to records. */
#ifndef MC_YAML_EVENT_H
#define MC_YAML_EVENT_H

#include <yaml.h>

#include "flat.h"
#include "yaml_input.h"

/* What comes next. */
enum mc_yaml_where {
	MC_YAML_STREAM = 0, /* the first document */
	MC_YAML_MEMBERS,    /* of the map of defaults and accounts */
	MC_YAML_RECORDS,
	MC_YAML_DOCUMENT, /* its end */
	MC_YAML_END
};

enum { MC_YAML_INDENT = 64 }; /* of a list that is read quickly */

/*
 * Where the library is at work again after records that were read without it,
 * it is given lines in their place, in which the same is open.
 */
struct mc_yaml_again {
	char text[MC_YAML_INDENT + 32];
	size_t n_lines; /* the last one opens the list, one before it the map */
};

struct mc_yaml {
	struct mc_reader r;
	struct mc_yaml_input input;
	yaml_parser_t parser;
	yaml_event_t event;
	bool held; /* the event is still wanted */
	/* the record under way: what it ends with so far */
	yaml_mark_t last;
	bool flow; /* it is in braces, or no map */
	bool list; /* the records are items of a list with dashes */
	enum mc_yaml_where where;
	unsigned depth;
	bool map; /* of defaults and accounts */
	bool seen_defaults;
	bool seen_accounts;
	struct mailcfg_pos root;  /* the map's */
	struct mailcfg_pos first; /* the first dash's of the list */
	/* yaml_quick.c */
	bool parked;    /* the library is not at work */
	size_t n_quick; /* bytes and lines of what was handed out last */
	unsigned n_lines;
	struct mc_yaml_again again;
	size_t line; /* of the library's first line behind those */
};

/* Sets the parser up.  false: out of memory. */
bool mc_yaml_start(struct mc_yaml *);
/* The next event, or the one that was held back.  false: reported. */
bool mc_yaml_pull(struct mc_yaml *);
/* Passes over the node that begins with the event.  false: reported. */
bool mc_yaml_pass(struct mc_yaml *);
/* Reports at the mark, and ends it.  Always false. */
bool mc_yaml_fail(struct mc_yaml *, enum mc_msg, const yaml_mark_t *,
	const char *, ...) __attribute__((format(printf, 4, 5)));
struct mailcfg_pos mc_yaml_pos(const struct mc_yaml *, const yaml_mark_t *);
/* What is refused of the node that begins with the event; NULL: nothing. */
const char *mc_yaml_unsafe(const yaml_event_t *);
/* A plain scalar that means nothing. */
bool mc_yaml_null(const yaml_event_t *);
/* A record, or something else in its place, begins with the event. */
void mc_yaml_begin_record(struct mc_yaml *);
/*
 * The record that began; when it is a map whose first name is held back, that
 * is the event.
 */
enum mc_next mc_yaml_record(struct mc_yaml *, const struct mailcfg_pos *,
	struct mc_arena *, struct mc_record *);

#endif
