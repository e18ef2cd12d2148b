/* SPDX-License-Identifier: ISC */
/* What was made for a person becomes one message. */
#include <errno.h>
#include <string.h>

#include "digest.h"
#include "emit/model.h"
#include "mail.h"
#include "name.h"
#include "qr.h"
#include "text.h"

/* Pixels a module of a code, which a screen shows to a camera. */
enum { CODE_SCALE = 5 };

/* A message in the making. */
struct wrapping {
	struct worker *w;
	struct batch *b;
	size_t first; /* of the entries that are its own */
	const struct mailcfg_account *accounts[GROUP_MAX];
	size_t n;
	struct mc_mime_file *files;
	const char **targets;
	size_t n_files;
	size_t start; /* of their bytes in b->out */
	bool secret;  /* a password is in one */
	bool refused; /* a target that was named made none */
	bool linked;  /* one of them lies on the web, too */
	struct envelope *envelope;
};

/* The files that are attached. */
static void
collect(struct wrapping *x)
{
	const struct gen *g = x->w->g;
	struct mc_arena *arena = &x->w->work;
	size_t most = x->b->n - x->first;

	x->files = mc_arena_alloc(arena, (most + 1) * sizeof(*x->files));
	x->targets = mc_arena_alloc(arena, (most + 1) * sizeof(*x->targets));
	x->start = x->b->out.len;
	for (size_t i = x->first; i < x->b->n && !arena->failed; i++) {
		const struct entry *e = &x->b->entries[i];
		const struct mc_target *target;

		if (e->kind == ENTRY_REFUSED)
			x->refused = true;
		if (e->kind != ENTRY_DOC)
			continue;
		target = g->o.targets[e->target].target;
		if (x->n_files == 0)
			x->start = e->u.doc.start;
		x->targets[x->n_files] = target->name;
		x->files[x->n_files++] = (struct mc_mime_file){
			.name = e->u.doc.label->name,
			.type = target->docs[e->doc].type,
			.bytes = e->u.doc.size == 0
				? ""
				: x->b->out.data + e->u.doc.start,
			.size = e->u.doc.size};
		x->secret = x->secret || e->secret;
		x->linked = x->linked ||
			target->docs[e->doc].at_link == MC_AT_LINK_LIES;
	}
}

/* Drops them from the batch; what was said of them stays. */
static void
take_away(struct wrapping *x)
{
	struct batch *b = x->b;
	size_t n = x->first;

	for (size_t i = x->first; i < b->n; i++)
		if (b->entries[i].kind != ENTRY_DOC &&
			b->entries[i].kind != ENTRY_REFUSED)
			b->entries[n++] = b->entries[i];
	document_take_back(b, n, x->start);
}

/* What is told of an account, as lines. */
struct settings {
	struct mc_buf *out;
	bool skip; /* inside what does not count */
};

/* What a person's device does not see, or what is no setting of it. */
static bool
is_ours(const char *key)
{
	static const enum mc_field_id ours[] = {
		MC_SUPPORT, MC_LANG, MC_PERSON, MC_PROVIDER, MC_DELIVER_TO};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(mc_field_at(ours[i])->name, key) == 0)
			return true;
	return false;
}

static void
add_text(void *context, const char *key, const char *text)
{
	const struct settings *s = context;

	if (!is_ours(key))
		mc_buf_printf(s->out, "%s=%s\n", key, text);
}

static void
add_number(void *context, const char *key, unsigned number)
{
	const struct settings *s = context;

	mc_buf_printf(s->out, "%s=%u\n", key, number);
}

static void
add_list(void *context, const char *key, const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_text(context, key, texts[i]);
}

static void
add_open(void *context, const char *key)
{
	const struct settings *s = context;

	mc_buf_printf(s->out, "%s:\n", key);
}

static void
add_close(void *context)
{
	const struct settings *s = context;

	mc_buf_puts(s->out, ".\n");
}

