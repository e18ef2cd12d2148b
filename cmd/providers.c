/* SPDX-License-Identifier: ISC */
/* mailcfg providers [DOMAIN] */
#include <string.h>

#include "context.h"

#include "host.h"
#include "json.h"
#include "provider.h"

static const struct option_row rows[] = {
	{"json", LIST_JSON, NULL, "for machines"},
	{"providers", LIST_PROVIDERS, "DIR",
		"read presets from DIR, not from the usual folders"},
	{"help", 'h', NULL, "this text"},
	{NULL, 0, NULL, NULL},
};

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

static size_t
count_domains(const struct mailcfg_provider *p)
{
	size_t n = 0;

	while (p->domains != NULL && p->domains[n] != NULL)
		n++;
	return n;
}

cJSON *
offer_json(const struct mailcfg_offer *offer)
{
	static const char *const protocols[] = {"imap", "pop3", "smtp"};
	static const char *const tls[] = {"implicit", "starttls", "none"};
	static const char *const auth[] = {
		"password", "encrypted", "oauth2", "none"};
	cJSON *object = cJSON_CreateObject();

	json_text(object, "protocol", protocols[offer->protocol]);
	json_text(object, "host", offer->host);
	(void)cJSON_AddNumberToObject(object, "port", offer->port);
	json_text(object, "tls", tls[offer->tls]);
	json_text(object, "auth", auth[offer->auth]);
	json_text(object, "login", offer->login);
	return object;
}

static cJSON *
offers_json(const struct mailcfg_provider *p)
{
	cJSON *list = cJSON_CreateArray();

	for (size_t i = 0; i < p->n_offers; i++)
		(void)cJSON_AddItemToArray(list, offer_json(&p->offers[i]));
	return list;
}

static cJSON *
links_json(const struct mailcfg_provider *p)
{
	cJSON *list = cJSON_CreateArray();

	for (size_t i = 0; i < p->n_links; i++) {
		cJSON *object = cJSON_CreateObject();

		json_text(object, "kind", p->links[i].kind);
		json_text(object, "url", p->links[i].url);
		(void)cJSON_AddItemToArray(list, object);
	}
	return list;
}

cJSON *
provider_json(const struct mailcfg_provider *p)
{
	cJSON *object = cJSON_CreateObject();

	json_text(object, "id", p->id);
	json_text(object, "name", p->name);
	json_text(object, "status", status_word(p->status));
	json_text(object, "checked", p->checked);
	json_text(object, "origin", p->pos.file);
	json_list(object, "domains", p->domains);
	(void)cJSON_AddItemToObject(object, "servers", offers_json(p));
	(void)cJSON_AddBoolToObject(
		object, "application-password", p->application_password);
	json_text(object, "application-password-page",
		p->application_password_page);
	(void)cJSON_AddItemToObject(object, "links", links_json(p));
	return object;
}

/* The n-th preset in force of all tables, or NULL at the end. */
static const struct mailcfg_provider *
provider_at(const struct mc_presets *presets, size_t n)
{
	for (size_t i = 0; i < presets->n; i++) {
		if (n < presets->table[i]->n_presets)
			return &presets->table[i]->presets[n].p;
		n -= presets->table[i]->n_presets;
	}
	return NULL;
}

static void
list_json(struct program *program, const struct mc_presets *presets)
{
	cJSON *all = cJSON_CreateArray();
	const struct mailcfg_provider *p;

	for (size_t i = 0; (p = provider_at(presets, i)) != NULL; i++)
		if (mc_provider_by_id(presets, p->id) == p)
			(void)cJSON_AddItemToArray(all, provider_json(p));
	json_print(program, all);
}

static void
list(struct program *program, const struct mc_presets *presets)
{
	struct table table = {.columns = 4};
	const struct mailcfg_provider *p;
	struct mc_buf out = {0};
	char number[32];

	table_add(&table, "ID");
	table_add(&table, "DOMAINS");
	table_add(&table, "STATUS");
	table_add(&table, "NAME");
	for (size_t i = 0; (p = provider_at(presets, i)) != NULL; i++) {
		/* the site's take the place of built-in ones */
		if (mc_provider_by_id(presets, p->id) != p)
			continue;
		(void)snprintf(number, sizeof(number), "%zu", count_domains(p));
		table_add(&table, p->id);
		table_add(&table, number);
		table_add(&table, status_word(p->status));
		table_add(&table, p->name);
	}
	table_write(&table, &out);
	if (out.failed)
		complain_memory(program);
	else
		(void)fputs(out.data, stdout);
	mc_buf_free(&out);
	table_free(&table);
}

/* By domain, by an address's domain, or by identifier. */
static const struct mailcfg_provider *
find(struct program *program, struct mailcfg *context, const char *word)
{
	const struct mc_presets *presets = &context->presets;
	const char *sign = strrchr(word, '@'), *why = "", *domain, *near;
	const struct mailcfg_provider *p = mc_provider_by_id(presets, word);

	if (p != NULL)
		return p;
	if (sign != NULL)
		word = sign + 1;
	domain = mc_host_ascii(&context->arena, word, strlen(word), &why);
	if (domain == NULL) {
		mc_say(&program->report, MC_MSG_BAD_HOST, NULL, NULL, NULL,
			"\"%s\": %s", word, why);
		return NULL;
	}
	p = mc_provider_by_domain(presets, domain);
	if (p != NULL)
		return p;
	near = mc_provider_nearest(presets, word);
	mc_say(&program->report, MC_MSG_UNKNOWN_PROVIDER, NULL, NULL, NULL,
		"nobody knows %s%s%s: give --imap and --smtp to mailcfg gen, "
		"or write a preset",
		word, near == NULL ? "" : "; near it is ",
		near == NULL ? "" : near);
	return NULL;
}

static void
print_preset(struct program *program, const struct mailcfg_provider *p)
{
	struct mc_buf out = {0};

	printf("# %s", p->pos.file);
	if (p->pos.line > 0)
		printf(":%u", p->pos.line);
	printf("\n# to change it, save it as %s/mailcfg/providers/%s.yaml\n",
		MAILCFG_SYSCONFDIR, p->id);
	if (mc_preset_write(p, &out) && !out.failed)
		(void)fwrite(out.data, 1, out.len, stdout);
	else
		complain_memory(program);
	mc_buf_free(&out);
}

static void
run(struct program *program, const struct command *command, int argc,
	char **argv)
{
	const struct mailcfg_provider *p;
	struct list_options o;
	struct mailcfg *context;

	if (!list_parse(&o, program, command, argc, argv, 1))
		return;
	context = presets_open(program, o.providers);
	if (context == NULL)
		return;
	program->complain.usage = false;
	if (o.operand == NULL && o.json) {
		list_json(program, &context->presets);
	} else if (o.operand == NULL) {
		list(program, &context->presets);
	} else {
		p = find(program, context, o.operand);
		if (p != NULL && o.json)
			json_print(program, provider_json(p));
		else if (p != NULL)
			print_preset(program, p);
	}
	mailcfg_free(context);
}

static const char *const synopsis[] = {
	"[--json] [--providers DIR] [DOMAIN]", NULL};

const struct command command_providers = {
	.name = "providers",
	.summary = "List the known providers, or print one's preset to edit",
	.synopsis = synopsis,
	.options = rows,
	.run = run,
};
