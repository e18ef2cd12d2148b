/* SPDX-License-Identifier: ISC */
/* mailcfg explain [WORDS or FILE or -] */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "explained.h"

#include "bounce.h"
#include "guard.h"
#include "text.h"

enum { INPUT_MOST = 32 * 1024 * 1024 };
enum { EXPLAIN_JSON = OPTION_FIELDS + 1, EXPLAIN_LANG, EXPLAIN_ERRORS };

static const struct option_row rows[] = {
	{"from", 'f', "FILE",
		"read the error or bounce from FILE; - is "
		"standard input"},
	{"lang", EXPLAIN_LANG, "TAG",
		"answer in this language: en, sv, ru or de"},
	{"json", EXPLAIN_JSON, NULL, "for machines"},
	{"errors", EXPLAIN_ERRORS, "DIR",
		"rules of your own, in front of the built-in ones"},
	{"help", 'h', NULL, "this text"},
	{NULL, 0, NULL, NULL},
};

const char *
explain_word(const struct explain *e, enum mc_word word)
{
	return e->rules.word[word][e->speech];
}

void
explain_code(char out[16], const struct mc_code *code)
{
	out[0] = '\0';
	if (code->enhanced)
		(void)snprintf(out, 16, "%u.%u.%u", (unsigned)code->class,
			(unsigned)code->subject, (unsigned)code->detail);
	else if (code->reply > 0)
		(void)snprintf(out, 16, "%u", (unsigned)code->reply);
}

const char *
explain_tells(struct explain *e, const struct mc_code *code)
{
	enum mc_word class = code->class == 2 ? MC_WORD_CLASS_2
		: code->class == 4            ? MC_WORD_CLASS_4
					      : MC_WORD_CLASS_5;
	const char *about = "";

	if (code->class == 0)
		return "";
	if (code->enhanced && code->subject <= 7)
		about = explain_word(
			e, (enum mc_word)(MC_WORD_SUBJECT_0 + code->subject));
	return mc_arena_printf(&e->arena, "%s%s%s", explain_word(e, class),
		*about == '\0' ? "" : "; ", about);
}

/* A server's text as it may be shown: one line, clean and short. */
static const char *
show_said(struct explain *e, const char *s, size_t n)
{
	char *flat = mc_arena_room(&e->arena, EXPLAIN_SHOWN + 64);
	char *out = mc_arena_room(&e->arena, EXPLAIN_SHOWN);
	size_t used = 0;

	if (flat == NULL || out == NULL)
		return NULL;
	for (size_t i = 0; i < n && used < EXPLAIN_SHOWN + 32; i++) {
		char c = s[i];

		if (c == '\t' || c == '\r' || c == '\n')
			c = ' ';
		if (c != ' ' || (used > 0 && flat[used - 1] != ' '))
			flat[used++] = c;
	}
	if (used > 0 && flat[used - 1] == ' ')
		used--;
	mc_clean(out, EXPLAIN_SHOWN, flat, used);
	return out;
}

/* The case with this answer that is there already, or a new one. */
static struct explain_case *
case_for(struct explain *e, const struct mc_explained *found, const char *file,
	size_t first)
{
	for (size_t i = first; i < e->n; i++)
		if (found->n > 0 && e->cases[i].found.n > 0 &&
			e->cases[i].found.hit[0].rule == found->hit[0].rule)
			return &e->cases[i];
	if (e->n == e->room) {
		size_t room = e->room == 0 ? 8 : 2 * e->room;
		struct explain_case *cases = mc_arena_alloc(
			&e->arena, room * sizeof(*cases));

		if (cases == NULL)
			return NULL;
		for (size_t i = 0; i < e->n; i++)
			cases[i] = e->cases[i];
		e->cases = cases;
		e->room = room;
	}
	e->cases[e->n] = (struct explain_case){.file = file, .found = *found};
	return &e->cases[e->n++];
}

static void
add_recipient(struct explain *e, struct explain_case *c, const char *name)
{
	if (name == NULL)
		return;
	if (c->n_recipients < EXPLAIN_RECIPIENTS)
		c->recipients[c->n_recipients] = show_said(
			e, name, strlen(name));
	c->n_recipients++;
}

