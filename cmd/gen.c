/* SPDX-License-Identifier: ISC */
/* mailcfg gen: accounts in, documents out. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "context.h"
#include "gen.h"
#include "gen_rows.h"
#include "guard.h"
#include "text.h"

const struct option_row gen_rows[] = {
	{NULL, 0, NULL, "What to make"},
	{"target", 't', "LIST",
		"targets, separated by commas; all: every one that is made for "
		"a person; mailcfg targets lists them"},
	{NULL, 0, NULL, "Accounts"},
	{"from", 'f', "FILE",
		"read accounts from FILE, - is standard input; operands pick "
		"records then; may be repeated"},
	{"from-format", GEN_FROM_FORMAT, "NAME",
		"csv, tsv, json, ndjson, yaml or ldif, where the name of the "
		"file "
		"does not tell"},
	{"column", GEN_COLUMN, "FIELD=TEXT",
		"make a field from columns: TEXT holds {Header}; may be "
		"repeated"},
	{NULL, OPTION_FIELDS, NULL, "named options of the field table"},
	{"set", GEN_SET, "FIELD=TEXT",
		"set any field, whatever the records say; mailcfg fields lists "
		"them; may be repeated"},
	{"providers", GEN_PROVIDERS, "DIR",
		"read presets of providers from DIR, not from the usual "
		"folders"},
	{"templates", GEN_TEMPLATES, "DIR",
		"read templates of pages and messages from DIR, not from the "
		"usual folders"},
	{NULL, 0, NULL, "Passwords"},
	{"password-from", GEN_PASSWORD_FROM, "SOURCE",
		"prompt, file:PATH, fd:N or cmd:WORDS; PATH and WORDS may hold "
		"{address}"},
	{"embed-password", GEN_EMBED, NULL,
		"write passwords into documents; else the client asks"},
	{"allow-insecure-input", GEN_INSECURE, NULL,
		"read passwords from files that others can read"},
	{NULL, 0, NULL, "On the web"},
	{"profile-url", GEN_PROFILE_URL, "URL",
		"where each account's profile will lie, https and with {token} "
		"or {mailbox}; QR codes tell it, and files are named by it"},
	{"token-key", GEN_TOKEN_KEY, "FILE",
		"the site's secret, 32 bytes or more, from which {token} is "
		"made; a new one makes all URLs new"},
	{NULL, 0, NULL, "Signing"},
	{"sign-cert", GEN_SIGN_CERT, "FILE",
		"sign what can be signed: the certificate, and after it its "
		"chain, as PEM, or PKCS#12"},
	{"sign-key", GEN_SIGN_KEY, "FILE",
		"the key, where it is not in the file of the certificate"},
	{"sign-passphrase-from", GEN_SIGN_PASSPHRASE, "SOURCE",
		"where the passphrase of an encrypted key comes from; as "
		"--password-from"},
	{NULL, 0, NULL, "Output"},
	{"output", 'o', "PATH",
		"write to a file, into a directory (DIR/) or an archive "
		"(X.tar, X.tar.gz, X.zip); standard output is -"},
	{"output-format", GEN_FORMAT, "NAME",
		"several documents on standard output: tar, ndjson or concat"},
	{"by", GEN_BY, "KIND", "a folder for each account, person or domain"},
	{"combine", GEN_COMBINE, NULL,
		"one document for the accounts of a person, where a target can "
		"hold several"},
	{"force", GEN_FORCE, NULL, "replace files that differ"},
	{"dry-run", GEN_DRY_RUN, NULL,
		"write nothing; say what would become of each file, and where "
		"an account's values come from"},
	{"rejects", GEN_REJECTS, "FILE",
		"write refused records to FILE as they came, with the reason, "
		"to be mended and fed again"},
	{"report", GEN_REPORT, "FILE",
		"write a line of JSON for each document and each message to "
		"FILE; - is standard output"},
	{"mode", GEN_MODE, "OCTAL",
		"mode of files without passwords, 0600 otherwise"},
	{NULL, 0, NULL, "Other"},
	{"jobs", GEN_JOBS, "N",
		"work in N threads, as many as cores otherwise"},
	{"no-stencil", GEN_NO_STENCIL, NULL,
		"make each document anew, to compare"},
	{"quiet", 'q', NULL, "say nothing but errors"},
	{"help", 'h', NULL, "this text"},
	{NULL, 0, NULL, NULL},
};

/* Examples name the first target, so that no target is known here. */
static void
more(FILE *out)
{
	const struct mc_target *target = mc_target_at(0);
	const char *name = target->name, *suffix = target->docs[0].suffix;

	(void)fputs(
		"\nAn operand is an address or 'Name <address>'. With --from "
		"it "
		"picks records:\nan address, @domain, or a pattern with * and "
		"?.\n\nExamples:\n",
		out);
	(void)fprintf(out,
		"  mailcfg gen --target=%s alice@mail.ru > alice%s\n", name,
		suffix);
	(void)fputs("  mailcfg gen --target=all -o out/ 'Alice Berg "
		    "<alice@mail.ru>'\n",
		out);
	(void)fprintf(out,
		"  mailcfg gen --target=%s --imap imaps://mail.example.org \\\n"
		"      --smtp smtp://mail.example.org:587 bob@example.org\n",
		name);
	(void)fprintf(out,
		"  mailcfg gen --target=%s --from users.csv -o profiles/\n"
		"  mailcfg gen --target=%s --from users.csv "
		"anna@school.example\n"
		"  mailcfg gen --target=%s --from users.csv --column \\\n"
		"      'name={First} {Last}' -o profiles/ '*.teacher@*'\n",
		name, name, name);
}

