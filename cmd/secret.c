/* SPDX-License-Identifier: ISC */
/*
 * --password-from, and what is like it: the only way for a password to come
 * in, besides a record.  A password is never in a message, nor in memory longer
 * than needed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gen.h"

static const char place[] = "{address}";

/*
 * The next word of a command: blanks part words, quotes and backslashes keep
 * them together as in a shell.  NULL: a quote is not closed.  *end: where to
 * go on; *end == NULL: there is no word any more.
 */
static const char *
next_word(struct mc_arena *arena, const char *s, const char **end)
{
	char *word, *out, quote = '\0';

	s += strspn(s, " \t");
	*end = NULL;
	if (*s == '\0')
		return "";
	word = out = mc_arena_alloc(arena, strlen(s) + 1);
	if (word == NULL)
		return NULL;
	for (; *s != '\0' && (quote != '\0' || (*s != ' ' && *s != '\t'));
		s++) {
		if (quote == '\0' && (*s == '\'' || *s == '"'))
			quote = *s;
		else if (quote != '\0' && *s == quote)
			quote = '\0';
		else if (*s == '\\' && quote != '\'' && s[1] != '\0')
			*out++ = *++s;
		else
			*out++ = *s;
	}
	*end = s;
	return quote == '\0' ? word : NULL;
}

const char **
split_words(struct mc_arena *arena, const char *text, size_t *n)
{
	const char **words = mc_arena_alloc(
		arena, (strlen(text) / 2 + 2) * sizeof(*words));

	*n = 0;
	for (const char *end = text; words != NULL && end != NULL;) {
		const char *word = next_word(arena, end, &end);

		if (word == NULL)
			return NULL;
		if (end != NULL)
			words[(*n)++] = word;
	}
	return words;
}

static bool
parse_command(struct source *source, struct mc_arena *arena, const char *text,
	struct program *program)
{
	size_t n;
	const char **words = split_words(arena, text, &n);

	if (words == NULL && !arena->failed)
		complain_usage(program,
			"%s: a quote of the command is not closed",
			source->option);
	if (words == NULL)
		return false;
	if (n == 0 || strstr(words[0], place) != NULL) {
		complain_usage(program,
			"%s: cmd: wants a command and its words",
			source->option);
		return false;
	}
	source->words = words;
	return true;
}

static bool
parse_fd(struct source *source, const char *text, struct program *program)
{
	int fd = 0;

	for (const char *c = text; *c != '\0'; c++) {
		if (*c < '0' || *c > '9' || c - text > 5) {
			fd = -1;
			break;
		}
		fd = fd * 10 + (*c - '0');
	}
	if (*text == '\0' || fd < 0 || fd == STDOUT_FILENO ||
		fd == STDERR_FILENO || fcntl(fd, F_GETFD) == -1) {
		complain_usage(program,
			"%s: fd: wants the number of an open descriptor",
			source->option);
		return false;
	}
	source->fd = fd;
	return true;
}

bool
source_parse(struct source *source, struct mc_arena *arena, const char *spec,
	struct program *program)
{
	/* a password that was given by mistake is not repeated */
	source->has_address = strstr(spec, place) != NULL;
	if (strcmp(spec, "prompt") == 0) {
		source->kind = SOURCE_PROMPT;
	} else if (strncmp(spec, "file:", 5) == 0 && spec[5] != '\0') {
		source->kind = SOURCE_FILE;
		source->path = spec + 5;
	} else if (strncmp(spec, "fd:", 3) == 0) {
		source->kind = SOURCE_FD;
		source->has_address = false;
		return parse_fd(source, spec + 3, program);
	} else if (strncmp(spec, "cmd:", 4) == 0) {
		source->kind = SOURCE_COMMAND;
		return parse_command(source, arena, spec + 4, program);
	} else {
		complain_usage(program,
			"%s is prompt, file:PATH, fd:N or cmd:WORDS",
			source->option);
		return false;
	}
	return true;
}

/* Puts the address in the place of {address}. */
static const char *
expand(struct mc_arena *arena, const char *text, const char *address)
{
	const char *at;

	for (size_t from = 0;
		text != NULL && (at = strstr(text + from, place)) != NULL;) {
		size_t before = (size_t)(at - text);

		from = before + strlen(address);
		text = mc_arena_printf(arena, "%.*s%s%s", (int)before, text,
			address, at + sizeof(place) - 1);
	}
	return text;
}

