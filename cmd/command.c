/* SPDX-License-Identifier: ISC */
/* The commands; usage, help and suggestions come from their rows. */
#include <string.h>

#include "cmd.h"
#include "text.h"

static const struct command *
find(const char *name)
{
	for (const struct command *const *c = program_commands; *c != NULL; c++)
		if (strcmp((*c)->name, name) == 0)
			return *c;
	return NULL;
}

static void
usage(FILE *out)
{
	(void)fputs("Usage: mailcfg COMMAND [ARGUMENT...]\n\n", out);
	for (const struct command *const *c = program_commands; *c != NULL; c++)
		(void)fprintf(out, "  %-10s %s\n", (*c)->name, (*c)->summary);
	(void)fputs(
		"\nmailcfg COMMAND --help tells the rest; mailcfg --version.\n",
		out);
}

static void
print_option(FILE *out, const struct option_row *row)
{
	char left[64];
	int n;

	n = snprintf(left, sizeof(left), "  %c%c%c --%s%s%s",
		row->id < OPTION_FIELDS ? '-' : ' ',
		row->id < OPTION_FIELDS ? row->id : ' ',
		row->id < OPTION_FIELDS ? ',' : ' ', row->name,
		row->arg == NULL ? "" : " ", row->arg == NULL ? "" : row->arg);
	(void)fputs(left, out);
	if (n > 28) {
		(void)fputc('\n', out);
		n = 0;
	}
	print_wrapped(out, row->help, 30, n);
}

void
command_help(const struct command *command, FILE *out)
{
	struct option_row rows[OPTION_MAX];
	size_t n = option_rows(command, rows);

	for (size_t i = 0; command->synopsis[i] != NULL; i++)
		(void)fprintf(out, "%s mailcfg %s %s\n",
			i == 0 ? "Usage:" : "      ", command->name,
			command->synopsis[i]);
	(void)fprintf(out, "\n%s.\n", command->summary);
	for (size_t i = 0; i < n; i++) {
		if (rows[i].name == NULL)
			(void)fprintf(out, "\n%s:\n", rows[i].help);
		else
			print_option(out, &rows[i]);
	}
	if (command->more != NULL)
		command->more(out);
}

static const char *
nearest(const char *name)
{
	const char *best = NULL;
	unsigned least = 4;

	for (const struct command *const *c = program_commands; *c != NULL;
		c++) {
		unsigned distance = mc_distance(name, (*c)->name, 3);

		if (distance < least && mc_near(name, (*c)->name)) {
			least = distance;
			best = (*c)->name;
		}
	}
	return best;
}

static void
unknown(struct program *program, const char *word)
{
	const char *near = nearest(word);
	enum mc_msg id = word[0] == '-' ? MC_MSG_UNKNOWN_OPTION
					: MC_MSG_UNKNOWN_COMMAND;

	if (strchr(word, '@') != NULL)
		near = "gen";
	if (id == MC_MSG_UNKNOWN_OPTION)
		mc_say(&program->report, id, NULL, NULL, NULL,
			"%.*s: options follow a command",
			(int)strcspn(word, "="), word);
	else if (near != NULL)
		mc_say(&program->report, id, NULL, NULL, NULL,
			"\"%s\": did you mean mailcfg %s", word, near);
	else
		mc_say(&program->report, id, NULL, NULL, NULL,
			"\"%s\": see mailcfg --help", word);
}

static void
help(struct program *program, const char *name, char **argv)
{
	const struct command *command = name == NULL ? NULL : find(name);

	if (name == NULL)
		usage(stdout);
	else if (command == NULL)
		unknown(program, name);
	else if (command->run == NULL)
		helper_run(program, name, argv);
	else
		command_help(command, stdout);
}

void
command_main(struct program *program, int argc, char **argv)
{
	const struct command *command;
	const char *word = argc > 1 ? argv[1] : NULL;

	if (word == NULL) {
		usage(stderr);
		complain_note(&program->complain, MC_MSG_USAGE);
		return;
	}
	if (strcmp(word, "--version") == 0) {
		printf("mailcfg %s\n", MAILCFG_VERSION);
		return;
	}
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
		strcmp(word, "help") == 0) {
		help(program, argc > 2 ? argv[2] : NULL, argv);
		return;
	}
	command = find(word);
	if (command == NULL)
		unknown(program, word);
	else if (command->run == NULL)
		helper_run(program, word, argv);
	else
		command->run(program, command, argc - 1, argv + 1);
}
