/* SPDX-License-Identifier: ISC */
#ifndef MC_PRESET_TREE_H
#define MC_PRESET_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "diag.h"

enum mc_node_kind { MC_NODE_TEXT = 0, MC_NODE_LIST, MC_NODE_MAP };

/* A value of a preset's file, and where it stands there. */
struct mc_node {
	enum mc_node_kind kind;
	const char *key; /* NULL: not in a map */
	const char *text;
	size_t len;
	bool null;  /* empty, ~ or null, without quotes */
	bool exact; /* source text == text, so columns inside can be told */
	struct mailcfg_pos key_pos;
	struct mailcfg_pos pos;
	size_t count; /* of what is in it */
	struct mc_node *first;
	struct mc_node *next;
};

/*
 * Reads one YAML document, strictly: no anchor, alias or tag, no key twice, no
 * second document, nothing deep, nothing huge.  NULL: reported as the message,
 * or out of memory.
 */
struct mc_node *mc_tree_read(struct mc_arena *, enum mc_msg, const char *file,
	const char *text, size_t n, struct mc_report *);

#endif
