/* SPDX-License-Identifier: ISC */
/* A folder of presets. */
#include "folder.h"
#include "provider.h"

/* The presets so far. */
struct presets {
	struct mc_arena *arena;
	struct mc_report *report;
	struct mc_preset *list;
	size_t n;
	size_t room;
};

/* The list doubles in the arena; the old ones are few and small. */
static bool
add(struct presets *p, const struct mc_preset *preset)
{
	if (p->n == p->room) {
		size_t room = p->room == 0 ? 64 : 2 * p->room;
		struct mc_preset *list = mc_arena_alloc(
			p->arena, room * sizeof(*list));

		if (list == NULL)
			return false;
		for (size_t i = 0; i < p->n; i++)
			list[i] = p->list[i];
		p->list = list;
		p->room = room;
	}
	p->list[p->n++] = *preset;
	return true;
}

/* A mc_folder_fn. */
static bool
take(void *context, const char *path, const char *text, size_t n)
{
	struct presets *p = context;
	const struct mc_preset *preset = mc_preset_parse(
		p->arena, path, text, n, p->report);

	return preset != NULL && add(p, preset);
}

bool
mc_preset_read_dir(struct mc_arena *arena, const char *path,
	struct mc_preset_table *out, bool *found, struct mc_report *report)
{
	struct presets p = {.arena = arena, .report = report};
	bool ok;

	*out = (struct mc_preset_table){0};
	ok = mc_folder_read(
		arena, path, MC_MSG_BAD_PRESET, take, &p, found, report);
	if (arena->failed)
		return false;
	return mc_preset_index(arena, p.list, p.n, out, report) && ok &&
		!arena->failed;
}
