/* SPDX-License-Identifier: ISC */
#include "letter.h"

#include <string.h>

#include "../emit/emit.h"
#include "../text.h"
#include "template.h"

/* What a template may name, besides the targets. */
enum place {
	PLACE_NAME = 0,
	PLACE_ADDRESS,
	PLACE_ORGANIZATION,
	PLACE_SUPPORT,
	PLACE_SENDER,
	PLACE_FILE,
	PLACE_PASSWORD,
	PLACE_APPLICATION_PASSWORD,
	PLACE_APPLICATION_PASSWORD_PAGE,
	PLACE_IMAGE,
	PLACES
};
static const char *const places[PLACES] = {"name", "address", "organization",
	"support", "sender", "file", "password", "application-password",
	"application-password-page", "image"};

enum { ITEMS = 64 };

/* A letter that is being filled in. */
struct filling {
	const struct mc_letter *letter; /* NULL: only the names are asked for */
	const char *texts[PLACES][ITEMS];
	size_t n[PLACES];
};

static const char *const yes[] = {""};

static bool
same(const char *name, size_t n, const char *known)
{
	return strlen(known) == n && memcmp(known, name, n) == 0;
}

/* A target's name stands for whether a file of it is attached. */
static bool
find_target(const struct mc_letter *letter, const char *name, size_t n,
	struct mc_template_value *value)
{
	bool known = false;

	for (size_t i = 0; i < mc_target_count() && !known; i++)
		known = same(name, n, mc_target_at(i)->name);
	for (size_t i = 0; letter != NULL && i < letter->n_files; i++)
		if (same(name, n, letter->targets[i]))
			*value = (struct mc_template_value){
				.texts = yes, .n = 1};
	return known;
}

/* For struct mc_template_names. */
static bool
find(void *context, const char *name, size_t n, struct mc_template_value *value)
{
	const struct filling *f = context;

	*value = (struct mc_template_value){.n = 0};
	for (size_t i = 0; i < PLACES; i++)
		if (same(name, n, places[i])) {
			if (f->letter != NULL)
				*value = (struct mc_template_value){
					.texts = f->texts[i], .n = f->n[i]};
			return true;
		}
	return find_target(f->letter, name, n, value);
}

const char *
mc_letter_check(enum mc_letter_part part, const char *template, size_t *at)
{
	struct filling f = {.letter = NULL};
	const struct mc_template_names names = {.context = &f, .find = find};
	const char *line = strchr(template, '\n');

	*at = 0;
	if (*template == '\0')
		return "there is nothing in it";
	if (part == MC_LETTER_SUBJECT && line != NULL) {
		*at = (size_t)(line - template);
		return "a subject is one line";
	}
	return mc_template_check(template, &names, at);
}

static void
set(struct filling *f, enum place place, const char *text)
{
	if (text != NULL && f->n[place] < ITEMS)
		f->texts[place][f->n[place]++] = text;
}

static void
set_provider(struct filling *f, const struct mailcfg_account *a)
{
	const struct mailcfg_provider *p = a->hints == NULL ? a->provider
							    : a->hints;

	if (p == NULL || !p->application_password)
		return;
	f->n[PLACE_APPLICATION_PASSWORD] = 0;
	set(f, PLACE_APPLICATION_PASSWORD, "");
	if (f->n[PLACE_APPLICATION_PASSWORD_PAGE] == 0)
		set(f, PLACE_APPLICATION_PASSWORD_PAGE,
			p->application_password_page);
}

static void
set_all(struct filling *f)
{
	const struct mc_letter *l = f->letter;
	const struct mailcfg_account *first = l->accounts[0];

	set(f, PLACE_NAME, first->name);
	set(f, PLACE_ORGANIZATION, first->organization);
	set(f, PLACE_SUPPORT, first->support);
	set(f, PLACE_SENDER, l->from_name == NULL ? l->from : l->from_name);
	for (size_t i = 0; i < l->n; i++) {
		set(f, PLACE_ADDRESS, l->accounts[i]->mailbox_display);
		set_provider(f, l->accounts[i]);
	}
	for (size_t i = 0; i < l->n_files; i++)
		set(f, PLACE_FILE, l->files[i].name);
	if (l->password)
		set(f, PLACE_PASSWORD, "");
	if (l->image != NULL)
		set(f, PLACE_IMAGE, "cid:" MC_MIME_IMAGE);
}

/* One of the texts, filled in; NULL: out of memory. */
static const char *
fill(struct filling *f, struct mc_arena *arena,
	const struct mc_letter_texts *texts, enum mc_letter_part part)
{
	const struct mc_template_names names = {.context = f, .find = find};
	struct mc_buf out = {0};

	mc_template_fill(&out, texts->part[part],
		part == MC_LETTER_HTML ? MC_TEMPLATE_HTML : MC_TEMPLATE_TEXT,
		&names);
	return mc_buf_keep(&out, arena);
}

bool
mc_letter_write(const struct mc_letter_texts *texts,
	const struct mc_letter *letter, struct mc_arena *arena,
	struct mc_buf *out)
{
	struct filling *f = mc_arena_alloc(arena, sizeof(*f));
	struct mc_mime m = {
		.from_name = letter->from_name,
		.from = letter->from,
		.to_name = letter->accounts[0]->name,
		.to = letter->to,
		.id = letter->id,
		.date = letter->date,
		.image = letter->image,
		.files = letter->files,
		.n_files = letter->n_files,
	};

	if (f == NULL)
		return true;
	f->letter = letter;
	set_all(f);
	m.subject = fill(f, arena, texts, MC_LETTER_SUBJECT);
	m.text = fill(f, arena, texts, MC_LETTER_TEXT);
	m.html = fill(f, arena, texts, MC_LETTER_HTML);
	if (m.subject == NULL || m.text == NULL || m.html == NULL)
		return true;
	return mc_mime_write(out, &m);
}

static const struct mc_letter_texts *
of_lang(const struct mc_letter_table *table, const char *lang, size_t n)
{
	for (size_t i = 0; table->texts != NULL && i < table->n; i++)
		if (strlen(table->texts[i].lang) == n &&
			mc_strncasecmp(table->texts[i].lang, lang, n) == 0)
			return &table->texts[i];
	return NULL;
}

/* In all tables, for just that language. */
static const struct mc_letter_texts *
of_tables(const struct mc_letter_table *tables, size_t n, const char *lang,
	size_t len)
{
	const struct mc_letter_texts *texts = NULL;

	for (size_t i = 0; i < n && texts == NULL; i++)
		texts = of_lang(&tables[i], lang, len);
	return texts == NULL ? of_lang(&mc_builtin_letters, lang, len) : texts;
}

const struct mc_letter_texts *
mc_letter_choose(
	const struct mc_letter_table *tables, size_t n, const char *lang)
{
	size_t len = lang == NULL ? 0 : strlen(lang);
	const struct mc_letter_texts *texts = NULL;

	/* RFC 4647, lookup: from the end, a subtag at a time */
	while (len > 0 && texts == NULL) {
		texts = of_tables(tables, n, lang, len);
		while (len > 0 && lang[len - 1] != '-')
			len--;
		len -= len > 0;
	}
	return texts == NULL ? of_tables(tables, n, "en", 2) : texts;
}
