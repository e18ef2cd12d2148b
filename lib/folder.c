/* SPDX-License-Identifier: ISC */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

void
mc_folder_refuse(struct mc_folder *f, const struct mailcfg_pos *pos,
	const char *what, int error)
{
	char reason[256] = "";

	f->bad = true;
	if (error != 0)
		(void)strerror_r(error, reason, sizeof(reason));
	mc_say(f->report, f->msg, pos, NULL, NULL, "%s%s%s", what,
		error == 0 ? "" : ": ", reason);
}

static void
refuse(struct mc_folder *f, const char *path, const char *what, int error)
{
	const struct mailcfg_pos pos = {path, 0, 0};

	mc_folder_refuse(f, &pos, what, error);
}

bool
mc_folder_is_lang(const char *name)
{
	size_t n = 0, part = 0;

	for (; name[n] != '\0'; n++) {
		char c = mc_lower(name[n]);

		if (c == '-' && part > 0)
			part = 0;
		else if (((c >= 'a' && c <= 'z') ||
				 (n > part && c >= '0' && c <= '9')) &&
			part < 8)
			part++;
		else
			return false;
	}
	return n >= 2 && n <= 64 && part > 0;
}

static bool
is_yaml(const char *name)
{
	size_t n = strlen(name);

	return name[0] != '.' && n > 5 && strcmp(name + n - 5, ".yaml") == 0;
}

/* A list of names; it doubles in the arena, the old ones are few and small. */
struct names {
	const char **name;
	size_t n;
	size_t room;
};

static bool
add_name(struct mc_folder *f, struct names *names, const char *name)
{
	if (names->n == names->room) {
		size_t room = names->room == 0 ? 64 : 2 * names->room;
		const char **more = mc_arena_alloc(
			f->arena, room * sizeof(*more));

		if (more == NULL)
			return false;
		for (size_t i = 0; i < names->n; i++)
			more[i] = names->name[i];
		names->name = more;
		names->room = room;
	}
	names->name[names->n] = mc_arena_strdup(f->arena, name);
	return names->name[names->n++] != NULL;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* false: out of memory. */
static bool
list(struct mc_folder *f, DIR *dir, const char *path,
	bool (*wanted)(const char *), struct names *names)
{
	const struct dirent *entry;

	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (entry == NULL)
			break;
		if (wanted(entry->d_name) && !add_name(f, names, entry->d_name))
			return false;
	}
	if (errno != 0)
		refuse(f, path, "cannot read the folder", errno);
	if (names->n > 0)
		qsort(names->name, names->n, sizeof(*names->name), by_name);
	return true;
}

bool
mc_folder_names(struct mc_folder *f, const char *path,
	bool (*wanted)(const char *), bool *found, const char *const **names,
	size_t *n)
{
	struct names all = {NULL, 0, 0};
	DIR *dir = opendir(path);
	int error = errno;
	bool ok;

	*names = NULL;
	*n = 0;
	if (found != NULL)
		*found = dir != NULL;
	if (dir == NULL && error == ENOENT && found != NULL)
		return true;
	if (dir == NULL && error == ENOMEM)
		f->arena->failed = true;
	else if (dir == NULL)
		refuse(f, path, "cannot open the folder", error);
	if (dir == NULL)
		return false;
	ok = list(f, dir, path, wanted, &all);
	(void)closedir(dir);
	*names = all.name;
	*n = all.n;
	return ok && !f->bad;
}

/* Reads the file, at most so many bytes; -1: reported. */
static long
read_file(struct mc_folder *f, const char *path, char *text, size_t most)
{
	/* a FIFO must not hold up the program */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got = 1;
	struct stat st;
	size_t n = 0;

	if (fd < 0) {
		refuse(f, path, "cannot open", errno);
		return -1;
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		refuse(f, path, "not a regular file", 0);
		(void)close(fd);
		return -1;
	}
	while (n < most && got != 0) {
		got = read(fd, text + n, most - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			refuse(f, path, "cannot read", errno);
			break;
		}
		n += (size_t)got;
	}
	(void)close(fd);
	return got < 0 ? -1 : (long)n;
}

char *
mc_folder_file(struct mc_folder *f, const char *path, size_t most, size_t *n)
{
	char *text = malloc(most + 1), *copy = NULL;
	long size;

	if (text == NULL) {
		f->arena->failed = true;
		return NULL;
	}
	size = read_file(f, path, text, most + 1);
	*n = size < 0 ? 0 : (size_t)size;
	if (*n > most) {
		char what[64];

		(void)snprintf(
			what, sizeof(what), "more than %zu KiB", most / 1024);
		refuse(f, path, what, 0);
	} else if (size >= 0) {
		copy = mc_arena_strndup(f->arena, text, *n);
	}
	free(text);
	return copy;
}

static void
take(struct mc_folder *f, const char *name, char *text, mc_folder_fn *fn,
	void *context)
{
	const char *path = mc_arena_printf(f->arena, "%s/%s", f->path, name);
	long n;

	if (path == NULL)
		return;
	/* one byte more: the parser refuses that */
	n = read_file(f, path, text, (size_t)MC_FOLDER_FILE + 1);
	/*
	 * The shell makes the file empty before `mailcfg providers X > X.yaml`
	 * runs and reads this folder.
	 */
	if (n > 0 && !fn(context, path, text, (size_t)n))
		f->bad = true;
}

bool
mc_folder_read(struct mc_arena *arena, const char *path, enum mc_msg msg,
	mc_folder_fn *fn, void *context, bool *found, struct mc_report *report)
{
	struct mc_folder f = {.arena = arena, .report = report, .msg = msg};
	const char *const *names;
	bool there, ok;
	char *text;
	size_t n;

	/* what positions name outlives the caller's path */
	f.path = mc_arena_strdup(arena, path);
	ok = f.path != NULL &&
		mc_folder_names(&f, f.path, is_yaml, &there, &names, &n);
	if (found != NULL)
		*found = ok && there;
	if (!ok || !there)
		return ok;
	text = malloc(MC_FOLDER_FILE + 1);
	if (text == NULL)
		arena->failed = true;
	for (size_t i = 0; i < n && !arena->failed; i++)
		take(&f, names[i], text, fn, context);
	free(text);
	return !f.bad && !arena->failed;
}
