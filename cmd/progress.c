/* SPDX-License-Identifier: ISC */
#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"

#define SECOND INT64_C(1000000000)

static int64_t
now(void)
{
	struct timespec t = {0, 0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}

void
progress_start(struct progress *p, struct complain *complain)
{
	const char *term = getenv("TERM");

	p->on = !complain->quiet && isatty(STDERR_FILENO) == 1 &&
		term != NULL && strcmp(term, "dumb") != 0;
	p->complain = complain;
	p->start = p->last = now();
}

/* "3 s", "12 min", "2 h" */
static void
add_time(char *out, size_t size, int64_t seconds)
{
	if (seconds < 100)
		(void)snprintf(out, size, "%lld s", (long long)seconds + 1);
	else if (seconds < INT64_C(100) * 60)
		(void)snprintf(
			out, size, "%lld min", (long long)seconds / 60 + 1);
	else
		(void)snprintf(
			out, size, "%lld h", (long long)seconds / 3600 + 1);
}

void
progress_show(struct progress *p, unsigned long accounts)
{
	int64_t at, spent;
	uint64_t done;
	char line[160], left[32];
	int n;

	if (!p->on)
		return;
	at = now();
	spent = at - p->start;
	/* half a second is no time to wait, and ten times a second is enough */
	if (spent < SECOND / 2 || at - p->last < SECOND / 10)
		return;
	p->last = at;
	done = p->read;
	n = snprintf(line, sizeof(line), "\r%lu accounts, %.0f a second",
		accounts, (double)accounts * 1e9 / (double)spent);
	if (p->total > 0 && done > 0 && done <= p->total) {
		double part = (double)done / (double)p->total;

		add_time(left, sizeof(left),
			(int64_t)((double)spent * (1 - part) / part / 1e9));
		n += snprintf(line + n, sizeof(line) - (size_t)n,
			", %.0f %%, %s left", 100 * part, left);
	}
	n += snprintf(line + n, sizeof(line) - (size_t)n, "\033[K");
	(void)!write(STDERR_FILENO, line, (size_t)n);
	p->complain->line = true;
}
