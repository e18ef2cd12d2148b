/* SPDX-License-Identifier: ISC */
/*
 * usage: law [--full] [--seed N] FOLDER
 *
 * What is poured is what would be emitted.  Takes the accounts of FOLDER's
 * YAML files and random ones, each with several others that differ in what is
 * a person's own, and sends them through a stencil of each target that has
 * holes, three times: after that every shape among them is known, and a fourth
 * time through another that was taught by it.  Every document must be the
 * emitter's, byte for byte, and at least half of them must have been poured in
 * the third round.  And what a target says it does not heed in a person's
 * values must change nothing that it says.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../roundtrip/invent.h"
#include "account.h"
#include "bind.h"
#include "context.h"
#include "emit/stencil.h"
#include "heed.h"
#include "read/read.h"

enum {
	GROUP = 16, /* accounts alike */
	ROUNDS = 3,
	POOL = 256,
	TARGETS = 32,
	QUICK = 2000,
	FULL = 100000,
	FAULTS = 10, /* that are shown */
};

static struct {
	struct mailcfg *context;
	uint64_t state; /* of the generator */
	/* what personal fields may hold */
	struct given name[POOL], login[POOL], secret[POOL], address[POOL];
	size_t names, logins, secrets, addresses;
	struct {
		unsigned long accounts; /* that the target takes */
		unsigned long poured;   /* of them, in the last round */
		unsigned long early;    /* in the first one: others' shapes */
		unsigned long calm;     /* accounts without what it heeds */
	} count[TARGETS];
	unsigned long faults;
} law;

/* splitmix64 */
static unsigned
below(size_t n)
{
	uint64_t z = law.state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (unsigned)((z ^ (z >> 31)) % n);
}

static bool
ends_in(const char *text, const char *tail)
{
	size_t n = strlen(text), m = strlen(tail);

	return n >= m && strcmp(text + n - m, tail) == 0;
}

/* Adds to a pool, or replaces what is there already. */
static void
keep(struct given pool[POOL], size_t *n, const char *text)
{
	struct given *g = &pool[*n < POOL ? (*n)++ : below(POOL)];

	g->length = (size_t)snprintf(g->text, sizeof(g->text), "%s", text);
}

/* Values that people have, before those that nobody has. */
static void
fill_pools(void)
{
	static const char *const names[] = {"Alice Berg", "Anna-Maria O'Neil",
		"\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0 \xd0\x91.", "\xc3\x85sa L.",
		"Kate \"Kit\" Berg", "R&D <Lab>", "A;B", "\"A\" 'B'",
		"ends in \\", "%PATH% ^!", "100%"};
	static const char *const logins[] = {"{mailbox}", "{local-part}",
		"{local-part}.{domain}", "{local-part}_{domain}",
		"{local-part}+{domain}", "{domain}\\{local-part}",
		"{domain}/{local-part}", "{local-part}@example.net", "u12345",
		"12345", "0012345", "DOMAIN\\user", "a b", "o'neil", "100%^&!",
		"a\"b", "{domain}"};
	static const char *const secrets[] = {"correct horse", "a&b<c>\"d'e",
		"%^!$\\x", "p;w", "12345", " blank ", "\xd0\xbf\xd0\xb0",
		"same"};
	static const char *const addresses[] = {"alice@example.org",
		"Bodil.Ek+Post@example.org", "o'neil@example.com",
		"a%b&c^d@x.example", "con@example.org", "12345@12345.example",
		"ivan@\xd0\xbf\xd0\xbe\xd1\x87\xd1\x82\xd0\xb0.example",
		"\xd0\xb8\xd0\xb2\xd0\xb0\xd0\xbd@example.org",
		"someone@students.philology.university.example",
		("x@a23456789.b23456789.c23456789.d23456789.e23456789."
		 "f23456789.example")};
	static struct trial t;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		keep(law.name, &law.names, names[i]);
	for (size_t i = 0; i < sizeof(logins) / sizeof(*logins); i++)
		keep(law.login, &law.logins, logins[i]);
	for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++)
		keep(law.secret, &law.secrets, secrets[i]);
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++)
		keep(law.address, &law.addresses, addresses[i]);
	t.state = law.state;
	for (unsigned long k = 0; k < POOL / 2; k++) {
		t.n_given = 0;
		t.bad = NULL;
		invent(&t, k);
		for (size_t i = 0; t.bad == NULL && i < t.n_given; i++) {
			const char *field = t.given[i].field;
			const char *text = t.given[i].text;

			if (strcmp(field, "address") == 0)
				keep(law.address, &law.addresses, text);
			else if (strcmp(field, "name") == 0)
				keep(law.name, &law.names, text);
			else if (ends_in(field, "login"))
				keep(law.login, &law.logins, text);
			else if (ends_in(field, "password"))
				keep(law.secret, &law.secrets, text);
		}
	}
}

