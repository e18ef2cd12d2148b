/* SPDX-License-Identifier: ISC */
#include "texts.h"

#include <string.h>

#include "text.h"

static const struct mc_language *
of_lang(const struct mc_texts *table, const char *lang, size_t n)
{
	for (size_t i = 0; i < table->n; i++)
		if (strlen(table->languages[i].lang) == n &&
			mc_strncasecmp(table->languages[i].lang, lang, n) == 0)
			return &table->languages[i];
	return NULL;
}

static void
add(struct mc_voice *v, const struct mc_texts *table, const char *lang,
	size_t n)
{
	const struct mc_language *language = of_lang(table, lang, n);

	for (size_t i = 0; i < v->n; i++)
		if (v->chain[i] == language)
			return;
	if (language != NULL && v->n < MC_CHAIN)
		v->chain[v->n++] = language;
}

/* Just that language, in all tables. */
static void
add_all(struct mc_voice *v, const char *lang, size_t n)
{
	for (size_t i = 0; i < v->n_tables; i++)
		add(v, &v->tables[i], lang, n);
	add(v, &mc_builtin_texts, lang, n);
}

void
mc_voice_choose(struct mc_voice *v, const struct mc_texts *tables, size_t n,
	const char *lang)
{
	size_t len = lang == NULL ? 0 : strlen(lang);

	v->n = 0;
	v->tables = tables;
	v->n_tables = n < MC_TABLES ? n : MC_TABLES;
	/* RFC 4647, lookup: from the end, a subtag at a time */
	while (len > 0) {
		add_all(v, lang, len);
		while (len > 0 && lang[len - 1] != '-')
			len--;
		len -= len > 0;
	}
	add_all(v, "en", 2);
}

const char *
mc_voice_lang(const struct mc_voice *v)
{
	return v->n == 0 ? "en" : v->chain[0]->lang;
}

/* strcmp() with a text that has no NUL. */
static int
compare(const char *key, const char *with, size_t n)
{
	int order = strncmp(key, with, n);

	return order != 0 ? order : key[n] != '\0';
}

static const char *
find(const struct mc_language *language, const char *key, size_t n)
{
	size_t from = 0, to = language->n;

	while (from < to) {
		size_t at = from + (to - from) / 2;
		int order = compare(language->texts[at].key, key, n);

		if (order == 0)
			return language->texts[at].text;
		if (order < 0)
			from = at + 1;
		else
			to = at;
	}
	return NULL;
}

const char *
mc_voice_text(const struct mc_voice *v, const char *key, size_t n)
{
	const char *text = NULL;

	for (size_t i = 0; i < v->n && text == NULL; i++)
		text = find(v->chain[i], key, n);
	return text;
}

static const struct mc_text *
find_file(const struct mc_texts *table, const char *word, size_t n)
{
	for (size_t i = 0; i < table->n_files; i++)
		if (strncmp(table->files[i].key, word, n) == 0 &&
			table->files[i].key[n] == '.')
			return &table->files[i];
	return NULL;
}

const struct mc_text *
mc_voice_file(const struct mc_voice *v, const char *word, size_t n)
{
	const struct mc_text *file = NULL;

	for (size_t i = 0; i < v->n_tables && file == NULL; i++)
		file = find_file(&v->tables[i], word, n);
	return file != NULL ? file : find_file(&mc_builtin_texts, word, n);
}

const char *
mc_texts_missing(const struct mc_language *has, const struct mc_language *than)
{
	for (size_t i = 0; i < than->n; i++)
		if (find(has, than->texts[i].key, strlen(than->texts[i].key)) ==
			NULL)
			return than->texts[i].key;
	return NULL;
}
