/* SPDX-License-Identifier: ISC */
#include "invent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* splitmix64 */
static uint64_t
next(struct trial *t)
{
	uint64_t z = t->state += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static unsigned
below(struct trial *t, size_t n)
{
	return (unsigned)(next(t) % n);
}

static bool
percent(struct trial *t, unsigned n)
{
	return below(t, 100) < n;
}

static void
add_bytes(struct given *g, const char *s, size_t n)
{
	if (g->length + n >= TEXT_MAX)
		return;
	memcpy(g->text + g->length, s, n);
	g->length += n;
	g->text[g->length] = '\0';
}

static void
add_text(struct given *g, const char *s)
{
	add_bytes(g, s, strlen(s));
}

static void
add_code(struct given *g, uint32_t c)
{
	char b[4];
	size_t n = 0;
	if (c < 0x80) {
		b[n++] = (char)c;
	} else if (c < 0x800) {
		b[n++] = (char)(0xc0 | (c >> 6));
		b[n++] = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		b[n++] = (char)(0xe0 | (c >> 12));
		b[n++] = (char)(0x80 | ((c >> 6) & 0x3f));
		b[n++] = (char)(0x80 | (c & 0x3f));
	} else {
		b[n++] = (char)(0xf0 | (c >> 18));
		b[n++] = (char)(0x80 | ((c >> 12) & 0x3f));
		b[n++] = (char)(0x80 | ((c >> 6) & 0x3f));
		b[n++] = (char)(0x80 | (c & 0x3f));
	}
	add_bytes(g, b, n);
}

struct range {
	uint32_t first, last;
};

static uint32_t
code_of(struct trial *t, const struct range *ranges, size_t n)
{
	const struct range *r = &ranges[below(t, n)];
	return r->first + below(t, r->last - r->first + 1);
}

/* Every plane that has characters, without what the gate refuses. */
static const struct range wide[] = {
	{0xa1, 0xac},
	{0xc0, 0x17f},
	{0x300, 0x345},
	{0x391, 0x3a1},
	{0x410, 0x44f},
	{0x5d0, 0x5ea},
	{0x905, 0x939},
	{0x1e00, 0x1eff},
	{0x2010, 0x2027},
	{0x20a0, 0x20bf},
	{0x3041, 0x3096},
	{0x4e00, 0x9ffc},
	{0xac00, 0xd7a3},
	{0xe000, 0xf8ff},
	{0xff01, 0xff5e},
	{0x10300, 0x1031f},
	{0x1d100, 0x1d126},
	{0x1f300, 0x1f5ff},
	{0x20000, 0x2a6d6},
	{0x2f800, 0x2fa1d},
	{0xe0100, 0xe01ef},
	{0xf0000, 0xffffd},
	{0x100000, 0x10fffd},
};
/* What only a password may hold. */
static const struct range secret_only[] = {
	{0x200b, 0x200f},
	{0x202a, 0x202e},
	{0x2060, 0x2064},
	{0x2066, 0x2069},
	{0xfeff, 0xfeff},
};
/* What some format or other has a meaning for. */
static const char *const snippets[] = {
	"&",
	"<",
	">",
	"\"",
	"'",
	"%",
	"^",
	"!",
	"$",
	"`",
	";",
	"\\",
	"|",
	"#",
	"{",
	"}",
	"[",
	"]",
	"(",
	")",
	"=",
	"~",
	"*",
	"?",
	":",
	",",
	"@",
	"-",
	"]]>",
	"&amp;",
	"&#0;",
	"<![CDATA[",
	"<!--",
	"%PATH%",
	"%%",
	"^^",
	"$&",
	"$$",
	"$1",
	"\\u0000",
	"\\n",
	"\\\"",
	"\\\\",
	" #",
	": ",
	"- ",
	"''",
	"\"\"",
	"%EMAILADDRESS%",
	"%EMAILDOMAIN%",
	"!important",
	"!!str",
	"null",
	"true",
	"</string>",
	"\";",
	"user_pref",
	"@echo",
	"&calc&",
};

enum { SNIPPETS = sizeof(snippets) / sizeof(*snippets) };
enum { WIDE = sizeof(wide) / sizeof(*wide) };
enum { SECRET_ONLY = sizeof(secret_only) / sizeof(*secret_only) };

enum taste { ANY = 0, SECRET, ASCII };

/* Nasty text of up to `most` pieces, without blanks at its ends. */
static void
nasty(struct trial *t, struct given *g, enum taste taste, unsigned most)
{
	unsigned n = 1 + below(t, most);
	for (unsigned i = 0; i < n; i++) {
		unsigned what = below(t, taste == ASCII ? 70 : 100);
		if (what < 40)
			add_code(g, 0x21 + below(t, 0x7e - 0x21 + 1));
		else if (what < 65)
			add_text(g, snippets[below(t, SNIPPETS)]);
		else if (what < 70)
			add_text(g, i > 0 && i + 1 < n ? " " : "x");
		else if (what < 96 || taste != SECRET)
			add_code(g, code_of(t, wide, WIDE));
		else
			add_code(g, code_of(t, secret_only, SECRET_ONLY));
	}
	size_t end = g->length;
	if (end == 0 || g->text[0] == ' ' || g->text[end - 1] == ' ')
		add_text(g, "z");
	if (g->text[0] == ' ')
		g->text[0] = 'a';
}

static struct given *
give(struct trial *t, const char *field)
{
	if (t->n_given == GIVEN_MAX)
		abort();
	struct given *g = &t->given[t->n_given++];
	g->field = field;
	g->length = 0;
	g->text[0] = '\0';
	return g;
}

static void
give_text(struct trial *t, const char *field, const char *text)
{
	add_text(give(t, field), text);
}

static void
word(struct trial *t, struct given *g, unsigned most)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	unsigned n = 1 + below(t, most);
	for (unsigned i = 0; i < n; i++)
		add_bytes(g, &set[below(t, sizeof(set) - 1)], 1);
}

