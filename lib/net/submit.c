/* SPDX-License-Identifier: ISC */
#include "submit.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../mail/mime.h"
#include "reply.h"

/* Milliseconds: to connect; seconds: for an answer; for a message. */
enum { CONNECT = 5000, ANSWER = 60, WHOLE = 300 };

struct mc_submit {
	const struct mc_submit_to *to;
	CURL *curl;
	char error[CURL_ERROR_SIZE];
	char url[512];
	struct mc_reply_secrets secrets;
	bool utf8;   /* it takes addresses beyond ASCII */
	bool was_up; /* a message got as far as to be refused or sent */
	/* the message under way */
	const struct mc_submit_mail *mail;
	size_t done;   /* bytes of it that went out */
	bool started;  /* the server wanted it */
	bool stopped;  /* `before` said no */
	bool too_much; /* the server talks without end */
	bool odd;      /* and not SMTP */
	bool beyond;   /* the message has such an address, and may not */
	size_t heard;  /* bytes of replies */
	struct mc_reply reply;
};

enum { TALK = 256 * 1024 };

/* What a line tells of the server; a greeting, or STARTTLS, begins anew. */
static void
learn(struct mc_submit *s, const char *line, size_t n)
{
	static const char word[] = "SMTPUTF8";
	const size_t at = sizeof("250-") - 1, end = at + sizeof(word) - 1;

	if (n >= 3 && memcmp(line, "220", 3) == 0)
		s->utf8 = false;
	if (n >= end && memcmp(line, "250", 3) == 0 &&
		strncasecmp(line + at, word, sizeof(word) - 1) == 0)
		s->utf8 = true;
}

/* A line of the server's; CURLOPT_HEADERFUNCTION. */
static size_t
on_line(char *line, size_t size, size_t n, void *context)
{
	struct mc_submit *s = context;

	(void)size;
	s->heard += n;
	if (s->heard > TALK) {
		s->too_much = true;
		return 0;
	}
	/* the answer to QUIT, which says nothing of what was before it */
	if (n >= 3 && memcmp(line, "221", 3) == 0)
		return n;
	learn(s, line, n);
	if (mc_reply_line(&s->reply, line, n))
		return n;
	s->odd = true;
	return 0;
}

static bool
is_ascii(const char *text)
{
	while (*text != '\0' && (unsigned char)*text < 0x80)
		text++;
	return *text == '\0';
}

/* Bytes of the message are wanted; CURLOPT_READFUNCTION. */
static size_t
on_read(char *out, size_t size, size_t n, void *context)
{
	struct mc_submit *s = context;
	size_t left = s->mail->size - s->done, room = size * n;

	if (!s->started) {
		/* libcurl tries all the same, and some servers take it */
		s->beyond = !s->utf8 &&
			(!is_ascii(s->mail->from) || !is_ascii(s->mail->to));
		if (s->beyond)
			return CURL_READFUNC_ABORT;
		if (!s->mail->before(s->mail->context)) {
			s->stopped = true;
			return CURL_READFUNC_ABORT;
		}
		s->started = true;
		/* what is heard from here on is about the message */
		s->reply = (struct mc_reply){.code = 0};
	}
	if (left > room)
		left = room;
	memcpy(out, s->mail->bytes + s->done, left);
	s->done += left;
	return left;
}

/* Nothing but replies is expected; CURLOPT_WRITEFUNCTION. */
static size_t
on_body(char *bytes, size_t size, size_t n, void *context)
{
	(void)bytes;
	(void)context;
	return size * n;
}

