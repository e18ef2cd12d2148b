/* SPDX-License-Identifier: ISC */
/* What the peers in C share: the rows, and the names of a profile. */
#ifndef PERSON_H
#define PERSON_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column {
	ADDRESS = 0,
	NAME,
	LOGIN,
	PASSWORD,
	IMAP_HOST,
	IMAP_PORT,
	SMTP_HOST,
	SMTP_PORT,
	SMTP_TLS,
	COLUMNS
};

/* Zero-initialise it but for the file. */
struct rows {
	FILE *file;
	char *line;
	size_t size;
	char *value[COLUMNS];
};

/* The field at s, in its place, and what follows; no field holds a line. */
static inline char *
cut_field(char *s, char **field)
{
	char *out = s;

	*field = s;
	if (*s != '"') {
		s += strcspn(s, ",\n");
		out = s;
	} else {
		for (s++; *s != '\0'; *out++ = *s++) {
			if (*s != '"')
				continue;
			if (*++s != '"')
				break;
		}
	}
	if (*s != '\0')
		s++;
	*out = '\0';
	return s;
}

static inline bool
next_row(struct rows *r)
{
	char *s;

	if (getline(&r->line, &r->size, r->file) <= 0)
		return false;
	s = r->line;
	for (int i = 0; i < COLUMNS; i++)
		s = cut_field(s, &r->value[i]);
	return true;
}

static inline bool
open_rows(struct rows *r, const char *path)
{
	r->file = fopen(path, "rb");
	return r->file != NULL && next_row(r);
}

/* The profile's name from the address; out holds 1 KiB. */
static inline void
identifier(const char *address, char *out)
{
	const char *at = strrchr(address, '@');
	const char *end = address + strlen(address);

	while (end > at) {
		const char *dot = end - 1;

		while (dot > at && *dot != '.')
			dot--;
		out += sprintf(out, "%.*s%s", (int)(end - dot - 1), dot + 1,
			dot > at ? "." : ".mailcfg.");
		end = dot;
	}
	for (const char *c = address; c < at; c++) {
		if ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') ||
			*c == '-')
			*out++ = *c;
		else
			out += sprintf(out, "_%02x", (unsigned char)*c);
	}
	*out = '\0';
}

/* RFC 9562, version 5, of a domain name; the digest is fetched once. */
static inline bool
uuid5(const char *name, char out[37])
{
	static const unsigned char dns[16] = {0x6b, 0xa7, 0xb8, 0x10, 0x9d,
		0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30,
		0xc8};
	static EVP_MD *sha1;
	static EVP_MD_CTX *context;
	unsigned char h[EVP_MAX_MD_SIZE];

	if (context == NULL) {
		sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
		context = EVP_MD_CTX_new();
	}
	if (EVP_DigestInit_ex2(context, sha1, NULL) != 1 ||
		EVP_DigestUpdate(context, dns, sizeof(dns)) != 1 ||
		EVP_DigestUpdate(context, name, strlen(name)) != 1 ||
		EVP_DigestFinal_ex(context, h, NULL) != 1)
		return false;
	h[6] = (unsigned char)((h[6] & 0x0f) | 0x50);
	h[8] = (unsigned char)((h[8] & 0x3f) | 0x80);
	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = "0123456789ABCDEF"[h[i] >> 4];
		*out++ = "0123456789ABCDEF"[h[i] & 15];
	}
	*out = '\0';
	return true;
}

#endif
