/* SPDX-License-Identifier: ISC */
/* Texts in a folder: LANG/X.yaml, and files beside. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emit/handout.h"
#include "folder.h"
#include "preset_tree.h"
#include "text.h"
#include "texts.h"

enum { TEXTS = 1024, KEY = 128 };

/* A text, and where it was read. */
struct found {
	struct mc_text text;
	struct mailcfg_pos pos;
};
struct found_list {
	struct found *list; /* TEXTS of them */
	size_t n;
};

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

/* Whether a byte of the key cannot stand in the name of a placeholder. */
static bool
is_key(const char *key)
{
	return key[strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789-")] ==
		'\0';
}

/* A text, or a map of them: their keys are joined by "-". */
static void
flatten(struct mc_folder *f, const struct mc_node *map, const char *before,
	struct found_list *out)
{
	for (const struct mc_node *node = map->first; node != NULL;
		node = node->next) {
		const char *key = mc_arena_printf(f->arena, "%s%s%s", before,
			*before == '\0' ? "" : "-", node->key);

		if (key == NULL)
			return;
		if (!is_key(key) || strlen(key) > KEY)
			mc_folder_refuse(f, &node->key_pos,
				"a key is of small letters, digits and hyphens",
				0);
		else if (node->kind == MC_NODE_MAP)
			flatten(f, node, key, out);
		else if (node->kind != MC_NODE_TEXT || node->null)
			mc_folder_refuse(f, &node->pos, "a text is wanted", 0);
		else if (out->n == TEXTS)
			mc_folder_refuse(f, &node->pos, "too many texts", 0);
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
check_texts(struct mc_folder *f, const struct mc_texts *table,
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
		mc_folder_refuse(f, &found->list[i].pos, what, 0);
	}
}

static void
read_texts(struct mc_folder *f, const char *path, struct found_list *out)
{
	size_t n = 0;
	const char *text = mc_folder_file(f, path, MC_TEXTS_BYTES, &n);
	const struct mc_node *root;
	const struct mailcfg_pos pos = {path, 1, 1};

	if (text == NULL)
		return;
	root = mc_tree_read(
		f->arena, MC_MSG_BAD_TEMPLATE, path, text, n, f->report);
	if (root == NULL)
		f->bad = true;
	else if (root->kind != MC_NODE_MAP)
		mc_folder_refuse(f, &pos, "a mapping is wanted", 0);
	else
		flatten(f, root, "", out);
}

static void
read_language(struct mc_folder *f, const char *lang, struct found_list *out)
{
	const char *path = mc_arena_printf(f->arena, "%s/%s", f->path, lang);
	const char *const *names;
	size_t n;

	out->list = mc_arena_alloc(f->arena, TEXTS * sizeof(*out->list));
	if (path == NULL || out->list == NULL ||
		!mc_folder_names(f, path, is_texts, NULL, &names, &n))
		return;
	for (size_t i = 0; i < n && !f->arena->failed; i++) {
		const char *file = mc_arena_printf(
			f->arena, "%s/%s", path, names[i]);

		if (file != NULL)
			read_texts(f, file, out);
	}
	qsort(out->list, out->n, sizeof(*out->list), by_key);
}

static void
read_files(struct mc_folder *f, const char *const *names, size_t n,
	struct mc_texts *out)
{
	struct mc_text *files = mc_arena_alloc(
		f->arena, (n + 1) * sizeof(*files));

	for (size_t i = 0; i < n && files != NULL; i++) {
		const char *path = mc_arena_printf(
			f->arena, "%s/%s", f->path, names[i]);
		size_t size = 0;

		files[i].key = names[i];
		files[i].text = path == NULL
			? NULL
			: mc_folder_file(f, path, MC_TEXTS_BYTES, &size);
		if (files[i].text == NULL)
			return;
		/* bytes that are no text would end it early */
		if (strlen(files[i].text) != size) {
			const struct mailcfg_pos pos = {path, 0, 0};

			mc_folder_refuse(f, &pos, "it holds a NUL", 0);
		}
		out->n_files = i + 1;
	}
	out->files = files;
}

static void
check_files(struct mc_folder *f, const struct mc_texts *table)
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
		mc_folder_refuse(f, &pos, why, 0);
	}
}

/* A language that is not built in must be whole: English would mingle. */
static void
check_whole(struct mc_folder *f, const struct mc_language *language)
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
	mc_folder_refuse(f, &pos, what, 0);
}

/* What was found becomes the table. */
static void
build(struct mc_folder *f, const char *const *langs,
	const struct found_list *all, size_t n, struct mc_texts *out)
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
read_all(struct mc_folder *f, const char *const *langs, size_t n_langs,
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
	struct mc_folder f = {.arena = arena,
		.report = report,
		.msg = MC_MSG_BAD_TEMPLATE,
		.path = mc_arena_strdup(arena, path)};
	const char *const *langs, *const *files;
	size_t n_langs, n_files;
	bool there = false;

	*out = (struct mc_texts){0};
	if (f.path != NULL &&
		mc_folder_names(&f, f.path, mc_folder_is_lang, &there, &langs,
			&n_langs) &&
		there &&
		mc_folder_names(&f, f.path, is_file, NULL, &files, &n_files))
		read_all(&f, langs, n_langs, files, n_files, out);
	if (found != NULL)
		*found = there;
	return !f.bad && !arena->failed;
}
