/* SPDX-License-Identifier: ISC */
/* mailcfg show FILE */
#include "show.h"

#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "guard.h"
#include "json.h"

enum { SHOW_JSON = OPTION_FIELDS + 1, SHOW_SECRETS, SHOW_CA_FILE };

static const struct option_row rows[] = {
	{"json", SHOW_JSON, NULL, "for machines"},
	{"show-secrets", SHOW_SECRETS, NULL, "show passwords that are inside"},
	{"ca-file", SHOW_CA_FILE, "FILE",
		"trust the certificates in FILE, not the system's"},
	{"help", 'h', NULL, "this text"},
	{NULL, 0, NULL, NULL},
};

struct options {
	const char *file; /* "-": standard input */
	const char *roots;
	bool json;
	bool secrets;
};

/* false: reported, or help was printed. */
static bool
parse(struct options *o, struct program *program, const struct command *command,
	int argc, char **argv)
{
	struct option_parser parser;
	int id, first;

	option_start(&parser, program, command, argc, argv);
	while ((id = option_next(&parser)) != OPTION_END) {
		if (id == 'h') {
			command_help(command, stdout);
			return false;
		}
		if (id == SHOW_JSON)
			o->json = true;
		else if (id == SHOW_SECRETS)
			o->secrets = true;
		else
			o->roots = parser.value;
	}
	first = option_operands(&parser);
	if (o->roots != NULL && *o->roots == '\0')
		complain_usage(program, "--ca-file wants a file");
	else if (program->report.errors == 0 && argc - first != 1)
		complain_usage(program,
			"%s takes one file; - is standard input",
			command->name);
	if (program->report.errors > 0)
		return false;
	o->file = argv[first];
	return true;
}

static void __attribute__((format(printf, 3, 4)))
comment(struct mc_buf *out, struct mc_arena *arena, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put_comment(out, arena, format, args);
	va_end(args);
}

/* What a chain comes to, in words and in one. */
static const struct {
	const char *word;
	bool whole;
	const char *before, *after; /* who stands at its end */
} chains[] = {
	[MC_CHAIN_NONE] = {"none", false, "there is no certificate", ""},
	[MC_CHAIN_TRUSTED] = {"trusted", true, "whole, up to ",
		", which is trusted here"},
	[MC_CHAIN_ROOT] = {"root-inside", true, "whole, up to ",
		", which is inside and not trusted here"},
	[MC_CHAIN_SELF] = {"self-signed", false,
		"none: the certificate vouches for itself", ""},
	[MC_CHAIN_INCOMPLETE] = {"incomplete", false,
		"not whole: ", " is neither inside nor trusted here"},
	[MC_CHAIN_BROKEN] = {"broken", false, "broken: ", ""},
};

/* Two files with the same one can be made. */
static bool
is_weak(const char *digest)
{
	return strcmp(digest, "md5") == 0 || strcmp(digest, "sha1") == 0;
}

static void
signature_yaml(const struct mc_signature *s, struct mc_arena *arena,
	struct mc_buf *out)
{
	bool end = chains[s->chain].after[0] != '\0' && s->chain_end != NULL;

	if (!s->there) {
		comment(out, arena, "not signed");
		return;
	}
	comment(out, arena, "signed by %s",
		s->signer == NULL ? "somebody whose certificate is not inside"
				  : s->signer);
	if (s->signers > 1)
		comment(out, arena, "and by %zu more, which is not looked into",
			s->signers - 1);
	if (s->signed_at[0] != '\0')
		comment(out, arena, "signed at %s, as the signer says",
			s->signed_at);
	if (s->good)
		comment(out, arena, "signature: good, %s%s", s->digest,
			is_weak(s->digest) ? ", with which it can be forged"
					   : "");
	else
		comment(out, arena, "signature: BAD: %s", s->why);
	if (s->signer != NULL)
		comment(out, arena, "certificate: %s %s, issued by %s",
			s->expired         ? "EXPIRED"
				: s->early ? "not valid before"
					   : "valid until",
			s->early ? s->from : s->until, s->issuer);
	comment(out, arena, "chain: %s%s%s", chains[s->chain].before,
		s->chain == MC_CHAIN_BROKEN ? s->chain_why
			: end               ? s->chain_end
					    : "",
		chains[s->chain].after);
}

static void
print_yaml(const struct options *o, const struct mc_show *show,
	const struct mc_shown *found, struct mc_buf *out)
{
	signature_yaml(&found->signature, show->arena, out);
	for (const struct mc_back_note *n = found->notes; n != NULL;
		n = n->next)
		comment(out, show->arena, "%s", n->text);
	if (found->secret && !o->secrets)
		comment(out, show->arena,
			"a password is inside; --show-secrets shows it");
	if (!mc_shown_write(show, found, "yaml", o->secrets, out))
		out->failed = true;
}

static void
add_text(cJSON *object, const char *name, struct mc_arena *arena,
	const char *text)
{
	if (text != NULL && *text != '\0')
		json_text(object, name, shown(arena, text));
}

