/* SPDX-License-Identifier: ISC */
/* Keys and certificates out of PEM and PKCS#12. */
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <string.h>

#include "signer.h"

/* A file that is being read. */
struct reading {
	const struct mc_signer_source *source;
	const struct mc_signer_file *file;
	struct mc_report *report;
	struct mc_credentials *into;
	bool asked;             /* the key wanted a passphrase */
	const char *passphrase; /* NULL: there is none */
};

bool
mc_signer_memory(struct mc_report *report)
{
	bool memory = false;
	unsigned long code;

	while ((code = ERR_get_error()) != 0)
		memory = memory || ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE;
	if (memory)
		mc_say(report, MC_MSG_NO_MEMORY, NULL, NULL, NULL, "%s", "");
	return memory;
}

void
mc_credentials_free(struct mc_credentials *c)
{
	EVP_PKEY_free(c->key);
	sk_X509_pop_free(c->certificates, X509_free);
	*c = (struct mc_credentials){NULL, NULL};
}

static bool
complain(const struct reading *r, enum mc_msg id, const char *detail)
{
	const struct mailcfg_pos pos = {r->file->name, 0, 0};

	if (!mc_signer_memory(r->report))
		mc_say(r->report, id, &pos, NULL, NULL, "%s", detail);
	return false;
}

/* false: there is none, which is reported. */
static bool
ask(struct reading *r)
{
	if (r->asked)
		return r->passphrase != NULL;
	r->asked = true;
	if (r->source->passphrase == NULL)
		return complain(r, MC_MSG_SIGN_PASSPHRASE,
			"the key is encrypted: give --sign-passphrase-from");
	r->passphrase = r->source->passphrase(r->source->context);
	return r->passphrase != NULL;
}

static bool
wrong_passphrase(const struct reading *r)
{
	return complain(
		r, MC_MSG_SIGN_PASSPHRASE, "this passphrase does not open it");
}

/* Takes the certificate. */
static bool
add(struct reading *r, X509 *certificate)
{
	if (certificate == NULL)
		return true;
	if (r->into->certificates == NULL)
		r->into->certificates = sk_X509_new_null();
	if (r->into->certificates != NULL &&
		sk_X509_push(r->into->certificates, certificate) > 0)
		return true;
	X509_free(certificate);
	return complain(r, MC_MSG_NO_MEMORY, "");
}

/* Whether libcrypto does not know how something is encrypted. */
static bool
is_unsupported(void)
{
	bool unsupported = false;
	unsigned long code;

	/* the rest is of no use to anybody, unless memory ran out */
	while (!unsupported && (code = ERR_peek_error()) != 0 &&
		ERR_GET_REASON(code) != ERR_R_MALLOC_FAILURE) {
		unsupported = ERR_GET_REASON(code) == ERR_R_UNSUPPORTED;
		(void)ERR_get_error();
	}
	return unsupported;
}

static bool
complain_pkcs12(const struct reading *r)
{
	if (is_unsupported())
		return complain(r, MC_MSG_SIGN_LEGACY,
			"openssl pkcs12 -legacy -noenc -in FILE -out "
			"signer.pem makes a file that can be used");
	return wrong_passphrase(r);
}

/* Takes what was found, as far as it is wanted. */
static bool
take(struct reading *r, EVP_PKEY *key, X509 *certificate, STACK_OF(X509) * rest)
{
	bool key_only = r->file != &r->source->cert;
	bool ok = true;

	if (r->into->key == NULL)
		r->into->key = key;
	else
		EVP_PKEY_free(key);
	if (key_only) {
		X509_free(certificate);
		sk_X509_pop_free(rest, X509_free);
		return true;
	}
	ok = add(r, certificate);
	while (ok && sk_X509_num(rest) > 0)
		ok = add(r, sk_X509_shift(rest));
	sk_X509_pop_free(rest, X509_free);
	return ok;
}

static bool
parse_pkcs12(struct reading *r, PKCS12 *p12)
{
	STACK_OF(X509) *rest = NULL;
	X509 *certificate = NULL;
	EVP_PKEY *key = NULL;

	/* many have none */
	if (PKCS12_parse(p12, NULL, &key, &certificate, &rest) == 1)
		return take(r, key, certificate, rest);
	if (is_unsupported())
		return complain_pkcs12(r);
	if (mc_signer_memory(r->report) || !ask(r))
		return false;
	if (PKCS12_parse(p12, r->passphrase, &key, &certificate, &rest) != 1)
		return complain_pkcs12(r);
	return take(r, key, certificate, rest);
}

