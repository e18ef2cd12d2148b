/* SPDX-License-Identifier: ISC */
/* POP3 (RFC 1939, RFC 2449, RFC 5034), as much of it as a probe speaks. */
#include <string.h>

#include "talk.h"

static enum mc_answer
judge(struct mc_talk *t, const char *line, size_t n)
{
	static const char *const passing[] = {
		"-ERR [SYS/TEMP]", "-ERR [IN-USE]", "-ERR [LOGIN-DELAY]"};

	mc_talk_keep(t, line, n);
	if (mc_talk_starts(line, n, "+OK"))
		return MC_ANSWER_YES;
	if (n > 0 && line[0] == '+' && (n == 1 || line[1] == ' ')) {
		t->more = line + 1 + (n > 1);
		return MC_ANSWER_MORE;
	}
	if (!mc_talk_starts(line, n, "-ERR"))
		return MC_ANSWER_ODD;
	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		if (mc_talk_starts(line, n, passing[i]))
			return MC_ANSWER_LATER;
	return MC_ANSWER_NO;
}

static enum mc_answer
pop3_reply(struct mc_talk *t)
{
	size_t n;
	const char *line = mc_talk_line(t, &n);

	return line == NULL ? MC_ANSWER_FAULT : judge(t, line, n);
}

static enum mc_answer
pop3_greeting(struct mc_talk *t)
{
	enum mc_answer answer = pop3_reply(t);

	return answer == MC_ANSWER_MORE ? MC_ANSWER_ODD : answer;
}

/* A server without CAPA has what POP3 always had. */
static enum mc_answer
pop3_ask(struct mc_talk *t)
{
	enum mc_answer answer;
	const char *line;
	size_t n;

	if (!mc_talk_send(t, "CAPA"))
		return MC_ANSWER_FAULT;
	answer = pop3_reply(t);
	if (answer == MC_ANSWER_NO)
		return MC_ANSWER_YES;
	if (answer != MC_ANSWER_YES)
		return answer;
	t->abilities.no_command = true;
	while ((line = mc_talk_line(t, &n)) != NULL) {
		if (n == 1 && line[0] == '.')
			return MC_ANSWER_YES;
		mc_abilities_line(&t->abilities, MAILCFG_POP3, line, n);
	}
	return MC_ANSWER_FAULT;
}

static enum mc_answer
pop3_starttls(struct mc_talk *t)
{
	return mc_talk_send(t, "STLS") ? pop3_reply(t) : MC_ANSWER_FAULT;
}

static enum mc_answer
pop3_sasl(struct mc_talk *t, const char *mechanism, const char *initial)
{
	struct mc_buf line = {0};

	/* the first answer at once is newer than many servers */
	(void)initial;
	mc_buf_printf(&line, "AUTH %s", mechanism);
	return mc_talk_send_secret(t, &line) ? pop3_reply(t) : MC_ANSWER_FAULT;
}

static enum mc_answer
pop3_login(struct mc_talk *t)
{
	struct mc_buf line = {0};
	enum mc_answer answer;

	mc_buf_printf(&line, "USER %s", t->to->login);
	answer = mc_talk_send_secret(t, &line) ? pop3_reply(t)
					       : MC_ANSWER_FAULT;
	if (answer != MC_ANSWER_YES)
		return answer;
	mc_buf_printf(&line, "PASS %s", t->to->password);
	return mc_talk_send_secret(t, &line) ? pop3_reply(t) : MC_ANSWER_FAULT;
}

const struct mc_dialect mc_dialect_pop3 = {
	.name = "POP3",
	.greeting = pop3_greeting,
	.ask = pop3_ask,
	.starttls = pop3_starttls,
	.sasl = pop3_sasl,
	.reply = pop3_reply,
	.login = pop3_login,
	.farewell = "QUIT",
};
