/* SPDX-License-Identifier: ISC */
/* The registry, and what holds for every target. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../name.h"
#include "../text.h"
#include "emit.h"

static const struct mc_target *const targets[] = {
#define MC_TARGET(id) &mc_target_##id,
#include "targets.h"
#undef MC_TARGET
};
enum { TARGETS = sizeof(targets) / sizeof(targets[0]) };

size_t
mc_target_count(void)
{
	return TARGETS;
}

const struct mc_target *
mc_target_at(size_t at)
{
	return targets[at];
}

const struct mc_target *
mc_target_find(const char *name)
{
	for (size_t i = 0; i < TARGETS; i++) {
		const char *const *alias = targets[i]->aliases;

		if (strcmp(targets[i]->name, name) == 0)
			return targets[i];
		for (; alias != NULL && *alias != NULL; alias++)
			if (strcmp(*alias, name) == 0)
				return targets[i];
	}
	return NULL;
}

const char *
mc_target_nearest(const char *name)
{
	const char *best = NULL;
	unsigned least = 4;

	for (size_t i = 0; i < TARGETS; i++) {
		const char *const none[] = {NULL};
		const char *const *alias = targets[i]->aliases == NULL
			? none
			: targets[i]->aliases;

		for (const char *word = targets[i]->name; word != NULL;
			word = *alias++) {
			unsigned distance = mc_distance(name, word, 3);

			if (distance < least && mc_near(name, word)) {
				least = distance;
				best = word;
			}
		}
	}
	return best;
}

size_t
mc_target_docs(const struct mc_target *target)
{
	return target->form != NULL ? 1 : mc_target_rows(target);
}

size_t
mc_target_rows(const struct mc_target *target)
{
	size_t n = 0;

	while (n < MC_DOCS_MAX && target->docs[n].role != NULL)
		n++;
	return n;
}

const char *
mc_document_name(struct mc_arena *arena, const struct mc_doc *doc,
	const char *key, const struct mailcfg_account *a,
	const struct mc_options *options)
{
	const char *name = NULL;

	if (doc->at_link == MC_AT_LINK_LIES && options->link != NULL)
		name = mc_link_name(arena, options->link, a, doc->suffix);
	return name != NULL ? name : mc_file_name(arena, key, doc->suffix);
}

static void
add_part(struct mc_report *report, unsigned long long part)
{
	report->sum = (report->sum ^ (part + 1)) * 0x9e3779b97f4a7c15u;
	report->sum ^= report->sum >> 32;
}

/* Two accounts of which the same is said have the same sum. */
static void __attribute__((format(printf, 4, 0)))
add_up(struct mc_report *report, enum mc_msg message, enum mc_field_id id,
	const char *format, va_list args)
{
	char words[1024];
	va_list copy;
	int n;

	add_part(report, message);
	add_part(report, id);
	add_part(report, (unsigned long long)(uintptr_t)format);
	/* a reason may be among the values */
	if (strchr(format, '%') == NULL)
		return;
	va_copy(copy, args);
	n = vsnprintf(words, sizeof(words), format, copy);
	va_end(copy);
	for (int i = 0; i < n && i < (int)sizeof(words); i += 8) {
		uint64_t part = 0;

		memcpy(&part, words + i, n - i < 8 ? (size_t)(n - i) : 8);
		add_part(report, part);
	}
}

/*
 * "target: field: words".  What was refused is an account: it is said at the
 * account's position, with the option, preset or file that gave the value.
 */
static void __attribute__((format(printf, 5, 0)))
speak(struct mc_check *c, enum mailcfg_level level, enum mc_msg message,
	enum mc_field_id id, const char *format, va_list args)
{
	const struct mailcfg_pos *pos = mc_origin(c->account, id);
	const struct mailcfg_provider *p = c->account->provider;
	const char *field = mc_field_at(id)->name, *origin = NULL;
	char detail[1024];
	int n;