static const char *
any(const struct given *pool, size_t n)
{
	return pool[below(n)].text;
}

/* Another value of the kind; NULL: the field is no person's own. */
static const char *
another(const char *field)
{
	if (strcmp(field, "address") == 0 || strcmp(field, "deliver-to") == 0)
		return any(law.address, law.addresses);
	if (ends_in(field, "name") || strcmp(field, "person") == 0)
		return any(law.name, law.names);
	if (ends_in(field, "login"))
		return any(law.login, law.logins);
	if (ends_in(field, "password"))
		return any(law.secret, law.secrets);
	return NULL;
}

static void
give(struct trial *t, const char *field, const char *text)
{
	struct given *g = &t->given[t->n_given];

	if (t->n_given == GIVEN_MAX)
		return;
	t->n_given++;
	g->field = field;
	g->length = (size_t)snprintf(g->text, sizeof(g->text), "%s", text);
}

/* Fields that invent() does not know. */
static void
give_rest(struct trial *t)
{
	static const char *const fields[] = {
		"given-name", "family-name", "person", "deliver-to"};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (below(4) == 0)
			give(t, fields[i], another(fields[i]));
}

/* The same servers for somebody else. */
static void
become(struct trial *t, const struct trial *base)
{
	*t = *base;
	t->n_given = 0;
	for (size_t i = 0; i < base->n_given; i++) {
		const struct given *g = &base->given[i];
		const char *text = another(g->field);

		if (text != NULL && strcmp(g->field, "address") != 0 &&
			below(20) == 0)
			continue;
		/* now and then two values are the same */
		if (text != NULL && ends_in(g->field, "password") &&
			below(4) == 0)
			text = "same";
		if (text != NULL && below(20) == 0)
			text = g->text;
		give(t, g->field, text == NULL ? g->text : text);
	}
}

/* NULL: the gate or completion refused it. */
static const struct mailcfg_account *
complete(struct mailcfg_draft **draft, const struct trial *t)
{
	bool good;

	*draft = mailcfg_draft_new(law.context);
	good = *draft != NULL;
	for (size_t i = 0; good && i < t->n_given; i++)
		good = mailcfg_draft_set(
			*draft, t->given[i].field, t->given[i].text);
	return good ? mailcfg_draft_complete(*draft) : NULL;
}

static void
show(const struct mc_target *target, size_t doc, const struct trial *t,
	const struct mc_buf *want, const struct mc_buf *got)
{
	size_t at = 0, from;

	if (++law.faults > FAULTS)
		return;
	while (at < want->len && at < got->len &&
		want->data[at] == got->data[at])
		at++;
	from = at < 30 ? 0 : at - 30;
	(void)printf("%s, %s: %zu bytes are wanted and %zu poured; at %zu:\n",
		target->name, target->docs[doc].role, want->len, got->len, at);
	(void)printf("wanted: %.80s\npoured: %.80s\n",
		want->data == NULL ? "" : want->data + from,
		got->data == NULL || from > got->len ? "" : got->data + from);
	for (size_t i = 0; i < t->n_given; i++)
		(void)printf("  %s=%s\n", t->given[i].field, t->given[i].text);
}

/* Makes the documents without a stencil. */
static bool
emit(struct mc_emit *e, const struct mailcfg_account *a)
{
	bool ok = true;

	if (mc_target_scope(e->target, a, e->options) != MC_SCOPE_RUN)
		return mc_emit_accounts(e, &a, 1);
	ok = e->target->item(e, a);
	for (size_t i = 0; i < MC_DOCS_MAX; i++)
		ok = ok && !e->out[i].failed;
	return ok;
}

