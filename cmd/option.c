/* SPDX-License-Identifier: ISC */
/*
 * Options: a table for each command, with the named options of the field
 * table among them.  getopt_long(3) parses; what it would take for an
 * abbreviation is refused, so that new options never change old scripts.
 */
#include <getopt.h>
#include <string.h>

#include "cmd.h"
#include "field.h"
#include "text.h"

/* The fields that have a long option of their own. */
static const enum mc_field_id named[] = {MC_IMAP, MC_POP3, MC_SMTP, MC_LOGIN,
	MC_NAME, MC_ORGANIZATION, MC_PROVIDER, MC_LANG, MC_CALDAV, MC_CARDDAV};

static const char *
argument_of(enum mc_field_id id)
{
	enum mc_kind kind = mc_field_at(id)->kind;

	if (kind == MC_KIND_SERVER || kind == MC_KIND_DAV)
		return "URL";
	if (kind == MC_KIND_LANG)
		return "TAG";
	return id == MC_PROVIDER ? "ID" : "TEXT";
}

static size_t
add_rows(const struct option_row *row, struct option_row out[OPTION_MAX],
	size_t n)
{
	for (; (row->name != NULL || row->help != NULL) && n < OPTION_MAX;
		row++) {
		if (row->id != OPTION_FIELDS) {
			out[n++] = *row;
			continue;
		}
		for (size_t i = 0;
			i < sizeof(named) / sizeof(named[0]) && n < OPTION_MAX;
			i++)
			out[n++] = (struct option_row){
				mc_field_at(named[i])->name,
				OPTION_NAMED + (int)named[i],
				argument_of(named[i]),
				mc_field_at(named[i])->help};
	}
	return n;
}

size_t
option_rows(const struct command *command, struct option_row out[OPTION_MAX])
{
	size_t n = add_rows(command->options, out, 0);

	return command->shared == NULL ? n : add_rows(command->shared, out, n);
}

void
option_start(struct option_parser *p, struct program *program,
	const struct command *command, int argc, char **argv)
{
	p->program = program;
	p->command = command;
	p->argc = argc;
	p->argv = argv;
	p->n = option_rows(command, p->rows);
	p->value = NULL;
	optind = 1;
	opterr = 0;
}

/* The option that was meant by a name of n bytes, or NULL. */
static const char *
nearest(const struct option_parser *p, const char *name, size_t n)
{
	const char *best = NULL;
	unsigned least = 4;
	char word[64];

	if (n >= sizeof(word) || n == 0)
		return NULL;
	memcpy(word, name, n);
	word[n] = '\0';
	for (size_t i = 0; i < p->n; i++) {
		const char *known = p->rows[i].name;
		unsigned distance;

		if (known == NULL)
			continue;
		/* an abbreviation */
		if (n > 1 && strncmp(known, word, n) == 0)
			return known;
		distance = mc_distance(word, known, 3);
		if (distance < least && mc_near(word, known)) {
			least = distance;
			best = known;
		}
	}
	return best;
}

/* What follows "=" may be a password and is never shown. */
static void
unknown(const struct option_parser *p, const char *word)
{
	const char *name = word + strspn(word, "-"), *near;
	size_t n = strcspn(name, "=");

	near = nearest(p, name, n);
	if (near != NULL)
		mc_say(&p->program->report, MC_MSG_UNKNOWN_OPTION, NULL, NULL,
			NULL, "%.*s: did you mean --%s", (int)(name + n - word),
			word, near);
	else
		mc_say(&p->program->report, MC_MSG_UNKNOWN_OPTION, NULL, NULL,
			NULL, "%.*s: see mailcfg %s --help",
			(int)(name + n - word), word, p->command->name);
}

static void
unknown_letter(const struct option_parser *p, int letter)
{
	mc_say(&p->program->report, MC_MSG_UNKNOWN_OPTION, NULL, NULL, NULL,
		"-%c: see mailcfg %s --help", letter, p->command->name);
}

static const struct option_row *
row_of(const struct option_parser *p, int id)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->rows[i].name != NULL && p->rows[i].id == id)
			return &p->rows[i];
	return NULL;
}

/* The tables that getopt_long wants. */
static void
fill(const struct option_parser *p, struct option longs[OPTION_MAX + 1],
	char letters[2 * OPTION_MAX + 2])
{
	size_t n = 0, at = 0;

	letters[at++] = ':';
	for (size_t i = 0; i < p->n; i++) {
		const struct option_row *row = &p->rows[i];

		if (row->name == NULL)
			continue;
		longs[n++] = (struct option){row->name,
			row->arg == NULL ? no_argument : required_argument,
			NULL, row->id};
		if (row->id >= OPTION_FIELDS)
			continue;
		letters[at++] = (char)row->id;
		if (row->arg != NULL)
			letters[at++] = ':';
	}
	longs[n] = (struct option){0};
	letters[at] = '\0';
}

static void
fault(const struct option_parser *p, int id)
{
	const struct option_row *row = row_of(p, optopt);
	const char *word = p->argv[optind - 1];

	if (word == NULL)
		return;
	if (id == ':' && row != NULL)
		complain_usage(
			p->program, "--%s wants %s", row->name, row->arg);
	else if (row != NULL && word[0] == '-' && word[1] == '-')
		complain_usage(p->program, "--%s takes no value", row->name);
	else if (optopt != 0)
		unknown_letter(p, optopt);
	else
		unknown(p, word);
}

int
option_next(struct option_parser *p)
{
	struct option longs[OPTION_MAX + 1];
	char letters[2 * OPTION_MAX + 2];

	fill(p, longs, letters);
	for (;;) {
		int id = getopt_long(p->argc, p->argv, letters, longs, NULL);
		const struct option_row *row;
		const char *word;
		size_t n;

		if (id == -1)
			return OPTION_END;
		if (id == '?' || id == ':') {
			fault(p, id);
			continue;
		}
		/* "--option value" are two words, "--option=value" is one */
		word = p->argv[optind - 1];
		if (optarg != NULL && optarg == word && optind >= 2)
			word = p->argv[optind - 2];
		p->value = optarg;
		if (word[0] != '-' || word[1] != '-')
			return id;
		row = row_of(p, id);
		n = strcspn(word + 2, "=");
		if (row == NULL || n >= strlen(row->name) ||
			strncmp(row->name, word + 2, n) != 0)
			return id;
		unknown(p, word);
	}
}

int
option_operands(const struct option_parser *p)
{
	(void)p;
	return optind;
}
