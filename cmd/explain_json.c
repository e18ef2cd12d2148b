/* SPDX-License-Identifier: ISC */
/* Explanations for machines: a list with an object for each error. */
#include "explained.h"

#include "json.h"

static cJSON *
turns_json(const struct mc_rule *rule)
{
	cJSON *list = cJSON_CreateArray();

	for (size_t i = 0; i < rule->n_turns; i++)
		(void)cJSON_AddItemToArray(
			list, cJSON_CreateString(mc_turn_words[rule->turn[i]]));
	return list;
}

static cJSON *
hit_json(const struct explain *e, const struct mc_hit *hit)
{
	const struct mc_rule *rule = hit->rule;
	const struct mc_advice *say = &rule->say[e->speech];
	cJSON *object = cJSON_CreateObject();

	json_text(object, "rule", rule->id);
	json_text(object, "source", rule->source);
	json_text(object, "title", say->title);
	json_text(object, "means", say->means);
	(void)cJSON_AddItemToObject(object, "turn", turns_json(rule));
	json_list(object, "steps", say->steps);
	json_list(object, "links", rule->links);
	json_text(object, "sure", mc_sure_words[hit->sure]);
	(void)cJSON_AddBoolToObject(object, "by-words", hit->by_words);
	(void)cJSON_AddBoolToObject(object, "by-code", hit->by_code);
	(void)cJSON_AddBoolToObject(object, "by-slug", hit->by_slug);
	(void)cJSON_AddNumberToObject(object, "score", hit->score);
	return object;
}

static void
add_code(struct explain *e, cJSON *object, const struct mc_code *code)
{
	char name[16];
	cJSON *json;

	if (code->class == 0)
		return;
	json = cJSON_AddObjectToObject(object, "code");
	explain_code(name, code);
	if (code->enhanced)
		json_text(json, "status", name);
	if (code->reply > 0)
		(void)cJSON_AddNumberToObject(json, "reply", code->reply);
	(void)cJSON_AddBoolToObject(json, "temporary", code->class == 4);
	json_text(json, "tells", explain_tells(e, code));
}

static cJSON *
case_json(struct explain *e, const struct explain_case *c)
{
	cJSON *object = cJSON_CreateObject(), *list;

	json_text(object, "file", c->file);
	json_text(object, "said", c->said);
	json_text(object, "lang", mc_speech_tags[e->speech]);
	(void)cJSON_AddBoolToObject(object, "known", explain_is_known(c));
	(void)cJSON_AddBoolToObject(
		object, "success", c->found.n == 0 && c->found.success);
	add_code(e, object, &c->found.code);
	list = cJSON_AddArrayToObject(object, "recipients");
	for (size_t i = 0; i < c->n_recipients && i < EXPLAIN_RECIPIENTS; i++)
		(void)cJSON_AddItemToArray(
			list, cJSON_CreateString(c->recipients[i]));
	(void)cJSON_AddNumberToObject(
		object, "recipient-count", (double)c->n_recipients);
	list = cJSON_AddArrayToObject(object, "hits");
	for (size_t i = 0; i < c->found.n; i++)
		(void)cJSON_AddItemToArray(list, hit_json(e, &c->found.hit[i]));
	return object;
}

void
explain_json(struct explain *e)
{
	cJSON *all = cJSON_CreateArray();

	for (size_t i = 0; i < e->n; i++)
		(void)cJSON_AddItemToArray(all, case_json(e, &e->cases[i]));
	json_print(e->program, all);
}
