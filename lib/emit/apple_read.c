/* SPDX-License-Identifier: ISC */
/* Profiles on their way back: what is one, and its payloads. */
#include "apple_read.h"

#include <string.h>

#include "apple_profile.h"

enum { PAYLOADS = 1000 }; /* the most that are read */

/* A profile under way. */
struct profile {
	struct mc_apple_payload top;
	struct mc_apple_payload *payloads;
	size_t n;
};

static enum mc_back_result
refuse(struct mc_back *back, const struct mc_plist *node, const char *why)
{
	const struct mc_back_place none = {0, 0};

	mc_back_say(back, MC_MSG_UNKNOWN_FORMAT,
		node == NULL ? none : mc_apple_place(node), NULL, "%s", why);
	return MC_BACK_BAD;
}

static void
take_payload(struct profile *f, struct mc_plist *node)
{
	struct mc_apple_payload *p = &f->payloads[f->n++];

	*p = (struct mc_apple_payload){
		.back = f->top.back, .dict = node, .number = f->n};
	if (node->kind != MC_PLIST_DICT) {
		mc_back_say(p->back, MC_MSG_SYNTAX, mc_apple_place(node), NULL,
			"payload %zu is %s, not a dictionary", p->number,
			mc_plist_kind_name(node->kind));
		return;
	}
	p->type = mc_apple_word(p, "PayloadType");
	p->identifier = mc_apple_word(p, "PayloadIdentifier");
	if (p->type == NULL)
		mc_back_say(p->back, MC_MSG_SYNTAX, mc_apple_place(node), NULL,
			"payload %zu: PayloadType is missing or empty",
			p->number);
}

/* The array of payloads; NULL: reported. */
static const struct mc_plist *
content_of(struct mc_apple_payload *top)
{
	const struct mc_plist *content = mc_apple_find(top, "PayloadContent");
	const char *type = mc_apple_word(top, "PayloadType");

	if (type == NULL || strcmp(type, MC_APPLE_PROFILE) != 0)
		(void)refuse(top->back, top->dict,
			"it is a property list, but no profile: PayloadType is "
			"not " MC_APPLE_PROFILE);
	else if (mc_apple_find(top, "EncryptedPayloadContent") != NULL)
		(void)refuse(top->back, top->dict,
			"the profile is encrypted for one device");
	else if (content == NULL || content->kind != MC_PLIST_ARRAY)
		(void)refuse(top->back, content == NULL ? top->dict : content,
			"the profile has no list of payloads");
	else
		return content;
	return NULL;
}

/* false: reported, or out of memory. */
static bool
take_payloads(struct profile *f)
{
	const struct mc_plist *content = content_of(&f->top);
	size_t n = 0;

	if (content == NULL)
		return false;
	for (const struct mc_plist *c = content->child; c != NULL; c = c->next)
		n++;
	if (n > PAYLOADS) {
		mc_back_say(f->top.back, MC_MSG_TOO_MANY,
			mc_apple_place(content), NULL, "%zu payloads", n);
		return false;
	}
	f->payloads = mc_arena_alloc(
		f->top.back->arena, (n + 1) * sizeof(*f->payloads));
	if (f->payloads == NULL)
		return false;
	for (struct mc_plist *c = content->child; c != NULL; c = c->next)
		take_payload(f, c);
	return true;
}

static void
read_mail(struct profile *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->payloads[i].type != NULL &&
			strcmp(f->payloads[i].type, MC_APPLE_MAIL) == 0)
			mc_apple_read_mail(&f->payloads[i]);
}

static void
read_others(struct profile *f)
{
	static const struct mc_apple_dav *const kinds[] = {
		&mc_apple_caldav, &mc_apple_carddav};

	for (size_t i = 0; i < f->n; i++) {
		struct mc_apple_payload *p = &f->payloads[i];
		const struct mc_apple_dav *kind = NULL;

		if (p->type == NULL || p->draft != NULL)
			continue;
		for (size_t k = 0; k < 2; k++)
			if (strcmp(p->type, kinds[k]->type) == 0)
				kind = kinds[k];
		if (kind != NULL)
			mc_apple_read_dav(p, kind, f->payloads, f->n);
		else
			mc_back_note(p->back, "payload %zu: %s is not read",
				p->number, p->type);
	}
}

