/* SPDX-License-Identifier: ISC */
/*
 * Documents read back: whatever the bytes, what is shown of them is a list
 * that our readers take, account for account.
 */
#include <cjson/cJSON.h>
#include <string.h>

#include "bind.h"
#include "fuzz.h"
#include "read/read.h"
#include "show.h"

/* The list that is read again. */
struct feed {
	const char *data;
	size_t size, at;
};

static long
feed_read(void *context, void *out, size_t size)
{
	struct feed *f = context;
	size_t n = f->size - f->at < size ? f->size - f->at : size;

	if (n > 0)
		memcpy(out, f->data + f->at, n);
	f->at += n;
	return (long)n;
}

static void
hear(void *context, const struct mailcfg_diag *diag)
{
	(void)context;
	/* nothing for a terminal to obey */
	for (const char *c = diag->detail; *c != '\0'; c++)
		MUST((unsigned char)*c >= 0x20 && *c != 0x7f);
}

/* The records of what was written; no complaint is borne. */
static size_t
count_records(const char *syntax_name, const struct mc_buf *text)
{
	const struct mc_syntax *syntax = mc_syntax_by_name(syntax_name);
	struct feed feed = {text->data, text->len, 0};
	struct mc_source source = {
		.name = "fuzz", .read = feed_read, .context = &feed};
	struct mc_report report = {0};
	struct mc_reader *reader = syntax->open(syntax, &source, &report);
	struct mc_binding binding = {0};
	size_t records = 0;
	enum mc_next next;

	MUST(reader != NULL);
	do {
		struct mc_report quiet = {0};
		struct mc_arena arena = {0};
		struct mc_draft draft = {.arena = &arena};
		struct mc_record record;

		next = syntax->next(reader, &arena, &record);
		if (next == MC_NEXT_RECORD) {
			MUST(mc_bind_record(&binding, &record, &draft, &quiet));
			records++;
		}
		mc_arena_free(&arena);
	} while (next < MC_NEXT_END);
	MUST(next == MC_NEXT_END);
	syntax->close(reader);
	mc_bind_free(&binding);
	return records;
}

static void
check_list(const struct mc_show *show, const struct mc_shown *shown,
	const char *target, bool secrets)
{
	struct mc_buf text = {0};
	size_t n = 0;

	MUST(mc_shown_write(show, shown, target, secrets, &text));
	if (shown->n > 0)
		n = count_records(target, &text);
	/* an account of which nothing is left is no record */
	MUST(n <= shown->n);
	for (size_t i = 0; i < shown->n; i++)
		if (shown->accounts[i]->mailbox == NULL)
			n++;
	MUST(n >= shown->n);
	if (!secrets)
		for (size_t i = 0; i < shown->n; i++)
			for (int p = 0; p < MAILCFG_PROTOCOLS; p++)
				MUST(shown->accounts[i]->server[p].password ==
						NULL ||
					shown->secret);
	mc_buf_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mc_arena arena = {0};
	struct mc_report report = {.fn = hear};
	const struct mc_show show = {.file = "fuzz",
		.roots = "",
		.now = 1800000000,
		.arena = &arena,
		.report = &report};
	struct mc_shown shown;

	if (mc_show(&show, (const char *)data, size, &shown)) {
		MUST(shown.accounts[shown.n] == NULL);
		MUST(!shown.signature.there || shown.signature.good ||
			report.errors > 0);
		check_list(&show, &shown, "yaml", false);
		check_list(&show, &shown, "yaml", true);
		check_list(&show, &shown, "json", true);
	} else {
		MUST(report.errors > 0);
	}
	MUST(!arena.failed);
	mc_arena_free(&arena);
	return 0;
}
