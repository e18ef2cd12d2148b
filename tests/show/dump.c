/* SPDX-License-Identifier: ISC */
/*
 * usage: dump <LISTS
 *
 * Reads property lists, each as its number of bytes in a line and the bytes,
 * and writes a line for each: what is in it, every text in hexadecimal, or
 * "-" and why not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emit/apple_plist.h"

static void
put_hex(const char *text)
{
	for (; *text != '\0'; text++)
		(void)printf("%02x", (unsigned)(unsigned char)*text);
}

static void
put_list(const struct mc_plist *node)
{
	static const char *const names[] = {"dict", "array", "string",
		"integer", "real", "date", "data", "true", "false"};

	for (; node != NULL; node = node->next) {
		(void)fputs(" (", stdout);
		if (node->key != NULL) {
			(void)putchar('=');
			put_hex(node->key);
			(void)putchar(' ');
		}
		(void)printf("%s ", names[node->kind]);
		put_hex(node->text);
		put_list(node->child);
		(void)putchar(')');
	}
}

static int
dump(const char *bytes, size_t n)
{
	struct mc_arena arena = {0};
	struct mc_fault fault;
	const struct mc_plist *list = mc_plist_read(&arena, bytes, n, &fault);

	if (list == NULL)
		(void)printf("- %u:%u %s", fault.line, fault.column, fault.why);
	else
		put_list(list);
	(void)putchar('\n');
	mc_arena_free(&arena);
	return arena.failed;
}

int
main(void)
{
	char line[32];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		size_t n = strtoul(line, NULL, 10);
		char *bytes = malloc(n == 0 ? 1 : n);

		if (bytes == NULL || fread(bytes, 1, n, stdin) != n)
			return 1;
		if (dump(bytes, n))
			return 1;
		free(bytes);
	}
	return 0;
}
