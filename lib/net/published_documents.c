/* SPDX-License-Identifier: ISC */
/*
 * Documents of a domain, in the dialects of all targets.  They vouch for
 * themselves by the certificate of a server whose name is the domain's; where
 * DNS names another server, or http brings them, they do not.
 */
#include <string.h>

#include "../emit/emit.h"
#include "fetch.h"
#include "published_parts.h"

enum { DOCUMENTS = 16, FOLLOWED = 2, PLAIN_PATIENCE = 5000 };

/* A document that is asked for. */
struct wanted {
	const struct mc_publication *publication;
	const char *host; /* that the URL names */
	const char *lost; /* why nobody knows where it is; NULL */
	bool unproved;
};

struct wants {
	struct mc_publishing *p;
	struct wanted list[DOCUMENTS];
	struct mc_fetch fetch[DOCUMENTS];
	size_t n;
};

static const char *
encode(struct mc_arena *arena, const char *text)
{
	struct mc_buf out = {0};

	mc_buf_percent(&out, text, "-._~");
	return mc_buf_keep(&out, arena);
}

/* {name} in the text replaced, once. */
static const char *
put(struct mc_arena *arena, const char *text, const char *name,
	const char *value)
{
	const char *at = text == NULL ? NULL : strstr(text, name);

	if (at == NULL || value == NULL)
		return text;
	return mc_arena_printf(arena, "%.*s%s%s", (int)(at - text), text, value,
		at + strlen(name));
}

/* The body of a POST; NULL: out of memory. */
static const char *
body_of(struct wants *w, const struct mc_publication *publication)
{
	struct mc_buf body = {0};
	const char *copy = NULL;

	if (publication->request(&body, w->p->mailbox))
		copy = mc_arena_strdup(w->p->arena, body.data);
	else
		w->p->arena->failed = true;
	mc_buf_free(&body);
	return copy;
}

static void
want(struct wants *w, const struct mc_publication *publication,
	const char *pattern, const char *host)
{
	struct mc_arena *arena = w->p->arena;
	struct mc_fetch *f = &w->fetch[w->n];
	struct wanted *d = &w->list[w->n];
	const char *url, *begin;

	if (w->n == DOCUMENTS)
		return;
	url = put(arena, pattern, "{domain}", w->p->query->domain);
	url = put(arena, url, "{address}", encode(arena, w->p->mailbox));
	url = put(arena, url, "{host}", host);
	begin = url == NULL ? NULL : strstr(url, "://");
	if (begin == NULL)
		return;
	f->url = url;
	f->place = mc_arena_strndup(arena, url, strcspn(url, "?"));
	f->plain = strncmp(url, "https:", 6) != 0;
	if (publication->request != NULL) {
		f->body = body_of(w, publication);
		f->body_type = publication->request_type;
	}
	d->publication = publication;
	d->host = mc_arena_strndup(arena, begin + 3, strcspn(begin + 3, ":/"));
	d->unproved = f->plain;
	if (!arena->failed)
		w->n++;
}

/* Whether the host's name lies in the domain, which then vouches for it. */
static bool
is_inside(const char *host, const char *domain)
{
	size_t n = strlen(host), tail = strlen(domain);

	return n >= tail && strcmp(host + n - tail, domain) == 0 &&
		(n == tail || host[n - tail - 1] == '.');
}

/* Servers that SRV records name for documents. */
static void
want_followed(struct wants *w, const struct mc_publication *publication)
{
	struct mc_publishing *p = w->p;
	struct mc_dns_question q = {.type = MC_DNS_SRV};

	q.name = mc_arena_printf(
		p->arena, "%s.%s", publication->srv, p->query->domain);
	if (q.name == NULL || !mc_dns_ask(p->dns, p->arena, &q, 1))
		return;
	mc_published_heed(p, &q);
	for (size_t i = 0; i < q.n && i < FOLLOWED; i++) {
		const struct mc_dns_record *r = &q.records[i];
		const char *host = r->host;
		size_t before = w->n;

		if (host == NULL)
			continue;
		if (r->port != 443)
			host = mc_arena_printf(
				p->arena, "%s:%u", host, r->port);
		want(w, publication, publication->srv_url, host);
		if (w->n > before)
			w->list[before].unproved = !is_inside(
				r->host, p->query->domain);
	}
}

static void
take_addresses(struct wants *w, size_t at, const struct mc_dns_question *four,
	const struct mc_dns_question *six)
{
	const struct mc_dns_question *failed = four->fate == MC_DNS_FAILED
		? four
		: six;
	const char **address = &w->fetch[at].address;

	*address = four->n > 0 ? four->records[0].text
		: six->n > 0   ? six->records[0].text
			       : "";
	/* as curl has several */
	if (four->n > 0 && six->n > 0)
		*address = mc_arena_printf(
			w->p->arena, "%s,%s", *address, six->records[0].text);
	if (*address == NULL || **address != '\0' ||
		failed->fate != MC_DNS_FAILED)
		return;
	w->list[at].lost = failed->why;
	mc_published_heed(w->p, failed);
}

/*
 * The addresses of the hosts.  curl would wait for the system's resolver, which
 * no signal ends.
 */
static bool
resolve(struct wants *w, size_t first)
{
	struct mc_publishing *p = w->p;
	struct mc_dns_question q[2 * DOCUMENTS] = {{.name = NULL}};

	size_t n = w->n - first;

	if (p->query->web != NULL)
		return true;
	for (size_t i = 0; i < n; i++) {
		q[2 * i].name = q[2 * i + 1].name = w->list[first + i].host;
		q[2 * i].type = MC_DNS_A;
		q[2 * i + 1].type = MC_DNS_AAAA;
	}
	if (!mc_dns_ask(p->dns, p->arena, q, 2 * n))
		return false;
	for (size_t i = 0; i < n; i++)
		take_addresses(w, first + i, &q[2 * i], &q[2 * i + 1]);
	return !p->arena->failed;
}