	if (c->report != NULL)
		add_up(c->report, message, id, format, args);
	if (c->report == NULL || c->report->fn == NULL) {
		/* it is counted, and nobody reads it */
		mc_say_as(c->report, level, message, NULL, NULL, NULL, "");
		return;
	}
	if (c->refused && pos->file != c->account->pos.file) {
		origin = p != NULL && pos->file == p->pos.file
			? "the provider's preset"
			: pos->file;
		pos = &c->account->pos;
	}
	n = snprintf(detail, sizeof(detail), "%s: %s%s%s%s: ", c->target->name,
		field, origin == NULL ? "" : " (from ",
		origin == NULL ? "" : origin, origin == NULL ? "" : ")");
	if (n < 0 || (size_t)n >= sizeof(detail))
		n = 0;
	(void)vsnprintf(detail + n, sizeof(detail) - (size_t)n, format, args);
	mc_say_as(
		c->report, level, message, pos, field, c->target->name, detail);
}

void
mc_refuse(struct mc_check *c, enum mc_field_id id, const char *format, ...)
{
	va_list args;

	c->refused = true;
	va_start(args, format);
	if (c->lenient)
		speak(c, MAILCFG_NOTE, MC_MSG_SKIPPED, id, format, args);
	else
		speak(c, MAILCFG_ERROR, MC_MSG_NOT_EXPRESSIBLE, id, format,
			args);
	va_end(args);
}

void
mc_warn(struct mc_check *c, enum mc_msg message, enum mc_field_id id,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	speak(c, mc_messages[message].level, message, id, format, args);
	va_end(args);
}

/* A field that the account has and the target has no place for. */
static void
check_place(struct mc_check *c, unsigned bit, enum mc_field_id id, bool present)
{
	if (present && (c->target->can & bit) == 0)
		mc_warn(c, MC_MSG_NOT_CARRIED, id, "it is left out");
}

static void
check_tls(struct mc_check *c, const struct mailcfg_server *s)
{
	enum mc_field_id id = mc_server_field(s->protocol, MC_PART_TLS);
	unsigned can = c->target->can;

	switch (s->tls) {
	case MAILCFG_TLS_IMPLICIT:
		if ((can & MC_CAN_IMPLICIT) == 0)
			mc_refuse(c, id, "it cannot do implicit TLS");
		break;
	case MAILCFG_TLS_STARTTLS:
		if ((can & MC_CAN_STARTTLS) == 0)
			mc_refuse(c, id, "it cannot do STARTTLS");
		break;
	case MAILCFG_TLS_NONE:
		if ((can & MC_CAN_CLEARTEXT) == 0)
			mc_refuse(c, id, "it wants TLS");
		else
			mc_warn(c, MC_MSG_CLEARTEXT, id,
				"everybody on the way can read mail and login "
				"of %s",
				s->host);
		break;
	}
}

/* `encrypted` becomes password where the target knows no better. */
static void
check_auth(struct mc_check *c, const struct mailcfg_server *s)
{
	enum mc_field_id id = mc_server_field(s->protocol, MC_PART_AUTH);
	unsigned can = c->target->can;

	switch (s->auth) {
	case MAILCFG_AUTH_PASSWORD: break;
	case MAILCFG_AUTH_ENCRYPTED:
		if ((can & MC_CAN_ENCRYPTED) != 0)
			break;
		if (s->tls == MAILCFG_TLS_NONE)
			mc_refuse(c, id,
				"it knows no encrypted authentication, and "
				"without TLS the password would be readable: "
				"set the account up by hand");
		else
			mc_warn(c, MC_MSG_AUTH_FALLBACK, id,
				"it knows no encrypted authentication");
		break;
	case MAILCFG_AUTH_OAUTH2:
		if ((can & MC_CAN_OAUTH2) == 0)
			mc_refuse(c, id, "OAuth2 cannot be written down: %s",
				c->target->oauth2_way == NULL
					? "add the account in the client"
					: c->target->oauth2_way);
		break;
	case MAILCFG_AUTH_NONE:
		if ((can & MC_CAN_NO_AUTH) == 0)
			mc_refuse(c, id, "it cannot send without a login");
		break;
	}
}

