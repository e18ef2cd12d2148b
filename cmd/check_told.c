/* SPDX-License-Identifier: ISC */
/* What a domain publishes, told beside an account. */
#include <string.h>

#include "check.h"
#include "json.h"
#include "text.h"

/* Whether the place says something else, and of which server first. */
static bool
differs(const struct check_account *a, const struct mc_published_source *s)
{
	for (size_t i = 0; i < a->n_differences; i++)
		if (a->difference[i].source == s)
			return true;
	return false;
}

/* "IMAP: imaps://a.example.org, not imaps://b.example.org" */
static const char *
words_of(const struct check *c, struct check_account *a,
	const struct check_difference *d)
{
	const char *service = check_service_names[d->task->server->service];

	if (d->published == NULL)
		return mc_arena_printf(&a->arena, "%s: %s", service,
			check_word(c, MC_WORD_NOT_OFFERED));
	return mc_arena_printf(&a->arena, "%s: %s, %s %s", service,
		d->published, check_word(c, MC_WORD_NOT), d->account);
}

/* What the domain does not publish, as far as anybody knows; NULL. */
static const char *
missing_words(
	const struct check *c, const struct check_account *a, bool outgoing)
{
	if (outgoing ? !a->no_outgoing : !a->no_incoming)
		return NULL;
	if (a->published->found.unknown != NULL)
		return check_word(c, MC_WORD_NOT_TOLD);
	return check_word(
		c, outgoing ? MC_WORD_NOT_SENDING : MC_WORD_NOT_READING);
}

/* All of it, to know it again.  false: there is none. */
static bool
digest(const struct check *c, struct check_account *a,
	unsigned char sum[MC_SHA256_SIZE])
{
	struct mc_buf all = {0};
	bool any;

	for (size_t i = 0; i < a->n_differences; i++) {
		const char *words = words_of(c, a, &a->difference[i]);

		mc_buf_printf(&all, "%s %s %s\n", a->difference[i].source->kind,
			a->difference[i].source->place,
			words == NULL ? "" : words);
	}
	for (int outgoing = 0; outgoing < 2; outgoing++) {
		const char *words = missing_words(c, a, outgoing == 1);

		if (words != NULL)
			mc_buf_puts(&all, words);
	}
	if (all.failed)
		a->arena.failed = true;
	any = all.len > 0 && !all.failed;
	if (any) {
		const struct mc_part_bytes parts[] = {
			{all.data, all.len}, {NULL, 0}};

		mc_sha256(parts, sum);
	}
	mc_buf_free(&all);
	return any;
}

static void
put_source(struct check *c, struct check_account *a,
	const struct mc_published_source *s)
{
	bool bad = differs(a, s);
	int width = (int)mc_utf8_count(s->kind, strlen(s->kind)) + 4 +
		(c->marks ? 2 : 5);

	(void)fprintf(c->out, "%*s", 4, "");
	check_put_mark(c,
		bad                                     ? MC_VERDICT_WARN
			: s->fate == MC_PUBLISHED_FOUND ? MC_VERDICT_OK
							: MC_VERDICT_SKIPPED);
	(void)fprintf(c->out, "%s", s->kind);
	check_put_text(c, s->place, width);
	if (s->why != NULL)
		check_put_text(c, s->why, 0);
	for (size_t i = 0; i < a->n_differences; i++) {
		const char *words = a->difference[i].source == s
			? words_of(c, a, &a->difference[i])
			: NULL;

		if (words != NULL)
			check_put_text(c, words, 0);
	}
	for (size_t i = 0; i < a->n_unused; i++) {
		const struct check_unused *u = &a->unused[i];
		const char *words = u->source != s
			? NULL
			: mc_arena_printf(&a->arena, "%s: %s, %s",
				  check_service_names[u->service], u->url,
				  check_word(c, MC_WORD_NOT_IN_ACCOUNT));

		if (words != NULL)
			check_put_text(c, words, 0);
	}
}

