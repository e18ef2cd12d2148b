/* SPDX-License-Identifier: ISC */
#include "json.h"

#include "guard.h"

void
json_text(cJSON *object, const char *name, const char *text)
{
	if (text != NULL)
		(void)cJSON_AddStringToObject(object, name, text);
}

void
json_list(cJSON *object, const char *name, const char *const *list)
{
	cJSON *array = cJSON_AddArrayToObject(object, name);

	for (; list != NULL && *list != NULL; list++)
		(void)cJSON_AddItemToArray(array, cJSON_CreateString(*list));
}

void
json_print(struct program *program, cJSON *json)
{
	char *text = json == NULL ? NULL : cJSON_Print(json);

	if (text == NULL || guard_failed())
		complain_memory(program);
	else
		printf("%s\n", text);
	cJSON_free(text);
	cJSON_Delete(json);
}

bool
list_parse(struct list_options *o, struct program *program,
	const struct command *command, int argc, char **argv, int most)
{
	struct option_parser parser;
	int id, first;

	guard_start();
	*o = (struct list_options){false, NULL, NULL};
	option_start(&parser, program, command, argc, argv);
	while ((id = option_next(&parser)) != OPTION_END) {
		if (id == 'h') {
			command_help(command, stdout);
			return false;
		}
		if (id == LIST_JSON)
			o->json = true;
		else
			o->providers = parser.value;
	}
	first = option_operands(&parser);
	if (argc - first > most)
		complain_usage(program, "%s takes %s", command->name,
			most == 0 ? "no operand" : "one operand");
	else if (argc > first)
		o->operand = argv[first];
	return program->report.errors == 0;
}
