/* SPDX-License-Identifier: ISC */
/* The process: it keeps secrets to itself before it does anything else. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "cmd.h"

static void
protect(void)
{
	const struct rlimit none = {0, 0};

	(void)umask(S_IRWXG | S_IRWXO);
#ifdef __linux__
	(void)prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
#endif
	(void)setrlimit(RLIMIT_CORE, &none);
#ifdef __GLIBC__
	/* what libraries free does not keep the passwords it held */
	(void)mallopt(M_PERTURB, 0x5a);
	/*
	 * Big pieces go back to the system when they are freed, and threads
	 * have no memory of their own, 64 MiB of addresses each: they ask for
	 * little once they are under way.
	 */
	(void)mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	(void)mallopt(M_ARENA_MAX, 1);
#endif
	/* a full pipe or file is an error of write, not our death */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
}

/*
 * A standard descriptor that is closed must not become that of a file with
 * passwords.  What takes its place cannot be used in its direction, so that
 * the loss is noticed.
 */
static void
keep_descriptors(void)
{
	static const int flags[] = {O_WRONLY, O_RDONLY, O_WRONLY};

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
			(void)open("/dev/null", flags[fd]);
}

/* Why an earlier write failed, where the reason is no longer known. */
static int
lost_reason(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

	if (poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0)
		return EPIPE;
	return EIO;
}

bool
stdout_close(struct program *program)
{
	int error = 0;

	if (ferror(stdout) != 0)
		error = lost_reason();
	else if (fflush(stdout) != 0)
		error = errno;
	/* a file system on another machine tells only now */
	if (close(STDOUT_FILENO) != 0 && error == 0)
		error = errno;
	if (error == 0)
		return true;
	if (error == EPIPE)
		/* nobody listens: nobody need be told */
		complain_note(&program->complain, MC_MSG_CANNOT_WRITE);
	else
		mc_say(&program->report, MC_MSG_CANNOT_WRITE, NULL, NULL, NULL,
			"standard output: %s", strerror(error));
	return false;
}

int
main(int argc, char **argv)
{
	static struct program program;
	static char buffer[256 * 1024];

	protect();
	keep_descriptors();
	(void)setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	program_start(&program);
	command_main(&program, argc, argv);
	(void)stdout_close(&program);
	complain_finish(&program.complain);
	if (stop_signal() != 0)
		stop_raise();
	return (int)complain_status(&program.complain);
}
