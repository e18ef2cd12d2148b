/* SPDX-License-Identifier: ISC */
/* From a name to a connection. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dns.h"
#include "talk.h"

/* Addresses that are looked at. */
enum { ADDRESSES = 8 };

struct address {
	struct sockaddr_storage at;
	socklen_t size;
	char text[INET6_ADDRSTRLEN];
};

struct reach {
	const struct mc_probe_to *to;
	struct mc_probe *out;
	struct address address[ADDRESSES];
	size_t n;
	char failed[MC_PROBE_TEXT]; /* addresses, with why */
	size_t n_failed;
};

static void
find(struct mc_probe *out, enum mc_step step, enum mc_reason why)
{
	out->step[step].reason = why;
	out->step[step].verdict = mc_reasons[why].verdict;
}

/* Three texts, whole or not at all. */
static void
add(char *text, size_t *used, const char *a, const char *b, const char *c)
{
	size_t room = MC_PROBE_TEXT - *used;
	int n = snprintf(text + *used, room, "%s%s%s", a, b, c);

	if (n > 0 && (size_t)n < room)
		*used += (size_t)n;
	else
		text[*used] = '\0';
}

/* An address as a text. */
static void
take(struct reach *r, const char *text)
{
	struct address *a = &r->address[r->n];
	struct sockaddr_in *four = (struct sockaddr_in *)(void *)&a->at;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)&a->at;

	if (r->n == ADDRESSES)
		return;
	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons((in_port_t)r->to->port);
		a->size = sizeof(*four);
	} else if (inet_pton(AF_INET6, text, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons((in_port_t)r->to->port);
		a->size = sizeof(*six);
	} else {
		return;
	}
	(void)inet_ntop(a->at.ss_family,
		a->at.ss_family == AF_INET ? (const void *)&four->sin_addr
					   : (const void *)&six->sin6_addr,
		a->text, sizeof(a->text));
	r->n++;
}

/* Of both families in turn, so that none takes all the room. */
static void
take_answers(struct reach *r, const struct mc_dns_question *q)
{
	for (size_t i = 0; i < q[0].n || i < q[1].n; i++)
		for (size_t k = 0; k < 2; k++)
			if (i < q[k].n)
				take(r, q[k].records[i].text);
}

static enum mc_reason
name_fault(const struct mc_probe_to *to, const struct mc_dns_question *q)
{
	if (q[0].fate != MC_DNS_FAILED && q[1].fate != MC_DNS_FAILED)
		return MC_WHY_NAME_UNKNOWN;
	return to->stopped != NULL && to->stopped(to->context)
		? MC_WHY_STOPPED
		: MC_WHY_NAME_SERVICE;
}

/* Asks name servers; IPv6 goes first. */
static void
ask(struct reach *r)
{
	struct mc_finding *f = &r->out->step[MC_STEP_NAME];
	struct mc_dns_question q[2] = {
		{.name = r->to->host, .type = MC_DNS_AAAA},
		{.name = r->to->host, .type = MC_DNS_A}};
	struct mc_arena arena = {0};
	struct mc_dns *dns;
	bool bad;

	dns = mc_dns_open(r->to->servers, &bad);
	if (dns == NULL) {
		find(r->out, MC_STEP_NAME,
			bad ? MC_WHY_NAME_SERVICE : MC_WHY_NO_MEMORY);
		return;
	}
	mc_dns_stop_when(dns, r->to->stopped, r->to->context);
	if (!mc_dns_ask(dns, &arena, q, 2)) {
		find(r->out, MC_STEP_NAME, MC_WHY_NO_MEMORY);
	} else {
		take_answers(r, q);
		if (r->n == 0) {
			const char *why = q[0].fate == MC_DNS_FAILED ? q[0].why
								     : q[1].why;

			find(r->out, MC_STEP_NAME, name_fault(r->to, q));
			(void)snprintf(f->detail, sizeof(f->detail), "%s",
				why == NULL ? "" : why);
		}
	}
	mc_dns_close(dns);
	mc_arena_free(&arena);
}

/* The step name. */
static bool
resolve(struct reach *r)
{
	char *detail = r->out->step[MC_STEP_NAME].detail;
	size_t used = 0;

	if (r->to->address != NULL)
		take(r, r->to->address);
	else if (mc_is_address(r->to->host))
		take(r, r->to->host);
	else
		ask(r);
	if (r->n == 0)
		return false;
	find(r->out, MC_STEP_NAME, MC_WHY_GOOD);
	for (size_t i = 0; i < r->n; i++)
		add(detail, &used, i == 0 ? "" : ", ", r->address[i].text, "");
	return true;
}

