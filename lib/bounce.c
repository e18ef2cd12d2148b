/* SPDX-License-Identifier: ISC */
#include "bounce.h"

#include <string.h>

#include "part.h"
#include "text.h"

enum {
	DEPTH = 8,        /* of parts in parts */
	PARTS = 64,       /* in all */
	HEAD = 32 * 1024, /* bytes that are searched for fields */
	TEXT = 64 * 1024,
	PART = 1024 * 1024 /* bytes of a part that are decoded */
};

/* A message that is being read. */
struct reading {
	struct mc_arena *arena;
	struct mc_bounce *out;
	struct mc_buf text;
	struct mc_buf html; /* without tags, for who sends nothing else */
	unsigned parts;
	unsigned depth;
};

/* Fields that messages have and logs have not. */
static bool
is_known_field(const char *s, size_t n)
{
	static const char *const names[] = {"From", "To", "Subject", "Date",
		"Received", "Return-Path", "Message-ID", "MIME-Version",
		"Content-Type", "X-Failed-Recipients", "Delivered-To",
		"Auto-Submitted"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i]);

		if (n > len && s[len] == ':' &&
			mc_strncasecmp(s, names[i], len) == 0)
			return true;
	}
	return false;
}

/* The bytes before the message itself: blank lines, an mbox's "From " line. */
static size_t
skip_preamble(const char *s, size_t n)
{
	size_t at = 0;
	const char *end;

	while (at < n && (s[at] == '\n' || s[at] == '\r'))
		at++;
	if (n - at < 5 || memcmp(s + at, "From ", 5) != 0)
		return at;
	end = memchr(s + at, '\n', n - at);
	return end == NULL ? n : (size_t)(end - s) + 1;
}

bool
mc_bounce_is_message(const char *s, size_t n)
{
	size_t at = skip_preamble(s, n), len, known = 0;

	if (n > HEAD)
		n = HEAD;
	for (; at < n && known < 2; at += len) {
		const char *end = memchr(s + at, '\n', n - at);

		len = end == NULL ? n - at : (size_t)(end - (s + at)) + 1;
		if (s[at] == '\n' || s[at] == '\r')
			break;
		if (is_known_field(s + at, len))
			known++;
		/* each line is a field, or goes on with one */
		else if (s[at] != ' ' && s[at] != '\t' &&
			(memchr(s + at, ':', len) == NULL ||
				strchr(":.,;<>[", s[at]) != NULL))
			break;
	}
	return known == 2;
}

/* "rfc822; alice@example.org": what stands behind the type. */
static const char *
behind_type(const char *value)
{
	const char *semicolon = value == NULL ? NULL : strchr(value, ';');

	if (semicolon == NULL)
		return value;
	return semicolon + 1 + strspn(semicolon + 1, " ");
}

static bool
is_failure(const char *action)
{
	return action == NULL || mc_strncasecmp(action, "fail", 4) == 0 ||
		mc_strncasecmp(action, "delay", 5) == 0;
}

/* The fields of one recipient. */
static void
take_group(struct reading *r, const struct mc_part *group)
{
	struct mc_bounce *out = r->out;
	struct mc_bounce_item item = {.recipient = NULL};
	const char *name = mc_part_field(
		r->arena, group, "Final-Recipient", NULL);

	if (name == NULL)
		name = mc_part_field(
			r->arena, group, "Original-Recipient", NULL);
	item.recipient = behind_type(name);
	item.status = mc_part_field(r->arena, group, "Status", NULL);
	item.said = mc_part_field(r->arena, group, "Diagnostic-Code", NULL);
	item.source = behind_type(
		mc_part_field(r->arena, group, "Remote-MTA", NULL));
	if (item.recipient == NULL ||
		(item.status == NULL && item.said == NULL) ||
		!is_failure(mc_part_field(r->arena, group, "Action", NULL)))
		return;
	if (out->n < MC_BOUNCE_ITEMS)
		out->item[out->n++] = item;
}

/* A part, but not more of it than is of use. */
static void
decode(struct reading *r, struct mc_part part, struct mc_buf *out)
{
	if (part.n_body > PART)
		part.n_body = PART;
	mc_part_decode(r->arena, &part, out);
}

/* Groups of fields, an empty line between them. */
static void
take_report(struct reading *r, const struct mc_part *part)
{
	struct mc_buf body = {0};
	const char *s;
	size_t n;

	decode(r, *part, &body);
	if (body.failed)
		r->arena->failed = true;
	s = mc_arena_strndup(
		r->arena, body.data == NULL ? "" : body.data, body.len);
	n = s == NULL ? 0 : body.len;
	mc_buf_free(&body);
	while (n > 0) {
		struct mc_part group;

		mc_part_split(s, n, &group);
		take_group(r, &group);
		s = group.body;
		n = group.n_body;
	}
}

