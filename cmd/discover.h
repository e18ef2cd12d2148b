/* SPDX-License-Identifier: ISC */
/* What the parts of `mailcfg discover` share. */
#ifndef MC_DISCOVER_H
#define MC_DISCOVER_H

#include "json.h"
#include "offers.h"
#include "provider.h"
#include "sink.h"

struct discover {
	struct program *program;
	struct mc_report *report;
	struct mc_arena arena;
	/* options */
	const char *operand;
	const char *output;    /* NULL: standard output */
	const char *providers; /* a folder; NULL: the usual ones */
	const char *ca_file;
	const char *servers; /* name servers */
	const char *web;     /* instead of web servers */
	bool json;
	bool force;
	/* under way */
	struct sink sink; /* where `output` is */
	cJSON *list;      /* --json of a folder; NULL: objects are printed */
};

/* A preset on its way out, with what is said of it. */
struct finding {
	struct mc_arena *arena;         /* of all that it holds */
	const struct mc_preset *preset; /* NULL: there is none */
	struct mc_buf comments;         /* lines that begin with # */
	cJSON *json;                    /* --json: what else is said */
};

/* discover_put.c: how it goes out. */
/* A comment of the preset's; wrapped, what follows the first line indented. */
void discover_comment(struct finding *, const char *, ...)
	__attribute__((format(printf, 2, 3)));
/* How an offer is called: its URL, as presets have it; NULL: out of memory. */
const char *discover_url(struct mc_arena *, const struct mailcfg_offer *);
/* Prints it, or writes it as NAME.yaml, and lets go of it. */
void discover_put(struct discover *, struct finding *, const char *name);

/* discover_file.c: a file, "-", or a folder of files. */
void discover_file(struct discover *);
/* discover_domain.c: what is published. */
void discover_domain(struct discover *, const char *domain);

#endif
