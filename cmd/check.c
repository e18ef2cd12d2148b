/* SPDX-License-Identifier: ISC */
/* mailcfg check: accounts as gen reads them, and their servers asked. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "explained.h"
#include "gen_rows.h"
#include "guard.h"
#include "host.h"
#include "net/dns.h"
#include "text.h"

enum {
	CHECK_JSON = GEN_LAST + 1,
	CHECK_CA_FILE,
	CHECK_TLS_NAME,
	CHECK_RESOLVE,
	CHECK_DNS,
	CHECK_WEB,
	CHECK_NO_PUBLISHED,
	CHECK_RATE
};
enum { RESOLVE_MOST = 64 };

static const struct option_row rows[] = {
	{NULL, 0, NULL, "Accounts"},
	{"from", 'f', "FILE",
		"check the accounts of FILE, - is standard input; operands "
		"pick "
		"records then; may be repeated"},
	{"from-format", GEN_FROM_FORMAT, "NAME",
		"csv, tsv, json, ndjson, yaml or ldif, where the name of the "
		"file does not tell"},
	{"column", GEN_COLUMN, "FIELD=TEXT",
		"make a field from columns: TEXT holds {Header}; may be "
		"repeated"},
	{NULL, OPTION_FIELDS, NULL, "named options of the field table"},
	{"set", GEN_SET, "FIELD=TEXT",
		"set any field, whatever the records say; mailcfg fields lists "
		"them; may be repeated"},
	{"providers", GEN_PROVIDERS, "DIR",
		"read presets of providers from DIR, not from the usual "
		"folders"},
	{NULL, 0, NULL, "Passwords"},
	{"password-from", GEN_PASSWORD_FROM, "SOURCE",
		"log in with it: prompt, file:PATH, fd:N or cmd:WORDS; PATH "
		"and WORDS may hold {address}"},
	{"allow-insecure-input", GEN_INSECURE, NULL,
		"read passwords from files that others can read"},
	{NULL, 0, NULL, "Servers"},
	{"ca-file", CHECK_CA_FILE, "FILE",
		"trust the certificates in FILE, not those of the system"},
	{"tls-name", CHECK_TLS_NAME, "NAME",
		"the name that certificates must have, instead of the host's"},
	{"resolve", CHECK_RESOLVE, "HOST=ADDRESS",
		"ask HOST at this address, whatever its name leads to; may be "
		"repeated"},
	{"dns-server", CHECK_DNS, "ADDRESS[:PORT]",
		"ask this name server, not the system's"},
	{"web-server", CHECK_WEB, "ADDRESS:PORT",
		"take every web server of a domain's documents to be there, to "
		"rehearse; its certificate counts"},
	{"no-published", CHECK_NO_PUBLISHED, NULL,
		"do not compare with what the domain publishes"},
	{"rate", CHECK_RATE, "N/min",
		"at most N connections a minute to each host"},
	{NULL, 0, NULL, "Other"},
	{"json", CHECK_JSON, NULL, "for machines"},
	{"quiet", 'q', NULL, "say nothing but errors"},
	{"help", 'h', NULL, "this text"},
	{NULL, 0, NULL, NULL},
};

static void
take_resolve(struct gen *g, const char *text)
{
	struct check *c = check_of(g);
	const char *equals = strchr(text, '=');

	if (c->resolve == NULL)
		c->resolve = mc_arena_alloc(
			&g->arena, RESOLVE_MOST * sizeof(*c->resolve));
	if (equals == NULL || equals == text || !mc_is_address(equals + 1) ||
		c->n_resolve == RESOLVE_MOST)
		complain_usage(g->program,
			"--resolve is a host and its address, such as "
			"imap.example.org=192.0.2.1, at most %d times",
			RESOLVE_MOST);
	else if (c->resolve != NULL)
		c->resolve[c->n_resolve++] = text;
}

static void
take_name(struct gen *g, const char *text)
{
	const char *why = "";

	check_of(g)->tls_name = mc_is_address(text)
		? text
		: mc_host_ascii(&g->arena, text, strlen(text), &why);
	if (check_of(g)->tls_name == NULL && !g->arena.failed)
		complain_usage(g->program, "--tls-name: %s", why);
}

static void
take_dns(struct gen *g, const char *text)
{
	struct mc_dns *dns;
	bool bad = false;

	dns = mc_dns_open(text, &bad);
	if (dns != NULL)
		mc_dns_close(dns);
	if (bad)
		complain_usage(g->program,
			"--dns-server: ADDRESS or ADDRESS:PORT is wanted, "
			"IPv6 in brackets");
	check_of(g)->name_servers = text;
}

static void
take_lang(struct gen *g, const char *tag)
{
	if (explain_is_tag(tag))
		check_of(g)->speech = mc_speech_of(tag);
	else
		mc_say(g->report, MC_MSG_BAD_LANG, NULL, NULL, NULL, "\"%s\"",
			tag);
}

/* A gen_way's. */
static bool
take(struct gen *g, int id, const char *value)
{
	struct check *c = check_of(g);

	switch (id) {
	case CHECK_JSON: c->json = true; break;
	case CHECK_CA_FILE: c->ca_file = value; break;
	case CHECK_TLS_NAME: take_name(g, value); break;
	case CHECK_DNS: take_dns(g, value); break;
	case CHECK_WEB: c->web = value; break;
	case CHECK_NO_PUBLISHED: c->no_published = true; break;
	case CHECK_RESOLVE: take_resolve(g, value); break;
	case CHECK_RATE: c->rate = gen_rate(g, value, "connections"); break;
	case OPTION_NAMED + (int)MC_LANG: take_lang(g, value); break;
	default: return false;
	}
	return true;
}

