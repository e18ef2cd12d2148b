/* SPDX-License-Identifier: ISC */
/*
 * usage: fuzz_NAME FOLDER...
 *
 * Stands in for libFuzzer: every file of the folders goes once through the
 * target.  A folder without a file is a mistake.
 */
#include <dirent.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"

enum { MAX = 1 << 20 };

static bool
replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = malloc(MAX);
	size_t n;

	if (file == NULL || data == NULL) {
		perror(path);
		free(data);
		if (file != NULL)
			(void)fclose(file);
		return false;
	}
	n = fread(data, 1, MAX, file);
	(void)fclose(file);
	/* just as many bytes, so that a step too far is seen */
	if (n > 0) {
		uint8_t *fit = realloc(data, n);

		data = fit == NULL ? data : fit;
	}
	(void)LLVMFuzzerTestOneInput(data, n);
	free(data);
	return true;
}

/* The number of files; -1: one could not be read. */
static long
replay_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	char path[4096];
	long n = 0;

	if (dir == NULL) {
		perror(folder);
		return -1;
	}
	while (n >= 0 && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(
			path, sizeof(path), "%s/%s", folder, entry->d_name);
		n = replay_file(path) ? n + 1 : -1;
	}
	(void)closedir(dir);
	return n;
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		long n = replay_folder(argv[i]);

		if (n <= 0) {
			(void)fprintf(stderr, "%s: %s\n", argv[i],
				n == 0 ? "no file in it" : "failed");
			return 1;
		}
		printf("%s: %ld files\n", argv[i], n);
	}
	return argc < 2;
}