static const char *
read_file(struct gen *g, const struct source *source, struct mc_report *report,
	const char *address, struct password *password)
{
	const char *path, *why;
	int fd;

	/* the address is one component of the path, or nothing at all */
	if (source->has_address && strchr(address, '/') != NULL)
		return "the address holds a slash";
	path = expand(&g->work, source->path, address);
	if (path == NULL)
		return password_no_memory;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd == -1) {
		why = mc_arena_printf(
			&g->work, "%s: %s", path, strerror(errno));
		return why == NULL ? password_no_memory : why;
	}
	why = secret_is_private(g, report, MC_MSG_READABLE_SECRET, fd, path)
		? password_read(password, fd, 0)
		: "";
	(void)close(fd);
	return why;
}

static const char *
read_command(struct gen *g, const struct source *source, const char *address,
	struct password *password)
{
	const char *const *from = source->words;
	const char **words;
	size_t n = 0;

	while (from[n] != NULL)
		n++;
	words = mc_arena_alloc(&g->work, (n + 1) * sizeof(*words));
	for (size_t i = 0; words != NULL && i < n; i++) {
		/* "-x@example.org" must not become an option of somebody's */
		if (address[0] == '-' &&
			strncmp(from[i], place, sizeof(place) - 1) == 0)
			return "the address looks like an option";
		words[i] = expand(&g->work, from[i], address);
	}
	if (g->work.failed)
		return password_no_memory;
	return password_command(password, &g->work, words);
}

/* One newline at the end belongs to the file, not to the password. */
static void
strip(struct password *password)
{
	size_t n = password->size;

	if (n > 0 && password->bytes[n - 1] == '\n') {
		n--;
		if (n > 0 && password->bytes[n - 1] == '\r')
			n--;
	}
	password->size = n;
}

bool
source_read(struct gen *g, const struct source *source,
	struct mc_report *report, const char *of, const struct mailcfg_pos *pos,
	struct password *password)
{
	const char *why = NULL;

	switch (source->kind) {
	case SOURCE_NONE: return false;
	case SOURCE_PROMPT:
		why = password_prompt(password, source->what, of);
		break;
	case SOURCE_FILE:
		why = read_file(g, source, report, of, password);
		break;
	case SOURCE_FD: why = password_read(password, source->fd, 0); break;
	case SOURCE_COMMAND: why = read_command(g, source, of, password); break;
	}
	if (why == NULL) {
		strip(password);
		if (password->size > 0)
			return true;
		why = "it gave an empty password";
	}
	/* "": it was told already */
	if (why == password_no_memory)
		mc_say(report, MC_MSG_NO_MEMORY, pos, NULL, NULL,
			"for a password");
	else if (*why != '\0')
		mc_say(report, MC_MSG_PASSWORD_SOURCE, pos, NULL, NULL, "%s",
			why);
	return false;
}

/* Others that can write to the directory can put their file in its place. */
static void
check_directory(
	struct mc_arena *arena, struct mc_report *report, const char *path)
{
	const struct mailcfg_pos pos = {path, 0, 0};
	const char *slash = strrchr(path, '/'), *dir = ".";
	struct stat st;

	if (slash != NULL)
		dir = slash == path
			? "/"
			: mc_arena_strndup(arena, path, (size_t)(slash - path));
	if (dir == NULL || stat(dir, &st) != 0 ||
		(st.st_mode & (S_IWGRP | S_IWOTH)) == 0 ||
		(st.st_mode & S_ISVTX) != 0)
		return;
	mc_say(report, MC_MSG_UNSAFE_DIRECTORY, &pos, NULL, NULL,
		"chmod go-w %s", shell_word(arena, dir));
}

bool
secret_is_private(struct gen *g, struct mc_report *report, enum mc_msg id,
	int fd, const char *path)
{
	const struct mailcfg_pos pos = {path == NULL ? "-" : path, 0, 0};
	struct mc_arena arena = {0};
	struct stat st;
	bool open;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return true;
	if (path != NULL)
		check_directory(&arena, report, path);
	open = (st.st_mode & (S_IRGRP | S_IROTH)) != 0 &&
		!g->o.allow_insecure_input;
	if (open)
		mc_say(report, id, &pos, NULL, NULL,
			"its mode is %04o: chmod 600 %s",
			(unsigned)st.st_mode & 07777u,
			path == NULL ? "what standard input reads"
				     : shell_word(&arena, path));
	mc_arena_free(&arena);
	return !open;
}
