/* SPDX-License-Identifier: ISC */
/*
 * usage: read SYNTAX FILE
 *
 * Reads all records of a file with a reader of the library, throws them away,
 * and prints how many there were.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "read/read.h"

static long
read_file(void *context, void *out, size_t size)
{
	const int *fd = context;

	return read(*fd, out, size);
}

static void
hear(void *context, const struct mailcfg_diag *diag)
{
	(void)context;
	(void)fprintf(stderr, "%s: %s\n", diag->text, diag->detail);
}

int
main(int argc, char **argv)
{
	const struct mc_syntax *syntax = argc == 3 ? mc_syntax_by_name(argv[1])
						   : NULL;
	int fd = syntax == NULL ? -1 : open(argv[2], O_RDONLY | O_CLOEXEC);
	struct mc_report report = {.fn = hear};
	struct mc_source source = {"input", read_file, &fd};
	struct mc_arena arena = {0};
	struct mc_record record;
	struct mc_reader *reader;
	unsigned long records = 0;
	enum mc_next next;

	if (fd < 0)
		return syntax == NULL ? 64 : 66;
	reader = syntax->open(syntax, &source, &report);
	if (reader == NULL)
		return 71;
	do {
		mc_arena_reset(&arena);
		record = (struct mc_record){0};
		next = syntax->next(reader, &arena, &record);
		if (next == MC_NEXT_RECORD)
			records++;
	} while (next < MC_NEXT_END);
	syntax->close(reader);
	mc_arena_free(&arena);
	printf("%lu\n", records);
	return next == MC_NEXT_END && report.errors == 0 ? 0 : 65;
}
