/* SPDX-License-Identifier: ISC */
#include "sasl.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "../arena.h"
#include "../text.h"

enum { CHALLENGE = 2048, ROUNDS_MOST = 1000000 };

static void
put_base64(struct mc_buf *out, const void *bytes, size_t n)
{
	char *room = mc_buf_room(out, 4 * ((n + 2) / 3) + 1);

	if (room == NULL)
		return;
	(void)EVP_EncodeBlock((unsigned char *)room, bytes, (int)n);
	/* its NUL is no part of it */
	out->len--;
	out->data[out->len] = '\0';
}

/* NUL-terminated; -1: it is no base64, or too long. */
static int
from_base64(const char *text, char out[CHALLENGE])
{
	size_t n = strlen(text);
	int len;

	if (n == 0 || n % 4 != 0 || n / 4 * 3 >= CHALLENGE)
		return -1;
	len = EVP_DecodeBlock(
		(unsigned char *)out, (const unsigned char *)text, (int)n);
	if (len < 0)
		return -1;
	len -= (text[n - 1] == '=') + (text[n - 2] == '=');
	out[len] = '\0';
	return len;
}

static const EVP_MD *
hash_of(enum mc_mechanism mechanism)
{
	if (mechanism == MC_MECHANISM_CRAM)
		return EVP_md5();
	return mechanism == MC_MECHANISM_SCRAM_1 ? EVP_sha1() : EVP_sha256();
}

static bool
is_scram(const struct mc_sasl *s)
{
	return s->mechanism == MC_MECHANISM_SCRAM_1 ||
		s->mechanism == MC_MECHANISM_SCRAM_256;
}

static bool
hmac(const struct mc_sasl *s, const void *key, size_t n_key, const void *bytes,
	size_t n, unsigned char out[EVP_MAX_MD_SIZE])
{
	unsigned size = 0;

	return HMAC(hash_of(s->mechanism), key, (int)n_key, bytes, n, out,
		       &size) != NULL;
}

/* 18 random bytes as base64: 24 characters. */
static bool
make_nonce(struct mc_sasl *s)
{
	unsigned char random[18];

	if (s->nonce[0] != '\0')
		return true;
	if (RAND_bytes(random, sizeof(random)) != 1)
		return false;
	(void)EVP_EncodeBlock(
		(unsigned char *)s->nonce, random, sizeof(random));
	return true;
}

/* "n=alice,r=nonce" */
static bool
scram_first(struct mc_sasl *s, struct mc_buf *out)
{
	struct mc_buf text = {0};

	if (!make_nonce(s)) {
		s->failed = true;
		return false;
	}
	mc_buf_puts(&s->bare, "n=");
	for (const char *c = s->login; *c != '\0'; c++) {
		if (*c == ',')
			mc_buf_puts(&s->bare, "=2C");
		else if (*c == '=')
			mc_buf_puts(&s->bare, "=3D");
		else
			mc_buf_putc(&s->bare, *c);
	}
	mc_buf_printf(&s->bare, ",r=%s", s->nonce);
	mc_buf_puts(&text, "n,,");
	if (!s->bare.failed)
		mc_buf_puts(&text, s->bare.data);
	s->failed = s->bare.failed || text.failed;
	if (!s->failed)
		put_base64(out, text.data, text.len);
	mc_buf_free(&text);
	return !s->failed;
}

/* The value of an attribute, "s=" in "r=...,s=...,i=4096"; its length. */
static const char *
attribute(const char *text, char name, size_t *n)
{
	for (; *text != '\0'; text += *text == ',') {
		size_t len = strcspn(text, ",");

		if (len >= 2 && text[0] == name && text[1] == '=') {
			*n = len - 2;
			return text + 2;
		}
		text += len;
	}
	return NULL;
}

/* The keys of both sides, and the client's proof. */
static bool
prove(struct mc_sasl *s, const unsigned char *salt, int n_salt, long rounds,
	unsigned char proof[EVP_MAX_MD_SIZE])
{
	const EVP_MD *md = hash_of(s->mechanism);
	size_t size = (size_t)EVP_MD_get_size(md);
	unsigned char salted[EVP_MAX_MD_SIZE], client[EVP_MAX_MD_SIZE],
		stored[EVP_MAX_MD_SIZE], key[EVP_MAX_MD_SIZE];
	bool ok;

	ok = PKCS5_PBKDF2_HMAC(s->password, (int)strlen(s->password), salt,
		     n_salt, (int)rounds, md, (int)size, salted) == 1 &&
		hmac(s, salted, size, "Client Key", 10, client) &&
		EVP_Digest(client, size, stored, NULL, md, NULL) == 1 &&
		hmac(s, stored, size, s->bare.data, s->bare.len, proof) &&
		hmac(s, salted, size, "Server Key", 10, key) &&
		hmac(s, key, size, s->bare.data, s->bare.len, s->server);
	for (size_t i = 0; ok && i < size; i++)
		proof[i] ^= client[i];
	mc_wipe(salted, sizeof(salted));
	mc_wipe(client, sizeof(client));
	mc_wipe(stored, sizeof(stored));
	mc_wipe(key, sizeof(key));
	return ok;
}

