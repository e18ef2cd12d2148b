/* SPDX-License-Identifier: ISC */
/* Names that stand for lists. */
#include <errno.h>
#include <string.h>

#include "../qr.h"
#include "handout.h"

static void
add(struct mc_handout_list *list, const void *item)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->items[i] == item)
			return;
	if (item != NULL && list->n < MC_HANDOUT_ITEMS)
		list->items[list->n++] = item;
}

const struct mailcfg_provider *
mc_handout_provider(const struct mailcfg_account *a)
{
	return a->hints;
}

bool
mc_handout_has_password(const struct mailcfg_account *a)
{
	return mc_incoming(a)->auth != MAILCFG_AUTH_OAUTH2 ||
		mc_submission(a)->auth == MAILCFG_AUTH_PASSWORD ||
		mc_submission(a)->auth == MAILCFG_AUTH_ENCRYPTED;
}

/* Whether the servers are typed in: nobody need do that who signs in. */
bool
mc_handout_types(const struct mailcfg_account *a)
{
	return mc_incoming(a)->auth != MAILCFG_AUTH_OAUTH2 ||
		mc_submission(a)->auth != MAILCFG_AUTH_OAUTH2;
}

static bool
signs_in(const struct mailcfg_account *a)
{
	return !mc_handout_types(a);
}

static bool
wants_preparation(const struct mailcfg_account *a)
{
	const struct mailcfg_provider *p = mc_handout_provider(a);

	if (p == NULL)
		return false;
	for (size_t i = 0; i < p->n_links; i++)
		if (strcmp(p->links[i].kind, "enable") == 0)
			return true;
	return mc_handout_has_password(a) &&
		(p->application_password || p->status != MAILCFG_STATUS_OK);
}

static void
list_accounts(struct mc_handout *h, bool (*is)(const struct mailcfg_account *),
	struct mc_handout_list *list)
{
	for (size_t i = 0; i < h->n; i++)
		if (is == NULL || is(h->accounts[i]))
			add(list, h->accounts[i]);
}

static void
list_preparation(struct mc_handout *h, struct mc_handout_list *list)
{
	for (size_t i = 0; i < h->n; i++)
		if (wants_preparation(h->accounts[i]))
			add(list, mc_handout_provider(h->accounts[i]));
}

static void
list_troubles(struct mc_handout *h, struct mc_handout_list *list)
{
	const struct mc_trouble *found[MC_HANDOUT_CODES];

	for (size_t i = 0; i < h->n; i++) {
		size_t n = mc_troubles_of(mc_handout_provider(h->accounts[i]),
			found, MC_HANDOUT_CODES);

		for (size_t k = 0; k < n; k++)
			if (found[k]->rule == NULL ||
				mc_trouble_rule(h->options->rules, found[k]) !=
					NULL)
				add(list, found[k]);
	}
}

/* What is read out with a code, before the address. */
static const char code_key[] = "devices-code";

static bool
serves(const struct mc_target *target, const char *client, size_t n)
{
	const char *const *word = target->clients;

	for (; word != NULL && *word != NULL; word++)
		if (strlen(*word) == n && memcmp(*word, client, n) == 0)
			return true;
	return false;
}

/* The targets of the run, or all of them. */
static const struct mc_target *
target_at(const struct mc_handout *h, size_t i)
{
	if (h->options->targets != NULL)
		return h->options->targets[i];
	return i < mc_target_count() ? mc_target_at(i) : NULL;
}

bool
mc_handout_speaks_of(const struct mc_handout *h, const char *client, size_t n)
{
	const struct mc_target *target;
	bool some = false;

	for (size_t i = 0; (target = target_at(h, i)) != NULL; i++) {
		if (serves(target, client, n) ||
			serves(target, MC_ANY_CLIENT, 1))
			return true;
		some = some || target->clients != NULL;
	}
	return !some;
}

/* Whether the file is of an account that the page speaks of. */
static bool
is_ours(const struct mc_handout *h, const struct mc_made *file)
{
	for (size_t i = 0; i < file->n; i++)
		for (size_t k = 0; k < h->n; k++)
			if (strcmp(file->accounts[i]->identity,
				    h->accounts[k]->identity) == 0)
				return true;
	return false;
}

/* What several accounts of a domain share is there once. */
static bool
is_listed(const struct mc_handout_list *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct mc_made *file = list->items[i];

		if (strcmp(file->name, name) == 0)
			return true;
	}
	return false;
}

static void
list_files(struct mc_handout *h, const char *client, size_t n,
	struct mc_handout_list *list)
{
	for (size_t i = 0; i < h->n_made; i++) {
		const struct mc_made *file = &h->made[i];

		/* what is a code is drawn on the page */
		if (n > 0 &&
			(file->target->code != NULL ||
				!serves(file->target, client, n)))
			continue;
		if (is_ours(h, file) && !is_listed(list, file->name))
			add(list, file);
	}
}

static void
list_further(struct mc_handout *h, struct mc_handout_list *list)
{
	for (size_t i = h->n_made; i > 0; i--)
		if (h->made[i - 1].further)
			add(list, &h->made[i - 1]);
}

