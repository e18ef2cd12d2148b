/* SPDX-License-Identifier: ISC */
/*
 * mkerrors DIR OUT.c: writes the rules in DIR as constant bytes in C, so that
 * no YAML is read at run time, and nothing has to be relocated.
 */
#include "embed.h"
#include "explain.h"

/* What holds for built-in rules only. */
static bool
check(const struct mc_rules *rules, const char *dir)
{
	bool ok = rules->n > 0;

	if (!ok)
		(void)fprintf(stderr, "mkerrors: no rules in %s\n", dir);
	for (size_t i = 0; i < MC_WORD_COUNT; i++) {
		if (rules->word[i][MC_EN] != NULL)
			continue;
		(void)fprintf(stderr, "mkerrors: the word %s is missing\n",
			mc_word_names[i]);
		ok = false;
	}
	return ok;
}

static void
put_bytes(FILE *out, const struct mc_buf *buf)
{
	(void)fputs("/* Made by mkerrors from templates/errors. */\n"
		    "#include \"explain.h\"\n\n"
		    "static const unsigned char bytes[] = {",
		out);
	for (size_t i = 0; i < buf->len; i++)
		(void)fprintf(out, "%s%u,", i % 20 == 0 ? "\n" : "",
			(unsigned)(unsigned char)buf->data[i]);
	(void)fputs("\n};\n"
		    "const struct mc_packed mc_builtin_errors = {\n"
		    "\t.n = sizeof(bytes), .bytes = bytes,\n"
		    "};\n",
		out);
}

static bool
write_rules(FILE *out, const void *table)
{
	struct mc_buf buf = {0};
	bool ok;

	mc_rules_pack(table, &buf);
	ok = !buf.failed;
	if (ok)
		put_bytes(out, &buf);
	mc_buf_free(&buf);
	return ok;
}

static bool
read_rules(struct mc_arena *arena, const char *dir, void *table,
	struct mc_report *report)
{
	return mc_rules_read_dir(arena, dir, NULL, table, report) &&
		check(table, dir);
}

int
main(int argc, char **argv)
{
	static const struct embed rules = {"mkerrors", read_rules, write_rules};
	struct mc_rules table = {.n = 0};

	return embed_main(argc, argv, &rules, &table);
}
