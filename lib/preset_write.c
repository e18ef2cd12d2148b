/* SPDX-License-Identifier: ISC */
/* Writes a preset as people edit it: no key that says what holds anyway. */
#include <string.h>
#include <yaml.h>

#include "buf.h"
#include "provider.h"
#include "spelling.h"
#include "text.h"
#include "url.h"

struct writer {
	yaml_emitter_t yaml;
	struct mc_arena arena; /* URLs */
	bool failed;
};

static int
take_bytes(void *context, unsigned char *data, size_t n)
{
	struct mc_buf *out = context;

	mc_buf_add(out, data, n);
	return !out->failed;
}

/* Sends an event on; ok is what its initialisation returned. */
static void
put(struct writer *w, yaml_event_t *event, int ok)
{
	if (ok != 0 && w->failed)
		yaml_event_delete(event);
	else if (ok == 0 || yaml_emitter_emit(&w->yaml, event) == 0)
		w->failed = true;
}

/* Words that a reader may take for something else than text. */
static bool
wants_quotes(const char *text)
{
	static const char *const words[] = {
		"~", "null", "true", "false", "yes", "no", "on", "off"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (mc_strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

static void
put_word(struct writer *w, const char *text, yaml_scalar_style_t style)
{
	yaml_event_t event;
	int ok = text != NULL &&
		yaml_scalar_event_initialize(&event, NULL, NULL,
			(const yaml_char_t *)text, (int)strlen(text), 1, 1,
			style);

	put(w, &event, ok);
}

static void
put_text(struct writer *w, const char *text)
{
	put_word(w, text,
		text != NULL && wants_quotes(text)
			? YAML_SINGLE_QUOTED_SCALAR_STYLE
			: YAML_PLAIN_SCALAR_STYLE);
}

static void
put_pair(struct writer *w, const char *key, const char *text)
{
	put_text(w, key);
	put_text(w, text);
}

static void
open_map(struct writer *w)
{
	yaml_event_t event;

	put(w, &event,
		yaml_mapping_start_event_initialize(
			&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE));
}

static void
close_map(struct writer *w)
{
	yaml_event_t event;

	put(w, &event, yaml_mapping_end_event_initialize(&event));
}

static void
open_list(struct writer *w, bool empty)
{
	yaml_event_t event;

	put(w, &event,
		yaml_sequence_start_event_initialize(&event, NULL, NULL, 1,
			empty ? YAML_FLOW_SEQUENCE_STYLE
			      : YAML_BLOCK_SEQUENCE_STYLE));
}

static void
close_list(struct writer *w)
{
	yaml_event_t event;

	put(w, &event, yaml_sequence_end_event_initialize(&event));
}

static const char *
status_word(enum mailcfg_status status)
{
	switch (status) {
	case MAILCFG_STATUS_OK: return "ok";
	case MAILCFG_STATUS_PREPARATION: return "preparation";
	case MAILCFG_STATUS_BROKEN: return "broken";
	}
	return NULL;
}

static void
put_domains(struct writer *w, const struct mailcfg_provider *p)
{
	put_text(w, "domains");
	open_list(w, p->domains[0] == NULL);
	for (size_t i = 0; p->domains[i] != NULL; i++)
		put_text(w, p->domains[i]);
	close_list(w);
}

static void
put_servers(struct writer *w, const struct mc_preset *preset)
{
	const struct mailcfg_provider *p = &preset->p;

	if (p->n_offers == 0)
		return;
	put_text(w, "servers");
	open_list(w, false);
	for (size_t i = 0; i < p->n_offers; i++) {
		const struct mailcfg_offer *o = &p->offers[i];

		open_map(w);
		put_pair(w, "url",
			mc_url_write(&w->arena, o->protocol, o->tls, o->host,
				o->port));
		if (o->auth != MAILCFG_AUTH_PASSWORD)
			put_pair(w, "auth", mc_auth_word(o->auth));
		if (o->login != NULL &&
			strcmp(o->login, mc_preset_login(preset)) != 0)
			put_pair(w, "login", o->login);
		close_map(w);
	}
	close_list(w);
}

static void
put_hints(struct writer *w, const struct mailcfg_provider *p)
{
	const char *page = p->application_password_page;

	if (p->application_password || page != NULL) {
		put_text(w, "application-password");
		open_map(w);
		put_text(w, "needed");
		put_word(w, p->application_password ? "true" : "false",
			YAML_PLAIN_SCALAR_STYLE);
		if (page != NULL)
			put_pair(w, "page", page);
		close_map(w);
	}
	if (p->n_links == 0)
		return;
	put_text(w, "links");
	open_list(w, false);
	for (size_t i = 0; i < p->n_links; i++) {
		open_map(w);
		put_pair(w, "kind", p->links[i].kind);
		put_pair(w, "url", p->links[i].url);
		close_map(w);
	}
	close_list(w);
}

static void
put_fields(struct writer *w, const struct mc_draft *fields)
{
	for (size_t i = 0; fields != NULL && i < mc_field_count(); i++)
		if (fields->value[i].text != NULL)
			put_pair(
				w, mc_field_at(i)->name, fields->value[i].text);
}

static void
put_preset(struct writer *w, const struct mc_preset *preset)
{
	const struct mailcfg_provider *p = &preset->p;

	open_map(w);
	put_pair(w, "id", p->id);
	put_pair(w, "name", p->name);
	put_domains(w, p);
	if (p->status != MAILCFG_STATUS_OK)
		put_pair(w, "status", status_word(p->status));
	put_servers(w, preset);
	put_hints(w, p);
	put_fields(w, preset->fields);
	if (p->checked != NULL)
		put_pair(w, "checked", p->checked);
	close_map(w);
}

bool
mc_preset_write(const struct mailcfg_provider *p, struct mc_buf *out)
{
	struct writer w = {.failed = false};
	yaml_event_t event;

	if (yaml_emitter_initialize(&w.yaml) == 0)
		return false;
	yaml_emitter_set_output(&w.yaml, take_bytes, out);
	yaml_emitter_set_unicode(&w.yaml, 1);
	yaml_emitter_set_width(&w.yaml, -1);
	put(&w, &event,
		yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
	put(&w, &event,
		yaml_document_start_event_initialize(
			&event, NULL, NULL, NULL, 1));
	put_preset(&w, (const struct mc_preset *)(const void *)p);
	put(&w, &event, yaml_document_end_event_initialize(&event, 1));
	put(&w, &event, yaml_stream_end_event_initialize(&event));
	yaml_emitter_delete(&w.yaml);
	mc_arena_free(&w.arena);
	return !w.failed && !out->failed;
}