/* What a report says of one recipient; the text for people helps out. */
static bool
explain_item(struct explain *e, const struct mc_bounce *bounce,
	const struct mc_bounce_item *item, struct mc_explained *found)
{
	struct mc_said said = {.text = item->said == NULL ? "" : item->said,
		.status = item->status,
		.source = item->source};
	struct mc_explained more;

	said.n = strlen(said.text);
	if (!mc_explain(&e->arena, &e->rules, &said, found))
		return false;
	if ((found->n > 0 && found->hit[0].by_words) || bounce->n_text == 0)
		return true;
	said.text = bounce->text;
	said.n = bounce->n_text;
	if (!mc_explain(&e->arena, &e->rules, &said, &more))
		return false;
	/* of several recipients the text may mean another */
	if (more.n > 0 && more.hit[0].by_words && bounce->n == 1)
		*found = more;
	return true;
}

static void
explain_bounce(struct explain *e, const char *file, const char *s, size_t n)
{
	struct mc_bounce *bounce = mc_arena_alloc(&e->arena, sizeof(*bounce));
	size_t first = e->n;

	if (bounce == NULL || !mc_bounce_read(&e->arena, s, n, bounce))
		return;
	for (size_t i = 0; i < bounce->n; i++) {
		const struct mc_bounce_item *item = &bounce->item[i];
		const char *said = item->said == NULL ? item->status
						      : item->said;
		struct mc_explained found;
		struct explain_case *c;

		if (!explain_item(e, bounce, item, &found))
			return;
		c = case_for(e, &found, file, first);
		if (c == NULL)
			return;
		if (c->said == NULL && said != NULL)
			c->said = show_said(e, said, strlen(said));
		add_recipient(e, c, item->recipient);
	}
	if (bounce->n == 0) {
		const struct mc_said said = {
			.text = bounce->text, .n = bounce->n_text};
		struct mc_explained found;
		struct explain_case *c;

		if (!mc_explain(&e->arena, &e->rules, &said, &found))
			return;
		c = case_for(e, &found, file, first);
		if (c == NULL)
			return;
		c->said = show_said(e, said.text, said.n);
		add_recipient(e, c, bounce->recipient);
	}
}

static void
explain_text(struct explain *e, const char *file, const char *s, size_t n)
{
	const struct mc_said said = {.text = s, .n = n};
	struct mc_explained found;
	struct explain_case *c;

	if (mc_bounce_is_message(s, n)) {
		explain_bounce(e, file, s, n);
		return;
	}
	if (!mc_explain(&e->arena, &e->rules, &said, &found))
		return;
	c = case_for(e, &found, file, e->n);
	if (c != NULL)
		c->said = show_said(e, s, n);
}

static bool
is_blank(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strchr(" \t\r\n", s[i]) == NULL || s[i] == '\0')
			return false;
	return true;
}

static void
explain_file(struct explain *e, const char *path)
{
	const struct mailcfg_pos pos = {path, 0, 0};
	struct mc_report *report = &e->program->report;
	struct mc_buf text = {0};

	if (slurp(e->program, report, path, INPUT_MOST, &text)) {
		if (is_blank(text.data, text.len))
			mc_say(report, MC_MSG_EMPTY_INPUT, &pos, NULL, NULL,
				"there is nothing in it");
		else
			explain_text(e, strcmp(path, "-") == 0 ? NULL : path,
				text.data, text.len);
	}
	mc_buf_free(&text);
}

static bool
ends_in(const char *word, const char *suffix)
{
	size_t n = strlen(word), tail = strlen(suffix);

	return n > tail && mc_strcasecmp(word + n - tail, suffix) == 0;
}

/* Whether a word means a file rather than itself. */
static bool
is_file(const char *word)
{
	struct stat st;

	if (strcmp(word, "-") == 0 || ends_in(word, ".eml"))
		return true;
	if (strchr(word, '/') == NULL && !ends_in(word, ".txt") &&
		!ends_in(word, ".log"))
		return false;
	return stat(word, &st) == 0 && !S_ISDIR(st.st_mode);
}

