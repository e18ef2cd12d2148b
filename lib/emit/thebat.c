/* SPDX-License-Identifier: ISC */
/*
 * The Bat!: a command file that adds the account, the same command as a line
 * for TheBat.IPC, and a card with what no command can tell.
 *
 * Three layers: the command L in the program's own grammar; the command line,
 * which is "EXE" L; and L escaped for a batch file.  L is never quoted as for
 * a reader of argv: the program would see backslashes that its grammar does
 * not know.  Nothing here has been run against The Bat! itself.
 */
#include <string.h>

#include "../name.h"
#include "../text.h"
#include "holes.h"
#include "words.h"

enum doc { DOC_CMD = 0, DOC_IPC, DOC_CARD };

static const char command_suffix[] = ".thebat.cmd";

/*
 * Bytes of a value.  Escaped, everything twice, the line with a login and a
 * password for each server and a name stays below the 8,191 of cmd.exe.
 */
enum { VALUE_MAX = 512 };

/* How a value is written; NONE: there is no way. */
enum form { FORM_DOUBLE = 0, FORM_SINGLE, FORM_NONE };

/* *why says what is in the way of FORM_NONE. */
static enum form
form_of(const char *value, const char **why)
{
	size_t n = strlen(value);
	bool has_double = strchr(value, '"') != NULL;

	*why = NULL;
	for (const char *s = value; *s != '\0' && *why == NULL; s++) {
		if ((unsigned char)*s >= 0x80)
			*why = "it goes beyond ASCII";
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*why = "a control character is in it";
		else if (*s == ';')
			*why = "a semicolon is in it";
	}
	if (*why != NULL)
		return FORM_NONE;
	if (has_double && strchr(value, '\'') != NULL)
		*why = "both kinds of quotation marks are in it";
	else if (n > 0 && value[n - 1] == '\\')
		*why = "it ends in a backslash";
	else if (n > VALUE_MAX)
		*why = "it is too long for a command line";
	if (*why != NULL)
		return FORM_NONE;
	return has_double ? FORM_SINGLE : FORM_DOUBLE;
}

/* Whether the From name goes into the command. */
static bool
carries_name(const struct mailcfg_account *a)
{
	const char *why;

	return a->name != NULL && form_of(a->name, &why) != FORM_NONE;
}

/*
 * With every quotation mark escaped none ever opens for cmd.exe, and so no
 * character stands inside or outside of any.  "!" is ordinary without delayed
 * expansion.
 */
static void
put_escaped(struct mc_buf *out, const char *line)
{
	for (;;) {
		size_t n = strcspn(line, "()<>&|^\"%");

		mc_buf_add(out, line, n);
		line += n;
		if (*line == '\0')
			return;
		mc_buf_putc(out, *line == '%' ? '%' : '^');
		mc_buf_putc(out, *line++);
	}
}

static const char *
mark_of(const char *value)
{
	const char *why;

	return form_of(value, &why) == FORM_SINGLE ? "'" : "\"";
}

static void
put_parameter(struct mc_buf *line, const char *key, const char *value,
	void (*put)(struct mc_buf *, const char *))
{
	const char *mark = mark_of(value);

	put(line, key);
	put(line, mark);
	put(line, value);
	put(line, mark);
}

/* A parameter with a person's value: as it is in L, and escaped. */
#define PARAMETER(id, key)                                       \
	static void put_##id(struct mc_buf *l, const char *v)    \
	{                                                        \
		put_parameter(l, key, v, mc_buf_puts);           \
	}                                                        \
	static void escape_##id(struct mc_buf *l, const char *v) \
	{                                                        \
		put_parameter(l, key, v, put_escaped);           \
	}

/* the first one is glued to the command */
PARAMETER(user, "/ADDUser=")
PARAMETER(in_user, ";InUser=")
PARAMETER(password, ";Password=")
PARAMETER(out_user, ";OutUser=")
PARAMETER(out_password, ";OutPassword=")

/* The end of L; a name that cannot stand in it is left to the card. */
static const char *
get_sender(struct mc_arena *arena, const struct mailcfg_account *a)
{
	const char *mark = mark_of(a->mailbox), *name_mark;

	if (!carries_name(a))
		return mc_arena_printf(
			arena, ";FromAddr=%s%s%s", mark, a->mailbox, mark);
	name_mark = mark_of(a->name);
	return mc_arena_printf(arena, ";FromAddr=%s%s%s;FromName=%s%s%s", mark,
		a->mailbox, mark, name_mark, a->name, name_mark);
}

/*
 * L.  Never DelReceived, DelTrashServer or KeepDays, which delete mail, and
 * never host:port, which nobody documents.
 */
