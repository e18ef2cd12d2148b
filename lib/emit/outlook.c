/* SPDX-License-Identifier: ISC */
/*
 * Microsoft Outlook, for one person: the Autodiscover answer as local data,
 * registry files that name it and forget it again, and a card.
 *
 * Nothing here has been run against Outlook; the card says so.
 *
 * The registry keeps one such file for each mail domain, so two accounts of a
 * domain on one computer take turns.  An emitter sees one account at a time
 * and cannot warn of the other: the card has the sentence.
 */
#include <string.h>

#include "../name.h"
#include "../text.h"
#include "pox.h"
#include "words.h"

enum doc { DOC_XML = 0, DOC_REG, DOC_UNDO, DOC_CARD };

enum { WINDOWS_PATH_MAX = 259 };

static const char folder_field[] = "outlook.folder";
static const char xml_suffix[] = ".outlook.xml";
static const char reg_suffix[] = ".outlook.reg";
static const char undo_suffix[] = ".outlook-undo.reg";
static const char default_folder[] = "C:\\mailcfg";

/* Versions 2016 to 2024 and 365. */
#define KEY "HKEY_CURRENT_USER\\Software\\Microsoft\\Office\\16.0\\Outlook"

static const char *
folder_of(const struct mailcfg_account *a)
{
	const char *folder = mc_extra(a, folder_field);

	return folder == NULL ? default_folder : folder;
}

/* A quoted name or value of a registry file. */
static void
put_quoted(struct mc_buf *out, const char *text)
{
	mc_buf_putc(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '\\' || *text == '"')
			mc_buf_putc(out, '\\');
		mc_buf_putc(out, *text);
	}
	mc_buf_putc(out, '"');
}

/*
 * The file that sets (path) or deletes (NULL).  Of all the values that rule
 * Autodiscover never one that begins with Exclude: those act on every domain
 * of the Windows user, and a mailbox at work would no longer be found.
 */
static void
write_registry(
	struct mc_buf *out, const struct mailcfg_account *a, const char *path)
{
	const char *on = path == NULL ? "-" : "dword:00000001";
	struct mc_buf text = {0};

	mc_buf_puts(&text, "Windows Registry Editor Version 5.00\n\n");
	mc_buf_puts(&text, "[" KEY "\\AutoDiscover]\n");
	mc_buf_printf(&text, "\"PreferLocalXML\"=%s\n", on);
	put_quoted(&text, a->domain);
	mc_buf_putc(&text, '=');
	if (path == NULL)
		mc_buf_putc(&text, '-');
	else
		put_quoted(&text, path);
	mc_buf_puts(&text, "\n\n[" KEY "\\Setup]\n");
	mc_buf_printf(&text,
		"\"DisableOffice365SimplifiedAccountCreation\"=%s\n\n", on);
	mc_words_windows(out, &text);
	mc_buf_free(&text);
}

/* As versions since 2019 name it. */
static const char *
encryption_of(enum mailcfg_tls tls)
{
	switch (tls) {
	case MAILCFG_TLS_IMPLICIT: return "SSL/TLS";
	case MAILCFG_TLS_STARTTLS: return "STARTTLS";
	case MAILCFG_TLS_NONE: return "None";
	}
	return "";
}

static const char *
type_of(const struct mailcfg_account *a)
{
	return a->incoming == MAILCFG_POP3 ? "POP3" : "IMAP";
}

/* The values, for every version. */
static void
put_values(struct mc_buf *text, const struct mailcfg_account *a)
{
	const struct mailcfg_server *in = mc_incoming(a);
	const struct mailcfg_server *out = mc_submission(a);

	mc_buf_printf(text, "Outlook: account %s\n", a->mailbox);
	if (a->name != NULL)
		mc_buf_printf(text, "Name %s     ", a->name);
	mc_buf_printf(text,
		"E-mail address %s     User name %s     Account type %s\n",
		a->mailbox, in->login, type_of(a));
	mc_buf_printf(text,
		"  Incoming mail server  %s  port %u  encrypted connection "
		"%s\n",
		in->host, in->port, encryption_of(in->tls));
	mc_buf_printf(text,
		"  Outgoing mail server  %s  port %u  encrypted connection %s"
		"  requires %s\n",
		out->host, out->port, encryption_of(out->tls),
		out->auth == MAILCFG_AUTH_NONE ? "no authentication"
			: mc_same_login(a) && mc_same_password(a)
			? "authentication, same settings as incoming"
			: "authentication, settings of its own");
	if (out->auth != MAILCFG_AUTH_NONE && !mc_same_login(a))
		mc_buf_printf(text, "  User name for the outgoing server  %s\n",
			out->login);
	mc_buf_puts(text,
		"  Secure Password Authentication (SPA): off\n"
		"  Older versions write SSL for SSL/TLS and TLS for "
		"STARTTLS.\n");
}

