/* SPDX-License-Identifier: ISC */
/* Presets made of documents that domains publish, from files. */
#include <string.h>
#include <sys/stat.h>

#include "discover.h"

#include "emit/emit.h"
#include "folder.h"
#include "guard.h"

/* The identifiers and domains of a folder so far. */
struct taken {
	const char **words;
	size_t n, room;
};

struct files {
	struct discover *d;
	struct mc_arena arena; /* for a file */
	struct taken ids, domains;
};

static bool
is_taken(const struct taken *t, const char *word)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->words[i], word) == 0)
			return true;
	return false;
}

/* The list doubles in the arena; the old ones are few and small. */
static void
take(struct mc_arena *arena, struct taken *t, const char *word)
{
	if (t->n == t->room) {
		size_t room = t->room == 0 ? 64 : 2 * t->room;
		const char **more = mc_arena_alloc(arena, room * sizeof(*more));

		if (more == NULL)
			return;
		for (size_t i = 0; i < t->n; i++)
			more[i] = t->words[i];
		t->words = more;
		t->room = room;
	}
	word = mc_arena_strdup(arena, word);
	if (word != NULL)
		t->words[t->n++] = word;
}

/* Whose kind of document it is; NULL: reported. */
static const struct mc_publication *
read_offers(struct mc_offers *o, const struct mc_buf *bytes)
{
	const struct mailcfg_pos pos = {o->file, 0, 0};

	for (size_t i = 0; i < mc_target_count(); i++) {
		const struct mc_publication *p = mc_target_at(i)->publication;
		enum mc_back_result result = p == NULL
			? MC_BACK_OTHER
			: p->read(o, bytes->data, bytes->len);

		if (result != MC_BACK_OTHER)
			return result == MC_BACK_READ ? p : NULL;
	}
	mc_say(o->report, MC_MSG_UNKNOWN_FORMAT, &pos, NULL, NULL,
		"no mail domain publishes its like");
	return NULL;
}

/* The file's name without folder and suffix. */
static const char *
stem(struct mc_arena *arena, const char *path)
{
	const char *name = strrchr(path, '/');
	size_t n;

	/* of standard input there is none */
	if (strcmp(path, "-") == 0)
		return DISCOVER_NAME "ed";
	name = name == NULL ? path : name + 1;
	n = strlen(name);
	if (n > 4 && strcmp(name + n - 4, ".xml") == 0)
		n -= 4;
	return mc_arena_strndup(arena, name, n);
}

/* The first that can be, of what it calls itself, its domain, its file. */
static const char *
choose_id(struct files *f, const struct mc_offers *o)
{
	struct mc_arena *arena = &f->arena;
	const char *words[] = {o->id, o->n_domains > 0 ? o->domains[0] : NULL,
		stem(arena, o->file)};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *id = words[i] == NULL
			? NULL
			: mc_offers_id(arena, words[i]);

		if (id != NULL && !is_taken(&f->ids, id))
			return id;
	}
	return NULL;
}

/* A domain belongs to one preset. */
static void
claim_domains(struct files *f, struct mc_offers *o)
{
	size_t n = 0;

	for (size_t i = 0; i < o->n_domains; i++) {
		if (is_taken(&f->domains, o->domains[i])) {
			mc_offers_note(o, 0,
				"domain %s is left out: another file has it",
				o->domains[i]);
			continue;
		}
		take(&f->d->arena, &f->domains, o->domains[i]);
		o->domains[n++] = o->domains[i];
	}
	for (size_t i = n; i < o->n_domains; i++)
		o->domains[i] = NULL;
	o->n_domains = n;
}

static void
describe(struct finding *out, const struct mc_offers *o, const char *kind)
{
	discover_comment(out, "made of %s (%s)",
		strcmp(o->file, "-") == 0 ? "standard input" : o->file, kind);
	for (size_t i = 0; i < o->n; i++) {
		const char *url = discover_url(o->arena, &o->list[i]);

		if (url != NULL)
			discover_comment(out, "%s: line %u", url, o->lines[i]);
	}
	if (o->n_domains == 0)
		discover_comment(out,
			"it names no domain: say below whose mail this is");
	for (size_t i = 0; i < o->n_notes; i++)
		discover_comment(out, "%s", o->notes[i]);
}

