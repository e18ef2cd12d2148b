/* SPDX-License-Identifier: ISC */
/* Names that stand for a value, or for whether something is so. */
#include <string.h>

#include "handout.h"
#include "html.h"

typedef const char *getter(struct mc_handout *, const struct mailcfg_account *);

static const char *
yes(bool is)
{
	return is ? "" : NULL;
}

const struct mailcfg_account *
mc_handout_account(const struct mc_handout *h)
{
	const struct mc_handout_code *code = h->now[MC_HANDOUT_CODE];

	if (code != NULL)
		return code->account;
	return h->now[MC_HANDOUT_ACCOUNT] == NULL ? h->accounts[0]
						  : h->now[MC_HANDOUT_ACCOUNT];
}

/* The person's values. */

static const char *
get_address(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)h;
	return a->mailbox_display;
}

static const char *
get_ascii_address(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)h;
	return strcmp(a->mailbox, a->mailbox_display) == 0 ? NULL : a->mailbox;
}

static const char *
get_name(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)h;
	return a->name;
}

static const char *
get_organization(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)h;
	return a->organization;
}

static const char *
get_support(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)h;
	return a->support;
}

static const char *
get_prefix(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)h;
	return a->incoming == MAILCFG_IMAP ? a->imap_prefix : NULL;
}

static const char *
url_of(struct mc_arena *arena, const struct mailcfg_dav *dav)
{
	const char *path = dav->path == NULL ? "" : dav->path;

	if (dav->host == NULL)
		return NULL;
	if (dav->port == 443)
		return mc_arena_printf(arena, "https://%s%s", dav->host, path);
	return mc_arena_printf(
		arena, "https://%s:%u%s", dav->host, dav->port, path);
}

static const char *
get_caldav(struct mc_handout *h, const struct mailcfg_account *a)
{
	return url_of(h->arena, &a->caldav);
}

static const char *
get_carddav(struct mc_handout *h, const struct mailcfg_account *a)
{
	return url_of(h->arena, &a->carddav);
}

/* Logins and passwords. */

static const char *
get_login(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)h;
	return mc_incoming(a)->login;
}

static const char *
get_other_than_address(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)h;
	return yes(mc_incoming(a)->login != NULL &&
		strcmp(mc_incoming(a)->login, a->mailbox) != 0);
}

static const char *
get_out_same(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)h;
	return yes(mc_submission(a)->auth != MAILCFG_AUTH_NONE &&
		mc_same_login(a));
}

static const char *
get_out_differs(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)h;
	return yes(!mc_same_login(a));
}

static const char *
get_password(struct mc_handout *h, const struct mailcfg_account *a)
{
	return h->options->embed_password ? mc_incoming(a)->password : NULL;
}

static const char *
get_out_password(struct mc_handout *h, const struct mailcfg_account *a)
{
	return h->options->embed_password && !mc_same_password(a)
		? mc_submission(a)->password
		: NULL;
}

static const char *
get_out_password_differs(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)h;
	return yes(!mc_same_password(a));
}

static bool
any_password(const struct mc_handout *h, const struct mailcfg_account *a)
{
	bool any = false;

	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		any = any || a->server[i].password != NULL;
	return any && h->options->embed_password;
}

/* Of all accounts. */

static const char *
get_several(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)a;
	return yes(h->n > 1);
}

static const char *
get_secret(struct mc_handout *h, const struct mailcfg_account *a)
{
	bool any = false;

	(void)a;
	for (size_t i = 0; i < h->n; i++)
		any = any || any_password(h, h->accounts[i]);
	return yes(any);
}

static bool
any_tls(const struct mc_handout *h, enum mailcfg_tls tls)
{
	for (size_t i = 0; i < h->n; i++)
		for (int k = 0; k < MAILCFG_PROTOCOLS; k++)
			if (h->accounts[i]->server[k].host != NULL &&
				h->accounts[i]->server[k].tls == tls)
				return true;
	return false;
}

static const char *
get_any_implicit(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)a;
	return yes(any_tls(h, MAILCFG_TLS_IMPLICIT));
}

static const char *
get_any_starttls(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)a;
	return yes(any_tls(h, MAILCFG_TLS_STARTTLS));
}

static const char *
get_any_clear(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)a;
	return yes(any_tls(h, MAILCFG_TLS_NONE));
}

