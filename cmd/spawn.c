/* SPDX-License-Identifier: ISC */
/*
 * Commands: no shell, and no descriptor but the first three is handed down.
 * --password-from cmd:WORDS: the caller's environment, which secret stores
 * need, and nothing of ours in it; standard input is empty.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "gen.h"

enum { SECONDS = 30, PAUSE = 5000000 /* nanoseconds */ };

/* Every other descriptor closes itself when the command starts. */
static void
close_others(void)
{
	for (int fd = 3; fd < 1024; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (flags != -1)
			(void)fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
	}
}

/* Where the three descriptors of a command lead. */
static int
set_up(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes,
	int in, int out, bool errors)
{
	sigset_t ignored;
	int error;

	(void)sigemptyset(&ignored);
	(void)sigaddset(&ignored, SIGPIPE);
	(void)sigaddset(&ignored, SIGXFSZ);
	error = in == -1
		? posix_spawn_file_actions_addopen(
			  actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
		: posix_spawn_file_actions_adddup2(actions, in, STDIN_FILENO);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(
			actions, out, STDOUT_FILENO);
	if (error == 0 && errors)
		error = posix_spawn_file_actions_adddup2(
			actions, out, STDERR_FILENO);
	if (error == 0)
		error = posix_spawnattr_setsigdefault(attributes, &ignored);
	if (error == 0)
		error = posix_spawnattr_setflags(
			attributes, POSIX_SPAWN_SETSIGDEF);
	return error;
}

int
spawn_words(const char *const *words, const char *const *env, int in, int out,
	bool errors, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char *const *argv, *const *envp = environ;
	int error;

	close_others();
	/* posix_spawn(3) promises to leave them alone */
	memcpy(&argv, &words, sizeof(argv));
	if (env != NULL)
		memcpy(&envp, &env, sizeof(envp));
	error = posix_spawn_file_actions_init(&actions);
	if (error != 0)
		return error;
	error = posix_spawnattr_init(&attributes);
	if (error == 0) {
		error = set_up(&actions, &attributes, in, out, errors);
		if (error == 0)
			error = posix_spawnp(pid, words[0], &actions,
				&attributes, argv, envp);
		(void)posix_spawnattr_destroy(&attributes);
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	return error;
}

/* Waits for a command that has closed its output.  false: it hangs. */
static bool
finish(pid_t pid, int *status, time_t since)
{
	const struct timespec pause = {0, PAUSE};

	while (time(NULL) - since <= SECONDS && stop_signal() == 0) {
		pid_t done = waitpid(pid, status, WNOHANG);

		if (done == pid)
			return true;
		if (done == -1 && errno != EINTR)
			return false;
		(void)nanosleep(&pause, NULL);
	}
	return false;
}

static const char *
outcome(struct mc_arena *arena, const char *command, int status)
{
	const char *why = NULL;

	if (WIFSIGNALED(status))
		why = mc_arena_printf(arena, "%s: killed by signal %d", command,
			WTERMSIG(status));
	else if (WEXITSTATUS(status) == 127)
		why = mc_arena_printf(arena, "%s: cannot be run", command);
	else if (WEXITSTATUS(status) != 0)
		why = mc_arena_printf(arena, "%s: exit status %d", command,
			WEXITSTATUS(status));
	else
		return NULL;
	return why == NULL ? password_no_memory : why;
}

const char *
password_command(struct password *password, struct mc_arena *arena,
	const char *const *words)
{
	time_t since = time(NULL);
	int pipes[2], status = 0, error;
	const char *why, *text;
	pid_t pid = -1;

	if (pipe2(pipes, O_CLOEXEC) != 0)
		return strerror(errno);
	error = spawn_words(words, NULL, -1, pipes[1], false, &pid);
	(void)close(pipes[1]);
	if (error != 0) {
		(void)close(pipes[0]);
		text = mc_arena_printf(
			arena, "%s: %s", words[0], strerror(error));
		return text == NULL ? password_no_memory : text;
	}
	why = password_read(password, pipes[0], SECONDS * 1000);
	(void)close(pipes[0]);
	if (why == NULL && finish(pid, &status, since))
		return outcome(arena, words[0], status);
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	if (why == password_no_memory)
		return why;
	text = mc_arena_printf(arena, "%s: %s", words[0],
		why == NULL ? "it did not end in 30 seconds" : why);
	return text == NULL ? password_no_memory : text;
}
