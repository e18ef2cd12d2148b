/* SPDX-License-Identifier: ISC */
/* The model as JSON: an array with a record in each line. */
#include <cjson/cJSON.h>

#include "model.h"

/* A record in the making; every status of the library sets `failed`. */
struct maker {
	cJSON *record;
	cJSON *into; /* the record, or the server in it */
	bool failed;
};

static void
took(struct maker *m, const cJSON *item)
{
	if (item == NULL)
		m->failed = true;
}

static void
put_text(void *context, const char *key, const char *text)
{
	struct maker *m = context;

	took(m, cJSON_AddStringToObject(m->into, key, text));
}

static void
put_number(void *context, const char *key, unsigned number)
{
	struct maker *m = context;

	took(m, cJSON_AddNumberToObject(m->into, key, number));
}

static void
put_list(void *context, const char *key, const char *const *texts, size_t n)
{
	struct maker *m = context;
	cJSON *list = cJSON_AddArrayToObject(m->into, key);

	took(m, list);
	for (size_t i = 0; i < n && !m->failed; i++) {
		cJSON *text = cJSON_CreateString(texts[i]);

		took(m, text);
		if (!cJSON_AddItemToArray(list, text)) {
			cJSON_Delete(text);
			m->failed = true;
		}
	}
}

static void
put_open(void *context, const char *key)
{
	struct maker *m = context;
	cJSON *server = cJSON_AddObjectToObject(m->record, key);

	took(m, server);
	if (server != NULL)
		m->into = server;
}

static void
put_close(void *context)
{
	struct maker *m = context;

	m->into = m->record;
}

static bool
begin(struct mc_emit *e)
{
	mc_buf_puts(&e->out[0], "[\n");
	return !e->out[0].failed;
}

static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	static const struct mc_visitor visitor = {
		put_text, put_text, put_number, put_list, put_open, put_close};
	struct maker m = {.record = cJSON_CreateObject()};
	char *text = NULL;

	m.into = m.record;
	took(&m, m.record);
	if (!m.failed)
		mc_model_walk(a, e->options, e->arena, &visitor, &m);
	if (!m.failed && !e->arena->failed)
		text = cJSON_PrintUnformatted(m.record);
	if (text != NULL)
		mc_buf_puts(&e->out[0], text);
	cJSON_free(text);
	cJSON_Delete(m.record);
	return text != NULL && !e->out[0].failed;
}

static bool
end(struct mc_emit *e)
{
	mc_buf_puts(&e->out[0], "\n]\n");
	return !e->out[0].failed;
}

static const struct mc_hole holes[] = {MC_MODEL_HOLES(mc_escape_json)};

const struct mc_target mc_target_json = {
	.name = "json",
	.summary = "the accounts themselves as JSON, for programs",
	.can = MC_CAN_MODEL,
	.scope = mc_model_scope,
	.docs = {{.role = "list",
		.suffix = "accounts.json",
		.type = "application/json",
		.secret = true}},
	.holes = holes,
	.heeds = MC_HEEDS_SIGNS | MC_SIGN_BRACE,
	.check = mc_model_check,
	.begin = begin,
	.item = item,
	.end = end,
	.between = ",\n",
};
