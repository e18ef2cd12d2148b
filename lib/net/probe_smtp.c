/* SPDX-License-Identifier: ISC */
/* Submission (RFC 6409), as much of it as a probe speaks: no message. */
#include <stdio.h>
#include <string.h>

#include "../mail/mime.h"
#include "../text.h"
#include "talk.h"

static enum mc_answer
judge(struct mc_talk *t)
{
	char line[MC_PROBE_TEXT + 8];
	size_t n = t->reply.n < MC_PROBE_TEXT ? t->reply.n : MC_PROBE_TEXT;
	int code = t->reply.code;
	int lead = snprintf(line, sizeof(line), "%03d ", code);

	memcpy(line + lead, t->reply.text, n);
	mc_talk_keep(t, line, (size_t)lead + n);
	if (code == 421)
		return MC_ANSWER_BYE;
	if (code >= 200 && code < 300)
		return MC_ANSWER_YES;
	if (code >= 300 && code < 400)
		return MC_ANSWER_MORE;
	if (code >= 400 && code < 500)
		return MC_ANSWER_LATER;
	return code >= 500 && code < 600 ? MC_ANSWER_NO : MC_ANSWER_ODD;
}

static enum mc_answer
smtp_reply(struct mc_talk *t)
{
	const char *line;
	size_t n;

	t->reply = (struct mc_reply){.code = 0};
	while ((line = mc_talk_line(t, &n)) != NULL) {
		bool first = t->reply.code == 0;

		if (!mc_reply_line(&t->reply, line, n)) {
			mc_talk_keep(t, line, n);
			return MC_ANSWER_ODD;
		}
		/* the first line of EHLO's answer is a name */
		if (t->asking && !first && n > 4)
			mc_abilities_line(&t->abilities, MAILCFG_SUBMISSION,
				line + 4, n - 4);
		if (!t->reply.whole)
			continue;
		t->more = n > 4 ? line + 4 : "";
		return judge(t);
	}
	return MC_ANSWER_FAULT;
}

static enum mc_answer
smtp_greeting(struct mc_talk *t)
{
	enum mc_answer answer = smtp_reply(t);

	if (answer == MC_ANSWER_YES && t->reply.code != 220)
		return MC_ANSWER_ODD;
	return answer == MC_ANSWER_MORE ? MC_ANSWER_ODD : answer;
}

static enum mc_answer
smtp_ask(struct mc_talk *t)
{
	char line[300];

	(void)snprintf(line, sizeof(line), "EHLO %s", t->to->helo);
	return mc_talk_send(t, line) ? smtp_reply(t) : MC_ANSWER_FAULT;
}

static enum mc_answer
smtp_starttls(struct mc_talk *t)
{
	return mc_talk_send(t, "STARTTLS") ? smtp_reply(t) : MC_ANSWER_FAULT;
}

static enum mc_answer
smtp_sasl(struct mc_talk *t, const char *mechanism, const char *initial)
{
	struct mc_buf line = {0};

	mc_buf_printf(&line, "AUTH %s%s%s", mechanism,
		initial == NULL ? "" : " ", initial == NULL ? "" : initial);
	return mc_talk_send_secret(t, &line) ? smtp_reply(t) : MC_ANSWER_FAULT;
}

/* "MAIL FROM:<alice@example.org> SIZE=4096 SMTPUTF8" */
static enum mc_answer
envelope(
	struct mc_talk *t, const char *verb, const char *size, const char *utf8)
{
	char line[600];

	(void)snprintf(line, sizeof(line), "%s:<%s>%s%s", verb, t->to->mailbox,
		t->abilities.size ? size : "",
		mc_is_ascii(t->to->mailbox) ? "" : utf8);
	return mc_talk_send(t, line) ? smtp_reply(t) : MC_ANSWER_FAULT;
}

/* Words by which servers say that a mailbox is full. */
static bool
is_full(const struct mc_talk *t)
{
	return t->reply.code == 552 || t->reply.code == 452 ||
		(t->reply.n >= 5 && memcmp(t->reply.text + 1, ".2.2", 4) == 0);
}

/*
 * Whether mail from the person is taken.  Many servers judge the sender when
 * they are told a recipient: it is the person.
 */
static void
smtp_sender(struct mc_talk *t)
{
	const char *mailbox = t->to->mailbox;
	enum mc_answer answer;
	bool to = false;

	if (mailbox == NULL || !mc_mime_is_address(mailbox) ||
		strlen(mailbox) > 256) {
		mc_talk_find(t, MC_STEP_SENDER, MC_WHY_NO_MAILBOX);
		return;
	}
	if (!mc_is_ascii(mailbox) && !t->abilities.utf8) {
		mc_talk_find(t, MC_STEP_SENDER, MC_WHY_NO_UTF8);
		return;
	}
	answer = envelope(t, "MAIL FROM", " SIZE=4096", " SMTPUTF8");
	if (answer == MC_ANSWER_YES) {
		answer = envelope(t, "RCPT TO", "", "");
		to = true;
	}
	if (mc_talk_broke(t, MC_STEP_SENDER, answer))
		return;
	if (answer == MC_ANSWER_YES) {
		mc_talk_hear(t, MC_STEP_SENDER, MC_WHY_GOOD);
	} else if (to && is_full(t)) {
		mc_talk_hear(t, MC_STEP_SENDER, MC_WHY_FULL);
	} else if (answer == MC_ANSWER_LATER) {
		mc_talk_hear(t, MC_STEP_SENDER, MC_WHY_SENDER_LATER);
	} else {
		mc_talk_hear(t, MC_STEP_SENDER, MC_WHY_SENDER);
		t->out->refused = true;
	}
	if (mc_talk_send(t, "RSET"))
		(void)smtp_reply(t);
}

const struct mc_dialect mc_dialect_smtp = {
	.name = "SMTP",
	.greeting = smtp_greeting,
	.ask = smtp_ask,
	.starttls = smtp_starttls,
	.sasl = smtp_sasl,
	.reply = smtp_reply,
	.sender = smtp_sender,
	.farewell = "QUIT",
};
