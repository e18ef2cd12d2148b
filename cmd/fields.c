/* SPDX-License-Identifier: ISC */
/* mailcfg fields */
#include "field.h"
#include "json.h"

static const struct option_row rows[] = {
	{"json", LIST_JSON, NULL, "for machines"},
	{"help", 'h', NULL, "this text"},
	{NULL, 0, NULL, NULL},
};

static void
print_json(struct program *program)
{
	cJSON *list = cJSON_CreateArray();

	for (size_t i = 0; i < mc_field_count(); i++) {
		const struct mc_field *field = mc_field_at(i);
		cJSON *object = cJSON_CreateObject();

		json_text(object, "name", field->name);
		json_text(object, "kind", mc_kind_name(field->kind));
		json_text(object, "help", field->help);
		(void)cJSON_AddNumberToObject(object, "limit", field->limit);
		(void)cJSON_AddBoolToObject(object, "secret", field->secret);
		json_list(object, "headers", field->synonyms);
		(void)cJSON_AddItemToArray(list, object);
	}
	json_print(program, list);
}

static void
print_headers(const struct mc_field *field)
{
	struct mc_buf text = {0};

	if (field->synonyms == NULL)
		return;
	mc_buf_puts(&text, "headers:");
	for (const char *const *s = field->synonyms; *s != NULL; s++)
		mc_buf_printf(&text, " %s%s", *s, s[1] == NULL ? "" : ",");
	if (text.data != NULL)
		print_wrapped(stdout, text.data, 34, 0);
	mc_buf_free(&text);
}

static void
print_fields(void)
{
	for (size_t i = 0; i < mc_field_count(); i++) {
		const struct mc_field *field = mc_field_at(i);
		int n = printf(
			"%-22s %-10s", field->name, mc_kind_name(field->kind));

		print_wrapped(stdout, field->help, 34, n);
		print_headers(field);
	}
	(void)fputs(
		"\nHeaders of CSV files match without regard to case, blanks, "
		"- and _.\n",
		stdout);
}

static void
run(struct program *program, const struct command *command, int argc,
	char **argv)
{
	struct list_options o;

	if (!list_parse(&o, program, command, argc, argv, 0))
		return;
	if (o.json)
		print_json(program);
	else
		print_fields();
}

static const char *const synopsis[] = {"[--json]", NULL};

const struct command command_fields = {
	.name = "fields",
	.summary = "List the fields of an account and the headers they go by",
	.synopsis = synopsis,
	.options = rows,
	.run = run,
};
