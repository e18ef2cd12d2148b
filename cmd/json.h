/* SPDX-License-Identifier: ISC */
/* --json of the commands that list. */
#ifndef MC_CMD_JSON_H
#define MC_CMD_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "cmd.h"

/* A text, or nothing when it is NULL. */
void json_text(cJSON *object, const char *name, const char *text);
/* A list of texts that ends with NULL; a NULL list is empty. */
void json_list(cJSON *object, const char *name, const char *const *list);
/* Prints and frees, unless memory ran out on the way. */
void json_print(struct program *, cJSON *);

struct mailcfg_provider;
struct mailcfg_offer;
/* providers.c: all that is known of one. */
cJSON *provider_json(const struct mailcfg_provider *);
cJSON *offer_json(const struct mailcfg_offer *);

/* The options of a command that lists: --json, --help, perhaps --providers. */
enum { LIST_JSON = OPTION_FIELDS + 1, LIST_PROVIDERS };
struct list_options {
	bool json;
	const char *providers;
	const char *operand; /* NULL: none */
};
/* false: reported, or help was printed. */
bool list_parse(struct list_options *, struct program *, const struct command *,
	int argc, char **argv, int most);

#endif