static bool
set_up(struct mc_submit *s)
{
	const struct mc_submit_to *to = s->to;
	CURL *c = s->curl;
	CURLcode bad = CURLE_OK;

#define SET(option, value)                                                  \
	do {                                                                \
		if (bad == CURLE_OK)                                        \
			bad = curl_easy_setopt(c, CURLOPT_##option, value); \
	} while (0)
	SET(URL, s->url);
	SET(USE_SSL, (long)CURLUSESSL_ALL);
	SET(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(SSL_VERIFYPEER, 1L);
	SET(SSL_VERIFYHOST, 2L);
	SET(PROTOCOLS_STR, "smtp,smtps");
	SET(REDIR_PROTOCOLS_STR, "smtps");
	SET(NETRC, (long)CURL_NETRC_IGNORED);
	SET(PROXY, "");
	SET(NOSIGNAL, 1L);
	SET(CONNECTTIMEOUT_MS, (long)CONNECT);
	SET(SERVER_RESPONSE_TIMEOUT, (long)ANSWER);
	SET(TIMEOUT_MS, 1000L * WHOLE);
	SET(ERRORBUFFER, s->error);
	SET(HEADERFUNCTION, on_line);
	SET(HEADERDATA, s);
	SET(WRITEFUNCTION, on_body);
	SET(READFUNCTION, on_read);
	SET(READDATA, s);
	SET(UPLOAD, 1L);
	if (to->ca_file != NULL) {
		SET(CAINFO, to->ca_file);
		SET(CAPATH, NULL);
	}
	if (to->login != NULL) {
		SET(USERNAME, to->login);
		SET(PASSWORD, to->password);
	}
#undef SET
	return bad == CURLE_OK;
}

struct mc_submit *
mc_submit_open(const struct mc_submit_to *to)
{
	struct mc_submit *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->to = to;
	s->curl = curl_easy_init();
	(void)snprintf(s->url, sizeof(s->url), "%s://%s:%u/%s",
		to->implicit ? "smtps" : "smtp", to->host, to->port, to->helo);
	if (s->curl != NULL && set_up(s) &&
		(to->login == NULL ||
			mc_reply_hide(&s->secrets, to->login, to->password)))
		return s;
	mc_submit_close(s);
	return NULL;
}

void
mc_submit_close(struct mc_submit *s)
{
	if (s->curl != NULL)
		curl_easy_cleanup(s->curl);
	mc_reply_forget(&s->secrets);
	free(s);
}

/* What the server said last, or what libcurl says. */
static void
tell(const struct mc_submit *s, CURLcode result, char text[MC_SUBMIT_TEXT + 1])
{
	char line[MC_REPLY_BYTES + 8];
	int n;

	if (s->beyond) {
		n = snprintf(line, sizeof(line),
			"the server takes no address beyond ASCII: it does not "
			"offer SMTPUTF8");
	} else if (s->too_much || s->odd) {
		n = snprintf(line, sizeof(line), "the server %s",
			s->odd ? "speaks no SMTP" : "talks without end");
	} else if (s->reply.code >= 400) {
		n = snprintf(line, sizeof(line), "%d ", s->reply.code);
		memcpy(line + n, s->reply.text, s->reply.n);
		n += (int)s->reply.n;
	} else {
		n = snprintf(line, sizeof(line), "%s",
			s->error[0] != '\0' ? s->error
					    : curl_easy_strerror(result));
	}
	if (n < 0)
		n = 0;
	mc_reply_show(text, MC_SUBMIT_TEXT + 1, line,
		(size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1,
		&s->secrets);
}

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/*
 * Whether the refusal is about the sender, and so about every message: many
 * servers say so only when they are told a recipient.
 */
static bool
is_of_sender(const struct mc_submit *s)
{
	char text[MC_REPLY_BYTES + 1];

	memcpy(text, s->reply.text, s->reply.n);
	text[s->reply.n] = '\0';
	return strstr(text, s->mail->from) != NULL &&
		strstr(text, s->mail->to) == NULL;
}

/* The server did not get as far as to want the message. */
static enum mc_submit_fate
judge_early(const struct mc_submit *s, CURLcode result)
{
	int code = s->reply.code;

	switch ((int)result) {
	case CURLE_LOGIN_DENIED:
	case CURLE_AUTH_ERROR:
		/* 454: the server cannot tell today */
		return code >= 400 && code < 500 ? MC_SUBMIT_BUSY
						 : MC_SUBMIT_FAILED;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_USE_SSL_FAILED:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_NOT_BUILT_IN: return MC_SUBMIT_FAILED;
	case CURLE_OUT_OF_MEMORY: return MC_SUBMIT_NO_MEMORY;
	default: break;
	}
	if (s->too_much || s->odd)
		return MC_SUBMIT_FAILED;
	if (code == 421)
		return MC_SUBMIT_BUSY;
	/* it is our sender that is refused, and with it every message */
	if (code >= 500 && begins(s->error, "MAIL failed"))
		return MC_SUBMIT_FAILED;
	if (begins(s->error, "RCPT failed") ||
		begins(s->error, "DATA failed") ||
		begins(s->error, "MAIL failed")) {
		if (code >= 500)
			return is_of_sender(s) ? MC_SUBMIT_FAILED
					       : MC_SUBMIT_REFUSED;
		if (code >= 400)
			return MC_SUBMIT_WAITS;
	}
	/* a greeting, or EHLO */
	if (code >= 500)
		return MC_SUBMIT_FAILED;
	return MC_SUBMIT_BUSY;
}

/* The server wanted it; what came of it. */
static enum mc_submit_fate
judge_late(const struct mc_submit *s)
{
	int code = s->reply.whole ? s->reply.code : 0;

	if (code >= 500)
		return MC_SUBMIT_REFUSED;
	if (code == 421)
		return MC_SUBMIT_BUSY;
	if (code >= 400)
		return MC_SUBMIT_WAITS;
	return code >= 200 && code < 300 ? MC_SUBMIT_SENT : MC_SUBMIT_DOUBTFUL;
}

static CURLcode
perform(struct mc_submit *s, const struct mc_submit_mail *mail)
{
	char from[300], to[300];
	struct curl_slist *list;
	CURLcode bad;

	s->mail = mail;
	s->done = s->heard = 0;
	s->started = s->stopped = s->too_much = s->odd = s->beyond = false;
	s->reply = (struct mc_reply){.code = 0};
	s->error[0] = '\0';
	/* libcurl hands on whatever stands in an address */
	if (!mc_mime_is_address(mail->from) || !mc_mime_is_address(mail->to) ||
		strlen(mail->from) > 256 || strlen(mail->to) > 256)
		return CURLE_BAD_FUNCTION_ARGUMENT;
	(void)snprintf(from, sizeof(from), "<%s>", mail->from);
	(void)snprintf(to, sizeof(to), "<%s>", mail->to);
	list = curl_slist_append(NULL, to);
	if (list == NULL)
		return CURLE_OUT_OF_MEMORY;
	bad = curl_easy_setopt(s->curl, CURLOPT_MAIL_FROM, from);
	if (bad == CURLE_OK)
		bad = curl_easy_setopt(s->curl, CURLOPT_MAIL_RCPT, list);
	if (bad == CURLE_OK)
		bad = curl_easy_setopt(s->curl, CURLOPT_INFILESIZE_LARGE,
			(curl_off_t)mail->size);
	if (bad == CURLE_OK)
		bad = curl_easy_perform(s->curl);
	(void)curl_easy_setopt(s->curl, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(list);
	return bad;
}

enum mc_submit_fate
mc_submit_send(struct mc_submit *s, const struct mc_submit_mail *mail,
	char text[MC_SUBMIT_TEXT + 1])
{
	CURLcode result = perform(s, mail);
	enum mc_submit_fate fate;

	/* a connection that the server gave up meanwhile: another one */
	if (result != CURLE_OK && !s->started && s->was_up &&
		s->reply.code == 0 && !s->too_much && !s->odd)
		result = perform(s, mail);
	text[0] = '\0';
	if (s->stopped)
		return MC_SUBMIT_STOPPED;
	if (s->beyond || result == CURLE_BAD_FUNCTION_ARGUMENT)
		fate = MC_SUBMIT_REFUSED;
	else if (s->started)
		fate = result == CURLE_OK ? MC_SUBMIT_SENT : judge_late(s);
	else
		fate = judge_early(s, result);
	s->was_up = s->was_up || fate <= MC_SUBMIT_WAITS;
	if (fate != MC_SUBMIT_SENT)
		tell(s, result, text);
	return fate;
}
