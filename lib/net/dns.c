/* SPDX-License-Identifier: ISC */
#include "dns.h"

/* ares.h needs it and does not say so */
#include <sys/select.h>

#include <ares.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "../host.h"
#include "../text.h"
#include "wire.h"

/*
 * Milliseconds for the first try, the second has twice as many; for all tries
 * at all servers; and after how many is asked whether somebody wants to stop.
 */
enum {
	PATIENCE = 2000,
	WHOLE = 8000,
	GLANCE = 100,
	TRIES = 2,
	NAME_MAX_BYTES = 253
};

struct mc_dns {
	ares_channel channel;
	bool (*stopped)(void *); /* NULL: never */
	void *context;
};

/* Whether each of the list that has a port has one from 1 to 65535. */
static bool
has_ports(const char *servers)
{
	while (*servers != '\0') {
		size_t n = strcspn(servers, ","), digits = 0;
		unsigned long port = 0;

		while (digits < n && digits < 6 &&
			servers[n - 1 - digits] >= '0' &&
			servers[n - 1 - digits] <= '9')
			digits++;
		/* "::1" has colons and no port: brackets are wanted with one */
		if (digits < n && servers[n - 1 - digits] == ':' &&
			(servers[0] == '[' ||
				memchr(servers, ':', n) ==
					servers + n - 1 - digits)) {
			port = strtoul(servers + n - digits, NULL, 10);
			if (digits > 5 || port < 1 || port > 65535)
				return false;
		}
		servers += n + (servers[n] == ',');
	}
	return true;
}

struct mc_dns *
mc_dns_open(const char *servers, bool *bad)
{
	/* options.lookups is not const: what addresses are taken from */
	char files_first[] = "fb", only_servers[] = "b";
	/* LOCALDOMAIN, HOSTALIASES and the search list are not asked */
	struct ares_options options = {
		.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
		.timeout = PATIENCE,
		.tries = TRIES,
		.domains = NULL,
		.ndomains = 0,
		.lookups = servers == NULL ? files_first : only_servers,
	};
	const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
		ARES_OPT_DOMAINS | ARES_OPT_LOOKUPS;
	struct mc_dns *dns = calloc(1, sizeof(*dns));
	int result;

	*bad = false;
	if (dns == NULL)
		return NULL;
	if (ares_init_options(&dns->channel, &options, mask) != ARES_SUCCESS) {
		free(dns);
		return NULL;
	}
	if (servers == NULL)
		return dns;
	result = *servers == '\0' || !has_ports(servers)
		? ARES_EBADSTR
		: ares_set_servers_ports_csv(dns->channel, servers);
	if (result == ARES_SUCCESS)
		return dns;
	*bad = result != ARES_ENOMEM;
	mc_dns_close(dns);
	return NULL;
}

void
mc_dns_stop_when(struct mc_dns *dns, bool (*stopped)(void *), void *context)
{
	dns->stopped = stopped;
	dns->context = context;
}

void
mc_dns_close(struct mc_dns *dns)
{
	ares_destroy(dns->channel);
	free(dns);
}

/* A question under way. */
struct asked {
	struct mc_arena *arena;
	struct mc_dns_question *question;
	struct mc_dns_record *records;
};

static struct mc_dns_record *
add(struct asked *a)
{
	if (a->question->n == MC_DNS_RECORDS) {
		a->question->dropped++;
		return NULL;
	}
	return &a->records[a->question->n++];
}

/* Takes back the record that was added last. */
static void
drop(struct asked *a, struct mc_dns_record *record)
{
	*record = (struct mc_dns_record){.host = NULL};
	a->question->n--;
	a->question->dropped++;
}

/* The target of a record; "." becomes NULL.  false: it is no host name. */
static bool
take_host(struct asked *a, const char *name, const char **host)
{
	const char *why = "";
	size_t n = strlen(name);

	*host = NULL;
	if (n > 0 && name[n - 1] == '.')
		n--;
	if (n == 0)
		return true;
	*host = mc_host_ascii(a->arena, name, n, &why);
	return *host != NULL;
}

static int
take_srv(struct asked *a, const unsigned char *answer, int n)
{
	struct ares_srv_reply *list = NULL;
	int status = ares_parse_srv_reply(answer, n, &list);

	for (const struct ares_srv_reply *r = list; r != NULL; r = r->next) {
		struct mc_dns_record *record = add(a);

		if (record == NULL)
			continue;
		record->priority = r->priority;
		record->weight = r->weight;
		if (!take_host(a, r->host, &record->host) ||
			(record->host != NULL && r->port == 0))
			drop(a, record);
		else if (record->host != NULL)
			record->port = r->port;
	}
	ares_free_data(list);
	return status;
}