/* "c=biws,r=nonce,p=proof" */
static bool
scram_answer(struct mc_sasl *s, const char *text, struct mc_buf *out)
{
	unsigned char proof[EVP_MAX_MD_SIZE];
	char salt_text[CHALLENGE], salt[CHALLENGE];
	const char *nonce, *salted, *count;
	size_t n, k, digits;
	struct mc_buf line = {0};
	long rounds;
	int n_salt;
	bool ok;

	nonce = attribute(text, 'r', &n);
	salted = attribute(text, 's', &k);
	count = attribute(text, 'i', &digits);
	if (nonce == NULL || salted == NULL || count == NULL ||
		n <= strlen(s->nonce) || k >= sizeof(salt_text) ||
		strncmp(nonce, s->nonce, strlen(s->nonce)) != 0)
		return false;
	memcpy(salt_text, salted, k);
	salt_text[k] = '\0';
	n_salt = from_base64(salt_text, salt);
	rounds = strtol(count, NULL, 10);
	/* who asks for more wants our time, not our password */
	if (n_salt < 0 || rounds < 1 || rounds > ROUNDS_MOST)
		return false;
	mc_buf_printf(&line, "c=biws,r=%.*s", (int)n, nonce);
	mc_buf_printf(
		&s->bare, ",%s,%s", text, line.data == NULL ? "" : line.data);
	ok = !s->bare.failed && !line.failed &&
		prove(s, (const unsigned char *)salt, n_salt, rounds, proof);
	if (ok) {
		mc_buf_puts(&line, ",p=");
		put_base64(&line, proof,
			(size_t)EVP_MD_get_size(hash_of(s->mechanism)));
		ok = !line.failed;
	}
	if (ok)
		put_base64(out, line.data, line.len);
	ok = ok && !out->failed;
	/* all that the server had to say was right */
	s->failed = !ok;
	mc_buf_free(&line);
	return ok;
}

/* "v=signature": an empty line is the answer.  "e=..." is a refusal. */
static bool
scram_verify(struct mc_sasl *s, const char *text)
{
	char sum[CHALLENGE], copy[CHALLENGE];
	const char *value;
	size_t n;
	int size = EVP_MD_get_size(hash_of(s->mechanism));

	s->refused = attribute(text, 'e', &n) != NULL;
	value = attribute(text, 'v', &n);
	if (value == NULL || n >= sizeof(copy))
		return false;
	memcpy(copy, value, n);
	copy[n] = '\0';
	s->proved = from_base64(copy, sum) == size &&
		memcmp(sum, s->server, (size_t)size) == 0;
	return s->proved;
}

/* "alice 0123abcd..." */
static bool
cram_answer(struct mc_sasl *s, const char *text, size_t n, struct mc_buf *out)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	char hex[2 * 16 + 1];
	struct mc_buf line = {0};

	if (!hmac(s, s->password, strlen(s->password), text, n, sum)) {
		s->failed = true;
		return false;
	}
	mc_hex(hex, sum, 16);
	mc_buf_printf(&line, "%s %s", s->login, hex);
	if (!line.failed)
		put_base64(out, line.data, line.len);
	s->failed = line.failed || out->failed;
	mc_buf_free(&line);
	return !s->failed;
}

bool
mc_sasl_first(struct mc_sasl *s, struct mc_buf *out)
{
	struct mc_buf text = {0};

	if (is_scram(s))
		return scram_first(s, out);
	if (s->mechanism != MC_MECHANISM_PLAIN)
		return false;
	mc_buf_putc(&text, '\0');
	mc_buf_puts(&text, s->login);
	mc_buf_putc(&text, '\0');
	mc_buf_puts(&text, s->password);
	if (text.failed)
		s->failed = true;
	else
		put_base64(out, text.data, text.len);
	mc_buf_free(&text);
	return !s->failed;
}

bool
mc_sasl_next(struct mc_sasl *s, const char *challenge, struct mc_buf *out)
{
	char text[CHALLENGE];
	unsigned step = s->step++;
	int n;

	if (s->mechanism == MC_MECHANISM_LOGIN) {
		const char *answer = step == 0 ? s->login : s->password;

		if (step < 2)
			put_base64(out, answer, strlen(answer));
		return step < 2 && !out->failed;
	}
	n = from_base64(challenge, text);
	if (n < 0 || memchr(text, '\0', (size_t)n) != NULL)
		return false;
	if (s->mechanism == MC_MECHANISM_CRAM)
		return step == 0 && cram_answer(s, text, (size_t)n, out);
	if (!is_scram(s))
		return false;
	return step == 0 ? scram_answer(s, text, out)
			 : step == 1 && scram_verify(s, text);
}

bool
mc_sasl_is_done(const struct mc_sasl *s)
{
	return !is_scram(s) || s->proved;
}

void
mc_sasl_free(struct mc_sasl *s)
{
	mc_buf_free(&s->bare);
	mc_wipe(s->server, sizeof(s->server));
}
