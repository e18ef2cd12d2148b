/* SPDX-License-Identifier: ISC */
/* CalDAV and CardDAV, as far as anybody may ask: is the service there? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "talk.h"

/* "HTTP/1.1 301 Moved"; 0: it is none. */
static int
status_of(const char *line, size_t n)
{
	const char *at = memchr(line, ' ', n);
	int status = 0;

	if (!mc_talk_starts(line, n, "HTTP/1.") || at == NULL)
		return 0;
	for (int i = 1; i <= 3; i++) {
		if (at[i] < '0' || at[i] > '9')
			return 0;
		status = status * 10 + (at[i] - '0');
	}
	return status;
}

/* The status, and where it leads; 0: there is none. */
static int
read_head(struct mc_talk *t)
{
	static const char name[] = "Location:";
	size_t n;
	const char *line = mc_talk_line(t, &n);
	int status;

	if (line == NULL)
		return 0;
	mc_talk_keep(t, line, n);
	status = status_of(line, n);
	if (status == 0)
		return 0;
	while ((line = mc_talk_line(t, &n)) != NULL && n > 0) {
		if (!mc_talk_starts(line, n, name))
			continue;
		line += sizeof(name) - 1;
		n -= sizeof(name) - 1;
		while (n > 0 && *line == ' ') {
			line++;
			n--;
		}
		mc_talk_keep(t, line, n);
	}
	return status;
}

static enum mc_reason
judge(const struct mc_talk *t, int status)
{
	if (status >= 300 && status < 400)
		return mc_talk_starts(t->said, t->n_said, "http:")
			? MC_WHY_SERVICE_CLEAR
			: MC_WHY_GOOD;
	/* 401: it wants to know who asks; 405: it is there */
	if ((status >= 200 && status < 300) || status == 401 || status == 405)
		return MC_WHY_GOOD;
	return status >= 500 ? MC_WHY_SERVICE_FAULT : MC_WHY_NO_SERVICE;
}

static void
ask(struct mc_talk *t, const char *path)
{
	struct mc_buf text = {0};
	int status = 0;
	bool sent;

	mc_buf_printf(&text,
		"PROPFIND %s HTTP/1.1\r\nHost: %s:%u\r\nDepth: 0\r\n"
		"User-Agent: mailcfg\r\nContent-Length: 0\r\n"
		"Connection: close\r\n\r\n",
		path, t->to->host, t->to->port);
	if (text.failed)
		t->wire.fault = MC_WIRE_MEMORY;
	sent = mc_wire_send(&t->wire, text.data, text.len);
	mc_buf_free(&text);
	if (sent)
		status = read_head(t);
	if (status == 0 && t->wire.fault != MC_WIRE_OK) {
		(void)mc_talk_broke(t, MC_STEP_SERVICE, MC_ANSWER_FAULT);
		return;
	}
	mc_talk_hear(t, MC_STEP_SERVICE,
		status == 0 ? MC_WHY_OTHER_PROTOCOL : judge(t, status));
}

void
mc_probe_dav(
	const struct mc_probe_to *to, const char *path, struct mc_probe *out)
{
	struct mc_talk t = {.to = to, .out = out};

	*out = (struct mc_probe){.refused = false};
	t.wire.fd = mc_reach(to, out);
	if (t.wire.fd == -1)
		return;
	t.wire.until = mc_wire_clock() + MC_TALK_WHOLE;
	t.wire.stopped = to->stopped;
	t.wire.context = to->context;
	if (mc_talk_secure(&t))
		ask(&t, path);
	mc_wire_close(&t.wire);
}