/* A record from an operand. */
static void
take_operand(struct gen *g, size_t at)
{
	struct worker *w = &g->worker;
	struct member *member = member_next(w);
	const char *operand = g->o.operands[at], *name, *address;
	struct mailcfg_pos pos = {NULL, 1, 1};
	struct mc_draft *draft;
	size_t offset;

	if (member == NULL)
		return;
	draft = mc_arena_alloc(&member->arena, sizeof(*draft));
	pos.file = g->o.operand_names[at];
	if (draft == NULL ||
		!mc_mailbox_split(
			&member->arena, operand, &name, &address, &offset)) {
		worker_fail(w);
		return;
	}
	draft->arena = &member->arena;
	draft->pos = pos;
	if (name != NULL)
		(void)mc_draft_set(draft, MC_NAME, name, strlen(name),
			MC_TYPE_STRING, &pos, true, &w->report);
	pos.column += (unsigned)offset;
	(void)mc_draft_set(draft, MC_ADDRESS, address, strlen(address),
		MC_TYPE_STRING, &pos, true, &w->report);
	if (draft->bad)
		return;
	member->draft = draft;
	member->spot = (struct spot){
		(uint32_t)(at + 1), (uint16_t)pos.column, SPOT_OPERAND};
	member_accept(w, member);
}

/* --provider is judged once, not for every account. */
static void
check_provider(struct gen *g)
{
	const struct mc_value *value;
	const char *near;

	if (g->o.option == NULL)
		return;
	value = &g->o.option->value[MC_PROVIDER];
	if (value->text == NULL ||
		mc_provider_by_id(&g->context->presets, value->text) != NULL)
		return;
	near = mc_provider_nearest(&g->context->presets, value->text);
	mc_say(g->report, MC_MSG_UNKNOWN_PROVIDER, &value->pos, NULL, NULL,
		"\"%s\": %s%s", value->text,
		near == NULL ? "mailcfg providers lists them" : "did you mean ",
		near == NULL ? "" : near);
}

/* Options that changed nothing are told, or they would be trusted. */
static void
say_unused(struct gen *g)
{
	const struct gen_options *o = &g->o;
	bool used = (g->from_option & (1ull << MC_PASSWORD)) != 0;

	if (g->n_accounts == 0)
		return;
	for (size_t i = 0; o->option != NULL && i < MC_FIELDS; i++) {
		const struct mc_value *value = &o->option->value[i];
		size_t part = i < MC_IMAP || i > MC_SMTP_PASSWORD
			? MC_PART_URL
			: (i - MC_IMAP) % MC_PARTS;
		const struct mailcfg_pos pos = {value->pos.file, 0, 0};

		/* the parts of a URL are not options of their own */
		if (value->text == NULL || part != MC_PART_URL ||
			(g->from_option & (1ull << i)) != 0)
			continue;
		mc_say(g->report, MC_MSG_OPTION_UNUSED, &pos,
			mc_field_at(i)->name, NULL,
			"what counts before it said otherwise");
	}
	if (o->source.kind != SOURCE_NONE && !used) {
		const struct mailcfg_pos pos = {"--password-from", 0, 0};

		mc_say(g->report, MC_MSG_OPTION_UNUSED, &pos, NULL, NULL,
			"what counts before it said otherwise");
	}
}

/* What the run did to a directory, in one line. */
static void
say_summary(const struct gen *g)
{
	const unsigned long *count = g->sink.count;

	if (g->program->complain.quiet || g->o.dry_run)
		return;
	(void)fprintf(stderr, "created %lu changed %lu same %lu refused %lu\n",
		count[FATE_CREATED], count[FATE_CHANGED], count[FATE_SAME],
		count[FATE_REFUSED]);
}

/* What the main thread's worker has is carried out. */
static void
settle(struct gen *g)
{
	if (g->worker.stop)
		(void)batch_add(&g->worker.batch, ENTRY_STOP);
	commit(g, &g->worker.batch);
}

static void
read_accounts(struct gen *g)
{
	if (g->o.n_from > 0) {
		inputs_read(g);
		return;
	}
	for (size_t i = 0;
		i < g->o.n_operands && !g->stop && stop_signal() == 0; i++) {
		take_operand(g, i);
		settle(g);
	}
}

