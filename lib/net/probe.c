/* SPDX-License-Identifier: ISC */
#include "probe.h"

#include <stdio.h>
#include <string.h>

#include "../arena.h"
#include "../text.h"
#include "talk.h"

#define STEP_NAME(id, name) name,
const char *const mc_step_names[MC_STEPS] = {MC_PROBE_STEPS(STEP_NAME)};
#undef STEP_NAME

const char *const mc_verdict_names[] = {"skipped", "ok", "warn", "fail"};

#define REASON_ROW(id, verdict, slug, text) {MC_VERDICT_##verdict, slug, text},
const struct mc_reason_row mc_reasons[MC_REASONS_COUNT] = {
	MC_PROBE_REASONS(REASON_ROW)};
#undef REASON_ROW

/* Days that a certificate should have left. */
enum { SOON = 14 };

static const struct mc_dialect *const dialects[MAILCFG_PROTOCOLS] = {
	[MAILCFG_IMAP] = &mc_dialect_imap,
	[MAILCFG_POP3] = &mc_dialect_pop3,
	[MAILCFG_SUBMISSION] = &mc_dialect_smtp,
};

const char *
mc_talk_line(struct mc_talk *t, size_t *n)
{
	const char *line = mc_wire_line(&t->wire,
		t->to->patience == 0 ? MC_TALK_ANSWER : t->to->patience, n);

	/* what was cut off is all there is to show */
	if (line == NULL && *n > 0)
		mc_talk_keep(t, t->wire.line, *n);
	return line;
}

void
mc_talk_keep(struct mc_talk *t, const char *line, size_t n)
{
	if (n > sizeof(t->said))
		n = sizeof(t->said);
	memmove(t->said, line, n);
	t->n_said = n;
}

bool
mc_talk_send(struct mc_talk *t, const char *line)
{
	char text[1024];
	int n = snprintf(text, sizeof(text), "%s\r\n", line);

	if (n <= 0 || (size_t)n >= sizeof(text))
		return false;
	t->n_said = 0;
	return mc_wire_send(&t->wire, text, (size_t)n);
}

bool
mc_talk_is_secure(const struct mc_talk *t)
{
	return t->wire.ssl != NULL && t->wire.secure;
}

bool
mc_talk_send_secret(struct mc_talk *t, struct mc_buf *line)
{
	bool ok = !line->failed && mc_talk_is_secure(t);

	if (line->failed && t->wire.fault == MC_WIRE_OK)
		t->wire.fault = MC_WIRE_MEMORY;
	t->n_said = 0;
	mc_buf_puts(line, "\r\n");
	ok = ok && !line->failed &&
		mc_wire_send(&t->wire, line->data, line->len);
	mc_buf_free(line);
	return ok;
}

bool
mc_talk_starts(const char *line, size_t n, const char *word)
{
	size_t k = strlen(word);

	return n >= k && mc_strncasecmp(line, word, k) == 0;
}

void
mc_talk_find(struct mc_talk *t, enum mc_step step, enum mc_reason why)
{
	struct mc_finding *f = &t->out->step[step];

	f->reason = why;
	f->verdict = mc_reasons[why].verdict;
}

void
mc_talk_detail(struct mc_talk *t, enum mc_step step, const char *text, size_t n)
{
	struct mc_finding *f = &t->out->step[step];

	mc_reply_show(f->detail, sizeof(f->detail), text, n, &t->secrets);
}

void
mc_talk_hear(struct mc_talk *t, enum mc_step step, enum mc_reason why)
{
	struct mc_finding *f = &t->out->step[step];

	mc_talk_find(t, step, why);
	mc_reply_show(
		f->said, sizeof(f->said), t->said, t->n_said, &t->secrets);
}

static enum mc_reason
wire_reason(const struct mc_wire *w)
{
	switch (w->fault) {
	case MC_WIRE_OK:
	case MC_WIRE_CLOSED:
	case MC_WIRE_TLS: return MC_WHY_CLOSED;
	case MC_WIRE_TIMEOUT: return MC_WHY_SLOW;
	case MC_WIRE_STOPPED: return MC_WHY_STOPPED;
	case MC_WIRE_ENDLESS: return MC_WHY_ENDLESS;
	case MC_WIRE_MEMORY: break;
	}
	return MC_WHY_NO_MEMORY;
}

bool
mc_talk_broke(struct mc_talk *t, enum mc_step step, enum mc_answer answer)
{
	switch (answer) {
	case MC_ANSWER_YES:
	case MC_ANSWER_NO:
	case MC_ANSWER_LATER: return false;
	case MC_ANSWER_BYE: mc_talk_hear(t, step, MC_WHY_BUSY); break;
	case MC_ANSWER_MORE:
	case MC_ANSWER_ODD: mc_talk_hear(t, step, MC_WHY_ODD); break;
	case MC_ANSWER_FAULT:
		mc_talk_hear(
			t, step, t->bye ? MC_WHY_BUSY : wire_reason(&t->wire));
		break;
	}
	return true;
}