/* Two of one name are refused by devices, with a message of no help. */
static void
compare_identity(struct profile *f)
{
	static const char key[] = "PayloadUUID";
	const char **ids = mc_arena_alloc(
		f->top.back->arena, (f->n + 1) * sizeof(*ids));

	if (ids == NULL)
		return;
	for (size_t i = 0; i <= f->n; i++) {
		struct mc_apple_payload *p = i == 0 ? &f->top
						    : &f->payloads[i - 1];

		if (p->dict->kind != MC_PLIST_DICT)
			continue;
		ids[i] = mc_apple_word(p, key);
		for (size_t k = 0; k < i && ids[i] != NULL; k++) {
			if (ids[k] == NULL || strcmp(ids[k], ids[i]) != 0)
				continue;
			mc_back_note(p->back,
				"payload %zu: its %s is used before; a device "
				"refuses the profile",
				p->number, key);
			break;
		}
	}
}

/* The profile's organization is everybody's where no payload has one. */
static void
share_organization(struct profile *f)
{
	struct mc_back *back = f->top.back;
	const struct mc_plist *node = mc_apple_text(
		&f->top, "PayloadOrganization");
	struct mc_back_record *r;

	for (r = back->records; r != NULL; r = r->next)
		if (r->draft.value[MC_ORGANIZATION].text != NULL)
			return;
	for (r = back->records; r != NULL && node != NULL; r = r->next)
		if (!mc_back_set(back, &r->draft, MC_ORGANIZATION, node->text,
			    MC_TYPE_STRING, mc_apple_place(node)))
			return;
}

/* Who installs a profile has all its accounts: they are one person's. */
static void
share_person(struct mc_back *back)
{
	const struct mc_back_record *first = back->records;
	const char *address;

	if (first == NULL || first->next == NULL)
		return;
	address = first->draft.value[MC_ADDRESS].text;
	if (address == NULL)
		return;
	for (struct mc_back_record *r = back->records; r != NULL; r = r->next)
		(void)mc_draft_set(&r->draft, MC_PERSON, address,
			strlen(address), MC_TYPE_STRING, &r->draft.pos, false,
			back->report);
}

enum mc_back_result
mc_apple_read(struct mc_back *back, const char *bytes, size_t n)
{
	static const char binary[] = "bplist";
	struct profile f = {.top = {.back = back}};
	struct mc_fault fault;

	if (n >= sizeof(binary) - 1 &&
		memcmp(bytes, binary, sizeof(binary) - 1) == 0)
		return refuse(back, NULL,
			"it is a binary property list: plutil -convert xml1 "
			"-o - FILE | mailcfg show -");
	if (!mc_plist_is(bytes, n))
		return MC_BACK_OTHER;
	f.top.dict = mc_plist_read(back->arena, bytes, n, &fault);
	if (f.top.dict == NULL) {
		const struct mc_back_place place = {fault.line, fault.column};

		if (!back->arena->failed)
			mc_back_say(back, fault.message, place, NULL, "%s",
				fault.why);
		return MC_BACK_BAD;
	}
	if (f.top.dict->kind != MC_PLIST_DICT)
		return refuse(back, f.top.dict,
			"it is a property list, but no profile");
	if (!take_payloads(&f))
		return MC_BACK_BAD;
	read_mail(&f);
	read_others(&f);
	compare_identity(&f);
	share_organization(&f);
	share_person(back);
	mc_apple_read_frame(&f.top);
	mc_apple_common(&f.top);
	mc_apple_rest(&f.top);
	return MC_BACK_READ;
}
