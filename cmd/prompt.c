/* SPDX-License-Identifier: ISC */
/* prompt: the terminal, without echo. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "gen.h"

/* Signals that end the run, or would stop it while the echo is off. */
static void
signals(sigset_t *set)
{
	(void)sigemptyset(set);
	(void)sigaddset(set, SIGHUP);
	(void)sigaddset(set, SIGINT);
	(void)sigaddset(set, SIGQUIT);
	(void)sigaddset(set, SIGTERM);
}

static void
say(int tty, const char *text)
{
	size_t n = strlen(text);

	while (n > 0) {
		ssize_t done = write(tty, text, n);

		if (done <= 0)
			return;
		text += done;
		n -= (size_t)done;
	}
}

/*
 * Waits for input; the signals are let through only while waiting, so that
 * none is lost between the look at the flag and the call.
 */
static const char *
wait_tty(int tty, const sigset_t *mask)
{
	struct pollfd in = {.fd = tty, .events = POLLIN};

	for (;;) {
		if (stop_signal() != 0)
			return "stopped";
		if (ppoll(&in, 1, NULL, mask) >= 0)
			return NULL;
		if (errno != EINTR)
			return strerror(errno);
	}
}

static const char *
read_line(struct password *password, int tty, const sigset_t *mask)
{
	enum { LINE = 64 * 1024 };
	const char *why;
	ssize_t n;

	password->bytes = malloc(LINE + 2);
	password->size = 0;
	if (password->bytes == NULL)
		return password_no_memory;
	do {
		why = wait_tty(tty, mask);
		if (why != NULL)
			return why;
		n = read(tty, password->bytes + password->size,
			LINE - password->size);
		if (n < 0)
			return strerror(errno);
		password->size += (size_t)n;
	} while (n > 0 && password->size < LINE &&
		password->bytes[password->size - 1] != '\n');
	return NULL;
}

static const char *
ask(struct password *password, int tty, const char *what, const char *of)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct termios old, quiet;
	struct sigaction stop;
	sigset_t block, mask;
	const char *why;

	if (tcgetattr(tty, &old) != 0)
		return strerror(errno);
	quiet = old;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	signals(&block);
	(void)sigprocmask(SIG_BLOCK, &block, &mask);
	(void)sigaction(SIGTSTP, &ignore, &stop);
	say(tty, what);
	say(tty, " for ");
	say(tty, of);
	say(tty, ": ");
	if (tcsetattr(tty, TCSAFLUSH, &quiet) != 0)
		why = strerror(errno);
	else
		why = read_line(password, tty, &mask);
	(void)tcsetattr(tty, TCSAFLUSH, &old);
	say(tty, "\n");
	(void)sigaction(SIGTSTP, &stop, NULL);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	return why;
}

const char *
password_prompt(struct password *password, const char *what, const char *of)
{
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	const char *why;

	if (tty == -1)
		return "there is no terminal to ask on";
	why = ask(password, tty, what, of);
	(void)close(tty);
	return why;
}
