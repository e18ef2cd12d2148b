/* SPDX-License-Identifier: ISC */
/* mailcfg targets [NAME] */
#include <assert.h>
#include <string.h>

#include "context.h"

#include "account.h"
#include "emit/emit.h"
#include "json.h"

static const struct option_row rows[] = {
	{"json", LIST_JSON, NULL, "for machines"},
	{"help", 'h', NULL, "this text"},
	{NULL, 0, NULL, NULL},
};

/* What a capability means, in groups for people, by name for machines. */
static const struct {
	unsigned bit;
	const char *name;
	const char *group;
	const char *word;
} abilities[] = {
	{MC_CAN_IMAP, "imap", "protocol", "imap"},
	{MC_CAN_POP3, "pop3", "protocol", "pop3"},
	{MC_CAN_IMPLICIT, "implicit", "tls", "implicit"},
	{MC_CAN_STARTTLS, "starttls", "tls", "starttls"},
	{MC_CAN_CLEARTEXT, "cleartext", "tls", "none"},
	{MC_CAN_PASSWORD, "password", "auth", "password"},
	{MC_CAN_ENCRYPTED, "encrypted", "auth", "encrypted"},
	{MC_CAN_OAUTH2, "oauth2", "auth", "oauth2"},
	{MC_CAN_NO_AUTH, "no-auth", "auth", "none"},
	{MC_CAN_SECRET, "secret", "carries", "password"},
	{MC_CAN_SMTP_SECRET, "smtp-secret", "carries", "smtp.password"},
	{MC_CAN_SMTP_LOGIN, "smtp-login", "carries", "smtp.login"},
	{MC_CAN_ALIASES, "aliases", "carries", "aliases"},
	{MC_CAN_CALDAV, "caldav", "carries", "caldav"},
	{MC_CAN_CARDDAV, "carddav", "carries", "carddav"},
	{MC_CAN_PREFIX, "prefix", "carries", "imap.prefix"},
	{MC_CAN_UTF8, "utf8", "carries", "addresses beyond ASCII"},
	{MC_CAN_BOTH, "both", "carries", "IMAP and POP3 side by side"},
	{MC_CAN_SEVERAL, "several", "carries", "several accounts (--combine)"},
};
enum { ABILITIES = sizeof(abilities) / sizeof(abilities[0]) };

static const char *
scope_word(enum mc_scope scope)
{
	switch (scope) {
	case MC_SCOPE_ACCOUNT: return "account";
	case MC_SCOPE_DOMAIN: return "domain";
	case MC_SCOPE_RUN: return "run";
	}
	return NULL;
}

/* What stands before the suffix of a file name. */
static const char *
stem_word(enum mc_scope scope)
{
	switch (scope) {
	case MC_SCOPE_ACCOUNT: return "ADDRESS";
	case MC_SCOPE_DOMAIN: return "DOMAIN";
	case MC_SCOPE_RUN: return "";
	}
	return NULL;
}

/*
 * An account like most: its login is its address, and no password is inside.
 * The scope of a target is asked for it.
 */
static const struct mailcfg_account *
usual_account(struct mc_arena *arena)
{
	static const struct {
		enum mc_field_id id;
		const char *text;
	} values[] = {
		{MC_ADDRESS, "alice@example.org"},
		{MC_IMAP, "imaps://mail.example.org"},
		{MC_SMTP, "smtps://mail.example.org"},
	};
	const struct mailcfg_pos pos = {"targets", 0, 0};
	const struct mc_presets none = {.n = 0};
	struct mc_layers layers = {.draft = {NULL}};
	struct mc_draft *draft = mc_arena_alloc(arena, sizeof(*draft));
	const struct mc_account *account;

	if (draft == NULL)
		return NULL;
	draft->arena = arena;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		(void)mc_draft_set(draft, values[i].id, values[i].text,
			strlen(values[i].text), MC_TYPE_STRING, &pos, false,
			NULL);
	layers.draft[MC_LAYER_RECORD] = draft;
	account = mc_complete(&none, &layers, arena, NULL);
	return account == NULL ? NULL : &account->a;
}

static enum mc_scope
scope_of(const struct mc_target *target, const struct mailcfg_account *usual)
{
	const struct mc_options options = {.embed_password = false};

	return mc_target_scope(target, usual, &options);
}

