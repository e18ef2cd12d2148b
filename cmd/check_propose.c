/* SPDX-License-Identifier: ISC */
/* Settings that work, where those that are set do not. */
#include <string.h>

#include "check.h"
#include "host.h"
#include "text.h"
#include "url.h"

/* Milliseconds: for an answer, and for all of a connection. */
enum { PATIENCE = 5000, WHOLE = 15000 };

/* Proposals in the making. */
struct search {
	struct check *c;
	const struct check_account *account;
	struct check_server *server;  /* nobody else has it while it is asked */
	const struct mc_probe *probe; /* what is wrong with it */
	unsigned names;               /* that were tried */
};

/* A connection that is tried. */
struct attempt {
	struct check *c;
	long long until;
};

static const char *const options[] = {"--imap", "--pop3", "--smtp"};

static bool
is_over(void *context)
{
	const struct attempt *a = context;

	return check_is_stopped(a->c) || check_clock() > a->until;
}

/* Whether the name is the domain's, or below it. */
static bool
is_below(const char *name, const char *domain)
{
	size_t n = strlen(name), tail = strlen(domain);

	return n >= tail && mc_strcasecmp(name + n - tail, domain) == 0 &&
		(n == tail || name[n - tail - 1] == '.');
}

/* The domain that the host is in; NULL: one that is everybody's. */
static const char *
parent_of(const struct check_account *a, const char *host)
{
	const char *dot = strchr(host, '.');

	if (dot == NULL || strchr(dot + 1, '.') == NULL || mc_is_address(host))
		return NULL;
	/* what holds the mail domain itself may be a registry, as co.uk is */
	return mc_strcasecmp(host, a->domain) == 0 ? NULL : dot + 1;
}

static bool
has_offer(const struct mailcfg_offer *offers, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (mc_strcasecmp(offers[i].host, name) == 0)
			return true;
	return false;
}

/* Whether the name may be anybody's. */
static bool
is_foreign(const struct check_account *a, const char *host, const char *name)
{
	const char *parent = parent_of(a, host);

	for (size_t i = 0; i < 2; i++)
		if (a->provider[i] != NULL &&
			has_offer(a->provider[i]->offers,
				a->provider[i]->n_offers, name))
			return false;
	return !is_below(name, a->domain) &&
		(parent == NULL || !is_below(name, parent));
}

/* Whether the domain vouches for the name. */
static bool
is_published(const struct check_account *a, const char *name)
{
	const struct mc_published *p;

	if (a->published == NULL)
		return false;
	p = &a->published->found;
	for (size_t i = 0; i < p->n_sources; i++)
		if (p->sources[i].fate == MC_PUBLISHED_FOUND &&
			!p->sources[i].unproved &&
			has_offer(p->sources[i].offers, p->sources[i].n, name))
			return true;
	return false;
}

const char *
check_caution(const struct check *c, struct check_account *a,
	const struct check_server *s, const struct check_proposal *p)
{
	if (p->host == NULL || !is_foreign(a, s->name, p->host) ||
		is_published(a, p->host))
		return NULL;
	return mc_arena_printf(&a->arena, "%s: %s. %s",
		check_word(c, MC_WORD_FOREIGN), p->host,
		check_word(c, MC_WORD_FOREIGN_ADVICE));
}

static void
propose(struct search *s, const struct check_proposal *p)
{
	if (p->value == NULL || p->text == NULL || p->field == NULL)
		s->c->no_memory = true;
	else if (s->server->n_proposals < CHECK_PROPOSALS)
		s->server->proposal[s->server->n_proposals++] = *p;
}

/* Whether a server such as this one works; then it is proposed. */
static bool
try(struct search *s, const struct check_server *like)
{
	struct check *c = s->c;
	struct mc_probe_to to = check_question(c, s->account, like);
	struct attempt attempt = {c, 0};
	struct check_proposal p = {.option = options[like->service]};
	struct mc_probe probe;
	bool sound;

	if (!check_take_turn(c, like->host))
		return false;
	attempt.until = check_clock() + WHOLE;
	to.patience = PATIENCE;
	to.stopped = is_over;
	to.context = &attempt;
	mc_probe_run(&to, &probe);
	sound = !check_ran_out(c, &probe) && check_is_sound(&probe);
	check_give_turn(c, like->host, !sound);
	if (!sound)
		return false;
	if (like->host != s->server->host)
		p.host = like->name;
	p.field = p.option + 2;
	p.value = p.text = mc_url_write(&s->server->arena,
		(enum mailcfg_protocol)like->service, like->tls, like->name,
		like->port);
	propose(s, &p);
	return true;
}

/*
 * Whether TLS may begin in this way at the port that is set: who has greeted
 * in the clear waits for STARTTLS, who has not waits for TLS.
 */
static bool
may_begin(const struct search *s, enum mailcfg_tls tls)
{
	const struct mc_finding *step = s->probe->step;
	bool greeted = step[MC_STEP_GREETING].said[0] != '\0';

	if (s->server->tls == tls ||
		step[MC_STEP_CONNECT].verdict == MC_VERDICT_FAIL)
		return false;
	if (s->server->tls == MAILCFG_TLS_IMPLICIT)
		return step[MC_STEP_TLS].verdict == MC_VERDICT_FAIL &&
			step[MC_STEP_TLS].reason != MC_WHY_TLS_OLD;
	return greeted == (tls == MAILCFG_TLS_STARTTLS);
}

