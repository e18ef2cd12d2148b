/* SPDX-License-Identifier: ISC */
/* Documents of one account, made through the public interface. */
#ifndef MC_TEST_DOCUMENTS_H
#define MC_TEST_DOCUMENTS_H

#include <stdio.h>
#include <string.h>

#include "mailcfg.h"
#include "test.h"

struct documents {
	char heard[2048]; /* "error slug field" a line, in order */
	struct mailcfg *context;
	struct mailcfg_document *docs; /* NULL: refused */
	size_t n;
};

static inline void
hear(void *context, const struct mailcfg_diag *d)
{
	static const char *const levels[] = {"error", "warning", "note"};
	struct documents *all = context;
	size_t used = strlen(all->heard);

	(void)snprintf(all->heard + used, sizeof(all->heard) - used,
		"%s %s %s\n", levels[d->level], d->slug,
		d->field == NULL ? "-" : d->field);
}

/* fields: "name=text" lines that stand before what `more` says. */
static inline void
make(struct documents *all, const char *target, unsigned flags,
	const char *fields, const char *more)
{
	const char *const parts[] = {fields, more};
	const struct mailcfg_account *account;
	struct mailcfg_draft *draft;

	*all = (struct documents){.docs = NULL};
	all->context = mailcfg_new(hear, all);
	assert_non_null(all->context);
	draft = mailcfg_draft_new(all->context);
	assert_non_null(draft);
	for (size_t i = 0; i < 2; i++) {
		for (const char *s = parts[i]; *s != '\0';) {
			size_t name = strcspn(s, "="), n;
			char field[64], text[2048];

			(void)snprintf(
				field, sizeof(field), "%.*s", (int)name, s);
			s += name + 1;
			n = strcspn(s, "\n");
			(void)snprintf(text, sizeof(text), "%.*s", (int)n, s);
			s += n + (s[n] == '\n');
			assert_true(mailcfg_draft_set(draft, field, text));
		}
	}
	account = mailcfg_draft_complete(draft);
	assert_non_null(account);
	(void)mailcfg_emit(
		all->context, target, &account, 1, flags, &all->docs, &all->n);
	mailcfg_draft_free(draft);
}

static inline void
unmake(struct documents *all)
{
	mailcfg_documents_free(all->docs, all->n);
	mailcfg_free(all->context);
}

/* The one document with the suffix. */
static inline const struct mailcfg_document *
document(const struct documents *all, const char *suffix)
{
	static char nothing[] = "";
	static const struct mailcfg_document none = {
		.name = nothing, .bytes = nothing};
	size_t tail = strlen(suffix);

	for (size_t i = 0; i < all->n; i++) {
		size_t n = strlen(all->docs[i].name);

		if (n > tail &&
			strcmp(all->docs[i].name + n - tail, suffix) == 0)
			return &all->docs[i];
	}
	fail_msg("no document ends in %s; heard: %s", suffix, all->heard);
	return &none;
}

/* Whether the document holds the text. */
static inline bool
holds(const struct documents *all, const char *suffix, const char *text)
{
	const struct mailcfg_document *doc = document(all, suffix);
	size_t n = strlen(text);

	for (size_t i = 0; i + n <= doc->size; i++)
		if (memcmp(doc->bytes + i, text, n) == 0)
			return true;
	return false;
}

/* Whether every line ends in CR LF, and the last one ends. */
static inline bool
is_crlf(const struct documents *all, const char *suffix)
{
	const struct mailcfg_document *doc = document(all, suffix);

	for (size_t i = 0; i < doc->size; i++)
		if (doc->bytes[i] == '\n' &&
			(i == 0 || doc->bytes[i - 1] != '\r'))
			return false;
	return doc->size > 0 && doc->bytes[doc->size - 1] == '\n';
}

#endif
