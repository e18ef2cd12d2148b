/* SPDX-License-Identifier: ISC */
/*
 * The gate: byte 0 is the field, byte 1 the type, the rest the text.  What
 * comes out is of the field's class, and comes out again when it is put in.
 */
#include <string.h>

#include "account.h"
#include "dav.h"
#include "field.h"
#include "fuzz.h"
#include "host.h"
#include "url.h"

/* What no field may hold, seen byte by byte. */
static void
check_bytes(const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)s[0];
		unsigned char d = (unsigned char)s[1];

		MUST(c >= 0x20 && c != 0x7f);
		MUST(c != 0xc0 && c != 0xc1 && c <= 0xf4);
		MUST(c != 0xc2 || d >= 0xa0); /* C1 */
		MUST(c != 0xed || d < 0xa0);  /* surrogates */
	}
}

static void
check_address(const char *text)
{
	const char *local, *domain;
	struct mc_arena arena = {0};
	size_t at = 0;

	MUST(mc_address_parse(
		     &arena, text, strlen(text), &local, &domain, &at) == NULL);
	MUST(mc_host_is_ldh(domain));
	MUST(strlen(local) <= 64 && strlen(text) <= 254);
	MUST(local[strcspn(local, " <>,;:\"()[]\\")] == '\0');
	mc_arena_free(&arena);
}

static void
check_host(const char *text)
{
	MUST(mc_has_placeholder(text) || mc_host_is_ldh(text));
}

static void
check_value(const struct mc_draft *draft, size_t id)
{
	const struct mc_value *v = &draft->value[id];
	const struct mc_field *field = mc_field_at(id);

	check_bytes(v->text);
	MUST(v->text[0] != '\0');
	switch (field->kind) {
	case MC_KIND_ADDRESS: check_address(v->text); break;
	case MC_KIND_HOST: check_host(v->text); break;
	case MC_KIND_PORT: MUST(v->number >= 1 && v->number <= 65535); break;
	case MC_KIND_TLS: MUST(v->number <= MAILCFG_TLS_NONE); break;
	case MC_KIND_AUTH: MUST(v->number <= MAILCFG_AUTH_NONE); break;
	case MC_KIND_PROTOCOL: MUST(v->number <= MAILCFG_POP3); break;
	case MC_KIND_CHOICE:
		for (unsigned i = 0; i < v->number; i++)
			MUST(field->words[i] != NULL);
		MUST(strcmp(field->words[v->number], v->text) == 0);
		break;
	case MC_KIND_SERVER:
		check_host(draft->value[id + MC_PART_HOST].text);
		MUST(draft->value[id + MC_PART_PORT].number >= 1);
		MUST(draft->value[id + MC_PART_PORT].number <= 65535);
		MUST(draft->value[id + MC_PART_TLS].number <= MAILCFG_TLS_NONE);
		if (draft->value[id + MC_PART_LOGIN].text != NULL)
			check_bytes(draft->value[id + MC_PART_LOGIN].text);
		break;
	case MC_KIND_IGNORED: MUST(false); break;
	case MC_KIND_SWITCH: MUST(v->number <= 1); break;
	case MC_KIND_ADDRESSES:
	case MC_KIND_DATE:
	case MC_KIND_DAV:
	case MC_KIND_LANG:
	case MC_KIND_LOGIN:
	case MC_KIND_PATH:
	case MC_KIND_SECRET:
	case MC_KIND_TEXT: break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct mailcfg_pos pos = {"fuzz", 1, 1};
	struct mc_report report = {0};
	struct mc_arena arena = {0};
	struct mc_draft first = {.arena = &arena}, second = {.arena = &arena};
	const char *text = (const char *)data + 2;
	enum mc_type type;
	size_t id;
	bool good;

	if (size < 2)
		return 0;
	id = data[0] % mc_field_count();
	type = (enum mc_type)(data[1] % 4);
	size -= 2;
	good = mc_draft_set(&first, id, text, size, type, &pos, true, &report);
	MUST(!arena.failed);
	MUST(good == !first.bad);
	MUST(good == (report.errors == 0));
	if (good && first.value[id].text != NULL) {
		const char *kept = first.value[id].text;

		MUST(memchr(text, '\0', size) == NULL);
		check_value(&first, id);
		if (mc_field_at(id)->secret)
			MUST(strlen(kept) == size &&
				memcmp(kept, text, size) == 0);
		MUST(mc_draft_set(&second, id, kept, strlen(kept), type, &pos,
			true, &report));
		MUST(strcmp(second.value[id].text, kept) == 0);
		MUST(second.value[id].number == first.value[id].number);
	}
	mc_arena_free(&arena);
	return 0;
}
