/* SPDX-License-Identifier: ISC */
#include "fetch.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "../diag.h"
#include "../mailcfg.h"
#include "../text.h"

/* Milliseconds to connect and for the whole; bytes of a document, its head. */
enum {
	CONNECT = 5000,
	WHOLE = 15000,
	BYTES = 1024 * 1024,
	HEAD = 64 * 1024,
	REDIRECTS = 3
};

/* A transfer under way. */
struct transfer {
	struct mc_fetch *fetch;
	CURL *curl;
	struct curl_slist *headers;
	struct curl_slist *connect_to;
	struct curl_slist *resolve;
	char error[CURL_ERROR_SIZE];
	size_t head;
	bool too_big;
	bool done;
	CURLcode result;
};

static size_t
on_head(char *bytes, size_t size, size_t n, void *context)
{
	struct transfer *t = context;

	(void)bytes;
	(void)size;
	t->head += n;
	t->too_big = t->too_big || t->head > HEAD;
	return t->too_big ? 0 : n;
}

static size_t
on_body(char *bytes, size_t size, size_t n, void *context)
{
	struct transfer *t = context;

	(void)size;
	t->too_big = t->too_big || t->fetch->answer.len + n > BYTES;
	if (t->too_big)
		return 0;
	mc_buf_add(&t->fetch->answer, bytes, n);
	return t->fetch->answer.failed ? 0 : n;
}

/* The list with one line more; false: out of memory. */
static bool
append(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (longer != NULL)
		*list = longer;
	return longer != NULL;
}

/* What is sent, and to which address. */
static bool
make_lists(struct mc_arena *arena, const struct mc_fetch_way *way,
	struct transfer *t)
{
	const struct mc_fetch *f = t->fetch;
	const char *line, *host = strstr(f->url, "://");
	bool ok = true;

	if (f->body_type != NULL) {
		line = mc_arena_printf(arena, "Content-Type: %s", f->body_type);
		ok = line != NULL && append(&t->headers, line);
	}
	if (ok && way->web != NULL) {
		line = mc_arena_printf(arena, "::%s", way->web);
		ok = line != NULL && append(&t->connect_to, line);
	}
	if (ok && f->address != NULL && host != NULL) {
		size_t n = strcspn(host + 3, ":/");
		const char *port = host + 3 + n;
		const char *usual = f->plain ? "80" : "443";

		/* curl takes an address of either family bare */
		line = mc_arena_printf(arena, "%.*s:%.*s:%s", (int)n, host + 3,
			*port == ':' ? (int)strspn(port + 1, "0123456789") : 3,
			*port == ':' ? port + 1 : usual, f->address);
		ok = line != NULL && append(&t->resolve, line);
	}
	return ok;
}

static bool
set_up(struct mc_arena *arena, const struct mc_fetch_way *way,
	struct transfer *t)
{
	const struct mc_fetch *f = t->fetch;
	const char *schemes = f->plain ? "http" : "https";
	const char *agent = mc_arena_printf(
		arena, "mailcfg/%s", mailcfg_version());
	CURLcode bad = CURLE_OK;

