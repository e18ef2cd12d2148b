/* SPDX-License-Identifier: ISC */
/* A preset that was found goes out. */
#include <stdarg.h>

#include "discover.h"

#include "guard.h"
#include "url.h"

void
discover_comment(struct finding *f, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put_comment(&f->comments, f->arena, format, args);
	va_end(args);
}

const char *
discover_url(struct mc_arena *arena, const struct mailcfg_offer *offer)
{
	return mc_url_write(
		arena, offer->protocol, offer->tls, offer->host, offer->port);
}

/* A document for the sink. */
static void
write_out(struct discover *d, const struct mc_buf *text, const char *name)
{
	const struct mailcfg_pos pos = {d->operand, 0, 0};
	const struct document doc = {.name = name,
		.pos = &pos,
		.account = "",
		.target = DISCOVER_NAME,
		.type = "application/yaml"};

	sink_put(&d->sink, &doc, text->data, text->len);
}

static void
put_yaml(struct discover *d, struct finding *f, const char *name)
{
	const char *file = mc_arena_printf(f->arena, "%s.yaml", name);

	if (d->output == NULL)
		discover_comment(f,
			"to use it, save it as %s/mailcfg/providers/%s",
			MAILCFG_SYSCONFDIR, file);
	if (file == NULL || !mc_preset_write(&f->preset->p, &f->comments) ||
		f->comments.failed || f->arena->failed || guard_failed())
		complain_memory(d->program);
	else if (d->output != NULL)
		write_out(d, &f->comments, file);
	else
		(void)fwrite(f->comments.data, 1, f->comments.len, stdout);
}

void
discover_put(struct discover *d, struct finding *f, const char *name)
{
	if (f->json != NULL) {
		(void)cJSON_AddItemToObject(f->json, "preset",
			f->preset == NULL ? cJSON_CreateNull()
					  : provider_json(&f->preset->p));
		if (d->list != NULL)
			(void)cJSON_AddItemToArray(d->list, f->json);
		else if (!f->arena->failed)
			json_print(d->program, f->json);
		else
			cJSON_Delete(f->json);
	} else if (f->preset != NULL) {
		put_yaml(d, f, name);
	}
	mc_buf_free(&f->comments);
	*f = (struct finding){.preset = NULL};
}
