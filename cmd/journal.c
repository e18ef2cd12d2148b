/* SPDX-License-Identifier: ISC */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "text.h"

static const char magic[] = "mailcfg journal 1";
static const char *const words[] = {
	"", "sending", "sent", "waiting", "refused"};
enum { STATES = sizeof(words) / sizeof(words[0]), LINE = 8 * 1024 };

/* What is remembered of a key, in the sixteen bytes of a set's value. */
struct past {
	uint32_t state;
	uint32_t sent;
	int64_t seconds;
};
_Static_assert(sizeof(struct past) == 16, "it must fill a value");

static bool
cannot(struct journal *j, enum mc_msg message, int error)
{
	j->failed = true;
	if (error == ENOMEM)
		complain_memory(j->program);
	else
		mc_say(&j->program->report, message, NULL, NULL, NULL, "%s: %s",
			j->path, strerror(error));
	return false;
}

static bool
damaged(struct journal *j, unsigned line)
{
	const struct mailcfg_pos pos = {j->path, line, 1};

	j->failed = true;
	mc_say(&j->program->report, MC_MSG_BAD_JOURNAL, &pos, NULL, NULL,
		"this is no line of a journal: name another file, or mend "
		"this one");
	return false;
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Exactly 16 bytes. */
static bool
read_hex(const char *s, unsigned char out[16])
{
	for (size_t i = 0; i < 16; i++) {
		int high = digit(s[2 * i]), low;

		if (high < 0)
			return false;
		low = digit(s[2 * i + 1]);
		if (low < 0)
			return false;
		out[i] = (unsigned char)(high * 16 + low);
	}
	return s[32] == '\0';
}

/* The fields of a line, parted by tabs; returns their number. */
static size_t
split(char *line, char *fields[], size_t most)
{
	size_t n = 0;

	for (char *s = line; s != NULL && n < most;) {
		fields[n++] = s;
		s = strchr(s, '\t');
		if (s != NULL)
			*s++ = '\0';
	}
	return n;
}

/* "2026-07-01T12:00:00Z" */
static bool
read_time(const char *s, long long *seconds)
{
	static const char form[] = "0000-00-00T00:00:00Z";
	int numbers[6] = {0}, n = 0;
	struct tm t = {0};

	for (size_t i = 0; i < sizeof(form); i++) {
		bool number = form[i] == '0';

		if (number ? digit(s[i]) < 0 || digit(s[i]) > 9
			   : s[i] != form[i])
			return false;
		if (number)
			numbers[n] = numbers[n] * 10 + digit(s[i]);
		else if (n < 5)
			n++;
	}
	t.tm_year = numbers[0] - 1900;
	t.tm_mon = numbers[1] - 1;
	t.tm_mday = numbers[2];
	t.tm_hour = numbers[3];
	t.tm_min = numbers[4];
	t.tm_sec = numbers[5];
	*seconds = timegm(&t);
	return true;
}

static bool
take_line(struct journal *j, char *line, unsigned number)
{
	const struct spot none = {0};
	unsigned char key[JOURNAL_KEY], value[16];
	struct past past = {0, 0, 0};
	char *field[6];
	uint32_t state = 1;
	long long seconds;

	if (split(line, field, 6) != 6 || !read_time(field[1], &seconds) ||
		!read_hex(field[2], key))
		return damaged(j, number);
	while (state < STATES && strcmp(words[state], field[0]) != 0)
		state++;
	if (state == STATES)
		return damaged(j, number);
	if (seen_find_value(&j->seen, key, NULL, value))
		memcpy(&past, value, sizeof(past));
	past.state = state;
	past.sent += state == JOURNAL_SENT;
	past.seconds = seconds;
	memcpy(value, &past, sizeof(past));
	return seen_add(&j->seen, key, none, value) ||
		cannot(j, MC_MSG_CANNOT_WRITE, ENOMEM);
}

/* The first line, with what keys are made with. */
static bool
take_head(struct journal *j, char *line)
{
	char *field[2];

	if (split(line, field, 2) != 2 || strcmp(field[0], magic) != 0 ||
		!read_hex(field[1], j->salt))
		return damaged(j, 1);
	return true;
}

/*
 * Reads what is there.  A last line without its end was cut off before the
 * disk had it: nothing followed from it, and it does not count.
 */
static bool
read_lines(struct journal *j, FILE *in, bool *cut)
{
	char *line = NULL;
	size_t size = 0;
	unsigned number = 0;
	ssize_t n;
	bool ok = true;

	while (ok && (n = getline(&line, &size, in)) > 0) {
		*cut = line[n - 1] != '\n';
		if (*cut)
			break;
		line[n - 1] = '\0';
		number++;
		if (strlen(line) != (size_t)n - 1 || n > LINE)
			ok = damaged(j, number);
		else if (number == 1)
			ok = take_head(j, line);
		else if (*line != '\0')
			ok = take_line(j, line, number);
	}
	if (ok && ferror(in) != 0)
		ok = cannot(j, MC_MSG_NO_INPUT, errno);
	if (ok && number == 0 && *cut)
		ok = damaged(j, 1);
	free(line);
	return ok;
}

static bool
write_line(struct journal *j, const char *line, size_t n)
{
	while (n > 0) {
		ssize_t done = write(j->fd, line, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return cannot(j, MC_MSG_CANNOT_WRITE, errno);
		line += done;
		n -= (size_t)done;
	}
	return true;
}

/* A new file: its first line, and its name, on the disk. */
static bool
write_head(struct journal *j)
{
	char line[sizeof(magic) + 2 * sizeof(j->salt) + 2];
	const char *slash = strrchr(j->path, '/');
	char *dir;
	int n, fd;
	bool ok;

	n = snprintf(line, sizeof(line), "%s\t", magic);
	if (getrandom(j->salt, sizeof(j->salt), 0) != sizeof(j->salt))
		return cannot(j, MC_MSG_CANNOT_WRITE, errno);
	mc_hex(line + n, j->salt, JOURNAL_SALT);
	n += 2 * JOURNAL_SALT;
	line[n++] = '\n';
	if (!write_line(j, line, (size_t)n) || !file_durable(j->fd, fsync))
		return j->failed || cannot(j, MC_MSG_CANNOT_WRITE, errno);
	dir = slash == NULL ? strdup(".")
			    : strndup(j->path, (size_t)(slash - j->path) + 1);
	if (dir == NULL)
		return cannot(j, MC_MSG_CANNOT_WRITE, ENOMEM);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	ok = fd != -1 && file_durable(fd, fsync);
	if (!ok)
		(void)cannot(j, MC_MSG_CANNOT_WRITE, errno);
	if (fd != -1)
		(void)close(fd);
	return ok;
}

static bool
is_private(struct journal *j, const struct stat *st, bool secret)
{
	const struct mailcfg_pos pos = {j->path, 0, 0};

	if (!S_ISREG(st->st_mode))
		return cannot(j, MC_MSG_CANNOT_WRITE, EINVAL);
	if (!secret || (st->st_mode & (S_IRWXG | S_IRWXO)) == 0)
		return true;
	j->failed = true;
	mc_say(&j->program->report, MC_MSG_READABLE_SECRET, &pos, NULL, NULL,
		"its mode is %04o, and passwords may be guessed from it: "
		"chmod 600",
		(unsigned)st->st_mode & 07777u);
	return false;
}

/* Reads the file that is open, or begins it. */
static bool
begin(struct journal *j, bool dry_run, bool secret)
{
	struct stat st;
	bool ok, cut = false;
	FILE *in;
	int fd;
	long pid;

	if (fstat(j->fd, &st) != 0)
		return cannot(j, MC_MSG_CANNOT_CREATE, errno);
	if (!is_private(j, &st, secret))
		return false;
	if (!dry_run && !file_lock(j->fd, false, &pid)) {
		j->failed = true;
		mc_say(&j->program->report, MC_MSG_BUSY, NULL, NULL, NULL,
			"%s: process %ld", j->path, pid);
		return false;
	}
	fd = fcntl(j->fd, F_DUPFD_CLOEXEC, 0);
	in = fd == -1 ? NULL : fdopen(fd, "r");
	if (in == NULL)
		return cannot(j, MC_MSG_NO_INPUT, errno);
	/* whoever had the lock before us may have written */
	if (fstat(j->fd, &st) != 0)
		st.st_size = 0;
	ok = read_lines(j, in, &cut);
	(void)fclose(in);
	if (!ok || dry_run)
		return ok;
	if (st.st_size == 0)
		return write_head(j);
	return !cut || write_line(j, "\n", 1);
}

bool
journal_open(struct journal *j, struct program *program, const char *path,
	bool dry_run, bool secret)
{
	j->path = path;
	j->program = program;
	j->seen.with_values = true;
	j->fd = open(path,
		dry_run ? O_RDONLY | O_CLOEXEC
			: O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY,
		S_IRUSR | S_IWUSR);
	if (j->fd == -1 && dry_run && errno == ENOENT)
		return true;
	if (j->fd == -1)
		return cannot(j, MC_MSG_CANNOT_CREATE, errno);
	return begin(j, dry_run, secret);
}

struct journal_past
journal_find(const struct journal *j, const unsigned char key[JOURNAL_KEY])
{
	unsigned char value[16];
	struct past past = {0, 0, 0};

	if (seen_find_value(&j->seen, key, NULL, value))
		memcpy(&past, value, sizeof(past));
	return (struct journal_past){
		(enum journal_state)past.state, past.sent, past.seconds};
}

bool
journal_add(struct journal *j, enum journal_state state,
	const unsigned char key[JOURNAL_KEY], const char *account,
	const char *to, const char *text, bool durable)
{
	char line[LINE], when[32] = "", hex[2 * JOURNAL_KEY + 1];
	time_t now = time(NULL);
	struct tm t;
	int n;

	if (j->fd == -1)
		return true;
	if (j->failed)
		return false;
	if (gmtime_r(&now, &t) != NULL)
		(void)strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &t);
	mc_hex(hex, key, JOURNAL_KEY);
	/* in one call: a line is there or not */
	n = snprintf(line, sizeof(line), "%s\t%s\t%s\t%s\t%s\t%s\n",
		words[state], when, hex, account, to, text);
	if (n < 0 || (size_t)n >= sizeof(line))
		return cannot(j, MC_MSG_CANNOT_WRITE, EMSGSIZE);
	if (!write_line(j, line, (size_t)n))
		return false;
	if (durable && !file_durable(j->fd, fdatasync))
		return cannot(j, MC_MSG_CANNOT_WRITE, errno);
	return true;
}

bool
journal_close(struct journal *j)
{
	bool ok = !j->failed;

	if (j->fd != -1) {
		if (ok && !file_durable(j->fd, fdatasync) && errno != EINVAL)
			ok = cannot(j, MC_MSG_CANNOT_WRITE, errno);
		(void)close(j->fd);
	}
	j->fd = -1;
	seen_free(&j->seen);
	return ok;
}