static void
put_preparation(struct mc_buf *text, struct mc_arena *arena,
	const struct mailcfg_account *a)
{
	const char *preparation = mc_preparation(arena, a);

	if (preparation == NULL)
		return;
	mc_buf_putc(text, '\n');
	mc_words_wrap(text, "First: ", "  ", preparation);
}

static void
put_files(struct mc_buf *text, struct mc_arena *arena,
	const struct mailcfg_account *a)
{
	const char *xml = mc_file_name(arena, a->identity, xml_suffix);
	const char *reg = mc_file_name(arena, a->identity, reg_suffix);
	const char *undo = mc_file_name(arena, a->identity, undo_suffix);

	if (xml == NULL || reg == NULL || undo == NULL)
		return;
	mc_buf_puts(text,
		"\nA. With the files: classic Outlook for Windows, 2016 and "
		"later\n");
	mc_buf_printf(text,
		"  1. Close Outlook.  Make the folder %s and copy into it\n"
		"     %s\n     The name must stay as it is.\n",
		folder_of(a), xml);
	mc_buf_printf(text,
		"  2. Open with a double click, and let it be merged:\n"
		"     %s\n",
		reg);
	mc_buf_puts(text,
		"  3. Control Panel, Mail (Microsoft Outlook), E-mail "
		"Accounts, New: give name,\n"
		"     address and password; Next, Finish.  Without a Mail icon "
		"press Windows+R\n"
		"     and type\n"
		"     control.exe \"C:\\Program Files\\Microsoft Office\\root"
		"\\Office16\\MLCFG32.CPL\"\n");
	mc_buf_puts(text,
		"  4. To test: in Outlook hold Ctrl, right click on its icon "
		"beside the clock,\n"
		"     Test E-mail AutoConfiguration; both Guessmart boxes off, "
		"Test.\n");
	mc_buf_printf(text,
		"  To undo step 2 open in the same way\n"
		"     %s\n"
		"  It deletes what was set; what an administrator had set "
		"before does not come\n"
		"  back.\n",
		undo);
	mc_buf_printf(text,
		"  On one computer a single such file serves the whole domain "
		"%s.\n"
		"  For a second address of it do steps 1 to 3 again with that "
		"address's files.\n",
		a->domain);
}

/* The route of the menu, page by page. */
static void
put_by_hand(struct mc_buf *text, const struct mailcfg_account *a)
{
	const struct mailcfg_server *in = mc_incoming(a);
	const struct mailcfg_server *out = mc_submission(a);

	mc_buf_puts(text,
		"\nB. By hand: classic Outlook 2016 and later\n"
		"  1. File, Info, Add Account; choose Manual setup, then POP "
		"or IMAP.\n"
		"     Or Control Panel, Mail (Microsoft Outlook), E-mail "
		"Accounts, New,\n"
		"     Manual setup.\n");
	mc_buf_printf(text,
		"  2. Name, e-mail address, account type %s, the two servers "
		"above, user name\n"
		"     and password.\n",
		type_of(a));
	mc_buf_puts(text, "  3. More Settings, page Outgoing Server: ");
	if (out->auth == MAILCFG_AUTH_NONE)
		mc_buf_puts(text, "\"requires authentication\" not ticked.\n");
	else if (mc_same_login(a) && mc_same_password(a))
		mc_buf_puts(text,
			"tick \"requires authentication\",\n"
			"     \"Use same settings as my incoming mail "
			"server\".\n");
	else
		mc_buf_printf(text,
			"tick \"requires authentication\",\n"
			"     \"Log on using\", user name %s and its "
			"password.\n",
			out->login);
	mc_buf_printf(text,
		"  4. Page Advanced: incoming server (%s) %u, encrypted "
		"connection %s;\n"
		"     outgoing server (SMTP) %u, encrypted connection %s.\n",
		type_of(a), in->port, encryption_of(in->tls), out->port,
		encryption_of(out->tls));
	if (a->incoming == MAILCFG_POP3)
		mc_buf_puts(text,
			"     \"Leave a copy of messages on the server\" there "
			"decides whether mail stays.\n");
	mc_buf_puts(text, "  5. OK, Next, Finish.\n");
}

static void
write_card(struct mc_buf *out, struct mc_arena *arena,
	const struct mailcfg_account *a)
{
	struct mc_buf text = {0};

	put_values(&text, a);
	put_preparation(&text, arena, a);
	put_files(&text, arena, a);
	put_by_hand(&text, a);
	mc_buf_puts(&text,
		"\nC. New Outlook for Windows, Outlook for iOS and Android\n"
		"  Add the account by hand with these values; these programs "
		"import no file.\n"
		"\nWritten to Microsoft's documents and to reports of others; "
		"nothing here was\n"
		"tested with Outlook itself.  Where A does not work, take "
		"B.\n");
	if (a->support != NULL)
		mc_buf_printf(&text, "\nHelp: %s\n", a->support);
	mc_words_windows(out, &text);
	mc_buf_free(&text);
}