/* The code of an account, as an element; NULL: there is none, or no memory. */
static const char *
draw(struct mc_handout *h, const struct mc_target *target,
	const struct mailcfg_account *account)
{
	unsigned long long shape;
	struct mc_report mute = {0};
	const struct mailcfg_account *a = mc_target_admit(
		target, account, h->options, true, h->arena, &mute, &shape);
	struct mc_buf svg = {0};
	const char *bytes = NULL, *copy = NULL;
	const char *title = mc_voice_text(
		&h->voice, code_key, sizeof(code_key) - 1);
	struct mc_qr qr;
	size_t n = 0;

	if (a != NULL)
		bytes = target->code(h->arena, a, h->options, &n);
	title = mc_arena_printf(h->arena, "%s: %s", title == NULL ? "" : title,
		account->mailbox_display);
	if (bytes == NULL || title == NULL)
		return NULL;
	if (!mc_qr_make(h->arena, bytes, n, &qr)) {
		/* what fits into no code has none */
		h->arena->failed = h->arena->failed || errno != ERANGE;
		return NULL;
	}
	mc_qr_svg(&svg, &qr, title);
	if (svg.failed)
		h->arena->failed = true;
	else
		copy = mc_arena_strdup(h->arena, svg.data);
	mc_buf_free(&svg);
	return copy;
}

static void
draw_all(struct mc_handout *h, const char *client, size_t n)
{
	const struct mc_target *target;

	for (size_t i = 0; (target = target_at(h, i)) != NULL; i++) {
		if (target->code == NULL || !serves(target, client, n))
			continue;
		for (size_t k = 0; k < h->n; k++) {
			const char *svg = h->n_codes < MC_HANDOUT_CODES
				? draw(h, target, h->accounts[k])
				: NULL;

			if (svg != NULL)
				h->codes[h->n_codes++] =
					(struct mc_handout_code){
						client, h->accounts[k], svg};
		}
	}
}

/* Of all accounts, or of the one whose turn it is. */
static void
list_codes(struct mc_handout *h, const char *client, size_t n,
	struct mc_handout_list *list)
{
	const struct mailcfg_account *only = h->now[MC_HANDOUT_ACCOUNT];
	const char *word = NULL;

	for (size_t i = 0; i < h->n_asked; i++)
		if (strlen(h->asked[i]) == n &&
			memcmp(h->asked[i], client, n) == 0)
			word = h->asked[i];
	if (word == NULL &&
		h->n_asked < sizeof(h->asked) / sizeof(h->asked[0])) {
		word = mc_arena_strndup(h->arena, client, n);
		if (word == NULL)
			return;
		h->asked[h->n_asked++] = word;
		draw_all(h, word, n);
	}
	for (size_t i = 0; i < h->n_codes; i++)
		if (h->codes[i].client == word &&
			(only == NULL || h->codes[i].account == only))
			add(list, &h->codes[i]);
}

enum which {
	ACCOUNTS,
	TYPED,
	OAUTH,
	PREPARATION,
	TROUBLES,
	FILES,
	FURTHER,
	CODES
};
static const struct {
	const char *name; /* what ends in "-" is followed by a client */
	enum mc_handout_kind kind;
	enum which which;
} lists[] = {
	{"account", MC_HANDOUT_ACCOUNT, ACCOUNTS},
	{"typed", MC_HANDOUT_ACCOUNT, TYPED},
	{"oauth", MC_HANDOUT_ACCOUNT, OAUTH},
	{"preparation", MC_HANDOUT_PROVIDER, PREPARATION},
	{"error", MC_HANDOUT_TROUBLE, TROUBLES},
	{"file", MC_HANDOUT_FILE, FILES},
	{"file-", MC_HANDOUT_FILE, FILES},
	{"further", MC_HANDOUT_FILE, FURTHER},
	{"code-", MC_HANDOUT_CODE, CODES},
};
enum { LISTS = sizeof(lists) / sizeof(lists[0]) };

/* The row of the name; *client: where one begins in it.  LISTS: none. */
static size_t
row_of(const char *name, size_t n, const char **client)
{
	for (size_t i = 0; i < LISTS; i++) {
		size_t k = strlen(lists[i].name);

		*client = name + k;
		if (n >= k && memcmp(lists[i].name, name, k) == 0 &&
			(n == k) == (lists[i].name[k - 1] != '-'))
			return i;
	}
	return LISTS;
}

bool
mc_handout_is_list(const char *name, size_t n)
{
	const char *client;

	return row_of(name, n, &client) != LISTS;
}

bool
mc_handout_find_list(struct mc_handout *h, const char *name, size_t n,
	enum mc_handout_kind *kind, struct mc_handout_list *list)
{
	const char *client;
	size_t row = row_of(name, n, &client);
	size_t left = n - (size_t)(client - name);

	list->n = 0;
	if (row == LISTS)
		return false;
	*kind = lists[row].kind;
	switch (lists[row].which) {
	case ACCOUNTS: list_accounts(h, NULL, list); break;
	case TYPED: list_accounts(h, mc_handout_types, list); break;
	case OAUTH: list_accounts(h, signs_in, list); break;
	case PREPARATION: list_preparation(h, list); break;
	case TROUBLES: list_troubles(h, list); break;
	case FILES: list_files(h, client, left, list); break;
	case FURTHER: list_further(h, list); break;
	case CODES: list_codes(h, client, left, list); break;
	}
	return true;
}
