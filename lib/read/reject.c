/* SPDX-License-Identifier: ISC */
#include "reject.h"

#include <string.h>

#include "../text.h"

static const char column[] = "mailcfg_reason";

/* What the cells of a table are parted by, as the header tells. */
static char
delimiter_of(const char *head, size_t n)
{
	static const char marks[] = ",;\t";
	size_t count[3] = {0}, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < n; i++) {
		const char *mark = head[i] == '\0' ? NULL
						   : strchr(marks, head[i]);

		if (head[i] == '"')
			quoted = !quoted;
		if (mark != NULL && !quoted)
			count[mark - marks]++;
	}
	for (size_t i = 1; i < 3; i++)
		if (count[i] > count[best])
			best = i;
	return marks[best];
}

/* Where the last cell begins, which no quotes hide; 0: there is only one. */
static size_t
last_cell(const char *raw, size_t n, char delimiter)
{
	bool quoted = false;
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		if (raw[i] == '"')
			quoted = !quoted;
		if (raw[i] == delimiter && !quoted)
			at = i + 1;
	}
	return at;
}

/* Whether the header has a column for reasons at its end already. */
static bool
has_column(const char *head, size_t n, char delimiter)
{
	size_t at = last_cell(head, n, delimiter);

	return at > 0 && n - at == sizeof(column) - 1 &&
		mc_strncasecmp(head + at, column, n - at) == 0;
}

static void
table_begin(struct mc_buf *out, const char *head, size_t n)
{
	char delimiter = delimiter_of(head, n);

	mc_buf_add(out, head, n);
	if (!has_column(head, n, delimiter)) {
		mc_buf_putc(out, delimiter);
		mc_buf_puts(out, column);
	}
	mc_buf_putc(out, '\n');
}

static void
add_cell(struct mc_buf *out, const char *text)
{
	mc_buf_putc(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			mc_buf_putc(out, '"');
		mc_buf_putc(out, *text);
	}
	mc_buf_putc(out, '"');
}

static void
table(struct mc_buf *out, const char *head, size_t n_head, const char *raw,
	size_t n, const char *reason)
{
	char delimiter = delimiter_of(head, n_head);

	/* its reason of the last time gives way */
	if (has_column(head, n_head, delimiter)) {
		size_t at = last_cell(raw, n, delimiter);

		n = at > 0 ? at - 1 : n;
	}
	mc_buf_add(out, raw, n);
	mc_buf_putc(out, delimiter);
	add_cell(out, reason);
	mc_buf_putc(out, '\n');
}

/* Reasons hold no control characters. */
static void
add_string(struct mc_buf *out, const char *text)
{
	mc_buf_putc(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			mc_buf_putc(out, '\\');
		mc_buf_putc(out, *text);
	}
	mc_buf_putc(out, '"');
}

/* The offset of the reason that we wrote the last time, or n. */
static size_t
old_reason(const char *raw, size_t n)
{
	static const char key[] = "\"mailcfg_reason\":";
	const size_t size = sizeof(key) - 1;

	for (size_t i = n; i-- > 0;) {
		if (n - i < size || memcmp(raw + i, key, size) != 0)
			continue;
		while (i > 0 && (raw[i - 1] == ' ' || raw[i - 1] == ','))
			i--;
		return i;
	}
	return n;
}

/* The object with the reason as its last member. */
static void
add_object(struct mc_buf *out, const char *raw, size_t n, const char *reason)
{
	size_t end = n, start = 0;

	while (end > 0 && strchr(" \t\r\n", raw[end - 1]) != NULL)
		end--;
	while (start < end && strchr(" \t\r\n", raw[start]) != NULL)
		start++;
	/* what is no object stays as it came: its fault is plain to see */
	if (end - start < 2 || raw[start] != '{' || raw[end - 1] != '}') {
		mc_buf_add(out, raw, n);
		return;
	}
	end = start + old_reason(raw + start, end - 1 - start);
	while (end > start + 1 && strchr(" \t\r\n", raw[end - 1]) != NULL)
		end--;
	mc_buf_add(out, raw + start, end - start);
	mc_buf_puts(out, end == start + 1 ? "\"" : ", \"");
	mc_buf_puts(out, column);
	mc_buf_puts(out, "\": ");
	add_string(out, reason);
	mc_buf_putc(out, '}');
}

static void
json_begin(struct mc_buf *out, const char *head, size_t n)
{
	if (n > 0) {
		mc_buf_puts(out, "{\"defaults\": ");
		mc_buf_add(out, head, n);
		mc_buf_puts(out, ",\n\"accounts\": ");
	}
	mc_buf_puts(out, "[\n");
}

static void
json(struct mc_buf *out, const char *raw, size_t n, const char *reason,
	unsigned long count)
{
	if (count > 0)
		mc_buf_puts(out, ",\n");
	add_object(out, raw, n, reason);
}

static void
json_end(struct mc_buf *out, bool had_head)
{
	mc_buf_puts(out, had_head ? "\n]}\n" : "\n]\n");
}

static void
ndjson(struct mc_buf *out, const char *raw, size_t n, const char *reason)
{
	add_object(out, raw, n, reason);
	mc_buf_putc(out, '\n');
}

/* Only the values: their key is not part of what came. */
static void
yaml_begin(struct mc_buf *out, const char *head, size_t n)
{
	if (n == 0)
		return;
	/* lines of their own, or what stood behind the key */
	mc_buf_puts(out, head[0] == ' ' ? "defaults:\n" : "defaults: ");
	mc_buf_add(out, head, n);
	mc_buf_puts(out, "\naccounts:\n");
}

static void
commented(struct mc_buf *out, const char *raw, size_t n, const char *reason,
	bool apart)
{
	mc_buf_puts(out, "# ");
	mc_buf_puts(out, reason);
	mc_buf_putc(out, '\n');
	/* the item of a flow list has no dash */
	if (!apart && raw[strspn(raw, " ")] != '-')
		mc_buf_puts(out, "- ");
	mc_buf_add(out, raw, n);
	mc_buf_puts(out, apart ? "\n\n" : "\n");
}

void
mc_reject_begin(struct mc_buf *out, const struct mc_syntax *syntax,
	const char *head, size_t n)
{
	switch (syntax->rejects) {
	case MC_REJECTS_TABLE: table_begin(out, head, n); break;
	case MC_REJECTS_JSON: json_begin(out, head, n); break;
	case MC_REJECTS_YAML: yaml_begin(out, head, n); break;
	case MC_REJECTS_NDJSON:
	case MC_REJECTS_LDIF: break;
	}
}

void
mc_reject_record(struct mc_buf *out, const struct mc_syntax *syntax,
	const struct mc_reject *r)
{
	switch (syntax->rejects) {
	case MC_REJECTS_TABLE:
		table(out, r->head, r->n_head, r->raw, r->n_raw, r->reason);
		break;
	case MC_REJECTS_JSON:
		json(out, r->raw, r->n_raw, r->reason, r->count);
		break;
	case MC_REJECTS_NDJSON: ndjson(out, r->raw, r->n_raw, r->reason); break;
	case MC_REJECTS_YAML:
		commented(out, r->raw, r->n_raw, r->reason, false);
		break;
	case MC_REJECTS_LDIF:
		commented(out, r->raw, r->n_raw, r->reason, true);
		break;
	}
}

void
mc_reject_end(struct mc_buf *out, const struct mc_syntax *syntax, bool had_head)
{
	if (syntax->rejects == MC_REJECTS_JSON)
		json_end(out, had_head);
}
