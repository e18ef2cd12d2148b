/* SPDX-License-Identifier: ISC */
#ifndef MC_PRESET_TAKE_H
#define MC_PRESET_TAKE_H

#include "preset_tree.h"
#include "provider.h"

enum { MC_TAKE_TEXT = 1024, MC_TAKE_URL = 2048, MC_TAKE_WORD = 64 }; /* bytes */

/* A preset in the making from its file's values. */
struct mc_taking {
	struct mc_arena *arena;
	struct mc_report *report;
	struct mc_report relay; /* turns the gate's complaints into ours */
	struct mc_preset *preset;
	struct mailcfg_offer *offers; /* the preset's, to be finished */
	struct mc_draft *draft;       /* its default fields; NULL: none yet */
	bool bad;
};

/* A key of a map, and who takes its value into `out`. */
struct mc_taker {
	const char *name;
	void (*take)(struct mc_taking *, const struct mc_node *, void *out);
};

/* Refuses what stands at pos: bad-preset. */
void mc_take_refuse(struct mc_taking *, const struct mailcfg_pos *,
	const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Where in the node, `at` code points from its beginning. */
struct mailcfg_pos mc_node_inside(const struct mc_node *, size_t at);

/* The node's text, or NULL: refused. */
const char *mc_take_text(
	struct mc_taking *, const struct mc_node *, size_t limit);
/* The like of a page that people open. */
const char *mc_take_page(struct mc_taking *, const struct mc_node *);
/* Which of the words, which a NULL ends, or -1: refused. */
int mc_take_word(struct mc_taking *, const struct mc_node *,
	const char *const *words, const char *all);
/* false: it is of another kind, and refused. */
bool mc_take_is(struct mc_taking *, const struct mc_node *, enum mc_node_kind);
/* Hands a map's values to the takers.  false: refused as a whole. */
bool mc_take_map(struct mc_taking *, const struct mc_node *,
	const struct mc_taker *, size_t n, void *out);
/* Refuses a key and names the nearest one, among fields too. */
void mc_take_unknown(struct mc_taking *, const struct mc_node *,
	const char *name, const struct mc_taker *, size_t n, bool fields);

/* The first brace that begins no placeholder, in bytes; SIZE_MAX: none. */
size_t mc_stray_brace(const char *);
/* The list of servers. */
void mc_take_servers(struct mc_taking *, const struct mc_node *, void *);

#endif