static cJSON *
files_json(const struct mc_target *target, enum mc_scope scope)
{
	cJSON *files = cJSON_CreateArray();
	char name[128];

	for (size_t i = 0; i < mc_target_rows(target); i++) {
		const struct mc_doc *doc = &target->docs[i];
		cJSON *file = cJSON_CreateObject();

		(void)snprintf(name, sizeof(name), "%s%s", stem_word(scope),
			doc->suffix);
		json_text(file, "role", doc->role);
		json_text(file, "name", name);
		json_text(file, "type", doc->type);
		(void)cJSON_AddBoolToObject(file, "secret", doc->secret);
		(void)cJSON_AddItemToArray(files, file);
	}
	return files;
}

/* The words of one group, or NULL-ended nothing. */
static void
words_of(const struct mc_target *target, const char *group,
	const char *words[ABILITIES + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < ABILITIES; i++)
		if ((target->can & abilities[i].bit) != 0 &&
			strcmp(abilities[i].group, group) == 0)
			words[n++] = abilities[i].word;
	words[n] = NULL;
}

static const char *const groups[] = {"protocol", "tls", "auth", "carries"};
enum { GROUPS = sizeof(groups) / sizeof(groups[0]) };

enum { LIMITS = 16 };

/* What it cannot do, in sentences; ends with NULL. */
static const char *const *
limits_of(const struct mc_target *target, struct mc_arena *arena,
	const char *limits[LIMITS + 1])
{
	size_t n = 0;

	if ((target->can & MC_CAN_OAUTH2) == 0)
		limits[n++] = mc_arena_printf(arena,
			"OAuth2 cannot be written down: %s",
			target->oauth2_way == NULL
				? "add the account in the client"
				: target->oauth2_way);
	for (const char *const *limit = target->limits;
		limit != NULL && *limit != NULL && n < LIMITS; limit++)
		limits[n++] = *limit;
	limits[n] = NULL;
	return limits;
}

static cJSON *
target_json(const struct mc_target *target, enum mc_scope scope)
{
	cJSON *object = cJSON_CreateObject(), *can, *fields;
	const char *limits[LIMITS + 1];
	struct mc_arena arena = {0};

	json_text(object, "name", target->name);
	json_list(object, "aliases", target->aliases);
	json_text(object, "summary", target->summary);
	json_text(object, "scope", scope_word(scope));
	(void)cJSON_AddBoolToObject(
		object, "all", (target->can & MC_BY_NAME_ONLY) == 0);
	(void)cJSON_AddItemToObject(object, "files", files_json(target, scope));
	/* the files are forms of one, of which the first is the usual */
	(void)cJSON_AddBoolToObject(object, "one-of", target->form != NULL);
	(void)cJSON_AddBoolToObject(
		object, "wants-url", (target->can & MC_IS_LINK) != 0);
	can = cJSON_AddObjectToObject(object, "can");
	for (size_t i = 0; i < ABILITIES; i++)
		(void)cJSON_AddBoolToObject(can, abilities[i].name,
			(target->can & abilities[i].bit) != 0);
	json_list(object, "limits", limits_of(target, &arena, limits));
	fields = cJSON_AddArrayToObject(object, "fields");
	for (const struct mc_field *f = target->fields;
		f != NULL && f->name != NULL; f++)
		(void)cJSON_AddItemToArray(fields, cJSON_CreateString(f->name));
	mc_arena_free(&arena);
	return object;
}

static void
list_json(struct program *program, const struct mc_target *only,
	const struct mailcfg_account *usual)
{
	cJSON *list = cJSON_CreateArray(), *one;

	for (size_t i = 0; i < mc_target_count(); i++) {
		const struct mc_target *target = mc_target_at(i);

		if (only == NULL || only == target)
			(void)cJSON_AddItemToArray(list,
				target_json(target, scope_of(target, usual)));
	}
	if (only == NULL) {
		json_print(program, list);
		return;
	}
	one = cJSON_DetachItemFromArray(list, 0);
	cJSON_Delete(list);
	json_print(program, one);
}

/* Its file names, joined by blanks. */
static void
add_files(struct table *table, const struct mc_target *target,
	enum mc_scope scope)
{
	struct mc_buf names = {0};

	for (size_t i = 0; i < mc_target_rows(target); i++)
		mc_buf_printf(&names, "%s%s%s",
			i == 0                         ? ""
				: target->form != NULL ? " | "
						       : " ",
			i == 0 ? stem_word(scope) : "", target->docs[i].suffix);
	table_add(table, names.data);
	mc_buf_free(&names);
}

static void
list(struct mc_buf *out, const struct mailcfg_account *usual)
{
	struct table table = {.columns = 4};

	table_add(&table, "NAME");
	table_add(&table, "PER");
	table_add(&table, "SUMMARY");
	table_add(&table, "FILES");
	for (size_t i = 0; i < mc_target_count(); i++) {
		const struct mc_target *target = mc_target_at(i);
		enum mc_scope scope = scope_of(target, usual);

		table_add(&table, target->name);
		table_add(&table, scope_word(scope));
		table_add(&table, target->summary);
		add_files(&table, target, scope);
	}
	table_write(&table, out);
	table_free(&table);
}

