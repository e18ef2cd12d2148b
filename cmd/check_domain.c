/* SPDX-License-Identifier: ISC */
/*
 * Domains that nobody knows: their accounts are checked with the servers that
 * they publish.
 */
#include <string.h>

#include "context.h"

#include "check.h"
#include "chosen.h"
#include "host.h"

void
check_domains_begin(struct check *c)
{
	const struct gen_options *o = &c->g->o;

	for (size_t i = 0; o->n_from == 0 && i < o->n_operands; i++) {
		const char *at = strrchr(o->operands[i], '@'), *why = "";
		size_t n = at == NULL ? 0 : strcspn(at + 1, "> ");
		const char *domain = n == 0
			? NULL
			: mc_host_ascii(&c->g->arena, at + 1, n, &why);

		struct check_domain *d = domain == NULL
			? NULL
			: check_domain_for(c, domain);

		/* one that is none is told when its turn comes */
		if (d != NULL)
			check_domain_leave(c, d);
		else if (domain != NULL)
			c->no_memory = true;
	}
}

/* The field in the first layer before the presets' that has it; NULL. */
static const struct mc_value *
given(const struct mc_layers *layers, enum mc_field_id id)
{
	for (int i = 0; i < MC_LAYER_PRESET; i++)
		if (layers->draft[i] != NULL &&
			layers->draft[i]->value[id].text != NULL)
			return &layers->draft[i]->value[id];
	return NULL;
}

/* Whether something in it cannot be used: it is told of, and no account. */
static bool
is_bad(const struct mc_layers *layers)
{
	for (int i = 0; i < MC_LAYER_PRESET; i++)
		if (layers->draft[i] != NULL && layers->draft[i]->bad)
			return true;
	return false;
}

static bool
names_host(const struct mc_layers *layers, enum mailcfg_protocol protocol)
{
	return given(layers, mc_server_field(protocol, MC_PART_HOST)) != NULL;
}

/* The protocols of which a server would serve: bits, 1 << protocol. */
static unsigned
wanted(const struct mc_layers *layers)
{
	const struct mc_value *asked = given(layers, MC_PROTOCOL);
	const unsigned imap = 1u << MAILCFG_IMAP, pop3 = 1u << MAILCFG_POP3;
	unsigned incoming = asked == NULL ? imap | pop3 : 1u << asked->number;
	unsigned named = 0;

	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		if (names_host(layers, (enum mailcfg_protocol)i))
			named |= 1u << i;
	return ((incoming & named) != 0 ? 0 : incoming) |
		(~named & (1u << MAILCFG_SUBMISSION));
}

static unsigned
offered(const struct mc_offers *o)
{
	unsigned bits = 0;

	for (size_t i = 0; i < o->n; i++)
		bits |= 1u << o->list[i].protocol;
	return bits;
}

/* What was tried, for the first account; then that it was. */
static void
say_nothing(struct worker *w, const struct mc_layers *layers,
	struct check_domain *d)
{
	const struct mc_value *address = given(layers, MC_ADDRESS);
	const char *unknown = d->found.unknown;
	struct mc_buf tried = {0};

	for (size_t i = 0; !d->tried && i < d->found.n_sources; i++) {
		const struct mc_published_source *s = &d->found.sources[i];

		mc_buf_printf(&tried, "; %s %s: %s", s->kind, s->place,
			s->why == NULL ? "no server for this in it" : s->why);
	}
	if (tried.failed)
		worker_fail(w);
	else if (unknown != NULL)
		mc_say(&w->report, MC_MSG_NAME_SERVICE, &address->pos,
			mc_field_at(MC_ADDRESS)->name, NULL,
			"%s: %s: nobody knows what it publishes: try again "
			"later, or give --imap imaps://HOST and --smtp "
			"smtps://HOST",
			d->name, unknown);
	else
		mc_say(&w->report, MC_MSG_NO_SERVER, &address->pos,
			mc_field_at(MC_ADDRESS)->name, NULL,
			"no preset knows %s, and it publishes none: give "
			"--imap imaps://HOST and --smtp smtps://HOST%s%s",
			d->name, tried.len > 0 ? "; tried" : "",
			tried.len > 0 ? tried.data + 1 : "");
	d->tried = true;
	mc_buf_free(&tried);
}

