/* SPDX-License-Identifier: ISC */
/*
 * mktexts DIR OUT.c: writes the texts in DIR as constant tables in C, so that
 * none is read at run time.
 */
#include "embed.h"
#include "texts.h"

static void
put_texts(FILE *out, const struct mc_text *texts, size_t n, const char *table)
{
	for (size_t i = 0; i < n; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "%s_%zu", table, i);
		embed_text(out, name, texts[i].text);
	}
	(void)fprintf(out, "static const struct mc_text %s[] = {\n", table);
	for (size_t i = 0; i < n; i++)
		(void)fprintf(
			out, "\t{\"%s\", %s_%zu},\n", texts[i].key, table, i);
	(void)fputs("};\n", out);
}

static bool
put_table(FILE *out, const void *from)
{
	const struct mc_texts *t = from;
	char table[32];

	(void)fputs("/* Made by mktexts from templates/guide. */\n"
		    "#include \"texts.h\"\n\n",
		out);
	for (size_t i = 0; i < t->n; i++) {
		(void)snprintf(table, sizeof(table), "language_%zu", i);
		put_texts(out, t->languages[i].texts, t->languages[i].n, table);
	}
	put_texts(out, t->files, t->n_files, "files");
	(void)fputs("static const struct mc_language languages[] = {\n", out);
	for (size_t i = 0; i < t->n; i++)
		(void)fprintf(out, "\t{\"%s\", language_%zu, %zu},\n",
			t->languages[i].lang, i, t->languages[i].n);
	(void)fprintf(out,
		"};\nconst struct mc_texts mc_builtin_texts = {\n"
		"\tlanguages, %zu, files, %zu};\n",
		t->n, t->n_files);
	return true;
}

/* Every language has every key. */
static bool
check(const char *dir, const struct mc_texts *t)
{
	bool ok = t->n > 0 && t->n_files > 0;

	if (!ok)
		(void)fprintf(stderr, "mktexts: no texts in %s\n", dir);
	for (size_t i = 0; i < t->n * t->n; i++) {
		const struct mc_language *l = &t->languages[i / t->n];
		const struct mc_language *other = &t->languages[i % t->n];
		const char *key = mc_texts_missing(l, other);

		if (key == NULL)
			continue;
		(void)fprintf(stderr,
			"%s/%s: error: %s is missing, and %s has it\n", dir,
			l->lang, key, other->lang);
		ok = false;
	}
	return ok;
}

static bool
read_texts(struct mc_arena *arena, const char *dir, void *table,
	struct mc_report *report)
{
	return mc_texts_read_dir(arena, dir, table, NULL, report) &&
		check(dir, table);
}

int
main(int argc, char **argv)
{
	static const struct embed texts = {"mktexts", read_texts, put_table};
	struct mc_texts table = {.languages = NULL};

	return embed_main(argc, argv, &texts, &table);
}
