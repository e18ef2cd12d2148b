/* SPDX-License-Identifier: ISC */
/*
 * --sendmail: a command that takes a message as sendmail(8) does.  No shell;
 * four variables of the environment; no other descriptor is handed down.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/reply.h"
#include "post.h"

/* Milliseconds for a message; EX_TEMPFAIL of sysexits(3). */
enum { PATIENCE = 120000, LATER = 75 };

static bool
open_command(struct post *p)
{
	(void)p;
	return true;
}

static void
close_command(struct post *p)
{
	(void)p;
}

/* A command under way. */
struct child {
	pid_t pid;
	int in;  /* what it reads; -1 */
	int out; /* what it says; -1 */
	char said[POST_TEXT];
	size_t n_said;
};

/* PATH and the like, and no more.  The strings are in the arena. */
static void
environment(struct mc_arena *arena, const char *out[5])
{
	static const char *const names[] = {"PATH", "HOME", "LANG", "TERM"};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value == NULL)
			continue;
		out[n] = mc_arena_printf(arena, "%s=%s", names[i], value);
		n += out[n] != NULL;
	}
	out[n] = NULL;
}

/* "CMD -i -f FROM -- TO"; NULL: out of memory. */
static const char **
words_of(struct mc_arena *arena, const struct post *p, const char *to)
{
	const char *const more[] = {"-i", "-f", p->from, "--", to, NULL};
	const char **words;
	size_t n = 0;

	while (p->words[n] != NULL)
		n++;
	words = mc_arena_alloc(arena, n * sizeof(*words) + sizeof(more));
	if (words == NULL)
		return NULL;
	memcpy(words, p->words, n * sizeof(*words));
	memcpy(words + n, more, sizeof(more));
	return words;
}

static void
shut(int *fd)
{
	if (*fd != -1)
		(void)close(*fd);
	*fd = -1;
}

/* Starts it.  0, or an errno. */
static int
start(struct child *child, const char *const *words, const char *const *env)
{
	int in[2], out[2], error;

	if (pipe2(in, O_CLOEXEC) != 0)
		return errno;
	if (pipe2(out, O_CLOEXEC) != 0) {
		error = errno;
		(void)close(in[0]);
		(void)close(in[1]);
		return error;
	}
	error = spawn_words(words, env, in[0], out[1], true, &child->pid);
	(void)close(in[0]);
	(void)close(out[1]);
	child->in = in[1];
	child->out = out[0];
	if (error == 0) {
		(void)fcntl(child->in, F_SETFL, O_NONBLOCK);
		return 0;
	}
	shut(&child->in);
	shut(&child->out);
	return error;
}

/* What it says; the beginning is kept. */
static void
hear(struct child *child)
{
	char bytes[1024];
	ssize_t n = read(child->out, bytes, sizeof(bytes));
	size_t room = sizeof(child->said) - child->n_said;

	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) {
		shut(&child->out);
		return;
	}
	if ((size_t)n < room)
		room = (size_t)n;
	memcpy(child->said + child->n_said, bytes, room);
	child->n_said += room;
}

/* Some of the bytes. */
static size_t
tell(struct child *child, const char *bytes, size_t n)
{
	ssize_t done = write(child->in, bytes, n);

	if (done >= 0)
		return (size_t)done;
	if (errno != EINTR && errno != EAGAIN)
		/* it does not want more: its status will say why */
		shut(&child->in);
	return 0;
}

/* Feeds it and hears it, until both ends are closed.  false: it hangs. */
static bool
talk(struct child *child, const char *bytes, size_t n)
{
	long long until = post_clock() + PATIENCE;

	while (child->in != -1 || child->out != -1) {
		struct pollfd fds[2] = {{.fd = child->in, .events = POLLOUT},
			{.fd = child->out, .events = POLLIN}};
		long long left = until - post_clock();

		if (n == 0)
			shut(&child->in);
		fds[0].fd = child->in;
		if (left <= 0)
			return false;
		if (poll(fds, 2, (int)left) < 0)
			continue;
		if (child->in != -1 && fds[0].revents != 0) {
			size_t done = tell(child, bytes, n);

			bytes += done;
			n -= done;
		}
		if (child->out != -1 && fds[1].revents != 0)
			hear(child);
	}
	return true;
}

/* sendmail(8) wants lines as the system has them. */
static bool
with_newlines(struct mc_buf *out, const char *bytes, size_t n)
{
	while (n > 0) {
		const char *end = memchr(bytes, '\r', n);
		size_t len = end == NULL ? n : (size_t)(end - bytes);

		mc_buf_add(out, bytes, len);
		len += end != NULL;
		bytes += len;
		n -= len;
	}
	return !out->failed;
}

/* Waits for its end; it has closed what it says, or is killed. */
static int
reap(const struct child *child)
{
	int status = 0;

	while (waitpid(child->pid, &status, 0) == -1 && errno == EINTR)
		;
	return status;
}

static enum post_fate
judge(const struct post *p, const struct child *child, int status,
	char text[POST_TEXT + 1])
{
	char line[POST_TEXT + 256];
	int n;

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return POST_SENT;
	if (WIFSIGNALED(status))
		n = snprintf(line, sizeof(line), "%s: killed by signal %d",
			p->words[0], WTERMSIG(status));
	else
		n = snprintf(line, sizeof(line), "%s: exit status %d%s%.*s",
			p->words[0], WEXITSTATUS(status),
			child->n_said > 0 ? ": " : "", (int)child->n_said,
			child->said);
	while (n > 0 && (size_t)n < sizeof(line) && line[n - 1] == '\n')
		n--;
	mc_reply_show(text, POST_TEXT + 1, line,
		n < 0 ? 0 : strnlen(line, (size_t)n), NULL);
	/* it may have been about to send when it was killed */
	if (WIFSIGNALED(status))
		return POST_DOUBTFUL;
	return WEXITSTATUS(status) == LATER ? POST_WAITS : POST_REFUSED;
}

static enum post_fate
give(struct post *p, const char *const *words, const char *const *env,
	const struct mc_buf *mail, char text[POST_TEXT + 1])
{
	struct child child = {.in = -1, .out = -1};
	int error = start(&child, words, env);

	if (error != 0) {
		(void)snprintf(text, POST_TEXT + 1, "%.200s: %s", words[0],
			strerror(error));
		return error == ENOMEM ? POST_NO_MEMORY : POST_FAILED;
	}
	if (!talk(&child, mail->data, mail->len)) {
		(void)kill(child.pid, SIGKILL);
		shut(&child.in);
		shut(&child.out);
	}
	return judge(p, &child, reap(&child), text);
}

static enum post_fate
send_command(struct post *p, const struct document *doc, const char *bytes,
	size_t n, char text[POST_TEXT + 1])
{
	struct mc_arena arena = {0};
	struct mc_buf mail = {0};
	const char *env[5], **words;
	enum post_fate fate = POST_NO_MEMORY;

	environment(&arena, env);
	words = words_of(&arena, p, doc->envelope->to);
	if (words != NULL && !arena.failed && with_newlines(&mail, bytes, n))
		fate = post_before(p) ? give(p, words, env, &mail, text)
				      : POST_STOPPED;
	mc_buf_free(&mail);
	mc_arena_free(&arena);
	return fate;
}

const struct carrier carrier_command = {
	.verified = false,
	.open = open_command,
	.send = send_command,
	.close = close_command,
};
