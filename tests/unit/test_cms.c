/* SPDX-License-Identifier: ISC */
/* Signed bytes, made on the spot, and what becomes of them on the way. */
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "cms_read.h"

#include "test.h"

static const char content[] = "what was signed\nand is to be found again\n";
enum { CONTENT = sizeof(content) - 1 };
static const int64_t day = INT64_C(24) * 60 * 60;
static const int64_t now = 1800000000; /* 2027-01-15 */

/* A signer whose certificate is valid from a day ago to a day from now. */
struct signer {
	EVP_PKEY *key;
	X509 *certificate;
};

static void
set_name(X509_NAME *name, const char *text)
{
	assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
				 (const unsigned char *)text, -1, -1, 0),
		1);
}

static struct signer
make_signer(const char *name)
{
	struct signer s = {EVP_EC_gen("P-256"), X509_new()};

	assert_non_null(s.key);
	assert_non_null(s.certificate);
	assert_int_equal(X509_set_version(s.certificate, 2), 1);
	assert_int_equal(
		ASN1_INTEGER_set(X509_get_serialNumber(s.certificate), 5), 1);
	assert_non_null(ASN1_TIME_set(
		X509_getm_notBefore(s.certificate), (time_t)(now - day)));
	assert_non_null(ASN1_TIME_set(
		X509_getm_notAfter(s.certificate), (time_t)(now + day)));
	set_name(X509_get_subject_name(s.certificate), name);
	set_name(X509_get_issuer_name(s.certificate), name);
	assert_int_equal(X509_set_pubkey(s.certificate, s.key), 1);
	assert_true(X509_sign(s.certificate, s.key, EVP_sha256()) > 0);
	return s;
}

static void
free_signer(struct signer *s)
{
	EVP_PKEY_free(s->key);
	X509_free(s->certificate);
}

/* What a list of certificates is, but with a content. */
static void
put_content(CMS_ContentInfo *cms, X509 *certificate)
{
	ASN1_OCTET_STRING **at = CMS_get0_content(cms);

	assert_non_null(at);
	if (*at == NULL)
		*at = ASN1_OCTET_STRING_new();
	assert_non_null(*at);
	assert_int_equal(ASN1_STRING_set(*at, content, CONTENT), 1);
	(*at)->flags &= ~(long)ASN1_STRING_FLAG_CONT;
	assert_int_equal(CMS_add1_cert(cms, certificate), 1);
}

/* The content, signed; *n bytes that are the caller's. */
static unsigned char *
sign(const struct signer *s, int n_signers, unsigned flags, size_t *n)
{
	BIO *in = BIO_new_mem_buf(content, CONTENT);
	CMS_ContentInfo *cms;
	unsigned char *bytes = NULL;
	int size;

	flags |= CMS_BINARY;
	cms = CMS_sign(NULL, NULL, NULL, in, flags | CMS_PARTIAL);
	assert_non_null(cms);
	for (int i = 0; i < n_signers; i++)
		/* the certificate once */
		assert_non_null(CMS_add1_signer(cms, s->certificate, s->key,
			EVP_sha256(), i == 0 ? flags : flags | CMS_NOCERTS));
	if (n_signers > 0)
		assert_int_equal(CMS_final(cms, in, NULL, flags), 1);
	else
		put_content(cms, s->certificate);
	size = i2d_CMS_ContentInfo(cms, &bytes);
	assert_true(size > 0);
	*n = (size_t)size;
	CMS_ContentInfo_free(cms);
	(void)BIO_free(in);
	return bytes;
}

/* Just as many bytes, so that a step too far is seen. */
static enum mc_cms_result
read_bytes(struct mc_arena *arena, const unsigned char *bytes, size_t n,
	int64_t when, struct mc_cms *cms)
{
	char *copy = malloc(n == 0 ? 1 : n);
	enum mc_cms_result result;

	assert_non_null(copy);
	memcpy(copy, bytes, n);
	result = mc_cms_read(arena, copy, n, "", when, cms);
	free(copy);
	assert_false(arena->failed);
	assert_int_equal(ERR_peek_error(), 0);
	return result;
}

static void
test_good(void **state)
{
	static const struct {
		int64_t when;
		bool early, expired;
	} times[] = {
		{0, true, false},
		{now - day - 1, true, false},
		{now, false, false},
		{now + day + 1, false, true},
	};
	struct signer s = make_signer("Sch\xc3\xb6n, A=B");
	size_t n;
	unsigned char *bytes = sign(&s, 1, 0, &n);

	(void)state;
	for (size_t i = 0; i < ROWS(times); i++) {
		struct mc_arena arena = {0};
		struct mc_cms cms;
		const struct mc_signature *g = &cms.signature;

		assert_int_equal(
			read_bytes(&arena, bytes, n, times[i].when, &cms),
			MC_CMS_READ);
		assert_int_equal(cms.size, CONTENT);
		assert_string_equal(cms.content, content);
		assert_true(g->there && g->good);
		assert_null(g->why);
		assert_string_equal(g->signer, "CN=Sch\xc3\xb6n\\, A=B");
		assert_string_equal(g->issuer, g->signer);
		assert_string_equal(g->digest, "sha256");
		assert_string_equal(g->from, "2027-01-14T08:00:00Z");
		assert_string_equal(g->until, "2027-01-16T08:00:00Z");
		assert_int_equal(g->early, times[i].early);
		assert_int_equal(g->expired, times[i].expired);
		assert_int_equal(strlen(g->signed_at), MC_CMS_DATE - 1);
		assert_int_equal(g->chain, MC_CHAIN_SELF);
		assert_int_equal(g->signers, 1);
		assert_int_equal(g->certificates, 1);
		mc_arena_free(&arena);
	}
	OPENSSL_free(bytes);
	free_signer(&s);
}

