/* SPDX-License-Identifier: ISC */
/* What the parts of `mailcfg check` share. */
#ifndef MC_CHECK_H
#define MC_CHECK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "digest.h"
#include "explain.h"
#include "gen.h"
#include "net/probe.h"
#include "net/published.h"
#include "provider.h"

/*
 * Connections to a host at a time, fewer once one failed; refused logins in a
 * row after which no more are tried; accounts under way; threads; domains that
 * are asked at a time.
 */
enum {
	CHECK_OPEN = 4,
	CHECK_OPEN_CAREFUL = 2,
	CHECK_REFUSED = 5,
	CHECK_WINDOW = 64,
	CHECK_THREADS = 16,
	CHECK_DOMAINS = 4
};

/* A service of an account. */
enum check_service {
	CHECK_IMAP = 0,
	CHECK_POP3,
	CHECK_SUBMISSION,
	CHECK_CALDAV,
	CHECK_CARDDAV
};
#define CHECK_SERVICES 5
/* For people, and for machines. */
extern const char *const check_service_names[CHECK_SERVICES];
extern const char *const check_service_words[CHECK_SERVICES];

/* A host, by name: what must not be asked too much. */
struct check_host {
	const char *name;
	unsigned open;    /* connections */
	unsigned logins;  /* of those, with a login */
	unsigned refused; /* logins: what its servers have in a row */
	unsigned waiting; /* proposals, for their turn: they go first */
	bool failed;      /* something did: carefully now */
	long long next;   /* milliseconds: not before then, with --rate */
	struct check_host *after;
};

/* Another setting that works; names of a certificate that are tried. */
enum { CHECK_PROPOSALS = 3 };
struct check_proposal {
	const char *option; /* "--imap", "--set" */
	const char *value;  /* "imaps://imap.example.org", "imap.auth=..." */
	const char *field;  /* "imap", "imap.auth" */
	const char *text;   /* what the field becomes */
	const char *host;   /* another than the configured one; NULL */
};

/* How far the asking is. */
enum check_state { CHECK_NEW = 0, CHECK_BUSY, CHECK_KNOWN };

/* A server as it is configured: what does not depend on the person. */
struct check_server {
	struct mc_arena arena;
	unsigned users; /* tasks */
	enum check_service service;
	enum mailcfg_tls tls;
	enum mailcfg_auth auth;
	const char *name; /* of the host */
	unsigned port;
	const char *path; /* of DAV; NULL: none */
	struct check_host *host;
	unsigned refused; /* logins, in a row */
	enum check_state state;
	struct mc_probe probe;
	struct check_proposal proposal[CHECK_PROPOSALS];
	size_t n_proposals;
	bool shown; /* its steps were printed */
	struct check_server *after;
};

/* A server of an account. */
struct check_task {
	struct check_server *server;
	const char *login;
	const char *password;
	bool unproved; /* there is one, and nobody vouches for the server */
	enum { TASK_WAITS = 0, TASK_RUNS, TASK_DONE } state;
	bool asked_login;
	struct mc_probe probe;
};

/* A domain: what it publishes. */
struct check_domain {
	struct mc_arena arena;
	unsigned users;
	const char *name; /* A-labels */
	enum check_state state;
	struct mc_published found;
	bool shown; /* what agrees was printed */
	bool told;  /* differences were, which: */
	unsigned char sum[MC_SHA256_SIZE];
	bool doubted; /* that DNS alone names servers was told */
	bool tried;   /* what was tried in vain was */
	struct check_domain *after;
};

/* What a place says otherwise than the account. */
struct check_difference {
	const struct mc_published_source *source;
	const struct check_task *task;
	/* the nearest of mail; NULL: there is none */
	const struct mailcfg_offer *offer;
	bool server, login, auth; /* what differs of it */
	/* as people read them; both NULL: it is not offered */
	const char *published;
	const char *account;
};

