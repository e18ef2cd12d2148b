/* SPDX-License-Identifier: ISC */
/* What was found, for people: a line for each step, and what to do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "text.h"

const char *const check_service_names[CHECK_SERVICES] = {
	"IMAP", "POP3", "SMTP", "CalDAV", "CardDAV"};
const char *const check_service_words[CHECK_SERVICES] = {
	"imap", "pop3", "smtp", "caldav", "carddav"};
const char *const check_fate_names[] = {"ok", "warn", "refused", "fail"};

/* Columns: of marks, and of texts. */
enum { INDENT = 4, TEXT = 24 };
/* Bytes of what a server said. */
enum { SAID = 200 };

const char *
check_word(const struct check *c, enum mc_word word)
{
	return c->rules.word[word][c->speech];
}

enum check_fate
check_fate(const struct check_task *t)
{
	switch (mc_probe_worst(&t->probe, 0, MC_STEPS - 1)) {
	case MC_VERDICT_SKIPPED:
	case MC_VERDICT_OK: break;
	case MC_VERDICT_WARN: return CHECK_WARNED;
	case MC_VERDICT_FAIL:
		return t->probe.refused ? CHECK_REFUSES : CHECK_FAILS;
	}
	/* who was refused so often is not well, though nobody asked */
	return t->probe.step[MC_STEP_LOGIN].reason == MC_WHY_LOCK_OUT
		? CHECK_REFUSES
		: CHECK_GOOD;
}

enum check_fate
check_account_fate(const struct check_account *a)
{
	enum check_fate worst = CHECK_GOOD;

	for (size_t i = 0; i < a->n; i++)
		if (check_fate(&a->task[i]) > worst)
			worst = check_fate(&a->task[i]);
	/* a difference is advice, and so is what is missing */
	return worst == CHECK_GOOD &&
			(a->n_differences > 0 || a->no_incoming ||
				a->no_outgoing)
		? CHECK_WARNED
		: worst;
}

/* Reasons that are the server's own words. */
static bool
is_its_own(enum mc_reason why)
{
	return why == MC_WHY_TURNED_AWAY || why == MC_WHY_BUSY ||
		why == MC_WHY_LOGIN || why == MC_WHY_LOGIN_LATER ||
		why == MC_WHY_SENDER || why == MC_WHY_SENDER_LATER ||
		why == MC_WHY_STARTTLS_REFUSED || why == MC_WHY_ODD;
}

const struct mc_rule *
check_rule(struct check *c, struct mc_arena *arena,
	const struct check_server *server, const struct mc_finding *f)
{
	const char *text = mc_reasons[f->reason].text;
	struct mc_said said = {.text = f->said, .source = server->name};
	struct mc_explained found;

	said.n = strlen(said.text);
	if (said.n > 0 && is_its_own(f->reason) &&
		mc_explain(arena, &c->rules, &said, &found) && found.n > 0 &&
		(found.hit[0].by_words || *text == '\0'))
		return found.hit[0].rule;
	said = (struct mc_said){.text = text, .n = strlen(text)};
	if (said.n > 0 && mc_explain(arena, &c->rules, &said, &found) &&
		found.n > 0)
		return found.hit[0].rule;
	return NULL;
}

static const char *
mark(const struct check *c, enum mc_verdict verdict)
{
	static const char *const signs[][4] = {
		{"-", "ok", "!", "FAIL"}, {"·", "✓", "!", "✗"}};

	return signs[c->marks][verdict];
}

void
check_put_mark(const struct check *c, enum mc_verdict verdict)
{
	static const char *const colours[] = {"2", "32", "33", "1;31"};
	const char *sign = mark(c, verdict);
	int width = c->marks ? 1 : 4;

	if (c->colour)
		(void)fprintf(
			c->out, "\033[%sm%s\033[0m", colours[verdict], sign);
	else
		(void)fprintf(c->out, "%s", sign);
	(void)fprintf(c->out, "%*s",
		width - (int)mc_utf8_count(sign, strlen(sign)) + 1, "");
}

void
check_put_text(const struct check *c, const char *text, int column)
{
	if (*text == '\0')
		(void)fprintf(c->out, "\n");
	else
		print_wrapped(c->out, text, TEXT, column);
}

/* What goes well is told in one line. */
static void
put_short(const struct check *c, const char *text, int column)
{
	static const char cut[] = "...";
	size_t room = 79 - TEXT, n, used = 0, letters = 0, word;
	uint32_t code;

	/* what else the greeting says stands among the abilities */
	if (strncmp(text, "* OK [", 6) == 0 && strstr(text, "] ") != NULL)
		text = strstr(text, "] ") + 2;
	n = strlen(text);
	if (mc_utf8_count(text, n) <= room) {
		check_put_text(c, text, column);
		return;
	}
	while (letters < room - 3) {
		used += mc_utf8_decode(text + used, n - used, &code);
		letters++;
	}
	for (word = used; word > 0 && text[word - 1] != ' ';)
		word--;
	/* one that is alone is cut */
	(void)fprintf(c->out, "%*s%.*s%s\n", TEXT - column, "",
		(int)(word > 0 ? word : used), text, cut);
}

