/* SPDX-License-Identifier: ISC */
/*
 * usage: clock OUT COMMAND [ARGUMENT]...
 *
 * Runs the command with OUT as its standard output, a file of mode 0600, and
 * prints what it took: nanoseconds, microseconds of user and of system time,
 * KiB of memory at the most.  It exists because it is small: the kernel counts
 * the memory of whoever starts a program as that program's.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static long long
micro(const struct timeval *t)
{
	return t->tv_sec * 1000000LL + t->tv_usec;
}

int
main(int argc, char **argv)
{
	posix_spawn_file_actions_t actions;
	struct rusage use;
	long long begun;
	pid_t child;
	int out, status, error;

	if (argc < 3)
		return 64;
	out = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (out < 0) {
		perror(argv[1]);
		return 73;
	}
	if (posix_spawn_file_actions_init(&actions) != 0 ||
		posix_spawn_file_actions_adddup2(
			&actions, out, STDOUT_FILENO) != 0)
		return 71;
	begun = now();
	error = posix_spawnp(
		&child, argv[2], &actions, NULL, argv + 2, environ);
	if (error != 0) {
		(void)fprintf(stderr, "%s: error %d\n", argv[2], error);
		return 69;
	}
	if (wait4(child, &status, 0, &use) != child)
		return 71;
	printf("%lld %lld %lld %ld\n", now() - begun, micro(&use.ru_utime),
		micro(&use.ru_stime), use.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 70;
}