/* One account through the stencil; what is there already stays. */
static void
compare(struct mc_stencils *stencils, const struct mc_emit *like,
	const struct mailcfg_account *a, unsigned long long shape,
	const struct trial *t)
{
	struct mc_buf emitted[MC_DOCS_MAX] = {{0}}, poured[MC_DOCS_MAX] = {{0}};
	struct mc_emit want = *like, got = *like;
	size_t docs = mc_target_docs(like->target);
	bool ok;

	want.out = emitted;
	got.out = poured;
	ok = emit(&want, a);
	for (size_t i = 0; i < docs; i++)
		mc_buf_puts(&got.out[i], "before");
	if (!ok || !mc_stencil_make(stencils, &got, a, shape)) {
		(void)printf("%s failed\n", like->target->name);
		law.faults++;
		docs = 0;
	}
	for (size_t i = 0; i < docs; i++) {
		struct mc_buf all = {0};

		mc_buf_puts(&all, "before");
		mc_buf_add(&all, want.out[i].data, want.out[i].len);
		if (all.len != got.out[i].len ||
			memcmp(all.data, got.out[i].data, all.len) != 0)
			show(like->target, i, t, &all, &got.out[i]);
		mc_buf_free(&all);
	}
	for (size_t i = 0; i < MC_DOCS_MAX; i++) {
		mc_buf_free(&want.out[i]);
		mc_buf_free(&got.out[i]);
	}
}

/* Whether the target keeps to what it says it heeds. */
static void
check_heed(size_t at, const struct mailcfg_account *a,
	const struct mc_options *options, const struct trial *t)
{
	const struct mc_target *target = mc_target_at(at);

	switch (heed(target, a, options)) {
	case HEED_SILENT: return;
	case HEED_KEPT: law.count[at].calm++; return;
	case HEED_BROKEN: break;
	}
	if (++law.faults > FAULTS)
		return;
	(void)printf(
		"%s acts on what it says it does not heed:\n", target->name);
	for (size_t i = 0; i < t->n_given; i++)
		(void)printf("  %s=%s\n", t->given[i].field, t->given[i].text);
}

static void
run_target(size_t at, const struct mailcfg_account *const *list,
	const struct trial *trials, size_t n, const struct mc_options *options)
{
	const struct mc_target *target = mc_target_at(at);
	struct mc_stencils own = {.options = options}, taught = own;
	struct mc_report mute = {0};
	struct mc_arena arena = {0};

	/* and a last one with what was learned, elsewhere */
	for (int round = 0; round <= ROUNDS; round++) {
		struct mc_stencils *stencils = round < ROUNDS ? &own : &taught;
		unsigned long before = stencils->poured;

		if (round == ROUNDS)
			mc_stencils_learn(&taught, &own);
		for (size_t i = 0; i < n; i++) {
			struct mc_emit e = {.target = target,
				.options = options,
				.arena = &arena,
				.count = 1 + i % 2};
			unsigned long long shape = 0;
			const struct mailcfg_account *a;

			mc_arena_reset(&arena);
			if (round == 0)
				check_heed(at, list[i], options, &trials[i]);
			a = mc_target_admit(target, list[i], options, true,
				&arena, &mute, &shape);
			if (a == NULL)
				continue;
			compare(stencils, &e, a, shape, &trials[i]);
			law.count[at].accounts += round == 0;
		}
		if (round == 0)
			law.count[at].early += stencils->poured;
		if (round == ROUNDS - 1)
			law.count[at].poured += stencils->poured - before;
	}
	/* what they were taught they need not learn */
	if (own.compiled == own.n && taught.compiled > 0) {
		(void)printf("%s: %lu shapes were learned, and %lu again\n",
			target->name, own.compiled, taught.compiled);
		law.faults++;
	}
	mc_arena_free(&arena);
	mc_stencils_free(&own);
	mc_stencils_free(&taught);
}

/* The account and others like it; returns how many there were. */
static size_t
run_group(const struct trial *base)
{
	static struct trial trials[GROUP];
	const struct mailcfg_account *list[GROUP];
	struct mailcfg_draft *drafts[GROUP];
	size_t n = 0, made = 0;

	for (size_t i = 0; i < GROUP; i++) {
		if (i == 0)
			trials[n] = *base;
		else
			become(&trials[n], base);
		list[n] = complete(&drafts[made++], &trials[n]);
		n += list[n] != NULL;
	}
	for (size_t at = 0; n > 0 && at < mc_target_count(); at++) {
		const struct mc_options with = {.embed_password = true};
		const struct mc_options without = {.embed_password = false};

		if (mc_target_at(at)->holes == NULL)
			continue;
		run_target(at, list, trials, n / 2, &with);
		run_target(
			at, list + n / 2, trials + n / 2, n - n / 2, &without);
	}
	for (size_t i = 0; i < made; i++)
		mailcfg_draft_free(drafts[i]);
	return n;
}

static void
run_random(unsigned long accounts)
{
	static struct trial t;
	unsigned long done = 0;

	t.state = law.state;
	for (unsigned long i = 0; done < accounts; i++) {
		t.n_given = 0;
		t.bad = NULL;
		invent(&t, i);
		if (t.bad != NULL)
			continue;
		give_rest(&t);
		done += run_group(&t);
	}
	(void)printf("%lu random accounts\n", done);
}