/* Text between tags; what entities mean is of no weight here. */
static void
strip_tags(const char *s, size_t n, struct mc_buf *out)
{
	bool tag = false;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '<')
			tag = true;
		else if (!tag)
			mc_buf_putc(out, s[i]);
		else if (s[i] == '>')
			tag = false;
		if (s[i] == '<')
			mc_buf_putc(out, ' ');
	}
}

static void
take_text(struct reading *r, const struct mc_part *part, bool html)
{
	struct mc_buf body = {0};

	if (r->text.len > TEXT || r->html.len > TEXT)
		return;
	decode(r, *part, &body);
	if (body.failed) {
		r->arena->failed = true;
	} else if (html) {
		strip_tags(
			body.data == NULL ? "" : body.data, body.len, &r->html);
	} else {
		mc_buf_add(&r->text, body.data, body.len);
		mc_buf_putc(&r->text, '\n');
	}
	mc_buf_free(&body);
}

static void take_part(struct reading *, const struct mc_part *);

/* A message inside: only a report, somebody passed on; not what came back. */
static void
take_message(struct reading *r, const struct mc_part *part)
{
	struct mc_part inner;
	const char *type;

	mc_part_split(part->body, part->n_body, &inner);
	type = mc_part_type(r->arena, &inner);
	if (strcmp(type, "multipart/report") == 0)
		take_part(r, &inner);
}

static void
take_parts(struct reading *r, const struct mc_part *part)
{
	const char *boundary = mc_part_parameter(r->arena, part, "boundary");
	struct mc_part inner;
	size_t at = 0;

	if (boundary == NULL || r->depth == DEPTH)
		return;
	r->depth++;
	while (r->parts < PARTS && mc_part_next(part, boundary, &at, &inner)) {
		r->parts++;
		take_part(r, &inner);
	}
	r->depth--;
}

static void
take_part(struct reading *r, const struct mc_part *part)
{
	const char *type = mc_part_type(r->arena, part);

	if (strncmp(type, "multipart/", 10) == 0)
		take_parts(r, part);
	else if (strcmp(type, "message/delivery-status") == 0 ||
		strcmp(type, "message/global-delivery-status") == 0)
		take_report(r, part);
	else if (strcmp(type, "message/rfc822") == 0 ||
		strcmp(type, "message/global") == 0)
		take_message(r, part);
	else if (strcmp(type, "text/plain") == 0)
		take_text(r, part, false);
	else if (strcmp(type, "text/html") == 0)
		take_text(r, part, true);
}

/* Where the message that came back begins; n: it does not. */
static size_t
find_copy(const char *s, size_t n)
{
	static const char *const marks[] = {"------ This is a copy",
		"--- Below this line is a copy", "----- Original message",
		"-----Original message", "----- Unsent message below",
		"--- The header of the original",
		"Original message headers:", "Original message follows",
		"--- Original message", "-------- Original Message",
		"------ This is the original",
		"Message header follows:", "----- Message header",
		"------- Returned Message"};

	for (size_t at = 0; at < n;) {
		const char *end = memchr(s + at, '\n', n - at);

		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
			size_t len = strlen(marks[i]);

			if (n - at >= len &&
				mc_strncasecmp(s + at, marks[i], len) == 0)
				return at;
		}
		at = end == NULL ? n : (size_t)(end - s) + 1;
	}
	return n;
}

/* What another server said stands behind these words, not the mailer's own. */
static size_t
find_words(const char *s, size_t n)
{
	static const char *const marks[] = {
		"SMTP error from remote", "Remote host said:"};

	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(marks[i]);

		for (size_t at = 0; at + len <= n; at++)
			if (memcmp(s + at, marks[i], len) == 0)
				return at;
	}
	return 0;
}

static void
finish_text(struct reading *r)
{
	struct mc_buf *text = r->text.len > 1 ? &r->text : &r->html;
	size_t n = find_copy(text->data == NULL ? "" : text->data, text->len);
	size_t from = n == 0 ? 0 : find_words(text->data, n);

	if (n - from > TEXT)
		n = from + TEXT;
	r->out->text = n == 0
		? ""
		: mc_arena_strndup(r->arena, text->data + from, n - from);
	r->out->n_text = n - from;
	if (r->text.failed || r->html.failed)
		r->arena->failed = true;
}

bool
mc_bounce_read(
	struct mc_arena *arena, const char *s, size_t n, struct mc_bounce *out)
{
	struct reading r = {.arena = arena, .out = out};
	size_t skip = skip_preamble(s, n);
	struct mc_part whole;

	*out = (struct mc_bounce){.n = 0};
	mc_part_split(s + skip, n - skip, &whole);
	/* a message without end of head is all head */
	if (whole.n_head > HEAD)
		whole.n_head = HEAD;
	out->recipient = mc_part_field(
		arena, &whole, "X-Failed-Recipients", NULL);
	take_part(&r, &whole);
	finish_text(&r);
	mc_buf_free(&r.text);
	mc_buf_free(&r.html);
	return !arena->failed;
}
