/* SPDX-License-Identifier: ISC */
/* The conversation of a probe, and what is found in it. */
#include "talk.h"

#include <stdio.h>
#include <string.h>

#include "../text.h"

#define STEP_NAME(id, name) name,
const char *const mc_step_names[MC_STEPS] = {MC_PROBE_STEPS(STEP_NAME)};
#undef STEP_NAME

const char *const mc_verdict_names[] = {"skipped", "ok", "warn", "fail"};

#define REASON_ROW(id, verdict, slug, text) {MC_VERDICT_##verdict, slug, text},
const struct mc_reason_row mc_reasons[MC_REASONS_COUNT] = {
	MC_PROBE_REASONS(REASON_ROW)};
#undef REASON_ROW

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
	bool ok = mc_talk_is_secure(t);

	t->n_said = 0;
	mc_buf_puts(line, "\r\n");
	if (line->failed && t->wire.fault == MC_WIRE_OK)
		t->wire.fault = MC_WIRE_MEMORY;
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
