/* SPDX-License-Identifier: ISC */
/*
 * --report and --rejects: what a run writes of itself.  Both are files that
 * appear under their names when the run ends, closed to others, for passwords
 * may be in them or be guessed from them.
 */
#ifndef MC_REPORT_H
#define MC_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd.h"
#include "file.h"

struct document;

/* Text that becomes a file, or standard output. */
struct log {
	const char *path; /* NULL: there is none */
	bool standard;    /* "-" */
	bool open;
	bool failed; /* reported, or to be reported at the end */
	int error;   /* why */
	struct file file;
	struct mc_buf buf;
};
/* Before the run begins.  must_be_new: what is there is not replaced. */
bool log_open(
	struct log *, struct program *, const char *path, bool must_be_new);
/* Writes log->buf when there is enough of it. */
void log_flush(struct log *, bool all);
/* keep: it gets its name.  What went wrong is reported. */
void log_close(struct log *, struct program *, bool keep);

/* A line for a document; fate FATES and above: it could not be written. */
void report_document(
	struct log *, const struct document *, const char *path, enum fate);
/* A line for a diagnostic. */
void report_diag(struct log *, const struct mailcfg_diag *);

#endif