/* What is published, and the account has none. */
struct check_unused {
	const struct mc_published_source *source;
	enum check_service service;
	const char *url;
};
enum { CHECK_UNUSED = CHECK_SERVICES - CHECK_CALDAV };

/* An account under way; in the order of the input. */
struct check_account {
	struct mc_arena arena;
	const char *label; /* the mailbox for people, or the domain */
	const char *domain;
	const char *mailbox; /* NULL: a domain alone */
	const char *local_part;
	/* its provider, and whose servers it has; NULL: unknown */
	const struct mailcfg_provider *provider[2];
	struct check_task task[CHECK_SERVICES];
	size_t n;
	struct check_domain *published; /* NULL: nobody asks */
	/* its domain was asked, and publishes none of them */
	bool no_incoming, no_outgoing;
	struct check_difference *difference;
	size_t n_differences;
	struct check_unused unused[CHECK_UNUSED];
	size_t n_unused;
	struct check_account *after;
};

struct check {
	struct gen *g;
	/* options */
	bool json;
	bool no_published;
	const char *ca_file;
	const char *tls_name;
	const char **resolve; /* "HOST=ADDRESS" */
	size_t n_resolve;
	const char *name_servers; /* NULL: the system's */
	const char *web;          /* instead of web servers; NULL */
	unsigned rate; /* connections a minute to a host; 0: no limit */
	enum mc_speech speech;
	bool *is_domain; /* of g->o.operands */
	/* the run */
	struct mc_arena arena;
	struct mc_tls *trust;
	struct mc_rules rules;
	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t work;  /* there may be something to do */
	pthread_cond_t done;  /* something was done */
	bool ready;           /* they are made */
	bool guarded;         /* guard_net() was called */
	struct check_host *hosts;
	struct check_server *servers;
	struct check_domain *domains;
	size_t n_new; /* of them, that nobody has asked */
	/* of the account that is being completed: check_meet() */
	struct check_domain *met; /* whose servers serve it; NULL */
	struct mc_presets presets;
	const char *hosted; /* the provider that MX records lead to; NULL */
	bool doubted[CHECK_SERVICES]; /* DNS alone names such a server */
	struct check_account *first, **last;
	size_t n_window;
	pthread_t thread[CHECK_THREADS];
	size_t n_threads;
	size_t idle; /* threads that nothing is left to */
	bool quit;
	atomic_bool no_memory; /* any thread's */
	unsigned asking;       /* domains that are being asked */
	/* what came of it */
	unsigned long n_good, n_warned, n_refused, n_failed;
	FILE *out; /* of the account that is being told, until it is whole */
	bool any;  /* something was printed */
	bool told; /* why nobody is asked any more */
	bool colour;
	bool marks; /* the terminal has more than ASCII */
};

static inline struct check *
check_of(const struct gen *g)
{
	return g->own;
}

/* check_queue.c */
bool check_queue_open(struct check *);
/* Takes the account over; waits while there are many.  Prints what is done. */
void check_queue_add(struct check *, struct check_account *);
/* Waits for all of them. */
void check_queue_finish(struct check *);
void check_queue_close(struct check *);
/* Milliseconds. */
long long check_clock(void);
/*
 * Each connection to a host has its turn, as --rate and the number of those
 * that are open allow.  Waits for one; false: it is time to stop.  No lock is
 * held, nor another turn: two who wait for each other would wait for ever.
 */
bool check_take_turn(struct check *, struct check_host *);
/* Its end; failed: something did. */
void check_give_turn(struct check *, struct check_host *, bool failed);

/* The domain that is asked what it publishes, used; NULL: out of memory. */
struct check_domain *check_domain_for(struct check *, const char *name);
/* It is used no more. */
void check_domain_leave(struct check *, struct check_domain *);
/*
 * Waits until the domain has been asked, and prints what is done meanwhile.
 * false: the run ends.
 */
bool check_domain_wait(struct check *, const struct check_domain *);

