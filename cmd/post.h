/* SPDX-License-Identifier: ISC */
/*
 * Messages on their way: sink_post hands them to a carrier, one at a time, in
 * the order of the input; remembers in the journal how each fared; and tries
 * again what is refused for the time being.
 */
#ifndef MC_POST_H
#define MC_POST_H

#include "journal.h"

enum { POST_TEXT = 512 };

/* How a carrier fared with a message. */
enum post_fate {
	POST_SENT = 0,
	POST_REFUSED,   /* for ever */
	POST_WAITS,     /* for now: this message */
	POST_BUSY,      /* for now: whatever message */
	POST_DOUBTFUL,  /* nobody knows whether it was taken */
	POST_FAILED,    /* no message can be sent */
	POST_NO_MEMORY, /* nor can one */
	POST_STOPPED    /* by post_before() */
};

struct post;
/* Ways to send: a row each. */
struct carrier {
	bool verified; /* it is proved who gets the message */
	/* false: reported */
	bool (*open)(struct post *);
	/*
	 * Asks post_before() before the message can be taken by anybody.  text
	 * is fit to be shown.
	 */
	enum post_fate (*send)(struct post *, const struct document *,
		const char *bytes, size_t n, char text[POST_TEXT + 1]);
	void (*close)(struct post *);
};
extern const struct carrier carrier_submit;
extern const struct carrier carrier_command;

/* A message that waits for another try. */
struct waiting {
	struct piece *piece;
	struct envelope envelope;
	struct mc_buf bytes;
	char text[POST_TEXT + 1]; /* why */
	struct waiting *next;
};

struct post {
	/* set before it is opened */
	struct gen *g;
	const struct carrier *carrier;
	const char *from;         /* envelope sender */
	const char *journal_path; /* NULL: none */
	bool again;
	bool resend_doubtful;
	unsigned rate;      /* messages a minute; 0: no limit */
	unsigned retry_for; /* seconds */
	/* carrier_command */
	const char **words;
	/* carrier_submit */
	const char *host;
	unsigned port;
	bool implicit;
	const char *login; /* NULL: none */
	struct source source;
	const char *ca_file;
	struct password password;
	struct mc_submit *submit;
	struct mc_submit_to *to;
	/* while it is open */
	struct journal journal;
	bool open;                  /* the carrier */
	const struct document *doc; /* the message at hand */
	bool announced;             /* the journal says that it is sent */
	long long next;             /* milliseconds: not before then */
	unsigned busy;              /* how often in a row the carrier was */
	struct waiting *first, **last;
	size_t held;         /* bytes of those that wait */
	unsigned long given; /* messages that could not be held */
};

/* The message at hand may be taken from now on.  false: it must not. */
bool post_before(struct post *);
/* Time that a run had, in milliseconds. */
long long post_clock(void);
/* Sleeps, unless a signal asks to stop.  false: it does. */
bool post_sleep(long long milliseconds);

#endif