static void
put_missing(const struct check *c, const struct check_account *a)
{
	static const char *const labels[] = {"IMAP, POP3", "SMTP"};

	for (int outgoing = 0; outgoing < 2; outgoing++) {
		const char *words = missing_words(c, a, outgoing == 1);

		if (words == NULL)
			continue;
		(void)fprintf(c->out, "%*s", 4, "");
		check_put_mark(c, MC_VERDICT_WARN);
		(void)fprintf(c->out, "%s", labels[outgoing]);
		check_put_text(c, words,
			(int)strlen(labels[outgoing]) + 4 + (c->marks ? 2 : 5));
	}
}

/* A preset alone, which everything agrees with, is no news. */
static bool
has_news(const struct check_account *a)
{
	const struct mc_published *p = &a->published->found;

	if (a->no_incoming || a->no_outgoing)
		return true;
	for (size_t i = 0; i < p->n_sources; i++)
		if (check_is_told(&p->sources[i]) &&
			(differs(a, &p->sources[i]) ||
				strcmp(p->sources[i].kind, "preset") != 0))
			return true;
	return false;
}

static void
put_sources(struct check *c, struct check_account *a, bool all)
{
	const struct mc_published *p = &a->published->found;

	for (size_t i = 0; i < p->n_sources; i++)
		if (check_is_told(&p->sources[i]) &&
			(all || differs(a, &p->sources[i])))
			put_source(c, a, &p->sources[i]);
	put_missing(c, a);
	if (a->n_differences > 0)
		check_put_text(c, check_word(c, MC_WORD_PUBLISHED_ADVICE), 0);
}

void
check_put_published(struct check *c, struct check_account *a)
{
	struct check_domain *d = a->published;
	unsigned char now[MC_SHA256_SIZE];
	bool any, same;

	if (d == NULL || !has_news(a))
		return;
	any = digest(c, a, now);
	/* of what is well the first account tells */
	if (d->shown && !any)
		return;
	same = any && d->told && memcmp(d->sum, now, sizeof(now)) == 0;
	(void)fprintf(c->out, "  %s: %s\n", d->name,
		check_word(c, MC_WORD_PUBLISHED));
	if (d->shown && same)
		check_put_text(c, check_word(c, MC_WORD_AS_ABOVE), 0);
	else
		put_sources(c, a, !d->shown);
	d->shown = true;
	d->told = d->told || any;
	if (any)
		memcpy(d->sum, now, sizeof(now));
}

static cJSON *
difference_json(const struct check_difference *d)
{
	cJSON *object = cJSON_CreateObject(), *list;

	json_text(object, "service",
		check_service_words[d->task->server->service]);
	list = cJSON_AddArrayToObject(object, "differs");
	if (d->server || d->published == NULL)
		(void)cJSON_AddItemToArray(list, cJSON_CreateString("server"));
	if (d->login)
		(void)cJSON_AddItemToArray(list, cJSON_CreateString("login"));
	if (d->auth)
		(void)cJSON_AddItemToArray(list, cJSON_CreateString("auth"));
	json_text(object, "published", d->published);
	json_text(object, "account", d->account);
	return object;
}

cJSON *
check_published_json(const struct check_account *a)
{
	const struct mc_published *p = &a->published->found;
	cJSON *list = cJSON_CreateArray();

	for (size_t i = 0; i < p->n_sources; i++) {
		const struct mc_published_source *s = &p->sources[i];
		cJSON *object = cJSON_CreateObject(), *differences, *unused;

		json_text(object, "kind", s->kind);
		json_text(object, "place", s->place);
		json_text(object, "fate", mc_published_word(s->fate));
		json_text(object, "why", s->why);
		(void)cJSON_AddBoolToObject(object, "proved", !s->unproved);
		differences = cJSON_AddArrayToObject(object, "differences");
		for (size_t k = 0; k < a->n_differences; k++)
			if (a->difference[k].source == s)
				(void)cJSON_AddItemToArray(differences,
					difference_json(&a->difference[k]));
		unused = s->service == MC_PUBLISHED_MAIL
			? NULL
			: cJSON_AddArrayToObject(object, "unused");
		for (size_t k = 0; k < a->n_unused; k++)
			if (a->unused[k].source == s)
				(void)cJSON_AddItemToArray(unused,
					cJSON_CreateString(a->unused[k].url));
		(void)cJSON_AddItemToArray(list, object);
	}
	return list;
}
