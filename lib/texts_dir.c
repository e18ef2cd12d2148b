/* SPDX-License-Identifier: ISC */
/* Texts in a folder: LANG/X.yaml, and files beside. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "emit/handout.h"
#include "preset_tree.h"
#include "text.h"
#include "texts.h"

enum { NAMES = 64, TEXTS = 1024, KEY = 128 };

/* A folder that is being read. */
struct folder {
	struct mc_arena *arena;
	struct mc_report *report;
	const char *path;
	bool bad;
};

/* A text, and where it was read. */
struct found {
	struct mc_text text;
	struct mailcfg_pos pos;
};
struct found_list {
	struct found *list; /* TEXTS of them */
	size_t n;
};

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
ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), k = strlen(end);

	return name[0] != '.' && n > k && strcmp(name + n - k, end) == 0;
}

static bool
is_texts(const char *name)
{
	return ends_in(name, ".yaml");
}

static bool
is_file(const char *name)
{
	return ends_in(name, ".html") || ends_in(name, ".css") ||
		ends_in(name, ".js");
}

static int
by_key(const void *a, const void *b)
{
	const struct found *left = a, *right = b;
	int order = strcmp(left->text.key, right->text.key);

	if (order == 0)
		order = strcmp(left->pos.file, right->pos.file);
	if (order == 0)
		order = left->pos.line < right->pos.line ? -1 : 1;
	return order;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in the folder that are wanted, sorted; -1: reported, or memory. */
static long
list(struct folder *f, DIR *dir, const char *path, bool (*wanted)(const char *),
	const char *names[NAMES])
{
	const struct mailcfg_pos pos = {path, 0, 0};
	const struct dirent *entry;
	size_t n = 0;

	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (entry == NULL)
			break;
		if (!wanted(entry->d_name))
			continue;
		if (n == NAMES) {
			refuse(f, &pos, "too many files", 0);
			return -1;
		}
		names[n] = mc_arena_strdup(f->arena, entry->d_name);
		if (names[n++] == NULL)
			return -1;
	}
	if (errno != 0) {
		refuse(f, &pos, "cannot read the folder", errno);
		return -1;
	}
	qsort(names, n, sizeof(names[0]), by_name);
	return (long)n;
}

