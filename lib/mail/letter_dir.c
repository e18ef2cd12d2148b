/* SPDX-License-Identifier: ISC */
/* Templates of messages in a folder: LANG/FILE. */
#include <string.h>

#include "../folder.h"
#include "../text.h"
#include "letter.h"

const char *
mc_letter_file(enum mc_letter_part part)
{
	static const char *const names[MC_LETTER_PARTS] = {
		"subject.txt", "message.txt", "message.html"};

	return names[part];
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
check(struct mc_folder *f, const char *path, enum mc_letter_part part,
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
	mc_folder_refuse(f, &pos, why, 0);
	return false;
}

/* One file; NULL: reported, or out of memory. */
static const char *
read_part(struct mc_folder *f, const char *lang, enum mc_letter_part part)
{
	const char *path = mc_arena_printf(
		f->arena, "%s/%s/%s", f->path, lang, mc_letter_file(part));
	size_t n = 0;
	char *text = path == NULL
		? NULL
		: mc_folder_file(f, path, MC_LETTER_BYTES, &n);

	if (text == NULL)
		return NULL;
	/* a NUL is refused where it stands */
	if (strlen(text) == n) {
		normalise(text, part);
		n = strlen(text);
	}
	return check(f, path, part, text, n) ? text : NULL;
}

bool
mc_letter_read_dir(struct mc_arena *arena, const char *path,
	struct mc_letter_table *out, bool *found, struct mc_report *report)
{
	struct mc_folder f = {.arena = arena,
		.report = report,
		.msg = MC_MSG_BAD_TEMPLATE,
		.path = mc_arena_strdup(arena, path)};
	struct mc_letter_texts *texts;
	const char *const *langs;
	bool there = false;
	size_t n = 0;

	*out = (struct mc_letter_table){NULL, 0};
	if (f.path != NULL)
		(void)mc_folder_names(
			&f, f.path, mc_folder_is_lang, &there, &langs, &n);
	if (found != NULL)
		*found = there;
	texts = mc_arena_alloc(arena, (n + 1) * sizeof(*texts));
	for (size_t i = 0; i < n && !arena->failed; i++) {
		texts[i].lang = langs[i];
		for (int k = 0; k < MC_LETTER_PARTS; k++)
			texts[i].part[k] = read_part(
				&f, langs[i], (enum mc_letter_part)k);
	}
	*out = (struct mc_letter_table){texts, n};
	return !arena->failed && !f.bad;
}
