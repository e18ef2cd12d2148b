/* SPDX-License-Identifier: ISC */
/*
 * usage: randomize TARGET SEED COUNT [FIELD=TEXT]
 *
 * Makes COUNT random accounts with the nastiest values that the gate lets in,
 * and the field, emits each for TARGET with its password, and writes a line of
 * JSON for each:
 *
 *   {"given": {FIELD: TEXT ...}, "bad": FIELD or null,
 *    "account": {...} or null, "said": [{"level", "slug", "field"} ...],
 *    "docs": {NAME: BASE64 ...} or null}
 *
 * "given" is what went through the public interface, "account" what the model
 * holds, "bad" the field that was given a value that the gate must refuse.
 * check reads it.  The same arguments give the same lines.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "invent.h"
#include "mailcfg.h"

static void
hear(void *context, const struct mailcfg_diag *d)
{
	struct trial *t = context;
	if (t->n_said == SAID_MAX)
		return;
	struct said *s = &t->said[t->n_said++];
	s->level = d->level;
	(void)snprintf(s->slug, sizeof(s->slug), "%s", d->slug);
	(void)snprintf(s->field, sizeof(s->field), "%s",
		d->field == NULL ? "" : d->field);
}

static void
put_string(const char *s)
{
	if (s == NULL) {
		(void)fputs("null", stdout);
		return;
	}
	(void)putchar('"');
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '"' || c == '\\')
			(void)printf("\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			(void)printf("\\u%04x", c);
		else
			(void)putchar(c);
	}
	(void)putchar('"');
}

static void
put_member(const char *name, const char *value)
{
	(void)printf("\"%s\": ", name);
	put_string(value);
	(void)fputs(", ", stdout);
}

static void
put_base64(const char *bytes, size_t n)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
				  "qrstuvwxyz0123456789+/";
	(void)putchar('"');
	for (size_t i = 0; i < n; i += 3) {
		unsigned b[3] = {0};
		size_t left = n - i < 3 ? n - i : 3;
		for (size_t k = 0; k < left; k++)
			b[k] = (unsigned char)bytes[i + k];
		(void)putchar(set[b[0] >> 2]);
		(void)putchar(set[(b[0] & 3) << 4 | b[1] >> 4]);
		(void)putchar(
			left > 1 ? set[(b[1] & 15) << 2 | b[2] >> 6] : '=');
		(void)putchar(left > 2 ? set[b[2] & 63] : '=');
	}
	(void)putchar('"');
}

static void
put_server(const char *name, const struct mailcfg_server *s)
{
	static const char *const tls[] = {"implicit", "starttls", "none"};
	static const char *const auth[] = {
		"password", "encrypted", "oauth2", "none"};
	if (s->host == NULL) {
		(void)printf("\"%s\": null, ", name);
		return;
	}
	(void)printf("\"%s\": {", name);
	put_member("host", s->host);
	put_member("tls", tls[s->tls]);
	put_member("auth", auth[s->auth]);
	put_member("login", s->login);
	put_member("password", s->password);
	(void)printf("\"port\": %u}, ", s->port);
}

static void
put_account(const struct mailcfg_account *a)
{
	if (a == NULL) {
		(void)fputs("\"account\": null, ", stdout);
		return;
	}
	(void)fputs("\"account\": {", stdout);
	put_member("mailbox", a->mailbox);
	put_member("display", a->mailbox_display);
	put_member("local-part", a->local_part);
	put_member("domain", a->domain);
	put_member("name", a->name);
	put_member("organization", a->organization);
	put_member("support", a->support);
	put_member("lang", a->lang);
	put_server("imap", &a->server[MAILCFG_IMAP]);
	put_server("pop3", &a->server[MAILCFG_POP3]);
	put_server("smtp", &a->server[MAILCFG_SUBMISSION]);
	put_member("prefix", a->imap_prefix);
	put_member("caldav", a->caldav.host);
	put_member("carddav", a->carddav.host);
	(void)fputs("\"aliases\": [", stdout);
	for (size_t i = 0; i < a->n_aliases; i++) {
		(void)fputs(i == 0 ? "" : ", ", stdout);
		put_string(a->aliases[i]);
	}
	(void)printf("], \"incoming\": \"%s\"}, ",
		a->incoming == MAILCFG_POP3 ? "pop3" : "imap");
}

static void
put_trial(const struct trial *t, const struct mailcfg_account *a,
	const struct mailcfg_document *docs, size_t n_docs)
{
	static const char *const levels[] = {"error", "warning", "note"};
	(void)fputs("{\"given\": {", stdout);
	for (size_t i = 0; t->bad == NULL && i < t->n_given; i++) {
		(void)printf(
			"%s\"%s\": ", i == 0 ? "" : ", ", t->given[i].field);
		put_string(t->given[i].text);
	}
	(void)fputs("}, ", stdout);
	put_member("bad", t->bad);
	put_account(a);
	(void)fputs("\"said\": [", stdout);
	for (size_t i = 0; i < t->n_said; i++)
		(void)printf("%s{\"level\": \"%s\", \"slug\": \"%s\", "
			     "\"field\": \"%s\"}",
			i == 0 ? "" : ", ", levels[t->said[i].level],
			t->said[i].slug, t->said[i].field);
	(void)fputs("], \"docs\": ", stdout);
	(void)fputs(docs == NULL ? "null" : "{", stdout);
	for (size_t i = 0; docs != NULL && i < n_docs; i++) {
		(void)fputs(i == 0 ? "" : ", ", stdout);
		put_string(docs[i].name);
		(void)fputs(": ", stdout);
		put_base64(docs[i].bytes, docs[i].size);
	}
	(void)fputs(docs == NULL ? "}\n" : "}}\n", stdout);
}

static void
run(struct mailcfg *m, struct trial *t, const char *target,
	const struct given *more)
{
	struct mailcfg_draft *draft = mailcfg_draft_new(m);
	bool good = draft != NULL &&
		(more == NULL ||
			mailcfg_draft_set(draft, more->field, more->text));
	for (size_t i = 0; draft != NULL && i < t->n_given; i++) {
		const struct given *g = &t->given[i];
		if (!mailcfg_draft_set(draft, g->field, g->text))
			good = false;
	}
	const struct mailcfg_account *a = good ? mailcfg_draft_complete(draft)
					       : NULL;
	struct mailcfg_document *docs = NULL;
	size_t n_docs = 0;
	if (a != NULL)
		(void)mailcfg_emit(m, target, &a, 1, MAILCFG_EMBED_PASSWORD,
			&docs, &n_docs);
	put_trial(t, a, docs, n_docs);
	mailcfg_documents_free(docs, n_docs);
	mailcfg_draft_free(draft);
}

int
main(int argc, char **argv)
{
	static const char key[] = "0123456789abcdef0123456789abcdef";
	static struct trial t;
	static struct given more;
	char *text = argc == 5 ? strchr(argv[4], '=') : NULL;
	if (argc != 4 && text == NULL) {
		(void)fputs("usage: randomize TARGET SEED COUNT "
			    "[FIELD=TEXT]\n",
			stderr);
		return 64;
	}
	if (text != NULL) {
		*text++ = '\0';
		more.field = argv[4];
		(void)snprintf(more.text, sizeof(more.text), "%s", text);
	}
	t.state = strtoul(argv[2], NULL, 10);
	unsigned long count = strtoul(argv[3], NULL, 10);
	struct mailcfg *m = mailcfg_new(hear, &t);
	if (m == NULL ||
		!mailcfg_profile_url(m,
			"https://example.org/p/{token}.mobileconfig", key,
			sizeof(key) - 1))
		return 71;
	for (unsigned long i = 0; i < count; i++) {
		t.n_given = t.n_said = 0;
		t.bad = NULL;
		invent(&t, i);
		run(m, &t, argv[1], text == NULL ? NULL : &more);
	}
	mailcfg_free(m);
	return fflush(stdout) == 0 && ferror(stdout) == 0 ? 0 : 74;
}
