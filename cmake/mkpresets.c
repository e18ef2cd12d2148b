/* SPDX-License-Identifier: ISC */
/*
 * mkpresets DIR OUT.c: writes the presets in DIR as constant tables in C, so
 * that no YAML is read at run time.
 */
#include <string.h>

#include "embed.h"
#include "provider.h"

/* What holds for built-in presets only. */
static bool
check(const struct mc_preset *preset, struct mc_report *report)
{
	const struct mailcfg_provider *p = &preset->p;
	const char *base = strrchr(p->pos.file, '/');
	size_t n = strlen(p->id);
	const char *why = NULL;

	base = base == NULL ? p->pos.file : base + 1;
	if (strncmp(base, p->id, n) != 0 || strcmp(base + n, ".yaml") != 0)
		why = "the file must be named after the id";
	else if (preset->fields != NULL)
		why = "no field can be the same for all of a provider's people";
	else if (p->checked == NULL)
		why = "the date of the facts is missing: checked";
	if (why == NULL)
		return true;
	mc_say(report, MC_MSG_BAD_PRESET, &p->pos, NULL, NULL, "%s", why);
	return false;
}

/* A string literal.  Octal escapes end after three digits, hexadecimal not. */
static void
put_text(FILE *out, const char *text)
{
	if (text == NULL) {
		(void)fputs("NULL", out);
		return;
	}
	(void)fputc('"', out);
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		/* '?' for the sake of trigraphs */
		if (c == '"' || c == '\\' || c == '?')
			(void)fprintf(out, "\\%c", c);
		else if (c < ' ' || c > '~')
			(void)fprintf(out, "\\%03o", (unsigned)c);
		else
			(void)fputc(c, out);
	}
	(void)fputc('"', out);
}

static void
put_domains(FILE *out, const struct mailcfg_provider *p, size_t i)
{
	(void)fprintf(out, "static const char *const domains_%zu[] = {\n", i);
	for (size_t k = 0; p->domains[k] != NULL; k++) {
		(void)fputc('\t', out);
		put_text(out, p->domains[k]);
		(void)fputs(",\n", out);
	}
	(void)fputs("\tNULL,\n};\n", out);
}

static const char *
protocol_name(enum mailcfg_protocol protocol)
{
	switch (protocol) {
	case MAILCFG_IMAP: return "MAILCFG_IMAP";
	case MAILCFG_POP3: return "MAILCFG_POP3";
	case MAILCFG_SUBMISSION: return "MAILCFG_SUBMISSION";
	}
	return "";
}

static const char *
tls_name(enum mailcfg_tls tls)
{
	switch (tls) {
	case MAILCFG_TLS_IMPLICIT: return "MAILCFG_TLS_IMPLICIT";
	case MAILCFG_TLS_STARTTLS: return "MAILCFG_TLS_STARTTLS";
	case MAILCFG_TLS_NONE: return "MAILCFG_TLS_NONE";
	}
	return "";
}

static const char *
auth_name(enum mailcfg_auth auth)
{
	switch (auth) {
	case MAILCFG_AUTH_PASSWORD: return "MAILCFG_AUTH_PASSWORD";
	case MAILCFG_AUTH_ENCRYPTED: return "MAILCFG_AUTH_ENCRYPTED";
	case MAILCFG_AUTH_OAUTH2: return "MAILCFG_AUTH_OAUTH2";
	case MAILCFG_AUTH_NONE: return "MAILCFG_AUTH_NONE";
	}
	return "";
}

static const char *
status_name(enum mailcfg_status status)
{
	switch (status) {
	case MAILCFG_STATUS_OK: return "MAILCFG_STATUS_OK";
	case MAILCFG_STATUS_PREPARATION: return "MAILCFG_STATUS_PREPARATION";
	case MAILCFG_STATUS_BROKEN: return "MAILCFG_STATUS_BROKEN";
	}
	return "";
}

static void
put_offers(FILE *out, const struct mailcfg_provider *p, size_t i)
{
	if (p->n_offers == 0)
		return;
	(void)fprintf(out,
		"static const struct mailcfg_offer offers_%zu[] = "
		"{\n",
		i);
	for (size_t k = 0; k < p->n_offers; k++) {
		const struct mailcfg_offer *o = &p->offers[k];

		(void)fprintf(out,
			"\t{.protocol = %s, .tls = %s,\n"
			"\t\t.auth = %s, .port = %u,\n\t\t.host = ",
			protocol_name(o->protocol), tls_name(o->tls),
			auth_name(o->auth), o->port);
		put_text(out, o->host);
		(void)fputs(",\n\t\t.login = ", out);
		put_text(out, o->login);
		(void)fputs("},\n", out);
	}
	(void)fputs("};\n", out);
}

