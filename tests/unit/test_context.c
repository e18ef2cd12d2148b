/* SPDX-License-Identifier: ISC */
/* The public face, and what holds for every target behind it. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emit/emit.h"
#include "mailcfg.h"

static const char canary[] = "Kanarienvogel77";

struct heard {
	char slugs[512];
};

static void
hear(void *context, const struct mailcfg_diag *d)
{
	struct heard *heard = context;
	size_t n = strlen(heard->slugs);

	assert_null(strstr(d->detail, canary));
	(void)snprintf(
		heard->slugs + n, sizeof(heard->slugs) - n, "%s ", d->slug);
}

static struct mailcfg_draft *
draft(struct mailcfg *m, const char *const *pairs)
{
	struct mailcfg_draft *d = mailcfg_draft_new(m);

	assert_non_null(d);
	for (; *pairs != NULL; pairs += 2)
		assert_true(mailcfg_draft_set(d, pairs[0], pairs[1]));
	return d;
}

/* What is drawn cannot be looked for. */
static const char *const full[] = {"qr.format", "payload", "address",
	"anna@school.example", "name", "Anna Ek", "password", canary, "imap",
	"imaps://mail.school.example", "smtp", "smtps://mail.school.example",
	NULL};

static bool
holds(const struct mailcfg_document *doc, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i + n <= doc->size; i++)
		if (memcmp(doc->bytes + i, text, n) == 0)
			return true;
	return false;
}

/* Complete rows, unique names, and no secret without consent. */
static void
test_every_target(void **state)
{
	struct heard heard = {.slugs = ""};
	struct mailcfg *m = mailcfg_new(hear, &heard);
	struct mailcfg_draft *d = draft(m, full);
	const struct mailcfg_account *a = mailcfg_draft_complete(d);

	(void)state;
	assert_non_null(a);
	assert_true(
		mailcfg_profile_url(m, "https://x.example/{mailbox}", NULL, 0));
	for (size_t i = 0; i < mc_target_count(); i++) {
		const struct mc_target *t = mc_target_at(i);

		assert_non_null(t->summary);
		assert_non_null(t->item);
		assert_true(mc_target_docs(t) > 0);
		assert_ptr_equal(mc_target_find(t->name), t);
		for (unsigned flags = 0; flags <= MAILCFG_EMBED_PASSWORD;
			flags++) {
			struct mailcfg_document *docs, *again;
			size_t n, k;
			bool inside = false;

			assert_true(mailcfg_emit(
				m, t->name, &a, 1, flags, &docs, &n));
			assert_true(mailcfg_emit(
				m, t->name, &a, 1, flags, &again, &k));
			assert_int_equal(n, mc_target_docs(t));
			assert_int_equal(n, k);
			for (k = 0; k < n; k++) {
				bool here = holds(&docs[k], canary);

				assert_true(docs[k].size > 0);
				assert_int_equal(docs[k].size, again[k].size);
				assert_memory_equal(docs[k].bytes,
					again[k].bytes, docs[k].size);
				assert_non_null(docs[k].type);
				assert_true(!here || docs[k].secret);
				inside = inside || here;
			}
			assert_int_equal(inside,
				flags != 0 && (t->can & MC_CAN_SECRET) != 0);
			mailcfg_documents_free(docs, n);
			mailcfg_documents_free(again, n);
		}
	}
	mailcfg_draft_free(d);
	mailcfg_free(m);
}

/* A file name tells which document it is. */
static void
test_suffixes(void **state)
{
	const char *seen[64];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < mc_target_count(); i++) {
		const struct mc_target *t = mc_target_at(i);

		for (size_t k = 0; k < mc_target_rows(t); k++) {
			assert_true(n < ROWS(seen));
			for (size_t j = 0; j < n; j++)
				assert_string_not_equal(
					seen[j], t->docs[k].suffix);
			seen[n++] = t->docs[k].suffix;
		}
	}
}

static void
test_refusals(void **state)
{
	struct heard heard = {.slugs = ""};
	struct mailcfg *m = mailcfg_new(hear, &heard);
	struct mailcfg_draft *d = draft(m, full);
	const struct mailcfg_account *a = mailcfg_draft_complete(d);
	const struct mailcfg_account *two[] = {a, a};
	struct mailcfg_document *docs;
	size_t n;

	(void)state;
	assert_false(mailcfg_draft_set(d, "adress", "x@y"));
	assert_false(mailcfg_draft_set(d, "organization", "a\nb"));
	assert_false(mailcfg_emit(m, "aple", &a, 1, 0, &docs, &n));
	assert_null(docs);
	assert_false(mailcfg_emit(m, "card", two, 2, 0, &docs, &n));
	assert_false(mailcfg_emit(m, "card", &a, 0, 0, &docs, &n));
	assert_string_equal(heard.slugs,
		"unknown-field bad-text unknown-target too-many too-many ");
	mailcfg_draft_free(d);
	d = mailcfg_draft_new(m);
	assert_null(mailcfg_draft_complete(d));
	mailcfg_draft_free(d);
	mailcfg_free(m);
}

/* A password over cleartext is written by nobody. */
static void
test_cleartext(void **state)
{
	static const char *const pairs[] = {"address", "a@x.example",
		"password", canary, "imap", "imap+insecure://h", "smtp",
		"smtps://h", NULL};
	struct heard heard = {.slugs = ""};
	struct mailcfg *m = mailcfg_new(hear, &heard);
	struct mailcfg_draft *d = draft(m, pairs);
	const struct mailcfg_account *a = mailcfg_draft_complete(d);

	(void)state;
	for (size_t i = 0; i < mc_target_count(); i++) {
		const struct mc_target *t = mc_target_at(i);
		struct mailcfg_document *docs;
		size_t n;

		if ((t->can & MC_CAN_SECRET) == 0)
			continue;
		heard.slugs[0] = '\0';
		assert_false(mailcfg_emit(
			m, t->name, &a, 1, MAILCFG_EMBED_PASSWORD, &docs, &n));
		assert_non_null(strstr(heard.slugs, "cleartext-password"));
	}
	mailcfg_draft_free(d);
	mailcfg_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_target),
		cmocka_unit_test(test_suffixes),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_cleartext),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