static void
run_accounts(struct gen *g)
{
	bool whole;

	read_accounts(g);
	if (!g->stop && stop_signal() == 0) {
		members_finish(&g->worker);
		settle(g);
	}
	if (g->way != NULL && g->way->finish != NULL)
		g->way->finish(g);
	whole = !g->stop && stop_signal() == 0;
	streams_finish(g, whole);
	(void)sink_close(&g->sink, whole);
	if (whole) {
		pickers_finish(g);
		say_unused(g);
	}
	if (g->o.dry_run && g->n_accounts == 1 && g->origins.len > 0)
		printf("\n%s", g->origins.data);
	if (stop_signal() != 0)
		mc_say(g->report, MC_MSG_INTERRUPTED, NULL, NULL, NULL,
			"what is there is whole");
	rejects_finish(g);
	complain_clear(&g->program->complain);
	if (!g->sink.kind->several && !gen_has_no_targets(g))
		return;
	if (g->way == NULL || g->way->summary == NULL)
		say_summary(g);
	else
		g->way->summary(g);
}

/* Presets, pickers and the sink: the last things that can be wrong before. */
static bool
prepare(struct gen *g)
{
	g->context = presets_open(g->program, g->o.providers);
	if (g->context == NULL)
		return false;
	check_provider(g);
	if (g->o.n_from > 0 && !pickers_parse(g))
		return false;
	if (g->report->errors > 0)
		return false;
	g->streams = mc_arena_alloc(
		&g->arena, g->o.n_targets * sizeof(*g->streams));
	if (g->streams == NULL) {
		complain_memory(g->program);
		return false;
	}
	g->program->complain.usage = false;
	stop_install();
	if (!web_prepare(g) || !signing_open(g) || !handout_prepare(g))
		return false;
	if (g->o.source.kind != SOURCE_NONE && !g->o.embed_password &&
		(g->way == NULL || !g->way->uses_passwords)) {
		const struct mailcfg_pos pos = {"--password-from", 0, 0};

		mc_say(g->report, MC_MSG_OPTION_UNUSED, &pos, NULL, NULL,
			"passwords are written only with --embed-password");
	}
	if (g->o.rejects != NULL &&
		!log_open(&g->rejects, g->program, g->o.rejects, !g->o.force))
		return false;
	if (g->o.report != NULL) {
		if (!log_open(&g->report_log, g->program, g->o.report, false))
			return false;
		g->sink.report = g->program->complain.report = &g->report_log;
	}
	if (!seen_start()) {
		mc_say(g->report, MC_MSG_FAULT, NULL, NULL, NULL,
			"no random numbers: %s", strerror(errno));
		return false;
	}
	progress_start(&g->progress, &g->program->complain);
	guard_start();
	worker_start(&g->worker, g);
	g->sink.program = g->program;
	g->sink.force = g->o.force;
	g->sink.dry_run = g->o.dry_run;
	g->sink.mode = g->o.mode;
	g->sink.secret = g->o.embed_password;
	if (g->way != NULL && !g->way->prepare(g))
		return false;
	bare_prepare(g);
	return sink_open(&g->sink);
}

static void
release(struct gen *g)
{
	g->program->complain.report = NULL;
	log_close(&g->report_log, g->program, true);
	log_close(&g->rejects, g->program, false);
	mc_wipe(&g->link, sizeof(g->link));
	mc_buf_free(&g->head);
	worker_free(&g->worker);
	mc_signer_free(g->signer);
	seen_free(&g->identities);
	seen_free(&g->persons);
	seen_free(&g->domains);
	seen_free(&g->shared);
	seen_free(&g->folders);
	seen_free(&g->told);
	mc_buf_free(&g->origins);
	mailcfg_free(g->context);
	mc_arena_free(&g->work);
	mc_arena_free(&g->arena);
}

void
gen_run(struct gen *g, const struct command *command, int argc, char **argv)
{
	g->sink.dir = g->sink.folder = -1;
	g->domains.with_values = true;
	if (gen_parse(g, command, argc, argv)) {
		g->emit.embed_password = g->o.embed_password;
		g->emit.terminal = g->sink.kind == &sink_stream &&
			isatty(STDOUT_FILENO) != 0;
		if (prepare(g))
			run_accounts(g);
		else if (g->sink.dir != -1)
			(void)close(g->sink.dir);
	}
	release(g);
}

static void
run(struct program *program, const struct command *command, int argc,
	char **argv)
{
	struct gen g = {.program = program, .report = &program->report};

	gen_run(&g, command, argc, argv);
}

static const char *const synopsis[] = {"--target=LIST [option...] ADDRESS...",
	"--target=LIST --from FILE [option...] [PICK...]", NULL};

const struct command command_gen = {
	.name = "gen",
	.summary = "Make configuration files for mail accounts",
	.synopsis = synopsis,
	.options = gen_rows,
	.more = more,
	.run = run,
};
