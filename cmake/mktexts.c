/* SPDX-License-Identifier: ISC */
/*
 * mktexts DIR OUT.c: writes the texts in DIR as constant tables in C, so that
 * none is read at run time.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mail/letter.h"
#include "provider.h"
#include "texts.h"

static void
complain(void *context, const struct mailcfg_diag *diag)
{
	(void)context;
	(void)fprintf(stderr, "%s:%u:%u: error: %s: %s [%s]\n", diag->pos.file,
		diag->pos.line, diag->pos.column, diag->text, diag->detail,
		diag->slug);
}

/* An array: a literal of that length is more than C promises. */
static void
put_text(FILE *out, const char *text, const char *table, size_t i)
{
	size_t column = 0;

	(void)fprintf(out, "static const char %s_%zu[] = {", table, i);
	for (;; text++) {
		(void)fprintf(
			out, "%s%d,", column++ % 16 == 0 ? "\n\t" : "", *text);
		if (*text == '\0')
			break;
	}
	(void)fputs("\n};\n", out);
}

static void
put_texts(FILE *out, const struct mc_text *texts, size_t n, const char *table)
{
	for (size_t i = 0; i < n; i++)
		put_text(out, texts[i].text, table, i);
	(void)fprintf(out, "static const struct mc_text %s[] = {\n", table);
	for (size_t i = 0; i < n; i++)
		(void)fprintf(
			out, "\t{\"%s\", %s_%zu},\n", texts[i].key, table, i);
	(void)fputs("};\n", out);
}

static void
put_table(FILE *out, const struct mc_texts *t)
{
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

int
main(int argc, char **argv)
{
	struct mc_report report = {.fn = complain};
	struct mc_arena arena = {0};
	struct mc_texts table;
	bool ok = false;
	FILE *out;

	if (argc != 3) {
		(void)fputs("usage: mktexts DIR OUT.c\n", stderr);
		return 64;
	}
	if (mc_texts_read_dir(&arena, argv[1], &table, NULL, &report) &&
		check(argv[1], &table)) {
		out = fopen(argv[2], "w");
		ok = out != NULL;
		if (ok) {
			put_table(out, &table);
			ok = ferror(out) == 0;
			ok = fclose(out) == 0 && ok;
		}
		if (!ok) {
			perror(argv[2]);
			(void)remove(argv[2]);
		}
	}
	mc_arena_free(&arena);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