/* Bytes of a file, with a NUL behind them; NULL: reported, or memory. */
static char *
read_file(struct folder *f, const char *path, size_t *size)
{
	const struct mailcfg_pos pos = {path, 0, 0};
	char *text = mc_arena_room(f->arena, MC_TEXTS_BYTES + 1);
	/* a FIFO must not hold up the program */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got = fd < 0 ? -1 : 0;
	struct stat st;
	size_t n = 0;

	if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
		(void)close(fd);
		refuse(f, &pos, "not a regular file", 0);
		return NULL;
	}
	while (fd >= 0 && text != NULL && n <= MC_TEXTS_BYTES) {
		got = read(fd, text + n, MC_TEXTS_BYTES + 1 - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	if (got < 0)
		refuse(f, &pos, "cannot read", errno);
	else if (n > MC_TEXTS_BYTES)
		refuse(f, &pos, "more than 64 KiB", 0);
	if (fd >= 0)
		(void)close(fd);
	if (got < 0 || text == NULL || n > MC_TEXTS_BYTES)
		return NULL;
	text[n] = '\0';
	*size = n;
	return text;
}

/* Whether a byte of the key cannot stand in the name of a placeholder. */
static bool
is_key(const char *key)
{
	return key[strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789-")] ==
		'\0';
}

/* A text, or a map of them: their keys are joined by "-". */
static void
flatten(struct folder *f, const struct mc_node *map, const char *before,
	struct found_list *out)
{
	for (const struct mc_node *node = map->first; node != NULL;
		node = node->next) {
		const char *key = mc_arena_printf(f->arena, "%s%s%s", before,
			*before == '\0' ? "" : "-", node->key);

		if (key == NULL)
			return;
		if (!is_key(key) || strlen(key) > KEY)
			refuse(f, &node->key_pos,
				"a key is of small letters, digits and hyphens",
				0);
		else if (node->kind == MC_NODE_MAP)
			flatten(f, node, key, out);
		else if (node->kind != MC_NODE_TEXT || node->null)
			refuse(f, &node->pos, "a text is wanted", 0);
		else if (out->n == TEXTS)
			refuse(f, &node->pos, "too many texts", 0);
		else
			out->list[out->n++] = (struct found){
				{key, node->text}, node->pos};
	}
}

/* How many bytes of the text are shown. */
static int
excerpt(const char *text)
{
	size_t n = strnlen(text, 20);

	while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	return (int)n;
}

/* "column" of a fault inside a text: where the text begins is near enough. */
static void
check_texts(struct folder *f, const struct mc_texts *table,
	const struct found_list *found)
{
	for (size_t i = 0; i < found->n; i++) {
		const struct mc_text *text = &found->list[i].text;
		size_t at = 0;
		const char *why = mc_handout_fault(table, text, false, &at);
		char what[256];

		if (i > 0 &&
			strcmp(found->list[i - 1].text.key, text->key) == 0) {
			why = "the key stands twice";
			at = 0;
		}
		if (why == NULL)
			continue;
		(void)snprintf(what, sizeof(what), "%s: %s: \"%.*s\"",
			text->key, why, excerpt(text->text + at),
			text->text + at);
		refuse(f, &found->list[i].pos, what, 0);
	}
}

static void
read_texts(struct folder *f, const char *path, struct found_list *out)
{
	size_t n = 0;
	const char *text = read_file(f, path, &n);
	const struct mc_node *root;
	const struct mailcfg_pos pos = {path, 1, 1};

	if (text == NULL)
		return;
	root = mc_tree_read(
		f->arena, MC_MSG_BAD_TEMPLATE, path, text, n, f->report);
	if (root == NULL)
		f->bad = true;
	else if (root->kind != MC_NODE_MAP)
		refuse(f, &pos, "a mapping is wanted", 0);
	else
		flatten(f, root, "", out);
}

static void
read_language(struct folder *f, const char *lang, struct found_list *out)
{
	const char *path = mc_arena_printf(f->arena, "%s/%s", f->path, lang);
	const char *names[NAMES];
	DIR *dir;
	long n;

	out->list = mc_arena_alloc(f->arena, TEXTS * sizeof(*out->list));
	if (path == NULL || out->list == NULL)
		return;
	dir = opendir(path);
	if (dir == NULL) {
		const struct mailcfg_pos pos = {path, 0, 0};

		refuse(f, &pos, "cannot open the folder", errno);
		return;
	}
	n = list(f, dir, path, is_texts, names);
	(void)closedir(dir);
	for (long i = 0; i < n && !f->arena->failed; i++) {
		const char *file = mc_arena_printf(
			f->arena, "%s/%s", path, names[i]);

		if (file != NULL)
			read_texts(f, file, out);
	}
	qsort(out->list, out->n, sizeof(*out->list), by_key);
}

static void
read_files(struct folder *f, const char *const *names, size_t n,
	struct mc_texts *out)
{
	struct mc_text *files = mc_arena_alloc(
		f->arena, (n + 1) * sizeof(*files));

	for (size_t i = 0; i < n && files != NULL; i++) {
		const char *path = mc_arena_printf(
			f->arena, "%s/%s", f->path, names[i]);
		size_t size = 0;

		files[i].key = names[i];
		files[i].text = path == NULL ? NULL : read_file(f, path, &size);
		if (files[i].text == NULL)
			return;
		/* bytes that are no text would end it early */
		if (strlen(files[i].text) != size) {
			const struct mailcfg_pos pos = {path, 0, 0};

			refuse(f, &pos, "it holds a NUL", 0);
		}
		out->n_files = i + 1;
	}
	out->files = files;
}

static void
check_files(struct folder *f, const struct mc_texts *table)
{
	for (size_t i = 0; i < table->n_files; i++) {
		struct mailcfg_pos pos = {mc_arena_printf(f->arena, "%s/%s",
						  f->path, table->files[i].key),
			1, 1};
		const char *text = table->files[i].text;
		size_t at = 0;
		const char *why = mc_handout_fault(
			table, &table->files[i], true, &at);

		if (why == NULL || pos.file == NULL)
			continue;
		for (size_t k = 0; k < at; k++) {
			pos.column = text[k] == '\n' ? 1 : pos.column + 1;
			pos.line += text[k] == '\n';
		}
		refuse(f, &pos, why, 0);
	}
}

/* A language that is not built in must be whole: English would mingle. */
static void
check_whole(struct folder *f, const struct mc_language *language)
{
	const struct mc_language *english = NULL, *same = NULL;
	const struct mailcfg_pos pos = {
		mc_arena_printf(f->arena, "%s/%s", f->path, language->lang), 0,
		0};
	const char *key;
	char what[KEY + 64];

	for (size_t i = 0; i < mc_builtin_texts.n; i++) {
		const struct mc_language *l = &mc_builtin_texts.languages[i];

		if (strcmp(l->lang, "en") == 0)
			english = l;
		if (mc_strcasecmp(l->lang, language->lang) == 0)
			same = l;
	}
	if (english == NULL || same != NULL || pos.file == NULL)
		return;
	key = mc_texts_missing(language, english);
	if (key == NULL)
		return;
	(void)snprintf(what, sizeof(what), "%s is missing", key);
	refuse(f, &pos, what, 0);
}

/* What was found becomes the table. */
static void
build(struct folder *f, const char *const *langs, const struct found_list *all,
	size_t n, struct mc_texts *out)
{
	struct mc_language *languages = mc_arena_alloc(
		f->arena, (n + 1) * sizeof(*languages));

	for (size_t i = 0; i < n && languages != NULL; i++) {
		struct mc_text *texts = mc_arena_alloc(
			f->arena, (all[i].n + 1) * sizeof(*texts));

		if (texts == NULL)
			return;
		for (size_t k = 0; k < all[i].n; k++)
			texts[k] = all[i].list[k].text;
		languages[i] = (struct mc_language){langs[i], texts, all[i].n};
	}
	out->languages = languages;
	out->n = languages == NULL ? 0 : n;
}

static void
read_all(struct folder *f, const char *const *langs, size_t n_langs,
	const char *const *files, size_t n_files, struct mc_texts *out)
{
	struct found_list *all = mc_arena_alloc(
		f->arena, (n_langs + 1) * sizeof(*all));

	for (size_t i = 0; i < n_langs && all != NULL && !f->arena->failed; i++)
		read_language(f, langs[i], &all[i]);
	read_files(f, files, n_files, out);
	if (all == NULL || f->arena->failed || f->bad)
		return;
	build(f, langs, all, n_langs, out);
	if (f->arena->failed)
		return;
	for (size_t i = 0; i < n_langs; i++) {
		check_texts(f, out, &all[i]);
		check_whole(f, &out->languages[i]);
	}
	check_files(f, out);
}

bool
mc_texts_read_dir(struct mc_arena *arena, const char *path,
	struct mc_texts *out, bool *found, struct mc_report *report)
{
	struct folder f = {.arena = arena, .report = report};
	const char *langs[NAMES], *files[NAMES];
	const struct mailcfg_pos pos = {path, 0, 0};
	DIR *dir = opendir(path);
	long n_langs, n_files;

	*out = (struct mc_texts){0};
	if (found != NULL)
		*found = dir != NULL;
	if (dir == NULL && errno == ENOENT)
		return true;
	if (dir == NULL) {
		refuse(&f, &pos, "cannot open the folder", errno);
		return false;
	}
	f.path = mc_arena_strdup(arena, path);
	n_langs = list(&f, dir, path, is_lang, langs);
	rewinddir(dir);
	n_files = list(&f, dir, path, is_file, files);
	(void)closedir(dir);
	if (f.path != NULL && n_langs >= 0 && n_files >= 0)
		read_all(&f, langs, (size_t)n_langs, files, (size_t)n_files,
			out);
	return !f.bad && !arena->failed;
}
