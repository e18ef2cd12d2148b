/* SPDX-License-Identifier: ISC */
/* The command line of `mailcfg gen`, from words to struct gen_options. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gen.h"
#include "gen_rows.h"
#include "text.h"

enum { JOBS_MAX = 64 };

/* A draft for options, made when the first one comes. */
static struct mc_draft *
draft_of(struct gen *g, struct mc_draft **draft)
{
	if (*draft == NULL) {
		*draft = mc_arena_alloc(&g->arena, sizeof(**draft));
		if (*draft != NULL)
			(*draft)->arena = &g->arena;
	}
	return *draft;
}

static void
take_field(struct gen *g, enum mc_field_id id, const char *value)
{
	struct mc_draft *draft = draft_of(g, &g->o.option);
	struct mailcfg_pos pos = {NULL, 1, 1};

	if (*value == '\0')
		complain_usage(g->program, "--%s has an empty value",
			mc_field_at(id)->name);
	pos.file = mc_arena_printf(&g->arena, "--%s", mc_field_at(id)->name);
	if (draft != NULL && pos.file != NULL)
		(void)mc_draft_set(draft, id, value, strlen(value),
			MC_TYPE_STRING, &pos, true, g->report);
}

static void
take_set(struct gen *g, const char *value)
{
	struct mailcfg_pos pos = {"--set", 1, 1};
	struct mc_draft *draft = draft_of(g, &g->o.set);
	const char *equals = strchr(value, '='), *name;
	const struct mc_field *near;
	int id;

	if (equals == NULL) {
		complain_usage(g->program, "--set wants FIELD=TEXT");
		return;
	}
	name = mc_arena_strndup(&g->arena, value, (size_t)(equals - value));
	if (name == NULL || draft == NULL)
		return;
	id = mc_field_find(name);
	if (id < 0) {
		near = mc_field_nearest(name);
		mc_say(g->report, MC_MSG_UNKNOWN_FIELD, &pos, NULL, NULL,
			"\"%s\": %s%s", name,
			near == NULL ? "mailcfg fields lists them"
				     : "did you mean ",
			near == NULL ? "" : near->name);
		return;
	}
	if (mc_field_at((size_t)id)->secret) {
		mc_say(g->report, MC_MSG_SECRET_OPTION, &pos, name, NULL,
			"%s: others can read options; give --password-from or "
			"a record's field",
			name);
		return;
	}
	pos.column += (unsigned)mc_utf8_count(name, strlen(name)) + 1;
	(void)mc_draft_set(draft, (size_t)id, equals + 1, strlen(equals + 1),
		MC_TYPE_STRING, &pos, true, g->report);
}

static void
add_target(struct gen *g, const struct mc_target *target, bool lenient)
{
	struct gen_options *o = &g->o;

	for (size_t i = 0; i < o->n_targets; i++) {
		if (o->targets[i].target != target)
			continue;
		/* named, it must do what it was named for */
		o->targets[i].lenient = o->targets[i].lenient && lenient;
		return;
	}
	o->targets[o->n_targets++] = (struct choice){
		.target = target, .lenient = lenient};
}

static void
take_target(struct gen *g, const char *word, size_t column)
{
	const struct mailcfg_pos pos = {"--target", 1, (unsigned)column};
	const struct mc_target *target = mc_target_find(word);
	const char *near;

	if (strcmp(word, "all") == 0) {
		for (size_t i = 0; i < mc_target_count(); i++)
			if ((mc_target_at(i)->can & MC_BY_NAME_ONLY) == 0)
				add_target(g, mc_target_at(i), true);
	} else if (target != NULL) {
		add_target(g, target, false);
	} else {
		near = mc_target_nearest(word);
		mc_say(g->report, MC_MSG_UNKNOWN_TARGET, &pos, NULL, NULL,
			"\"%s\": %s%s", word,
			near == NULL ? "mailcfg targets lists them"
				     : "did you mean ",
			near == NULL ? "" : near);
	}
}

static void
take_targets(struct gen *g, const char *list)
{
	const char *s = list;

	if (g->o.targets == NULL)
		g->o.targets = mc_arena_alloc(
			&g->arena, mc_target_count() * sizeof(*g->o.targets));
	while (*s != '\0' && g->o.targets != NULL) {
		size_t n = strcspn(s, ",");
		const char *word = mc_arena_strndup(&g->arena, s, n);

		if (word != NULL && *word != '\0')
			take_target(g, word,
				1 + mc_utf8_count(list, (size_t)(s - list)));
		s += n + (s[n] == ',');
	}
}