/* The other way to begin TLS at the same port, then the usual ports. */
static bool
try_ports(struct search *s)
{
	static const enum mailcfg_tls modes[] = {
		MAILCFG_TLS_IMPLICIT, MAILCFG_TLS_STARTTLS};
	const struct check_server *is = s->server;
	struct check_server like = *is;

	for (size_t i = 0; i < 2; i++) {
		like.tls = modes[i];
		if (may_begin(s, like.tls) && try(s, &like))
			return true;
	}
	for (size_t i = 0; i < 2; i++) {
		like.tls = modes[i];
		like.port = mc_default_port(
			(enum mailcfg_protocol)is->service, like.tls);
		/* what can be at the same port was tried */
		if (like.port != is->port && try(s, &like))
			return true;
	}
	return false;
}

/* A name of the certificate, which needs a host that has it. */
static bool
try_name(struct search *s, const char *name)
{
	struct check_server like = *s->server;

	s->names++;
	(void)pthread_mutex_lock(&s->c->lock);
	like.host = check_host_for(s->c, name);
	(void)pthread_mutex_unlock(&s->c->lock);
	if (like.host == NULL) {
		s->c->no_memory = true;
		return false;
	}
	like.name = like.host->name;
	return try(s, &like);
}

/* A word of the certificate's names as that of a host; false: it is none. */
static bool
take_name(char *out, size_t size, const char *word, size_t n)
{
	if (n == 0 || n >= size)
		return false;
	for (size_t i = 0; i < n; i++)
		out[i] = mc_lower(word[i]);
	out[n] = '\0';
	/* one without a dot is somebody's own network */
	return mc_host_is_ldh(out) && strchr(out, '.') != NULL &&
		!mc_is_address(out);
}

/* The names that the certificate has, those of the same domains first. */
static void
try_names(struct search *s)
{
	const char *host = s->server->name;
	char name[256];

	for (int foreign = 0; foreign < 2; foreign++)
		for (const char *at = s->probe->names; *at != '\0';) {
			size_t n = strcspn(at, " ");
			bool is = take_name(name, sizeof(name), at, n) &&
				mc_strcasecmp(name, host) != 0 &&
				is_foreign(s->account, host, name) == foreign;

			if (is && s->names < CHECK_PROPOSALS &&
				try_name(s, name))
				return;
			at += n + (at[n] == ' ');
		}
}

/* What the server offers instead of what is set. */
static void
try_auth(struct search *s)
{
	static const struct {
		const char *mechanism, *auth;
	} rows[] = {{"SCRAM-", "encrypted"}, {"CRAM-MD5", "encrypted"},
		{"PLAIN", "password"}, {"LOGIN", "password"},
		{"OAUTH", "oauth2"}};
	const char *field = options[s->server->service] + 2;
	/* none: the protocol has a command of its own */
	const char *offered = s->probe->step[MC_STEP_MECHANISMS].detail;
	size_t most = s->server->tls == MAILCFG_TLS_NONE
		? 2
		: sizeof(rows) / sizeof(rows[0]);
	const char *auth = *offered == '\0' && most > 2 ? "password" : NULL;
	struct check_proposal p = {.option = "--set"};

	for (size_t i = 0; i < most && auth == NULL; i++)
		if (strstr(offered, rows[i].mechanism) != NULL)
			auth = rows[i].auth;
	if (auth == NULL)
		return;
	p.text = auth;
	p.field = mc_arena_printf(&s->server->arena, "%s.auth", field);
	p.value = mc_arena_printf(&s->server->arena, "%s.auth=%s", field, auth);
	propose(s, &p);
}

/* Whether another port, or another kind of TLS there, may be the right one. */
static bool
is_other_port(const struct search *s)
{
	const struct mc_finding *step = s->probe->step;
	const struct mc_finding *greeting = &step[MC_STEP_GREETING];

	return step[MC_STEP_CONNECT].verdict == MC_VERDICT_FAIL ||
		s->server->tls == MAILCFG_TLS_NONE ||
		greeting->reason == MC_WHY_SILENT ||
		greeting->reason == MC_WHY_OTHER_PROTOCOL ||
		/* who is tired of waiting for TLS to begin */
		(greeting->reason == MC_WHY_CLOSED &&
			greeting->said[0] == '\0' &&
			s->server->tls == MAILCFG_TLS_STARTTLS) ||
		(step[MC_STEP_TLS].verdict == MC_VERDICT_FAIL &&
			step[MC_STEP_TLS].reason != MC_WHY_INJECTED) ||
		step[MC_STEP_MECHANISMS].reason == MC_WHY_NO_LOGIN;
}

void
check_propose(struct check *c, const struct check_account *a,
	const struct check_task *t)
{
	struct search s = {c, a, t->server, &t->probe, 0};
	const struct mc_finding *step = t->probe.step;
	bool mechanism = step[MC_STEP_MECHANISMS].reason == MC_WHY_MECHANISM;

	if (step[MC_STEP_NAME].verdict == MC_VERDICT_FAIL)
		return;
	if (step[MC_STEP_CERTIFICATE].reason == MC_WHY_HOST) {
		/* --tls-name wants that name, whatever the host's is */
		if (c->tls_name == NULL)
			try_names(&s);
	} else if (is_other_port(&s)) {
		if (!try_ports(&s) && mechanism)
			try_auth(&s);
	} else if (mechanism) {
		try_auth(&s);
	}
}