/* check_known.c: what was met.  The lock is held. */
/* The host, which need not be a server's; NULL: out of memory. */
struct check_host *check_host_for(struct check *, const char *name);
/* The server with its host, one of `users` more; NULL: out of memory. */
struct check_server *check_server_for(
	struct check *, const struct check_server *like);
/* The domain; one that is new is still to be asked. */
struct check_domain *check_known_domain(struct check *, const char *name);
void check_known_free(struct check *);

/* check_ask.c: what a thread does.  No lock is held. */
/* The turn that the task has is given back. */
void check_ask(struct check *, struct check_account *, struct check_task *);
/* What is known of a step without the server. */
void check_find(struct mc_probe *, enum mc_step, enum mc_reason);
/* The question about a server, without a person. */
struct mc_probe_to check_question(struct check *, const struct check_account *,
	const struct check_server *);
/* Whether somebody wants to stop; the context is the check. */
bool check_is_stopped(void *context);
/*
 * Whether memory ran out: then no verdict is worth anything.  Libraries tell
 * of it as of a bad certificate, or a handshake that failed.
 */
bool check_ran_out(struct check *, const struct mc_probe *);
/* Whether what does not depend on the person is well. */
bool check_is_sound(const struct mc_probe *);

/* check_propose.c: settings that work, for one that fails. */
/* Looks for them.  Neither a lock nor a turn is held. */
void check_propose(struct check *, const struct check_account *,
	const struct check_task *);
/*
 * What to mind before a proposal is taken: it leads to another domain's host,
 * and whoever is in the way can show a certificate of his own name.  NULL:
 * nothing, or out of memory (the account's arena).
 */
const char *check_caution(const struct check *, struct check_account *,
	const struct check_server *, const struct check_proposal *);

/* check_published.c: what domains publish. */
/* Asks one.  No lock is held. */
void check_domain_ask(struct check *, struct check_domain *);
/* Finds the account's differences, once its domain has been asked. */
void check_compare(struct check *, struct check_account *);
/* How a place for calendars or contacts is called; NULL: out of memory. */
const char *check_dav_url(struct mc_arena *, const struct check_server *);
/* Whether what was found is told: there is something that counts. */
bool check_is_told(const struct mc_published_source *);

/* check_domain.c: servers of domains that nobody knows. */
/* The domains of operands are asked at once, four at a time. */
void check_domains_begin(struct check *);
/* A gen_way's: a preset of what the domain publishes, where it has none. */
const struct mc_presets *check_meet(struct worker *, struct member *,
	const char *identity, struct mc_layers *);
/* Warns of servers that DNS alone names, once for each domain. */
void check_tell_doubts(struct worker *, const struct check_account *);

/* check_told.c: prints them. */
void check_put_published(struct check *, struct check_account *);
struct cJSON *check_published_json(const struct check_account *);

/* check_print.c */
void check_put_mark(const struct check *, enum mc_verdict);
/* Text beside the labels, in lines that fit, of which `column` is taken. */
void check_put_text(const struct check *, const char *text, int column);
/* What the rules know of a finding; NULL: nothing. */
const struct mc_rule *check_rule(struct check *, struct mc_arena *,
	const struct check_server *, const struct mc_finding *);
/* ok, warn, fail, and what of that is the person's alone. */
enum check_fate { CHECK_GOOD = 0, CHECK_WARNED, CHECK_REFUSES, CHECK_FAILS };
enum check_fate check_fate(const struct check_task *);
enum check_fate check_account_fate(const struct check_account *);
extern const char *const check_fate_names[];
const char *check_word(const struct check *, enum mc_word);
void check_print(struct check *, struct check_account *);
void check_json(struct check *, struct check_account *);
/* The end of the list. */
void check_json_end(struct check *);
/* Steps that a service has. */
bool check_has_step(const struct check_server *, enum mc_step);
void check_count(struct check *, enum check_fate);

#endif