/* Cut anywhere, nothing is read. */
static void
test_cut(void **state)
{
	struct signer s = make_signer("Signer");
	size_t n;
	unsigned char *bytes = sign(&s, 1, 0, &n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct mc_arena arena = {0};
		struct mc_cms cms;

		assert_int_equal(read_bytes(&arena, bytes, i, now, &cms),
			i < 2 ? MC_CMS_OTHER : MC_CMS_BAD);
		mc_arena_free(&arena);
	}
	OPENSSL_free(bytes);
	free_signer(&s);
}

/* Whichever byte is changed: what is not the content any more is not good. */
static void
test_changed(void **state)
{
	struct signer s = make_signer("Signer");
	size_t n, bad = 0;
	unsigned char *bytes = sign(&s, 1, 0, &n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct mc_arena arena = {0};
		struct mc_cms cms;
		enum mc_cms_result result;

		bytes[i] ^= 0x01;
		result = read_bytes(&arena, bytes, n, now, &cms);
		bytes[i] ^= 0x01;
		if (result == MC_CMS_READ && cms.signature.good) {
			assert_int_equal(cms.size, CONTENT);
			assert_string_equal(cms.content, content);
		} else if (result == MC_CMS_READ) {
			assert_non_null(cms.signature.why);
			bad++;
		}
		mc_arena_free(&arena);
	}
	/* each byte of the content, of the signature, of the attributes */
	assert_true(bad > CONTENT + 64);
	OPENSSL_free(bytes);
	free_signer(&s);
}

static void
test_kinds(void **state)
{
	static const struct {
		int signers;
		unsigned flags;
		enum mc_cms_result result;
		bool good;
	} kinds[] = {
		{1, 0, MC_CMS_READ, true},
		{1, CMS_NOATTR, MC_CMS_READ, true},
		{1, CMS_NOCERTS, MC_CMS_READ, false},
		{1, CMS_DETACHED, MC_CMS_BAD, false},
		{MC_CMS_SIGNERS, 0, MC_CMS_READ, true},
		{MC_CMS_SIGNERS + 1, 0, MC_CMS_BAD, false},
		{0, 0, MC_CMS_BAD, false},
	};
	struct signer s = make_signer("Signer");

	(void)state;
	for (size_t i = 0; i < ROWS(kinds); i++) {
		struct mc_arena arena = {0};
		struct mc_cms cms;
		unsigned char *bytes;
		size_t n;

		bytes = sign(&s, kinds[i].signers, kinds[i].flags, &n);
		assert_int_equal(read_bytes(&arena, bytes, n, now, &cms),
			kinds[i].result);
		assert_int_equal(cms.signature.good, kinds[i].good);
		if (kinds[i].result == MC_CMS_BAD)
			assert_true(strlen(cms.why) > 0);
		else
			assert_int_equal(
				cms.signature.signers, kinds[i].signers);
		OPENSSL_free(bytes);
		mc_arena_free(&arena);
	}
	free_signer(&s);
}

/* Bytes that are something else. */
static void
test_others(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum mc_cms_result result;
	} others[] = {
		{"", 0, MC_CMS_OTHER},
		{"0", 1, MC_CMS_OTHER},
		{"01234", 5, MC_CMS_OTHER},
		{"<plist", 6, MC_CMS_OTHER},
		{"0\x80", 2, MC_CMS_BAD},
		{"0\x84\xff\xff\xff\xff", 6, MC_CMS_BAD},
		{"0\x80\x00\x00", 4, MC_CMS_BAD},
		/* ContentInfo of type data */
		{"0\x81\x13\x06\x09*\x86H\x86\xf7\r\x01\x07\x01"
		 "\xa0\x06\x04\x04"
		 "abcd",
			22, MC_CMS_BAD},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(others); i++) {
		struct mc_arena arena = {0};
		struct mc_cms cms;

		assert_int_equal(read_bytes(&arena,
					 (const unsigned char *)others[i].bytes,
					 others[i].n, now, &cms),
			others[i].result);
		assert_false(cms.signature.there);
		mc_arena_free(&arena);
	}
}

/* Many levels in another, and more bytes than are taken. */
static void
test_limits(void **state)
{
	const size_t n = MC_CMS_BYTES + 1;
	unsigned char *bytes = malloc(n);
	struct mc_arena arena = {0};
	struct mc_cms cms;

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < n; i++)
		bytes[i] = i % 2 == 0 ? 0x30 : 0x80;
	assert_int_equal(
		read_bytes(&arena, bytes, n - 1, now, &cms), MC_CMS_BAD);
	assert_int_equal(read_bytes(&arena, bytes, n, now, &cms), MC_CMS_BAD);
	assert_string_equal(cms.why, "it has more than 2 MiB");
	free(bytes);
	mc_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
