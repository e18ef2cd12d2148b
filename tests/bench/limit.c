/* SPDX-License-Identifier: ISC */
/*
 * usage: limit write BYTES
 *        limit files DIRECTORY
 *
 * The least that can be done.  write: so many bytes to standard output, 256
 * KiB at a time.  files: a file for each line "NAME SIZE" of standard input,
 * opened, written and closed one after the other, and at last one syncfs.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 256 * 1024 };
static char block[BLOCK];

static bool
put(int fd, unsigned long long n)
{
	while (n > 0) {
		ssize_t done = write(fd, block, n < BLOCK ? n : BLOCK);

		if (done <= 0)
			return false;
		n -= (unsigned long long)done;
	}
	return true;
}

static bool
put_file(int dir, const char *name, unsigned long long size)
{
	int fd = openat(
		dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return fd >= 0 && put(fd, size) && close(fd) == 0;
}

static bool
put_files(const char *path)
{
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char name[256];
	unsigned long long size;

	if (dir < 0)
		return false;
	while (scanf("%255s %llu", name, &size) == 2)
		if (!put_file(dir, name, size))
			return false;
	return feof(stdin) && syncfs(dir) == 0;
}

int
main(int argc, char **argv)
{
	bool good;

	if (argc != 3)
		return 64;
	memset(block, 'x', sizeof(block));
	if (strcmp(argv[1], "write") == 0)
		good = put(STDOUT_FILENO, strtoull(argv[2], NULL, 10));
	else
		good = put_files(argv[2]);
	if (!good)
		perror(argv[2]);
	return good ? 0 : 74;
}
