/* SPDX-License-Identifier: ISC */
/*
 * Signals.  The first one asks the run to stop: the file at hand is finished
 * or dropped, what was done is told, and the signal is raised again.  The
 * second one kills at once.
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "cmd.h"

/* sig_atomic_t would do for a handler, but other threads look at it too */
static _Atomic int caught;
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "a handler may not take a lock");

static void
on_signal(int number)
{
	caught = number;
}

void
stop_install(void)
{
	static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct sigaction old, action = {.sa_handler = on_signal};

		/* not SA_RESTART: a read that waits must end */
		action.sa_flags = (int)SA_RESETHAND;
		(void)sigemptyset(&action.sa_mask);
		/* what our parent ignores for us stays ignored (nohup) */
		if (sigaction(numbers[i], NULL, &old) == 0 &&
			old.sa_handler != SIG_IGN)
			(void)sigaction(numbers[i], &action, NULL);
	}
}

int
stop_signal(void)
{
	return caught;
}

void
stop_raise(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(caught, &action, NULL);
	(void)raise(caught);
}
