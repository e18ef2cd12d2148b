/* SPDX-License-Identifier: ISC */
#include "url.h"

#include <stdint.h>
#include <string.h>

#include "text.h"

static const char *const schemes[MAILCFG_PROTOCOLS] = {
	[MAILCFG_IMAP] = "imap",
	[MAILCFG_POP3] = "pop3",
	[MAILCFG_SUBMISSION] = "smtp",
};

unsigned
mc_default_port(enum mailcfg_protocol protocol, enum mailcfg_tls tls)
{
	bool implicit = tls == MAILCFG_TLS_IMPLICIT;

	switch (protocol) {
	case MAILCFG_IMAP: return implicit ? 993 : 143;
	case MAILCFG_POP3: return implicit ? 995 : 110;
	case MAILCFG_SUBMISSION: return implicit ? 465 : 587;
	}
	return 0;
}

enum mailcfg_tls
mc_port_tls(unsigned port)
{
	switch (port) {
	case 25:
	case 110:
	case 143:
	case 587: return MAILCFG_TLS_STARTTLS;
	default: return MAILCFG_TLS_IMPLICIT;
	}
}

/* The TLS mode that what follows the protocol's name in a scheme means. */
static bool
scheme_tls(const char *rest, size_t n, enum mailcfg_tls *tls)
{
	static const struct {
		const char *text;
		enum mailcfg_tls tls;
	} rows[] = {
		{"s", MAILCFG_TLS_IMPLICIT},
		{"", MAILCFG_TLS_STARTTLS},
		{"+insecure", MAILCFG_TLS_NONE},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strlen(rows[i].text) == n &&
			mc_strncasecmp(rest, rows[i].text, n) == 0) {
			*tls = rows[i].tls;
			return true;
		}
	}
	return false;
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = mc_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum mc_url_fault
decode_user(struct mc_arena *arena, const char *s, size_t n, const char **out)
{
	char *text = mc_arena_strndup(arena, s, n);
	size_t used = 0;

	if (text == NULL)
		return MC_URL_MEMORY;
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '%') {
			int high = i + 1 < n ? hex(s[i + 1]) : -1;
			int low = i + 2 < n ? hex(s[i + 2]) : -1;

			if (high < 0 || low < 0 || high * 16 + low == 0)
				return MC_URL_USER;
			text[used++] = (char)(high * 16 + low);
			i += 2;
		} else {
			text[used++] = s[i];
		}
	}
	text[used] = '\0';
	*out = text;
	return used == 0 ? MC_URL_USER : MC_URL_OK;
}

static enum mc_url_fault
parse_port(const char *s, unsigned *port)
{
	unsigned value = 0;

	if (*s == '\0')
		return MC_URL_PORT;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9')
			return MC_URL_PORT;
		value = value * 10 + (unsigned)(*s - '0');
		if (value > UINT16_MAX)
			return MC_URL_PORT;
	}
	*port = value;
	return value == 0 ? MC_URL_PORT : MC_URL_OK;
}

/* [user@]host[:port], from `s` on. */
static enum mc_url_fault
authority(struct mc_arena *arena, const char *text, const char *s,
	struct mc_url *url)
{
	const char *at = strrchr(s, '@');
	const char *colon, *tail;
	enum mc_url_fault fault;

	if (at != NULL) {
		url->fault_at = mc_utf8_count(text, (size_t)(s - text));
		if (memchr(s, ':', (size_t)(at - s)) != NULL)
			return MC_URL_PASSWORD;
		fault = decode_user(arena, s, (size_t)(at - s), &url->user);
		if (fault != MC_URL_OK)
			return fault;
		s = at + 1;
	}
	url->host_at = mc_utf8_count(text, (size_t)(s - text));
	tail = s + strcspn(s, "/?#");
	if (*tail == '/' && tail[1] == '\0') {
		s = mc_arena_strndup(arena, s, (size_t)(tail - s));
		if (s == NULL)
			return MC_URL_MEMORY;
	} else if (*tail != '\0') {
		url->fault_at = mc_utf8_count(text, (size_t)(tail - text));
		return MC_URL_TAIL;
	}
	colon = s[0] == '[' ? NULL : strrchr(s, ':');
	url->fault_at = url->host_at;
	if (colon != NULL) {
		url->fault_at += mc_utf8_count(s, (size_t)(colon - s)) + 1;
		fault = parse_port(colon + 1, &url->port);
		if (fault != MC_URL_OK)
			return fault;
		url->host = mc_arena_strndup(arena, s, (size_t)(colon - s));
	} else {
		url->host = mc_arena_strdup(arena, s);
	}
	if (url->host == NULL)
		return MC_URL_MEMORY;
	return url->host[0] == '\0' ? MC_URL_EMPTY : MC_URL_OK;
}

enum mc_url_fault
mc_url_parse(struct mc_arena *arena, enum mailcfg_protocol protocol,
	const char *text, struct mc_url *url)
{
	const char *scheme = schemes[protocol];
	const char *rest = strstr(text, "://");
	enum mc_url_fault fault;
	size_t n;

	*url = (struct mc_url){0};
	if (rest == NULL) {
		fault = authority(arena, text, text, url);
		url->tls = mc_port_tls(url->port);
	} else {
		n = (size_t)(rest - text);
		if (n < strlen(scheme) ||
			mc_strncasecmp(text, scheme, strlen(scheme)) != 0 ||
			!scheme_tls(text + strlen(scheme), n - strlen(scheme),
				&url->tls))
			return MC_URL_SCHEME;
		fault = authority(arena, text, rest + 3, url);
	}
	if (fault == MC_URL_OK && url->port == 0)
		url->port = mc_default_port(protocol, url->tls);
	return fault;
}

const char *
mc_url_fault_name(enum mc_url_fault fault)
{
	switch (fault) {
	case MC_URL_OK: return "nothing is wrong";
	case MC_URL_SCHEME: return "the scheme is not this protocol's";
	case MC_URL_PASSWORD: return "use --password-from or a record";
	case MC_URL_PORT: return "the port is not a number from 1 to 65535";
	case MC_URL_USER: return "the user name is not percent-encoded rightly";
	case MC_URL_TAIL: return "nothing may follow host and port";
	case MC_URL_EMPTY: return "the host is missing";
	case MC_URL_MEMORY: return "out of memory";
	}
	return "";
}

const char *
mc_url_write(struct mc_arena *arena, enum mailcfg_protocol protocol,
	enum mailcfg_tls tls, const char *host, unsigned port)
{
	const char *suffix = "";

	switch (tls) {
	case MAILCFG_TLS_IMPLICIT: suffix = "s"; break;
	case MAILCFG_TLS_STARTTLS: suffix = ""; break;
	case MAILCFG_TLS_NONE: suffix = "+insecure"; break;
	}
	if (port == mc_default_port(protocol, tls))
		return mc_arena_printf(
			arena, "%s%s://%s", schemes[protocol], suffix, host);
	return mc_arena_printf(
		arena, "%s%s://%s:%u", schemes[protocol], suffix, host, port);
}