static void
take_mode(struct gen *g, const char *text)
{
	mode_t mode = 0;
	const char *c = text;

	for (; *c >= '0' && *c <= '7' && c - text < 5; c++)
		mode = mode * 8 + (mode_t)(*c - '0');
	if (c == text || *c != '\0' || (mode & ~(mode_t)0666) != 0 ||
		(mode & S_IRUSR) == 0 || (mode & S_IWUSR) == 0)
		complain_usage(g->program,
			"--mode wants octal digits such as 0640: read and "
			"write for the owner, and nobody may execute");
	else
		g->o.mode = mode;
}

static void
take_by(struct gen *g, const char *text)
{
	if (strcmp(text, "account") == 0)
		g->o.by = BY_ACCOUNT;
	else if (strcmp(text, "person") == 0)
		g->o.by = BY_PERSON;
	else if (strcmp(text, "domain") == 0)
		g->o.by = BY_DOMAIN;
	else
		complain_usage(g->program, "--by is account, person or domain");
}

static void
take_format(struct gen *g, const char *name)
{
	const char *names = "";

	g->o.syntax = mc_syntax_by_name(name);
	if (g->o.syntax != NULL)
		return;
	for (size_t i = 0; i < mc_syntax_count() && names != NULL; i++)
		names = mc_arena_printf(&g->arena, "%s%s%s", names,
			i == 0                               ? ""
				: i + 1 == mc_syntax_count() ? " or "
							     : ", ",
			mc_syntax_at(i)->name);
	if (names != NULL)
		complain_usage(g->program, "--from-format is %s", names);
}

static void
take_column(struct gen *g, const char *spec)
{
	const struct mailcfg_pos pos = {"--column", 1, 1};
	struct mc_binding trial = {0};

	(void)mc_bind_pattern(&trial, spec, &pos, g->report);
	mc_bind_free(&trial);
	g->o.columns[g->o.n_columns++] = spec;
}

static void
take_jobs(struct gen *g, const char *text)
{
	unsigned jobs = 0;
	const char *c = text;

	for (; *c >= '0' && *c <= '9' && jobs <= JOBS_MAX; c++)
		jobs = jobs * 10 + (unsigned)(*c - '0');
	if (c == text || *c != '\0' || jobs == 0 || jobs > JOBS_MAX)
		complain_usage(g->program, "--jobs is a number from 1 to %d",
			JOBS_MAX);
	else
		g->o.jobs = jobs;
}

static void
take_output_format(struct gen *g, const char *name)
{
	g->sink.frame = frame_find(name);
	if (g->sink.frame == NULL)
		complain_usage(
			g->program, "--output-format is tar, ndjson or concat");
}

/* As many threads as there are cores to run them. */
static unsigned
cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > JOBS_MAX ? JOBS_MAX : (unsigned)n;
}

/* One option.  false: only help was wanted. */
static bool
take(struct gen *g, const struct command *command, int id, const char *value)
{
	struct gen_options *o = &g->o;

	switch (id) {
	case 't': take_targets(g, value); break;
	case 'f': o->from[o->n_from++] = value; break;
	case 'o': o->output = value; break;
	case 'q': g->program->complain.quiet = true; break;
	case 'h': command_help(command, stdout); return false;
	case GEN_FROM_FORMAT: take_format(g, value); break;
	case GEN_COLUMN: take_column(g, value); break;
	case GEN_SET: take_set(g, value); break;
	case GEN_PROVIDERS: o->providers = value; break;
	case GEN_PASSWORD_FROM:
		(void)source_parse(&o->source, &g->arena, value, g->program);
		break;
	case GEN_SIGN_CERT: o->sign_cert = value; break;
	case GEN_SIGN_KEY: o->sign_key = value; break;
	case GEN_SIGN_PASSPHRASE:
		(void)source_parse(
			&o->sign_source, &g->arena, value, g->program);
		break;
	case GEN_EMBED: o->embed_password = true; break;
	case GEN_INSECURE: o->allow_insecure_input = true; break;
	case GEN_BY: take_by(g, value); break;
	case GEN_COMBINE: o->combine = true; break;
	case GEN_FORCE: o->force = true; break;
	case GEN_DRY_RUN: o->dry_run = true; break;
	case GEN_MODE: take_mode(g, value); break;
	case GEN_JOBS: take_jobs(g, value); break;
	case GEN_FORMAT: take_output_format(g, value); break;
	case GEN_REJECTS: o->rejects = value; break;
	case GEN_REPORT: o->report = value; break;
	case GEN_NO_STENCIL: o->no_stencil = true; break;
	case GEN_PROFILE_URL: o->profile_url = value; break;
	case GEN_TOKEN_KEY: o->token_key = value; break;
	case GEN_TEMPLATES: o->templates = value; break;
	default:
		if (g->way != NULL && g->way->take(g, id, value))
			break;
		take_field(g, (enum mc_field_id)(id - OPTION_NAMED), value);
		break;
	}
	return true;
}

