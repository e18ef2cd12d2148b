/* SPDX-License-Identifier: ISC */
/*
 * mkletters DIR OUT.c: writes the templates of messages in DIR as constants in
 * C, so that no file is read at run time.
 */
#include "embed.h"
#include "mail/letter.h"

static bool
put_table(FILE *out, const void *table)
{
	const struct mc_letter_table *t = table;
	char name[64];

	(void)fputs("/* Made by mkletters from templates/mail. */\n"
		    "#include \"mail/letter.h\"\n\n",
		out);
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < MC_LETTER_PARTS; k++) {
			(void)snprintf(
				name, sizeof(name), "text_%zu_%zu", i, k);
			embed_text(out, name, t->texts[i].part[k]);
		}
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
	return true;
}

static bool
read_letters(struct mc_arena *arena, const char *dir, void *table,
	struct mc_report *report)
{
	struct mc_letter_table *t = table;
	bool ok = mc_letter_read_dir(arena, dir, t, NULL, report);

	if (t->n > 0)
		return ok;
	(void)fprintf(stderr, "mkletters: no languages in %s\n", dir);
	return false;
}

int
main(int argc, char **argv)
{
	static const struct embed letters = {
		"mkletters", read_letters, put_table};
	struct mc_letter_table table = {NULL, 0};

	return embed_main(argc, argv, &letters, &table);
}