static void
host(struct trial *t, struct given *g)
{
	static const char *const labels[] = {"imap", "mail", "xn--e1afmkfd",
		"a-b", "\xd0\xbf\xd0\xbe\xd1\x87\xd1\x82\xd0\xb0", "MX1"};
	add_text(g, labels[below(t, sizeof(labels) / sizeof(*labels))]);
	add_text(g, ".");
	word(t, g, 12);
	add_text(g, ".example");
}

static void
local_part(struct trial *t, struct given *g)
{
	static const char atext[] = "!#$%&'*+-/=?^_`{|}~";
	word(t, g, 6);
	unsigned n = below(t, 6);
	for (unsigned i = 0; i < n; i++) {
		unsigned what = below(t, 100);
		if (what < 15)
			add_bytes(g, &atext[below(t, sizeof(atext) - 1)], 1);
		else if (what < 25)
			add_text(g, ".");
		else if (what < 30)
			add_code(g, 0x430 + below(t, 32));
		else
			add_code(g, 'A' + below(t, 26));
		word(t, g, 3);
	}
}

static void
address(struct trial *t, unsigned long number)
{
	struct given *g = give(t, "address");
	local_part(t, g);
	char unique[32];
	(void)snprintf(unique, sizeof(unique), ".%lu@", number);
	add_text(g, unique);
	if (percent(t, 10))
		add_text(g, "\xd0\xbf\xd0\xbe\xd1\x87\xd1\x82\xd0\xb0.");
	word(t, g, 10);
	add_text(g, ".example");
}

static void
login(struct trial *t, const char *field)
{
	static const char *const odd[] = {"0012345", "12345", "1e5", "0x1F",
		"True", "true", "12345678901234567890", "5.", ".5", "+7", "-0",
		"Infinity", "NaN", "0", "1_000", "null", "~", "yes", "-", "@",
		"[object Object]", "undefined"};
	struct given *g = give(t, field);
	switch (below(t, 6)) {
	case 0: add_text(g, "{mailbox}"); break;
	case 1: add_text(g, "{local-part}"); break;
	case 2: add_text(g, odd[below(t, sizeof(odd) / sizeof(*odd))]); break;
	case 3: nasty(t, g, ASCII, 12); break;
	case 4: nasty(t, g, ANY, 12); break;
	default: word(t, g, 20); break;
	}
}

static void
secret(struct trial *t, const char *field)
{
	struct given *g = give(t, field);
	if (percent(t, 3))
		add_text(g, " ");
	nasty(t, g, percent(t, 50) ? SECRET : ASCII, 24);
	if (percent(t, 3))
		add_text(g, " ");
}