	if (agent == NULL || !make_lists(arena, way, t))
		return false;
#define SET(option, value)                                         \
	do {                                                       \
		if (bad == CURLE_OK)                               \
			bad = curl_easy_setopt(                    \
				t->curl, CURLOPT_##option, value); \
	} while (0)
	SET(URL, f->url);
	SET(PRIVATE, t);
	SET(PROTOCOLS_STR, schemes);
	SET(REDIR_PROTOCOLS_STR, "https");
	SET(FOLLOWLOCATION, f->plain ? 0L : 1L);
	SET(MAXREDIRS, (long)REDIRECTS);
	SET(POSTREDIR, (long)CURL_REDIR_POST_ALL);
	SET(DISALLOW_USERNAME_IN_URL, 1L);
	SET(HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(USERAGENT, agent);
	SET(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(SSL_VERIFYPEER, 1L);
	SET(SSL_VERIFYHOST, 2L);
	SET(NETRC, (long)CURL_NETRC_IGNORED);
	SET(PROXY, "");
	SET(NOSIGNAL, 1L);
	SET(CONNECTTIMEOUT_MS, (long)CONNECT);
	SET(TIMEOUT_MS, way->patience > 0 ? way->patience : (long)WHOLE);
	SET(ERRORBUFFER, t->error);
	SET(HEADERFUNCTION, on_head);
	SET(HEADERDATA, t);
	SET(WRITEFUNCTION, on_body);
	SET(WRITEDATA, t);
	SET(HTTPHEADER, t->headers);
	SET(CONNECT_TO, t->connect_to);
	SET(RESOLVE, t->resolve);
	if (f->body != NULL) {
		SET(POSTFIELDSIZE, (long)strlen(f->body));
		SET(POSTFIELDS, f->body);
	}
	if (way->ca_file != NULL) {
		SET(CAINFO, way->ca_file);
		SET(CAPATH, NULL);
	}
#undef SET
	return bad == CURLE_OK;
}

static void
set_fate(struct mc_fetch *f, enum mc_fetch_fate fate, const char *why)
{
	f->fate = fate;
	f->why = why;
}

static const char no_host[] = "there is no such host";

/* The server has answered. */
static void
judge_status(struct mc_arena *arena, struct transfer *t)
{
	struct mc_fetch *f = t->fetch;
	const char *type = NULL;
	long status = 0;

	(void)curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(t->curl, CURLINFO_CONTENT_TYPE, &type);
	if (status == 401)
		set_fate(f, MC_FETCH_UNUSABLE, "the server wants a login");
	else if (status >= 300 && status < 400)
		set_fate(f, MC_FETCH_UNUSABLE, "it sends one elsewhere");
	else if (status != 200)
		set_fate(f, status >= 500 ? MC_FETCH_FAILED : MC_FETCH_ABSENT,
			mc_arena_printf(arena, "the server says %ld", status));
	else if (type != NULL && mc_strncasecmp(type, "text/html", 9) == 0)
		/* the page that some show instead of saying 404 */
		set_fate(f, MC_FETCH_ABSENT, "a page for people is there");
	else
		set_fate(f, MC_FETCH_FOUND, NULL);
}

/* The library's words, clean. */
static const char *
words_of(struct mc_arena *arena, const struct transfer *t)
{
	const char *text = t->error[0] != '\0' ? t->error
					       : curl_easy_strerror(t->result);
	char clean[512];

	mc_clean(clean, sizeof(clean), text, strlen(text));
	return mc_arena_strdup(arena, clean);
}

static void
judge(struct mc_arena *arena, struct transfer *t)
{
	struct mc_fetch *f = t->fetch;

	if (f->answer.failed || t->result == CURLE_OUT_OF_MEMORY) {
		arena->failed = true;
		return;
	}
	if (t->too_big) {
		set_fate(f, MC_FETCH_UNUSABLE, "it is too big");
		return;
	}
	switch ((int)t->result) {
	case CURLE_OK: judge_status(arena, t); break;
	case CURLE_COULDNT_RESOLVE_HOST:
		set_fate(f, MC_FETCH_ABSENT, no_host);
		break;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
		set_fate(f, MC_FETCH_UNUSABLE,
			"it sends one to what is not https");
		break;
	case CURLE_TOO_MANY_REDIRECTS:
		set_fate(f, MC_FETCH_UNUSABLE, "it sends one in circles");
		break;
	case CURLE_COULDNT_CONNECT:
		set_fate(f, MC_FETCH_FAILED, "no connection to it");
		break;
	case CURLE_OPERATION_TIMEDOUT:
		set_fate(f, MC_FETCH_FAILED, "no answer in time");
		break;
	default: set_fate(f, MC_FETCH_FAILED, words_of(arena, t)); break;
	}
}

/* The URL that answered, or that was asked for, as it may be shown. */
static void
name_place(struct mc_arena *arena, struct transfer *t)
{
	const char *url = NULL;
	char clean[512];

	if (t->fetch->fate == MC_FETCH_FOUND)
		(void)curl_easy_getinfo(t->curl, CURLINFO_EFFECTIVE_URL, &url);
	if (url == NULL || *url == '\0')
		url = t->fetch->url;
	mc_clean(clean, sizeof(clean), url, strcspn(url, "?#"));
	t->fetch->place = mc_arena_strdup(arena, clean);
}

/* Milliseconds after which is asked again whether somebody wants to stop. */
enum { GLANCE = 100 };

/* Until all are done, each by its own time, or somebody wants to stop. */
static bool
run(CURLM *multi, const struct mc_fetch_way *way)
{
	int running = 0;

	do {
		if (curl_multi_perform(multi, &running) != CURLM_OK)
			return false;
		if (running > 0 &&
			curl_multi_poll(multi, NULL, 0, GLANCE, NULL) !=
				CURLM_OK)
			return false;
	} while (running > 0 &&
		(way->stopped == NULL || !way->stopped(way->context)));
	return true;
}

static void
collect(CURLM *multi)
{
	const CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(multi, &left)) != NULL) {
		struct transfer *t = NULL;
		CURL *curl = message->easy_handle;

		(void)curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&t);
		if (message->msg == CURLMSG_DONE && t != NULL) {
			t->result = message->data.result;
			t->done = true;
		}
	}
}

static void
finish(struct mc_arena *arena, CURLM *multi, struct transfer *t, bool stopped)
{
	if (!t->done && stopped) {
		t->done = true;
		t->result = CURLE_OPERATION_TIMEDOUT;
	}
	if (t->done) {
		judge(arena, t);
		name_place(arena, t);
	} else {
		arena->failed = true;
	}
	if (t->fetch->fate != MC_FETCH_FOUND)
		mc_buf_free(&t->fetch->answer);
	if (t->curl != NULL) {
		(void)curl_multi_remove_handle(multi, t->curl);
		curl_easy_cleanup(t->curl);
	}
	curl_slist_free_all(t->headers);
	curl_slist_free_all(t->connect_to);
	curl_slist_free_all(t->resolve);
}

bool
mc_fetch_all(struct mc_arena *arena, const struct mc_fetch_way *way,
	struct mc_fetch *list, size_t n)
{
	CURLM *multi = curl_multi_init();
	struct transfer *transfers = mc_arena_alloc(
		arena, n * sizeof(*transfers));
	bool ok = multi != NULL && transfers != NULL;

	for (size_t i = 0; ok && i < n; i++) {
		struct transfer *t = &transfers[i];

		if (list[i].address != NULL && *list[i].address == '\0') {
			set_fate(&list[i], MC_FETCH_ABSENT, no_host);
			continue;
		}
		t->fetch = &list[i];
		t->curl = curl_easy_init();
		ok = t->curl != NULL && set_up(arena, way, t) &&
			curl_multi_add_handle(multi, t->curl) == CURLM_OK;
	}
	ok = ok && run(multi, way);
	if (ok)
		collect(multi);
	for (size_t i = 0; transfers != NULL && i < n; i++)
		if (transfers[i].fetch != NULL)
			finish(arena, multi, &transfers[i], ok);
	(void)curl_multi_cleanup(multi);
	if (!ok)
		arena->failed = true;
	return !arena->failed;
}