static void
put_links(FILE *out, const struct mailcfg_provider *p, size_t i)
{
	if (p->n_links == 0)
		return;
	(void)fprintf(
		out, "static const struct mailcfg_link links_%zu[] = {\n", i);
	for (size_t k = 0; k < p->n_links; k++) {
		(void)fputs("\t{.kind = ", out);
		put_text(out, p->links[k].kind);
		(void)fputs(",\n\t\t.url = ", out);
		put_text(out, p->links[k].url);
		(void)fputs("},\n", out);
	}
	(void)fputs("};\n", out);
}

static void
put_preset(FILE *out, const struct mailcfg_provider *p, size_t i)
{
	(void)fputs("\t{.p = {.id = ", out);
	put_text(out, p->id);
	(void)fputs(",\n\t\t.name = ", out);
	put_text(out, p->name);
	(void)fputs(",\n\t\t.checked = ", out);
	put_text(out, p->checked);
	(void)fprintf(out, ",\n\t\t.status = %s,\n", status_name(p->status));
	if (p->application_password)
		(void)fputs("\t\t.application_password = true,\n", out);
	(void)fputs("\t\t.application_password_page = ", out);
	put_text(out, p->application_password_page);
	(void)fprintf(out, ",\n\t\t.domains = domains_%zu,\n", i);
	if (p->n_offers > 0)
		(void)fprintf(out,
			"\t\t.offers = offers_%zu, .n_offers = %zu,\n", i,
			p->n_offers);
	if (p->n_links > 0)
		(void)fprintf(out, "\t\t.links = links_%zu, .n_links = %zu,\n",
			i, p->n_links);
	(void)fputs("\t\t.pos = {.file = \"built in\"}}},\n", out);
}

static void
put_index(FILE *out, const char *name, const struct mc_index *index, size_t n)
{
	(void)fprintf(out, "static const struct mc_index %s[] = {\n", name);
	for (size_t i = 0; i < n; i++) {
		(void)fputs("\t{", out);
		put_text(out, index[i].key);
		(void)fprintf(out, ", %u},\n", index[i].preset);
	}
	(void)fputs("};\n", out);
}

static bool
put_table(FILE *out, const void *table)
{
	const struct mc_preset_table *t = table;

	(void)fputs("/* Made by mkpresets from templates/providers. */\n"
		    "#include \"provider.h\"\n\n",
		out);
	for (size_t i = 0; i < t->n_presets; i++) {
		put_domains(out, &t->presets[i].p, i);
		put_offers(out, &t->presets[i].p, i);
		put_links(out, &t->presets[i].p, i);
	}
	(void)fputs("static const struct mc_preset presets[] = {\n", out);
	for (size_t i = 0; i < t->n_presets; i++)
		put_preset(out, &t->presets[i].p, i);
	(void)fputs("};\n", out);
	put_index(out, "domains", t->domains, t->n_domains);
	put_index(out, "hosts", t->hosts, t->n_hosts);
	(void)fprintf(out,
		"const struct mc_preset_table mc_builtin_presets = {\n"
		"\t.presets = presets, .n_presets = %zu,\n"
		"\t.domains = domains, .n_domains = %zu,\n"
		"\t.hosts = hosts, .n_hosts = %zu,\n"
		"};\n",
		t->n_presets, t->n_domains, t->n_hosts);
	return true;
}

static bool
read_presets(struct mc_arena *arena, const char *dir, void *table,
	struct mc_report *report)
{
	struct mc_preset_table *t = table;
	bool ok = mc_preset_read_dir(arena, dir, t, NULL, report);

	if (arena->failed)
		return false;
	for (size_t i = 0; i < t->n_presets; i++)
		ok = check(&t->presets[i], report) && ok;
	if (t->n_presets > 0 && t->n_domains > 0 && t->n_hosts > 0)
		return ok;
	(void)fprintf(stderr, "mkpresets: no presets in %s\n", dir);
	return false;
}

int
main(int argc, char **argv)
{
	static const struct embed presets = {
		"mkpresets", read_presets, put_table};
	struct mc_preset_table table = {.presets = NULL};

	return embed_main(argc, argv, &presets, &table);
}
