/* SPDX-License-Identifier: ISC */
#include "holes.h"

#include <string.h>

#define GETTER(name, value)                                              \
	const char *mc_get_##name(                                       \
		struct mc_arena *arena, const struct mailcfg_account *a) \
	{                                                                \
		(void)arena;                                             \
		return value;                                            \
	}

GETTER(mailbox, a->mailbox)
GETTER(mailbox_display, a->mailbox_display)
GETTER(identity, a->identity)
GETTER(local_part, a->local_part)
GETTER(domain, a->domain)
GETTER(domain_display, a->domain_display)
GETTER(name, a->name)
GETTER(given_name, a->given_name)
GETTER(family_name, a->family_name)
GETTER(person, a->person)
GETTER(deliver_to, a->deliver_to)
GETTER(login, mc_incoming(a)->login)
GETTER(smtp_login, mc_submission(a)->login)
GETTER(other_login,
	mc_other_incoming(a) == NULL ? NULL : mc_other_incoming(a)->login)
GETTER(password, mc_incoming(a)->password)
GETTER(smtp_password, mc_submission(a)->password)
GETTER(other_password,
	mc_other_incoming(a) == NULL ? NULL : mc_other_incoming(a)->password)

/* What stands for a byte; NULL: itself. */
typedef const char *const escape_table[256];

static void
escape(struct mc_buf *out, const char *text, escape_table table)
{
	const char *from = text;

	for (; *text != '\0'; text++) {
		const char *word = table[(unsigned char)*text];

		if (word == NULL)
			continue;
		mc_buf_add(out, from, (size_t)(text - from));
		mc_buf_puts(out, word);
		from = text + 1;
	}
	mc_buf_add(out, from, (size_t)(text - from));
}

void
mc_escape_xml(struct mc_buf *out, const char *text)
{
	static escape_table table = {['&'] = "&amp;",
		['<'] = "&lt;",
		['>'] = "&gt;",
		['"'] = "&quot;",
		['\r'] = "&#13;"};

	escape(out, text, table);
}

void
mc_escape_markup(struct mc_buf *out, const char *text)
{
	static escape_table table = {
		['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;"};

	escape(out, text, table);
}

void
mc_escape_json(struct mc_buf *out, const char *text)
{
	/* the gate lets no other control character through */
	static escape_table table = {['"'] = "\\\"",
		['\\'] = "\\\\",
		['\b'] = "\\b",
		['\f'] = "\\f",
		['\n'] = "\\n",
		['\r'] = "\\r",
		['\t'] = "\\t"};

	escape(out, text, table);
}
