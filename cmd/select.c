/* SPDX-License-Identifier: ISC */
/* Operands that pick records: an address, @domain, a pattern with * and ?. */
#include <string.h>

#include "gen.h"
#include "host.h"
#include "text.h"

/* Where the operand stands, for messages. */
static struct mailcfg_pos
operand_pos(struct gen *g, size_t at)
{
	return (struct mailcfg_pos){g->o.operand_names[at], 1, 1};
}

/* In lower case and normal form, as identities are. */
static const char *
folded(struct gen *g, const char *text)
{
	char *copy = mc_to_nfc(&g->arena, text, strlen(text));

	for (char *c = copy; c != NULL && *c != '\0'; c++)
		*c = mc_lower(*c);
	return copy;
}

static bool
refuse(struct gen *g, size_t at, size_t offset, const char *why)
{
	struct mailcfg_pos pos = operand_pos(g, at);

	pos.column += (unsigned)offset;
	mc_say(g->report, MC_MSG_BAD_ADDRESS, &pos, NULL, NULL, "%s", why);
	return false;
}

static bool
parse_address(struct gen *g, size_t at, struct picker *picker)
{
	const char *name, *address, *local = NULL, *domain = NULL, *why;
	size_t offset = 0, fault = 0;

	if (!mc_mailbox_split(
		    &g->arena, picker->operand, &name, &address, &offset))
		return false;
	why = mc_address_parse(
		&g->arena, address, strlen(address), &local, &domain, &fault);
	if (why != NULL)
		return refuse(g, at, offset + fault, why);
	picker->kind = PICK_ADDRESS;
	picker->text = mc_identity(&g->arena, local, domain);
	return picker->text != NULL;
}

static bool
parse(struct gen *g, size_t at, struct picker *picker)
{
	const char *why = "", *text = g->o.operands[at];
	size_t n = strlen(text), fault = 0;

	picker->operand = text;
	if (mc_text_check(text, n, true, &fault) != MC_TEXT_OK)
		return refuse(g, at, fault, "it holds what no address can");
	if (strpbrk(text, "*?") != NULL) {
		picker->kind = PICK_PATTERN;
		picker->text = folded(g, text);
	} else if (text[0] == '@') {
		picker->kind = PICK_DOMAIN;
		picker->text = mc_host_ascii(&g->arena, text + 1, n - 1, &why);
		if (picker->text == NULL)
			return refuse(g, at, 1, why);
	} else {
		return parse_address(g, at, picker);
	}
	return picker->text != NULL;
}

bool
pickers_parse(struct gen *g)
{
	bool ok = true;

	g->pickers = mc_arena_alloc(
		&g->arena, (g->o.n_operands + 1) * sizeof(*g->pickers));
	for (size_t i = 0; g->pickers != NULL && i < g->o.n_operands; i++)
		ok = parse(g, i, &g->pickers[i]) && ok;
	if (g->arena.failed) {
		complain_memory(g->program);
		return false;
	}
	return ok;
}

/* Bytes of the character that starts here. */
static size_t
step(const char *s)
{
	uint32_t code;
	size_t n = mc_utf8_decode(s, strlen(s), &code);

	return n == 0 ? 1 : n;
}

/* Shell patterns, without classes: only * and ?. */
static bool
matches(const char *pattern, const char *s)
{
	const char *star = NULL, *back = s;

	while (*s != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			back = s;
		} else if (*pattern == '?') {
			pattern++;
			s += step(s);
		} else if (*pattern == *s) {
			pattern++;
			s++;
		} else if (star != NULL) {
			pattern = star;
			s = ++back;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

static bool
picks(struct mc_arena *arena, const struct picker *picker, const char *identity)
{
	const char *sign = strrchr(identity, '@'), *display;

	switch (picker->kind) {
	case PICK_ADDRESS: return strcmp(picker->text, identity) == 0;
	case PICK_DOMAIN: return strcmp(picker->text, sign + 1) == 0;
	case PICK_PATTERN: break;
	}
	if (matches(picker->text, identity))
		return true;
	if (strstr(sign, "xn--") == NULL)
		return false;
	/* as people write the domain */
	display = mc_host_display(arena, sign + 1);
	if (display != NULL)
		display = mc_arena_printf(arena, "%.*s@%s",
			(int)(sign - identity), identity, display);
	return display != NULL && matches(picker->text, display);
}

bool
pickers_match(struct gen *g, struct mc_arena *arena, const char *identity)
{
	bool matched = false;

	for (size_t i = 0; i < g->o.n_operands; i++) {
		if (!picks(arena, &g->pickers[i], identity))
			continue;
		g->pickers[i].matched = true;
		matched = true;
	}
	return matched;
}

void
pickers_finish(struct gen *g)
{
	for (size_t i = 0; g->pickers != NULL && i < g->o.n_operands; i++) {
		const struct mailcfg_pos pos = operand_pos(g, i);

		if (!g->pickers[i].matched)
			mc_say(g->report, MC_MSG_NO_MATCH, &pos, NULL, NULL,
				"%s", g->pickers[i].operand);
	}
}
