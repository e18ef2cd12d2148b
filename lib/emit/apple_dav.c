/* SPDX-License-Identifier: ISC */
#include "apple_dav.h"

plist_t
mc_apple_dav(struct mc_emit *e, const struct mailcfg_account *a,
	const char *identifier, const struct mc_apple_dav *kind)
{
	const struct mailcfg_server *in = mc_incoming(a);
	const struct mailcfg_dav *dav = (const void *)((const char *)a +
		kind->offset);
	bool one = mc_same_login(a) && mc_same_password(a);
	bool password = e->options->embed_password && one;
	struct mc_dict d = {.node = plist_new_dict()};
	const struct mc_frame frame = {
		.description = mc_arena_printf(
			e->arena, "%s %s", kind->words, a->mailbox_display),
		.title = a->mailbox_display,
		.identifier = identifier,
		.purpose = &kind->purpose,
		.organization = a->organization,
		.type = kind->type,
	};

	mc_dict_text(&d, kind->description, a->mailbox_display);
	mc_dict_text(&d, kind->host, dav->host);
	/* what is one server's alone is nobody else's to know */
	mc_dict_text(&d, kind->password, password ? in->password : NULL);
	mc_dict_number(&d, kind->port, dav->port);
	mc_dict_switch(&d, kind->use_ssl, true);
	mc_dict_text(&d, kind->user, one ? in->login : a->mailbox);
	mc_dict_frame(&d, e->arena, &frame);
	return mc_dict_end(&d);
}
