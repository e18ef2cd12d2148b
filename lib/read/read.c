/* SPDX-License-Identifier: ISC */
/* The table of syntaxes. */
#include "read.h"

#include <string.h>

#include "../text.h"
#include "csv.h"
#include "json.h"
#include "ldif.h"
#include "yaml.h"

enum which { CSV = 0, TSV, JSON, NDJSON, YAML, LDIF, SYNTAXES };

static const struct mc_syntax syntaxes[SYNTAXES] = {
	[CSV] = {"csv", "a table with a header: comma, semicolon or tab",
		{".csv"}, true, MC_REJECTS_TABLE, mc_csv_open, mc_csv_next,
		mc_csv_close, mc_csv_cut, mc_csv_fork, mc_csv_feed,
		mc_csv_places},
	[TSV] = {"tsv", "a table with a header: tabs", {".tsv", ".tab"}, true,
		MC_REJECTS_TABLE, mc_tsv_open, mc_csv_next, mc_csv_close,
		mc_csv_cut, mc_csv_fork, mc_csv_feed, mc_csv_places},
	[JSON] = {"json", "a list of objects, or defaults and accounts",
		{".json"}, false, MC_REJECTS_JSON, mc_json_open, mc_json_next,
		mc_json_close, NULL, NULL, NULL, NULL},
	[NDJSON] = {"ndjson", "an object a line", {".ndjson", ".jsonl"}, false,
		MC_REJECTS_NDJSON, mc_ndjson_open, mc_ndjson_next,
		mc_json_close, mc_ndjson_cut, mc_ndjson_fork, mc_ndjson_feed,
		NULL},
	[YAML] = {"yaml", "a list of maps, or defaults and accounts",
		{".yaml", ".yml"}, false, MC_REJECTS_YAML, mc_yaml_open,
		mc_yaml_next, mc_yaml_close, NULL, NULL, NULL, NULL},
	[LDIF] = {"ldif", "entries of a directory, as ldapsearch prints them",
		{".ldif"}, true, MC_REJECTS_LDIF, mc_ldif_open, mc_ldif_next,
		mc_ldif_close, NULL, NULL, NULL, NULL},
};

size_t
mc_syntax_count(void)
{
	return SYNTAXES;
}

const struct mc_syntax *
mc_syntax_at(size_t i)
{
	return i < SYNTAXES ? &syntaxes[i] : NULL;
}

const struct mc_syntax *
mc_syntax_by_name(const char *name)
{
	for (size_t i = 0; i < SYNTAXES; i++)
		if (strcmp(syntaxes[i].name, name) == 0)
			return &syntaxes[i];
	return NULL;
}

const struct mc_syntax *
mc_syntax_by_suffix(const char *path)
{
	size_t n = strlen(path);

	for (size_t i = 0; i < SYNTAXES; i++) {
		const char *const *s = syntaxes[i].suffixes;

		for (; *s != NULL; s++) {
			size_t len = strlen(*s);

			if (n > len && mc_strcasecmp(path + n - len, *s) == 0)
				return &syntaxes[i];
		}
	}
	return NULL;
}

/*
 * An object that ends with its line: NDJSON, unless it is the map of defaults
 * and accounts.
 */
static bool
is_object_line(const char *s, size_t n)
{
	unsigned depth = 0;
	bool quoted = false;
	size_t i = 1;

	while (i < n && (s[i] == ' ' || s[i] == '\t'))
		i++;
	if (n - i > 10 &&
		(memcmp(s + i, "\"defaults\"", 10) == 0 ||
			memcmp(s + i, "\"accounts\"", 10) == 0))
		return false;
	for (i = 0; i < n && s[i] != '\n'; i++) {
		if (quoted && s[i] == '\\') {
			i++;
		} else if (quoted) {
			quoted = s[i] != '"';
		} else if (s[i] == '"') {
			quoted = true;
		} else if (s[i] == '{' || s[i] == '[') {
			depth++;
		} else if (s[i] == '}' || s[i] == ']') {
			depth--;
		}
	}
	return depth == 0 && !quoted;
}

/* The name of an entry, or what may stand before the first. */
static bool
is_ldif_line(const char *s, size_t n)
{
	return (n >= 3 && mc_strncasecmp(s, "dn:", 3) == 0) ||
		(n >= 9 && mc_strncasecmp(s, "version:", 8) == 0 &&
			s[n - 1] == '1');
}

/* "- x", "word: x", "---", or a directive. */
static bool
is_yaml_line(const char *s, size_t n)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t word = 0;

	if (s[0] == '%')
		return true;
	if (s[0] == '-' && (n == 1 || s[1] == ' ' || s[1] == '-'))
		return true;
	while (word < n && s[word] != '\0' &&
		strchr(letters, mc_lower(s[word])) != NULL)
		word++;
	if (word == 0 || word == n || s[word] != ':')
		return false;
	return word + 1 == n || s[word + 1] == ' ';
}

/* A line of words: the header of the only column. */
static bool
is_word_line(const char *s, size_t n)
{
	size_t letters = 0;

	for (size_t i = 0; i < n; i++) {
		if (mc_lower(s[i]) >= 'a' && mc_lower(s[i]) <= 'z')
			letters++;
		else if (s[i] == '\0' || strchr(" -_.\"", s[i]) == NULL)
			return false;
	}
	return letters > 0;
}

static size_t
line_length(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] != '\n' && s[i] != '\r')
		i++;
	return i;
}

const struct mc_syntax *
mc_syntax_sniff(const char *s, size_t n)
{
	/* the reader says what is wrong with it */
	if (n >= 2 &&
		(memcmp(s, "\xff\xfe", 2) == 0 ||
			memcmp(s, "\xfe\xff", 2) == 0))
		return &syntaxes[CSV];
	if (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) {
		s += 3;
		n -= 3;
	}
	while (n > 0) {
		size_t len = line_length(s, n), blanks = 0;

		while (blanks < len && s[blanks] == ' ')
			blanks++;
		if (blanks == len || s[0] == '#') {
			s += len + (len < n);
			n -= len + (len < n);
			continue;
		}
		if (s[blanks] == '[')
			return &syntaxes[JSON];
		if (s[blanks] == '{')
			return &syntaxes[is_object_line(s + blanks, n - blanks)
					? NDJSON
					: JSON];
		if (is_ldif_line(s, len))
			return &syntaxes[LDIF];
		if (is_yaml_line(s, len))
			return &syntaxes[YAML];
		if (memchr(s, ',', len) != NULL ||
			memchr(s, ';', len) != NULL ||
			memchr(s, '\t', len) != NULL)
			return &syntaxes[CSV];
		return is_word_line(s, len) ? &syntaxes[CSV] : NULL;
	}
	return NULL;
}
