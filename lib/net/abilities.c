/* SPDX-License-Identifier: ISC */
#include "abilities.h"

#include <string.h>

#include "../text.h"

#define MECHANISM_NAME(id, name, auth) name,
const char *const mc_mechanism_names[MC_MECHANISM_COUNT] = {
	MC_MECHANISMS(MECHANISM_NAME)};
#undef MECHANISM_NAME

#define MECHANISM_AUTH(id, name, auth) MAILCFG_AUTH_##auth,
static const enum mailcfg_auth auths[MC_MECHANISM_COUNT] = {
	MC_MECHANISMS(MECHANISM_AUTH)};
#undef MECHANISM_AUTH

/* A word of a line. */
struct word {
	const char *s;
	size_t n;
};

static bool
is(const struct word *w, const char *name)
{
	return strlen(name) == w->n && mc_strncasecmp(w->s, name, w->n) == 0;
}

static struct word
next_word(const char **s, size_t *n)
{
	struct word w;

	while (*n > 0 && (**s == ' ' || **s == '\t')) {
		(*s)++;
		(*n)--;
	}
	w = (struct word){*s, 0};
	while (w.n < *n && w.s[w.n] != ' ' && w.s[w.n] != '\t')
		w.n++;
	*s += w.n;
	*n -= w.n;
	return w;
}

static void
keep(struct mc_abilities *o, const struct word *w)
{
	if (o->n + w->n + 2 > sizeof(o->text))
		return;
	if (o->n > 0)
		o->text[o->n++] = ' ';
	memcpy(o->text + o->n, w->s, w->n);
	o->n += w->n;
	o->text[o->n] = '\0';
}

static void
add_mechanism(struct mc_abilities *o, struct word w)
{
	static const char plus[] = "-PLUS";
	const size_t tail = sizeof(plus) - 1;

	/* the one that is bound to the channel comes with the other */
	if (w.n > tail && mc_strncasecmp(w.s + w.n - tail, plus, tail) == 0)
		return;
	for (unsigned i = 0; i < MC_MECHANISM_COUNT; i++)
		if (is(&w, mc_mechanism_names[i]))
			o->mechanisms |= 1u << i;
}

/* "AUTH=PLAIN": the word goes on after the prefix. */
static bool
leads(struct word *w, const char *prefix)
{
	size_t n = strlen(prefix);

	if (w->n <= n || mc_strncasecmp(w->s, prefix, n) != 0)
		return false;
	w->s += n;
	w->n -= n;
	return true;
}

static void
take_imap(struct mc_abilities *o, struct word w)
{
	if (leads(&w, "AUTH="))
		add_mechanism(o, w);
	else if (is(&w, "STARTTLS"))
		o->starttls = true;
	else if (is(&w, "LOGINDISABLED"))
		o->no_command = true;
	else if (is(&w, "SASL-IR"))
		o->initial = true;
	else if (is(&w, "QUOTA"))
		o->quota = true;
}

/* A line of EHLO or CAPA: a keyword, and what belongs to it. */
static void
take_line(struct mc_abilities *o, enum mailcfg_protocol protocol,
	const struct word *first, const char *rest, size_t n)
{
	struct word w = *first;
	bool smtp = protocol == MAILCFG_SUBMISSION, list;

	/* "AUTH=PLAIN LOGIN" of old servers means the same */
	list = is(&w, smtp ? "AUTH" : "SASL");
	if (smtp && leads(&w, "AUTH=")) {
		add_mechanism(o, w);
		list = true;
	}
	if (is(first, smtp ? "STARTTLS" : "STLS"))
		o->starttls = true;
	else if (smtp && is(first, "SMTPUTF8"))
		o->utf8 = true;
	else if (smtp && is(first, "SIZE"))
		o->size = true;
	else if (!smtp && is(first, "USER"))
		o->no_command = false;
	while (n > 0) {
		w = next_word(&rest, &n);
		if (list && w.n > 0)
			add_mechanism(o, w);
	}
}

void
mc_abilities_line(struct mc_abilities *o, enum mailcfg_protocol protocol,
	const char *line, size_t n)
{
	struct word w = next_word(&line, &n);
	const char *rest = line;
	size_t left = n;

	switch (protocol) {
	case MAILCFG_IMAP:
		if (!is(&w, "CAPABILITY"))
			return;
		while (n > 0) {
			w = next_word(&line, &n);
			if (w.n == 0)
				break;
			keep(o, &w);
			take_imap(o, w);
		}
		return;
	case MAILCFG_POP3:
	case MAILCFG_SUBMISSION: break;
	}
	if (w.n == 0)
		return;
	take_line(o, protocol, &w, rest, left);
	keep(o, &w);
	while (n > 0) {
		w = next_word(&line, &n);
		if (w.n > 0)
			keep(o, &w);
	}
}

unsigned
mc_abilities_fit(const struct mc_abilities *o, enum mailcfg_auth auth)
{
	unsigned fit = 0;

	for (unsigned i = 0; i < MC_MECHANISM_COUNT; i++)
		if (auths[i] == auth)
			fit |= o->mechanisms & (1u << i);
	return fit;
}

void
mc_abilities_names(unsigned mechanisms, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < MC_MECHANISM_COUNT; i++) {
		size_t n = strlen(mc_mechanism_names[i]);

		if ((mechanisms & (1u << i)) == 0 || used + n + 2 > size)
			continue;
		if (used > 0)
			out[used++] = ' ';
		memcpy(out + used, mc_mechanism_names[i], n + 1);
		used += n;
	}
}