static const char *
get_any_out_login(struct mc_handout *h, const struct mailcfg_account *a)
{
	bool any = false;

	(void)a;
	for (size_t i = 0; i < h->n; i++)
		any = any ||
			mc_submission(h->accounts[i])->auth !=
				MAILCFG_AUTH_NONE;
	return yes(any);
}

static const char *
get_any_pop3(struct mc_handout *h, const struct mailcfg_account *a)
{
	bool any = false;

	(void)a;
	for (size_t i = 0; i < h->n; i++)
		any = any || h->accounts[i]->incoming == MAILCFG_POP3;
	return yes(any);
}

static const char *
get_lang(struct mc_handout *h, const struct mailcfg_account *a)
{
	(void)a;
	return mc_voice_lang(&h->voice);
}

/* The provider: of the turn, or the account's. */

const struct mailcfg_provider *
mc_handout_provider_at(
	const struct mc_handout *h, const struct mailcfg_account *a)
{
	return h->now[MC_HANDOUT_PROVIDER] == NULL
		? mc_handout_provider(a)
		: h->now[MC_HANDOUT_PROVIDER];
}

static bool
wants_application_password(const struct mailcfg_account *a)
{
	const struct mailcfg_provider *p = mc_handout_provider(a);

	return p != NULL && p->application_password &&
		mc_handout_has_password(a);
}

static const char *
get_application_password(struct mc_handout *h, const struct mailcfg_account *a)
{
	bool any = false;

	if (h->now[MC_HANDOUT_PROVIDER] != NULL)
		return yes(mc_handout_provider_at(h, a)->application_password);
	if (h->now[MC_HANDOUT_ACCOUNT] != NULL)
		return yes(wants_application_password(a));
	for (size_t i = 0; i < h->n; i++)
		any = any || wants_application_password(h->accounts[i]);
	return yes(any);
}

static const char *
get_provider_name(struct mc_handout *h, const struct mailcfg_account *a)
{
	const struct mailcfg_provider *p = mc_handout_provider_at(h, a);

	return p == NULL ? NULL : p->name;
}

static const char *
get_provider_page(struct mc_handout *h, const struct mailcfg_account *a)
{
	const struct mailcfg_provider *p = mc_handout_provider_at(h, a);

	return p == NULL ? NULL : p->application_password_page;
}

static const char *
get_provider_broken(struct mc_handout *h, const struct mailcfg_account *a)
{
	const struct mailcfg_provider *p = mc_handout_provider_at(h, a);

	return yes(p != NULL && p->status == MAILCFG_STATUS_BROKEN);
}

static bool
has_link(const struct mailcfg_provider *p, const char *kind)
{
	for (size_t i = 0; i < p->n_links; i++)
		if (strcmp(p->links[i].kind, kind) == 0)
			return true;
	return false;
}

/* It wants something, and only its help tells what. */
static const char *
get_provider_other(struct mc_handout *h, const struct mailcfg_account *a)
{
	const struct mailcfg_provider *p = mc_handout_provider_at(h, a);

	return yes(p != NULL && p->status == MAILCFG_STATUS_PREPARATION &&
		!p->application_password && !has_link(p, "enable"));
}

/* What it is the turn of. */

static const char *
get_file_name(struct mc_handout *h, const struct mailcfg_account *a)
{
	const struct mc_made *file = h->now[MC_HANDOUT_FILE];

	(void)a;
	return file == NULL ? NULL : file->name;
}

static const char *
get_file_reference(struct mc_handout *h, const struct mailcfg_account *a)
{
	const struct mc_made *file = h->now[MC_HANDOUT_FILE];
	struct mc_buf out = {0};
	const char *text = NULL;

	(void)a;
	if (file == NULL)
		return NULL;
	mc_html_reference(&out, file->name);
	if (out.failed)
		h->arena->failed = true;
	else
		text = mc_arena_strdup(h->arena, out.data);
	mc_buf_free(&out);
	return text;
}

