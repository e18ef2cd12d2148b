/* SPDX-License-Identifier: ISC */
/* Server URLs: byte 0 is the protocol, the rest the text. */
#include <string.h>

#include "fuzz.h"
#include "text.h"
#include "url.h"

static void
check(struct mc_arena *arena, enum mailcfg_protocol protocol, const char *text,
	const struct mc_url *url)
{
	const char *scheme = strstr(text, "://");
	const char *rest = scheme == NULL ? text : scheme + 3;
	const char *at = strrchr(rest, '@');
	struct mc_url again;

	MUST(url->host != NULL && url->host[0] != '\0');
	MUST(url->port >= 1 && url->port <= 65535);
	MUST(url->host_at <= mc_utf8_count(text, strlen(text)));
	MUST(url->host[strcspn(url->host, "/?#")] == '\0');
	/* no password got through */
	MUST(at == NULL || memchr(rest, ':', (size_t)(at - rest)) == NULL);
	MUST((at != NULL) == (url->user != NULL));
	MUST(url->user == NULL || url->user[0] != '\0');
	/* what is no host is found when the host is looked at */
	if (url->host[strcspn(url->host, ":[@")] != '\0' ||
		strstr(url->host, "://") != NULL)
		return;
	text = mc_url_write(arena, protocol, url->tls, url->host, url->port);
	MUST(text != NULL);
	MUST(mc_url_parse(arena, protocol, text, &again) == MC_URL_OK);
	MUST(again.tls == url->tls && again.port == url->port);
	MUST(again.user == NULL && strcmp(again.host, url->host) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mc_arena arena = {0};
	enum mailcfg_protocol protocol;
	enum mc_url_fault fault;
	struct mc_url url;
	const char *text;

	if (size == 0)
		return 0;
	protocol = (enum mailcfg_protocol)(data[0] % MAILCFG_PROTOCOLS);
	text = mc_arena_strndup(&arena, (const char *)data + 1, size - 1);
	fault = mc_url_parse(&arena, protocol, text, &url);
	MUST(fault != MC_URL_MEMORY);
	MUST(mc_url_fault_name(fault)[0] != '\0');
	if (fault == MC_URL_OK)
		check(&arena, protocol, text, &url);
	else
		MUST(url.fault_at <= strlen(text));
	mc_arena_free(&arena);
	return 0;
}