static const char *
skipped(const struct check *c, enum mc_reason why)
{
	static const struct {
		enum mc_reason why;
		enum mc_word word;
	} rows[] = {{MC_WHY_NO_PASSWORD, MC_WORD_NO_PASSWORD},
		{MC_WHY_NO_MAILBOX, MC_WORD_NO_MAILBOX},
		{MC_WHY_UNSAFE, MC_WORD_UNSAFE},
		{MC_WHY_UNPROVED, MC_WORD_UNPROVED},
		{MC_WHY_UNTRIED, MC_WORD_UNTRIED},
		{MC_WHY_STOPPED, MC_WORD_STOPPED}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].why == why)
			return check_word(c, rows[i].word);
	return check_word(c, MC_WORD_NOT_REACHED);
}

/* The facts of a step: what was found there, or why nobody looked. */
static const char *
facts(struct check *c, struct mc_arena *arena, enum mc_step step,
	const struct mc_finding *f, const struct mc_rule *rule)
{
	const char *text = f->detail[0] == '\0' ? f->said : f->detail;

	if (f->verdict == MC_VERDICT_SKIPPED && rule == NULL)
		return skipped(c, f->reason);
	if (step == MC_STEP_CERTIFICATE && f->detail[0] != '\0' &&
		strspn(f->detail, "-0123456789") == strlen(f->detail))
		text = mc_arena_printf(arena, "%s: %s",
			check_word(c, MC_WORD_DAYS), f->detail);
	if (text == NULL || rule == NULL)
		return text;
	return mc_arena_printf(arena, "%s%s%s%s", rule->say[c->speech].title,
		f->detail[0] == '\0' ? "" : " (",
		f->detail[0] == '\0' ? "" : text,
		f->detail[0] == '\0' ? "" : ")");
}

static void
put_step(struct check *c, struct check_account *a, const struct check_task *t,
	enum mc_step step)
{
	const struct mc_finding *f = &t->probe.step[step];
	const char *label = check_word(
		c, (enum mc_word)(MC_WORD_STEP_NAME + (int)step));
	bool told = f->verdict >= MC_VERDICT_WARN ||
		f->reason == MC_WHY_LOCK_OUT;
	const struct mc_rule *rule = told
		? check_rule(c, &a->arena, t->server, f)
		: NULL;
	const char *text = facts(c, &a->arena, step, f, rule);
	int width = (int)mc_utf8_count(label, strlen(label));

	(void)fprintf(c->out, "%*s", INDENT, "");
	check_put_mark(c, f->verdict);
	(void)fprintf(c->out, "%s", label);
	width += INDENT + (c->marks ? 2 : 5);
	if (!told) {
		put_short(c, text == NULL ? "" : text, width);
		return;
	}
	check_put_text(c, text == NULL ? "" : text, width);
	if (rule != NULL && rule->say[c->speech].steps[0] != NULL)
		check_put_text(c, rule->say[c->speech].steps[0], 0);
	/* that it speaks in the clear is no fault of its words */
	if (f->said[0] != '\0' && f->reason != MC_WHY_NOT_TLS) {
		/* the whole of it is for machines */
		size_t n = strlen(f->said), at = n < SAID ? n : SAID;
		const char *said;

		while (at < n && (f->said[at] & 0xc0) == 0x80)
			at--;
		said = mc_arena_printf(&a->arena, "%s: %.*s%s",
			check_word(c, MC_WORD_SAID), (int)at, f->said,
			at < n ? "..." : "");

		check_put_text(c, said == NULL ? "" : said, 0);
	}
}

/* "IMAP imap.example.org, port 993, TLS from the start" */
static void
put_server(const struct check *c, const struct check_server *s)
{
	(void)fprintf(c->out, "  %s %s, %s %u, %s%s%s\n",
		check_service_names[s->service], s->name,
		check_word(c, MC_WORD_PORT), s->port,
		check_word(c, (enum mc_word)(MC_WORD_IMPLICIT + (int)s->tls)),
		s->path == NULL ? "" : ", ", s->path == NULL ? "" : s->path);
}