static cJSON *
signature_json(const struct mc_signature *s, struct mc_arena *arena)
{
	cJSON *object = cJSON_CreateObject();

	(void)cJSON_AddBoolToObject(object, "good", s->good);
	add_text(object, "why", arena, s->why);
	add_text(object, "digest", arena, s->digest);
	add_text(object, "signer", arena, s->signer);
	add_text(object, "issuer", arena, s->issuer);
	add_text(object, "valid-from", arena, s->from);
	add_text(object, "valid-until", arena, s->until);
	(void)cJSON_AddBoolToObject(object, "valid-now",
		s->signer != NULL && !s->early && !s->expired);
	add_text(object, "signed-at", arena, s->signed_at);
	json_text(object, "chain", chains[s->chain].word);
	(void)cJSON_AddBoolToObject(
		object, "chain-whole", chains[s->chain].whole);
	add_text(object, "chain-end", arena, s->chain_end);
	add_text(object, "chain-why", arena, s->chain_why);
	(void)cJSON_AddNumberToObject(object, "signers", (double)s->signers);
	(void)cJSON_AddNumberToObject(
		object, "certificates", (double)s->certificates);
	return object;
}

static void
print_json(struct program *program, const struct options *o,
	const struct mc_show *show, const struct mc_shown *found)
{
	cJSON *object = cJSON_CreateObject(), *notes;
	struct mc_buf list = {0};
	bool ok;

	json_text(object, "target", found->target);
	(void)cJSON_AddBoolToObject(object, "signed", found->signature.there);
	if (found->signature.there)
		(void)cJSON_AddItemToObject(object, "signature",
			signature_json(&found->signature, show->arena));
	(void)cJSON_AddBoolToObject(object, "password-inside", found->secret);
	notes = cJSON_AddArrayToObject(object, "notes");
	for (const struct mc_back_note *n = found->notes; n != NULL;
		n = n->next) {
		const char *text = shown(show->arena, n->text);

		if (text != NULL)
			(void)cJSON_AddItemToArray(
				notes, cJSON_CreateString(text));
	}
	ok = mc_shown_write(show, found, "json", o->secrets, &list) &&
		cJSON_AddItemToObject(object, "accounts",
			cJSON_ParseWithLength(list.data, list.len));
	if (!ok || show->arena->failed) {
		cJSON_Delete(object);
		object = NULL;
	}
	mc_buf_free(&list);
	json_print(program, object);
}

/* Passwords do not go where others can read them. */
static bool
may_tell(struct program *program, const struct options *o, bool secret)
{
	const struct mailcfg_pos pos = {o->file, 0, 0};
	struct stat st;

	if (!secret || !o->secrets || fstat(STDOUT_FILENO, &st) != 0 ||
		!S_ISREG(st.st_mode) || (st.st_mode & (S_IRWXG | S_IRWXO)) == 0)
		return true;
	mc_say(&program->report, MC_MSG_READABLE_SECRET, &pos, NULL, NULL,
		"standard output has mode %04o: umask 077 first",
		(unsigned)st.st_mode & 07777u);
	return false;
}

static void
show_bytes(struct program *program, const struct options *o,
	const struct mc_buf *bytes, struct mc_arena *arena)
{
	const struct mailcfg_pos pos = {o->file, 0, 0};
	const struct mc_show show = {.file = o->file,
		.roots = o->roots,
		.now = (int64_t)time(NULL),
		.arena = arena,
		.report = &program->report};
	struct mc_shown found;
	struct mc_buf out = {0};

	if (mc_show(&show, bytes->data, bytes->len, &found) &&
		!guard_failed() && may_tell(program, o, found.secret)) {
		if (found.secret && !o->secrets)
			mc_say(&program->report, MC_MSG_PASSWORD_INSIDE, &pos,
				NULL, NULL,
				"it is left out; --show-secrets shows it");
		if (o->json)
			print_json(program, o, &show, &found);
		else
			print_yaml(o, &show, &found, &out);
	}
	if (arena->failed || out.failed || guard_failed())
		complain_memory(program);
	else if (out.len > 0)
		(void)fwrite(out.data, 1, out.len, stdout);
	mc_buf_free(&out);
}

static void
run(struct program *program, const struct command *command, int argc,
	char **argv)
{
	struct options o = {.file = ""};
	struct mc_arena arena = {0};
	struct mc_buf bytes = {0};

	guard_start();
	guard_crypto();
	if (!parse(&o, program, command, argc, argv))
		return;
	program->complain.usage = false;
	if (slurp(program, &program->report, o.file, MC_SHOW_BYTES, &bytes))
		show_bytes(program, &o, &bytes, &arena);
	mc_buf_free(&bytes);
	mc_arena_free(&arena);
}

static const char *const synopsis[] = {
	"[--json] [--show-secrets] [--ca-file FILE] FILE", NULL};

const struct command command_show = {
	.name = "show",
	.summary = "Read a profile back into accounts, signed or not",
	.synopsis = synopsis,
	.options = rows,
	.run = run,
};
