/* SPDX-License-Identifier: ISC */
/*
 * usage: tree_plist FILE
 *
 * A profile a person, each by a tree of libplist's.
 */
#include <plist/plist.h>

#include "person.h"

enum { NAME_SIZE = 1024 };

static void
put_text(plist_t dict, const char *key, const char *text)
{
	plist_dict_set_item(dict, key, plist_new_string(text));
}

static void
put_number(plist_t dict, const char *key, const char *number)
{
	plist_dict_set_item(
		dict, key, plist_new_uint(strtoul(number, NULL, 10)));
}

static void
put_true(plist_t dict, const char *key)
{
	plist_dict_set_item(dict, key, plist_new_bool(1));
}

static bool
put_frame(plist_t dict, const char *words, const char *address,
	const char *name, const char *type)
{
	char text[NAME_SIZE], uuid[37];

	if (!uuid5(name, uuid))
		return false;
	(void)snprintf(text, sizeof(text), "%s %s", words, address);
	put_text(dict, "PayloadDescription", text);
	put_text(dict, "PayloadDisplayName", address);
	put_text(dict, "PayloadIdentifier", name);
	put_text(dict, "PayloadType", type);
	put_text(dict, "PayloadUUID", uuid);
	put_number(dict, "PayloadVersion", "1");
	return true;
}

static plist_t
payload(char *const *v)
{
	plist_t d = plist_new_dict();

	put_text(d, "EmailAccountDescription", v[ADDRESS]);
	put_text(d, "EmailAccountName", v[NAME]);
	put_text(d, "EmailAccountType", "EmailTypeIMAP");
	put_text(d, "EmailAddress", v[ADDRESS]);
	put_text(d, "IncomingMailServerAuthentication", "EmailAuthPassword");
	put_text(d, "IncomingMailServerHostName", v[IMAP_HOST]);
	put_number(d, "IncomingMailServerPortNumber", v[IMAP_PORT]);
	put_true(d, "IncomingMailServerUseSSL");
	put_text(d, "IncomingMailServerUsername", v[LOGIN]);
	put_text(d, "IncomingPassword", v[PASSWORD]);
	put_text(d, "OutgoingMailServerAuthentication", "EmailAuthPassword");
	put_text(d, "OutgoingMailServerHostName", v[SMTP_HOST]);
	put_number(d, "OutgoingMailServerPortNumber", v[SMTP_PORT]);
	put_true(d, "OutgoingMailServerUseSSL");
	put_text(d, "OutgoingMailServerUsername", v[LOGIN]);
	put_text(d, "OutgoingPassword", v[PASSWORD]);
	put_true(d, "OutgoingPasswordSameAsIncomingPassword");
	return d;
}

static bool
put_profile(char *const *v)
{
	plist_t list = plist_new_array();
	plist_t mail = payload(v), root = plist_new_dict();
	char name[NAME_SIZE], inner[NAME_SIZE + 8], *text = NULL;
	uint32_t n = 0;
	bool good;

	identifier(v[ADDRESS], name);
	(void)snprintf(inner, sizeof(inner), "%s.mail", name);
	good = put_frame(mail, "Mail account", v[ADDRESS], inner,
		"com.apple.mail.managed");
	plist_array_append_item(list, mail);
	plist_dict_set_item(root, "PayloadContent", list);
	good = put_frame(root, "Sets up the mail account", v[ADDRESS], name,
		       "Configuration") &&
		good;
	/* returns nothing until libplist 2.2, a code since 2.3 */
	(void)plist_to_xml(root, &text, &n);
	good = good && text != NULL && fwrite(text, 1, n, stdout) == n;
	free(text);
	plist_free(root);
	return good;
}

int
main(int argc, char **argv)
{
	static char block[256 * 1024];
	struct rows rows = {0};

	(void)setvbuf(stdout, block, _IOFBF, sizeof(block));
	if (argc != 2 || !open_rows(&rows, argv[1]))
		return 66;
	while (next_row(&rows))
		if (!put_profile(rows.value))
			return 74;
	return fflush(stdout) == 0 ? 0 : 74;
}