/* Who gets what settings: the recipient, the targets, the accounts. */
static void
add_settings(const struct wrapping *x, const char *to, struct mc_buf *out)
{
	static const struct mc_visitor visitor = {
		add_text, add_text, add_number, add_list, add_open, add_close};
	struct settings s = {.out = out};

	mc_buf_printf(out, "to=%s\n", to);
	for (size_t i = 0; i < x->n_files; i++)
		mc_buf_printf(out, "target=%s\n", x->targets[i]);
	for (size_t i = 0; i < x->n; i++)
		mc_model_walk(x->accounts[i], &x->w->g->emit, &x->w->work,
			&visitor, &s);
}

/* The key, and the Message-ID: the same for each try, another when again. */
static bool
seal(struct wrapping *x)
{
	const struct mail *m = mail_of(x->w->g);
	const struct journal *j = &m->post.journal;
	const bool has_journal = m->post.journal_path != NULL;
	struct mc_arena *arena = &x->b->arena;
	struct envelope *e = x->envelope;
	struct mc_buf text = {0};
	bool failed;
	unsigned char hash[MC_SHA256_SIZE];
	unsigned long long turn;
	char id[33];

	add_settings(x, e->to, &text);
	failed = text.failed;
	if (!failed) {
		const struct mc_part_bytes parts[] = {
			{j->salt, sizeof(j->salt)}, {text.data, text.len},
			{NULL, 0}};

		mc_sha256(parts, hash);
		memcpy(e->key, hash, sizeof(e->key));
	}
	if (has_journal)
		turn = journal_find(j, e->key).sent;
	else
		turn = (unsigned long long)m->date;
	{
		const struct mc_part_bytes parts[] = {{e->key, sizeof(e->key)},
			{&turn, sizeof(turn)}, {NULL, 0}};

		mc_sha256(parts, hash);
	}
	mc_hex(id, hash, 16);
	e->id = mc_arena_strdup(arena, id);
	/* passwords may be in it */
	mc_buf_reset(&text);
	mc_buf_free(&text);
	return !failed && e->id != NULL;
}

/* Whom it goes to. */
static const char *
recipient(const struct wrapping *x)
{
	struct mc_arena *arena = &x->b->arena;
	const char *to = x->accounts[0]->deliver_to, *local, *domain;
	size_t at;

	if (to == NULL)
		return mc_arena_strdup(arena, x->accounts[0]->mailbox);
	/* with labels that every server knows */
	if (mc_address_parse(arena, to, strlen(to), &local, &domain, &at) !=
		NULL)
		return NULL;
	return mc_arena_printf(arena, "%s@%s", local, domain);
}

/* The code of where the profile lies, for a device that is not this one. */
static bool
draw_code(struct wrapping *x, struct mc_buf *png, struct mc_mime_file *image)
{
	const struct mc_link *link = x->w->g->emit.link;
	struct mc_arena *arena = &x->w->work;
	const char *url;
	struct mc_qr qr;

	if (link == NULL || !x->linked)
		return true;
	url = mc_link_url(arena, link, x->accounts[0]);
	if (url == NULL)
		return false;
	if (!mc_qr_make(arena, url, strlen(url), &qr))
		return errno == ERANGE;
	if (!mc_qr_png(png, &qr, CODE_SCALE))
		return false;
	*image = (struct mc_mime_file){.name = "code.png",
		.type = "image/png",
		.bytes = png->data,
		.size = png->len};
	return true;
}

static bool
write_letter(struct wrapping *x, const struct mc_mime_file *image,
	struct mc_buf *out)
{
	const struct mail *m = mail_of(x->w->g);
	const struct mc_letter letter = {
		.image = image->bytes == NULL ? NULL : image,
		.accounts = x->accounts,
		.n = x->n,
		.from_name = m->sender_name,
		.from = m->sender,
		.to = x->envelope->to,
		.id = x->envelope->id,
		.date = m->date,
		.password = x->secret,
		.files = x->files,
		.targets = x->targets,
		.n_files = x->n_files,
	};
	const struct mc_letter_texts *texts = mc_letter_choose(
		m->tables, m->n_tables, x->accounts[0]->lang);

