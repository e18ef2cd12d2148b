/* SPDX-License-Identifier: ISC */
/*
 * A server's side of a conversation: byte 0 chooses protocol and TLS mode, the
 * rest is what the server says, all at once.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "net/probe.h"
#include "net/reply.h"
#include "net/sasl.h"
#include "text.h"

enum { MOST = 64 * 1024 };

static struct mc_tls *trust;

static void
check_shown(const char *text)
{
	size_t at;

	MUST(strlen(text) <= MC_PROBE_TEXT);
	MUST(mc_text_check(text, strlen(text), true, &at) == MC_TEXT_OK);
	MUST(strstr(text, "Kanarie5") == NULL);
}

static void
converse(unsigned char kind, const char *said, size_t n)
{
	struct mc_probe_to to = {.protocol = (enum mailcfg_protocol)(kind % 3),
		.tls = kind / 3 % 2 == 0 ? MAILCFG_TLS_NONE
					 : MAILCFG_TLS_STARTTLS,
		.auth = kind / 6 % 2 == 0 ? MAILCFG_AUTH_PASSWORD
					  : MAILCFG_AUTH_NONE,
		.host = "mail.example.org",
		.port = 1,
		.login = "alice",
		.password = "Kanarie5Heart7Z",
		.mailbox = "alice@example.org",
		.helo = "example.org",
		.trust = trust};
	struct mc_probe probe = {.refused = false};
	int fd[2];

	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0);
	MUST(send(fd[1], said, n, MSG_NOSIGNAL) == (ssize_t)n);
	MUST(shutdown(fd[1], SHUT_WR) == 0);
	mc_probe_talk(&to, fd[0], &probe);
	for (size_t i = 0; i < MC_STEPS; i++) {
		const struct mc_finding *f = &probe.step[i];

		MUST(f->verdict == mc_reasons[f->reason].verdict);
		check_shown(f->detail);
		check_shown(f->said);
	}
	/* without TLS nobody logs in */
	MUST(probe.step[MC_STEP_LOGIN].verdict == MC_VERDICT_SKIPPED);
	(void)close(fd[1]);
}

/* Challenges of a server that may be anybody. */
static void
log_in(unsigned char kind, const char *said, size_t n)
{
	struct mc_sasl sasl = {
		.mechanism = (enum mc_mechanism)(kind % MC_MECHANISM_COUNT),
		.login = "al=i,ce",
		.password = "x",
		.nonce = "012345678901234567890123"};
	struct mc_buf out = {0};
	char line[1024];

	if (n >= sizeof(line))
		n = sizeof(line) - 1;
	memcpy(line, said, n);
	line[n] = '\0';
	(void)mc_sasl_first(&sasl, &out);
	(void)mc_sasl_next(&sasl, line, &out);
	(void)mc_sasl_next(&sasl, line, &out);
	MUST(!sasl.proved);
	mc_buf_free(&out);
	mc_sasl_free(&sasl);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *why;

	if (size == 0 || size > MOST)
		return 0;
	if (trust == NULL)
		trust = mc_tls_open(NULL, &why);
	MUST(trust != NULL);
	if (data[0] < 128)
		converse(data[0], (const char *)data + 1, size - 1);
	else
		log_in(data[0], (const char *)data + 1, size - 1);
	return 0;
}
