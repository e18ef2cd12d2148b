/* SPDX-License-Identifier: ISC */
/*
 * mkerrors DIR OUT.c: writes the rules in DIR as constant bytes in C, so that
 * no YAML is read at run time, and nothing has to be relocated.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "mail/letter.h"
#include "provider.h"

static void
complain(void *context, const struct mailcfg_diag *diag)
{
	(void)context;
	(void)fprintf(stderr, "%s:%u:%u: error: %s: %s [%s]\n", diag->pos.file,
		diag->pos.line, diag->pos.column, diag->text, diag->detail,
		diag->slug);
}

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
write_rules(const char *path, const struct mc_rules *rules)
{
	struct mc_buf buf = {0};
	FILE *out = fopen(path, "w");
	bool ok = out != NULL;

	mc_rules_pack(rules, &buf);
	if (ok) {
		put_bytes(out, &buf);
		ok = !buf.failed && ferror(out) == 0;
		ok = fclose(out) == 0 && ok;
	}
	if (!ok) {
		perror(path);
		(void)remove(path);
	}
	mc_buf_free(&buf);
	return ok;
}

int
main(int argc, char **argv)
{
	struct mc_report report = {.fn = complain};
	struct mc_arena arena = {0};
	struct mc_rules rules;
	bool ok;

	if (argc != 3) {
		(void)fputs("usage: mkerrors DIR OUT.c\n", stderr);
		return 64;
	}
	ok = mc_rules_read_dir(&arena, argv[1], NULL, &rules, &report);
	if (arena.failed)
		(void)fputs("mkerrors: out of memory\n", stderr);
	ok = ok && check(&rules, argv[1]) && write_rules(argv[2], &rules);
	mc_arena_free(&arena);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