/* Options that say something of one account only. */
static const char *
single_option(const struct gen_options *o)
{
	const struct mc_draft *option = o->option;

	if (o->source.kind != SOURCE_NONE && !o->source.has_address)
		return "--password-from without {address}";
	if (option != NULL && option->value[MC_NAME].text != NULL)
		return "--name";
	if (option != NULL && option->value[MC_LOGIN].text != NULL &&
		!mc_has_placeholder(option->value[MC_LOGIN].text))
		return "--login without {mailbox}, {local-part} or {domain}";
	if (o->profile_url != NULL && !mc_link_is_personal(o->profile_url))
		return "--profile-url without {token} or {mailbox}";
	return NULL;
}

/* Files about the run, which have no place everywhere. */
static void
check_logs(struct gen *g)
{
	const struct gen_options *o = &g->o;
	bool standard = o->output == NULL || strcmp(o->output, "-") == 0;

	if (o->report != NULL && strcmp(o->report, "-") == 0 && standard)
		complain_usage(g->program,
			"documents and report both go to standard output");
	if (o->rejects == NULL)
		return;
	if (o->n_from != 1)
		complain_usage(g->program, "--rejects goes with one --from");
	else if (strcmp(o->rejects, "-") == 0)
		complain_usage(g->program, "--rejects wants a file");
	else if (o->grouped != NULL || o->single != NULL)
		complain_usage(g->program,
			"--rejects does not go with %s: records must stand "
			"alone",
			o->grouped != NULL ? o->grouped : o->single);
}

static void
check_input(struct gen *g)
{
	struct gen_options *o = &g->o;
	size_t readers = o->source.kind == SOURCE_FD && o->source.fd == 0;

	readers += o->sign_source.kind == SOURCE_FD && o->sign_source.fd == 0;
	for (size_t i = 0; i < o->n_from; i++)
		readers += strcmp(o->from[i], "-") == 0;
	if (readers > 1)
		complain_usage(g->program, "standard input is read twice");
	if (o->n_from == 0 && o->n_operands == 0)
		complain_usage(g->program, "give an address, or --from FILE");
	if (o->n_from == 0 && o->syntax != NULL)
		complain_usage(g->program, "--from-format goes with --from");
	if (o->n_from == 0 && o->n_columns > 0)
		complain_usage(g->program, "--column goes with --from");
	if (o->n_from >= SPOT_OPERAND)
		complain_usage(g->program, "too many files: %zu", o->n_from);
	o->single = single_option(o);
	check_logs(g);
	if (o->single != NULL && o->n_from == 0 && o->n_operands > 1)
		complain_usage(g->program, "%s serves one account", o->single);
}

/* Whether the operands make one document of the target, as far as is known. */
static bool
is_one(const struct gen_options *o, const struct mc_target *target)
{
	return o->n_from > 0 || o->n_operands <= 1 || target->scope != NULL ||
		(o->combine && (target->can & MC_CAN_SEVERAL) != 0);
}

static bool
has_suffix(const char *path, const char *suffix)
{
	size_t n = strlen(path), k = strlen(suffix);

	return n > k && mc_strcasecmp(path + n - k, suffix) == 0;
}

/* What has no place in a stream of documents, or in that one. */
static void
check_frame(struct gen *g)
{
	const struct gen_options *o = &g->o;
	const struct frame *frame = g->sink.frame;
	bool standard = o->output == NULL || strcmp(o->output, "-") == 0;

	if (frame == NULL)
		return;
	if (g->sink.kind != &sink_framed ||
		(g->sink.path != NULL && !standard && frame != &frame_tar))
		complain_usage(g->program,
			"--output-format goes with -o -, standard output");
	for (size_t i = 0; i < o->n_targets; i++) {
		const struct mc_target *target = o->targets[i].target;

		if ((target->can & MC_ONE_LIST) != 0)
			complain_usage(g->program,
				"%s is one list for the run, not a document of "
				"a stream: give -o FILE or -o DIR/",
				target->name);
		else if (frame == &frame_concat &&
			(g->way != NULL || o->n_targets > 1 ||
				mc_target_docs(target) > 1))
			complain_usage(g->program,
				"--output-format=concat is for a target of one "
				"document");
	}
}

