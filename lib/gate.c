/* SPDX-License-Identifier: ISC */
/* The gate: nothing reaches the model but through mc_draft_set. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "account.h"
#include "buf.h"
#include "date.h"
#include "dav.h"
#include "field.h"
#include "host.h"
#include "text.h"
#include "url.h"

/* One value on its way in. */
struct entry {
	struct mc_draft *draft;
	const struct mc_field *field;
	size_t id;
	const char *text; /* in the arena */
	size_t len;
	struct mailcfg_pos pos;
	bool exact;
	struct mc_report *report;
};

/* Refuses; at: where in the text, in code points.  Always false. */
static bool __attribute__((format(printf, 4, 5))) refuse(const struct entry *e,
	enum mc_msg message, size_t at, const char *format, ...)
{
	struct mailcfg_pos pos = e->pos;
	char detail[512];
	va_list args;

	e->draft->bad = true;
	if (e->draft->arena->failed)
		return false;
	if (e->exact && pos.column > 0)
		pos.column += (unsigned)at;
	va_start(args, format);
	(void)vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	mc_say(e->report, message, &pos, e->field->name, NULL, "%s: %s",
		e->field->name, detail);
	return false;
}

static bool
keep(const struct entry *e, const char *text, unsigned number)
{
	struct mc_value *value = &e->draft->value[e->id];

	if (text == NULL) {
		e->draft->bad = true;
		return false;
	}
	*value = (struct mc_value){text, number, e->pos};
	return true;
}

static bool
set_address(const struct entry *e)
{
	const char *local = NULL, *domain = NULL, *why;
	size_t at = 0;

	why = mc_address_parse(
		e->draft->arena, e->text, e->len, &local, &domain, &at);
	if (why != NULL)
		return refuse(e, MC_MSG_BAD_ADDRESS, at, "%s", why);
	return keep(
		e, mc_arena_printf(e->draft->arena, "%s@%s", local, domain), 0);
}

static bool
set_addresses(const struct entry *e)
{
	struct mc_arena *arena = e->draft->arena;
	const char *s = e->text, *all = NULL;

	for (;;) {
		const char *local = NULL, *domain = NULL, *why;
		size_t n, at = 0;

		s += strspn(s, ",; ");
		n = strcspn(s, ",; ");
		if (n == 0)
			break;
		why = mc_address_parse(arena, s, n, &local, &domain, &at);
		if (why != NULL) {
			at += mc_utf8_count(e->text, (size_t)(s - e->text));
			return refuse(e, MC_MSG_BAD_ADDRESS, at, "%s", why);
		}
		all = mc_arena_printf(arena, "%s%s%s@%s",
			all == NULL ? "" : all, all == NULL ? "" : ", ", local,
			domain);
		if (all == NULL)
			return keep(e, NULL, 0);
		s += n;
	}
	return all == NULL ? true : keep(e, all, 0);
}

/* A host in A-labels; with placeholders it stays as it is until they are. */
static const char *
host_text(const struct entry *e, const char *text, const char **why)
{
	struct mc_arena *arena = e->draft->arena;
	const char *sample;

	if (!mc_has_placeholder(text))
		return mc_host_ascii(arena, text, strlen(text), why);
	sample = mc_expand(arena, text, "a", "a", "a");
	if (sample == NULL ||
		mc_host_ascii(arena, sample, strlen(sample), why) == NULL)
		return NULL;
	return text;
}

static bool
set_host(const struct entry *e)
{
	const char *why = "", *host = host_text(e, e->text, &why);

	if (host == NULL)
		return refuse(e, MC_MSG_BAD_HOST, 0, "%s", why);
	return keep(e, host, 0);
}

static bool
set_port(const struct entry *e)
{
	unsigned port = 0;

	for (const char *c = e->text; *c != '\0'; c++) {
		if (*c < '0' || *c > '9' || port > UINT16_MAX)
			return refuse(e, MC_MSG_BAD_PORT, 0,
				"a number from 1 to 65535 is wanted");
		port = port * 10 + (unsigned)(*c - '0');
	}
	if (port == 0 || port > UINT16_MAX)
		return refuse(e, MC_MSG_BAD_PORT, 0,
			"a number from 1 to 65535 is wanted");
	return keep(e, e->text, port);
}