static const struct {
	const char *name;
	getter *get;
} names[] = {
	{"address", get_address},
	{"any-clear", get_any_clear},
	{"any-implicit", get_any_implicit},
	{"any-out-login", get_any_out_login},
	{"any-pop3", get_any_pop3},
	{"any-starttls", get_any_starttls},
	{"application-password", get_application_password},
	{"ascii-address", get_ascii_address},
	{"caldav", get_caldav},
	{"carddav", get_carddav},
	{"file-name", get_file_name},
	{"file-reference", get_file_reference},
	{"lang", get_lang},
	{"login", get_login},
	{"name", get_name},
	{"organization", get_organization},
	{"other-than-address", get_other_than_address},
	{"out-other-login", get_out_differs},
	{"out-other-password", get_out_password_differs},
	{"out-password", get_out_password},
	{"out-same-login", get_out_same},
	{"password", get_password},
	{"prefix", get_prefix},
	{"provider-broken", get_provider_broken},
	{"provider-name", get_provider_name},
	{"provider-other", get_provider_other},
	{"provider-page", get_provider_page},
	{"secret", get_secret},
	{"several", get_several},
	{"support", get_support},
};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

static bool
same(const char *name, size_t n, const char *known)
{
	return strlen(known) == n && memcmp(known, name, n) == 0;
}

static getter *
getter_of(const char *name, size_t n)
{
	for (size_t i = 0; i < NAMES; i++)
		if (names[i].name[0] == name[0] && same(name, n, names[i].name))
			return names[i].get;
	return NULL;
}

/* Questions: "for-A-or-B", "of-PROVIDER", "provider-is-PROVIDER". */

static const char *
after(const char *name, size_t n, const char *before)
{
	size_t k = strlen(before);

	return n > k && memcmp(name, before, k) == 0 ? name + k : NULL;
}

/* The identifier of a provider, with hyphens for its points. */
static bool
is_provider(const struct mailcfg_provider *p, const char *word, size_t n)
{
	if (p == NULL || strlen(p->id) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((p->id[i] == '.' ? '-' : p->id[i]) != word[i])
			return false;
	return true;
}

static bool
speaks_of_one(const struct mc_handout *h, const char *words, const char *end)
{
	static const char or [] = "-or-";

	for (const char *to = words; words < end; words = to) {
		for (; to < end; to++)
			if (end - to > 4 && memcmp(to, or, 4) == 0)
				break;
		if (mc_handout_speaks_of(h, words, (size_t)(to - words)))
			return true;
		to += to < end ? 4 : 0;
	}
	return false;
}

/* Whether it is a question; h NULL: asked for the name alone. */
static bool
find_question(const struct mc_handout *h, const char *name, size_t n, bool *is)
{
	const char *end = name + n, *word;

	if ((word = after(name, n, "for-")) != NULL) {
		*is = h != NULL && speaks_of_one(h, word, end);
		return true;
	}
	if ((word = after(name, n, "provider-is-")) != NULL) {
		*is = h != NULL &&
			is_provider(mc_handout_provider_at(
					    h, mc_handout_account(h)),
				word, (size_t)(end - word));
		return true;
	}
	if ((word = after(name, n, "of-")) == NULL)
		return false;
	*is = false;
	for (size_t i = 0; h != NULL && i < h->n; i++)
		*is = *is ||
			is_provider(mc_handout_provider(h->accounts[i]), word,
				(size_t)(end - word));
	return true;
}

bool
mc_handout_is_name(const char *name, size_t n)
{
	const char *text;
	bool is;

	return getter_of(name, n) != NULL || mc_handout_is_several(name, n) ||
		mc_handout_server(NULL, name, n, &text) ||
		find_question(NULL, name, n, &is);
}

bool
mc_handout_name(struct mc_handout *h, const char *name, size_t n,
	struct mc_template_value *value)
{
	const struct mailcfg_account *a = mc_handout_account(h);
	getter *get = getter_of(name, n);
	const char *text = NULL;
	bool is = false;

	/* what is nobody's page has a language alone */
	if (a == NULL && get != get_lang) {
		*value = (struct mc_template_value){.n = 0};
		return mc_handout_is_name(name, n);
	}
	if (mc_handout_several(h, name, n, value))
		return true;
	if (get != NULL)
		text = get(h, a);
	else if (find_question(h, name, n, &is))
		text = yes(is);
	else if (!mc_handout_server(h, name, n, &text))
		return false;
	h->texts[0] = text;
	*value = (struct mc_template_value){
		h->texts, text != NULL, MC_TEMPLATE_VALUE};
	return true;
}
