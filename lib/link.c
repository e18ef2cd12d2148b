/* SPDX-License-Identifier: ISC */
#include "link.h"

#include <string.h>

#include "buf.h"
#include "host.h"
#include "name.h"
#include "text.h"

static const char scheme[] = "https://";

enum place { PLACE_TOKEN = 0, PLACE_MAILBOX, PLACE_LOCAL_PART, PLACE_DOMAIN };
static const struct {
	const char *word;
	size_t n;
} places[] = {
	[PLACE_TOKEN] = {"{token}", 7},
	[PLACE_MAILBOX] = {"{mailbox}", 9},
	[PLACE_LOCAL_PART] = {"{local-part}", 12},
	[PLACE_DOMAIN] = {"{domain}", 8},
};
enum { PLACES = sizeof(places) / sizeof(places[0]) };

/* The place that begins at s; PLACES: none does. */
static size_t
place_at(const char *s)
{
	size_t i = 0;

	while (i < PLACES && strncmp(s, places[i].word, places[i].n) != 0)
		i++;
	return i;
}

static bool
has_place(const char *s, size_t n, enum place place)
{
	const char *at = strstr(s, places[place].word);

	return at != NULL && (size_t)(at - s) + places[place].n <= n;
}

/* Where the host ends. */
static const char *
path_of(const char *pattern)
{
	pattern += sizeof(scheme) - 1;
	return pattern + strcspn(pattern, "/?#");
}

/* The last part of the path; *n: without the query. */
static const char *
last_of(const char *pattern, size_t *n)
{
	const char *path = path_of(pattern), *last = path;
	size_t all = strcspn(path, "?");

	for (const char *c = path; c < path + all; c++)
		if (*c == '/')
			last = c + 1;
	*n = (size_t)(path + all - last);
	return last;
}

/* Whether the last part tells the files of accounts apart. */
static bool
names_files(const char *last, size_t n)
{
	return has_place(last, n, PLACE_TOKEN) ||
		has_place(last, n, PLACE_MAILBOX);
}

/* host[:port]; {domain} may be a part of the host. */
static const char *
host_fault(const char *s, const char *end)
{
	char host[300];
	unsigned port = 1;
	size_t n = 0;

	while (s < end && *s != ':' && n < sizeof(host) - 2) {
		if (place_at(s) == PLACE_DOMAIN) {
			/* a name, or a label, will stand there */
			host[n++] = 'x';
			s += places[PLACE_DOMAIN].n;
		} else {
			host[n++] = mc_lower(*s++);
		}
	}
	host[n] = '\0';
	if (s < end && *s == ':') {
		port = 0;
		for (s++; s < end && *s >= '0' && *s <= '9' && port < 65536;
			s++)
			port = port * 10 + (unsigned)(*s - '0');
	}
	if (memchr(s, '@', (size_t)(end - s)) != NULL ||
		strchr(host, '@') != NULL)
		return "a URL with a login in it cannot be used";
	if (s != end || port == 0 || port > 65535 || !mc_host_is_ldh(host))
		return "the host is none; only {domain} may be a part of it";
	return NULL;
}

/* What stands between the places. */
static const char *
text_fault(const char *pattern)
{
	for (const char *s = pattern; *s != '\0';) {
		size_t place = place_at(s);

		if (place < PLACES) {
			s += places[place].n;
			continue;
		}
		if (*s == '{' || *s == '}')
			return "{token}, {mailbox}, {local-part} and {domain} "
			       "are known, and no other braces";
		if (*s <= ' ' || *s > '~' || strchr("\"<>\\^`|", *s) != NULL)
			return "a URL is of ASCII, without blanks and quotes";
		if (*s == '%' || *s == '#')
			return "% and # have no place in it";
		s++;
	}
	return NULL;
}

