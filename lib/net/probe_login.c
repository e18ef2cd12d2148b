/* SPDX-License-Identifier: ISC */
/* Ways to log in: whether one fits, and whether the password is right. */
#include <string.h>

#include "sasl.h"
#include "talk.h"

/* A line of SASL in an exchange. */
static enum mc_answer
put(struct mc_talk *t, struct mc_buf *line)
{
	return mc_talk_send_secret(t, line) ? t->dialect->reply(t)
					    : MC_ANSWER_FAULT;
}

/* Runs a mechanism from its first answer to the server's verdict. */
static enum mc_answer
exchange(struct mc_talk *t, enum mc_mechanism mechanism)
{
	struct mc_sasl sasl = {.mechanism = mechanism,
		.login = t->to->login,
		.password = t->to->password};
	struct mc_buf first = {0}, line = {0};
	bool has_first = mc_sasl_first(&sasl, &first), odd = false;
	enum mc_answer answer;

	if (first.failed || sasl.failed) {
		mc_buf_free(&first);
		t->wire.fault = MC_WIRE_MEMORY;
		return MC_ANSWER_FAULT;
	}
	answer = t->dialect->sasl(t, mc_mechanism_names[mechanism],
		has_first ? first.data : NULL);
	/* who did not take it with the command asks for it */
	if (answer == MC_ANSWER_MORE && has_first &&
		(mechanism == MC_MECHANISM_PLAIN || *t->more == '\0'))
		answer = put(t, &first);
	mc_buf_free(&first);
	for (int i = 0; answer == MC_ANSWER_MORE && i < 4; i++) {
		if (!mc_sasl_next(&sasl, t->more, &line)) {
			if (sasl.failed) {
				t->wire.fault = MC_WIRE_MEMORY;
				answer = MC_ANSWER_FAULT;
				break;
			}
			/* it is not as it should be: we take our leave of it */
			mc_buf_puts(&line, "*");
			odd = !sasl.refused;
		}
		answer = put(t, &line);
	}
	mc_buf_free(&line);
	/* that is no word about the password */
	if (odd && (answer == MC_ANSWER_NO || answer == MC_ANSWER_LATER))
		answer = MC_ANSWER_ODD;
	t->impostor = answer == MC_ANSWER_YES && !mc_sasl_is_done(&sasl);
	mc_sasl_free(&sasl);
	return answer;
}

/* Whether the protocol's own command does it. */
static bool
has_command(const struct mc_talk *t)
{
	return t->dialect->login != NULL && !t->abilities.no_command;
}

void
mc_talk_mechanisms(struct mc_talk *t)
{
	enum mailcfg_auth auth = t->to->auth;
	unsigned all = t->abilities.mechanisms;
	char text[256];

	mc_abilities_names(all, text, sizeof(text));
	if (auth == MAILCFG_AUTH_NONE ||
		mc_abilities_fit(&t->abilities, auth) != 0 ||
		(auth == MAILCFG_AUTH_PASSWORD && has_command(t)))
		mc_talk_find(t, MC_STEP_MECHANISMS, MC_WHY_GOOD);
	else if (all == 0 && !has_command(t))
		mc_talk_find(t, MC_STEP_MECHANISMS, MC_WHY_NO_LOGIN);
	else
		mc_talk_find(t, MC_STEP_MECHANISMS, MC_WHY_MECHANISM);
	mc_talk_detail(t, MC_STEP_MECHANISMS, text, strlen(text));
}

/* The one to take, the strongest first; -1: none that we speak. */
static int
choose(const struct mc_talk *t)
{
	static const enum mc_mechanism spoken[] = {MC_MECHANISM_SCRAM_256,
		MC_MECHANISM_SCRAM_1, MC_MECHANISM_CRAM, MC_MECHANISM_PLAIN,
		MC_MECHANISM_LOGIN};
	unsigned fit = mc_abilities_fit(&t->abilities, t->to->auth);

	for (size_t i = 0; i < sizeof(spoken) / sizeof(spoken[0]); i++)
		if ((fit & (1u << spoken[i])) != 0)
			return (int)spoken[i];
	return -1;
}

/* Why no login is tried; MC_WHY_GOOD: it is. */
static enum mc_reason
hindrance(const struct mc_talk *t)
{
	if (t->to->auth == MAILCFG_AUTH_NONE)
		return MC_WHY_NONE;
	if (t->out->step[MC_STEP_MECHANISMS].verdict == MC_VERDICT_FAIL)
		return MC_WHY_NONE;
	if (t->to->login == NULL || t->to->password == NULL)
		return MC_WHY_NO_PASSWORD;
	if (!mc_talk_is_secure(t))
		return MC_WHY_UNSAFE;
	if (t->to->auth == MAILCFG_AUTH_OAUTH2)
		return MC_WHY_UNTRIED;
	if (choose(t) < 0 &&
		(t->to->auth != MAILCFG_AUTH_PASSWORD || !has_command(t)))
		return MC_WHY_UNTRIED;
	return MC_WHY_GOOD;
}

bool
mc_talk_login(struct mc_talk *t)
{
	enum mc_reason why = hindrance(t);
	enum mc_answer answer;
	int mechanism;

	mc_talk_find(t, MC_STEP_LOGIN, why);
	if (why != MC_WHY_GOOD)
		return false;
	mechanism = choose(t);
	answer = mechanism < 0 ? t->dialect->login(t)
			       : exchange(t, (enum mc_mechanism)mechanism);
	if (mc_talk_broke(t, MC_STEP_LOGIN, answer))
		return false;
	if (t->impostor) {
		mc_talk_hear(t, MC_STEP_LOGIN, MC_WHY_IMPOSTOR);
		return false;
	}
	if (answer == MC_ANSWER_YES) {
		mc_talk_hear(t, MC_STEP_LOGIN, MC_WHY_GOOD);
		return true;
	}
	mc_talk_hear(t, MC_STEP_LOGIN,
		answer == MC_ANSWER_NO ? MC_WHY_LOGIN : MC_WHY_LOGIN_LATER);
	t->out->refused = answer == MC_ANSWER_NO;
	return false;
}
