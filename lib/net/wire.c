/* SPDX-License-Identifier: ISC */
#include "wire.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"

/* Milliseconds after which somebody may want to stop. */
enum { SLICE = 200, ANSWER = 20000 };

long long
mc_wire_clock(void)
{
	struct timespec t = {0, 0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool
fail(struct mc_wire *w, enum mc_wire_fault fault)
{
	if (w->fault == MC_WIRE_OK)
		w->fault = fault;
	return false;
}

bool
mc_wire_wait(struct mc_wire *w, short events, long long limit)
{
	struct pollfd p = {.fd = w->fd, .events = events};
	long long end = mc_wire_clock() + limit;

	if (end > w->until)
		end = w->until;
	for (;;) {
		long long left = end - mc_wire_clock();
		int n;

		if (w->stopped != NULL && w->stopped(w->context))
			return fail(w, MC_WIRE_STOPPED);
		if (left <= 0)
			return fail(w, MC_WIRE_TIMEOUT);
		n = poll(&p, 1, left < SLICE ? (int)left : SLICE);
		if (n > 0)
			return true;
		if (n < 0 && errno != EINTR)
			return fail(w, MC_WIRE_CLOSED);
	}
}

/* Bytes as they come from the network; 0: w->fault. */
static size_t
take(struct mc_wire *w, char *out, size_t size, long long limit)
{
	for (;;) {
		ssize_t n;

		if (!mc_wire_wait(w, POLLIN, limit))
			return 0;
		n = recv(w->fd, out, size, 0);
		if (n > 0) {
			w->heard += (size_t)n;
			if (w->heard <= MC_WIRE_TALK)
				return (size_t)n;
			(void)fail(w, MC_WIRE_ENDLESS);
			return 0;
		}
		if (n == 0 ||
			(errno != EINTR && errno != EAGAIN &&
				errno != EWOULDBLOCK)) {
			(void)fail(w, MC_WIRE_CLOSED);
			return 0;
		}
	}
}

static bool
give(struct mc_wire *w, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done;

		if (!mc_wire_wait(w, POLLOUT, ANSWER))
			return false;
		done = send(w->fd, bytes, n, MSG_NOSIGNAL);
		if (done < 0 && errno != EINTR && errno != EAGAIN &&
			errno != EWOULDBLOCK)
			return fail(w, MC_WIRE_CLOSED);
		if (done > 0) {
			bytes += done;
			n -= (size_t)done;
		}
	}
	return true;
}

/* What TLS has to say goes out. */
static bool
flush(struct mc_wire *w)
{
	char block[4096];
	int n;

	while ((n = BIO_read(w->out, block, sizeof(block))) > 0)
		if (!give(w, block, (size_t)n))
			return false;
	return true;
}

/* The first bytes of the other side are no record of TLS: what they are. */
static void
look(struct mc_shaken *shaken, const char *bytes, size_t n)
{
	unsigned char first = (unsigned char)bytes[0];

	if (shaken->plain || shaken->n_text > 0)
		return;
	/* alert, handshake */
	shaken->plain = first != 0x15 && first != 0x16;
	for (size_t i = 0; i < n; i++)
		if (bytes[i] == '\r' || bytes[i] == '\n')
			n = i;
	if (n > sizeof(shaken->text) - 1)
		n = sizeof(shaken->text) - 1;
	memcpy(shaken->text, bytes, n);
	shaken->n_text = n;
}

/* TLS gets what it waits for. */
static bool
feed(struct mc_wire *w, long long limit)
{
	char block[4096];
	size_t n;

	if (!flush(w))
		return false;
	n = take(w, block, sizeof(block), limit);
	if (n == 0)
		return false;
	if (w->shaken != NULL)
		look(w->shaken, block, n);
	if (BIO_write(w->in, block, (int)n) != (int)n)
		return fail(w, MC_WIRE_MEMORY);
	return true;
}

/* More bytes to make lines of. */
static bool
more(struct mc_wire *w, long long limit)
{
	w->at = w->n = 0;
	if (w->ssl == NULL) {
		w->n = take(w, w->bytes, sizeof(w->bytes), limit);
		return w->n > 0;
	}
	for (;;) {
		int n, why;

		ERR_clear_error();
		n = SSL_read(w->ssl, w->bytes, sizeof(w->bytes));
		if (n > 0) {
			w->n = (size_t)n;
			return true;
		}
		why = SSL_get_error(w->ssl, n);
		if (why == SSL_ERROR_ZERO_RETURN)
			return fail(w, MC_WIRE_CLOSED);
		if (why != SSL_ERROR_WANT_READ)
			return fail(w, MC_WIRE_TLS);
		if (!feed(w, limit))
			return false;
	}
}

const char *
mc_wire_line(struct mc_wire *w, long long limit, size_t *n)
{
	long long end = mc_wire_clock() + limit;
	size_t used = 0;

	*n = 0;
	if (w->fault != MC_WIRE_OK)
		return NULL;
	for (;;) {
		char c;

		if (w->at == w->n && !more(w, end - mc_wire_clock())) {
			w->line[used] = '\0';
			*n = used;
			return NULL;
		}
		c = w->bytes[w->at++];
		if (c == '\n')
			break;
		if (used == MC_WIRE_LINE) {
			(void)fail(w, MC_WIRE_ENDLESS);
			*n = used;
			return NULL;
		}
		w->line[used++] = c;
	}
	if (++w->lines > MC_WIRE_LINES) {
		(void)fail(w, MC_WIRE_ENDLESS);
		return NULL;
	}
	if (used > 0 && w->line[used - 1] == '\r')
		used--;
	w->line[used] = '\0';
	*n = used;
	return w->line;
}

bool
mc_wire_send(struct mc_wire *w, const char *bytes, size_t n)
{
	int done;

	if (w->fault != MC_WIRE_OK)
		return false;
	if (w->ssl == NULL)
		return give(w, bytes, n);
	ERR_clear_error();
	/* into memory, which takes it all */
	done = SSL_write(w->ssl, bytes, (int)n);
	if (done != (int)n)
		return fail(w, MC_WIRE_TLS);
	return flush(w);
}

bool
mc_wire_is_ahead(const struct mc_wire *w)
{
	char c;

	return w->at < w->n ||
		(w->ssl == NULL &&
			recv(w->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) > 0);
}

/* The macro wants it not const. */
static bool
send_name(SSL *ssl, const char *name)
{
	char own[256]; /* of a name as long as one can be */

	return (size_t)snprintf(own, sizeof(own), "%s", name) < sizeof(own) &&
		SSL_set_tlsext_host_name(ssl, own) == 1;
}

static bool
start_tls(struct mc_wire *w, SSL_CTX *ctx, const char *name)
{
	w->ssl = SSL_new(ctx);
	w->in = BIO_new(BIO_s_mem());
	w->out = BIO_new(BIO_s_mem());
	if (w->ssl == NULL || w->in == NULL || w->out == NULL) {
		BIO_free(w->in);
		BIO_free(w->out);
		SSL_free(w->ssl);
		w->ssl = NULL;
		return false;
	}
	(void)BIO_set_mem_eof_return(w->in, -1);
	SSL_set_bio(w->ssl, w->in, w->out);
	SSL_set_connect_state(w->ssl);
	(void)SSL_set_app_data(w->ssl, w->shaken);
	return mc_is_address(name) || send_name(w->ssl, name);
}

/* Why there was no handshake, from the first error. */
static void
judge(struct mc_wire *w, struct mc_shaken *out)
{
	unsigned long error = ERR_peek_error();
	int reason = ERR_GET_REASON(error);

	/* the handshake got as far as to agree on one */
	if (out->verify != X509_V_OK)
		out->version = SSL_get_version(w->ssl);
	if (reason == ERR_R_MALLOC_FAILURE)
		(void)fail(w, MC_WIRE_MEMORY);
	out->old = reason == SSL_R_UNSUPPORTED_PROTOCOL ||
		reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION ||
		(reason == SSL_R_WRONG_VERSION_NUMBER && !out->plain);
	/* the other side learns that it was refused */
	if (w->fault == MC_WIRE_OK)
		(void)flush(w);
}

/*
 * Looks at the name ourselves: OpenSSL 3.0 verifies none where it had no memory
 * to copy it.  As clients do now, only at subjectAltName (RFC 9525).
 */
static long
verify_name(X509 *leaf, const char *name)
{
	const unsigned flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
		X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
	bool ip = mc_is_address(name);
	int is = ip ? X509_check_ip_asc(leaf, name, flags)
		    : X509_check_host(leaf, name, 0, flags, NULL);

	if (is < 0)
		return X509_V_ERR_OUT_OF_MEM;
	if (is == 1)
		return X509_V_OK;
	return ip ? X509_V_ERR_IP_ADDRESS_MISMATCH
		  : X509_V_ERR_HOSTNAME_MISMATCH;
}

bool
mc_wire_tls(struct mc_wire *w, SSL_CTX *ctx, const char *name, long long limit,
	struct mc_shaken *out)
{
	X509 *leaf;
	int done, why;

	*out = (struct mc_shaken){.verify = X509_V_OK};
	w->shaken = out;
	ERR_clear_error();
	if (!start_tls(w, ctx, name))
		return fail(w, MC_WIRE_MEMORY);
	while ((done = SSL_do_handshake(w->ssl)) != 1) {
		why = SSL_get_error(w->ssl, done);
		if (why != SSL_ERROR_WANT_READ) {
			judge(w, out);
			return false;
		}
		if (!feed(w, limit))
			return false;
		ERR_clear_error();
	}
	w->shaken = NULL;
	out->version = SSL_get_version(w->ssl);
	out->verify = SSL_get_verify_result(w->ssl);
	leaf = SSL_get0_peer_certificate(w->ssl);
	if (leaf != NULL) {
		mc_tls_facts(leaf, out);
		if (out->verify == X509_V_OK)
			out->verify = verify_name(leaf, name);
	}
	if (out->verify == X509_V_ERR_OUT_OF_MEM)
		return fail(w, MC_WIRE_MEMORY);
	w->secure = leaf != NULL && out->verify == X509_V_OK &&
		SSL_version(w->ssl) >= TLS1_2_VERSION;
	return flush(w) && w->secure;
}

void
mc_wire_close(struct mc_wire *w)
{
	if (w->ssl != NULL) {
		if (w->fault == MC_WIRE_OK && w->secure &&
			SSL_shutdown(w->ssl) >= 0)
			(void)flush(w);
		SSL_free(w->ssl);
	}
	if (w->fd != -1)
		(void)close(w->fd);
	w->ssl = NULL;
	w->fd = -1;
	OPENSSL_cleanse(w->bytes, sizeof(w->bytes));
	OPENSSL_cleanse(w->line, sizeof(w->line));
}
