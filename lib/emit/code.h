/* SPDX-License-Identifier: ISC */
/*
 * Documents that are a QR code, as PNG, as SVG, as lines for a terminal, or
 * what the code says: the field qr.format, which their targets share, and how
 * they are drawn.
 */
#ifndef MC_CODE_H
#define MC_CODE_H

#include "emit.h"

/* The order of a target's docs[], and of the field's words. */
enum mc_code_format {
	MC_CODE_PNG = 0,
	MC_CODE_SVG,
	MC_CODE_TEXT,
	MC_CODE_PAYLOAD,
	MC_CODE_FORMATS
};

/* For mc_target.fields and mc_target.form: a PNG, but lines on a terminal. */
extern const struct mc_field mc_code_fields[];
size_t mc_code_form(const struct mailcfg_account *, const struct mc_options *);
/* Whether a code of so many bytes is read without trouble. */
bool mc_code_is_easy(size_t bytes);
/* Refuses what fits into no code, warns of what is hard to read. */
void mc_code_check(struct mc_check *, size_t bytes);
/*
 * Appends the drawing of the bytes, or themselves, to e->out[0].  title is read
 * out with an SVG, and caption stands below lines.
 * false: out of memory.
 */
bool mc_code_draw(struct mc_emit *, const struct mailcfg_account *,
	const char *bytes, size_t n, const char *title, const char *caption);

#endif
