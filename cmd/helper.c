/* SPDX-License-Identifier: ISC */
/* mailcfg-net: beside us, or where it was installed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

enum { PATH_SIZE = 4096 };

/* "DIR/" of the program that runs.  false: nobody knows. */
static bool
own_folder(char dir[PATH_SIZE])
{
	ssize_t n = readlink("/proc/self/exe", dir, PATH_SIZE - 1);
	char *slash;

	if (n <= 0)
		return false;
	dir[n] = '\0';
	slash = strrchr(dir, '/');
	if (slash == NULL)
		return false;
	slash[1] = '\0';
	return true;
}

void
helper_run(struct program *program, const char *command, char **argv)
{
	/* a tree that was moved is known by the program's own place */
	static const char *const places[] = {
		"mailcfg-net", MAILCFG_LIBEXEC_FROM_BIN "/mailcfg-net"};
	char dir[PATH_SIZE], path[2 * PATH_SIZE];
	int error = ENOENT;

	if (own_folder(dir)) {
		for (size_t i = 0; i < 2 && error == ENOENT; i++) {
			(void)snprintf(
				path, sizeof(path), "%s%s", dir, places[i]);
			(void)execv(path, argv);
			error = errno;
		}
	} else {
		(void)execv(MAILCFG_LIBEXECDIR "/mailcfg-net", argv);
		error = errno;
	}
	mc_say(&program->report, MC_MSG_NOT_BUILT, NULL, NULL, NULL,
		"mailcfg %s wants mailcfg-net: %s", command, strerror(error));
}