static void
describe_json(struct finding *out, const struct mc_offers *o, const char *kind)
{
	cJSON *lines, *notes;

	out->json = cJSON_CreateObject();
	json_text(out->json, "file", o->file);
	json_text(out->json, "kind", kind);
	lines = cJSON_AddArrayToObject(out->json, "lines");
	for (size_t i = 0; i < o->n; i++)
		(void)cJSON_AddItemToArray(
			lines, cJSON_CreateNumber((double)o->lines[i]));
	notes = cJSON_AddArrayToObject(out->json, "notes");
	for (size_t i = 0; i < o->n_notes; i++)
		(void)cJSON_AddItemToArray(
			notes, cJSON_CreateString(o->notes[i]));
}

static void
make(struct files *f, struct mc_offers *o, const char *kind)
{
	const struct mailcfg_pos pos = {o->file, 0, 0};
	struct discover *d = f->d;
	struct finding out = {.arena = o->arena};
	const char *id = choose_id(f, o);

	if (id == NULL) {
		if (!f->arena.failed)
			mc_say(d->report, MC_MSG_BAD_PRESET, &pos, NULL, NULL,
				"neither it nor its name gives an id that is "
				"still free");
		return;
	}
	claim_domains(f, o);
	take(&d->arena, &f->ids, id);
	out.preset = mc_offers_preset(o, id);
	/* without the list of what is taken another file may have it, too */
	if (out.preset == NULL || d->arena.failed)
		return;
	if (d->json)
		describe_json(&out, o, kind);
	else
		describe(&out, o, kind);
	discover_put(d, &out, id);
}

static void
read_one(struct files *f, const char *path)
{
	struct discover *d = f->d;
	struct mc_offers o = {
		.arena = &f->arena, .report = d->report, .file = path};
	const struct mc_publication *p = NULL;
	struct mc_buf bytes = {0};

	if (slurp(d->program, d->report, path, MC_OFFERS_BYTES, &bytes))
		p = read_offers(&o, &bytes);
	mc_buf_free(&bytes);
	if (p != NULL && !f->arena.failed && !guard_failed())
		make(f, &o, p->kind);
	if (f->arena.failed || guard_failed())
		d->arena.failed = true;
	mc_arena_reset(&f->arena);
}

static bool
is_xml(const char *name)
{
	size_t n = strlen(name);

	return name[0] != '.' && n > 4 && strcmp(name + n - 4, ".xml") == 0;
}

static void
print_list(struct discover *d)
{
	if (d->list != NULL)
		json_print(d->program, d->list);
}

static void
read_folder(struct files *f)
{
	struct discover *d = f->d;
	struct mc_folder folder = {.arena = &d->arena,
		.report = d->report,
		.msg = MC_MSG_NO_INPUT,
		.path = d->operand};
	const struct mailcfg_pos pos = {d->operand, 0, 0};
	size_t len = strlen(d->operand), n;
	const char *const *names;

	if (!mc_folder_names(&folder, d->operand, is_xml, NULL, &names, &n))
		return;
	if (n == 0)
		mc_say(d->report, MC_MSG_EMPTY_INPUT, &pos, NULL, NULL,
			"no file in it ends in .xml");
	if (d->json)
		d->list = cJSON_CreateArray();
	for (size_t i = 0; i < n && stop_signal() == 0 && !d->arena.failed;
		i++) {
		const char *path = mc_arena_printf(&d->arena, "%s%s%s",
			d->operand,
			len > 0 && d->operand[len - 1] == '/' ? "" : "/",
			names[i]);

		if (path != NULL)
			read_one(f, path);
	}
	if (!d->arena.failed)
		print_list(d);
	else
		cJSON_Delete(d->list);
}

void
discover_file(struct discover *d)
{
	struct files f = {.d = d};
	struct stat st;

	stop_install();
	if (strcmp(d->operand, "-") == 0 || stat(d->operand, &st) != 0 ||
		!S_ISDIR(st.st_mode)) {
		read_one(&f, d->operand);
		mc_arena_free(&f.arena);
		return;
	}
	if (!d->json && (d->output == NULL || !d->sink.kind->several)) {
		d->program->complain.usage = true;
		complain_usage(d->program,
			"a folder makes a preset a file: give -o DIR/");
		return;
	}
	read_folder(&f);
	mc_arena_free(&f.arena);
}