/* One of the words, whose place is the enumerator. */
static bool
set_choice(const struct entry *e, const char *const *words, const char *all)
{
	for (unsigned i = 0; words[i] != NULL; i++)
		if (mc_strcasecmp(words[i], e->text) == 0)
			return keep(e, words[i], i);
	return refuse(e, MC_MSG_BAD_CHOICE, 0, "\"%s\": %s", e->text, all);
}

/* The words stand in the field's row. */
static bool
set_word(const struct entry *e)
{
	const char *const *words = e->field->words;
	struct mc_buf all = {0};

	for (unsigned i = 0; words[i] != NULL; i++)
		if (mc_strcasecmp(words[i], e->text) == 0)
			return keep(e, words[i], i);
	for (size_t i = 0; words[i] != NULL; i++)
		mc_buf_printf(&all, "%s%s",
			i == 0                         ? "write "
				: words[i + 1] == NULL ? " or "
						       : ", ",
			words[i]);
	(void)refuse(e, MC_MSG_BAD_CHOICE, 0, "\"%s\": %s", e->text,
		all.failed ? "" : all.data);
	mc_buf_free(&all);
	return false;
}

static bool
set_auth(const struct entry *e)
{
	static const char *const words[] = {
		"password", "encrypted", "oauth2", "none", NULL};

	if (e->id != MC_SMTP_AUTH && mc_strcasecmp(e->text, "none") == 0)
		return refuse(e, MC_MSG_BAD_CHOICE, 0,
			"only submission can do without a login");
	return set_choice(
		e, words, "write password, encrypted, oauth2 or none");
}

static bool
set_secret(const struct entry *e)
{
	if (e->text[0] == ' ' || e->text[e->len - 1] == ' ')
		mc_say(e->report, MC_MSG_PASSWORD_BLANKS, &e->pos,
			e->field->name, NULL,
			"%s: the blanks are kept as part of it",
			e->field->name);
	if (!mc_is_nfc(e->text, e->len))
		mc_say(e->report, MC_MSG_PASSWORD_FORM, &e->pos, e->field->name,
			NULL, "%s: a keyboard may send other bytes for it",
			e->field->name);
	return keep(e, e->text, 0);
}

static void
put(const struct entry *e, enum mc_field_id id, const char *text,
	unsigned number, size_t at)
{
	struct mailcfg_pos pos = e->pos;

	if (e->exact && pos.column > 0)
		pos.column += (unsigned)at;
	e->draft->value[id] = (struct mc_value){text, number, pos};
}

/* A URL names a whole server: host, port, TLS and perhaps the login. */
static bool
set_server(const struct entry *e)
{
	enum mailcfg_protocol protocol = (enum mailcfg_protocol)(
		(e->id - MC_IMAP) / MC_PARTS);
	struct mc_arena *arena = e->draft->arena;
	const char *host, *why = "";
	enum mc_url_fault fault;
	struct mc_url url;

	for (int part = MC_PART_HOST; part <= MC_PART_TLS; part++)
		if (e->draft->value[e->id + (size_t)part].text != NULL)
			return refuse(e, MC_MSG_SERVER_TWICE, 0,
				"give the URL, or host, port and tls");
	fault = mc_url_parse(arena, protocol, e->text, &url);
	if (fault == MC_URL_PASSWORD)
		return refuse(e, MC_MSG_URL_PASSWORD, url.fault_at, "%s",
			mc_url_fault_name(fault));
	if (fault != MC_URL_OK)
		return refuse(e, MC_MSG_BAD_URL, url.fault_at, "%s",
			mc_url_fault_name(fault));
	host = host_text(e, url.host, &why);
	if (host == NULL)
		return refuse(e, MC_MSG_BAD_HOST, url.host_at, "%s", why);
	if (url.user != NULL) {
		size_t at;

		if (e->draft->value[e->id + MC_PART_LOGIN].text != NULL)
			return refuse(e, MC_MSG_SERVER_TWICE, 0,
				"the login stands in the URL and beside it");
		if (mc_text_check(url.user, strlen(url.user), true, &at) !=
			MC_TEXT_OK)
			return refuse(e, MC_MSG_BAD_URL, url.fault_at,
				"the user name cannot be used");
		put(e, mc_server_field(protocol, MC_PART_LOGIN), url.user, 0,
			url.fault_at);
	}
	put(e, mc_server_field(protocol, MC_PART_HOST), host, 0, url.host_at);
	put(e, mc_server_field(protocol, MC_PART_PORT),
		mc_arena_printf(arena, "%u", url.port), url.port, url.host_at);
	put(e, mc_server_field(protocol, MC_PART_TLS), "", url.tls, 0);
	return keep(e, e->text, 0);
}