/* Fields of one server, "imap.host" and so on. */
struct names {
	const char *host, *port, *tls, *login, *auth, *password;
	const char *implicit, *starttls, *clear;
};

static const struct names imap = {"imap.host", "imap.port", "imap.tls",
	"imap.login", "imap.auth", "imap.password", "993", "143", "143"};
static const struct names pop3 = {"pop3.host", "pop3.port", "pop3.tls",
	"pop3.login", "pop3.auth", "pop3.password", "995", "110", "110"};
static const struct names smtp = {"smtp.host", "smtp.port", "smtp.tls",
	"smtp.login", "smtp.auth", "smtp.password", "465", "587", "25"};

static void
server(struct trial *t, const struct names *n, bool may_be_free)
{
	host(t, give(t, n->host));
	unsigned tls = below(t, 100);
	if (tls < 40) {
		give_text(t, n->tls, "starttls");
		give_text(t, n->port, n->starttls);
	} else if (tls < 43) {
		give_text(t, n->tls, "none");
		give_text(t, n->port, n->clear);
	} else if (percent(t, 50)) {
		give_text(t, n->tls, "implicit");
		give_text(t, n->port, n->implicit);
	}
	if (percent(t, 3)) {
		char port[16];
		(void)snprintf(port, sizeof(port), "%u", 1 + below(t, 65535));
		t->n_given -= strcmp(t->given[t->n_given - 1].field, n->port) ==
			0;
		give_text(t, n->port, port);
	}
	unsigned auth = below(t, 100);
	if (auth < 3)
		give_text(t, n->auth, "oauth2");
	else if (auth < 8)
		give_text(t, n->auth, "encrypted");
	else if (auth < 12 && may_be_free)
		give_text(t, n->auth, "none");
	if (percent(t, 15))
		login(t, n->login);
	if (percent(t, 10))
		secret(t, n->password);
}

/* Puts into one field what no field may hold. */
static void
spoil(struct trial *t)
{
	static const char *const faults[] = {"\a", "\x1b[2J", "\r", "\n",
		"\x7f", "\xc2\x85", "\xe2\x80\xa8", "\xef\xbf\xbe",
		"\xf0\x9f\xbf\xbf", "\xff", "\xc0\x80", "\xed\xa0\x80",
		"\xe2\x82"};
	static const char *const fields[] = {"name", "login", "password",
		"organization", "imap.login", "smtp.password"};
	const char *f = fields[below(t, sizeof(fields) / sizeof(*fields))];
	for (size_t i = 0; i < t->n_given; i++) {
		struct given *g = &t->given[i];
		if (strcmp(g->field, f) == 0) {
			add_text(g,
				faults[below(
					t, sizeof(faults) / sizeof(*faults))]);
			add_text(g, "x");
			t->bad = g->field;
		}
	}
}

void
invent(struct trial *t, unsigned long number)
{
	address(t, number);
	if (percent(t, 90))
		nasty(t, give(t, "name"), percent(t, 40) ? ASCII : ANY, 24);
	if (percent(t, 60))
		login(t, "login");
	if (percent(t, 90))
		secret(t, "password");
	if (percent(t, 20))
		nasty(t, give(t, "organization"), ANY, 12);
	if (percent(t, 20))
		nasty(t, give(t, "support"), ANY, 12);
	if (percent(t, 20))
		give_text(t, "lang", percent(t, 50) ? "ru" : "pt-BR");
	if (percent(t, 10)) {
		struct given *g = give(t, "aliases");
		word(t, g, 8);
		add_text(g, "@alias.example, b@");
		host(t, g);
	}
	unsigned incoming = below(t, 10);
	if (incoming < 8)
		server(t, &imap, false);
	if (incoming >= 7)
		server(t, &pop3, false);
	server(t, &smtp, true);
	if (percent(t, 5) && incoming < 8)
		give_text(t, "imap.prefix", "INBOX");
	if (percent(t, 5))
		give_text(t, "caldav", "https://dav.example");
	if (percent(t, 5))
		give_text(t, "carddav", "https://dav.example:8443");
	if (percent(t, 2))
		spoil(t);
}
