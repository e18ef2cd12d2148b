/* SPDX-License-Identifier: ISC */
/* Errors and bounces: byte 0 tells whether the rest is read as a message. */
#include <string.h>

#include "bounce.h"
#include "explain.h"
#include "fuzz.h"
#include "text.h"

enum { SHOWN = 512 };

static struct mc_arena keep;
static struct mc_rules rules;

/* What is shown can be shown. */
static void
check_clean(const char *s, size_t n)
{
	char out[SHOWN];
	size_t at;

	mc_clean(out, sizeof(out), s, n);
	MUST(strlen(out) < sizeof(out));
	MUST(mc_text_check(out, strlen(out), true, &at) == MC_TEXT_OK);
}

static void
explain(struct mc_arena *arena, const struct mc_said *said)
{
	struct mc_explained found;

	MUST(mc_explain(arena, &rules, said, &found));
	MUST(found.n <= MC_HITS);
	for (size_t i = 0; i < found.n; i++) {
		const struct mc_hit *hit = &found.hit[i];

		MUST(hit->rule != NULL && hit->score > 0);
		MUST(hit->by_words || hit->by_code || hit->by_slug);
		MUST(i == 0 || found.hit[i - 1].score >= hit->score);
		MUST(hit->sure <= hit->rule->sure);
	}
	MUST(!found.success || found.code.class == 2);
	MUST(found.code.class == 0 || found.code.class == 2 ||
		found.code.class == 4 || found.code.class == 5);
	check_clean(said->text, said->n);
}

static void
explain_bounce(struct mc_arena *arena, const char *s, size_t n)
{
	struct mc_bounce bounce;

	(void)mc_bounce_is_message(s, n);
	MUST(mc_bounce_read(arena, s, n, &bounce));
	MUST(bounce.n <= MC_BOUNCE_ITEMS);
	MUST(bounce.text != NULL);
	for (size_t i = 0; i < bounce.n; i++) {
		const struct mc_bounce_item *item = &bounce.item[i];
		struct mc_said said = {
			.text = item->said == NULL ? "" : item->said,
			.status = item->status,
			.source = item->source};

		MUST(item->recipient != NULL);
		said.n = strlen(said.text);
		explain(arena, &said);
	}
	explain(arena,
		&(struct mc_said){.text = bounce.text, .n = bounce.n_text});
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	struct mc_arena arena = {0};

	if (size == 0)
		return 0;
	if (rules.n == 0)
		MUST(mc_rules_unpack(&keep, &mc_builtin_errors, &rules));
	if (data[0] % 2 == 1)
		explain_bounce(&arena, text, size - 1);
	else
		explain(&arena, &(struct mc_said){.text = text, .n = size - 1});
	mc_arena_free(&arena);
	return 0;
}