static void
make_command(struct mc_buf *line, struct mc_arena *arena,
	const struct mailcfg_account *a, bool secrets)
{
	const struct mailcfg_server *in = mc_incoming(a);
	const struct mailcfg_server *out = mc_submission(a);
	const char *sender = get_sender(arena, a);
	bool other_secret = secrets && !mc_same_password(a) &&
		out->password != NULL;

	put_user(line, a->mailbox);
	put_parameter(line, ";InServer=", in->host, mc_buf_puts);
	put_parameter(line, ";OutServer=", out->host, mc_buf_puts);
	put_in_user(line, in->login);
	if (secrets && in->password != NULL)
		put_password(line, in->password);
	/* whose password it is, the program is told too */
	if (!mc_same_login(a) || other_secret)
		put_out_user(line, out->login);
	if (other_secret)
		put_out_password(line, out->password);
	if (a->incoming == MAILCFG_IMAP)
		mc_buf_puts(line, ";IMAP");
	if (sender != NULL)
		mc_buf_puts(line, sender);
}

/* No value of a person's stands here: only in the last line, escaped. */
static void
put_script(struct mc_buf *text, bool secret)
{
	mc_buf_puts(text,
		"@echo off\n"
		"rem Adds a mail account to The Bat!. Written to the vendor's "
		"help text, not tested against The Bat! itself.\n");
	mc_buf_puts(text,
		secret ? "rem A password is inside: delete this file "
			 "afterwards. It cannot set ports and encryption: do "
			 "that next, from the text file of the same name.\n"
		       : "rem It cannot set ports, encryption or the "
			 "password: do that next, from the text file of the "
			 "same name.\n");
	/* reg prints the value's name in two fields: it has a blank */
	mc_buf_puts(text,
		"setlocal DisableDelayedExpansion\n"
		"set \"TB=\"\n"
		"for /f \"tokens=3,*\" %%A in ('reg query "
		"\"HKCU\\Software\\RIT\\The Bat!\" /v \"EXE path\" 2^>nul "
		"^| find \"REG_SZ\"') do set \"TB=%%B\"\n");
	/* the path of a copy that was removed */
	mc_buf_puts(text,
		"if defined TB if not exist \"%TB%\" set \"TB=\"\n"
		"if not defined TB if exist \"%ProgramFiles%\\The Bat!\\"
		"thebat64.exe\" set \"TB=%ProgramFiles%\\The Bat!\\"
		"thebat64.exe\"\n"
		"if not defined TB if exist \"%ProgramFiles(x86)%\\The Bat!\\"
		"thebat32.exe\" set \"TB=%ProgramFiles(x86)%\\The Bat!\\"
		"thebat32.exe\"\n"
		"if not defined TB (echo The Bat! was not found.& pause& exit "
		"/b 1)\n");
	mc_buf_puts(text,
		"echo Next, before fetching mail: set ports and encryption as "
		"in \"%~n0.txt\"\n");
}

static const char *
connection_of(enum mailcfg_tls tls)
{
	switch (tls) {
	case MAILCFG_TLS_IMPLICIT:
		return "TLS on the dedicated port  (\"Secure to dedicated "
		       "port (TLS)\")";
	case MAILCFG_TLS_STARTTLS:
		return "STARTTLS on the regular port  (\"Secure to regular "
		       "port (STARTTLS)\")";
	case MAILCFG_TLS_NONE:
		return "Regular  (NOT encrypted: everybody on the way can "
		       "read mail and login)";
	}
	return "";
}

static void
put_incoming(struct mc_buf *text, const struct mailcfg_account *a)
{
	const struct mailcfg_server *s = mc_incoming(a);

	mc_buf_printf(text,
		"   Receive mail\n"
		"     Protocol          %s\n"
		"     Server            %s\n"
		"     Connection        %s\n"
		"     Port              %u\n"
		"     Authentication    Regular (no CRAM-MD5, no APOP)\n"
		"     User              %s\n\n",
		a->incoming == MAILCFG_POP3 ? "POP3" : "IMAP4", s->host,
		connection_of(s->tls), s->port, s->login);
}

static void
put_submission(struct mc_buf *text, const struct mailcfg_account *a)
{
	const struct mailcfg_server *s = mc_submission(a);
	bool same = mc_same_login(a) && mc_same_password(a);

	mc_buf_printf(text,
		"   Send mail\n"
		"     Server            %s\n"
		"     Connection        %s\n"
		"     Port              %u\n",
		s->host, connection_of(s->tls), s->port);
	if (s->auth == MAILCFG_AUTH_NONE) {
		mc_buf_puts(text,
			"     Authentication    none: clear \"Perform SMTP "
			"Authentication (RFC 2554)\"\n");
		return;
	}
	mc_buf_printf(text,
		"     Authentication    tick   \"Perform SMTP Authentication "
		"(RFC 2554)\"\n"
		"                       choose \"%s\"\n"
		"                       clear  \"Require secure (MD5) "
		"authentication\"\n",
		same ? "Use settings of Mail Retrieval"
		     : "Use specific settings");
	if (!same)
		mc_buf_printf(text, "     User              %s\n", s->login);
	if (!mc_same_password(a))
		mc_buf_puts(
			text, "     Password          the one for sending\n");
}

