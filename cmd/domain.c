/* SPDX-License-Identifier: ISC */
/* One document for all accounts of a domain: they must agree on it. */
#include <stdint.h>
#include <string.h>

#include "digest.h"
#include "gen.h"

/* 128 bits that stand for all documents of the target. */
static void
digest(const struct mc_emit *e, unsigned char value[16])
{
	struct mc_part_bytes parts[2 * MC_DOCS_MAX + 1] = {{NULL, 0}};
	unsigned char hash[MC_SHA256_SIZE];
	size_t n = mc_target_docs(e->target);

	for (size_t i = 0; i < n; i++) {
		parts[2 * i] = (struct mc_part_bytes){
			&e->out[i].len, sizeof(e->out[i].len)};
		parts[2 * i + 1] = (struct mc_part_bytes){
			e->out[i].data == NULL ? "" : e->out[i].data,
			e->out[i].len};
	}
	mc_sha256(parts, hash);
	memcpy(value, hash, 16);
}

bool
domain_is_new(struct gen *g, const struct mc_target *target,
	const struct mailcfg_account *a, struct spot spot, const char *folder,
	const struct mc_emit *e)
{
	unsigned char key[16], value[16];
	struct mailcfg_pos first;
	size_t at;

	/* every folder has its own copy */
	if (g->o.by == BY_ACCOUNT)
		return true;
	seen_key(key,
		(const char *const[]){target->name,
			folder == NULL ? "" : folder, a->domain, NULL});
	digest(e, value);
	at = seen_find(&g->domains, key);
	if (at == SIZE_MAX) {
		if (seen_add(&g->domains, key, spot, value))
			return true;
		complain_memory(g->program);
		g->stop = true;
		return false;
	}
	if (memcmp(g->domains.values[at], value, sizeof(value)) == 0)
		return false;
	first = spot_pos(g, g->domains.entries[at].spot);
	mc_say(g->report, MC_MSG_DOMAIN_DIFFERS, &a->pos, NULL, target->name,
		"%s: the file of %s was made for %s:%u:%u", target->name,
		a->domain_display, first.file, first.line, first.column);
	return false;
}

void
domain_warn(struct gen *g, const struct mc_target *target,
	const struct mailcfg_account *a, struct spot spot)
{
	/* the operands of a command line are one person */
	const char *person = g->o.n_from == 0 ? "" : a->person;
	unsigned char key[16];
	struct mailcfg_pos first;
	size_t at;

	if ((target->can & MC_ONE_PER_DOMAIN) == 0 || person == NULL)
		return;
	seen_key(key,
		(const char *const[]){
			target->name, "", person, a->domain, NULL});
	at = seen_find(&g->shared, key);
	if (at == SIZE_MAX) {
		if (!seen_add(&g->shared, key, spot, NULL)) {
			complain_memory(g->program);
			g->stop = true;
		}
		return;
	}
	first = spot_pos(g, g->shared.entries[at].spot);
	mc_say(g->report, MC_MSG_SHARED_VALUE, &a->pos, NULL, target->name,
		"%s: it serves all of %s, so this account takes the place of "
		"that of %s:%u:%u",
		target->name, a->domain_display, first.file, first.line,
		first.column);
}