/* An operand that is a domain becomes an address there, which is nobody's. */
static void
check_operands(struct gen *g)
{
	struct check *c = check_of(g);
	char **operands = mc_arena_alloc(
		&g->arena, (g->o.n_operands + 1) * sizeof(*operands));

	c->is_domain = mc_arena_alloc(&g->arena, g->o.n_operands + 1);
	if (operands == NULL || c->is_domain == NULL || g->o.n_from > 0)
		return;
	for (size_t i = 0; i < g->o.n_operands; i++) {
		c->is_domain[i] = strchr(g->o.operands[i], '@') == NULL;
		operands[i] = c->is_domain[i]
			? mc_arena_printf(
				  &g->arena, "postmaster@%s", g->o.operands[i])
			: g->o.operands[i];
		if (operands[i] == NULL)
			return;
	}
	g->o.operands = operands;
}

/* Whether more than ASCII can be shown. */
static bool
has_marks(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < 3; i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && *value != '\0')
			return strstr(value, "UTF-8") != NULL ||
				strstr(value, "utf8") != NULL;
	}
	return false;
}

static bool
prepare(struct gen *g)
{
	struct check *c = check_of(g);
	const struct mailcfg_pos pos = {c->ca_file, 0, 0};
	const char *why;

	/* a certificate that cannot be kept is taken for a bad one */
	guard_crypto();
	c->colour = wants_colour(STDOUT_FILENO);
	c->marks = has_marks();
	c->guarded = guard_net();
	guard_threads();
	if (!c->guarded ||
		!mc_rules_unpack(&c->arena, &mc_builtin_errors, &c->rules) ||
		!check_queue_open(c)) {
		complain_memory(g->program);
		return false;
	}
	c->trust = mc_tls_open(c->ca_file, &why);
	/* a certificate may be missing without a word */
	if (c->trust != NULL && !guard_failed()) {
		if (!c->no_published)
			check_domains_begin(c);
		return true;
	}
	if (why == NULL || c->ca_file == NULL || guard_failed())
		complain_memory(g->program);
	else
		mc_say(g->report, MC_MSG_NO_INPUT, &pos, NULL, NULL, "%s", why);
	return false;
}

static struct check_task *
add(struct check *c, struct check_account *a, const struct check_server *like)
{
	struct check_task *t = &a->task[a->n];

	(void)pthread_mutex_lock(&c->lock);
	t->server = check_server_for(c, like);
	(void)pthread_mutex_unlock(&c->lock);
	if (t->server == NULL)
		c->no_memory = true;
	else
		a->n++;
	return t;
}

static const char *
own(struct check_account *a, const char *text)
{
	return text == NULL ? NULL : mc_arena_strdup(&a->arena, text);
}

static void
add_mail(struct check *c, struct check_account *a,
	const struct mailcfg_server *server)
{
	const struct check_server like = {
		.service = (enum check_service)server->protocol,
		.tls = server->tls,
		.auth = server->auth,
		.name = server->host,
		.port = server->port};
	struct check_task *t;

	if (server->host == NULL)
		return;
	t = add(c, a, &like);
	t->login = own(a, server->login);
	t->unproved = server->password != NULL && c->doubted[server->protocol];
	if (a->mailbox != NULL && !t->unproved)
		t->password = own(a, server->password);
}

static void
add_dav(struct check *c, struct check_account *a, enum check_service service,
	const struct mailcfg_dav *dav)
{
	const struct check_server like = {.service = service,
		.auth = MAILCFG_AUTH_NONE,
		.name = dav->host,
		.port = dav->port,
		.path = dav->path != NULL         ? dav->path
			: service == CHECK_CALDAV ? "/.well-known/caldav"
						  : "/.well-known/carddav"};

	if (dav->host != NULL)
		(void)add(c, a, &like);
}

