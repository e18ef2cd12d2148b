/* SPDX-License-Identifier: ISC */
/* Tables of presets: how they are made, and how presets are found. */
#include "provider.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static int
by_key(const void *a, const void *b)
{
	const struct mc_index *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	if (order != 0)
		return order;
	return (x->preset > y->preset) - (x->preset < y->preset);
}

static int
by_id(const void *a, const void *b)
{
	const struct mailcfg_provider *x = &((const struct mc_preset *)a)->p;
	const struct mailcfg_provider *y = &((const struct mc_preset *)b)->p;
	int order = strcmp(x->id, y->id);

	return order != 0 ? order : strcmp(x->pos.file, y->pos.file);
}

/* Where the preset claims the domain; n: 0 the first time, 1 the second. */
static struct mailcfg_pos
claim(const struct mc_preset *preset, const char *domain, size_t n)
{
	for (size_t i = 0; preset->p.domains[i] != NULL; i++)
		if (strcmp(preset->p.domains[i], domain) == 0 && n-- == 0)
			return preset->domain_pos == NULL
				? preset->p.pos
				: preset->domain_pos[i];
	return preset->p.pos;
}

static void
twice(struct mc_report *report, const char *what, const char *name,
	const struct mailcfg_pos *first, const struct mailcfg_pos *second)
{
	mc_say(report, MC_MSG_BAD_PRESET, second, NULL, NULL,
		"%s %s is at %s:%u:%u already", what, name, first->file,
		first->line, first->column);
}

/* The presets in order; false: reported. */
static bool
sort_presets(struct mc_arena *arena, const struct mc_preset *presets, size_t n,
	struct mc_preset_table *out, struct mc_report *report)
{
	struct mc_preset *sorted = mc_arena_alloc(
		arena, (n + 1) * sizeof(*sorted));
	bool ok = true;

	if (sorted == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		sorted[i] = presets[i];
	qsort(sorted, n, sizeof(*sorted), by_id);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(sorted[i - 1].p.id, sorted[i].p.id) != 0)
			continue;
		twice(report, "the id", sorted[i].p.id, &sorted[i - 1].p.pos,
			&sorted[i].p.pos);
		ok = false;
	}
	out->presets = sorted;
	out->n_presets = n;
	return ok;
}

static bool
index_domains(struct mc_arena *arena, struct mc_preset_table *out,
	struct mc_report *report)
{
	const struct mc_preset *presets = out->presets;
	struct mc_index *index;
	size_t n = 0;
	bool ok = true;

	for (size_t i = 0; i < out->n_presets; i++)
		for (size_t k = 0; presets[i].p.domains[k] != NULL; k++)
			n++;
	index = mc_arena_alloc(arena, (n + 1) * sizeof(*index));
	if (index == NULL)
		return false;
	n = 0;
	for (size_t i = 0; i < out->n_presets; i++)
		for (size_t k = 0; presets[i].p.domains[k] != NULL; k++)
			index[n++] = (struct mc_index){
				presets[i].p.domains[k], (unsigned)i};
	qsort(index, n, sizeof(*index), by_key);
	for (size_t i = 1; i < n; i++) {
		unsigned a = index[i - 1].preset, b = index[i].preset;
		struct mailcfg_pos first, second;

		if (strcmp(index[i - 1].key, index[i].key) != 0)
			continue;
		first = claim(&presets[a], index[i].key, 0);
		second = claim(&presets[b], index[i].key, a == b);
		twice(report, "the domain", index[i].key, &first, &second);
		ok = false;
	}
	out->domains = index;
	out->n_domains = n;
	return ok;
}

static bool
is_incoming(const struct mailcfg_offer *offer)
{
	return offer->protocol != MAILCFG_SUBMISSION &&
		!mc_has_placeholder(offer->host);
}

static size_t
count_domains(const struct mailcfg_provider *p)
{
	size_t n = 0;

	while (p->domains[n] != NULL)
		n++;
	return n;
}

/* Whether the host is the provider's by its name: imap.mail.ru, mail.ru. */
static bool
is_named(const char *host, const char *id)
{
	size_t n = strlen(host), tail = strlen(id);

	return n >= tail && strcmp(host + n - tail, id) == 0 &&
		(n == tail || host[n - tail - 1] == '.');
}

/* Whether provider `a` speaks for the host rather than `b`. */
static bool
speaks(const char *host, const struct mailcfg_provider *a,
	const struct mailcfg_provider *b)
{
	bool named = is_named(host, a->id);

	if (named != is_named(host, b->id))
		return named;
	return count_domains(a) > count_domains(b);
}

