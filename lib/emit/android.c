/* SPDX-License-Identifier: ISC */
/*
 * The QR code that Thunderbird for Android imports: JSON of arrays within
 * arrays, format 1.  Its reader is stricter than the format: one null, or one
 * number that it does not know, and nothing of the code is taken.
 */
#include <cjson/cJSON.h>
#include <string.h>

#include "../text.h"
#include "android_client.h"
#include "code.h"
#include "words.h"

/* The numbers of the format. */
enum { FORMAT = 1 };
enum { PROTOCOL_IMAP = 0, PROTOCOL_POP3 = 1, PROTOCOL_SMTP = 0 };
enum { SECURITY_NONE = 0, SECURITY_STARTTLS = 2, SECURITY_TLS = 3 };
enum { WAY_NONE = 0, WAY_PASSWORD = 1, WAY_ENCRYPTED = 2, WAY_OAUTH2 = 6 };

static int
protocol_of(enum mailcfg_protocol protocol)
{
	switch (protocol) {
	case MAILCFG_IMAP: return PROTOCOL_IMAP;
	case MAILCFG_POP3: return PROTOCOL_POP3;
	case MAILCFG_SUBMISSION: return PROTOCOL_SMTP;
	}
	return -1;
}

static int
security_of(enum mailcfg_tls tls)
{
	switch (tls) {
	case MAILCFG_TLS_IMPLICIT: return SECURITY_TLS;
	case MAILCFG_TLS_STARTTLS: return SECURITY_STARTTLS;
	case MAILCFG_TLS_NONE: return SECURITY_NONE;
	}
	return -1;
}

static int
way_of(enum mailcfg_auth auth)
{
	switch (auth) {
	case MAILCFG_AUTH_PASSWORD: return WAY_PASSWORD;
	case MAILCFG_AUTH_ENCRYPTED: return WAY_ENCRYPTED;
	case MAILCFG_AUTH_OAUTH2: return WAY_OAUTH2;
	case MAILCFG_AUTH_NONE: return WAY_NONE;
	}
	return -1;
}

/* What a code says, in the making. */
struct payload {
	cJSON *root; /* owned; NULL: there was no memory */
	bool failed;
};

/* The list takes the item.  NULL: out of memory, which is remembered. */
static cJSON *
put(struct payload *p, cJSON *list, cJSON *item)
{
	if (item != NULL && cJSON_AddItemToArray(list, item))
		return item;
	cJSON_Delete(item);
	p->failed = true;
	return NULL;
}

static cJSON *
put_list(struct payload *p, cJSON *list)
{
	return put(p, list, cJSON_CreateArray());
}

static void
put_number(struct payload *p, cJSON *list, int number)
{
	(void)put(p, list, cJSON_CreateNumber(number));
}

/* What is absent is "", never null. */
static void
put_text(struct payload *p, cJSON *list, const char *text)
{
	(void)put(p, list, cJSON_CreateString(text == NULL ? "" : text));
}

static cJSON *
put_server(struct payload *p, cJSON *list, const struct mailcfg_server *s)
{
	cJSON *server = put_list(p, list);

	put_number(p, server, protocol_of(s->protocol));
	put_text(p, server, s->host);
	put_number(p, server, (int)s->port);
	put_number(p, server, security_of(s->tls));
	put_number(p, server, way_of(s->auth));
	put_text(p, server, s->login);
	return server;
}

static void
put_identity(struct payload *p, cJSON *list, const char *address,
	const struct mailcfg_account *a)
{
	cJSON *identity = put_list(p, list);

	put_text(p, identity, address);
	put_text(p, identity, a->name);
}

/* The one group of a server and identities is all that is read. */
static void
put_account(struct payload *p, const struct mailcfg_account *a,
	const struct mc_options *o)
{
	const char *in = mc_android_password(mc_incoming(a), o);
	const char *out = mc_android_password(mc_submission(a), o);
	cJSON *server = put_server(p, p->root, mc_incoming(a)), *group;

	if (in != NULL) {
		/* the account's name, which is that of the address anyway */
		put_text(p, server, NULL);
		put_text(p, server, in);
	}
	group = put_list(p, put_list(p, p->root));
	server = put_server(p, group, mc_submission(a));
	if (out != NULL)
		put_text(p, server, out);
	put_identity(p, group, a->mailbox, a);
	for (size_t i = 0; i < a->n_aliases; i++)
		put_identity(p, group, a->aliases[i], a);
}

