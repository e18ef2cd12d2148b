/* SPDX-License-Identifier: ISC */
#include "apple_plist.h"

#include <string.h>

static const struct {
	const char *name;
	const char *words;
} kinds[] = {
	[MC_PLIST_DICT] = {"dict", "a dictionary"},
	[MC_PLIST_ARRAY] = {"array", "an array"},
	[MC_PLIST_STRING] = {"string", "a string"},
	[MC_PLIST_INTEGER] = {"integer", "an integer"},
	[MC_PLIST_REAL] = {"real", "a real number"},
	[MC_PLIST_DATE] = {"date", "a date"},
	[MC_PLIST_DATA] = {"data", "data"},
	[MC_PLIST_TRUE] = {"true", "a truth value"},
	[MC_PLIST_FALSE] = {"false", "a truth value"},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* A dictionary or array that is open. */
struct level {
	struct mc_plist *node;
	struct mc_plist **tail; /* where the next child goes */
	const char *key;        /* that waits for its value; NULL: none */
};

struct reader {
	struct mc_markup m;
	struct mc_arena *arena;
	const char *first; /* byte */
	struct level level[MC_PLIST_DEPTH];
	size_t depth;
	struct mc_plist *root;
	bool doctype, open, closed; /* what was met: <plist>, </plist> */
};

const char *
mc_plist_kind_name(enum mc_plist_kind kind)
{
	return kinds[kind].words;
}

static bool
malformed(struct reader *r, const char *why)
{
	return mc_markup_malformed(&r->m, why);
}

/* A copy of the text in the arena; blanks around it go, unless they count. */
static const char *
keep_text(struct reader *r, bool blanks)
{
	const char *s = r->m.text.data == NULL ? "" : r->m.text.data;
	size_t n = r->m.text.len;

	for (; !blanks && n > 0 && mc_markup_is_blank(*s); n--)
		s++;
	while (!blanks && n > 0 && mc_markup_is_blank(s[n - 1]))
		n--;
	if (r->m.text.failed)
		r->arena->failed = true;
	return mc_arena_strndup(r->arena, s, n);
}

static bool
take_key(struct reader *r)
{
	struct level *level = r->depth == 0 ? NULL : &r->level[r->depth - 1];

	if (level == NULL || level->node->kind != MC_PLIST_DICT ||
		level->key != NULL)
		return malformed(r, "a key where none can be");
	mc_markup_skip_blanks(&r->m);
	if (!mc_markup_take(&r->m, ">") || !mc_markup_text(&r->m) ||
		!mc_markup_end(&r->m, "key"))
		return malformed(r, "a key that is malformed");
	level->key = keep_text(r, true);
	return level->key != NULL;
}

/* Puts the value where it belongs. */
static bool
attach(struct reader *r, struct mc_plist *node)
{
	struct level *level = r->depth == 0 ? NULL : &r->level[r->depth - 1];

	if (level == NULL) {
		if (!r->open || r->closed || r->root != NULL)
			return malformed(r, "a value outside the list");
		r->root = node;
		return true;
	}
	if (level->node->kind == MC_PLIST_DICT && level->key == NULL)
		return malformed(r, "a value without a key");
	node->key = level->key;
	level->key = NULL;
	*level->tail = node;
	level->tail = &node->next;
	return true;
}

static bool
take_leaf(struct reader *r, struct mc_plist *node)
{
	bool truth = node->kind == MC_PLIST_TRUE ||
		node->kind == MC_PLIST_FALSE;

	if (!mc_markup_text(&r->m) ||
		!mc_markup_end(&r->m, kinds[node->kind].name))
		return false;
	node->text = keep_text(r, node->kind == MC_PLIST_STRING);
	if (node->text == NULL)
		return false;
	return !truth || node->text[0] == '\0' ||
		malformed(r, "text in a truth value");
}

/* An element that is a value; its name was taken. */
static bool
take_value(struct reader *r, enum mc_plist_kind kind, const char *start)
{
	struct mc_plist *node = mc_arena_alloc(r->arena, sizeof(*node));
	bool empty;

	if (node == NULL)
		return false;
	mc_markup_walk(&r->m, start);
	*node = (struct mc_plist){.kind = kind,
		.line = r->m.line,
		.column = r->m.column,
		.text = ""};
	mc_markup_skip_blanks(&r->m);
	empty = mc_markup_take(&r->m, "/");
	if (!mc_markup_take(&r->m, ">"))
		return malformed(r, "an element that is malformed");
	if (!attach(r, node))
		return false;
	if (empty)
		return true;
	if (kind > MC_PLIST_ARRAY)
		return take_leaf(r, node);
	if (r->depth == MC_PLIST_DEPTH)
		return mc_markup_fail(&r->m, MC_MSG_TOO_BIG, start,
			"dictionaries and arrays stand too deep in another");
	r->level[r->depth++] = (struct level){node, &node->child, NULL};
	return true;
}

static bool
take_list(struct reader *r)
{
	if (r->open)
		return malformed(r, "a list inside the list");
	r->open = true;
	return mc_markup_attributes(&r->m);
}

static bool
take_close(struct reader *r)
{
	struct level *level;

	if (r->depth == 0) {
		if (!r->open || r->closed || r->root == NULL)
			return malformed(r, "an end without a beginning");
		r->closed = true;
		return mc_markup_end(&r->m, "plist");
	}
	level = &r->level[--r->depth];
	if (level->key != NULL)
		return malformed(r, "a key without a value");
	return mc_markup_end(&r->m, kinds[level->node->kind].name);
}

/* An element begins; "<" was taken. */
static bool
take_element(struct reader *r)
{
	const char *start = r->m.at - 1, *name = r->m.at;
	size_t n;

	while (r->m.at < r->m.end && *r->m.at >= 'a' && *r->m.at <= 'z')
		r->m.at++;
	n = (size_t)(r->m.at - name);
	if (n == 5 && memcmp(name, "plist", n) == 0)
		return take_list(r);
	if (n == 3 && memcmp(name, "key", n) == 0)
		return take_key(r);
	for (int i = 0; i < KINDS; i++)
		if (strlen(kinds[i].name) == n &&
			memcmp(kinds[i].name, name, n) == 0)
			return take_value(r, (enum mc_plist_kind)i, start);
	r->m.at = start;
	return malformed(r, "an element that no property list has");
}

static bool
take_markup(struct reader *r)
{
	bool first = r->m.at == r->first;

	if (!mc_markup_take(&r->m, "<"))
		return malformed(r, "text between elements");
	if (first && mc_markup_take(&r->m, "?xml"))
		return mc_markup_declaration(&r->m);
	if (mc_markup_take(&r->m, "!--"))
		return mc_markup_comment(&r->m);
	if (mc_markup_take(&r->m, "!DOCTYPE")) {
		if (r->open || r->doctype)
			return malformed(r, "a DOCTYPE that stands too late");
		r->doctype = true;
		return mc_markup_doctype(&r->m, "plist");
	}
	if (mc_markup_take(&r->m, "/"))
		return take_close(r);
	return take_element(r);
}

bool
mc_plist_is(const char *bytes, size_t n)
{
	static const char *const words[] = {"DOCTYPE plist", "<plist"};
	const size_t far = n < 4096 ? n : 4096;
	struct mc_markup m;

	mc_markup_start(&m, bytes, n);
	mc_markup_skip_blanks(&m);
	if (m.at == m.end || *m.at != '<')
		return false;
	for (m.at = bytes; m.at < bytes + far; m.at++)
		for (size_t i = 0; i < 2; i++)
			if (mc_markup_take(&m, words[i]))
				return true;
	return false;
}

struct mc_plist *
mc_plist_read(struct mc_arena *arena, const char *bytes, size_t n,
	struct mc_fault *fault)
{
	struct reader r = {.arena = arena};
	struct mc_markup *m = &r.m;
	bool ok;

	mc_markup_start(m, bytes, n);
	r.first = m->at;
	ok = n > MC_PLIST_BYTES
		? mc_markup_fail(m, MC_MSG_TOO_BIG, bytes, "more than 1 MiB")
		: mc_markup_check(m);
	while (ok) {
		mc_markup_skip_blanks(m);
		if (m->at == m->end)
			break;
		ok = take_markup(&r);
	}
	if (ok && !r.closed)
		ok = mc_markup_malformed(m, "it ends too early");
	if (m->text.failed)
		arena->failed = true;
	mc_buf_free(&m->text);
	*fault = m->fault;
	return ok && !arena->failed ? r.root : NULL;
}