static bool
index_hosts(struct mc_arena *arena, struct mc_preset_table *out)
{
	const struct mc_preset *presets = out->presets;
	struct mc_index *index;
	size_t n = 0, used = 0;

	for (size_t i = 0; i < out->n_presets; i++)
		n += presets[i].p.n_offers;
	index = mc_arena_alloc(arena, (n + 1) * sizeof(*index));
	if (index == NULL)
		return false;
	n = 0;
	for (size_t i = 0; i < out->n_presets; i++)
		for (size_t k = 0; k < presets[i].p.n_offers; k++)
			if (is_incoming(&presets[i].p.offers[k]))
				index[n++] = (struct mc_index){
					presets[i].p.offers[k].host,
					(unsigned)i};
	qsort(index, n, sizeof(*index), by_key);
	/* one preset a host */
	for (size_t i = 0; i < n; i++) {
		if (used == 0 || strcmp(index[used - 1].key, index[i].key) != 0)
			index[used++] = index[i];
		else if (speaks(index[i].key, &presets[index[i].preset].p,
				 &presets[index[used - 1].preset].p))
			index[used - 1] = index[i];
	}
	out->hosts = index;
	out->n_hosts = used;
	return true;
}

bool
mc_preset_index(struct mc_arena *arena, const struct mc_preset *presets,
	size_t n, struct mc_preset_table *out, struct mc_report *report)
{
	bool ok;

	*out = (struct mc_preset_table){0};
	ok = sort_presets(arena, presets, n, out, report);
	if (arena->failed)
		return false;
	ok = index_domains(arena, out, report) && ok;
	return index_hosts(arena, out) && ok;
}

static const struct mailcfg_provider *
find(const struct mc_preset_table *table, const struct mc_index *index,
	size_t n, const char *key)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = low + (n - low) / 2;
		int order = strcmp(key, index[middle].key);

		if (order == 0)
			return &table->presets[index[middle].preset].p;
		if (order < 0)
			n = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

struct mailcfg_pos
mc_offer_pos(
	const struct mailcfg_provider *p, const struct mailcfg_offer *offer)
{
	const struct mc_preset
		*preset = (const struct mc_preset *)(const void *)p;

	return preset->offer_pos == NULL ? p->pos
					 : preset->offer_pos[offer - p->offers];
}

const struct mailcfg_provider *
mc_provider_by_id(const struct mc_presets *presets, const char *id)
{
	for (size_t i = 0; i < presets->n; i++) {
		const struct mc_preset_table *t = presets->table[i];
		size_t low = 0, n = t->n_presets;

		while (low < n) {
			size_t middle = low + (n - low) / 2;
			int order = strcmp(id, t->presets[middle].p.id);

			if (order == 0)
				return &t->presets[middle].p;
			if (order < 0)
				n = middle;
			else
				low = middle + 1;
		}
	}
	return NULL;
}

static const struct mailcfg_provider *
by_domain(const struct mc_presets *presets, const char *domain)
{
	const struct mailcfg_provider *found = NULL;

	for (size_t i = 0; i < presets->n && found == NULL; i++)
		found = find(presets->table[i], presets->table[i]->domains,
			presets->table[i]->n_domains, domain);
	return found;
}

const struct mailcfg_provider *
mc_provider_by_domain(const struct mc_presets *presets, const char *domain)
{
	const struct mailcfg_provider *found = by_domain(presets, domain);

	return found != NULL ? found : by_domain(presets, "*");
}

const struct mailcfg_provider *
mc_provider_by_host(const struct mc_presets *presets, const char *host)
{
	const struct mailcfg_provider *found = NULL;

	for (size_t i = 0; i < presets->n && found == NULL; i++)
		found = find(presets->table[i], presets->table[i]->hosts,
			presets->table[i]->n_hosts, host);
	return found;
}

const char *
mc_provider_nearest(const struct mc_presets *presets, const char *id)
{
	const char *best = NULL;
	unsigned least = UINT32_MAX;

	for (size_t i = 0; i < presets->n; i++) {
		for (size_t k = 0; k < presets->table[i]->n_presets; k++) {
			const char *known = presets->table[i]->presets[k].p.id;
			unsigned distance = mc_distance(id, known, 4);

			if (distance < least && mc_near(id, known)) {
				least = distance;
				best = known;
			}
		}
	}
	return best;
}
