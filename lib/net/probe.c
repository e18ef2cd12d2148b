/* SPDX-License-Identifier: ISC */
#include "probe.h"

#include <string.h>

#include "../arena.h"
#include "talk.h"

static const struct mc_dialect *const dialects[MAILCFG_PROTOCOLS] = {
	[MAILCFG_IMAP] = &mc_dialect_imap,
	[MAILCFG_POP3] = &mc_dialect_pop3,
	[MAILCFG_SUBMISSION] = &mc_dialect_smtp,
};

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