/* Passwords: consent, and a target that can carry them. */
static void
check_secret(struct mc_check *c, const struct mailcfg_server *s)
{
	enum mc_field_id id = mc_server_field(s->protocol, MC_PART_PASSWORD);

	if (s->password == NULL || !c->options->embed_password)
		return;
	if ((c->target->can & MC_CAN_SECRET) == 0) {
		mc_warn(c, MC_MSG_CLIENT_ASKS, id,
			"the client asks the person for it");
	} else if (s->tls == MAILCFG_TLS_NONE) {
		const struct mailcfg_pos *pos = mc_origin(c->account, id);

		c->refused = true;
		if (pos->file != c->account->pos.file)
			pos = &c->account->pos;
		mc_say(c->report, MC_MSG_CLEARTEXT_PASSWORD, pos,
			mc_field_at(id)->name, c->target->name,
			"%s: %s: choose TLS, or leave out --embed-password",
			c->target->name, mc_field_at(id)->name);
	}
}

static void
check_server(struct mc_check *c, const struct mailcfg_server *s)
{
	if (s->host == NULL)
		return;
	check_tls(c, s);
	check_auth(c, s);
	check_secret(c, s);
}

static void
check_account(struct mc_check *c)
{
	const struct mailcfg_account *a = c->account;
	unsigned can = c->target->can;
	bool imap = a->incoming == MAILCFG_IMAP;

	if ((can & (imap ? MC_CAN_IMAP : MC_CAN_POP3)) == 0)
		mc_refuse(c, MC_PROTOCOL, "it cannot do %s",
			imap ? "IMAP" : "POP3");
	if ((can & MC_CAN_UTF8) == 0 && !mc_is_ascii(a->local_part))
		mc_refuse(c, MC_ADDRESS,
			"it cannot carry an address beyond ASCII");
	check_server(c, mc_incoming(a));
	if ((can & MC_CAN_BOTH) != 0 && mc_other_incoming(a) != NULL)
		check_server(c, mc_other_incoming(a));
	check_server(c, mc_submission(a));
	if ((can & MC_CAN_SMTP_LOGIN) == 0 && !mc_same_login(a))
		mc_refuse(
			c, MC_SMTP_LOGIN, "it has one login for both servers");
	if ((can & MC_CAN_SMTP_SECRET) == 0 && (can & MC_CAN_SECRET) != 0 &&
		c->options->embed_password && !mc_same_password(a))
		mc_refuse(c, MC_SMTP_PASSWORD,
			"it has one password for both servers");
	check_place(c, MC_CAN_ALIASES, MC_ALIASES, a->n_aliases > 0);
	check_place(c, MC_CAN_CALDAV, MC_CALDAV, a->caldav.host != NULL);
	check_place(c, MC_CAN_CARDDAV, MC_CARDDAV, a->carddav.host != NULL);
	check_place(c, MC_CAN_PREFIX, MC_IMAP_PREFIX, a->imap_prefix != NULL);
}

/* The account with `encrypted` turned into what the target can say. */
static const struct mailcfg_account *
with_fallback(const struct mc_target *target, const struct mailcfg_account *a,
	struct mc_arena *arena)
{
	struct mc_account *copy = NULL;

	if ((target->can & MC_CAN_ENCRYPTED) != 0)
		return a;
	for (int i = 0; i < MAILCFG_PROTOCOLS; i++) {
		if (a->server[i].host == NULL ||
			a->server[i].auth != MAILCFG_AUTH_ENCRYPTED)
			continue;
		if (copy == NULL) {
			copy = mc_arena_alloc(arena, sizeof(*copy));
			if (copy == NULL)
				return NULL;
			*copy = *mc_account_of(a);
		}
		copy->a.server[i].auth = MAILCFG_AUTH_PASSWORD;
	}
	return copy == NULL ? a : &copy->a;
}

const struct mailcfg_account *
mc_target_admit(const struct mc_target *target,
	const struct mailcfg_account *account, const struct mc_options *options,
	bool lenient, struct mc_arena *arena, struct mc_report *report,
	unsigned long long *shape)
{
	struct mc_check check = {
		.target = target,
		.account = account,
		.options = options,
		.report = report,
		.arena = arena,
		.lenient = lenient,
	};

	/* of that it is for its check to ask whoever makes the document */
	if ((target->can & MC_IS_LINK) == 0)
		check_account(&check);
	if (check.refused)
		return NULL;
	check.account = with_fallback(target, account, arena);
	if (check.account == NULL)
		return NULL;
	if (target->check != NULL)
		target->check(&check);
	*shape = check.shape;
	return check.refused ? NULL : check.account;
}

