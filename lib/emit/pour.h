/* SPDX-License-Identifier: ISC */
/*
 * The mould of a document: text as it stands there, and between it holes, into
 * which values are poured.
 */
#ifndef MC_POUR_H
#define MC_POUR_H

#include "emit.h"

enum { MC_MOULD_PARTS = 256, MC_MOULD_HOLES = 32 };

struct mc_mould_part;

/* Zero-initialise it. */
struct mc_mould {
	struct mc_buf literal;
	struct mc_mould_part *parts;
	size_t n_parts;
	unsigned char used[MC_MOULD_HOLES]; /* into target->holes */
	size_t n_used;
};

/* Writes what stands in the hole.  false: out of memory. */
bool mc_hole_write(const struct mc_hole *, struct mc_arena *,
	const struct mailcfg_account *, struct mc_buf *);

/* Begins a mould of so many documents. */
bool mc_mould_begin(struct mc_mould *, size_t docs);
/*
 * Text, and the hole behind it (into target->holes; -1: none, it ends the
 * document), in the order of documents.  false: it cannot be held.
 */
bool mc_mould_add(
	struct mc_mould *, size_t doc, const char *, size_t n, int hole);
/* Nothing more is added.  false: out of memory. */
bool mc_mould_end(struct mc_mould *);
/* The same mould once more.  false: out of memory. */
bool mc_mould_copy(struct mc_mould *, const struct mc_mould *from);
/*
 * The mould with those holes filled that show the domain alone, for accounts
 * that share it.
 */
bool mc_mould_fill(struct mc_mould *, const struct mc_mould *from,
	struct mc_buf *scratch, const struct mc_emit *,
	const struct mailcfg_account *);
/* Pours into out[], behind what is there.  false: out of memory. */
bool mc_mould_pour(const struct mc_mould *, struct mc_buf *scratch,
	const struct mc_emit *, const struct mailcfg_account *,
	struct mc_buf *out);
void mc_mould_free(struct mc_mould *);

#endif
