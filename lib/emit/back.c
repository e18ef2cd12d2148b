/* SPDX-License-Identifier: ISC */
#include "back.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct mailcfg_pos
position(const struct mc_back *back, struct mc_back_place place)
{
	return (struct mailcfg_pos){back->file, place.line, place.column};
}

struct mc_draft *
mc_back_add(struct mc_back *back, struct mc_back_place place)
{
	struct mc_back_record *record = mc_arena_alloc(
		back->arena, sizeof(*record));

	if (record == NULL)
		return NULL;
	record->draft.arena = back->arena;
	record->draft.pos = position(back, place);
	if (back->last == NULL)
		back->records = record;
	else
		back->last->next = record;
	back->last = record;
	return &record->draft;
}

bool
mc_back_set(struct mc_back *back, struct mc_draft *draft, enum mc_field_id id,
	const char *text, enum mc_type type, struct mc_back_place place)
{
	struct mailcfg_pos pos = position(back, place);

	return mc_draft_set(
		draft, id, text, strlen(text), type, &pos, false, back->report);
}

void
mc_back_note(struct mc_back *back, const char *format, ...)
{
	struct mc_back_note *note = mc_arena_alloc(back->arena, sizeof(*note));
	char text[1024];
	va_list args;

	if (note == NULL || ++back->n_notes > MC_BACK_NOTES)
		return;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (back->n_notes == MC_BACK_NOTES)
		(void)snprintf(text, sizeof(text), "and more");
	note->text = mc_arena_strdup(back->arena, text);
	if (note->text == NULL)
		return;
	if (back->last_note == NULL)
		back->notes = note;
	else
		back->last_note->next = note;
	back->last_note = note;
}

void
mc_back_say(struct mc_back *back, enum mc_msg message,
	struct mc_back_place place, const char *field, const char *format, ...)
{
	const struct mailcfg_pos pos = position(back, place);
	char detail[1024];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	mc_say(back->report, message, &pos, field, NULL, "%s", detail);
}
