/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "account.h"
#include "host.h"
#include "text.h"

/* RFC 5321: octets of a local-part and of a whole address (path less <>). */
enum { LOCAL_MAX = 64, ADDRESS_MAX = 254 };

/* RFC 5322 atext, and RFC 6531's UTF-8. */
static bool
is_atext(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || (unsigned char)c >= 0x80)
		return true;
	return c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL;
}

/* A dot-string.  *at: the offset of the fault in bytes. */
static const char *
check_local(const char *s, size_t n, size_t *at)
{
	*at = 0;
	if (n == 0)
		return "nothing stands before the @";
	if (s[0] == '"')
		return "quoted local-parts are not for mail clients";
	for (size_t i = 0; i < n; i++) {
		*at = i;
		if (s[i] == '.') {
			if (i == 0 || i + 1 == n || s[i + 1] == '.')
				return "a dot stands at an end or beside "
				       "another";
		} else if (s[i] == ' ') {
			return "a blank is in it";
		} else if (!is_atext(s[i])) {
			return "a character that must not stand before the @";
		}
	}
	return NULL;
}

/* "\"a.b\"" is a.b written in another way (RFC 5321, section 4.1.2). */
static void
unquote(const char **s, size_t *n)
{
	size_t at;

	if (*n > 2 && (*s)[0] == '"' && (*s)[*n - 1] == '"' &&
		check_local(*s + 1, *n - 2, &at) == NULL) {
		*s += 1;
		*n -= 2;
	}
}

const char *
mc_address_parse(struct mc_arena *arena, const char *text, size_t n,
	const char **local_part, const char **domain, size_t *at)
{
	const char *sign = NULL, *local = text, *why, *name;
	size_t size, where;

	for (size_t i = n; i > 0 && sign == NULL; i--)
		if (text[i - 1] == '@')
			sign = text + i - 1;
	*at = 0;
	if (sign == NULL)
		return "there is no @ in it";
	size = (size_t)(sign - text);
	unquote(&local, &size);
	why = check_local(local, size, &where);
	if (why != NULL) {
		*at = mc_utf8_count(text, where);
		return why;
	}
	name = mc_host_ascii(
		arena, sign + 1, n - (size_t)(sign + 1 - text), &why);
	if (name == NULL) {
		*at = mc_utf8_count(text, (size_t)(sign + 1 - text));
		return why;
	}
	*domain = name;
	*local_part = mc_to_nfc(arena, local, size);
	if (*local_part == NULL)
		return "out of memory";
	size = strlen(*local_part);
	if (size > LOCAL_MAX)
		return "more than 64 bytes stand before the @";
	if (size + 1 + strlen(name) > ADDRESS_MAX)
		return "it is longer than 254 bytes";
	return NULL;
}

/* A quoted-string's text: a backslash says that the next is itself. */
static const char *
unescape(struct mc_arena *arena, const char *s, size_t n, bool quoted)
{
	char *text = mc_arena_strndup(arena, s, n), *out = text;

	for (size_t i = 0; text != NULL && quoted && i < n; i++) {
		if (s[i] == '\\' && i + 1 < n)
			i++;
		*out++ = s[i];
	}
	if (text != NULL && quoted)
		*out = '\0';
	return text;
}

bool
mc_mailbox_split(struct mc_arena *arena, const char *operand, const char **name,
	const char **address, size_t *address_at)
{
	const char *open = strrchr(operand, '<'), *end;
	size_t n = strlen(operand);
	bool quoted = false;

	*name = NULL;
	*address_at = 0;
	if (open == NULL || n == 0 || operand[n - 1] != '>') {
		*address = operand;
		return true;
	}
	*address = mc_arena_strndup(
		arena, open + 1, (size_t)(operand + n - open) - 2);
	*address_at = mc_utf8_count(operand, (size_t)(open + 1 - operand));
	for (end = open; end > operand && end[-1] == ' ';)
		end--;
	while (operand < end && *operand == ' ')
		operand++;
	if (end - operand >= 2 && operand[0] == '"' && end[-1] == '"') {
		operand++;
		end--;
		quoted = true;
	}
	if (end > operand)
		*name = unescape(
			arena, operand, (size_t)(end - operand), quoted);
	return !arena->failed;
}

const char *
mc_identity(struct mc_arena *arena, const char *local_part, const char *domain)
{
	char *text = mc_arena_printf(arena, "%s@%s", local_part, domain);

	for (char *c = text; c != NULL && *c != '\0'; c++)
		*c = mc_lower(*c);
	return text;
}