/* A code is always the only one of its kind: people miss the second. */
static void
start(struct payload *p)
{
	cJSON *sequence;

	*p = (struct payload){.root = cJSON_CreateArray()};
	put_number(p, p->root, FORMAT);
	sequence = put_list(p, p->root);
	put_number(p, sequence, 1);
	put_number(p, sequence, 1);
}

/* Only strings have more than ASCII in them.  The text is valid UTF-8. */
static void
escape(struct mc_buf *out, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		uint32_t code = 0;
		size_t n = mc_utf8_decode(text, left, &code);

		if (n == 0)
			return;
		if (code < 0x80)
			mc_buf_putc(out, *text);
		else if (code < 0x10000)
			mc_buf_printf(out, "\\u%04x", (unsigned)code);
		else
			mc_buf_printf(out, "\\u%04x\\u%04x",
				(unsigned)(0xd800 + ((code - 0x10000) >> 10)),
				(unsigned)(0xdc00 + (code & 0x3ff)));
		text += n;
		left -= n;
	}
}

/*
 * The text, in the arena; NULL: out of memory.  It is ASCII, so that no reader
 * has to guess what it is, as long as that makes no code that is hard to scan;
 * the program's own reader expects UTF-8.  Lets go of the payload.
 */
static const char *
finish(struct payload *p, struct mc_arena *arena)
{
	char *raw = p->failed ? NULL : cJSON_PrintUnformatted(p->root);
	const char *text = NULL;
	struct mc_buf ascii = {0};

	cJSON_Delete(p->root);
	p->root = NULL;
	if (raw == NULL)
		return NULL;
	escape(&ascii, raw);
	if (!ascii.failed)
		text = mc_arena_strdup(
			arena, mc_code_is_easy(ascii.len) ? ascii.data : raw);
	mc_buf_free(&ascii);
	mc_wipe(raw, strlen(raw));
	cJSON_free(raw);
	return text;
}

/* What the code of n accounts says; NULL: out of memory. */
static const char *
payload_of(struct mc_arena *arena, const struct mailcfg_account *const *list,
	size_t n, const struct mc_options *o)
{
	struct payload p;

	start(&p);
	for (size_t i = 0; i < n; i++)
		put_account(&p, list[i], o);
	return finish(&p, arena);
}

static size_t
fit(struct mc_arena *arena, const struct mailcfg_account *const *list, size_t n,
	const struct mc_options *o)
{
	size_t k = 1;

	for (; k < n; k++) {
		const char *text = payload_of(arena, list, k + 1, o);

		if (text == NULL)
			return 0;
		if (!mc_code_is_easy(strlen(text)))
			break;
	}
	return k;
}

/* What a page for its person shows as a code. */
static const char *
code(struct mc_arena *arena, const struct mailcfg_account *a,
	const struct mc_options *o, size_t *n)
{
	const char *text = payload_of(arena, &a, 1, o);

	if (text == NULL)
		arena->failed = true;
	else
		*n = strlen(text);
	return text;
}

static void
check(struct mc_check *c)
{
	const char *text;

	mc_android_check(c);
	if (c->refused)
		return;
	text = payload_of(c->arena, &c->account, 1, c->options);
	if (text != NULL)
		mc_code_check(c, strlen(text));
	else
		c->arena->failed = true;
}

/* A code in the making. */
struct making {
	struct payload payload;
	const struct mailcfg_account *first; /* as long as the call lasts */
	const char *title;                   /* in the arena */
	const char *advice;                  /* NULL: none */
	bool asks;                           /* for a password */
	bool tells;                          /* a password */
};

static bool
begin(struct mc_emit *e)
{
	struct making *m = mc_arena_alloc(e->arena, sizeof(*m));

	if (m == NULL)
		return false;
	start(&m->payload);
	e->state = m;
	return true;
}