	return mc_letter_write(texts, &letter, &x->w->work, out) &&
		!out->failed && !x->w->work.failed;
}

/* The message as a document of the batch; false: out of memory. */
static bool
enter(struct wrapping *x, const struct mc_buf *message)
{
	const struct gen *g = x->w->g;
	const struct mailcfg_account *a = x->accounts[0];
	struct batch *b = x->b;
	const struct frame *frame = gen_is_framed(g) ? g->sink.frame : NULL;
	struct document doc = {
		.folder = document_folder(x->w, a),
		.name = mc_file_name(&b->arena, a->identity, ".eml"),
		.secret = x->secret,
		.pos = &a->pos,
		.account = mc_arena_strdup(&b->arena, a->mailbox),
		.target = MAIL_NAME,
		.type = "message/rfc822",
	};
	size_t start = b->out.len, n = b->n;
	struct label *label;
	struct entry *e;

	if (b->arena.failed)
		return false;
	if (frame != NULL && frame->open != NULL)
		frame->open(&b->out, &doc);
	if (g->o.report != NULL)
		document_sum(b, &doc, message->data, message->len);
	mc_buf_add(&b->out, message->data, message->len);
	if (frame != NULL && frame->close != NULL)
		frame->close(&b->out, &doc, start);
	label = mc_arena_alloc(&b->arena, sizeof(*label));
	if (label != NULL && a->person != NULL)
		label->person = mc_arena_strdup(&b->arena, a->person);
	/* what is not whole never goes out */
	if (label == NULL || b->out.failed || b->arena.failed) {
		document_take_back(b, n, start);
		return false;
	}
	e = batch_add(b, ENTRY_DOC);
	if (e == NULL)
		return false;
	*label = (struct label){.name = doc.name,
		.folder = doc.folder,
		.account = doc.account,
		.sum = doc.sum,
		.bytes = doc.size,
		.envelope = x->envelope,
		.person = label->person};
	e->own = true;
	e->secret = doc.secret;
	e->spot = x->w->members[0]->spot;
	e->u.doc.start = start;
	e->u.doc.size = b->out.len - start;
	e->u.doc.label = label;
	return true;
}

/* A password goes into a message: once a run, whoever gets it. */
static void
say_password(struct wrapping *x)
{
	mc_say(&x->w->report, MC_MSG_PASSWORD_MAILED, &x->accounts[0]->pos,
		NULL, NULL,
		"whoever sees the message, on any server or device, has it "
		"for good: use one that is for this device alone, or let the "
		"device ask");
}

void
mail_wrap(struct worker *w, size_t first)
{
	struct wrapping x = {.w = w, .b = &w->batch, .first = first};
	struct mc_buf message = {0}, png = {0};
	struct mc_mime_file image = {.bytes = NULL};
	bool ok;

	collect(&x);
	for (x.n = 0; x.n < w->n_group; x.n++)
		x.accounts[x.n] = &w->members[x.n]->account->a;
	if (x.n == 0)
		return;
	/* what a message would hold is nobody's without it */
	if (w->stop || w->work.failed || x.n_files == 0 || x.refused) {
		take_away(&x);
		if (w->work.failed)
			worker_fail(w);
		return;
	}
	x.envelope = mc_arena_alloc(&w->batch.arena, sizeof(*x.envelope));
	ok = x.envelope != NULL;
	if (ok)
		x.envelope->to = recipient(&x);
	ok = ok && x.envelope->to != NULL && seal(&x) &&
		draw_code(&x, &png, &image) &&
		write_letter(&x, &image, &message);
	mc_buf_free(&png);
	take_away(&x);
	if (ok && x.secret)
		say_password(&x);
	ok = ok && enter(&x, &message);
	mc_buf_free(&message);
	if (!ok || w->batch.arena.failed || w->batch.out.failed)
		worker_fail(w);
}