/*
 * This machine has no network of the kind, or is asked at its other address:
 * no fault of the server's.
 */
static bool
is_ours(const struct reach *r, const struct address *a, int error)
{
	if (error == ECONNREFUSED && r->n > 1 && strcmp(a->text, "::1") == 0)
		return true;
	return error == ENETUNREACH || error == EAFNOSUPPORT ||
		error == EADDRNOTAVAIL || error == EPROTONOSUPPORT;
}

/* A socket that neither blocks nor is given on. */
static int
open_socket(int family)
{
	int fd = socket(family, SOCK_STREAM, 0), flags;

	if (fd == -1)
		return -1;
	flags = fcntl(fd, F_GETFL);
	if (flags != -1 && fcntl(fd, F_SETFD, FD_CLOEXEC) != -1 &&
		fcntl(fd, F_SETFL, flags | O_NONBLOCK) != -1)
		return fd;
	(void)close(fd);
	return -1;
}

/* The descriptor; -1: *error, 0 where somebody wants to stop. */
static int
try_address(const struct reach *r, const struct address *a, long long limit,
	int *error)
{
	struct mc_wire wire = {.stopped = r->to->stopped,
		.context = r->to->context,
		.until = mc_wire_clock() + limit};
	socklen_t size = sizeof(*error);

	*error = 0;
	wire.fd = open_socket(a->at.ss_family);
	if (wire.fd == -1) {
		*error = errno;
		return -1;
	}
	if (connect(wire.fd, (const struct sockaddr *)&a->at, a->size) == 0)
		return wire.fd;
	*error = errno;
	if (*error == EINPROGRESS || *error == EINTR) {
		if (mc_wire_wait(&wire, POLLOUT, limit)) {
			if (getsockopt(wire.fd, SOL_SOCKET, SO_ERROR, error,
				    &size) != 0)
				*error = errno;
			if (*error == 0)
				return wire.fd;
		} else {
			*error = wire.fault == MC_WIRE_STOPPED ? 0 : ETIMEDOUT;
		}
	}
	(void)close(wire.fd);
	return -1;
}

static const char *
say(int error)
{
	switch (error) {
	case ECONNREFUSED: return ": refused";
	case ETIMEDOUT: return ": no answer";
	case EHOSTUNREACH: return ": no way to it";
	default: return ": not reached";
	}
}

static enum mc_reason
connect_fault(int error)
{
	switch (error) {
	case ECONNREFUSED: return MC_WHY_REFUSED;
	case ETIMEDOUT: return MC_WHY_TIMEOUT;
	case ENOMEM:
	case ENOBUFS: return MC_WHY_NO_MEMORY;
	case 0: return MC_WHY_STOPPED;
	default: return MC_WHY_UNREACHABLE;
	}
}

/* The step connect: the addresses in turn, all within the time. */
static int
connect_any(struct reach *r)
{
	struct mc_finding *f = &r->out->step[MC_STEP_CONNECT];
	long long end = mc_wire_clock() + MC_TALK_CONNECT;
	int error = ENETUNREACH, fd = -1;
	size_t used = 0;

	for (size_t i = 0; i < r->n && fd == -1; i++) {
		long long left = end - mc_wire_clock();
		int why;

		fd = try_address(r, &r->address[i],
			left > 0 ? left / (long long)(r->n - i) : 0, &why);
		if (fd != -1)
			add(f->detail, &used, r->address[i].text, "", "");
		if (fd == -1 && !is_ours(r, &r->address[i], why)) {
			add(r->failed, &r->n_failed,
				r->n_failed == 0 ? "" : ", ",
				r->address[i].text, say(why));
			error = why;
		}
		if (fd == -1 && why == 0) {
			error = 0;
			break;
		}
	}
	find(r->out, MC_STEP_CONNECT,
		fd == -1                  ? connect_fault(error)
			: r->n_failed > 0 ? MC_WHY_ADDRESS
					  : MC_WHY_GOOD);
	if (r->n_failed > 0) {
		r->failed[r->n_failed] = '\0';
		memcpy(f->detail, r->failed, r->n_failed + 1);
	}
	return fd;
}

int
mc_reach(const struct mc_probe_to *to, struct mc_probe *out)
{
	struct reach r = {.to = to, .out = out};

	return resolve(&r) ? connect_any(&r) : -1;
}