/*
 * What the command leaves out and page General takes, and the words behind
 * it: whether there is anything depends on the name, and so it is poured with
 * them.
 */
static const char *
get_general(struct mc_arena *arena, const struct mailcfg_account *a)
{
	bool name = a->name != NULL && !carries_name(a);
	bool organization = a->organization != NULL;

	return mc_arena_printf(arena, "\n%s%s%s%s%s%s%s%s3. OK. Fetch mail ",
		name || organization ? "   Then, on page General\n" : "",
		name ? "     From Name         " : "", name ? a->name : "",
		name ? "\n" : "", organization ? "     Organization      " : "",
		organization ? a->organization : "", organization ? "\n" : "",
		name || organization ? "\n" : "");
}

static void
put_card(struct mc_buf *text, struct mc_arena *arena,
	const struct mailcfg_account *a, bool secret)
{
	const char *file = mc_file_name(arena, a->identity, command_suffix);
	const char *preparation = mc_preparation(arena, a);
	const char *general = get_general(arena, a);

	mc_buf_printf(text,
		"The Bat!: account %s\n\n"
		"1. Run %s once. It creates the account: name, servers, user "
		"name, sender.\n",
		a->mailbox, file == NULL ? "" : file);
	mc_buf_puts(text,
		secret ? "   It cannot set ports or encryption. The password "
			 "is inside it and in the .ipc file:\n"
			 "   delete both afterwards.\n"
		       : "   It cannot set ports, encryption or the "
			 "password.\n");
	mc_buf_puts(text,
		"2. BEFORE you fetch or send mail: select the account, menu "
		"Account, Properties, page Transport.\n\n");
	put_incoming(text, a);
	put_submission(text, a);
	mc_buf_puts(text, general == NULL ? "" : general);
	mc_buf_puts(text, "and type the password when The Bat! asks for it.\n");
	if (preparation != NULL)
		mc_words_wrap(text, "   ", "   ", preparation);
	if (a->support != NULL)
		mc_buf_printf(text, "   Help: %s\n", a->support);
	mc_buf_puts(text,
		"\nWritten to the vendor's help text and a provider's guide; "
		"not tested against The Bat! by us.\n"
		"The words in quotation marks differ between versions and "
		"languages of the program.\n");
}

static bool
has_secret(const struct mailcfg_account *a, const struct mc_options *options)
{
	return options->embed_password &&
		(mc_incoming(a)->password != NULL ||
			mc_submission(a)->password != NULL);
}

static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	bool secret = has_secret(a, e->options);
	struct mc_buf line = {0}, text = {0};
	bool ok;

	make_command(&line, e->arena, a, secret);
	put_script(&text, secret);
	mc_buf_puts(&text, "\"%TB%\" ");
	if (line.data != NULL)
		put_escaped(&text, line.data);
	mc_buf_putc(&text, '\n');
	mc_words_windows(&e->out[DOC_CMD], &text);

	mc_buf_putc(&line, '\n');
	mc_words_windows(&e->out[DOC_IPC], &line);
	ok = !line.failed && !text.failed;

	mc_buf_reset(&text);
	put_card(&text, e->arena, a, secret);
	mc_words_windows(&e->out[DOC_CARD], &text);
	mc_buf_free(&line);
	mc_buf_free(&text);
	return ok && !e->arena->failed;
}

/* Refuses what the command cannot carry. */
static void
check_value(struct mc_check *c, enum mc_field_id id, const char *value)
{
	const char *why;

	switch (form_of(value, &why)) {
	case FORM_DOUBLE: break;
	case FORM_SINGLE:
		mc_warn(c, MC_MSG_UNDOCUMENTED, id,
			"a \" is in it, so it stands in single quotation "
			"marks");
		break;
	case FORM_NONE: mc_refuse(c, id, "%s", why); break;
	}
}

/* The account's name becomes that of a folder. */
static void
check_address(struct mc_check *c)
{
	const char *bad = strpbrk(c->account->mailbox, "\\/:*?\"<>|");

	if (bad != NULL)
		mc_refuse(c, MC_ADDRESS,
			"a folder is named after it, and none can hold %c",
			*bad);
	else
		check_value(c, MC_ADDRESS, c->account->mailbox);
}