/* What speaks there, by how it begins. */
static const char *
speaks(const char *s, size_t n)
{
	static const struct {
		const char *start, *name;
	} rows[] = {{"* ", "IMAP"}, {"+OK", "POP3"}, {"220", "SMTP"},
		{"554", "SMTP"}, {"421", "SMTP"}, {"HTTP/", "HTTP"},
		{"SSH-", "SSH"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (mc_talk_starts(s, n, rows[i].start))
			return rows[i].name;
	return "";
}

/* The step greeting.  false: there is nobody to talk to. */
static bool
greet(struct mc_talk *t)
{
	enum mc_answer answer = t->dialect->greeting(t);
	const char *name;

	switch (answer) {
	case MC_ANSWER_YES:
		mc_talk_hear(t, MC_STEP_GREETING, MC_WHY_GOOD);
		return true;
	case MC_ANSWER_MORE:
		mc_talk_hear(t, MC_STEP_GREETING, MC_WHY_PREAUTH);
		return false;
	case MC_ANSWER_NO:
	case MC_ANSWER_LATER:
	case MC_ANSWER_BYE:
		mc_talk_hear(t, MC_STEP_GREETING, MC_WHY_TURNED_AWAY);
		return false;
	case MC_ANSWER_ODD:
		mc_talk_hear(t, MC_STEP_GREETING, MC_WHY_OTHER_PROTOCOL);
		name = speaks(t->said, t->n_said);
		mc_talk_detail(t, MC_STEP_GREETING, name, strlen(name));
		return false;
	case MC_ANSWER_FAULT: break;
	}
	(void)mc_talk_broke(t, MC_STEP_GREETING, answer);
	/* who waits for TLS to begin says nothing */
	if (t->wire.fault == MC_WIRE_TIMEOUT && t->wire.ssl == NULL &&
		t->wire.heard == 0)
		mc_talk_find(t, MC_STEP_GREETING, MC_WHY_SILENT);
	return false;
}

/* The step capabilities, or what comes before TLS. */
static bool
ask(struct mc_talk *t, enum mc_step step)
{
	enum mc_answer answer;

	t->abilities = (struct mc_abilities){0};
	t->asking = true;
	answer = t->dialect->ask(t);
	t->asking = false;
	if (mc_talk_broke(t, step, answer))
		return false;
	if (answer != MC_ANSWER_YES) {
		mc_talk_hear(t, step, MC_WHY_ODD);
		return false;
	}
	if (step == MC_STEP_CAPABILITIES) {
		mc_talk_find(t, step, MC_WHY_GOOD);
		mc_talk_detail(t, step, t->abilities.text, t->abilities.n);
	}
	return true;
}

static enum mc_reason
certificate_reason(long error)
{
	switch (error) {
	case X509_V_ERR_CERT_HAS_EXPIRED: return MC_WHY_EXPIRED;
	case X509_V_ERR_CERT_NOT_YET_VALID: return MC_WHY_FUTURE;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return MC_WHY_SELF_SIGNED;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return MC_WHY_ISSUER;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH: return MC_WHY_HOST;
	default: return MC_WHY_CERTIFICATE;
	}
}

static void
tell_days(struct mc_talk *t)
{
	struct mc_finding *f = &t->out->step[MC_STEP_CERTIFICATE];

	(void)snprintf(f->detail, sizeof(f->detail), "%d", t->shaken.days);
}

/* The certificate does not hold. */
static void
judge_certificate(struct mc_talk *t)
{
	enum mc_reason why = certificate_reason(t->shaken.verify);
	const char *text = X509_verify_cert_error_string(t->shaken.verify);

	mc_talk_find(t, MC_STEP_TLS, MC_WHY_GOOD);
	if (t->shaken.version != NULL)
		mc_talk_detail(t, MC_STEP_TLS, t->shaken.version,
			strlen(t->shaken.version));
	mc_talk_find(t, MC_STEP_CERTIFICATE, why);
	mc_reply_show(t->out->names, sizeof(t->out->names), t->shaken.names,
		strlen(t->shaken.names), NULL);
	if (why == MC_WHY_HOST)
		text = t->out->names;
	if (why == MC_WHY_EXPIRED)
		tell_days(t);
	else if (why == MC_WHY_HOST || why == MC_WHY_CERTIFICATE)
		mc_talk_detail(t, MC_STEP_CERTIFICATE, text, strlen(text));
}

bool
mc_talk_secure(struct mc_talk *t)
{
	const struct mc_probe_to *to = t->to;
	const struct mc_shaken *s = &t->shaken;
	bool ok = mc_wire_tls(&t->wire, mc_tls_context(to->trust),
		to->tls_name == NULL ? to->host : to->tls_name,
		to->patience == 0 ? MC_TALK_ANSWER : to->patience, &t->shaken);

	t->out->days = s->days;
	if (ok) {
		mc_talk_find(t, MC_STEP_TLS, MC_WHY_GOOD);
		mc_talk_detail(t, MC_STEP_TLS, s->version, strlen(s->version));
		mc_talk_find(t, MC_STEP_CERTIFICATE,
			s->days < SOON ? MC_WHY_EXPIRES : MC_WHY_GOOD);
		tell_days(t);
		return true;
	}
	if (s->verify != X509_V_OK) {
		judge_certificate(t);
	} else if (s->plain) {
		mc_talk_keep(t, s->text, s->n_text);
		mc_talk_hear(t, MC_STEP_TLS,
			to->tls == MAILCFG_TLS_STARTTLS ? MC_WHY_INJECTED
							: MC_WHY_NOT_TLS);
	} else if (s->old) {
		mc_talk_find(t, MC_STEP_TLS, MC_WHY_TLS_OLD);
	} else if (t->wire.fault == MC_WIRE_OK) {
		mc_talk_find(t, MC_STEP_TLS, MC_WHY_TLS_FAILED);
	} else {
		(void)mc_talk_broke(t, MC_STEP_TLS, MC_ANSWER_FAULT);
	}
	return false;
}

/* From the clear into TLS. */
static bool
upgrade(struct mc_talk *t)
{
	enum mc_answer answer;

	if (!greet(t) || !ask(t, MC_STEP_TLS))
		return false;
	if (!t->abilities.starttls) {
		mc_talk_find(t, MC_STEP_TLS, MC_WHY_STARTTLS_MISSING);
		return false;
	}
	answer = t->dialect->starttls(t);
	if (mc_talk_broke(t, MC_STEP_TLS, answer))
		return false;
	if (answer != MC_ANSWER_YES) {
		mc_talk_hear(t, MC_STEP_TLS, MC_WHY_STARTTLS_REFUSED);
		return false;
	}
	/* what came with the answer was never encrypted */
	if (mc_wire_is_ahead(&t->wire)) {
		mc_talk_find(t, MC_STEP_TLS, MC_WHY_INJECTED);
		return false;
	}
	t->wire.at = t->wire.n = 0;
	return mc_talk_secure(t);
}

static bool
begin(struct mc_talk *t)
{
	switch (t->to->tls) {
	case MAILCFG_TLS_IMPLICIT: return mc_talk_secure(t) && greet(t);
	case MAILCFG_TLS_STARTTLS: return upgrade(t);
	case MAILCFG_TLS_NONE: break;
	}
	mc_talk_find(t, MC_STEP_TLS, MC_WHY_CLEARTEXT);
	return greet(t);
}

static void
converse(struct mc_talk *t)
{
	bool in;

	if (!begin(t) || !ask(t, MC_STEP_CAPABILITIES))
		return;
	mc_talk_mechanisms(t);
	in = mc_talk_login(t);
	if (t->dialect->sender != NULL &&
		(in || t->to->auth == MAILCFG_AUTH_NONE) &&
		t->wire.fault == MC_WIRE_OK)
		t->dialect->sender(t);
	if (t->wire.fault == MC_WIRE_OK &&
		mc_talk_send(t, t->dialect->farewell)) {
		size_t n;

		(void)mc_wire_line(&t->wire, MC_TALK_FAREWELL, &n);
	}
}

void
mc_probe_talk(const struct mc_probe_to *to, int fd, struct mc_probe *out)
{
	struct mc_talk t = {
		.to = to, .out = out, .dialect = dialects[to->protocol]};

	t.wire.fd = fd;
	t.wire.until = mc_wire_clock() + MC_TALK_WHOLE;
	t.wire.stopped = to->stopped;
	t.wire.context = to->context;
	if (to->password != NULL && to->login != NULL &&
		!mc_reply_hide(&t.secrets, to->login, to->password))
		mc_talk_find(&t, MC_STEP_GREETING, MC_WHY_NO_MEMORY);
	else
		converse(&t);
	mc_wire_close(&t.wire);
	mc_reply_forget(&t.secrets);
	mc_wipe(&t, sizeof(t));
}

void
mc_probe_run(const struct mc_probe_to *to, struct mc_probe *out)
{
	int fd;

	*out = (struct mc_probe){.refused = false};
	fd = mc_reach(to, out);
	if (fd != -1)
		mc_probe_talk(to, fd, out);
}

enum mc_verdict
mc_probe_worst(const struct mc_probe *p, enum mc_step from, enum mc_step to)
{
	enum mc_verdict worst = MC_VERDICT_SKIPPED;

	for (size_t i = from; i <= (size_t)to; i++)
		if (p->step[i].verdict > worst)
			worst = p->step[i].verdict;
	return worst;
}
