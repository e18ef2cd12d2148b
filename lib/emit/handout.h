/* SPDX-License-Identifier: ISC */
/*
 * What is handed out to people: pages and lines made of the texts of their
 * language (../texts.h), in which names stand for what the accounts hold.
 * handout_names.c lists them.
 */
#ifndef MC_HANDOUT_H
#define MC_HANDOUT_H

#include "../explain.h"
#include "../mail/template.h"
#include "../texts.h"
#include "emit.h"

enum {
	MC_HANDOUT_ACCOUNTS = 32,
	MC_HANDOUT_CODES = 64,
	MC_HANDOUT_ITEMS = 192, /* of a list: five accounts have 80 files */
};

/* What a server says, or a program shows, when something goes wrong. */
struct mc_trouble {
	const char *words;    /* the server's; NULL: key error-ID-words */
	const char *rule;     /* of ../explain.h; NULL: texts tell */
	const char *id;       /* keys error-ID-cause and error-ID-cure */
	const char *provider; /* whose; NULL: everybody's */
};
/* NULL: texts tell, or there are no rules. */
const struct mc_rule *mc_trouble_rule(
	const struct mc_rules *, const struct mc_trouble *);
/* Those of the provider, then everybody's; provider NULL: those alone. */
size_t mc_troubles_of(const struct mailcfg_provider *,
	const struct mc_trouble *out[], size_t most);

/* A code that a target would draw of an account. */
struct mc_handout_code {
	const char *client;
	const struct mailcfg_account *account;
	const char *svg;
};

/* A list of what a name stands for, by number; and the one of its turn. */
struct mc_handout_list {
	const void *items[MC_HANDOUT_ITEMS];
	size_t n;
};
enum mc_handout_kind {
	MC_HANDOUT_ACCOUNT = 0,
	MC_HANDOUT_PROVIDER,
	MC_HANDOUT_FILE,
	MC_HANDOUT_CODE,
	MC_HANDOUT_TROUBLE,
	MC_HANDOUT_KINDS
};

/* A page in the making; all zero but what stands here first. */
struct mc_handout {
	const struct mc_options *options;
	struct mc_arena *arena;
	const struct mailcfg_account *accounts[MC_HANDOUT_ACCOUNTS];
	size_t n;
	const struct mc_made *made;
	size_t n_made;
	/* the server that names with "at-" are of; NULL: none */
	const struct mailcfg_server *at;
	/* its own */
	struct mc_voice voice;
	const void *now[MC_HANDOUT_KINDS]; /* whose turn it is; NULL: none's */
	const void *outer[MC_HANDOUT_KINDS];
	struct mc_handout_code codes[MC_HANDOUT_CODES];
	size_t n_codes;
	const char *asked[8]; /* clients whose codes were made */
	size_t n_asked;
	const char *texts[MC_HANDOUT_CODES]; /* of the value found last */
};

/* Appends a file of the texts ("page") in the language of the first account. */
void mc_handout_page(struct mc_handout *, struct mc_buf *, const char *file);
/* The like in two parts: chooses the language, and appends a plain text. */
void mc_handout_start(struct mc_handout *);
void mc_handout_say(struct mc_handout *, struct mc_buf *, const char *key);
/*
 * NULL: the text, or the file, may be filled in, with the texts of the table
 * and the built-in ones; else a static text, and where in bytes.
 */
const char *mc_handout_fault(
	const struct mc_texts *, const struct mc_text *, bool file, size_t *at);

/* The parts; handout_names.c, _server.c, _several.c, _lists.c. */
/* The account that is spoken of: the one of the turn, or the first. */
const struct mailcfg_account *mc_handout_account(const struct mc_handout *);
/* false: it is no such name. */
bool mc_handout_name(struct mc_handout *, const char *name, size_t n,
	struct mc_template_value *);
/* Likewise; h NULL: asked for the name alone. */
bool mc_handout_server(
	struct mc_handout *h, const char *name, size_t n, const char **text);
bool mc_handout_several(struct mc_handout *, const char *name, size_t n,
	struct mc_template_value *);
bool mc_handout_is_several(const char *name, size_t n);
/* The provider of the turn, or the account's. */
const struct mailcfg_provider *mc_handout_provider_at(
	const struct mc_handout *, const struct mailcfg_account *);
bool mc_handout_is_name(const char *name, size_t n);
/* false: no list has the name. */
bool mc_handout_find_list(struct mc_handout *, const char *name, size_t n,
	enum mc_handout_kind *, struct mc_handout_list *);
bool mc_handout_is_list(const char *name, size_t n);
/* Whether the page speaks of the client. */
bool mc_handout_speaks_of(
	const struct mc_handout *, const char *client, size_t n);
/* Whose servers the account uses, or NULL. */
const struct mailcfg_provider *mc_handout_provider(
	const struct mailcfg_account *);
/* Whether a password is typed anywhere; whether servers are. */
bool mc_handout_has_password(const struct mailcfg_account *);
bool mc_handout_types(const struct mailcfg_account *);

#endif
