/* SPDX-License-Identifier: ISC */
#include "thunderbird_client.h"

#include <stdint.h>
#include <string.h>

#include "../text.h"

/* JavaScript's white space, as far as the gate lets it through. */
static bool
is_blank(uint32_t c)
{
	return c == 0x20 || c == 0xa0 || c == 0x1680 ||
		(c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f ||
		c == 0x3000 || c == 0xfeff;
}

static bool
has_blank_end(const char *text)
{
	size_t n = strlen(text), last = n - 1;
	uint32_t code = 0;

	while (last > 0 && ((unsigned char)text[last] & 0xc0) == 0x80)
		last--;
	(void)mc_utf8_decode(text + last, n - last, &code);
	if (is_blank(code))
		return true;
	(void)mc_utf8_decode(text, n, &code);
	return is_blank(code);
}

static size_t
digits(const char *s)
{
	return strspn(s, "0123456789");
}

/* [+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)? */
static bool
is_decimal(const char *s)
{
	size_t n;

	s += *s == '+' || *s == '-';
	n = digits(s);
	s += n;
	if (*s == '.') {
		size_t fraction = digits(s + 1);

		n += fraction;
		s += 1 + fraction;
	}
	if (n == 0)
		return false;
	if (*s == 'e' || *s == 'E') {
		s++;
		s += *s == '+' || *s == '-';
		n = digits(s);
		if (n == 0)
			return false;
		s += n;
	}
	return *s == '\0';
}

/* 0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+ */
static bool
is_prefixed(const char *s)
{
	const char *set = "";

	if (s[0] != '0' || s[1] == '\0' || s[2] == '\0')
		return false;
	if (mc_lower(s[1]) == 'x')
		set = "0123456789abcdefABCDEF";
	else if (mc_lower(s[1]) == 'o')
		set = "01234567";
	else if (mc_lower(s[1]) == 'b')
		set = "01";
	return s[2 + strspn(s + 2, set)] == '\0';
}

/* 0|-?[1-9][0-9]{0,14}: a double holds them, and writes them so */
static bool
is_plain_integer(const char *s)
{
	size_t n;

	if (strcmp(s, "0") == 0)
		return true;
	s += *s == '-';
	n = digits(s);
	return s[0] != '0' && n >= 1 && n <= 15 && s[n] == '\0';
}

bool
mc_thunderbird_keeps(const char *text)
{
	if (text[0] == '\0' || has_blank_end(text))
		return false;
	if (mc_strcasecmp(text, "true") == 0)
		return strcmp(text, "true") == 0;
	if (mc_strcasecmp(text, "false") == 0)
		return strcmp(text, "false") == 0;
	if (is_decimal(text) || is_prefixed(text))
		return is_plain_integer(text);
	return true;
}

const char *
mc_thunderbird_placeholder(const char *text)
{
	static const char *const words[] = {"%EMAILADDRESS%",
		"%EMAILLOCALPART%", "%EMAILDOMAIN%", "%REALNAME%"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(text, words[i]) != NULL)
			return words[i];
	return NULL;
}

/*
 * Hosts and parent domains of OAuth2Providers.sys.mjs that are for mail; there
 * is no other way to tell Thunderbird where to ask for a token.
 */
static const char *const oauth2_hosts[] = {
	"aol.com",
	"att.net",
	"gmail.com",
	"googlemail.com",
	"hotmail.com",
	"imap.comcast.net",
	"imap.fastmail.com",
	"imap.mail.ru",
	"imap.yandex.com",
	"office365.com",
	"outlook.com",
	"pop.comcast.net",
	"pop.fastmail.com",
	"smtp.comcast.net",
	"smtp.fastmail.com",
	"smtp.mail.ru",
	"smtp.yandex.com",
	"thundermail.com",
	"yahoo.com",
};

static bool
knows_oauth2(const char *host)
{
	const size_t n = sizeof(oauth2_hosts) / sizeof(oauth2_hosts[0]);

	/* the host itself, then its parents */
	while (host != NULL) {
		for (size_t i = 0; i < n; i++)
			if (strcmp(oauth2_hosts[i], host) == 0)
				return true;
		host = strchr(host, '.');
		if (host != NULL)
			host++;
	}
	return false;
}

void
mc_thunderbird_check_server(struct mc_check *c, const struct mailcfg_server *s)
{
	if (s->auth == MAILCFG_AUTH_OAUTH2 && !knows_oauth2(s->host))
		mc_refuse(c, mc_server_field(s->protocol, MC_PART_AUTH),
			"Thunderbird has no OAuth2 data for %s: set the "
			"account up as its provider says",
			s->host);
	if (s->protocol == MAILCFG_SUBMISSION && s->login != NULL &&
		!mc_is_ascii(s->login))
		mc_refuse(c, mc_server_field(s->protocol, MC_PART_LOGIN),
			"Thunderbird keeps other characters for what is beyond "
			"ASCII: type the login there by hand");
}
