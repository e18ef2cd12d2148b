/* SPDX-License-Identifier: ISC */
/* What `mailcfg mail` understands besides the options of gen. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gen_rows.h"
#include "host.h"
#include "mail.h"
#include "text.h"
#include "url.h"

enum {
	MAIL_SENDER = GEN_LAST + 1,
	MAIL_SENDMAIL,
	MAIL_SUBMIT,
	MAIL_LOGIN,
	MAIL_PASSWORD_FROM,
	MAIL_CA_FILE,
	MAIL_JOURNAL,
	MAIL_AGAIN,
	MAIL_RESEND,
	MAIL_RATE,
	MAIL_RETRY,
	MAIL_UNVERIFIED
};

const struct option_row mail_rows[] = {
	{NULL, 0, NULL, "The message"},
	{"sender", MAIL_SENDER, "TEXT",
		"whom it is from: 'Name <address>' or an address"},
	{NULL, 0, NULL, "Sending"},
	{"submit", MAIL_SUBMIT, "URL",
		"send through a server: smtps://host[:port], or "
		"smtp://host[:port] with STARTTLS"},
	{"submit-login", MAIL_LOGIN, "TEXT",
		"log in there; else without a login"},
	{"submit-password-from", MAIL_PASSWORD_FROM, "SOURCE",
		"its password: prompt, file:PATH, fd:N or cmd:WORDS"},
	{"ca-file", MAIL_CA_FILE, "FILE",
		"trust the certificates in FILE, not those of the system"},
	{"sendmail", MAIL_SENDMAIL, "CMD",
		"give each message to CMD -i -f SENDER -- RECIPIENT"},
	{"allow-unverified-transport", MAIL_UNVERIFIED, NULL,
		"write or send passwords where nobody proves who gets them"},
	{"journal", MAIL_JOURNAL, "FILE",
		"remember in FILE who got what, and send it to nobody twice"},
	{"again", MAIL_AGAIN, NULL, "send to those too who have it"},
	{"resend-doubtful", MAIL_RESEND, NULL,
		"send again what may have been sent when a run was cut off"},
	{"rate", MAIL_RATE, "N/min", "at most N messages a minute"},
	{"retry-for", MAIL_RETRY, "TIME",
		"try for TIME (30s, 10m, 2h) what is refused for now; 10m "
		"otherwise"},
	{NULL, 0, NULL, NULL},
};

/* "30s", "10m", "2h", or seconds. */
static void
take_retry(struct gen *g, const char *text)
{
	unsigned long n = 0, unit = 1;
	const char *c = text;

	for (; *c >= '0' && *c <= '9' && n < 1000000; c++)
		n = n * 10 + (unsigned long)(*c - '0');
	if (c > text && *c != '\0' && c[1] == '\0') {
		unit = *c == 's' ? 1 : *c == 'm' ? 60 : *c == 'h' ? 3600 : 0;
		c++;
	}
	if (c == text || *c != '\0' || unit == 0 || n * unit > 7UL * 86400)
		complain_usage(g->program,
			"--retry-for is a time such as 30s, 10m or 2h, at most "
			"168h");
	else
		mail_of(g)->post.retry_for = (unsigned)(n * unit);
}

bool
mail_take(struct gen *g, int id, const char *value)
{
	struct mail *m = mail_of(g);

	switch (id) {
	case MAIL_SENDER: m->sender_text = value; break;
	case MAIL_SENDMAIL: m->sendmail = value; break;
	case MAIL_SUBMIT: m->submit = value; break;
	case MAIL_LOGIN: m->login = value; break;
	case MAIL_PASSWORD_FROM:
		m->post.source.option = "--submit-password-from";
		m->post.source.what = "Password";
		m->has_login_source = source_parse(
			&m->post.source, &g->arena, value, g->program);
		break;
	case MAIL_CA_FILE: m->post.ca_file = value; break;
	case MAIL_JOURNAL: m->post.journal_path = value; break;
	case MAIL_AGAIN: m->post.again = true; break;
	case MAIL_RESEND: m->post.resend_doubtful = true; break;
	case MAIL_RATE: m->post.rate = gen_rate(g, value, "messages"); break;
	case MAIL_RETRY: take_retry(g, value); break;
	case MAIL_UNVERIFIED: m->allow_unverified = true; break;
	default: return false;
	}
	return true;
}

/* The sender goes through the gate, as everybody does. */
static void
check_sender(struct gen *g)
{
	struct mail *m = mail_of(g);
	struct mailcfg_pos pos = {"--sender", 1, 1};
	struct mc_draft *draft = mc_arena_alloc(&g->arena, sizeof(*draft));
	const char *name, *address, *local, *domain;
	size_t at;

	if (m->sender_text == NULL) {
		complain_usage(g->program,
			"give --sender: whom the messages are from");
		return;
	}
	if (draft == NULL ||
		!mc_mailbox_split(
			&g->arena, m->sender_text, &name, &address, &at))
		return;
	draft->arena = &g->arena;
	if (name != NULL)
		(void)mc_draft_set(draft, MC_NAME, name, strlen(name),
			MC_TYPE_STRING, &pos, true, g->report);
	pos.column += (unsigned)at;
	(void)mc_draft_set(draft, MC_ADDRESS, address, strlen(address),
		MC_TYPE_STRING, &pos, true, g->report);
	if (draft->bad)
		return;
	if (draft->value[MC_ADDRESS].text == NULL) {
		complain_usage(g->program, "--sender has an empty value");
		return;
	}
	address = draft->value[MC_ADDRESS].text;
	if (mc_address_parse(&g->arena, address, strlen(address), &local,
		    &domain, &at) != NULL)
		return;
	m->sender_name = draft->value[MC_NAME].text;
	m->sender = mc_arena_printf(&g->arena, "%s@%s", local, domain);
	m->post.from = m->sender;
}