static bool
read_pkcs12(struct reading *r)
{
	const unsigned char *at = (const unsigned char *)r->file->bytes;
	PKCS12 *p12 = d2i_PKCS12(NULL, &at, (long)r->file->size);
	bool ok;

	if (p12 == NULL)
		return complain(
			r, MC_MSG_SIGN_FILE, "it is neither PEM nor PKCS#12");
	ok = parse_pkcs12(r, p12);
	PKCS12_free(p12);
	return ok;
}

/* A pem_password_cb. */
static int
give(char *out, int size, int writing, void *context)
{
	struct reading *r = context;
	size_t n;

	(void)writing;
	if (!ask(r))
		return -1;
	n = strlen(r->passphrase);
	if (n > (size_t)size)
		return -1;
	memcpy(out, r->passphrase, n);
	return (int)n;
}

static bool
is_pkcs12(const struct mc_signer_file *file)
{
	enum { SEQUENCE = 0x30 };

	return file->size > 0 && file->bytes[0] == SEQUENCE;
}

bool
mc_signer_has_key(const struct mc_signer_file *file)
{
	static const char words[] = "PRIVATE KEY-----";
	size_t n = sizeof(words) - 1;
	bool found = is_pkcs12(file);

	for (size_t i = 0; i + n <= file->size && !found; i++)
		found = memcmp(file->bytes + i, words, n) == 0;
	return found;
}

static bool
read_pem_key(struct reading *r, BIO *bio)
{
	if (!mc_signer_has_key(r->file))
		return true;
	r->into->key = PEM_read_bio_PrivateKey(bio, NULL, give, r);
	if (r->into->key != NULL) {
		ERR_clear_error();
		return true;
	}
	if (r->asked && r->passphrase != NULL)
		return wrong_passphrase(r);
	/* else it was said why there is none */
	return !r->asked &&
		complain(r, MC_MSG_SIGN_FILE, "its private key is malformed");
}

static bool
read_pem_certificates(struct reading *r, BIO *bio)
{
	X509 *certificate;
	unsigned long code;

	while ((certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL)
		if (!add(r, certificate))
			return false;
	code = ERR_peek_last_error();
	if (ERR_GET_LIB(code) != ERR_LIB_PEM ||
		ERR_GET_REASON(code) != PEM_R_NO_START_LINE)
		return complain(r, MC_MSG_SIGN_FILE,
			"a certificate in it is malformed");
	ERR_clear_error();
	return true;
}

static BIO *
open_bytes(struct reading *r)
{
	BIO *bio = BIO_new_mem_buf(r->file->bytes, (int)r->file->size);

	if (bio == NULL)
		(void)complain(r, MC_MSG_NO_MEMORY, "");
	return bio;
}

static bool
read_pem(struct reading *r, bool key)
{
	BIO *bio = open_bytes(r);
	bool ok = bio != NULL;

	if (ok && r->file == &r->source->cert)
		ok = read_pem_certificates(r, bio);
	BIO_free(bio);
	if (!ok || !key)
		return ok;
	bio = open_bytes(r);
	ok = bio != NULL && read_pem_key(r, bio);
	BIO_free(bio);
	return ok;
}

/* One of the files, for its key too or not. */
static bool
read_file(struct reading *r, const struct mc_signer_file *file, bool key)
{
	r->file = file;
	if (file->size > INT_MAX)
		return complain(r, MC_MSG_SIGN_FILE, "it is too long");
	if (is_pkcs12(file))
		return read_pkcs12(r);
	return read_pem(r, key);
}

bool
mc_credentials_read(struct mc_credentials *c,
	const struct mc_signer_source *source, struct mc_report *report)
{
	struct reading r = {.source = source, .report = report, .into = c};
	bool apart = source->key.bytes != NULL;

	/* the key first: that of a PKCS#12 with certificates is not wanted */
	if (apart && !read_file(&r, &source->key, true))
		return false;
	if (apart && c->key == NULL)
		return complain(
			&r, MC_MSG_SIGN_FILE, "there is no private key in it");
	if (!read_file(&r, &source->cert, !apart))
		return false;
	if (c->certificates == NULL)
		return complain(
			&r, MC_MSG_SIGN_FILE, "there is no certificate in it");
	return c->key != NULL ||
		complain(&r, MC_MSG_SIGN_FILE,
			"there is no private key in it: give --sign-key");
}