static int
take_mx(struct asked *a, const unsigned char *answer, int n)
{
	struct ares_mx_reply *list = NULL;
	int status = ares_parse_mx_reply(answer, n, &list);

	for (const struct ares_mx_reply *r = list; r != NULL; r = r->next) {
		struct mc_dns_record *record = add(a);

		if (record == NULL)
			continue;
		record->priority = r->priority;
		if (!take_host(a, r->host, &record->host))
			drop(a, record);
	}
	ares_free_data(list);
	return status;
}

static int
take_txt(struct asked *a, const unsigned char *answer, int n)
{
	struct ares_txt_ext *list = NULL;
	int status = ares_parse_txt_reply_ext(answer, n, &list);
	const struct ares_txt_ext *r = list;
	char text[MC_DNS_TEXT];

	while (r != NULL) {
		struct mc_dns_record *record = add(a);
		size_t len = 0, at;
		bool fits = true;

		/* a record comes in pieces */
		do {
			fits = fits && r->length <= sizeof(text) - len;
			if (fits)
				memcpy(text + len, r->txt, r->length);
			len += fits ? r->length : 0;
			r = r->next;
		} while (r != NULL && r->record_start == 0);
		if (record == NULL)
			continue;
		record->text = mc_arena_strndup(a->arena, text, len);
		if (!fits || mc_text_check(text, len, true, &at) != MC_TEXT_OK)
			drop(a, record);
	}
	ares_free_data(list);
	return status;
}

static void
take_address(struct asked *a, int family, const void *address)
{
	char text[INET6_ADDRSTRLEN];
	struct mc_dns_record *record = add(a);

	if (record != NULL &&
		inet_ntop(family, address, text, sizeof(text)) != NULL)
		record->text = mc_arena_strdup(a->arena, text);
}

/* Class IN's numbers, and who reads the answer; addresses have a family. */
static const struct {
	int (*take)(struct asked *, const unsigned char *, int);
	int number;
	int family;
} types[] = {
	[MC_DNS_A] = {.family = AF_INET},
	[MC_DNS_AAAA] = {.family = AF_INET6},
	[MC_DNS_SRV] = {take_srv, 33, 0},
	[MC_DNS_MX] = {take_mx, 15, 0},
	[MC_DNS_TXT] = {take_txt, 16, 0},
};

static const char *
or_empty(const char *text)
{
	return text == NULL ? "" : text;
}

/* The order in which clients try them, and one order for equal ones. */
static int
compare(const void *left, const void *right)
{
	const struct mc_dns_record *a = left, *b = right;

	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	if (a->host == NULL || b->host == NULL)
		return strcmp(or_empty(a->text), or_empty(b->text));
	if (strcmp(a->host, b->host) != 0)
		return strcmp(a->host, b->host);
	return a->port < b->port ? -1 : a->port > b->port;
}

/* What the resolver's statuses come to. */
static void
judge(struct asked *a, int status)
{
	struct mc_dns_question *q = a->question;

	q->fate = MC_DNS_FAILED;
	q->why = NULL;
	switch (status) {
	case ARES_SUCCESS: q->fate = MC_DNS_FOUND; return;
	case ARES_ENODATA:
	case ARES_ENOTFOUND:
		q->fate = MC_DNS_ABSENT;
		q->why = status == ARES_ENODATA ? "there are no such records"
						: "there is no such name";
		break;
	case ARES_ENOMEM: a->arena->failed = true; break;
	case ARES_ECANCELLED:
	case ARES_ETIMEOUT: q->why = "no answer from the name server"; break;
	case ARES_ESERVFAIL: q->why = "the name server has failed"; break;
	case ARES_EREFUSED: q->why = "the name server refuses"; break;
	case ARES_ECONNREFUSED:
		q->why = "no name server can be reached, or all have failed";
		break;
	default: q->why = "the name server's answer cannot be read"; break;
	}
	q->n = 0;
}

static void
finish(struct asked *a, int status)
{
	judge(a, status);
	if (a->question->n > 1)
		qsort(a->records, a->question->n, sizeof(*a->records), compare);
}

/* An ares_callback. */
static void
on_answer(void *context, int status, int timeouts, unsigned char *answer, int n)
{
	struct asked *a = context;
	const struct mc_dns_question *q = a->question;

	(void)timeouts;
	if (status == ARES_SUCCESS)
		status = types[q->type].take(a, answer, n);
	finish(a, status);
}