static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	const char *file = mc_file_name(e->arena, a->identity, xml_suffix);
	const char *path = file == NULL
		? NULL
		: mc_arena_printf(e->arena, "%s\\%s", folder_of(a), file);

	if (path == NULL)
		return false;
	write_registry(&e->out[DOC_REG], a, path);
	write_registry(&e->out[DOC_UNDO], a, NULL);
	write_card(&e->out[DOC_CARD], e->arena, a);
	return mc_pox_write(&e->out[DOC_XML], a);
}

static void
check_folder(struct mc_check *c)
{
	const char *folder = folder_of(c->account);
	struct mc_arena arena = {0};
	const char *file = mc_file_name(
		&arena, c->account->identity, xml_suffix);

	/* without memory item() fails in its turn */
	if (file != NULL &&
		strlen(folder) + 1 + strlen(file) > WINDOWS_PATH_MAX)
		mc_refuse(c, (enum mc_field_id)mc_field_find(folder_field),
			"with the file's name the path is longer than Windows "
			"takes: choose a shorter folder");
	mc_arena_free(&arena);
}

static void
check(struct mc_check *c)
{
	const struct mailcfg_account *a = c->account;

	mc_pox_check(c);
	check_folder(c);
	if (a->incoming == MAILCFG_POP3)
		mc_warn(c, MC_MSG_POP3_DELETES, MC_PROTOCOL,
			"Outlook removes it after 14 days unless it is told "
			"not to: the card says where");
}

static bool
beyond_ascii(const char *text)
{
	return text != NULL && !mc_is_ascii(text);
}

/*
 * The card's first words.  The BOM before them depends on texts further down,
 * so it is poured with them.
 */
static const char *
get_head(struct mc_arena *arena, const struct mailcfg_account *a)
{
	bool bom = beyond_ascii(a->mailbox) || beyond_ascii(a->name) ||
		beyond_ascii(mc_incoming(a)->login) ||
		beyond_ascii(mc_submission(a)->login) ||
		beyond_ascii(a->support) ||
		beyond_ascii(mc_preparation(arena, a));

	return mc_arena_printf(arena, "%sOutlook: account %s",
		bom ? "\xef\xbb\xbf" : "", a->mailbox);
}

static const char *
get_xml_name(struct mc_arena *arena, const struct mailcfg_account *a)
{
	return mc_file_name(arena, a->identity, xml_suffix);
}

static const char *
get_reg_name(struct mc_arena *arena, const struct mailcfg_account *a)
{
	return mc_file_name(arena, a->identity, reg_suffix);
}

static const char *
get_undo_name(struct mc_arena *arena, const struct mailcfg_account *a)
{
	return mc_file_name(arena, a->identity, undo_suffix);
}

/* Neither a domain nor the name of a file has what the registry escapes. */
static const struct mc_hole holes[] = {
	MC_POX_HOLES,
	{get_head, NULL},
	{get_xml_name, NULL},
	{get_reg_name, NULL},
	{get_undo_name, NULL},
	{mc_get_mailbox, NULL},
	{mc_get_domain, NULL},
	{mc_get_name, NULL},
	{mc_get_login, NULL},
	{mc_get_smtp_login, NULL},
	{NULL, NULL},
};

static const struct mc_field fields[] = {
	{.name = folder_field,
		.kind = MC_KIND_PATH,
		.limit = 240,
		.help = "folder on the person's computer where the XML will "
			"lie; else C:\\mailcfg"},
	{.name = NULL},
};

static const char *const clients[] = {"outlook", NULL};

const struct mc_target mc_target_outlook = {
	.name = "outlook",
	.summary = "Outlook for Windows: local XML, registry files and a card",
	.can = MC_CAN_USUAL | MC_CAN_UTF8 | MC_CAN_BOTH | MC_ONE_PER_DOMAIN,
	.oauth2_way = "in Outlook add the account by its address alone, which "
		      "opens the provider's own sign-in",
	.clients = clients,
	.docs = {[DOC_XML] = {.role = "answer",
			 .suffix = xml_suffix,
			 .type = "application/xml"},
		[DOC_REG] = {.role = "registry file",
			.suffix = reg_suffix,
			.type = "text/x-ms-regedit"},
		[DOC_UNDO] = {.role = "undo",
			.suffix = undo_suffix,
			.type = "text/x-ms-regedit"},
		[DOC_CARD] = {.role = "card",
			.suffix = ".outlook.txt",
			.type = "text/plain"}},
	.fields = fields,
	.holes = holes,
	.check = check,
	.item = item,
};
