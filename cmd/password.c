/* SPDX-License-Identifier: ISC */
/* The bytes of a password: read within limits, and wiped. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "gen.h"

enum { PASSWORD_BYTES = 64 * 1024 };

/* Milliseconds on a clock that nobody sets. */
static long long
now(void)
{
	struct timespec t = {0, 0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const char password_no_memory[] = "out of memory";

/* Waits until there is something to read.  NULL: there is. */
static const char *
wait_for(int fd, long long until)
{
	struct pollfd in = {.fd = fd, .events = POLLIN};

	for (;;) {
		long long left = until - now();
		int n = poll(&in, 1, left > 0 ? (int)left : 0);

		if (n > 0)
			return NULL;
		if (n == 0)
			return "it took longer than 30 seconds";
		if (errno != EINTR)
			return strerror(errno);
		if (stop_signal() != 0)
			return "stopped";
	}
}

const char *
password_read(struct password *password, int fd, int timeout_ms)
{
	long long until = now() + timeout_ms;
	const char *why = NULL;
	ssize_t n = 1;

	password->bytes = malloc(PASSWORD_BYTES + 2);
	password->size = 0;
	if (password->bytes == NULL)
		return password_no_memory;
	/* one byte more than is allowed, to see that there is more */
	while (n > 0 && password->size <= PASSWORD_BYTES) {
		if (timeout_ms > 0)
			why = wait_for(fd, until);
		if (why != NULL)
			return why;
		n = read(fd, password->bytes + password->size,
			PASSWORD_BYTES + 1 - password->size);
		if (n < 0 && errno == EINTR && stop_signal() == 0)
			n = 1;
		else if (n < 0)
			return strerror(errno);
		else
			password->size += (size_t)n;
	}
	return password->size > PASSWORD_BYTES ? "it is longer than 64 KiB"
					       : NULL;
}

void
password_free(struct password *password)
{
	if (password->bytes != NULL)
		explicit_bzero(password->bytes, PASSWORD_BYTES + 2);
	free(password->bytes);
	*password = (struct password){NULL, 0};
}
