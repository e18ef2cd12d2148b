/* SPDX-License-Identifier: ISC */
#include "model.h"

#include <string.h>

#include "../spelling.h"

enum shape {
	SHAPE_PLACEHOLDER = 1 << 0, /* login_text changes what it is given */
};

/* A walk under way. */
struct walk {
	const struct mailcfg_account *account;
	const struct mc_options *options;
	struct mc_arena *arena;
	const struct mc_visitor *visitor;
	void *context;
};

static void
tell(const struct walk *w, enum mc_field_id id, const char *text)
{
	if (text != NULL)
		w->visitor->text(w->context, mc_field_at(id)->name, text);
}

/* "imap.host" inside "imap" is "host". */
static const char *
part_name(enum mailcfg_protocol protocol, enum mc_part part)
{
	const char *name = mc_field_at(mc_server_field(protocol, part))->name;

	return strchr(name, '.') + 1;
}

/* The text with the first `value` in it as the placeholder. */
static const char *
with_place(struct mc_arena *arena, const char *text, const char *value,
	const char *place)
{
	const char *at = strstr(text, value);

	return at == NULL ? NULL
			  : mc_arena_printf(arena, "%.*s%s%s", (int)(at - text),
				    text, place, at + strlen(value));
}

/*
 * What a reader makes the login of: it replaces placeholders, and a
 * local-part may look like one.  NULL: it cannot be said.
 */
static const char *
login_text(struct mc_arena *arena, const struct mailcfg_account *a,
	const char *login)
{
	const struct {
		const char *value, *place;
	} ways[] = {{a->mailbox, "{mailbox}"}, {a->local_part, "{local-part}"}};

	if (!mc_has_placeholder(login))
		return login;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const char *text = ways[i].value == NULL
			? NULL
			: with_place(
				  arena, login, ways[i].value, ways[i].place);
		const char *back = text == NULL
			? NULL
			: mc_expand(arena, text, a->mailbox, a->local_part,
				  a->domain);

		if (back != NULL && strcmp(back, login) == 0)
			return text;
	}
	return NULL;
}

static void
walk_server(const struct walk *w, const struct mailcfg_server *s)
{
	const struct mc_visitor *v = w->visitor;
	enum mailcfg_protocol protocol = s->protocol;
	const char *login;

	if (s->host == NULL)
		return;
	v->open(w->context,
		mc_field_at(mc_server_field(protocol, MC_PART_URL))->name);
	v->text(w->context, part_name(protocol, MC_PART_HOST), s->host);
	if (s->port != 0)
		v->number(
			w->context, part_name(protocol, MC_PART_PORT), s->port);
	v->word(w->context, part_name(protocol, MC_PART_TLS),
		mc_tls_word(s->tls));
	login = s->login == NULL ? NULL
				 : login_text(w->arena, w->account, s->login);
	if (login != NULL)
		v->text(w->context, part_name(protocol, MC_PART_LOGIN), login);
	v->word(w->context, part_name(protocol, MC_PART_AUTH),
		mc_auth_word(s->auth));
	if (s->password != NULL && w->options->embed_password)
		v->text(w->context, part_name(protocol, MC_PART_PASSWORD),
			s->password);
	v->close(w->context);
}

static void
walk_dav(const struct walk *w, enum mc_field_id id,
	const struct mailcfg_dav *dav)
{
	const char *path = dav->path == NULL ? "" : dav->path;

	if (dav->host == NULL)
		return;
	tell(w, id,
		dav->port == 443 ? mc_arena_printf(w->arena, "https://%s%s",
					   dav->host, path)
				 : mc_arena_printf(w->arena, "https://%s:%u%s",
					   dav->host, dav->port, path));
}

void
mc_model_walk(const struct mailcfg_account *a, const struct mc_options *options,
	struct mc_arena *arena, const struct mc_visitor *visitor, void *context)
{
	const struct walk w = {a, options, arena, visitor, context};

	tell(&w, MC_ADDRESS, a->mailbox);
	tell(&w, MC_NAME, a->name);
	tell(&w, MC_GIVEN_NAME, a->given_name);
	tell(&w, MC_FAMILY_NAME, a->family_name);
	tell(&w, MC_ORGANIZATION, a->organization);
	tell(&w, MC_SUPPORT, a->support);
	tell(&w, MC_LANG, a->lang);
	if (a->n_aliases > 0)
		visitor->list(context, mc_field_at(MC_ALIASES)->name,
			a->aliases, a->n_aliases);
	tell(&w, MC_PERSON, a->person);
	tell(&w, MC_PROVIDER, a->provider == NULL ? NULL : a->provider->id);
	tell(&w, MC_DELIVER_TO, a->deliver_to);
	if (a->incoming != MAILCFG_SUBMISSION)
		visitor->word(context, mc_field_at(MC_PROTOCOL)->name,
			mc_protocol_word(a->incoming));
	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		walk_server(&w, &a->server[i]);
	tell(&w, MC_IMAP_PREFIX, a->imap_prefix);
	walk_dav(&w, MC_CALDAV, &a->caldav);
	walk_dav(&w, MC_CARDDAV, &a->carddav);
	for (size_t i = MC_FIELDS; i < mc_field_count(); i++)
		if (!mc_field_at(i)->secret || options->embed_password)
			tell(&w, (enum mc_field_id)i,
				mc_account_of(a)->extra[i - MC_FIELDS]);
}

static void
check_server(struct mc_check *c, const struct mailcfg_server *s)
{
	enum mc_field_id id = mc_server_field(s->protocol, MC_PART_LOGIN);
	struct mc_arena arena = {0};

	if (s->host == NULL || s->login == NULL ||
		!mc_has_placeholder(s->login))
		return;
	c->shape |= SHAPE_PLACEHOLDER;
	if (login_text(&arena, c->account, s->login) == NULL && !arena.failed)
		mc_refuse(c, id,
			"a reader would take a part of it for a placeholder");
	mc_arena_free(&arena);
}

void
mc_model_check(struct mc_check *c)
{
	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		check_server(c, &c->account->server[i]);
}

enum mc_scope
mc_model_scope(
	const struct mailcfg_account *a, const struct mc_options *options)
{
	(void)a;
	(void)options;
	return MC_SCOPE_RUN;
}
