/* SPDX-License-Identifier: ISC */
/* What the programs share that make tables of the binary out of templates/. */
#ifndef EMBED_H
#define EMBED_H

#include <stdbool.h>
#include <stdio.h>

#include "arena.h"
#include "diag.h"

struct embed {
	const char *name; /* of the program */
	/* Reads and checks the folder.  false: what is wrong has been said. */
	bool (*read)(struct mc_arena *, const char *dir, void *table,
		struct mc_report *);
	/* false: it cannot be written, beside what ferror() tells. */
	bool (*write)(FILE *, const void *table);
};

/* main() of "NAME DIR OUT.c", with a zeroed table of its own. */
int embed_main(int argc, char **argv, const struct embed *, void *table);
/* An array of characters: a literal of that length is more than C promises. */
void embed_text(FILE *, const char *name, const char *text);

#endif
