/* SPDX-License-Identifier: ISC */
/*
 * A folder in the making: ".NAME.PID.RANDOM.tmp" beside its last place.  Files
 * are made in it with their last names; all become durable at once, and then
 * the folder gets its name.
 */
#ifndef MC_STAGING_H
#define MC_STAGING_H

#include <stdbool.h>
#include <stddef.h>

#include "file.h"

struct staging {
	int parent;           /* descriptor, ours */
	char name[FILE_NAME]; /* the last name */
	char temp[FILE_NAME]; /* "": there is no such folder any more */
	size_t n;             /* files in it */
	int few[FILE_MANY];   /* their descriptors, as long as they are few */
	size_t n_few;
	bool broken; /* a piece of a file could not be taken away */
};

/*
 * Removes what killed runs left beside the last place.  The number of a run
 * that is still at work there; 0: none.
 */
long staging_sweep(int parent, const char *name);
/*
 * Makes the folder, locked.  Its descriptor is the caller's to close; -1:
 * errno.  parent is closed by staging_close, or here when it fails.
 */
int staging_open(struct staging *, int parent, const char *name);
/* A file is written: it is closed, or kept until all are durable. */
bool staging_add(struct staging *, int fd);
/* Before another of its folders is entered. */
bool staging_leave(struct staging *, int folder);
/* Makes everything in it durable.  false: errno. */
bool staging_sync(struct staging *, int dir);
/* Gives it its name.  false: errno; EEXIST: something has the name. */
bool staging_publish(struct staging *);
/* Takes the folder away, unless it has its name. */
void staging_close(struct staging *, int dir);

#endif
