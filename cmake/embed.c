/* SPDX-License-Identifier: ISC */
#include "embed.h"

#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "mail/letter.h"
#include "provider.h"
#include "texts.h"

/* The library's objects want these tables, which are in the making. */
const struct mc_preset_table mc_builtin_presets = {.presets = NULL};
const struct mc_letter_table mc_builtin_letters = {NULL, 0};
const struct mc_packed mc_builtin_errors = {0, NULL};
const struct mc_texts mc_builtin_texts = {.languages = NULL};

static void
complain(void *context, const struct mailcfg_diag *diag)
{
	(void)context;
	(void)fprintf(stderr, "%s:%u:%u: error: %s: %s [%s]\n", diag->pos.file,
		diag->pos.line, diag->pos.column, diag->text, diag->detail,
		diag->slug);
}

/* A file that is not whole is not left. */
static bool
put_file(const char *path, const struct embed *e, const void *table)
{
	FILE *out = fopen(path, "w");
	bool ok = out != NULL;

	if (ok) {
		ok = e->write(out, table) && ferror(out) == 0;
		ok = fclose(out) == 0 && ok;
	}
	if (!ok) {
		perror(path);
		(void)remove(path);
	}
	return ok;
}

int
embed_main(int argc, char **argv, const struct embed *e, void *table)
{
	struct mc_report report = {.fn = complain};
	struct mc_arena arena = {0};
	bool ok;

	if (argc != 3) {
		(void)fprintf(stderr, "usage: %s DIR OUT.c\n", e->name);
		return 64;
	}
	ok = e->read(&arena, argv[1], table, &report);
	if (arena.failed) {
		(void)fprintf(stderr, "%s: out of memory\n", e->name);
		ok = false;
	}
	ok = ok && put_file(argv[2], e, table);
	mc_arena_free(&arena);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

void
embed_text(FILE *out, const char *name, const char *text)
{
	size_t n = strlen(text) + 1;

	(void)fprintf(out, "static const char %s[] = {", name);
	for (size_t i = 0; i < n; i++)
		(void)fprintf(out, "%s%d,", i % 16 == 0 ? "\n\t" : "", text[i]);
	(void)fputs("\n};\n", out);
}
