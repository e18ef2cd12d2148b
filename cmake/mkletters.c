/* SPDX-License-Identifier: ISC */
/*
 * mkletters DIR OUT.c: writes the templates of messages in DIR as constants in
 * C, so that no file is read at run time.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

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
put_text(FILE *out, const char *text, size_t lang, size_t part)
{
	size_t column = 0;

	(void)fprintf(out, "static const char text_%zu_%zu[] = {", lang, part);
	for (;; text++) {
		(void)fprintf(
			out, "%s%d,", column++ % 16 == 0 ? "\n\t" : "", *text);
		if (*text == '\0')
			break;
	}
	(void)fputs("\n};\n", out);
}

static void
put_table(FILE *out, const struct mc_letter_table *t)
{
	(void)fputs("/* Made by mkletters from templates/mail. */\n"
		    "#include \"mail/letter.h\"\n\n",
		out);
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < MC_LETTER_PARTS; k++)
			put_text(out, t->texts[i].part[k], i, k);
	(void)fputs("static const struct mc_letter_texts texts[] = {\n", out);
	for (size_t i = 0; i < t->n; i++) {
		(void)fprintf(out, "\t{\"%s\", {", t->texts[i].lang);
		for (size_t k = 0; k < MC_LETTER_PARTS; k++)
			(void)fprintf(out, "text_%zu_%zu, ", i, k);
		(void)fputs("}},\n", out);
	}
	(void)fprintf(out,
		"};\nconst struct mc_letter_table mc_builtin_letters = {\n"
		"\ttexts, %zu};\n",
		t->n);
}

/* Reads and checks the folder; everything that is wrong is said. */
static bool
read_letters(
	struct mc_arena *arena, const char *dir, struct mc_letter_table *table)
{
	struct mc_report report = {.fn = complain};
	bool ok = mc_letter_read_dir(arena, dir, table, NULL, &report);

	if (arena->failed) {
		(void)fputs("mkletters: out of memory\n", stderr);
		return false;
	}
	if (table->n == 0) {
		(void)fprintf(stderr, "mkletters: no languages in %s\n", dir);
		ok = false;
	}
	return ok;
}

int
main(int argc, char **argv)
{
	struct mc_arena arena = {0};
	struct mc_letter_table table;
	bool ok = false;
	FILE *out;

	if (argc != 3) {
		(void)fputs("usage: mkletters DIR OUT.c\n", stderr);
		return 64;
	}
	if (read_letters(&arena, argv[1], &table)) {
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