static long
read_file(void *context, void *out, size_t size)
{
	FILE *f = context;
	size_t n = fread(out, 1, size, f);

	return n == 0 && ferror(f) != 0 ? -1 : (long)n;
}

/* What the record says, or else the defaults, as fields that are set. */
static void
take_drafts(struct trial *t, const struct mc_draft *draft,
	const struct mc_draft *defaults)
{
	static const char *const tls[] = {"implicit", "starttls", "none"};

	t->n_given = 0;
	for (size_t i = 0; i < mc_field_count(); i++) {
		const struct mc_field *field = mc_field_at(i);
		const struct mc_value *v = &draft->value[i];

		if (v->text == NULL)
			v = &defaults->value[i];
		/* a URL was taken apart */
		if (v->text == NULL || field->kind == MC_KIND_SERVER)
			continue;
		give(t, field->name,
			field->kind == MC_KIND_TLS ? tls[v->number] : v->text);
	}
}

/* The accounts of one file; returns how many could be used. */
static unsigned long
run_file(FILE *f, const char *name)
{
	const struct mc_source source = {
		.name = name, .read = read_file, .context = f};
	const struct mc_syntax *syntax = mc_syntax_by_name("yaml");
	struct mc_report mute = {0};
	struct mc_arena arena = {0};
	struct mc_binding binding = {0};
	struct mc_draft defaults = {.arena = &arena};
	struct mc_reader *reader = syntax->open(syntax, &source, &mute);
	static struct trial t;
	unsigned long n = 0;

	for (enum mc_next next = MC_NEXT_BAD;
		reader != NULL && next < MC_NEXT_END;) {
		struct mc_record record = {0};
		struct mc_draft draft = {.arena = &arena};

		next = syntax->next(reader, &arena, &record);
		mc_record_places(&record);
		if (next == MC_NEXT_DEFAULTS)
			(void)mc_bind_record(
				&binding, &record, &defaults, &mute);
		if (next != MC_NEXT_RECORD ||
			!mc_bind_record(&binding, &record, &draft, &mute))
			continue;
		take_drafts(&t, &draft, &defaults);
		n += run_group(&t) > 0;
	}
	if (reader != NULL)
		syntax->close(reader);
	mc_bind_free(&binding);
	mc_arena_free(&arena);
	return n;
}

static bool
run_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	unsigned long n = 0;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		char path[1024];
		FILE *f;

		if (!ends_in(entry->d_name, ".yaml"))
			continue;
		(void)snprintf(
			path, sizeof(path), "%s/%s", folder, entry->d_name);
		f = fopen(path, "r");
		if (f == NULL)
			continue;
		n += run_file(f, entry->d_name);
		(void)fclose(f);
	}
	if (dir != NULL)
		(void)closedir(dir);
	(void)printf("%lu accounts of %s\n", n, folder);
	return n >= 40;
}

int
main(int argc, char **argv)
{
	unsigned long accounts = QUICK;
	bool good = true;
	int i = 1;

	law.state = 1;
	if (i < argc && strcmp(argv[i], "--full") == 0) {
		accounts = FULL;
		i++;
	}
	if (i + 1 < argc && strcmp(argv[i], "--seed") == 0) {
		law.state = strtoul(argv[i + 1], NULL, 10);
		i += 2;
	}
	if (i + 1 != argc || mc_target_count() > TARGETS) {
		(void)fputs("usage: law [--full] [--seed N] FOLDER\n", stderr);
		return 64;
	}
	law.context = mailcfg_new(NULL, NULL);
	if (law.context == NULL)
		return 71;
	fill_pools();
	good = run_folder(argv[i]);
	run_random(accounts);
	for (size_t at = 0; at < mc_target_count(); at++) {
		if (mc_target_at(at)->holes == NULL)
			continue;
		(void)printf("%s: %lu accounts, %lu poured, %lu at once, %lu "
			     "without what it heeds\n",
			mc_target_at(at)->name, law.count[at].accounts,
			law.count[at].poured, law.count[at].early,
			law.count[at].calm);
		if (mc_target_at(at)->heeds != 0 && law.count[at].calm < 100)
			good = false;
		if (law.count[at].poured * 2 < law.count[at].accounts ||
			law.count[at].accounts == 0)
			good = false;
	}
	mailcfg_free(law.context);
	(void)printf("%lu faults\n", law.faults);
	return good && law.faults == 0 ? 0 : 1;
}
