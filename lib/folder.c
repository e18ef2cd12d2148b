/* SPDX-License-Identifier: ISC */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder that is being read. */
struct folder {
	struct mc_arena *arena;
	struct mc_report *report;
	enum mc_msg msg;
	const char *path;
	const char **names;
	size_t n_names;
	size_t room;
	char *text; /* of one file at a time */
	bool bad;
};

static void
refuse(struct folder *f, const char *path, const char *what, int error)
{
	const struct mailcfg_pos pos = {path, 0, 0};
	char reason[256] = "";

	f->bad = true;
	if (error == 0) {
		mc_say(f->report, f->msg, &pos, NULL, NULL, "%s", what);
		return;
	}
	(void)strerror_r(error, reason, sizeof(reason));
	mc_say(f->report, f->msg, &pos, NULL, NULL, "%s: %s", what, reason);
}

static bool
is_yaml(const char *name)
{
	size_t n = strlen(name);

	return name[0] != '.' && n > 5 && strcmp(name + n - 5, ".yaml") == 0;
}

/* The name list doubles in the arena; the old ones are few and small. */
static bool
add_name(struct folder *f, const char *name)
{
	if (f->n_names == f->room) {
		size_t room = f->room == 0 ? 64 : 2 * f->room;
		const char **names = mc_arena_alloc(
			f->arena, room * sizeof(*names));

		if (names == NULL)
			return false;
		for (size_t i = 0; i < f->n_names; i++)
			names[i] = f->names[i];
		f->names = names;
		f->room = room;
	}
	f->names[f->n_names] = mc_arena_strdup(f->arena, name);
	return f->names[f->n_names++] != NULL;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* false: out of memory. */
static bool
list(struct folder *f, DIR *dir)
{
	const struct dirent *entry;

	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (entry == NULL)
			break;
		if (is_yaml(entry->d_name) && !add_name(f, entry->d_name))
			return false;
	}
	if (errno != 0)
		refuse(f, f->path, "cannot read the folder", errno);
	if (f->n_names > 0)
		qsort(f->names, f->n_names, sizeof(*f->names), by_name);
	return true;
}

/* Reads a file into f->text; -1: reported. */
static long
read_file(struct folder *f, int fd, const char *path)
{
	const size_t most = MC_FOLDER_FILE + 1; /* the parser refuses that */
	struct stat st;
	size_t n = 0;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		refuse(f, path, "not a regular file", 0);
		return -1;
	}
	while (n < most) {
		ssize_t got = read(fd, f->text + n, most - n);

		if (got == 0)
			break;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			refuse(f, path, "cannot read", errno);
			return -1;
		}
		n += (size_t)got;
	}
	return (long)n;
}

static void
take(struct folder *f, const char *name, mc_folder_fn *fn, void *context)
{
	const char *path = mc_arena_printf(f->arena, "%s/%s", f->path, name);
	long n;
	int fd;

	if (path == NULL)
		return;
	/* a FIFO must not hold up the program */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		refuse(f, path, "cannot open", errno);
		return;
	}
	n = read_file(f, fd, path);
	(void)close(fd);
	/*
	 * The shell makes the file empty before `mailcfg providers X > X.yaml`
	 * runs and reads this folder.
	 */
	if (n > 0 && !fn(context, path, f->text, (size_t)n))
		f->bad = true;
}

bool
mc_folder_read(struct mc_arena *arena, const char *path, enum mc_msg msg,
	mc_folder_fn *fn, void *context, bool *found, struct mc_report *report)
{
	struct folder f = {.arena = arena, .report = report, .msg = msg};
	DIR *dir = opendir(path);
	bool ok;

	if (found != NULL)
		*found = dir != NULL;
	f.path = mc_arena_strdup(arena, path);
	if (dir == NULL && errno == ENOENT)
		return true;
	if (dir == NULL || f.path == NULL) {
		if (dir == NULL && errno == ENOMEM)
			arena->failed = true;
		else if (dir == NULL)
			refuse(&f, path, "cannot open the folder", errno);
		else
			(void)closedir(dir);
		return false;
	}
	ok = list(&f, dir);
	(void)closedir(dir);
	f.text = malloc(MC_FOLDER_FILE + 1);
	if (f.text == NULL)
		arena->failed = true;
	for (size_t i = 0; ok && i < f.n_names && !arena->failed; i++)
		take(&f, f.names[i], fn, context);
	free(f.text);
	return ok && !f.bad && !arena->failed;
}