static void
note_server(struct making *m, const struct mailcfg_server *s,
	const struct mc_options *o)
{
	if (mc_android_password(s, o) != NULL)
		m->tells = true;
	else if (s->auth == MAILCFG_AUTH_PASSWORD ||
		s->auth == MAILCFG_AUTH_ENCRYPTED)
		m->asks = true;
}

static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	const char *advice = mc_preparation(e->arena, a);
	struct making *m = e->state;

	put_account(&m->payload, a, e->options);
	note_server(m, mc_incoming(a), e->options);
	note_server(m, mc_submission(a), e->options);
	if (e->count == 1) {
		m->first = a;
		m->title = mc_arena_printf(e->arena,
			"Thunderbird for Android: %s", a->mailbox_display);
	} else {
		m->title = mc_arena_printf(
			e->arena, "%s, %s", m->title, a->mailbox_display);
	}
	/* once, where several accounts are of one provider */
	if (m->advice == NULL)
		m->advice = advice;
	else if (advice != NULL && strstr(m->advice, advice) == NULL)
		m->advice = mc_arena_printf(
			e->arena, "%s %s", m->advice, advice);
	return !m->payload.failed && !e->arena->failed;
}

/* What stands below the lines of a terminal. */
static const char *
caption_of(struct mc_arena *arena, const struct making *m)
{
	struct mc_buf text = {0};
	const char *caption = NULL;

	mc_buf_printf(&text, "%s\n", m->title);
	if (m->advice != NULL)
		mc_words_wrap(&text, "First: ", "       ", m->advice);
	mc_words_wrap(&text, m->advice == NULL ? "" : "Then:  ",
		m->advice == NULL ? "" : "       ",
		"In Thunderbird for Android choose Import settings, then Scan "
		"QR code.");
	if (m->tells)
		mc_words_wrap(&text, "", "",
			"The password is in the code: show it to nobody "
			"else.");
	if (m->asks)
		mc_words_wrap(&text, "", "", "The app asks for the password.");
	if (!text.failed)
		caption = mc_arena_strndup(arena, text.data, text.len - 1);
	mc_buf_free(&text);
	return caption;
}

static bool
end(struct mc_emit *e)
{
	struct making *m = e->state;
	const char *text = finish(&m->payload, e->arena), *caption;

	e->state = NULL;
	if (e->failed || text == NULL)
		return false;
	caption = caption_of(e->arena, m);
	return caption != NULL &&
		mc_code_draw(
			e, m->first, text, strlen(text), m->title, caption);
}

static const char *const limits[] = {
	"OAuth2 for Gmail, Microsoft, Yahoo, AOL and Fastmail alone, and not "
	"over POP3",
	"accounts that would make a code hard to scan go into one more", NULL};

static const char *const clients[] = {"tfa", NULL};

const struct mc_target mc_target_android = {
	.name = "android",
	.summary = "QR code that Thunderbird for Android imports",
	.can = MC_CAN_USUAL | MC_CAN_ENCRYPTED | MC_CAN_OAUTH2 | MC_CAN_SECRET |
		MC_CAN_SMTP_SECRET | MC_CAN_SEVERAL | MC_CAN_ALIASES,
	.limits = limits,
	.clients = clients,
	.code = code,
	.docs = {[MC_CODE_PNG] = {.role = "code",
			 .suffix = ".android.png",
			 .type = "image/png",
			 .secret = true,
			 .binary = true},
		[MC_CODE_SVG] = {.role = "code",
			.suffix = ".android.svg",
			.type = "image/svg+xml",
			.secret = true},
		[MC_CODE_TEXT] = {.role = "code",
			.suffix = ".android.txt",
			.type = "text/plain",
			.secret = true},
		[MC_CODE_PAYLOAD] = {.role = "settings",
			.suffix = ".android.json",
			.type = "application/json",
			.secret = true}},
	.form = mc_code_form,
	.fields = mc_code_fields,
	.fit = fit,
	.check = check,
	.begin = begin,
	.item = item,
	.end = end,
};