static bool
set_dav(const struct entry *e)
{
	struct mailcfg_dav dav;
	const char *why = mc_dav_parse(e->draft->arena, e->text, &dav);

	if (why != NULL)
		return refuse(e, MC_MSG_BAD_URL, 0, "%s", why);
	return keep(e, e->text, 0);
}

/* RFC 5646: a language of two or three letters, subtags of one to eight. */
static bool
set_lang(const struct entry *e)
{
	size_t letters = 0, subtag = 0;
	bool first = true;

	for (const char *c = e->text;; c++) {
		bool alpha = mc_lower(*c) >= 'a' && mc_lower(*c) <= 'z';

		if (*c == '-' || *c == '\0') {
			if (subtag == 0 || subtag > 8 ||
				(first && (letters < 2 || letters > 3)))
				break;
			if (*c == '\0')
				return keep(e, e->text, 0);
			first = false;
			subtag = 0;
			continue;
		}
		if (!alpha && (first || *c < '0' || *c > '9'))
			break;
		letters += alpha;
		subtag++;
	}
	return refuse(e, MC_MSG_BAD_LANG, 0,
		"\"%s\": a BCP 47 tag such as en or pt-BR is wanted", e->text);
}

/* A folder on somebody's Windows computer. */
static bool
set_path(const struct entry *e)
{
	static const char wanted[] = "a folder such as C:\\mailcfg is wanted";
	const char *s = e->text;

	for (size_t i = 0; i < e->len; i++)
		if ((unsigned char)s[i] >= 0x80 ||
			strchr("\"<>|*?/", s[i]) != NULL ||
			(s[i] == ':' && i != 1))
			return refuse(e, MC_MSG_BAD_TEXT, mc_utf8_count(s, i),
				"a character that no folder can hold");
	if (mc_lower(s[0]) < 'a' || mc_lower(s[0]) > 'z' || s[1] != ':' ||
		s[2] != '\\')
		return refuse(e, MC_MSG_BAD_TEXT, 0, "%s", wanted);
	/* the names between the backslashes */
	for (size_t at = 3, n; at <= e->len; at += n + 1) {
		n = strcspn(s + at, "\\");
		if (n == 0)
			return refuse(e, MC_MSG_BAD_TEXT, at, "%s", wanted);
		if (s[at + n - 1] == '.' || s[at + n - 1] == ' ')
			return refuse(e, MC_MSG_BAD_TEXT, at + n - 1,
				"Windows drops a dot or blank at the end of a "
				"name");
	}
	return keep(e, s, 0);
}

static bool
set_date(const struct entry *e)
{
	char *text = mc_arena_room(e->draft->arena, MC_DATE_SIZE);
	long long seconds;

	if (!mc_date_parse(e->text, &seconds))
		return refuse(e, MC_MSG_BAD_CHOICE, 0,
			"\"%s\": a day from 2001 to 2067 such as 2027-06-30 is "
			"wanted, or a moment such as 2027-06-30T12:00:00Z",
			e->text);
	if (text != NULL)
		mc_date_print(seconds, text);
	return keep(e, text, 0);
}

static bool
set_switch(const struct entry *e)
{
	static const char *const words[] = {"no", "yes", "false", "true", NULL};

	if (!set_choice(e, words, "write yes or no"))
		return false;
	e->draft->value[e->id].number &= 1;
	e->draft->value[e->id].text = words[e->draft->value[e->id].number];
	return true;
}

static bool
set_kind(const struct entry *e)
{
	static const char *const tls[] = {"implicit", "starttls", "none", NULL};
	static const char *const protocol[] = {"imap", "pop3", NULL};

	switch (e->field->kind) {
	case MC_KIND_TEXT:
	case MC_KIND_LOGIN: return keep(e, e->text, 0);
	case MC_KIND_ADDRESS: return set_address(e);
	case MC_KIND_ADDRESSES: return set_addresses(e);
	case MC_KIND_HOST: return set_host(e);
	case MC_KIND_PORT: return set_port(e);
	case MC_KIND_TLS:
		return set_choice(e, tls, "write implicit, starttls or none");
	case MC_KIND_AUTH: return set_auth(e);
	case MC_KIND_SECRET: return set_secret(e);
	case MC_KIND_SERVER: return set_server(e);
	case MC_KIND_DAV: return set_dav(e);
	case MC_KIND_LANG: return set_lang(e);
	case MC_KIND_PROTOCOL:
		return set_choice(e, protocol, "write imap or pop3");
	case MC_KIND_IGNORED: return true;
	case MC_KIND_PATH: return set_path(e);
	case MC_KIND_DATE: return set_date(e);
	case MC_KIND_SWITCH: return set_switch(e);
	case MC_KIND_CHOICE: return set_word(e);
	}
	return false;
}

