/* SPDX-License-Identifier: ISC */
/* Templates of messages in a folder: LANG/FILE. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../text.h"
#include "letter.h"

enum { LANGUAGES = 256 };

/* A folder that is being read. */
struct folder {
	struct mc_arena *arena;
	struct mc_report *report;
	const char *path;
	const char *langs[LANGUAGES];
	size_t n;
	bool bad;
};

const char *
mc_letter_file(enum mc_letter_part part)
{
	static const char *const names[MC_LETTER_PARTS] = {
		"subject.txt", "message.txt", "message.html"};

	return names[part];
}

static void
refuse(struct folder *f, const struct mailcfg_pos *pos, const char *what,
	int error)
{
	char reason[256] = "";

	f->bad = true;
	if (error != 0)
		(void)strerror_r(error, reason, sizeof(reason));
	mc_say(f->report, MC_MSG_BAD_TEMPLATE, pos, NULL, NULL, "%s%s%s", what,
		error == 0 ? "" : ": ", reason);
}

/* A name that is a language tag, as far as folders go. */
static bool
is_lang(const char *name)
{
	size_t n = 0, part = 0;

	for (; name[n] != '\0'; n++) {
		char c = mc_lower(name[n]);

		if (c == '-') {
			if (part == 0)
				return false;
			part = 0;
		} else if ((c >= 'a' && c <= 'z') ||
			(n > part && c >= '0' && c <= '9')) {
			if (++part > 8)
				return false;
		} else {
			return false;
		}
	}
	return n >= 2 && n <= 64 && part > 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
list(struct folder *f, DIR *dir)
{
	const struct dirent *entry;
	const struct mailcfg_pos pos = {f->path, 0, 0};

	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (entry == NULL)
			break;
		if (!is_lang(entry->d_name))
			continue;
		if (f->n == LANGUAGES) {
			refuse(f, &pos, "too many languages", 0);
			return;
		}
		f->langs[f->n] = mc_arena_strdup(f->arena, entry->d_name);
		if (f->langs[f->n++] == NULL)
			return;
	}
	if (errno != 0)
		refuse(f, &pos, "cannot read the folder", errno);
	qsort(f->langs, f->n, sizeof(f->langs[0]), by_name);
}

/* Bytes of a file, with a NUL behind them; -1: errno, 0 where it is too big. */
static long
read_all(int fd, char *text)
{
	struct stat st;
	size_t n = 0;

	if (fstat(fd, &st) != 0)
		return -1;
	errno = 0;
	if (!S_ISREG(st.st_mode))
		return -1;
	for (;;) {
		ssize_t got = read(fd, text + n, MC_LETTER_BYTES + 1 - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		n += (size_t)got;
		if (got == 0 || n > MC_LETTER_BYTES)
			break;
	}
	errno = 0;
	if (n > MC_LETTER_BYTES)
		return -1;
	text[n] = '\0';
	return (long)n;
}

/* LF at the ends of lines; what an editor puts at the end of a subject. */
static void
normalise(char *text, enum mc_letter_part part)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++)
		if (*from != '\r' || from[1] != '\n')
			*to++ = *from;
	*to = '\0';
	if (part == MC_LETTER_SUBJECT && to > text && to[-1] == '\n')
		to[-1] = '\0';
}

/* false: reported. */
static bool
check(struct folder *f, const char *path, enum mc_letter_part part,
	const char *text, size_t n)
{
	struct mailcfg_pos pos = {path, 1, 1};
	const char *why;
	size_t at = 0;

	for (size_t i = 0, len; i < n; i += len) {
		uint32_t code;

		len = mc_utf8_decode(text + i, n - i, &code);
		if (len == 0 || code == 0 ||
			(code < ' ' && code != '\n' && code != '\t')) {
			at = i;
			why = len == 0 ? "it is not UTF-8"
				       : "a control character is in it";
			goto bad;
		}
	}
	why = mc_letter_check(part, text, &at);
	if (why == NULL)
		return true;
bad:
	for (size_t i = 0; i < at; i++)
		if (text[i] == '\n') {
			pos.line++;
			pos.column = 1;
		} else if (((unsigned char)text[i] & 0xc0) != 0x80) {
			pos.column++;
		}
	refuse(f, &pos, why, 0);
	return false;
}

/* One file; NULL: reported, or out of memory. */
static const char *
read_part(struct folder *f, const char *lang, enum mc_letter_part part)
{
	const char *path = mc_arena_printf(
		f->arena, "%s/%s/%s", f->path, lang, mc_letter_file(part));
	char *text = malloc(MC_LETTER_BYTES + 2);
	const struct mailcfg_pos pos = {path, 0, 0};
	const char *copy = NULL;
	long n = -1;
	int fd = -1;

	if (path == NULL || text == NULL) {
		f->arena->failed = true;
		free(text);
		return NULL;
	}
	/* a FIFO must not hold up the program */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0)
		n = read_all(fd, text);
	if (n < 0) {
		refuse(f, &pos,
			errno == 0 ? "no regular file of at most 64 KiB"
				   : "cannot read",
			errno);
	} else {
		if (strlen(text) == (size_t)n) {
			normalise(text, part);
			n = (long)strlen(text);
		}
		if (check(f, path, part, text, (size_t)n))
			copy = mc_arena_strdup(f->arena, text);
	}
	if (fd >= 0)
		(void)close(fd);
	free(text);
	return copy;
}

bool
mc_letter_read_dir(struct mc_arena *arena, const char *path,
	struct mc_letter_table *out, bool *found, struct mc_report *report)
{
	struct folder f = {.arena = arena, .report = report};
	const struct mailcfg_pos pos = {path, 0, 0};
	DIR *dir = opendir(path);
	struct mc_letter_texts *texts;

	*out = (struct mc_letter_table){NULL, 0};
	if (found != NULL)
		*found = dir != NULL;
	if (dir == NULL && errno == ENOENT)
		return true;
	if (dir == NULL) {
		refuse(&f, &pos, "cannot open the folder", errno);
		return false;
	}
	f.path = mc_arena_strdup(arena, path);
	if (f.path != NULL)
		list(&f, dir);
	(void)closedir(dir);
	texts = mc_arena_alloc(arena, (f.n + 1) * sizeof(*texts));
	for (size_t i = 0; i < f.n && !arena->failed; i++) {
		texts[i].lang = f.langs[i];
		for (int k = 0; k < MC_LETTER_PARTS; k++)
			texts[i].part[k] = read_part(
				&f, f.langs[i], (enum mc_letter_part)k);
	}
	*out = (struct mc_letter_table){texts, f.n};
	return !arena->failed && !f.bad;
}
