/* SPDX-License-Identifier: ISC */
/*
 * What was sent to whom: a file that grows by a line for each step, so that a
 * run that was cut off is taken up again and nobody gets a message twice.
 * Before the server is told that a message is whole, the journal says that it
 * is being sent, and that line is on the disk.
 */
#ifndef MC_JOURNAL_H
#define MC_JOURNAL_H

#include "gen.h"

enum { JOURNAL_KEY = 16, JOURNAL_SALT = 16 };

enum journal_state {
	JOURNAL_NEW = 0, /* nothing is known of it */
	JOURNAL_SENDING, /* in doubt, when a run finds it */
	JOURNAL_SENT,
	JOURNAL_WAITS,
	JOURNAL_REFUSED
};

struct journal {
	const char *path;
	int fd; /* -1: there is none */
	struct program *program;
	unsigned char salt[JOURNAL_SALT];
	/*
	 * What it held when it was opened, by key; it does not change, and
	 * any thread may look.
	 */
	struct seen seen;
	bool failed; /* reported */
};

/* What it says of a key. */
struct journal_past {
	enum journal_state state;
	unsigned sent;     /* how often */
	long long seconds; /* when the state began, since 1970 */
};

/*
 * Opens and locks it; makes it, unless dry_run.  secret: passwords may be
 * guessed from it.  false: reported.
 */
bool journal_open(struct journal *, struct program *, const char *path,
	bool dry_run, bool secret);
struct journal_past journal_find(
	const struct journal *, const unsigned char key[JOURNAL_KEY]);
/* Adds a line.  durable: and waits for the disk.  false: reported. */
bool journal_add(struct journal *, enum journal_state,
	const unsigned char key[JOURNAL_KEY], const char *account,
	const char *to, const char *text, bool durable);
/* false: reported. */
bool journal_close(struct journal *);

#endif