/* What holds for every field, whatever its kind. */
static bool
check_text(const struct entry *e)
{
	enum mc_text_fault fault;
	size_t at = 0;

	if (memchr(e->text, '\0', e->len) != NULL)
		return refuse(e, MC_MSG_BAD_TEXT, 0, "a NUL is in it");
	if (e->len > e->field->limit)
		return refuse(e, MC_MSG_TOO_LONG, 0,
			"at most %u bytes are taken", e->field->limit);
	fault = mc_text_check(e->text, e->len, !e->field->secret, &at);
	if (fault != MC_TEXT_OK)
		return refuse(e, MC_MSG_BAD_TEXT, at, "%s is in it",
			mc_text_fault_name(fault));
	return true;
}

/* Whether a URL of this draft already named what the field says. */
static bool
url_named(const struct mc_draft *draft, size_t id)
{
	size_t part = (id - MC_IMAP) % MC_PARTS;

	if (id < MC_IMAP || id > MC_SMTP_PASSWORD || part == MC_PART_URL)
		return false;
	return draft->value[id - part].text != NULL &&
		draft->value[id].text != NULL;
}

static bool
is_blank(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] != ' ')
			return false;
	return true;
}

bool
mc_draft_set(struct mc_draft *draft, size_t id, const char *text, size_t n,
	enum mc_type type, const struct mailcfg_pos *pos, bool exact,
	struct mc_report *report)
{
	struct entry e = {
		.draft = draft,
		.field = mc_field_at(id),
		.id = id,
		.len = n,
		.pos = *pos,
		.exact = exact,
		.report = report,
	};

	if (type == MC_TYPE_NULL || n == 0 ||
		(!e.field->secret && is_blank(text, n)) ||
		e.field->kind == MC_KIND_IGNORED)
		return true;
	if ((type == MC_TYPE_BOOL && e.field->kind != MC_KIND_SWITCH) ||
		(type == MC_TYPE_NUMBER && e.field->kind != MC_KIND_PORT))
		return refuse(&e, MC_MSG_BAD_TYPE, 0, "quote it");
	if (url_named(draft, id))
		return refuse(&e, MC_MSG_SERVER_TWICE, 0,
			"give the URL, or host, port, tls and login");
	if (draft->value[id].text != NULL)
		return draft->value[id].pos.line == 0
			? refuse(&e, MC_MSG_DUPLICATE_FIELD, 0,
				  "it was given already")
			: refuse(&e, MC_MSG_DUPLICATE_FIELD, 0,
				  "it stands in line %u already",
				  draft->value[id].pos.line);
	e.text = mc_arena_strndup(draft->arena, text, n);
	if (e.text == NULL)
		return keep(&e, NULL, 0);
	return check_text(&e) && set_kind(&e);
}

static const struct {
	const char *word;
	size_t n;
} places[] = {{"{mailbox}", 9}, {"{local-part}", 12}, {"{domain}", 8}};

/* Which of them stands here, or -1. */
static int
place_at(const char *s)
{
	for (int i = 0; i < 3; i++)
		if (strncmp(s, places[i].word, places[i].n) == 0)
			return i;
	return -1;
}

bool
mc_has_placeholder(const char *s)
{
	while ((s = strchr(s, '{')) != NULL) {
		if (place_at(s) >= 0)
			return true;
		s++;
	}
	return false;
}

const char *
mc_expand(struct mc_arena *arena, const char *s, const char *mailbox,
	const char *local_part, const char *domain)
{
	const char *const values[] = {mailbox, local_part, domain};
	const char *open;

	for (size_t from = 0; (open = strchr(s + from, '{')) != NULL;) {
		int place = place_at(open);
		size_t before = (size_t)(open - s);

		if (place < 0) {
			from = before + 1;
			continue;
		}
		from = before + strlen(values[place]);
		s = mc_arena_printf(arena, "%.*s%s%s", (int)before, s,
			values[place], open + places[place].n);
		if (s == NULL)
			return NULL;
	}
	return s;
}