/* What each can express; the words are those of --json. */
static void
matrix(struct mc_buf *out)
{
	struct table table = {.columns = mc_target_count() + 1};

	assert(table.columns <= TABLE_COLUMNS);
	table_add(&table, "CAN");
	for (size_t i = 0; i < mc_target_count(); i++)
		table_add(&table, mc_target_at(i)->name);
	for (size_t i = 0; i < ABILITIES; i++) {
		table_add(&table, abilities[i].name);
		for (size_t k = 0; k < mc_target_count(); k++)
			table_add(&table,
				(mc_target_at(k)->can & abilities[i].bit) != 0
					? "yes"
					: NULL);
	}
	mc_buf_putc(out, '\n');
	table_write(&table, out);
	table_free(&table);
}

static void
list_all(struct program *program, const struct mailcfg_account *usual)
{
	struct mc_buf out = {0};

	list(&out, usual);
	matrix(&out);
	if (out.failed)
		complain_memory(program);
	else
		(void)fputs(out.data, stdout);
	mc_buf_free(&out);
}

static void
print_words(const char *label, const char *const *words)
{
	struct mc_buf text = {0};
	int n;

	if (words == NULL || *words == NULL)
		return;
	for (; *words != NULL; words++)
		mc_buf_printf(
			&text, "%s%s", *words, words[1] == NULL ? "" : ", ");
	n = printf("%s:", label);
	if (text.data != NULL)
		print_wrapped(stdout, text.data, 12, n);
	mc_buf_free(&text);
}

static void
describe(const struct mc_target *target, enum mc_scope scope)
{
	const char *words[ABILITIES + 1], *limits[LIMITS + 1];
	struct mc_arena arena = {0};

	printf("%s: %s\n", target->name, target->summary);
	print_words("aliases", target->aliases);
	printf("files:      one %s for each %s\n",
		target->form != NULL ? "of these" : "set", scope_word(scope));
	for (size_t i = 0; i < mc_target_rows(target); i++)
		printf("            %s%s (%s, %s)\n", stem_word(scope),
			target->docs[i].suffix, target->docs[i].role,
			target->docs[i].type);
	for (size_t i = 0; i < GROUPS; i++) {
		words_of(target, groups[i], words);
		print_words(groups[i], words);
	}
	(void)limits_of(target, &arena, limits);
	for (size_t i = 0; limits[i] != NULL; i++) {
		int n = printf("%s", i == 0 ? "limits:" : "");

		print_wrapped(stdout, limits[i], 12, n);
	}
	mc_arena_free(&arena);
	if ((target->can & MC_BY_NAME_ONLY) != 0)
		printf("all:        not among them\n");
	if ((target->can & MC_IS_LINK) != 0)
		printf("wants:      --profile-url\n");
	for (const struct mc_field *f = target->fields;
		f != NULL && f->name != NULL; f++) {
		int n = printf("%s%s (%s)",
			f == target->fields ? "fields:     " : "            ",
			f->name, mc_kind_name(f->kind));

		print_wrapped(stdout, f->help, 40, n);
	}
}

static void
run(struct program *program, const struct command *command, int argc,
	char **argv)
{
	const struct mailcfg_account *usual;
	const struct mc_target *target = NULL;
	struct mc_arena arena = {0};
	struct list_options o;
	const char *near;

	if (!list_parse(&o, program, command, argc, argv, 1))
		return;
	if (o.operand != NULL) {
		target = mc_target_find(o.operand);
		near = mc_target_nearest(o.operand);
		if (target == NULL) {
			mc_say(&program->report, MC_MSG_UNKNOWN_TARGET, NULL,
				NULL, NULL, "\"%s\": %s%s", o.operand,
				near == NULL ? "mailcfg targets lists them"
					     : "did you mean ",
				near == NULL ? "" : near);
			return;
		}
	}
	usual = usual_account(&arena);
	if (usual == NULL)
		complain_memory(program);
	else if (o.json)
		list_json(program, target, usual);
	else if (target == NULL)
		list_all(program, usual);
	else
		describe(target, scope_of(target, usual));
	mc_arena_free(&arena);
}

static const char *const synopsis[] = {"[--json] [NAME]", NULL};

const struct command command_targets = {
	.name = "targets",
	.summary = "List what can be made, or tell what one target can express",
	.synopsis = synopsis,
	.options = rows,
	.run = run,
};