/* The first complaint of a reader's, which is why. */
struct complaint {
	struct mc_arena *arena;
	const char *text;
};

static void
hear(void *context, const struct mailcfg_diag *diag)
{
	struct complaint *c = context;

	if (c->text != NULL)
		return;
	if (diag->pos.line > 0)
		c->text = mc_arena_printf(
			c->arena, "line %u: %s", diag->pos.line, diag->detail);
	else
		c->text = mc_arena_strdup(c->arena, diag->detail);
}

/* Reads what came. */
static void
take_document(struct mc_publishing *p, struct mc_published_source *source,
	const struct wanted *d, const struct mc_fetch *f)
{
	struct complaint complaint = {.arena = p->arena};
	struct mc_report report = {.fn = hear, .context = &complaint};
	struct mc_offers o = {.arena = p->arena,
		.report = &report,
		.file = source->place,
		.mailbox = p->mailbox};

	switch (d->publication->read(&o,
		f->answer.data == NULL ? "" : f->answer.data, f->answer.len)) {
	case MC_BACK_READ: mc_published_take(p, source, &o); return;
	case MC_BACK_OTHER:
		source->why = "what is there is another document";
		break;
	case MC_BACK_BAD:
		source->why = complaint.text == NULL ? "it cannot be read"
						     : complaint.text;
		break;
	}
	source->fate = MC_PUBLISHED_UNUSABLE;
}

static enum mc_published_fate
fate_of(enum mc_fetch_fate fate)
{
	switch (fate) {
	case MC_FETCH_FOUND: return MC_PUBLISHED_FOUND;
	case MC_FETCH_ABSENT: return MC_PUBLISHED_ABSENT;
	case MC_FETCH_UNUSABLE: return MC_PUBLISHED_UNUSABLE;
	case MC_FETCH_FAILED: return MC_PUBLISHED_FAILED;
	}
	return MC_PUBLISHED_FAILED;
}

/* Asks for the documents from the first on that were not asked for. */
static bool
get(struct wants *w, size_t first)
{
	struct mc_publishing *p = w->p;
	/* what is told only need not be waited for */
	const struct mc_fetch_way way = {.ca_file = p->query->ca_file,
		.web = p->query->web,
		.stopped = p->query->stopped,
		.context = p->query->context,
		.patience = first == 0 ? 0 : PLAIN_PATIENCE};
	bool ok = !p->arena->failed &&
		mc_fetch_all(p->arena, &way, &w->fetch[first], w->n - first);

	for (size_t i = first; i < w->n; i++) {
		struct mc_fetch *f = &w->fetch[i];
		struct mc_published_source *source = !ok
			? NULL
			: mc_published_add(
				  p, w->list[i].publication->kind, f->place);

		if (source != NULL) {
			source->fate = fate_of(f->fate);
			source->why = f->why;
			if (w->list[i].lost != NULL) {
				source->fate = MC_PUBLISHED_FAILED;
				source->why = w->list[i].lost;
			}
			source->unproved = w->list[i].unproved;
		}
		if (source != NULL && f->fate == MC_FETCH_FOUND)
			take_document(p, source, &w->list[i], f);
		mc_buf_free(&f->answer);
	}
	return ok && !p->arena->failed;
}

/* Whether some document of the kind was found. */
static bool
has(const struct mc_publishing *p, const struct mc_publication *publication)
{
	for (size_t i = 0; i < p->out->n_sources; i++)
		if (p->sources[i].kind == publication->kind &&
			p->sources[i].fate == MC_PUBLISHED_FOUND)
			return true;
	return false;
}

/* What http brings is told, so that nobody wonders, and not used. */
static void
distrust(struct mc_publishing *p, size_t first)
{
	for (size_t i = first; i < p->out->n_sources; i++) {
		struct mc_published_source *s = &p->sources[i];

		if (s->fate != MC_PUBLISHED_FOUND)
			continue;
		s->fate = MC_PUBLISHED_UNUSABLE;
		s->why = "it comes by http, which anybody on the way can "
			 "change";
		s->n = s->n_notes = 0;
	}
}

bool
mc_published_documents(struct mc_publishing *p)
{
	struct wants w = {.p = p};
	size_t asked, first;

	/* who cannot be asked for one name knows no other */
	if (p->deaf && p->query->servers != NULL)
		return true;
	for (size_t i = 0; i < mc_target_count(); i++) {
		const struct mc_publication *d = mc_target_at(i)->publication;

		for (size_t k = 0; d != NULL && d->urls[k] != NULL; k++)
			want(&w, d, d->urls[k], NULL);
		if (d != NULL && d->srv != NULL && !p->deaf)
			want_followed(&w, d);
	}
	if (!resolve(&w, 0) || !get(&w, 0))
		return false;
	asked = w.n;
	for (size_t i = 0; i < mc_target_count(); i++) {
		const struct mc_publication *d = mc_target_at(i)->publication;

		if (d == NULL || d->plain_urls == NULL || has(p, d))
			continue;
		for (size_t k = 0; d->plain_urls[k] != NULL; k++)
			want(&w, d, d->plain_urls[k], NULL);
	}
	if (w.n == asked)
		return true;
	first = p->out->n_sources;
	if (!resolve(&w, asked) || !get(&w, asked))
		return false;
	distrust(p, first);
	return true;
}
