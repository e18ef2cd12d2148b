/* SPDX-License-Identifier: ISC */
/*
 * QR codes (ISO/IEC 18004) of any bytes, drawn as PNG, as SVG and for a
 * terminal: black on white, with a quiet zone of four modules.  Pure: the same
 * bytes give the same drawing.
 */
#ifndef MC_QR_H
#define MC_QR_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "buf.h"

enum {
	MC_QR_BYTES = 2953, /* more fit into no code */
	/* more make a code past version 10, which phones read badly */
	MC_QR_EASY = 271,
	MC_QR_QUIET = 4, /* modules on each side */
	MC_QR_SCALE = 8, /* pixels a module, unless somebody wants others */
};

struct mc_qr {
	unsigned version;           /* 1 to 40 */
	unsigned size;              /* modules on a side, quiet zone apart */
	const unsigned char *black; /* size * size of 0 and 1, row by row */
};

/*
 * Error correction is chosen by size: M, and as much more as costs no larger
 * code; L where M would need one past version 10.  false: errno is ERANGE, it
 * does not fit; EINVAL, there is nothing; ENOMEM.
 */
bool mc_qr_make(struct mc_arena *, const void *, size_t, struct mc_qr *);

/* Appends a PNG of one bit a pixel.  false: out of memory. */
bool mc_qr_png(struct mc_buf *, const struct mc_qr *, unsigned scale);
/*
 * Appends an SVG element, to stand alone or in a page of HTML: no declaration,
 * no line break at the end.  title is what is read out.
 */
void mc_qr_svg(struct mc_buf *, const struct mc_qr *, const char *title);
/*
 * Appends lines for a terminal of UTF-8, two modules above each other in each
 * cell.  The colours are named, whatever the terminal's own are.
 */
void mc_qr_text(struct mc_buf *, const struct mc_qr *);

#endif
