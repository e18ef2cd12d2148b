/* SPDX-License-Identifier: ISC */
#include "dav.h"

#include <stdint.h>
#include <string.h>

#include "host.h"
#include "text.h"

const char *
mc_dav_parse(struct mc_arena *arena, const char *text, struct mailcfg_dav *dav)
{
	static const char scheme[] = "https://";
	const char *end, *colon, *why = "";
	size_t n;

	*dav = (struct mailcfg_dav){.port = 443};
	if (mc_strncasecmp(text, scheme, sizeof(scheme) - 1) != 0)
		return "https://host[:port][/path] is wanted";
	text += sizeof(scheme) - 1;
	n = strcspn(text, "/?#");
	end = text + n;
	if (memchr(text, '@', n) != NULL)
		return "a URL with a login in it cannot be used";
	colon = memchr(text, ':', n);
	if (colon != NULL && text[0] != '[') {
		n = (size_t)(colon - text);
		dav->port = 0;
		for (const char *c = colon + 1; c < end; c++) {
			if (*c < '0' || *c > '9')
				return "the port is not a number";
			dav->port = dav->port * 10 + (unsigned)(*c - '0');
			if (dav->port > UINT16_MAX)
				return "the port is above 65535";
		}
		if (dav->port == 0)
			return "the port is not a number";
	}
	dav->host = mc_host_ascii(arena, text, n, &why);
	if (dav->host == NULL)
		return why;
	if (end[0] != '\0' && strcmp(end, "/") != 0)
		dav->path = mc_arena_strdup(arena, end);
	return arena->failed ? "out of memory" : NULL;
}