static void
check_name(struct mc_check *c)
{
	const struct mailcfg_account *a = c->account;
	const char *why;

	if (a->name == NULL)
		return;
	switch (form_of(a->name, &why)) {
	case FORM_DOUBLE:
	case FORM_SINGLE: check_value(c, MC_NAME, a->name); break;
	case FORM_NONE:
		mc_warn(c, MC_MSG_LEFT_OUT, MC_NAME,
			"%s: the card says where to type it", why);
		break;
	}
}

static void
check_login(struct mc_check *c, const struct mailcfg_server *s)
{
	check_value(c, mc_server_field(s->protocol, MC_PART_LOGIN), s->login);
}

static void
check_secret(struct mc_check *c, const struct mailcfg_server *s)
{
	if (s->password != NULL)
		check_value(c, mc_server_field(s->protocol, MC_PART_PASSWORD),
			s->password);
}

/*
 * The key is captioned as the account's login password; another page means by
 * it the one that locks the account.  In neither case is it known whether the
 * program waits for TLS before it sends it.
 */
static void
check_secrets(struct mc_check *c)
{
	const struct mailcfg_account *a = c->account;

	if (!has_secret(a, c->options))
		return;
	check_secret(c, mc_incoming(a));
	if (!mc_same_password(a))
		check_secret(c, mc_submission(a));
	mc_warn(c, MC_MSG_PASSWORD_INSIDE, MC_PASSWORD,
		"and every program on the computer can see it when the file "
		"is run; The Bat! may send it before TLS is set, or lock the "
		"account with it");
}

static void
check(struct mc_check *c)
{
	const struct mailcfg_account *a = c->account;

	/* hosts are letters, digits, hyphens and dots already */
	check_address(c);
	check_login(c, mc_incoming(a));
	if (!mc_same_login(a))
		check_login(c, mc_submission(a));
	check_name(c);
	check_secrets(c);
	mc_warn(c, MC_MSG_NOT_CARRIED,
		mc_server_field(a->incoming, MC_PART_PORT),
		"no command sets it, nor %s, %s and %s: the card says how",
		mc_field_at(mc_server_field(a->incoming, MC_PART_TLS))->name,
		mc_field_at(MC_SMTP_PORT)->name,
		mc_field_at(MC_SMTP_TLS)->name);
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
	bool bom = beyond_ascii(a->name) || beyond_ascii(a->organization) ||
		beyond_ascii(a->support) ||
		beyond_ascii(mc_preparation(arena, a));

	return mc_arena_printf(arena, "%sThe Bat!: account %s",
		bom ? "\xef\xbb\xbf" : "", a->mailbox);
}

static const char *
get_command_name(struct mc_arena *arena, const struct mailcfg_account *a)
{
	return mc_file_name(arena, a->identity, command_suffix);
}

/* Lines as Windows has them. */
static void
escape_lines(struct mc_buf *out, const char *text)
{
	for (;;) {
		size_t n = strcspn(text, "\n");

		mc_buf_add(out, text, n);
		if (text[n] == '\0')
			return;
		mc_buf_puts(out, "\r\n");
		text += n + 1;
	}
}

/* The key beside a value tells the three documents apart. */
static const struct mc_hole holes[] = {
	{mc_get_mailbox, put_user},
	{mc_get_mailbox, escape_user},
	{mc_get_login, put_in_user},
	{mc_get_login, escape_in_user},
	{mc_get_password, put_password},
	{mc_get_password, escape_password},
	{mc_get_smtp_login, put_out_user},
	{mc_get_smtp_login, escape_out_user},
	{mc_get_smtp_password, put_out_password},
	{mc_get_smtp_password, escape_out_password},
	{get_sender, NULL},
	{get_sender, put_escaped},
	{get_head, NULL},
	{get_command_name, NULL},
	{get_general, escape_lines},
	{mc_get_login, NULL},
	{mc_get_smtp_login, NULL},
	{NULL, NULL},
};

static const char *const clients[] = {"thebat", NULL};

const struct mc_target mc_target_thebat = {
	.name = "thebat",
	.summary = "The Bat!: a command that adds the account, and a card",
	.can = MC_CAN_USUAL | MC_CAN_SECRET | MC_CAN_SMTP_SECRET,
	.oauth2_way = "in The Bat! make the account with its own assistant, "
		      "which signs in at the provider",
	.clients = clients,
	.docs = {[DOC_CMD] = {.role = "command file",
			 .suffix = command_suffix,
			 .type = "application/x-bat",
			 .secret = true},
		[DOC_IPC] = {.role = "line for TheBat.IPC",
			.suffix = ".thebat.ipc",
			.type = "text/plain",
			.secret = true},
		[DOC_CARD] = {.role = "card",
			.suffix = ".thebat.txt",
			.type = "text/plain"}},
	.holes = holes,
	.check = check,
	.item = item,
};
