/* SPDX-License-Identifier: ISC */
/* What was found, for machines: a list with an object for each account. */
#include "check.h"
#include "guard.h"
#include "json.h"
#include "spelling.h"

static cJSON *
step_json(struct check *c, struct check_account *a,
	const struct check_server *server, enum mc_step step,
	const struct mc_finding *f)
{
	cJSON *object = cJSON_CreateObject();
	const struct mc_rule *rule = NULL;

	json_text(object, "step", mc_step_names[step]);
	json_text(object, "verdict", mc_verdict_names[f->verdict]);
	json_text(object, "reason", mc_reasons[f->reason].slug);
	if (f->detail[0] != '\0')
		json_text(object, "detail", f->detail);
	if (f->said[0] != '\0')
		json_text(object, "said", f->said);
	if (f->verdict >= MC_VERDICT_WARN || f->reason == MC_WHY_LOCK_OUT)
		rule = check_rule(c, &a->arena, server, f);
	if (rule == NULL)
		return object;
	json_text(object, "rule", rule->id);
	json_text(object, "title", rule->say[c->speech].title);
	json_text(object, "means", rule->say[c->speech].means);
	json_list(object, "steps", rule->say[c->speech].steps);
	return object;
}

static cJSON *
proposal_json(const struct check *c, struct check_account *a,
	const struct check_server *s, const struct check_proposal *p)
{
	cJSON *object = cJSON_CreateObject();

	json_text(object, "option", p->option);
	json_text(object, "value", p->value);
	json_text(object, "field", p->field);
	json_text(object, "text", p->text);
	json_text(object, "caution", check_caution(c, a, s, p));
	return object;
}

static cJSON *
task_json(struct check *c, struct check_account *a, const struct check_task *t)
{
	const struct check_server *s = t->server;
	cJSON *object = cJSON_CreateObject(), *list;

	json_text(object, "service", check_service_words[s->service]);
	json_text(object, "host", s->name);
	(void)cJSON_AddNumberToObject(object, "port", s->port);
	json_text(object, "tls", mc_tls_word(s->tls));
	json_text(object, "path", s->path);
	if (s->service <= CHECK_SUBMISSION) {
		json_text(object, "auth", mc_auth_word(s->auth));
		json_text(
			object, "login", a->mailbox == NULL ? NULL : t->login);
	}
	json_text(object, "verdict", check_fate_names[check_fate(t)]);
	list = cJSON_AddArrayToObject(object, "steps");
	for (int step = 0; step < MC_STEPS; step++)
		if (check_has_step(s, (enum mc_step)step))
			(void)cJSON_AddItemToArray(list,
				step_json(c, a, s, (enum mc_step)step,
					&t->probe.step[step]));
	list = cJSON_AddArrayToObject(object, "proposals");
	for (size_t i = 0; i < s->n_proposals; i++)
		(void)cJSON_AddItemToArray(
			list, proposal_json(c, a, s, &s->proposal[i]));
	return object;
}

void
check_json(struct check *c, struct check_account *a)
{
	cJSON *object = cJSON_CreateObject(), *list;
	enum check_fate fate;
	char *text;

	check_compare(c, a);
	fate = check_account_fate(a);
	check_count(c, fate);
	json_text(object, "account", a->mailbox);
	json_text(object, "domain", a->domain);
	json_text(object, "lang", mc_speech_tags[c->speech]);
	json_text(object, "verdict", check_fate_names[fate]);
	list = cJSON_AddArrayToObject(object, "servers");
	for (size_t i = 0; i < a->n; i++)
		(void)cJSON_AddItemToArray(list, task_json(c, a, &a->task[i]));
	if (a->no_incoming || a->no_outgoing) {
		list = cJSON_AddArrayToObject(object, "missing");
		if (a->no_incoming)
			(void)cJSON_AddItemToArray(
				list, cJSON_CreateString("incoming"));
		if (a->no_outgoing)
			(void)cJSON_AddItemToArray(
				list, cJSON_CreateString("outgoing"));
	}
	if (a->published != NULL)
		(void)cJSON_AddItemToObject(
			object, "published", check_published_json(a));
	text = cJSON_PrintUnformatted(object);
	if (text == NULL || guard_failed() || a->arena.failed)
		c->no_memory = true;
	else
		printf("%s%s", c->any ? ",\n" : "[\n", text);
	c->any = true;
	cJSON_free(text);
	cJSON_Delete(object);
	(void)fflush(stdout);
}

void
check_json_end(struct check *c)
{
	/* a list that lacks some must not look whole */
	if (c->no_memory)
		return;
	printf("%s", c->any ? "\n]\n" : "[]\n");
}
