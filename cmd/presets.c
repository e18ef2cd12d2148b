/* SPDX-License-Identifier: ISC */
/* The presets in force: the site's folders, or one instead of them. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "context.h"

#include "cmd.h"

/* $XDG_CONFIG_HOME/mailcfg/providers; NULL: there is no home. */
static const char *
own_folder(struct mc_arena *arena)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	/* the specification has relative paths ignored */
	if (config != NULL && config[0] == '/')
		return mc_arena_printf(arena, "%s/mailcfg/providers", config);
	if (home == NULL || home[0] != '/')
		return NULL;
	return mc_arena_printf(arena, "%s/.config/mailcfg/providers", home);
}

static bool
read_usual(struct mailcfg *context)
{
	const char *own = own_folder(&context->arena);
	bool ok = own == NULL || mailcfg_add_presets(context, own);

	return mailcfg_add_presets(
		       context, MAILCFG_SYSCONFDIR "/mailcfg/providers") &&
		ok;
}

static bool
read_given(struct program *program, struct mailcfg *context, const char *dir)
{
	const struct mailcfg_pos pos = {dir, 0, 0};
	struct stat st;

	/* a folder that was named must be there */
	if (stat(dir, &st) == 0 && S_ISDIR(st.st_mode))
		return mailcfg_add_presets(context, dir);
	mc_say(&program->report, MC_MSG_BAD_PRESET, &pos, NULL, NULL,
		"there is no such folder");
	return false;
}

struct mailcfg *
presets_open(struct program *program, const char *dir)
{
	struct mailcfg *context = mailcfg_new(
		program->report.fn, program->report.context);
	bool ok;

	if (context == NULL) {
		complain_memory(program);
		return NULL;
	}
	ok = dir == NULL ? read_usual(context)
			 : read_given(program, context, dir);
	if (ok)
		return context;
	mailcfg_free(context);
	return NULL;
}
