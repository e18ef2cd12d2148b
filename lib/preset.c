/* SPDX-License-Identifier: ISC */
/* What a preset's file says: its keys and their values. */
#include <string.h>

#include "host.h"
#include "preset_take.h"
#include "text.h"

static void
take_id(struct mc_taking *w, const struct mc_node *node, void *out)
{
	const char *text = mc_take_text(w, node, MC_TAKE_WORD);
	struct mailcfg_provider *p = &w->preset->p;
	size_t good;

	(void)out;
	if (text == NULL)
		return;
	good = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-");
	if (text[good] != '\0') {
		const struct mailcfg_pos pos = mc_node_inside(
			node, mc_utf8_count(text, good));

		mc_take_refuse(
			w, &pos, "an id is made of a-z, 0-9, '.' and '-'");
		return;
	}
	p->id = text;
	p->pos = node->pos;
}

static void
take_name(struct mc_taking *w, const struct mc_node *node, void *out)
{
	(void)out;
	w->preset->p.name = mc_take_text(w, node, MC_TAKE_TEXT);
}

static const char *
domain_of(struct mc_taking *w, const struct mc_node *node)
{
	const char *text = mc_take_text(w, node, MC_TAKE_TEXT), *why = "",
		   *domain;

	if (text == NULL || strcmp(text, "*") == 0)
		return text;
	domain = mc_host_ascii(w->arena, text, node->len, &why);
	if (domain == NULL)
		mc_take_refuse(w, &node->pos, "\"%s\": %s", text, why);
	return domain;
}

static void
take_domains(struct mc_taking *w, const struct mc_node *node, void *out)
{
	const char **domains;
	struct mailcfg_pos *pos;
	size_t n = 0;

	(void)out;
	if (!mc_take_is(w, node, MC_NODE_LIST))
		return;
	domains = mc_arena_alloc(
		w->arena, (node->count + 1) * sizeof(*domains));
	pos = mc_arena_alloc(w->arena, (node->count + 1) * sizeof(*pos));
	if (domains == NULL || pos == NULL)
		return;
	for (const struct mc_node *c = node->first; c != NULL; c = c->next) {
		pos[n] = c->pos;
		domains[n++] = domain_of(w, c);
	}
	w->preset->p.domains = domains;
	w->preset->domain_pos = pos;
}

static void
take_status(struct mc_taking *w, const struct mc_node *node, void *out)
{
	static const char *const words[] = {
		"ok", "preparation", "broken", NULL};
	int word = mc_take_word(w, node, words, "ok, preparation or broken");

	(void)out;
	if (word >= 0)
		w->preset->p.status = (enum mailcfg_status)word;
}

static void
take_needed(struct mc_taking *w, const struct mc_node *node, void *out)
{
	static const char *const words[] = {"false", "true", NULL};
	bool *given = out;

	*given = true;
	w->preset->p.application_password = mc_take_word(w, node, words,
						    "true or false") == 1;
}

static void
take_page(struct mc_taking *w, const struct mc_node *node, void *out)
{
	(void)out;
	w->preset->p.application_password_page = mc_take_page(w, node);
}

static void
take_application(struct mc_taking *w, const struct mc_node *node, void *out)
{
	static const struct mc_taker keys[] = {
		{"needed", take_needed},
		{"page", take_page},
	};
	bool given = false;

	(void)out;
	if (mc_take_map(w, node, keys, 2, &given) && !given)
		mc_take_refuse(
			w, &node->key_pos, "needed is missing: true or false");
}

static void
take_kind(struct mc_taking *w, const struct mc_node *node, void *out)
{
	struct mailcfg_link *link = out;
	const char *text = mc_take_text(w, node, MC_TAKE_WORD);

	if (text == NULL)
		return;
	if (strspn(text, "abcdefghijklmnopqrstuvwxyz-") == node->len)
		link->kind = text;
	else
		mc_take_refuse(w, &node->pos,
			"a kind is a word such as documentation, enable, "
			"website");
}

static void
take_link_url(struct mc_taking *w, const struct mc_node *node, void *out)
{
	struct mailcfg_link *link = out;

	link->url = mc_take_page(w, node);
}

static void
take_links(struct mc_taking *w, const struct mc_node *node, void *out)
{
	static const struct mc_taker keys[] = {
		{"kind", take_kind},
		{"url", take_link_url},
	};
	struct mailcfg_link *links;
	size_t n = 0;

	(void)out;
	if (!mc_take_is(w, node, MC_NODE_LIST))
		return;
	links = mc_arena_alloc(w->arena, (node->count + 1) * sizeof(*links));
	if (links == NULL)
		return;
	for (const struct mc_node *c = node->first; c != NULL; c = c->next) {
		if (mc_take_map(w, c, keys, 2, &links[n]) && c->count < 2)
			mc_take_refuse(w, &c->pos, "kind and url are wanted");
		n++;
	}
	w->preset->p.links = links;
	w->preset->p.n_links = n;
}

/* YYYY, YYYY-MM or YYYY-MM-DD. */
static bool
is_date(const char *s, size_t n)
{
	static const char form[] = "0000-00-00";

	if (n != 4 && n != 7 && n != 10)
		return false;
	for (size_t i = 0; i < n; i++)
		if (form[i] == '-' ? s[i] != '-' : s[i] < '0' || s[i] > '9')
			return false;
	if (n >= 7 &&
		(strncmp(s + 5, "01", 2) < 0 || strncmp(s + 5, "12", 2) > 0))
		return false;
	return n < 10 || (strcmp(s + 8, "01") >= 0 && strcmp(s + 8, "31") <= 0);
}