/* A place for one document, and more that will come. */
static void
check_output(struct gen *g)
{
	struct gen_options *o = &g->o;
	const struct mc_target *first = o->targets[0].target;
	size_t n = mc_target_docs(first);

	if (o->output != NULL && *o->output == '\0')
		complain_usage(g->program, "-o wants a file or a directory");
	check_frame(g);
	if (g->sink.kind->several)
		return;
	if (o->by != BY_NOTHING)
		complain_usage(g->program, "--by goes with -o DIR/");
	/* another way makes one of them */
	if (g->way != NULL)
		n = 1;
	if (o->n_targets > 1 && g->way == NULL)
		complain_usage(g->program,
			"%zu targets make more than one document: give -o DIR/",
			o->n_targets);
	else if (n > 1)
		complain_usage(g->program,
			"%s makes %zu documents: give -o DIR/", first->name, n);
	else if (!is_one(o, first))
		complain_usage(g->program,
			"%zu accounts make more than one document: give "
			"-o DIR/%s",
			o->n_operands,
			(first->can & MC_CAN_SEVERAL) != 0 ? ", or --combine"
							   : "");
}

static void
choose_sink(struct gen *g)
{
	const char *path = g->o.output;
	size_t n = path == NULL ? 0 : strlen(path);
	struct stat st;

	if (path == NULL || strcmp(path, "-") == 0) {
		g->sink.kind = g->sink.frame == NULL ? &sink_stream
						     : &sink_framed;
		return;
	}
	g->sink.path = path;
	if (has_suffix(path, ".tar")) {
		g->sink.kind = &sink_framed;
		if (g->sink.frame == NULL)
			g->sink.frame = &frame_tar;
	} else if (has_suffix(path, ".tar.gz") || has_suffix(path, ".tgz") ||
		has_suffix(path, ".zip")) {
		g->sink.kind = &sink_archive;
	} else if (n > 0 &&
		(path[n - 1] == '/' ||
			(stat(path, &st) == 0 && S_ISDIR(st.st_mode))))
		g->sink.kind = &sink_dir;
	else
		g->sink.kind = &sink_file;
}

static void
name_operands(struct gen *g)
{
	struct gen_options *o = &g->o;

	o->operand_names = mc_arena_alloc(
		&g->arena, (o->n_operands + 1) * sizeof(*o->operand_names));
	for (size_t i = 0; o->operand_names != NULL && i < o->n_operands; i++)
		o->operand_names[i] = mc_arena_printf(
			&g->arena, "operand %zu", i + 1);
}

unsigned
gen_rate(struct gen *g, const char *value, const char *what)
{
	unsigned n = 0;
	const char *c = value;

	for (; *c >= '0' && *c <= '9' && n < 100000; c++)
		n = n * 10 + (unsigned)(*c - '0');
	if (c != value && n > 0 && n <= 60000 &&
		(*c == '\0' || strcmp(c, "/min") == 0))
		return n;
	complain_usage(g->program,
		"--rate is a number of %s a minute such as 20/min, from 1 to "
		"60000",
		what);
	return 0;
}

bool
gen_parse(struct gen *g, const struct command *command, int argc, char **argv)
{
	struct option_parser parser;
	struct gen_options *o = &g->o;
	int id;

	o->mode = S_IRUSR | S_IWUSR;
	o->jobs = cores();
	o->source.option = "--password-from";
	o->source.what = "Password";
	o->sign_source.option = "--sign-passphrase-from";
	o->sign_source.what = "Passphrase";
	o->from = mc_arena_alloc(&g->arena, (size_t)argc * sizeof(*o->from));
	o->columns = mc_arena_alloc(
		&g->arena, (size_t)argc * sizeof(*o->columns));
	if (o->from == NULL || o->columns == NULL) {
		complain_memory(g->program);
		return false;
	}
	option_start(&parser, g->program, command, argc, argv);
	while ((id = option_next(&parser)) != OPTION_END)
		if (!take(g, command, id, parser.value))
			return false;
	o->operands = argv + option_operands(&parser);
	o->n_operands = (size_t)(argc - option_operands(&parser));
	name_operands(g);
	choose_sink(g);
	if (g->way != NULL)
		g->way->check(g);
	if (o->n_targets == 0 && !gen_has_no_targets(g) &&
		g->report->errors == 0)
		complain_usage(g->program,
			"give --target; mailcfg targets lists them");
	web_check(g);
	handout_order(o);
	check_input(g);
	signing_check(g);
	if (o->n_targets > 0)
		check_output(g);
	if (g->arena.failed)
		complain_memory(g->program);
	return g->report->errors == 0;
}