/* Who takes --from for the sender is told. */
static void
check_from(struct gen *g)
{
	struct stat st;

	for (size_t i = 0; i < g->o.n_from; i++)
		if (strchr(g->o.from[i], '@') != NULL &&
			stat(g->o.from[i], &st) != 0)
			complain_usage(g->program,
				"--from reads accounts from a file, and %s is "
				"none: the sender is --sender",
				g->o.from[i]);
}

/* What mail programs get by message is made for an account. */
static void
check_targets(struct gen *g)
{
	struct gen_options *o = &g->o;
	size_t n = 0;

	if (o->targets == NULL) {
		o->targets = mc_arena_alloc(
			&g->arena, mc_target_count() * sizeof(*o->targets));
		for (size_t i = 0; o->targets != NULL && i < mc_target_count();
			i++)
			if ((mc_target_at(i)->can & MC_HANDED_OVER) != 0)
				o->targets[o->n_targets++] = (struct choice){
					.target = mc_target_at(i)};
	}
	for (size_t i = 0; o->targets != NULL && i < o->n_targets; i++) {
		const struct choice *choice = &o->targets[i];

		if (choice->target->scope == NULL)
			o->targets[n++] = *choice;
		else if (!choice->lenient)
			complain_usage(g->program,
				"%s is not made for a person: it goes by no "
				"message",
				choice->target->name);
	}
	o->n_targets = n;
}

/* An address of four numbers, which is a name in its certificate. */
static bool
is_number(const char *host)
{
	return host[strspn(host, "0123456789.")] == '\0';
}

static void
check_submit(struct gen *g)
{
	struct mail *m = mail_of(g);
	struct mc_url url;
	enum mc_url_fault fault = mc_url_parse(
		&g->arena, MAILCFG_SUBMISSION, m->submit, &url);
	const char *why = NULL, *host = NULL;

	if (fault != MC_URL_OK)
		why = fault == MC_URL_PASSWORD
			? "a URL must not hold a password: give "
			  "--submit-password-from"
			: mc_url_fault_name(fault);
	else if (url.tls == MAILCFG_TLS_NONE)
		why = "mail is handed on over TLS: smtps:// or smtp://";
	else if (is_number(url.host))
		host = url.host;
	else
		host = mc_host_ascii(
			&g->arena, url.host, strlen(url.host), &why);
	if (host == NULL) {
		complain_usage(g->program, "--submit: %s", why);
		return;
	}
	m->post.carrier = &carrier_submit;
	m->post.host = host;
	m->post.port = url.port;
	m->post.implicit = url.tls == MAILCFG_TLS_IMPLICIT;
	m->post.login = m->login == NULL ? url.user : m->login;
	if (m->post.login != NULL && !m->has_login_source)
		complain_usage(g->program,
			"--submit-password-from is missing: where the password "
			"of %s comes from",
			m->post.login);
	if (m->post.login == NULL && m->has_login_source)
		complain_usage(g->program,
			"--submit-password-from goes with --submit-login");
}

static void
check_sendmail(struct gen *g)
{
	struct mail *m = mail_of(g);
	size_t n = 0;

	m->post.words = split_words(&g->arena, m->sendmail, &n);
	if (m->post.words == NULL || n == 0)
		complain_usage(g->program, "--sendmail wants a command%s",
			m->post.words == NULL ? ": a quote is not closed" : "");
	m->post.carrier = &carrier_command;
}

/* Whether more than one message may come of it. */
static bool
is_bulk(const struct gen_options *o)
{
	const char *only = o->n_operands == 1 ? o->operands[0] : NULL;

	if (o->n_from == 0)
		return o->n_operands > 1 && !o->combine;
	return only == NULL || only[0] == '@' || strpbrk(only, "*?") != NULL;
}

/* What has no place without a way to send. */
static void
check_way(struct gen *g)
{
	struct mail *m = mail_of(g);
	const struct post *p = &m->post;
	bool sends = p->carrier != NULL;

	if (m->submit != NULL && m->sendmail != NULL)
		complain_usage(g->program,
			"--submit and --sendmail are two "
			"ways: give one");
	if (sends && (g->o.output != NULL || g->sink.frame != NULL))
		complain_usage(g->program,
			"messages are sent or written: -o does not go with "
			"--submit or --sendmail");
	if (!sends && (p->journal_path != NULL || p->rate > 0 || p->again))
		complain_usage(g->program,
			"--journal, --again and --rate go with --submit or "
			"--sendmail");
	if (p->journal_path == NULL && (p->again || p->resend_doubtful))
		complain_usage(g->program,
			"--again and --resend-doubtful go with --journal");
	if (m->submit == NULL &&
		(m->login != NULL || p->ca_file != NULL || m->has_login_source))
		complain_usage(g->program,
			"--submit-login, --submit-password-from and --ca-file "
			"go with --submit");
	if (sends && p->journal_path == NULL && is_bulk(&g->o) && !g->o.dry_run)
		complain_usage(g->program,
			"many messages want --journal FILE, so that nobody "
			"gets one twice");
	if (sends && g->o.by != BY_NOTHING)
		complain_usage(g->program, "--by goes with -o DIR/");
}

void
mail_check(struct gen *g)
{
	struct mail *m = mail_of(g);

	check_sender(g);
	check_from(g);
	check_targets(g);
	if (m->submit != NULL)
		check_submit(g);
	if (m->sendmail != NULL)
		check_sendmail(g);
	check_way(g);
	if (m->post.carrier != NULL) {
		g->sink.kind = &sink_post;
		g->sink.post = &m->post;
		m->post.g = g;
	}
}