static void
put_proposals(
	struct check *c, struct check_account *a, const struct check_server *s)
{
	for (size_t i = 0; i < s->n_proposals; i++) {
		const struct check_proposal *p = &s->proposal[i];
		const char *caution = check_caution(c, a, s, p);

		(void)fprintf(c->out, "%*s%s: %s %s\n", INDENT, "",
			check_word(c, MC_WORD_WORKS), p->option, p->value);
		(void)fprintf(c->out, "%*s%s: %s=%s\n", INDENT, "",
			check_word(c, MC_WORD_RECORD), p->field, p->text);
		if (caution != NULL)
			print_wrapped(c->out, caution, INDENT, 0);
	}
}

bool
check_has_step(const struct check_server *s, enum mc_step step)
{
	if (s->service > CHECK_SUBMISSION)
		return step <= MC_STEP_CERTIFICATE || step == MC_STEP_SERVICE;
	if (step == MC_STEP_SENDER)
		return s->service == CHECK_SUBMISSION;
	if (step == MC_STEP_LOGIN)
		return s->auth != MAILCFG_AUTH_NONE;
	return step != MC_STEP_SERVICE;
}

static void
put_task(struct check *c, struct check_account *a, const struct check_task *t)
{
	bool all = !t->server->shown;

	t->server->shown = true;
	if (!all && check_fate(t) == CHECK_GOOD)
		return;
	/* what is wrong with the server was told */
	if (!all && check_fate(t) == CHECK_FAILS &&
		!check_is_sound(&t->server->probe))
		return;
	put_server(c, t->server);
	for (int step = 0; step < MC_STEPS; step++) {
		const struct mc_finding *f = &t->probe.step[step];

		if (!check_has_step(t->server, (enum mc_step)step))
			continue;
		/* nobody got there */
		if (f->verdict == MC_VERDICT_SKIPPED &&
			f->reason == MC_WHY_NONE)
			continue;
		if (f->reason == MC_WHY_LOCK_OUT)
			c->told = true;
		if (all || f->verdict >= MC_VERDICT_WARN ||
			f->reason == MC_WHY_LOCK_OUT)
			put_step(c, a, t, (enum mc_step)step);
	}
	if (all)
		put_proposals(c, a, t->server);
}

void
check_count(struct check *c, enum check_fate fate)
{
	switch (fate) {
	case CHECK_GOOD: c->n_good++; break;
	case CHECK_WARNED: c->n_warned++; break;
	case CHECK_REFUSES: c->n_refused++; break;
	case CHECK_FAILS: c->n_failed++; break;
	}
}

/* Whether nothing is wrong but that nobody asked: it was told why. */
static bool
is_locked_again(const struct check *c, const struct check_account *a)
{
	bool locked = false;

	for (size_t i = 0; i < a->n; i++) {
		const struct check_task *t = &a->task[i];

		if (t->probe.step[MC_STEP_LOGIN].reason == MC_WHY_LOCK_OUT)
			locked = true;
		else if (check_fate(t) != CHECK_GOOD)
			return false;
	}
	return locked && c->told;
}

/* The account of which nothing more is to be told than that. */
static void
put_locked(struct check *c, struct check_account *a)
{
	const struct mc_finding f = {.reason = MC_WHY_LOCK_OUT};
	const struct mc_rule *rule = check_rule(
		c, &a->arena, a->task[0].server, &f);

	(void)fprintf(c->out, "%s: %s\n", a->label,
		rule == NULL ? "" : rule->say[c->speech].title);
}

/* What an account is told as. */
static void
tell(struct check *c, struct check_account *a)
{
	static const enum mc_verdict verdicts[] = {MC_VERDICT_OK,
		MC_VERDICT_WARN, MC_VERDICT_FAIL, MC_VERDICT_FAIL};
	enum check_fate fate;

	check_compare(c, a);
	fate = check_account_fate(a);
	check_count(c, fate);
	check_put_mark(c, verdicts[fate]);
	if (is_locked_again(c, a)) {
		put_locked(c, a);
		return;
	}
	(void)fprintf(c->out, "%s\n", a->label);
	for (size_t i = 0; i < a->n; i++)
		put_task(c, a, &a->task[i]);
	check_put_published(c, a);
}

void
check_print(struct check *c, struct check_account *a)
{
	char *text = NULL;
	size_t n;
	bool whole;

	c->out = open_memstream(&text, &n);
	if (c->out == NULL) {
		c->no_memory = true;
		return;
	}
	tell(c, a);
	whole = ferror(c->out) == 0;
	/* glibc's closes well without a text, too */
	whole = fclose(c->out) == 0 && whole && text != NULL &&
		!a->arena.failed;
	c->out = NULL;
	/* what lacks a word may say something else */
	if (whole)
		(void)fwrite(text, 1, n, stdout);
	else
		c->no_memory = true;
	free(text);
	c->any = true;
	(void)fflush(stdout);
}
