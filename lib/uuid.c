/* SPDX-License-Identifier: ISC */
#include "uuid.h"

#include <string.h>

#include "digest.h"
#include "text.h"

size_t
mc_identifier_local(char *out, const char *local, size_t n)
{
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char byte = (unsigned char)local[i];

		if ((byte >= 'a' && byte <= 'z') ||
			(byte >= '0' && byte <= '9') || byte == '-') {
			out[used++] = (char)byte;
		} else {
			out[used++] = '_';
			out[used++] = mc_hex_lower[byte >> 4];
			out[used++] = mc_hex_lower[byte & 15];
		}
	}
	return used;
}

char *
mc_identifier(struct mc_arena *arena, const char *identity)
{
	static const char middle[] = ".mailcfg.";
	const char *at = strrchr(identity, '@');
	const char *end = identity + strlen(identity);
	size_t domain = (size_t)(end - at) - 1, local = (size_t)(at - identity);
	char *text = mc_arena_alloc(
		arena, domain + sizeof(middle) + 3 * local + 1);
	char *out = text;

	if (text == NULL)
		return NULL;
	/* labels, last first */
	for (const char *dot = end; dot > at; end = dot) {
		size_t n;

		for (dot = end - 1; *dot != '.' && dot > at;)
			dot--;
		n = (size_t)(end - dot) - 1;
		if (out != text)
			*out++ = '.';
		memcpy(out, dot + 1, n);
		out += n;
	}
	memcpy(out, middle, sizeof(middle) - 1);
	out += sizeof(middle) - 1;
	out += mc_identifier_local(out, identity, local);
	*out = '\0';
	return text;
}

void
mc_uuid5(const char *identifier, const char *purpose, char out[MC_UUID_SIZE])
{
	/* RFC 9562, section 6.6: the name space for domain names */
	static const unsigned char dns[16] = {0x6b, 0xa7, 0xb8, 0x10, 0x9d,
		0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30,
		0xc8};
	size_t n = strlen(identifier), more = 0;
	unsigned char name[256], hash[MC_SHA1_SIZE];
	struct mc_part_bytes parts[] = {{dns, sizeof(dns)}, {identifier, n},
		{purpose == NULL ? NULL : ".", 1}, {purpose, 0}, {NULL, 0}};

	if (purpose != NULL)
		more = strlen(purpose);
	parts[3].size = more;
	/* in one piece, as far as it fits: there are many of them */
	if (sizeof(dns) + n + 1 + more <= sizeof(name)) {
		memcpy(name, dns, sizeof(dns));
		memcpy(name + sizeof(dns), identifier, n);
		n += sizeof(dns);
		if (purpose != NULL) {
			name[n++] = '.';
			memcpy(name + n, purpose, more);
		}
		parts[0] = (struct mc_part_bytes){name, n + more};
		parts[1] = (struct mc_part_bytes){NULL, 0};
	}
	mc_sha1(parts, hash);
	hash[6] = (unsigned char)((hash[6] & 0x0f) | 0x50);
	hash[8] = (unsigned char)((hash[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < 16; i++) {
		/* where the digits go, the hyphens counted */
		size_t at = 2 * i + (i >= 4) + (i >= 6) + (i >= 8) + (i >= 10);

		out[at] = mc_hex_upper[hash[i] >> 4];
		out[at + 1] = mc_hex_upper[hash[i] & 15];
	}
	out[8] = out[13] = out[18] = out[23] = '-';
	out[MC_UUID_SIZE - 1] = '\0';
}
