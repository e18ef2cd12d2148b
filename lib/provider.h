/* SPDX-License-Identifier: ISC */
#ifndef MC_PROVIDER_H
#define MC_PROVIDER_H

#include "field.h"
#include "mailcfg.h"

/* A preset: what everybody may see of it, and a site's default fields. */
struct mc_preset {
	struct mailcfg_provider p;     /* first: a pointer to it is one to us */
	const struct mc_draft *fields; /* NULL: none */
	const struct mailcfg_pos *domain_pos; /* of each; NULL: built in */
	const struct mailcfg_pos *offer_pos;  /* likewise */
};

/* A sorted index: a domain or a host, and the number of its preset. */
struct mc_index {
	const char *key;
	unsigned preset;
};

/* A table of presets, built in or read. */
struct mc_preset_table {
	const struct mc_preset *presets; /* sorted by id */
	size_t n_presets;
	const struct mc_index *domains; /* sorted by strcmp, "*" too */
	size_t n_domains;
	const struct mc_index *hosts; /* incoming hosts without placeholders */
	size_t n_hosts;
};

/* Generated at build time from templates/providers. */
extern const struct mc_preset_table mc_builtin_presets;

/* The tables in force, first to last: the site's directories, built in. */
struct mc_presets {
	const struct mc_preset_table *table[8];
	size_t n;
};

/* Where an offer of the provider stands. */
struct mailcfg_pos mc_offer_pos(
	const struct mailcfg_provider *, const struct mailcfg_offer *);
const struct mailcfg_provider *mc_provider_by_id(
	const struct mc_presets *, const char *id);
/* Who claims the domain in any table; then the first that claims "*". */
const struct mailcfg_provider *mc_provider_by_domain(
	const struct mc_presets *, const char *domain);
/* Whose incoming server this is: for the hints. */
const struct mailcfg_provider *mc_provider_by_host(
	const struct mc_presets *, const char *host);
/* The identifier nearest to `id`, or NULL. */
const char *mc_provider_nearest(const struct mc_presets *, const char *id);

enum { MC_PRESET_BYTES = 1024 * 1024 };

/*
 * Reads one preset (YAML text of at most MC_PRESET_BYTES) into the arena.
 * pos is its id's, in `file`.  NULL: everything that is wrong with it was
 * reported as bad-preset, each at its position; or out of memory.
 */
struct mc_preset *mc_preset_parse(struct mc_arena *, const char *file,
	const char *text, size_t n, struct mc_report *);
/*
 * Makes a table of presets, whose memory it does not need afterwards.  false:
 * reported (an id or a domain twice), or out of memory.
 */
bool mc_preset_index(struct mc_arena *, const struct mc_preset *presets,
	size_t n, struct mc_preset_table *out, struct mc_report *);
/*
 * Reads every DIR file that ends in .yaml, in the order of names.  false: one
 * was bad, and reported.  *found (may be NULL): whether the directory exists.
 */
bool mc_preset_read_dir(struct mc_arena *, const char *dir,
	struct mc_preset_table *out, bool *found, struct mc_report *);

/* The login of a preset's servers where theirs is not given. */
const char *mc_preset_login(const struct mc_preset *);

struct mc_buf;
/*
 * Writes a preset as a YAML file ready to edit.  It must be one of ours: the
 * site's default fields are written too.  false: out of memory.
 */
bool mc_preset_write(const struct mailcfg_provider *, struct mc_buf *);

#endif
