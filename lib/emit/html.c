/* SPDX-License-Identifier: ISC */
#include "html.h"

#include <string.h>

void
mc_html_text(struct mc_buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		switch (c) {
		case '&': mc_buf_puts(out, "&amp;"); break;
		case '<': mc_buf_puts(out, "&lt;"); break;
		case '>': mc_buf_puts(out, "&gt;"); break;
		case '"': mc_buf_puts(out, "&quot;"); break;
		case '\'': mc_buf_puts(out, "&#39;"); break;
		default:
			mc_buf_putc(out,
				(char)(c < ' ' || c == 0x7f ? ' ' : *text));
			break;
		}
	}
}

void
mc_html_reference(struct mc_buf *out, const char *name)
{
	/* without it a colon would end a scheme */
	mc_buf_puts(out, "./");
	mc_buf_percent(out, name, "-._~@+");
}

enum { DEPTH = 4 };

static const char *const elements[] = {"b", "i", "code", "samp"};
enum { ELEMENTS = sizeof(elements) / sizeof(elements[0]) };

/* "&name;" or "&#number;" */
static bool
is_entity(const char *s)
{
	size_t n;

	s++;
	s += *s == '#';
	n = strspn(s,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789");
	return n > 0 && s[n] == ';';
}

/* Which element the tag is of, and where it ends; -1: of none that is known. */
static int
element_of(const char *s, const char **end)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz");

	*end = s + n + 1;
	for (size_t i = 0; i < ELEMENTS && s[n] == '>'; i++)
		if (strlen(elements[i]) == n && memcmp(elements[i], s, n) == 0)
			return (int)i;
	return -1;
}

const char *
mc_html_fault(const char *text, size_t *at)
{
	int open[DEPTH], element;
	size_t depth = 0;
	const char *s = text;

	for (; *(s += strcspn(s, "<>&\"")) != '\0'; s++) {
		*at = (size_t)(s - text);
		if (*s == '"')
			return "a quotation mark: take typographic ones";
		if (*s == '>')
			return "> is written &gt;";
		if (*s == '&' && !is_entity(s))
			return "& is written &amp;";
		if (*s == '&' || strncmp(s, "<br>", 4) == 0) {
			s += *s == '<' ? 3 : 0;
			continue;
		}
		element = element_of(s + 1 + (s[1] == '/'), &s);
		if (element < 0)
			return "no tag that may stand here: < is written &lt;";
		if (text[*at + 1] != '/') {
			if (depth == DEPTH)
				return "too many elements in each other";
			open[depth++] = element;
		} else if (depth == 0 || open[--depth] != element) {
			return "it closes what is not open";
		}
		s--;
	}
	*at = (size_t)(s - text);
	return depth == 0 ? NULL : "an element is not closed";
}