/* The run's presets, and behind them this one; NULL: out of memory. */
static const struct mc_presets *
with_preset(struct worker *w, struct member *m, const struct mc_preset *preset)
{
	struct check *c = check_of(w->g);
	struct mc_presets *presets = &c->presets;
	struct mc_preset_table *table = mc_arena_alloc(
		&m->arena, sizeof(*table));

	*presets = w->g->context->presets;
	if (table == NULL || preset == NULL ||
		!mc_preset_index(&m->arena, preset, 1, table, &w->report))
		return NULL;
	/* the site has two of them at the most, and there is room for six */
	presets->table[presets->n++] = table;
	return presets;
}

/* What the domain publishes serves the account; NULL: reported. */
static const struct mc_presets *
use(struct worker *w, struct member *m, struct check_domain *d,
	struct mc_layers *layers)
{
	struct check *c = check_of(w->g);
	struct chosen chosen = {.arena = &m->arena,
		.report = &w->report,
		.domain = d->name,
		.p = d->found};
	const struct mc_presets *presets;

	chosen_choose(&chosen);
	if ((offered(&chosen.offers) & wanted(layers)) == 0) {
		say_nothing(w, layers, d);
		return NULL;
	}
	presets = with_preset(w, m, chosen_preset(&chosen));
	if (presets == NULL)
		worker_fail(w);
	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		c->doubted[i] = chosen.doubted[i] &&
			!names_host(layers, (enum mailcfg_protocol)i);
	c->hosted = chosen.hosted ? chosen.p.host->name : NULL;
	c->doubted[CHECK_CALDAV] = given(layers, MC_CALDAV) == NULL;
	c->doubted[CHECK_CARDDAV] = given(layers, MC_CARDDAV) == NULL;
	layers->partial = true;
	return presets;
}

/* What was of the account before. */
static void
forget_met(struct check *c)
{
	if (c->met != NULL)
		check_domain_leave(c, c->met);
	c->met = NULL;
	c->hosted = NULL;
	for (int i = 0; i < CHECK_SERVICES; i++)
		c->doubted[i] = false;
}

const struct mc_presets *
check_meet(struct worker *w, struct member *m, const char *identity,
	struct mc_layers *layers)
{
	struct check *c = check_of(w->g);
	const struct mc_presets *known = &w->g->context->presets;
	const char *domain = strrchr(identity, '@') + 1;

	forget_met(c);
	m->nobody = m->spot.file == SPOT_OPERAND &&
		c->is_domain[m->spot.line - 1];
	if (c->no_published || is_bad(layers) || wanted(layers) == 0 ||
		given(layers, MC_PROVIDER) != NULL ||
		mc_provider_by_domain(known, domain) != NULL)
		return known;
	c->met = check_domain_for(c, domain);
	if (c->met != NULL && check_domain_wait(c, c->met))
		return use(w, m, c->met, layers);
	if (c->met == NULL || c->no_memory)
		worker_fail(w);
	return NULL;
}

void
check_tell_doubts(struct worker *w, const struct check_account *a)
{
	const struct check *c = check_of(w->g);
	bool doubted = false;

	for (size_t i = 0; i < a->n; i++)
		doubted = doubted || c->doubted[a->task[i].server->service];
	if (!doubted || a->published == NULL || a->published->doubted)
		return;
	a->published->doubted = true;
	if (c->hosted != NULL)
		mc_say(&w->report, MC_MSG_UNPROVED, NULL, NULL, NULL,
			"%s: it publishes nothing, and its MX records lead to "
			"%s, whose servers are asked: --provider takes them "
			"at your word",
			a->published->name, c->hosted);
	else
		mc_say(&w->report, MC_MSG_UNPROVED, NULL, NULL, NULL,
			"%s: DNS alone names servers: compare them with what "
			"the provider says",
			a->published->name);
}