static void
explain_operands(struct explain *e, char **words, size_t n)
{
	struct mc_buf all = {0};
	size_t files = 0;

	for (size_t i = 0; i < n; i++)
		files += is_file(words[i]);
	if (files == n) {
		for (size_t i = 0; i < n; i++)
			explain_file(e, words[i]);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		mc_buf_puts(&all, i == 0 ? "" : " ");
		mc_buf_puts(&all, words[i]);
	}
	if (all.failed)
		e->arena.failed = true;
	else if (is_blank(all.data, all.len))
		mc_say(&e->program->report, MC_MSG_EMPTY_INPUT, NULL, NULL,
			NULL, "%s", "");
	else
		explain_text(e, NULL, all.data, all.len);
	mc_buf_free(&all);
}

enum mc_speech
explain_own_speech(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < 3; i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && *value != '\0')
			return mc_speech_of(value);
	}
	return MC_EN;
}

bool
explain_is_tag(const char *tag)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

	return *tag != '\0' && tag[strspn(tag, good)] == '\0';
}

static void
set_lang(struct explain *e, const char *tag)
{
	if (!explain_is_tag(tag))
		mc_say(&e->program->report, MC_MSG_BAD_LANG, NULL, NULL, NULL,
			"\"%s\"", tag);
	else
		e->speech = mc_speech_of(tag);
}

/* false: reported, or out of memory. */
static bool
load(struct explain *e, const char *dir)
{
	const struct mailcfg_pos pos = {dir, 0, 0};
	struct mc_rules own;
	struct stat st;

	if (!mc_rules_unpack(&e->arena, &mc_builtin_errors, &e->rules))
		return false;
	if (dir == NULL)
		return true;
	if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode)) {
		mc_say(&e->program->report, MC_MSG_BAD_RULE, &pos, NULL, NULL,
			"there is no such folder");
		return false;
	}
	if (!mc_rules_read_dir(
		    &e->arena, dir, &e->rules, &own, &e->program->report))
		return false;
	e->rules = own;
	return true;
}

static void
finish(struct explain *e)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct mailcfg_pos pos = {e->cases[i].file, 0, 0};

		if (!explain_is_known(&e->cases[i]))
			mc_say(&e->program->report, MC_MSG_UNKNOWN_ERROR,
				e->cases[i].file == NULL ? NULL : &pos, NULL,
				NULL, "%s",
				e->cases[i].said == NULL ? ""
							 : e->cases[i].said);
	}
	if (e->arena.failed)
		complain_memory(e->program);
	else if (e->n > 0 && e->json)
		explain_json(e);
	else if (e->n > 0)
		explain_print(e, stdout);
}

static void
run(struct program *program, const struct command *command, int argc,
	char **argv)
{
	struct explain e = {.program = program, .speech = explain_own_speech()};
	const char *files[EXPLAIN_CASES], *errors = NULL;
	struct option_parser parser;
	size_t n_files = 0, n_words;
	int id, first;

	guard_start();
	option_start(&parser, program, command, argc, argv);
	while ((id = option_next(&parser)) != OPTION_END) {
		if (id == 'h') {
			command_help(command, stdout);
			return;
		}
		if (id == EXPLAIN_JSON)
			e.json = true;
		else if (id == EXPLAIN_LANG)
			set_lang(&e, parser.value);
		else if (id == EXPLAIN_ERRORS)
			errors = parser.value;
		else if (n_files < EXPLAIN_CASES)
			files[n_files++] = parser.value;
	}
	first = option_operands(&parser);
	n_words = (size_t)(argc - first);
	if (n_files == 0 && n_words == 0)
		complain_usage(program,
			"explain wants the words of the error, a file, or - "
			"for standard input");
	if (program->report.errors > 0)
		return;
	program->complain.usage = false;
	if (load(&e, errors)) {
		for (size_t i = 0; i < n_files; i++)
			explain_file(&e, files[i]);
		if (n_words > 0)
			explain_operands(&e, argv + first, n_words);
		finish(&e);
	} else if (program->report.errors == 0) {
		complain_memory(program);
	}
	mc_arena_free(&e.arena);
}

static const char *const synopsis[] = {
	"[--lang TAG] [--json] [--errors DIR] WORDS...",
	"[--lang TAG] [--json] [--errors DIR] FILE... | -", NULL};

const struct command command_explain = {
	.name = "explain",
	.summary = "Tell what an error or a bounce means, and who can mend it",
	.synopsis = synopsis,
	.options = rows,
	.run = run,
};
