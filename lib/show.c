/* SPDX-License-Identifier: ISC */
#include "show.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "account.h"
#include "emit/emit.h"

static void __attribute__((format(printf, 3, 4)))
say(const struct mc_show *show, enum mc_msg message, const char *format, ...)
{
	const struct mailcfg_pos pos = {show->file, 0, 0};
	char detail[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	mc_say(show->report, message, &pos, NULL, NULL, "%s", detail);
}

/* Takes the signature off.  false: reported, or out of memory. */
static bool
unwrap(const struct mc_show *show, const char **bytes, size_t *n,
	struct mc_signature *signature)
{
	struct mc_cms cms;
	enum mc_cms_result result = mc_cms_read(
		show->arena, *bytes, *n, show->roots, show->now, &cms);

	*signature = cms.signature;
	switch (result) {
	case MC_CMS_OTHER: return true;
	case MC_CMS_READ: break;
	case MC_CMS_BAD:
		say(show, MC_MSG_SYNTAX, "it looks like a signed file, but %s",
			cms.why);
		return false;
	case MC_CMS_ROOTS:
		say(show, MC_MSG_NO_INPUT, "%s: no certificates in PEM",
			show->roots);
		return false;
	case MC_CMS_MEMORY: show->arena->failed = true; return false;
	}
	if (!signature->good)
		say(show, MC_MSG_BAD_SIGNATURE, "%s", signature->why);
	*bytes = cms.content;
	*n = cms.size;
	return true;
}

/* Files that stand for others: people save them under a wrong name. */
static void
say_unknown(const struct mc_show *show, const char *bytes, size_t n)
{
	static const char utf16[] = "it is UTF-16: xmllint --encode UTF-8 "
				    "FILE | mailcfg show -";
	static const struct {
		const char *begin;
		size_t n;
		enum mc_msg message;
		const char *words;
	} others[] = {
		{"\xff\xfe", 2, MC_MSG_NOT_UTF8, utf16},
		{"\xfe\xff", 2, MC_MSG_NOT_UTF8, utf16},
		{"<\0?", 3, MC_MSG_NOT_UTF8, utf16},
		{"\0<\0", 3, MC_MSG_NOT_UTF8, utf16},
		{"-----BEGIN ", 11, MC_MSG_UNKNOWN_FORMAT,
			"it is PEM: openssl cms -cmsout -inform PEM -outform "
			"DER makes it what a device takes"},
		{"MIME-Version:", 13, MC_MSG_UNKNOWN_FORMAT,
			"it is S/MIME: openssl cms -cmsout -inform SMIME "
			"-outform DER makes it what a device takes"},
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (n < others[i].n ||
			memcmp(bytes, others[i].begin, others[i].n) != 0)
			continue;
		say(show, others[i].message, "%s", others[i].words);
		return;
	}
	say(show, MC_MSG_UNKNOWN_FORMAT, "it is nothing that can be read back");
}

static enum mc_back_result
read_back(const struct mc_show *show, struct mc_back *back, const char *bytes,
	size_t n, struct mc_shown *out)
{
	for (size_t i = 0; i < mc_target_count(); i++) {
		const struct mc_target *target = mc_target_at(i);
		enum mc_back_result result = target->read == NULL
			? MC_BACK_OTHER
			: target->read(back, bytes, n);

		out->target = target->name;
		if (result != MC_BACK_OTHER)
			return result;
	}
	say_unknown(show, bytes, n);
	return MC_BACK_BAD;
}

/* The one before it that is the same mailbox; NULL: none. */
static const struct mailcfg_account *
twin(const struct mailcfg_account *const *list, size_t n,
	const struct mailcfg_account *account)
{
	for (size_t i = 0; i < n && account->identity != NULL; i++)
		if (list[i]->identity != NULL &&
			strcmp(list[i]->identity, account->identity) == 0)
			return list[i];
	return NULL;
}

static bool
keep_accounts(const struct mc_show *show, const struct mc_back *back,
	struct mc_shown *out)
{
	const struct mc_back_record *r;
	const struct mailcfg_account **list;
	size_t n = 0;

	for (r = back->records; r != NULL; r = r->next)
		n++;
	list = mc_arena_alloc(show->arena, (n + 1) * sizeof(void *));
	if (list == NULL)
		return false;
	n = 0;
	for (r = back->records; r != NULL; r = r->next) {
		const struct mc_account *account = mc_as_it_stands(
			&r->draft, show->arena);
		const struct mailcfg_account *before;

		if (account == NULL)
			return false;
		before = twin(list, n, &account->a);
		if (before == NULL)
			list[n++] = &account->a;
		else
			mc_say(show->report, MC_MSG_DUPLICATE_ACCOUNT,
				&account->a.pos, NULL, NULL,
				"%s: it stands in line %u already",
				account->a.mailbox_display, before->pos.line);
	}
	out->accounts = list;
	out->n = n;
	return true;
}

bool
mc_show(const struct mc_show *show, const char *bytes, size_t n,
	struct mc_shown *out)
{
	struct mc_back back = {.file = show->file,
		.arena = show->arena,
		.report = show->report};
	unsigned long errors;

	*out = (struct mc_shown){.target = NULL};
	if (!unwrap(show, &bytes, &n, &out->signature))
		return false;
	errors = show->report->errors;
	if (read_back(show, &back, bytes, n, out) != MC_BACK_READ ||
		!keep_accounts(show, &back, out))
		return false;
	out->notes = back.notes;
	out->secret = back.secret;
	if (back.records == NULL && show->report->errors == errors)
		say(show, MC_MSG_EMPTY_INPUT, "there is no mail account in it");
	return !show->arena->failed;
}

bool
mc_shown_write(const struct mc_show *show, const struct mc_shown *shown,
	const char *target, bool secrets, struct mc_buf *out)
{
	const struct mc_options options = {.embed_password = secrets};
	struct mc_buf made[MC_DOCS_MAX] = {{0}};
	struct mc_emit e = {.target = mc_target_find(target),
		.options = &options,
		.out = made,
		.arena = show->arena};
	bool ok;

	for (size_t i = 0; i < shown->n; i++) {
		struct mc_check check = {.target = e.target,
			.account = shown->accounts[i],
			.options = &options,
			.report = show->report};

		/* what no record can say is left out, and told */
		if (e.target->check != NULL)
			e.target->check(&check);
	}
	ok = mc_emit_accounts(&e, shown->accounts, shown->n);
	if (ok)
		mc_buf_add(out, made[0].data, made[0].len);
	for (size_t i = 0; i < MC_DOCS_MAX; i++)
		mc_buf_free(&made[i]);
	return ok && !out->failed;
}