/* A part that names files is as names of files are. */
static const char *
last_fault(const char *pattern)
{
	size_t n;
	const char *s = last_of(pattern, &n), *end = s + n;

	if (!names_files(s, n))
		return NULL;
	while (s < end) {
		size_t place = place_at(s);

		if (place < PLACES)
			s += places[place].n;
		else if ((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') ||
			*s == '.' || *s == '-' || *s == '_')
			s++;
		else
			return "its last part names files: a to z, digits, "
			       "'.', '-' and '_' can stand there";
	}
	return NULL;
}

const char *
mc_link_fault(const char *pattern)
{
	const char *path, *why;

	if (mc_strncasecmp(pattern, scheme, sizeof(scheme) - 1) != 0)
		return "https:// is wanted";
	if (strlen(pattern) > MC_LINK_MAX)
		return "it is longer than 1024 bytes";
	why = text_fault(pattern);
	if (why != NULL)
		return why;
	path = path_of(pattern);
	why = host_fault(pattern + sizeof(scheme) - 1, path);
	if (why != NULL)
		return why;
	if (*path != '/')
		return "a path is wanted after the host";
	return last_fault(pattern);
}

bool
mc_link_has_token(const char *pattern)
{
	return has_place(pattern, strlen(pattern), PLACE_TOKEN);
}

bool
mc_link_is_personal(const char *pattern)
{
	size_t n = strlen(pattern);

	return has_place(pattern, n, PLACE_TOKEN) ||
		has_place(pattern, n, PLACE_MAILBOX) ||
		(has_place(pattern, n, PLACE_LOCAL_PART) &&
			has_place(pattern, n, PLACE_DOMAIN));
}

void
mc_link_token(const struct mc_link *link, const char *identity,
	char out[MC_TOKEN_SIZE])
{
	/* RFC 4648's, in the one case that every file system keeps apart */
	static const char set[] = "abcdefghijklmnopqrstuvwxyz234567";
	const struct mc_part_bytes parts[] = {
		{identity, strlen(identity)}, {NULL, 0}};
	unsigned char sum[MC_SHA256_SIZE];
	unsigned bits = 0, n = 0;
	size_t used = 0;

	mc_hmac_sha256(&link->key, parts, sum);
	for (size_t i = 0; i < MC_TOKEN_SIZE - 1; i++) {
		if (n < 5) {
			bits = bits << 8 | sum[used++];
			n += 8;
		}
		n -= 5;
		out[i] = set[bits >> n & 31];
	}
	out[MC_TOKEN_SIZE - 1] = '\0';
	mc_wipe(sum, sizeof(sum));
}

/* What the places hold. */
struct values {
	char token[MC_TOKEN_SIZE];
	const char *text[PLACES];
};

static bool
fill(struct values *v, struct mc_arena *arena, const struct mc_link *link,
	const struct mailcfg_account *a)
{
	const char *at = strrchr(a->identity, '@');

	mc_link_token(link, a->identity, v->token);
	v->text[PLACE_TOKEN] = v->token;
	v->text[PLACE_MAILBOX] = a->identity;
	v->text[PLACE_LOCAL_PART] = mc_arena_strndup(
		arena, a->identity, (size_t)(at - a->identity));
	v->text[PLACE_DOMAIN] = a->domain;
	return !arena->failed;
}

/* As it stands in a path and in a query. */
static void
put_encoded(struct mc_buf *out, const char *text)
{
	mc_buf_percent(out, text, "-._~@");
}

static void
put_plain(struct mc_buf *out, const char *text)
{
	mc_buf_puts(out, text);
}

/* n bytes of the pattern, its places filled. */
static void
expand(struct mc_buf *out, const char *s, size_t n, const struct values *v,
	void (*put)(struct mc_buf *, const char *))
{
	for (const char *end = s + n; s < end;) {
		size_t place = place_at(s);

		if (place < PLACES) {
			put(out, v->text[place]);
			s += places[place].n;
		} else {
			mc_buf_putc(out, *s++);
		}
	}
}

/* Takes the buffer's bytes into the arena. */
static const char *
take(struct mc_arena *arena, struct mc_buf *buf)
{
	const char *text = NULL;

	if (buf->failed)
		arena->failed = true;
	else
		text = mc_arena_strndup(arena, buf->data, buf->len);
	mc_buf_free(buf);
	return text;
}

/* The file's name that the last part gives; *tail: from its last dot on. */
static const char *
file_name(struct mc_arena *arena, const char *last, size_t n,
	const struct values *v, const char **tail)
{
	struct mc_buf stem = {0};
	size_t end = n;
	const char *text;

	/* no place has a dot in its name */
	while (end > 0 && last[end - 1] != '.' && last[end - 1] != '}')
		end--;
	if (end == 0 || last[end - 1] == '}')
		end = n;
	else
		end--;
	*tail = mc_arena_strndup(arena, last + end, n - end);
	expand(&stem, last, end, v, put_plain);
	text = take(arena, &stem);
	return *tail == NULL || text == NULL ? NULL
					     : mc_file_name(arena, text, *tail);
}

const char *
mc_link_url(struct mc_arena *arena, const struct mc_link *link,
	const struct mailcfg_account *a)
{
	const char *pattern = link->pattern, *name = NULL, *tail, *last;
	struct mc_buf url = {0};
	struct values v;
	size_t n;

	last = last_of(pattern, &n);
	if (!fill(&v, arena, link, a))
		return NULL;
	expand(&url, pattern, (size_t)(last - pattern), &v, put_encoded);
	if (names_files(last, n)) {
		name = file_name(arena, last, n, &v, &tail);
		if (name == NULL) {
			mc_buf_free(&url);
			return NULL;
		}
		put_encoded(&url, name);
	} else {
		expand(&url, last, n, &v, put_encoded);
	}
	expand(&url, last + n, strlen(last + n), &v, put_encoded);
	return take(arena, &url);
}

const char *
mc_link_name(struct mc_arena *arena, const struct mc_link *link,
	const struct mailcfg_account *a, const char *suffix)
{
	const char *last, *tail, *name;
	struct values v;
	size_t n;

	last = last_of(link->pattern, &n);
	if (!names_files(last, n) || !fill(&v, arena, link, a))
		return NULL;
	name = file_name(arena, last, n, &v, &tail);
	return name == NULL || strcmp(tail, suffix) != 0 ? NULL : name;
}
