/* SPDX-License-Identifier: ISC */
/* Where the site's templates are: like templates/ of the source. */
#include <stdlib.h>
#include <sys/stat.h>

#include "gen.h"

static bool
is_folder(const char *path)
{
	struct stat st;

	return path != NULL && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
refuse(struct gen *g, const char *why)
{
	const struct mailcfg_pos pos = {g->o.templates, 0, 0};

	mc_say(g->report, MC_MSG_BAD_TEMPLATE, &pos, NULL, NULL, "%s", why);
	return false;
}

/* One that was named must be there, and of this form. */
static bool
read_named(struct gen *g, const char *part, templates_reader *reader)
{
	static const char *const parts[] = {"guide", "mail"};
	const char *dir = g->o.templates;
	bool any = false;

	if (!is_folder(dir))
		return refuse(g, "there is no such folder");
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		any = is_folder(mc_arena_printf(
			      &g->arena, "%s/%s", dir, parts[i])) ||
			any;
	if (!any && !g->arena.failed)
		return refuse(g, "neither guide/ nor mail/ is in it");
	dir = mc_arena_printf(&g->arena, "%s/%s", dir, part);
	return dir != NULL && reader(g, dir);
}

/* Below $XDG_CONFIG_HOME; NULL: there is no home. */
static const char *
own_folder(struct mc_arena *arena, const char *part)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (config != NULL && config[0] == '/')
		return mc_arena_printf(arena, "%s/mailcfg/%s", config, part);
	if (home == NULL || home[0] != '/')
		return NULL;
	return mc_arena_printf(arena, "%s/.config/mailcfg/%s", home, part);
}

bool
templates_read(struct gen *g, const char *part, templates_reader *reader)
{
	const char *own, *site;
	bool ok;

	if (g->o.templates != NULL)
		return read_named(g, part, reader);
	own = own_folder(&g->arena, part);
	site = mc_arena_printf(
		&g->arena, MAILCFG_SYSCONFDIR "/mailcfg/%s", part);
	ok = own == NULL || reader(g, own);
	return site != NULL && reader(g, site) && ok && !g->arena.failed;
}
