/* SPDX-License-Identifier: ISC */
/*
 * Preloaded into a program: makes allocations fail.  They are counted from
 * main() on, so that what the dynamic linker asks for is left out.  Where a
 * thread has got much, gives it back and asks for less, with nothing in
 * between, that is there, as in earnest.
 *
 *     MEMORY_FIRST  the first that fails, counted from 1; unset: none
 *     MEMORY_LAST   the last that fails; unset: none after the first succeeds
 *     MEMORY_LOG    a file: a line for each of the first failures with the
 *                   libraries on the stack, and at the end "N allocations",
 *                   "N before the network" (if it was used)
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What is not longer, the C library keeps for who asks for as much. */
enum { FRAMES = 64, LINES = 200, KEPT = 1032 };

/* What the names stand for in the C library itself. */
void *real_malloc(size_t) __asm__("__libc_malloc");
void *real_calloc(size_t, size_t) __asm__("__libc_calloc");
void *real_realloc(void *, size_t) __asm__("__libc_realloc");
void *real_memalign(size_t, size_t) __asm__("__libc_memalign");
void real_free(void *) __asm__("__libc_free");

typedef int start_fn(int (*)(int, char **, char **), int, char **,
	void (*)(void), void (*)(void), void (*)(void), void *);
start_fn start_main __asm__("__libc_start_main");

/* What the thread did last: it got so much, and gave it back. */
struct last {
	void *p;
	size_t size;
	bool back;
};
static _Thread_local struct last last_step
	__attribute__((tls_model("initial-exec")));

static atomic_bool on;
static atomic_long count, before_network;
static atomic_int lines;
static long first, last = -1;
static const char *path;
static int (*program)(int, char **, char **);

static void
append(const char *text, size_t n)
{
	int fd = path == NULL
		? -1
		: open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	if (fd == -1)
		return;
	(void)!write(fd, text, n);
	(void)close(fd);
}

/* The libraries on the stack, from the inside out, each once in a row. */
static void
tell(void)
{
	void *frame[FRAMES];
	char line[1024];
	const char *before = "";
	size_t n = 0;
	int depth;

	if (path == NULL || atomic_fetch_add(&lines, 1) >= LINES)
		return;
	depth = backtrace(frame, FRAMES);
	for (int i = 2; i < depth; i++) {
		const char *name = "?", *slash;
		Dl_info info;

		if (dladdr(frame[i], &info) != 0 && info.dli_fname != NULL)
			name = info.dli_fname;
		slash = strrchr(name, '/');
		name = slash == NULL ? name : slash + 1;
		if (strcmp(name, before) == 0 ||
			n + strlen(name) + 2 > sizeof(line))
			continue;
		n += (size_t)snprintf(line + n, sizeof(line) - n, "%s ", name);
		before = name;
	}
	if (n == 0)
		line[n++] = ' ';
	line[n - 1] = '\n';
	append(line, n);
}

/* Whether it asks for less than it has just given back. */
static bool
is_there(size_t size)
{
	bool there = last_step.back && last_step.size > KEPT &&
		size < last_step.size;

	last_step.back = false;
	return there;
}

static bool
fails(void)
{
	long n;

	last_step = (struct last){NULL, 0, false};
	if (!on)
		return false;
	n = atomic_fetch_add(&count, 1) + 1;
	if (first == 0 || n < first || (last != -1 && n > last))
		return false;
	tell();
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t size)
{
	bool there = is_there(size);
	void *p = !there && fails() ? NULL : real_malloc(size);

	last_step = (struct last){p, size, false};
	return p;
}

void
free(void *ptr)
{
	last_step.back = ptr != NULL && ptr == last_step.p && !last_step.back;
	real_free(ptr);
}

void *
calloc(size_t nmemb, size_t size)
{
	bool there = is_there(nmemb * size);

	return !there && fails() ? NULL : real_calloc(nmemb, size);
}

void *
realloc(void *ptr, size_t size)
{
	return fails() ? NULL : real_realloc(ptr, size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : real_memalign(alignment, size);
}

int
posix_memalign(void **memptr, size_t alignment, size_t size)
{
	void *p = fails() ? NULL : real_memalign(alignment, size);

	if (p == NULL)
		return ENOMEM;
	*memptr = p;
	return 0;
}

/* A program that asks servers is ready when it first does. */
int
socket(int domain, int type, int protocol)
{
	static atomic_bool before;

	if (!atomic_exchange(&before, true))
		before_network = atomic_load(&count);
	return (int)syscall(SYS_socket, domain, type, protocol);
}

static long
number(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text == NULL ? otherwise : strtol(text, NULL, 10);
}

static void
finish(void)
{
	char line[128];

	on = false;
	append(line,
		(size_t)snprintf(line, sizeof(line),
			"%ld allocations\n%ld before the network\n",
			atomic_load(&count), atomic_load(&before_network)));
}

static int
begin(int argc, char **argv, char **envp)
{
	void *frame[1];

	first = number("MEMORY_FIRST", 0);
	last = number("MEMORY_LAST", -1);
	path = getenv("MEMORY_LOG");
	/* it loads a library, the first time */
	(void)backtrace(frame, 1);
	(void)atexit(finish);
	on = true;
	return program(argc, argv, envp);
}

int
start_main(int (*main)(int, char **, char **), int argc, char **argv,
	void (*init)(void), void (*fini)(void), void (*unload)(void),
	void *stack)
{
	start_fn *next = NULL;

	/* as POSIX would have it: a function is no object */
	*(void **)(void *)&next = dlsym(RTLD_NEXT, "__libc_start_main");
	program = main;
	return next(begin, argc, argv, init, fini, unload, stack);
}
