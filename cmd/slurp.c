/* SPDX-License-Identifier: ISC */
/* A small file as a whole. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "cmd.h"

enum { MIB = 1024 * 1024 };

/* No more than a byte more than is taken.  false: errno. */
static bool
read_all(int fd, size_t most, struct mc_buf *bytes)
{
	char block[16 * 1024];
	bool ok = true;
	ssize_t n = 1;

	while (ok && n != 0 && bytes->len <= most && !bytes->failed) {
		n = read(fd, block, sizeof(block));
		ok = n >= 0 || errno == EINTR;
		if (n > 0)
			mc_buf_add(bytes, block, (size_t)n);
	}
	mc_wipe(block, sizeof(block));
	return ok;
}

bool
slurp(struct program *program, struct mc_report *report, const char *path,
	size_t most, struct mc_buf *bytes)
{
	const struct mailcfg_pos pos = {path, 0, 0};
	bool own = strcmp(path, "-") != 0, ok, big;
	int fd = own ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
		     : STDIN_FILENO;
	struct stat st = {0};

	ok = fd != -1 && fstat(fd, &st) == 0;
	/* what is known to be too much is not read */
	big = ok && S_ISREG(st.st_mode) && st.st_size > (off_t)most;
	if (ok && !big)
		ok = read_all(fd, most, bytes);
	if (!ok)
		mc_say(report, MC_MSG_NO_INPUT, &pos, NULL, NULL, "%s",
			strerror(errno));
	if (own && fd != -1)
		(void)close(fd);
	if (!ok)
		return false;
	if (bytes->failed)
		complain_memory(program);
	else if (big || bytes->len > most)
		mc_say(report, MC_MSG_TOO_BIG, &pos, NULL, NULL,
			"more than %zu MiB", most / MIB);
	else if (bytes->len == 0)
		mc_say(report, MC_MSG_EMPTY_INPUT, &pos, NULL, NULL,
			"there is nothing in it");
	else
		return true;
	return false;
}