/* How many accounts, from the first on, are one item. */
static size_t
together(const struct mc_target *target,
	const struct mailcfg_account *const *list, size_t n)
{
	size_t k = 1;

	while (target->person != NULL && list[0]->person != NULL && k < n &&
		list[k]->person != NULL &&
		strcmp(list[0]->person, list[k]->person) == 0)
		k++;
	return k;
}

bool
mc_emit_accounts(
	struct mc_emit *e, const struct mailcfg_account *const *list, size_t n)
{
	size_t docs = mc_target_docs(e->target);

	e->count = 0;
	e->failed = false;
	if (e->target->begin != NULL && !e->target->begin(e))
		e->failed = true;
	for (size_t i = 0, k; i < n && !e->failed; i += k) {
		k = together(e->target, list + i, n - i);
		if (e->count++ > 0 && e->target->between != NULL)
			mc_buf_puts(&e->out[0], e->target->between);
		e->failed = !(k == 1 ? e->target->item(e, list[i])
				     : e->target->person(e, list + i, k));
	}
	/* a begin that failed has let go of its state itself */
	if (e->target->end != NULL && (e->count > 0 || !e->failed) &&
		!e->target->end(e))
		e->failed = true;
	for (size_t i = 0; i < docs; i++)
		if (e->out[i].failed)
			e->failed = true;
	if (e->arena->failed)
		e->failed = true;
	for (size_t i = 0; i < docs && e->failed; i++)
		mc_buf_reset(&e->out[i]);
	return !e->failed;
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool
mc_same_login(const struct mailcfg_account *a)
{
	return mc_submission(a)->auth == MAILCFG_AUTH_NONE ||
		same(mc_incoming(a)->login, mc_submission(a)->login);
}

bool
mc_same_password(const struct mailcfg_account *a)
{
	return mc_submission(a)->auth == MAILCFG_AUTH_NONE ||
		same(mc_incoming(a)->password, mc_submission(a)->password);
}

const char *
mc_name_or_address(const struct mailcfg_account *a)
{
	return a->name != NULL ? a->name : a->mailbox_display;
}

/* The first page of a kind; NULL: any kind. */
static const char *
link_of(const struct mailcfg_provider *p, const char *kind)
{
	for (size_t i = 0; i < p->n_links; i++)
		if (kind == NULL || strcmp(p->links[i].kind, kind) == 0)
			return p->links[i].url;
	return NULL;
}

const char *
mc_preparation(struct mc_arena *arena, const struct mailcfg_account *a)
{
	const struct mailcfg_provider *p = a->hints;
	const char *enable = NULL, *page;
	enum mailcfg_auth send = mc_submission(a)->auth;
	/* otherwise everybody signs in on a page, and has no password */
	bool password = mc_incoming(a)->auth != MAILCFG_AUTH_OAUTH2 ||
		(send != MAILCFG_AUTH_OAUTH2 && send != MAILCFG_AUTH_NONE);

	if (p == NULL)
		return NULL;
	page = link_of(p, "enable");
	if (page != NULL)
		enable = mc_arena_printf(arena,
			"Access for mail programs must be switched on first, "
			"at %s.",
			page);
	page = p->application_password_page;
	if (p->application_password && password)
		return mc_arena_printf(arena,
			"%s%s%s wants an application password%s%s, not the "
			"normal one.",
			enable == NULL ? "" : enable, enable == NULL ? "" : " ",
			p->name, page == NULL ? "" : ", made at ",
			page == NULL ? "" : page);
	if (enable != NULL || p->application_password ||
		p->status != MAILCFG_STATUS_PREPARATION)
		return enable;
	page = link_of(p, NULL);
	return mc_arena_printf(arena,
		"%s wants something prepared before a mail program can be "
		"used%s%s.",
		p->name, page == NULL ? "" : ": see ",
		page == NULL ? "" : page);
}