static void
take_checked(struct mc_taking *w, const struct mc_node *node, void *out)
{
	const char *text = mc_take_text(w, node, MC_TAKE_WORD);

	(void)out;
	if (text == NULL)
		return;
	if (is_date(text, node->len))
		w->preset->p.checked = text;
	else
		mc_take_refuse(w, &node->pos,
			"a date such as 2026-03-12 or 2026-03 is wanted");
}

static const struct mc_taker keys[] = {
	{"id", take_id},
	{"name", take_name},
	{"domains", take_domains},
	{"status", take_status},
	{"servers", mc_take_servers},
	{"application-password", take_application},
	{"links", take_links},
	{"checked", take_checked},
};
enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

/* Why a preset must not give the field; NULL: it may. */
static const char *
forbidden(int id)
{
	if (id >= MC_IMAP && id <= MC_SMTP_PASSWORD)
		return "a preset's servers stand under servers:";
	if (mc_field_at((size_t)id)->secret)
		return "a secret must not be in a preset";
	if (id == MC_ADDRESS || id == MC_PROVIDER || id == MC_REASON)
		return "it cannot be the same for everybody";
	return NULL;
}

/* The texts of a list, joined as readers join them. */
static const char *
join(struct mc_taking *w, const struct mc_node *list)
{
	const char *all = "";

	for (const struct mc_node *c = list->first; c != NULL && all != NULL;
		c = c->next) {
		const char *text = mc_take_text(w, c, MC_TAKE_TEXT);

		if (text != NULL)
			all = mc_arena_printf(w->arena, "%s%s%s", all,
				*all == '\0' ? "" : ", ", text);
	}
	return all;
}

static void
take_field(struct mc_taking *w, const struct mc_node *node, const char *name)
{
	int id = mc_field_find(name);
	const char *why, *text = node->text;

	if (id < 0) {
		mc_take_unknown(w, node, name, keys, KEYS, true);
		return;
	}
	why = forbidden(id);
	if (why != NULL) {
		mc_take_refuse(w, &node->key_pos, "%s: %s", name, why);
		return;
	}
	if (w->draft == NULL)
		w->draft = mc_arena_alloc(w->arena, sizeof(*w->draft));
	if (node->kind == MC_NODE_LIST)
		text = join(w, node);
	if (w->draft == NULL || text == NULL)
		return;
	w->draft->arena = w->arena;
	w->draft->pos = node->pos;
	(void)mc_draft_set(w->draft, (size_t)id, text, strlen(text),
		node->null ? MC_TYPE_NULL : MC_TYPE_STRING, &node->pos,
		node->exact, &w->relay);
	w->bad = w->bad || w->draft->bad;
}

/* Whether some field's name goes on from `name` after a dot. */
static bool
is_prefix(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < mc_field_count(); i++)
		if (strncmp(mc_field_at(i)->name, name, n) == 0 &&
			mc_field_at(i)->name[n] == '.')
			return true;
	return false;
}

/* Default fields; a map means the names that go on after a dot. */
static void
take_fields(struct mc_taking *w, const struct mc_node *node, const char *name)
{
	if (node->kind != MC_NODE_MAP || !is_prefix(name)) {
		take_field(w, node, name);
		return;
	}
	for (const struct mc_node *c = node->first; c != NULL; c = c->next) {
		const char *longer = mc_arena_printf(
			w->arena, "%s.%s", name, c->key);

		if (longer != NULL)
			take_field(w, c, longer);
	}
}

static void
relay(void *context, const struct mailcfg_diag *diag)
{
	struct mc_taking *w = context;

	if (diag->level == MAILCFG_ERROR)
		mc_take_refuse(w, &diag->pos, "%s", diag->detail);
}

static void
take_root(struct mc_taking *w, const struct mc_node *root)
{
	struct mailcfg_provider *p = &w->preset->p;

	if (!mc_take_is(w, root, MC_NODE_MAP))
		return;
	for (const struct mc_node *c = root->first; c != NULL; c = c->next) {
		size_t i = 0;

		while (i < KEYS && strcmp(keys[i].name, c->key) != 0)
			i++;
		if (i < KEYS)
			keys[i].take(w, c, NULL);
		else
			take_fields(w, c, c->key);
	}
	if (w->bad)
		return;
	if (p->id == NULL)
		mc_take_refuse(w, &root->pos, "the id is missing");
	else if (p->domains == NULL)
		mc_take_refuse(w, &root->pos, "the domains are missing");
	if (p->name == NULL)
		p->name = p->id;
}

const char *
mc_preset_login(const struct mc_preset *preset)
{
	const char *login = preset->fields == NULL
		? NULL
		: preset->fields->value[MC_LOGIN].text;

	return login == NULL ? "{mailbox}" : login;
}

/* Logins that are not given; the field `login` may stand behind them. */
static void
finish(struct mc_taking *w)
{
	struct mc_preset *preset = w->preset;

	preset->fields = w->draft;
	for (size_t i = 0; i < preset->p.n_offers; i++)
		if (w->offers[i].login == NULL &&
			w->offers[i].auth != MAILCFG_AUTH_NONE)
			w->offers[i].login = mc_preset_login(preset);
}

struct mc_preset *
mc_preset_parse(struct mc_arena *arena, const char *file, const char *text,
	size_t n, struct mc_report *report)
{
	struct mc_taking w = {.arena = arena, .report = report};
	const struct mc_node *root = mc_tree_read(
		arena, MC_MSG_BAD_PRESET, file, text, n, report);

	w.relay.fn = relay;
	w.relay.context = &w;
	w.preset = mc_arena_alloc(arena, sizeof(*w.preset));
	if (root == NULL || w.preset == NULL)
		return NULL;
	take_root(&w, root);
	finish(&w);
	return w.bad || arena->failed ? NULL : w.preset;
}
