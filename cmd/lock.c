/* SPDX-License-Identifier: ISC */
/* Rivals, and what those that were killed left behind. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/sysmacros.h>
#endif

#include "file.h"

/*
 * Who holds a lock on the directory, as the kernel tells:
 * "1: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF".
 */
static long
holder(int dir)
{
	long pid = 0;
#ifdef __linux__
	FILE *locks = fopen("/proc/locks", "re");
	char line[256], want[64];
	struct stat st;

	if (locks == NULL)
		return 0;
	if (fstat(dir, &st) == 0) {
		(void)snprintf(want, sizeof(want), " %02x:%02x:%llu ",
			major(st.st_dev), minor(st.st_dev),
			(unsigned long long)st.st_ino);
		while (pid == 0 && fgets(line, sizeof(line), locks) != NULL) {
			const char *at = strstr(line, want);

			if (at == NULL || strstr(line, " FLOCK ") == NULL)
				continue;
			while (at > line && at[-1] != ' ')
				at--;
			pid = strtol(at, NULL, 10);
		}
	}
	(void)fclose(locks);
#else
	(void)dir;
#endif
	return pid > 0 ? pid : 0;
}

bool
file_lock(int dir, bool shared, long *pid)
{
	*pid = 0;
	if (flock(dir, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0)
		return true;
	/* some file systems know no locks: then there is none to respect */
	if (errno != EWOULDBLOCK && errno != EAGAIN)
		return true;
	*pid = holder(dir);
	return false;
}

/*
 * Whether a name is that of a temporary file of ours, as file.c makes them:
 * ".NAME.PID.RANDOM.tmp".  *pid: whose; *n: how long NAME is.
 */
static bool
is_temporary(const char *name, size_t *n, long *pid)
{
	static const char tail[] = ".tmp";
	size_t all = strlen(name), at;

	if (name[0] != '.' || all < 1 + 1 + 1 + 1 + 1 + 16 + 4 ||
		strcmp(name + all - 4, tail) != 0)
		return false;
	at = all - 4 - 16;
	if (strspn(name + at, "0123456789abcdef") != 16 || name[at - 1] != '.')
		return false;
	all = --at;
	while (at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9')
		at--;
	if (at == all || at < 3 || name[at - 1] != '.')
		return false;
	*pid = strtol(name + at, NULL, 10);
	*n = at - 2;
	return true;
}

bool
file_is_temp(const char *entry, const char *name, long *pid)
{
	size_t n = 0;

	return is_temporary(entry, &n, pid) &&
		(name == NULL ||
			(n == strnlen(name, 200) &&
				strncmp(entry + 1, name, n) == 0));
}

static bool
is_left(const char *entry, const char *name)
{
	long pid = 0;

	if (!file_is_temp(entry, name, &pid) || pid == (long)getpid())
		return false;
	/* the lock is shared: others may be at work on theirs */
	return name == NULL || (kill((pid_t)pid, 0) != 0 && errno == ESRCH);
}

void
file_sweep(int dir, const char *name)
{
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = copy == -1 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (list == NULL) {
		if (copy != -1)
			(void)close(copy);
		return;
	}
	while ((entry = readdir(list)) != NULL)
		if (is_left(entry->d_name, name))
			(void)unlinkat(dir, entry->d_name, 0);
	(void)closedir(list);
}