/* An ares_addrinfo_callback. */
static void
on_addresses(
	void *context, int status, int timeouts, struct ares_addrinfo *info)
{
	struct asked *a = context;
	const struct ares_addrinfo_node *node = info == NULL ? NULL
							     : info->nodes;

	(void)timeouts;
	for (; status == ARES_SUCCESS && node != NULL; node = node->ai_next)
		if (node->ai_family == AF_INET)
			take_address(a, AF_INET,
				&((const struct sockaddr_in *)(const void *)
						node->ai_addr)
					 ->sin_addr);
		else if (node->ai_family == AF_INET6)
			take_address(a, AF_INET6,
				&((const struct sockaddr_in6 *)(const void *)
						node->ai_addr)
					 ->sin6_addr);
	ares_freeaddrinfo(info);
	finish(a, status);
}

/* RFC 6761: it and what is below is this machine; nobody is asked. */
static bool
is_localhost(const char *name)
{
	static const char local[] = "localhost";
	size_t n = strlen(name), tail = sizeof(local) - 1;

	return n >= tail && strcmp(name + n - tail, local) == 0 &&
		(n == tail || name[n - tail - 1] == '.');
}

static void
ask(struct mc_dns *dns, struct asked *a)
{
	const struct mc_dns_question *q = a->question;
	const struct ares_addrinfo_hints hints = {
		.ai_family = types[q->type].family,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = ARES_AI_NOSORT};

	if (hints.ai_family == 0) {
		/* C_IN */
		ares_query(dns->channel, q->name, 1, types[q->type].number,
			on_answer, a);
	} else if (is_localhost(q->name)) {
		if (hints.ai_family == AF_INET)
			take_address(a, AF_INET,
				&(const struct in_addr){
					htonl(INADDR_LOOPBACK)});
		else
			take_address(a, AF_INET6, &in6addr_loopback);
		finish(a, ARES_SUCCESS);
	} else {
		ares_getaddrinfo(
			dns->channel, q->name, NULL, &hints, on_addresses, a);
	}
}

/* Labels of 1 to 63 small letters, digits, - and _. */
static bool
is_name(const char *name)
{
	size_t n = strlen(name), label = 0;

	for (size_t i = 0; i < n; i++) {
		if (name[i] == '.' && (label == 0 || label > 63))
			return false;
		label = name[i] == '.' ? 0 : label + 1;
	}
	return n <= NAME_MAX_BYTES && label > 0 && label <= 63 &&
		strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == n;
}

/* Until every question has its answer, or the time is over. */
static void
wait_for(struct mc_dns *dns)
{
	long long end = mc_wire_clock() + WHOLE;

	for (;;) {
		ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
		struct pollfd fds[ARES_GETSOCK_MAXNUM];
		struct timeval longest = {0, (suseconds_t)GLANCE * 1000}, left,
			       *wait;
		nfds_t n = 0;
		int bits = ares_getsock(
			dns->channel, sockets, ARES_GETSOCK_MAXNUM);

		if (bits == 0)
			return;
		if (mc_wire_clock() > end ||
			(dns->stopped != NULL && dns->stopped(dns->context))) {
			ares_cancel(dns->channel);
			return;
		}
		for (; n < ARES_GETSOCK_MAXNUM; n++) {
			bool in = ARES_GETSOCK_READABLE(bits, n) != 0;
			bool out = ARES_GETSOCK_WRITABLE(bits, n) != 0;

			if (!in && !out)
				break;
			fds[n].fd = sockets[n];
			fds[n].events = (short)((in ? POLLIN : 0) |
				(out ? POLLOUT : 0));
			fds[n].revents = 0;
		}
		wait = ares_timeout(dns->channel, &longest, &left);
		(void)poll(fds, n,
			(int)(wait->tv_sec * 1000 + wait->tv_usec / 1000 + 1));
		ares_process_fd(dns->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
		for (nfds_t i = 0; i < n; i++)
			if (fds[i].revents != 0)
				ares_process_fd(dns->channel, fds[i].fd,
					(fds[i].events & POLLOUT) != 0
						? fds[i].fd
						: ARES_SOCKET_BAD);
	}
}

bool
mc_dns_ask(struct mc_dns *dns, struct mc_arena *arena,
	struct mc_dns_question *questions, size_t n)
{
	struct asked *asked = mc_arena_alloc(arena, n * sizeof(*asked));

	for (size_t i = 0; asked != NULL && i < n; i++) {
		struct mc_dns_question *q = &questions[i];

		q->n = q->dropped = 0;
		q->fate = MC_DNS_ABSENT;
		q->why = "it is no name of the domain name system";
		asked[i].arena = arena;
		asked[i].question = q;
		asked[i].records = mc_arena_alloc(
			arena, MC_DNS_RECORDS * sizeof(*asked[i].records));
		q->records = asked[i].records;
		if (is_name(q->name) && q->records != NULL)
			ask(dns, &asked[i]);
	}
	wait_for(dns);
	return !arena->failed;
}
