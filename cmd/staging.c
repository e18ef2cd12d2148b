/* SPDX-License-Identifier: ISC */
#include "staging.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

/* The directory's entries; the descriptor stays the caller's. */
static DIR *
list_of(int dir)
{
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = copy == -1 ? NULL : fdopendir(copy);

	if (list == NULL && copy != -1)
		(void)close(copy);
	return list;
}

static bool
is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void
clear_folder(int dir, const char *name)
{
	int folder = file_folder(dir, name, false);
	DIR *list = folder == -1 ? NULL : list_of(folder);
	struct dirent *entry;

	while (list != NULL && (entry = readdir(list)) != NULL)
		if (!is_dots(entry->d_name))
			(void)unlinkat(folder, entry->d_name, 0);
	if (list != NULL)
		(void)closedir(list);
	if (folder != -1)
		(void)close(folder);
	(void)unlinkat(dir, name, AT_REMOVEDIR);
}

/* Takes away a folder with what we put there: files, folders with files. */
static void
clear(int parent, const char *name, int dir)
{
	DIR *list = list_of(dir);
	struct dirent *entry;

	while (list != NULL && (entry = readdir(list)) != NULL)
		if (!is_dots(entry->d_name) &&
			unlinkat(dir, entry->d_name, 0) != 0)
			clear_folder(dir, entry->d_name);
	if (list != NULL)
		(void)closedir(list);
	(void)unlinkat(parent, name, AT_REMOVEDIR);
}

/* Whether a run is at work in the folder; what a dead one left is removed. */
static bool
is_alive(int parent, const char *name)
{
	int dir = file_folder(parent, name, false);
	bool alive = false;
	struct stat st;

	if (dir == -1)
		return false;
	/* others' folders are no business of ours */
	if (fstat(dir, &st) == 0 && st.st_uid == geteuid()) {
		/* the lock tells, and not the number, which may be another's */
		if (flock(dir, LOCK_EX | LOCK_NB) == 0)
			clear(parent, name, dir);
		else
			alive = errno == EWOULDBLOCK;
	}
	(void)close(dir);
	return alive;
}

long
staging_sweep(int parent, const char *name)
{
	DIR *list = list_of(parent);
	struct dirent *entry;
	long rival = 0, pid;

	while (list != NULL && (entry = readdir(list)) != NULL)
		if (file_is_temp(entry->d_name, name, &pid) &&
			is_alive(parent, entry->d_name))
			rival = pid;
	if (list != NULL)
		(void)closedir(list);
	return rival;
}

/* Whether the folder is ours: not swept before it had its lock. */
static bool
is_locked(const struct staging *st, int dir)
{
	struct stat here, there;
	long pid;

	return file_lock(dir, false, &pid) && fstat(dir, &here) == 0 &&
		fstatat(st->parent, st->temp, &there, AT_SYMLINK_NOFOLLOW) ==
		0 &&
		here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

static int
make(struct staging *st)
{
	int dir, error;

	if (!file_temp(st->temp, st->name))
		return -1;
	dir = file_folder(st->parent, st->temp, true);
	if (dir != -1 && is_locked(st, dir))
		return dir;
	error = dir == -1 ? errno : EAGAIN;
	if (dir != -1)
		(void)close(dir);
	(void)unlinkat(st->parent, st->temp, AT_REMOVEDIR);
	errno = error;
	return -1;
}

int
staging_open(struct staging *st, int parent, const char *name)
{
	int dir, error;

	*st = (struct staging){.parent = parent};
	(void)snprintf(st->name, sizeof(st->name), "%s", name);
	dir = make(st);
	/* another run that looks for leftovers was quicker than our lock */
	for (int i = 0;
		i < 8 && dir == -1 && (errno == EAGAIN || errno == ENOENT); i++)
		dir = make(st);
	if (dir != -1)
		return dir;
	error = errno;
	(void)close(parent);
	st->parent = -1;
	errno = error;
	return -1;
}

/* false: errno of the first that failed.  Each is closed. */
static bool
close_few(struct staging *st, bool sync)
{
	int error = 0;

	for (size_t i = 0; i < st->n_few; i++) {
		if (sync && error == 0 && !file_durable(st->few[i], fsync))
			error = errno;
		if (close(st->few[i]) != 0 && error == 0 && errno != EINTR)
			error = errno;
	}
	st->n_few = 0;
	errno = error;
	return error == 0;
}

bool
staging_add(struct staging *st, int fd)
{
	if (++st->n < FILE_MANY) {
		st->few[st->n_few++] = fd;
		return true;
	}
	if (!close_few(st, false))
		st->broken = true;
	/* where a signal cuts it short the descriptor is gone all the same */
	return close(fd) == 0 || errno == EINTR;
}

bool
staging_leave(struct staging *st, int folder)
{
	return st->n >= FILE_MANY || file_durable(folder, fsync);
}

bool
staging_sync(struct staging *st, int dir)
{
	if (st->n >= FILE_MANY)
		return file_durable(dir, syncfs);
	return close_few(st, true) && file_durable(dir, fsync);
}

bool
staging_publish(struct staging *st)
{
	struct stat there;

#if defined(__linux__) && defined(SYS_renameat2)
	if (syscall(SYS_renameat2, st->parent, st->temp, st->parent, st->name,
		    1u /* RENAME_NOREPLACE */) == 0) {
		st->temp[0] = '\0';
		return true;
	}
	if (errno != ENOSYS && errno != EINVAL && errno != EPERM)
		return false;
#endif
	/* nothing but an empty directory would be replaced, even so */
	if (fstatat(st->parent, st->name, &there, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return false;
	}
	if (renameat(st->parent, st->temp, st->parent, st->name) != 0)
		return false;
	st->temp[0] = '\0';
	return true;
}

void
staging_close(struct staging *st, int dir)
{
	(void)close_few(st, false);
	if (st->temp[0] != '\0')
		clear(st->parent, st->temp, dir);
	st->temp[0] = '\0';
	if (st->parent != -1)
		(void)close(st->parent);
	st->parent = -1;
}
