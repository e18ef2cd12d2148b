/* SPDX-License-Identifier: ISC */
/* What the parts of a probe share: the conversation, and each protocol's. */
#ifndef MC_TALK_H
#define MC_TALK_H

#include "../buf.h"
#include "abilities.h"
#include "probe.h"
#include "reply.h"
#include "wire.h"

/* Milliseconds: to connect, for an answer, for a farewell, for it all. */
enum {
	MC_TALK_CONNECT = 5000,
	MC_TALK_ANSWER = 20000,
	MC_TALK_FAREWELL = 500,
	MC_TALK_WHOLE = 40000
};

enum mc_answer {
	MC_ANSWER_YES = 0,
	MC_ANSWER_NO,    /* for ever */
	MC_ANSWER_LATER, /* for now */
	MC_ANSWER_MORE,  /* it wants another line */
	MC_ANSWER_BYE,   /* it ends the session */
	MC_ANSWER_ODD,   /* not a word of the protocol */
	MC_ANSWER_FAULT  /* wire.fault */
};

struct mc_talk {
	const struct mc_probe_to *to;
	struct mc_probe *out;
	const struct mc_dialect *dialect;
	struct mc_wire wire;
	struct mc_shaken shaken;
	struct mc_abilities abilities;
	bool asking; /* what is heard is what it can do */
	struct mc_reply_secrets secrets;
	unsigned tag;          /* IMAP */
	struct mc_reply reply; /* SMTP */
	/* the last line that counts, as it came, and a challenge */
	char said[MC_PROBE_TEXT + 64];
	size_t n_said;
	const char *more; /* after "+ " or "334 ", in wire.line */
	bool bye;         /* said is why it ends the session */
	bool impostor;    /* it lets in whomever it likes */
	bool full;        /* it was said that the mailbox is */
};

struct mc_dialect {
	const char *name;
	/* The greeting; MC_ANSWER_MORE: somebody is logged in already. */
	enum mc_answer (*greeting)(struct mc_talk *);
	/* Asks for its abilities. */
	enum mc_answer (*ask)(struct mc_talk *);
	enum mc_answer (*starttls)(struct mc_talk *);
	/* Starts SASL; initial: its first answer, or NULL. */
	enum mc_answer (*sasl)(
		struct mc_talk *, const char *mechanism, const char *initial);
	/* A reply to a line that was sent by itself. */
	enum mc_answer (*reply)(struct mc_talk *);
	/* The protocol's own login; NULL: it has none. */
	enum mc_answer (*login)(struct mc_talk *);
	/* After the login: what else is looked at; NULL: nothing. */
	void (*sender)(struct mc_talk *);
	const char *farewell;
};
extern const struct mc_dialect mc_dialect_imap;
extern const struct mc_dialect mc_dialect_pop3;
extern const struct mc_dialect mc_dialect_smtp;

/* A line of the server's; NULL: wire.fault. */
const char *mc_talk_line(struct mc_talk *, size_t *n);
/* Keeps what the server said, to be shown. */
void mc_talk_keep(struct mc_talk *, const char *, size_t);
/* A line of ours; CR LF is added. */
bool mc_talk_send(struct mc_talk *, const char *);
/*
 * The same for what is secret: the buffer is emptied, and nothing goes out
 * unless TLS is verified.
 */
bool mc_talk_send_secret(struct mc_talk *, struct mc_buf *);
bool mc_talk_is_secure(const struct mc_talk *);
/* Whether the line starts with the word, in any case. */
bool mc_talk_starts(const char *line, size_t n, const char *word);

/* What was found at a step; fit to be shown. */
void mc_talk_find(struct mc_talk *, enum mc_step, enum mc_reason);
/* The same with what the server said. */
void mc_talk_hear(struct mc_talk *, enum mc_step, enum mc_reason);
void mc_talk_detail(struct mc_talk *, enum mc_step, const char *, size_t);
/* An answer that is neither yes nor no; false: it is one of those. */
bool mc_talk_broke(struct mc_talk *, enum mc_step, enum mc_answer);

/* probe_tls.c: the steps TLS and certificate, at once or after STARTTLS. */
bool mc_talk_secure(struct mc_talk *);

/* probe_login.c: the steps mechanisms and login. */
void mc_talk_mechanisms(struct mc_talk *);
/* Whether somebody is logged in now. */
bool mc_talk_login(struct mc_talk *);

/*
 * reach.c: the steps name and connect.  The descriptor, not blocking; -1:
 * what is wrong was found.
 */
int mc_reach(const struct mc_probe_to *, struct mc_probe *);

#endif
