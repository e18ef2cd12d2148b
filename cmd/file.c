/* SPDX-License-Identifier: ISC */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

const char *
fate_word(enum fate fate)
{
	switch (fate) {
	case FATE_CREATED: return "created";
	case FATE_CHANGED: return "changed";
	case FATE_SAME: return "same";
	case FATE_SENT: return "sent";
	case FATE_WAITING: return "waiting";
	case FATE_DOUBTFUL: return "doubtful";
	case FATE_REFUSED:
	case FATE_CREATE:
	case FATE_WRITE:
	case FATE_LATER: break;
	}
	return "refused";
}

/* Whether a name is one component that means itself. */
static bool
is_component(const char *name)
{
	return *name != '\0' && strchr(name, '/') == NULL &&
		strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/*
 * Opens what is in the directory itself: no link is followed, whatever a
 * rival puts there meanwhile.
 */
static int
open_beneath(int dir, const char *name, int flags, mode_t mode)
{
	flags |= O_CLOEXEC | O_NOFOLLOW;
	if (!is_component(name)) {
		errno = EXDEV;
		return -1;
	}
#if defined(__linux__) && defined(SYS_openat2)
	struct open_how how = {
		.flags = (uint64_t)(unsigned)flags,
		.mode = (flags & O_CREAT) != 0 ? mode : 0,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
			RESOLVE_NO_MAGICLINKS,
	};
	long fd;

	do
		fd = syscall(SYS_openat2, dir, name, &how, sizeof(how));
	while (fd == -1 && errno == EINTR);
	/* old kernels, and sandboxes that do not know the call */
	if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
		return (int)fd;
#endif
	return openat(dir, name, flags, mode);
}

bool
file_look(struct file *file, int dir, const char *name, mode_t mode)
{
	struct stat st;

	*file = (struct file){.dir = dir, .fd = -1, .old = -1, .mode = mode};
	if (strlen(name) >= sizeof(file->name)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(file->name, name, strlen(name) + 1);
	/* a device, a pipe or a folder is no file to be replaced */
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EEXIST;
		return false;
	}
	/* nor is a link to one, such as /dev/stdout */
	if (fstatat(dir, name, &st, 0) == 0 && !S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EEXIST;
		return false;
	}
	/* and if one comes meanwhile, it must not make us wait */
	file->old = open_beneath(dir, name, O_RDONLY | O_NONBLOCK, 0);
	if (file->old == -1 && errno == ENOENT)
		return true;
	if (file->old == -1 && errno != ELOOP && errno != EACCES &&
		errno != ENXIO)
		return false;
	file->there = true;
	file->same = file->old != -1 && fstat(file->old, &st) == 0 &&
		S_ISREG(st.st_mode);
	return true;
}

void
file_compare(struct file *file, const char *bytes, size_t n)
{
	char block[16 * 1024];
	size_t done = 0;

	while (file->same && done < n) {
		size_t part = n - done < sizeof(block) ? n - done
						       : sizeof(block);
		ssize_t got = read(file->old, block, part);

		if (got <= 0 || memcmp(block, bytes + done, (size_t)got) != 0)
			file->same = false;
		else
			done += (size_t)got;
	}
	if (file->same)
		file->compared += (off_t)n;
}

char *
file_there(struct file *file, size_t most, size_t *n)
{
	struct stat st;
	ssize_t got = 0;
	char *bytes;

	*n = 0;
	if (file->old == -1 || fstat(file->old, &st) != 0 ||
		!S_ISREG(st.st_mode) || st.st_size <= 0 ||
		(unsigned long long)st.st_size > most)
		return NULL;
	bytes = malloc((size_t)st.st_size);
	while (bytes != NULL && *n < (size_t)st.st_size) {
		got = pread(file->old, bytes + *n, (size_t)st.st_size - *n,
			(off_t)*n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		*n += (size_t)got;
	}
	return bytes;
}

void
file_accept(struct file *file)
{
	file->same = lseek(file->old, 0, SEEK_END) != -1;
}

bool
file_is_same(struct file *file, bool dry_run)
{
	struct stat st;
	char more;

	if (!file->same || read(file->old, &more, 1) != 0)
		return false;
	if (!file->secret || dry_run)
		return true;
	/* the bytes are right, but others could read the password */
	if (fstat(file->old, &st) != 0)
		return false;
	return (st.st_mode & (S_IRWXG | S_IRWXO)) == 0 ||
		fchmod(file->old, file->mode) == 0;
}

/* NAME is cut so that the whole is no longer than 255. */
bool
file_temp(char temp[FILE_NAME], const char *name)
{
	uint64_t random = 0;

	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return false;
	(void)snprintf(temp, FILE_NAME, ".%.200s.%ld.%016llx.tmp", name,
		(long)getpid(), (unsigned long long)random);
	return true;
}

int
file_create(int dir, const char *name, mode_t mode)
{
	int fd = open_beneath(dir, name, O_WRONLY | O_CREAT | O_EXCL, mode);
	int error;

	/* a default ACL or a umask may have changed it */
	if (fd == -1 || fchmod(fd, mode) == 0)
		return fd;
	error = errno;
	(void)close(fd);
	(void)unlinkat(dir, name, 0);
	errno = error;
	return -1;
}

bool
file_start(struct file *file)
{
	if (!file_temp(file->temp, file->name))
		return false;
	file->fd = file_create(file->dir, file->temp, file->mode);
	if (file->fd == -1)
		file->temp[0] = '\0';
	return file->fd != -1;
}

bool
file_write_some(int fd, struct pair *pair)
{
	struct iovec parts[2] = {
		{.iov_len = pair->size[0]}, {.iov_len = pair->size[1]}};
	ssize_t done;
	size_t n;

	/* which are only read, whatever iovec says */
	memcpy(&parts[0].iov_base, &pair->bytes[0], sizeof(pair->bytes[0]));
	memcpy(&parts[1].iov_base, &pair->bytes[1], sizeof(pair->bytes[1]));
	done = pair->size[0] == 0 ? write(fd, pair->bytes[1], pair->size[1])
				  : writev(fd, parts, 2);
	if (done == 0)
		errno = EIO;
	if (done <= 0)
		return false;
	n = (size_t)done < pair->size[0] ? (size_t)done : pair->size[0];
	pair->bytes[0] += n;
	pair->size[0] -= n;
	pair->bytes[1] += (size_t)done - n;
	pair->size[1] -= (size_t)done - n;
	return true;
}

bool
file_write_pair(int fd, struct pair *pair)
{
	while (pair->size[0] + pair->size[1] > 0)
		if (!file_write_some(fd, pair) && errno != EINTR)
			return false;
	return true;
}

bool
file_write_all(int fd, const char *bytes, size_t n)
{
	struct pair pair = {.bytes = {"", bytes}, .size = {0, n}};

	return file_write_pair(fd, &pair);
}

bool
file_write(struct file *file, const char *bytes, size_t n)
{
	return file_write_all(file->fd, bytes, n);
}

bool
file_durable(int fd, int (*sync)(int))
{
	int failed;

	do
		failed = sync(fd);
	while (failed != 0 && errno == EINTR);
	return failed == 0;
}

/* The rename that replaces nothing. */
static bool
rename_new(const struct file *file)
{
#if defined(__linux__) && defined(SYS_renameat2)
	if (syscall(SYS_renameat2, file->dir, file->temp, file->dir, file->name,
		    1u /* RENAME_NOREPLACE */) == 0)
		return true;
	if (errno != ENOSYS && errno != EINVAL && errno != EPERM)
		return false;
#endif
	/* a link replaces nothing either */
	if (linkat(file->dir, file->temp, file->dir, file->name, 0) != 0)
		return false;
	return unlinkat(file->dir, file->temp, 0) == 0;
}

bool
file_sync(struct file *const *files, size_t n)
{
	struct stat first, st;
	size_t done = 0;

	if (n >= FILE_MANY && fstat(files[0]->fd, &first) == 0) {
		if (!file_durable(files[0]->fd, syncfs))
			return false;
		done = 1;
	}
	for (size_t i = done; i < n; i++) {
		/* a folder may be on a file system of its own */
		if (done > 0 && fstat(files[i]->fd, &st) == 0 &&
			st.st_dev == first.st_dev)
			continue;
		if (!file_durable(files[i]->fd, fsync))
			return false;
	}
	return true;
}

enum fate
file_publish(struct file *file, bool force)
{
	int fd = file->fd;
	bool renamed;

	file->fd = -1;
	if (close(fd) != 0)
		return FATE_WRITE;
	if (force)
		renamed = renameat(file->dir, file->temp, file->dir,
				  file->name) == 0;
	else
		renamed = rename_new(file);
	if (!renamed)
		return errno == EEXIST ? FATE_REFUSED : FATE_CREATE;
	file->temp[0] = '\0';
	return file->there ? FATE_CHANGED : FATE_CREATED;
}

void
file_drop(struct file *file)
{
	int error = errno;

	if (file->fd != -1)
		(void)close(file->fd);
	if (file->old != -1)
		(void)close(file->old);
	if (file->temp[0] != '\0' && unlinkat(file->dir, file->temp, 0) == 0)
		file->temp[0] = '\0';
	if (file->dir != -1)
		(void)close(file->dir);
	file->fd = file->old = file->dir = -1;
	errno = error;
}

int
file_folder(int dir, const char *name, bool make)
{
	bool made = false;
	int fd;

	if (make) {
		if (!is_component(name)) {
			errno = EXDEV;
			return -1;
		}
		made = mkdirat(dir, name, S_IRWXU) == 0;
		if (!made && errno != EEXIST)
			return -1;
	}
	fd = open_beneath(dir, name, O_RDONLY | O_DIRECTORY, 0);
	if (fd != -1 && made && fchmod(fd, S_IRWXU) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}
