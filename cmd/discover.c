/* SPDX-License-Identifier: ISC */
/* mailcfg discover DOMAIN, or FILE */
#include "discover.h"

#include <string.h>
#include <sys/stat.h>

#include "guard.h"
#include "host.h"
#include "text.h"

enum {
	DISCOVER_JSON = OPTION_FIELDS + 1,
	DISCOVER_FORCE,
	DISCOVER_PROVIDERS,
	DISCOVER_CA_FILE,
	DISCOVER_DNS,
	DISCOVER_WEB
};

static const struct option_row rows[] = {
	{"output", 'o', "FILE|DIR/", "write the preset, or a folder's, there"},
	{"force", DISCOVER_FORCE, NULL, "replace files that differ"},
	{"json", DISCOVER_JSON, NULL,
		"for machines: everything that was found, and where"},
	{"providers", DISCOVER_PROVIDERS, "DIR",
		"compare with presets from DIR, not from the usual folders"},
	{NULL, 0, NULL, "The network"},
	{"ca-file", DISCOVER_CA_FILE, "FILE",
		"trust the certificates in FILE, not the system's"},
	{"dns-server", DISCOVER_DNS, "ADDRESS[:PORT]",
		"ask this name server, not the system's"},
	{"web-server", DISCOVER_WEB, "ADDRESS:PORT",
		"take every web server to be there, to rehearse what is not "
		"published yet; its certificate counts"},
	{NULL, 0, NULL, "Help"},
	{"help", 'h', NULL, "this text"},
	{NULL, 0, NULL, NULL},
};

/* false: reported, or help was printed. */
static bool
parse(struct discover *d, const struct command *command, int argc, char **argv)
{
	struct option_parser parser;
	int id, first;

	option_start(&parser, d->program, command, argc, argv);
	while ((id = option_next(&parser)) != OPTION_END) {
		switch (id) {
		case 'h': command_help(command, stdout); return false;
		case 'o': d->output = parser.value; break;
		case DISCOVER_JSON: d->json = true; break;
		case DISCOVER_FORCE: d->force = true; break;
		case DISCOVER_PROVIDERS: d->providers = parser.value; break;
		case DISCOVER_CA_FILE: d->ca_file = parser.value; break;
		case DISCOVER_DNS: d->servers = parser.value; break;
		case DISCOVER_WEB: d->web = parser.value; break;
		default: break;
		}
	}
	first = option_operands(&parser);
	if (d->output != NULL && strcmp(d->output, "-") == 0)
		d->output = NULL;
	if (d->ca_file != NULL && *d->ca_file == '\0')
		complain_usage(d->program, "--ca-file wants a file");
	else if (d->json && d->output != NULL)
		complain_usage(d->program,
			"--json goes to standard output: leave out -o");
	else if (d->report->errors == 0 && argc - first != 1)
		complain_usage(d->program,
			"discover takes one operand: a domain, a file, - for "
			"standard input, or a folder");
	if (d->report->errors > 0)
		return false;
	d->operand = argv[first];
	return true;
}

static bool
ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), tail = strlen(end);

	return n >= tail && mc_strcasecmp(text + n - tail, end) == 0;
}

/*
 * Whether the operand is a domain, whatever files there are: a word with a
 * dot, or an address.
 */
static bool
is_domain(const char *operand)
{
	return strchr(operand, '/') == NULL && strchr(operand, '.') != NULL &&
		operand[0] != '.' && !ends_in(operand, ".xml");
}

static bool
open_sink(struct discover *d)
{
	size_t n = d->output == NULL ? 0 : strlen(d->output);
	struct stat st;

	if (d->output == NULL)
		return true;
	d->sink.kind = n > 0 &&
			(d->output[n - 1] == '/' ||
				(stat(d->output, &st) == 0 &&
					S_ISDIR(st.st_mode)))
		? &sink_dir
		: &sink_file;
	d->sink.path = d->output;
	d->sink.program = d->program;
	d->sink.force = d->force;
	/* a preset is no secret */
	d->sink.mode = 0644;
	return sink_open(&d->sink);
}

static void
run_domain(struct discover *d)
{
	const char *sign = strrchr(d->operand, '@'), *why = "";
	const char *word = sign == NULL ? d->operand : sign + 1;
	const char *domain = mc_host_ascii(&d->arena, word, strlen(word), &why);

	if (domain != NULL)
		discover_domain(d, domain);
	else
		mc_say(d->report, MC_MSG_BAD_HOST, NULL, NULL, NULL,
			"\"%s\": %s", word, why);
}

static void
run(struct program *program, const struct command *command, int argc,
	char **argv)
{
	struct discover d = {.program = program, .report = &program->report};
	bool whole;

	guard_start();
	guard_crypto();
	if (!parse(&d, command, argc, argv))
		return;
	program->complain.usage = false;
	if (open_sink(&d)) {
		if (is_domain(d.operand))
			run_domain(&d);
		else
			discover_file(&d);
		whole = stop_signal() == 0;
		if (d.output != NULL)
			(void)sink_close(&d.sink, whole);
		if (d.output != NULL && d.sink.kind->several)
			(void)fprintf(stderr,
				"created %lu changed %lu same %lu refused "
				"%lu\n",
				d.sink.count[FATE_CREATED],
				d.sink.count[FATE_CHANGED],
				d.sink.count[FATE_SAME],
				d.sink.count[FATE_REFUSED]);
	}
	if (d.arena.failed)
		complain_memory(program);
	mc_arena_free(&d.arena);
}

static void
more(FILE *out)
{
	(void)fputs(
		"\nA word with a dot is a domain; of an address the domain "
		"counts. One with a\nslash, or that ends in .xml, is a file "
		"or folder. Only what is public is asked\nfor: no password "
		"is wanted or sent.\n\nExamples:\n"
		"  mailcfg discover example.org\n"
		"  mailcfg discover example.org -o providers/\n"
		"  mailcfg gen --providers providers --target=all "
		"-o out/ anna@example.org\n"
		"  mailcfg discover config-v1.1.xml\n"
		"  mailcfg discover autoconfig/ispdb/ -o providers/\n",
		out);
}

static const char *const synopsis[] = {"[option...] DOMAIN",
	"[option...] FILE | -", "-o DIR/ [option...] FOLDER", NULL};

const struct command command_discover = {
	.name = DISCOVER_NAME,
	.summary = DISCOVER_SUMMARY,
	.synopsis = synopsis,
	.options = rows,
	.more = more,
	.run = run,
};
