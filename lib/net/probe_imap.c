/* SPDX-License-Identifier: ISC */
/* IMAP (RFC 9051), as much of it as a probe speaks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../text.h"
#include "talk.h"

/* Whether a response code stands in the text: "NO [UNAVAILABLE] ...". */
static bool
has_code(const char *text, size_t n, const char *code)
{
	size_t k = strlen(code);

	for (size_t i = 0; i + k + 2 <= n; i++)
		if (text[i] == '[' &&
			mc_strncasecmp(text + i + 1, code, k) == 0 &&
			(text[i + 1 + k] == ']' || text[i + 1 + k] == ' '))
			return true;
	return false;
}

static enum mc_answer
judge(struct mc_talk *t, const char *text, size_t n)
{
	static const char *const passing[] = {
		"UNAVAILABLE", "LIMIT", "INUSE", "SERVERBUG", "THROTTLED"};

	mc_talk_keep(t, text, n);
	t->full = t->full || has_code(text, n, "OVERQUOTA");
	if (mc_talk_starts(text, n, "OK"))
		return MC_ANSWER_YES;
	if (mc_talk_starts(text, n, "BAD"))
		return MC_ANSWER_NO;
	if (!mc_talk_starts(text, n, "NO"))
		return MC_ANSWER_ODD;
	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		if (has_code(text, n, passing[i]))
			return MC_ANSWER_LATER;
	return MC_ANSWER_NO;
}

/* "QUOTA "" (STORAGE 20 20)": whether a usual message still goes in. */
static bool
is_full(const char *line)
{
	static const char name[] = "STORAGE ";
	const char *at = strstr(line, name);
	char *end;
	unsigned long long used, most;

	if (at == NULL)
		return false;
	used = strtoull(at + sizeof(name) - 1, &end, 10);
	most = strtoull(end, &end, 10);
	/* KiB */
	return most > 0 && (used >= most || most - used < 4);
}

/* A line that belongs to no command of ours. */
static void
untagged(struct mc_talk *t, const char *line, size_t n)
{
	if (t->asking)
		mc_abilities_line(&t->abilities, MAILCFG_IMAP, line, n);
	if (mc_talk_starts(line, n, "BYE")) {
		mc_talk_keep(t, line, n);
		t->bye = true;
	}
	if (has_code(line, n, "OVERQUOTA") ||
		(mc_talk_starts(line, n, "QUOTA ") && is_full(line)))
		t->full = true;
}

/* Everything up to the answer to the last command. */
static enum mc_answer
imap_reply(struct mc_talk *t)
{
	char tag[16];
	const char *line;
	size_t n, k;

	(void)snprintf(tag, sizeof(tag), "A%u ", t->tag);
	k = strlen(tag);
	while ((line = mc_talk_line(t, &n)) != NULL) {
		if (mc_talk_starts(line, n, "* ")) {
			untagged(t, line + 2, n - 2);
		} else if (n > 0 && line[0] == '+') {
			t->more = line + 1 + (n > 1 && line[1] == ' ');
			return MC_ANSWER_MORE;
		} else if (n > k && memcmp(line, tag, k) == 0) {
			return judge(t, line + k, n - k);
		} else {
			mc_talk_keep(t, line, n);
			return MC_ANSWER_ODD;
		}
	}
	return MC_ANSWER_FAULT;
}

static enum mc_answer
command(struct mc_talk *t, const char *words)
{
	char line[128];

	(void)snprintf(line, sizeof(line), "A%u %s", ++t->tag, words);
	return mc_talk_send(t, line) ? imap_reply(t) : MC_ANSWER_FAULT;
}

static enum mc_answer
imap_greeting(struct mc_talk *t)
{
	size_t n;
	const char *line = mc_talk_line(t, &n);

	if (line == NULL)
		return MC_ANSWER_FAULT;
	mc_talk_keep(t, line, n);
	if (mc_talk_starts(line, n, "* OK"))
		return MC_ANSWER_YES;
	if (mc_talk_starts(line, n, "* PREAUTH"))
		return MC_ANSWER_MORE;
	return mc_talk_starts(line, n, "* BYE") ? MC_ANSWER_BYE : MC_ANSWER_ODD;
}

static enum mc_answer
imap_ask(struct mc_talk *t)
{
	return command(t, "CAPABILITY");
}

static enum mc_answer
imap_starttls(struct mc_talk *t)
{
	return command(t, "STARTTLS");
}

static enum mc_answer
imap_sasl(struct mc_talk *t, const char *mechanism, const char *initial)
{
	struct mc_buf line = {0};

	mc_buf_printf(&line, "A%u AUTHENTICATE %s", ++t->tag, mechanism);
	/* without SASL-IR the server asks for it */
	if (initial != NULL && t->abilities.initial)
		mc_buf_printf(&line, " %s", initial);
	return mc_talk_send_secret(t, &line) ? imap_reply(t) : MC_ANSWER_FAULT;
}

static bool
is_quotable(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || (unsigned char)*text >= 0x7f)
			return false;
	return true;
}

/* A string; what cannot be quoted goes as a literal, when it is wanted. */
static enum mc_answer
put_string(struct mc_talk *t, struct mc_buf *line, const char *text)
{
	enum mc_answer answer;

	if (is_quotable(text)) {
		mc_buf_putc(line, '"');
		for (; *text != '\0'; text++) {
			if (*text == '"' || *text == '\\')
				mc_buf_putc(line, '\\');
			mc_buf_putc(line, *text);
		}
		mc_buf_putc(line, '"');
		return MC_ANSWER_MORE;
	}
	mc_buf_printf(line, "{%zu}", strlen(text));
	answer = mc_talk_send_secret(t, line) ? imap_reply(t) : MC_ANSWER_FAULT;
	if (answer == MC_ANSWER_MORE)
		mc_buf_puts(line, text);
	return answer;
}

static enum mc_answer
imap_login(struct mc_talk *t)
{
	struct mc_buf line = {0};
	enum mc_answer answer;

	mc_buf_printf(&line, "A%u LOGIN ", ++t->tag);
	answer = put_string(t, &line, t->to->login);
	if (answer == MC_ANSWER_MORE) {
		mc_buf_putc(&line, ' ');
		answer = put_string(t, &line, t->to->password);
	}
	if (answer == MC_ANSWER_MORE)
		return mc_talk_send_secret(t, &line) ? imap_reply(t)
						     : MC_ANSWER_FAULT;
	mc_buf_free(&line);
	return answer;
}

/* The person is in: is there room for mail? */
static void
imap_look(struct mc_talk *t)
{
	struct mc_abilities before = t->abilities;

	/* many tell only who is in that they know quotas */
	t->abilities = (struct mc_abilities){.quota = false};
	t->asking = true;
	(void)command(t, "CAPABILITY");
	t->asking = false;
	if (t->abilities.quota && !t->full)
		(void)command(t, "GETQUOTAROOT INBOX");
	t->abilities = before;
	if (t->full)
		mc_talk_find(t, MC_STEP_LOGIN, MC_WHY_FULL);
}

const struct mc_dialect mc_dialect_imap = {
	.name = "IMAP",
	.greeting = imap_greeting,
	.ask = imap_ask,
	.starttls = imap_starttls,
	.sasl = imap_sasl,
	.reply = imap_reply,
	.login = imap_login,
	.sender = imap_look,
	.farewell = "A0 LOGOUT",
};