/* A gen_way's: the account goes into the queue. */
static void
wrap(struct worker *w, size_t first)
{
	struct gen *g = w->g;
	struct check *c = check_of(g);
	const struct member *m = w->members[0];
	const struct mailcfg_account *from = &m->account->a;
	struct check_account *a = calloc(1, sizeof(*a));

	(void)first;
	if (a == NULL) {
		worker_fail(w);
		return;
	}
	a->domain = own(a, from->domain);
	a->label = own(
		a, m->nobody ? from->domain_display : from->mailbox_display);
	a->mailbox = m->nobody ? NULL : own(a, from->mailbox);
	a->local_part = own(a, from->local_part);
	a->provider[0] = from->provider;
	a->provider[1] = from->hints;
	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		add_mail(c, a, &from->server[i]);
	a->no_incoming = from->server[from->incoming].host == NULL;
	a->no_outgoing = from->server[MAILCFG_SUBMISSION].host == NULL;
	add_dav(c, a, CHECK_CALDAV, &from->caldav);
	add_dav(c, a, CHECK_CARDDAV, &from->carddav);
	if (!c->no_published) {
		a->published = check_domain_for(c, from->domain);
		if (a->published == NULL)
			c->no_memory = true;
	}
	check_tell_doubts(w, a);
	if (a->arena.failed)
		c->no_memory = true;
	check_queue_add(c, a);
	if (c->no_memory)
		worker_fail(w);
}

static void
finish(struct gen *g)
{
	struct check *c = check_of(g);

	check_queue_finish(c);
	/* before what the threads look at is given back */
	check_queue_close(c);
	if (complain_status(&g->program->complain) == STATUS_MEMORY)
		c->no_memory = true;
	else if (c->no_memory)
		complain_memory(g->program);
	if (c->json)
		check_json_end(c);
}

static void
summary(const struct gen *g)
{
	const struct check *c = check_of(g);
	unsigned long all = c->n_good + c->n_warned + c->n_refused +
		c->n_failed;

	if (c->n_failed > 0)
		mc_say(g->report, MC_MSG_SERVER_FAILS, NULL, NULL, NULL,
			"%lu of %lu accounts", c->n_failed, all);
	if (c->n_refused > 0)
		mc_say(g->report, MC_MSG_LOGIN_REFUSED, NULL, NULL, NULL,
			"%lu of %lu accounts", c->n_refused, all);
	if (all > 1 && !g->program->complain.quiet)
		(void)fprintf(stderr,
			"good %lu warned %lu refused %lu failed %lu\n",
			c->n_good, c->n_warned, c->n_refused, c->n_failed);
}

static const struct gen_way way = {.take = take,
	.check = check_operands,
	.prepare = prepare,
	.meet = check_meet,
	.wrap = wrap,
	.in_order = true,
	.uses_passwords = true,
	.finish = finish,
	.summary = summary};

static void
run(struct program *program, const struct command *command, int argc,
	char **argv)
{
	struct check c = {.speech = explain_own_speech()};
	struct gen g = {.way = &way,
		.own = &c,
		.program = program,
		.report = &program->report};

	c.g = &g;
	gen_run(&g, command, argc, argv);
	check_queue_close(&c);
	if (c.trust != NULL)
		mc_tls_close(c.trust);
	if (c.guarded)
		guard_net_end();
	check_known_free(&c);
	mc_arena_free(&c.arena);
}

static void
more(FILE *out)
{
	(void)fputs(
		"\nAn operand is an account, or a domain, of which only the "
		"servers are asked:\nthose of its preset, of options, or "
		"else those that it publishes. With --from\nit picks "
		"records, as with mailcfg gen. No message is "
		"sent.\n\nExamples:\n"
		"  mailcfg check alice@mail.ru\n"
		"  mailcfg check --password-from prompt alice@mail.ru\n"
		"  mailcfg check --imap imaps://imap.school.example \\\n"
		"      --smtp smtp://smtp.school.example:587 school.example\n"
		"  mailcfg check --from users.csv --rate 60/min "
		"'*.teacher@*'\n",
		out);
}

static const char *const synopsis[] = {"[option...] ADDRESS... | DOMAIN...",
	"--from FILE [option...] [PICK...]", NULL};

const struct command command_check = {
	.name = CHECK_NAME,
	.summary = CHECK_SUMMARY,
	.synopsis = synopsis,
	.options = rows,
	.more = more,
	.run = run,
};
