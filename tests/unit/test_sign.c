/* SPDX-License-Identifier: ISC */
/* What is signed, against OpenSSL's own CMS. */
#include "test.h"

#include <openssl/cms.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sign.h"

enum { DAY = 24 * 60 * 60 };

/* Who signs: a root, an intermediate, and one below it for each kind. */
static struct party {
	EVP_PKEY *key;
	X509 *certificate;
} root, middle, rsa, ec;
static long long now;

static void
add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&context, issuer, x, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	assert_non_null(extension);
	assert_int_equal(X509_add_ext(x, extension, -1), 1);
	X509_EXTENSION_free(extension);
}

static struct party
party_new(EVP_PKEY *key, const char *name, const struct party *issuer, bool ca)
{
	static long serial = 1000;
	struct party p = {key, X509_new()};
	X509 *x = p.certificate;
	X509_NAME *subject = X509_get_subject_name(x);

	assert_non_null(key);
	assert_int_equal(X509_set_version(x, 2), 1);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
	X509_gmtime_adj(X509_getm_notBefore(x), -DAY);
	X509_gmtime_adj(X509_getm_notAfter(x), 90L * DAY);
	assert_int_equal(
		X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
			(const unsigned char *)name, -1, -1, 0),
		1);
	if (issuer == NULL)
		issuer = &p;
	X509_set_issuer_name(x, X509_get_subject_name(issuer->certificate));
	X509_set_pubkey(x, key);
	add_extension(x, issuer->certificate, NID_basic_constraints,
		ca ? "critical,CA:TRUE" : "CA:FALSE");
	add_extension(x, issuer->certificate, NID_key_usage,
		ca ? "keyCertSign" : "digitalSignature");
	assert_true(X509_sign(x, issuer->key, EVP_sha256()) > 0);
	return p;
}

static int
set_up(void **state)
{
	(void)state;
	now = (long long)time(NULL);
	root = party_new(EVP_RSA_gen(2048), "Root", NULL, true);
	middle = party_new(EVP_EC_gen("P-256"), "Middle", &root, true);
	rsa = party_new(EVP_RSA_gen(2048), "rsa.example", &middle, false);
	ec = party_new(EVP_EC_gen("P-256"), "ec.example", &middle, false);
	return 0;
}

static int
tear_down(void **state)
{
	struct party *all[] = {&root, &middle, &rsa, &ec};

	(void)state;
	for (size_t i = 0; i < ROWS(all); i++) {
		EVP_PKEY_free(all[i]->key);
		X509_free(all[i]->certificate);
	}
	return 0;
}

/* What was said, by slug. */
static void
remember(void *context, const struct mailcfg_diag *diag)
{
	char *said = context;

	(void)snprintf(said, 64, "%s", diag->slug);
}

/* Loads from PEM; the certificates end with NULL. */
static struct mc_signer *
load(const struct party *p, X509 *const *others, long long when, char said[64])
{
	struct mc_report report = {.fn = remember, .context = said};
	BIO *bio = BIO_new(BIO_s_mem());
	struct mc_signer_source source = {.now = now, .time = when};
	struct mc_signer *signer;
	char *bytes = NULL;

	said[0] = '\0';
	for (; *others != NULL; others++)
		assert_int_equal(PEM_write_bio_X509(bio, *others), 1);
	assert_int_equal(PEM_write_bio_PKCS8PrivateKey(
				 bio, p->key, NULL, NULL, 0, NULL, NULL),
		1);
	source.cert.name = "cert.pem";
	source.cert.size = (size_t)BIO_get_mem_data(bio, &bytes);
	source.cert.bytes = bytes;
	signer = mc_signer_load(&source, &report);
	BIO_free(bio);
	return signer;
}

static struct mc_signer *
usual(const struct party *p, long long when)
{
	char said[64];
	struct mc_signer *signer = load(p,
		(X509 *[]){p->certificate, middle.certificate, NULL}, when,
		said);

	assert_string_equal(said, "");
	assert_non_null(signer);
	return signer;
}

static void
sign(const struct mc_signer *signer, struct mc_buf *buf, const void *bytes,
	size_t n)
{
	struct mc_signing *signing = mc_signing_new(signer);
	size_t start = buf->len;

	assert_non_null(signing);
	mc_buf_add(buf, bytes, n);
	assert_true(mc_sign(signing, buf, start));
	mc_signing_free(signing);
}

/* The same by CMS_sign. */
static void
sign_by_cms(const struct party *p, const void *bytes, size_t n, long long when,
	unsigned char **out, int *n_out)
{
	const unsigned flags = CMS_BINARY | CMS_PARTIAL;
	STACK_OF(X509) *others = sk_X509_new_null();
	BIO *bio = BIO_new_mem_buf(bytes, (int)n);
	ASN1_TIME *at = ASN1_TIME_set(NULL, (time_t)when);
	CMS_ContentInfo *cms;
	CMS_SignerInfo *info;

	sk_X509_push(others, middle.certificate);
	cms = CMS_sign(NULL, NULL, others, NULL, flags);
	assert_non_null(cms);
	info = CMS_add1_signer(cms, p->certificate, p->key, EVP_sha256(),
		flags | CMS_NOSMIMECAP);
	assert_non_null(info);
	assert_int_equal(CMS_signed_add1_attr_by_NID(
				 info, NID_pkcs9_signingTime, at->type, at, -1),
		1);
	assert_int_equal(CMS_final(cms, bio, NULL, CMS_BINARY), 1);
	*out = NULL;
	*n_out = i2d_CMS_ContentInfo(cms, out);
	assert_true(*n_out > 0);
	CMS_ContentInfo_free(cms);
	ASN1_TIME_free(at);
	BIO_free(bio);
	sk_X509_free(others);
}

/* 1999, two digits of a year to the last second, four from then on. */
static const long long times[] = {
	0, 946684799, 1700000000, 2524607999, 2524608000, 253402300799};

static void
test_bytes_of_cms_sign(void **state)
{
	static const char text[] = "line\nline\r\n\0\xff end";

	(void)state;
	for (size_t i = 0; i < ROWS(times); i++) {
		struct mc_signer *signer = usual(&rsa, times[i]);
		struct mc_buf buf = {0};
		unsigned char *want;
		int n;

		sign(signer, &buf, text, sizeof(text));
		sign_by_cms(&rsa, text, sizeof(text), times[i], &want, &n);
		assert_int_equal(buf.len, n);
		assert_memory_equal(buf.data, want, buf.len);
		OPENSSL_free(want);
		mc_buf_free(&buf);
		mc_signer_free(signer);
	}
}

/* What CMS_verify finds inside; it checks the chain up to the root too. */
static void
verify(const char *bytes, size_t n, const char *want, size_t n_want)
{
	const unsigned char *at = (const unsigned char *)bytes;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)n);
	X509_STORE *store = X509_STORE_new();
	BIO *out = BIO_new(BIO_s_mem());
	char *got = NULL;
	unsigned char *again = NULL;

	assert_non_null(cms);
	assert_ptr_equal(at, bytes + n);
	X509_STORE_add_cert(store, root.certificate);
	X509_STORE_set_purpose(store, X509_PURPOSE_ANY);
	assert_int_equal(
		CMS_verify(cms, NULL, store, NULL, out, CMS_BINARY), 1);
	assert_int_equal(BIO_get_mem_data(out, &got), n_want);
	if (n_want > 0)
		assert_memory_equal(got, want, n_want);
	/* it was DER */
	assert_int_equal(i2d_CMS_ContentInfo(cms, &again), n);
	assert_memory_equal(again, bytes, n);
	OPENSSL_free(again);
	CMS_ContentInfo_free(cms);
	X509_STORE_free(store);
	BIO_free(out);
}

static void
test_sizes(void **state)
{
	static const size_t sizes[] = {0, 1, 100, 127, 128, 200, 255, 256, 2800,
		65000, 65535, 65536, 300000};
	static char text[300000];
	const struct party *parties[] = {&rsa, &ec};

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 7 % 251);
	for (size_t p = 0; p < ROWS(parties); p++) {
		struct mc_signer *signer = usual(parties[p], now);

		for (size_t i = 0; i < ROWS(sizes); i++) {
			struct mc_buf buf = {0};

			/* what stands before it stays */
			mc_buf_puts(&buf, "before");
			sign(signer, &buf, text, sizes[i]);
			assert_memory_equal(buf.data, "before", 6);
			verify(buf.data + 6, buf.len - 6, text, sizes[i]);
			mc_buf_free(&buf);
		}
		mc_signer_free(signer);
	}
}

/* The certificates come in any order, twice, and with the root. */
static void
test_chains(void **state)
{
	X509 *const alone[] = {rsa.certificate, NULL},
		    *const twice[] = {middle.certificate, rsa.certificate,
			    middle.certificate, rsa.certificate, NULL},
		    *const whole[] = {rsa.certificate, middle.certificate,
			    root.certificate, NULL},
		    *const gap[] = {rsa.certificate, root.certificate, NULL},
		    *const other[] = {rsa.certificate, middle.certificate,
			    ec.certificate, NULL},
		    *const wrong[] = {ec.certificate, middle.certificate, NULL},
		    *const own[] = {root.certificate, NULL};
	const struct {
		const struct party *party;
		X509 *const *certificates;
		const char *said;
		bool loads;
		bool usual; /* the bytes are those of the usual chain */
	} rows[] = {
		{&rsa, alone, "sign-no-chain", true, false},
		{&rsa, twice, "", true, true},
		{&rsa, whole, "", true, true},
		{&rsa, gap, "sign-chain", false, false},
		{&rsa, other, "sign-chain", false, false},
		{&rsa, wrong, "sign-mismatch", false, false},
		{&root, own, "sign-usage", true, false},
	};
	struct mc_signer *signer = usual(&rsa, now);
	struct mc_buf want = {0};

	(void)state;
	sign(signer, &want, "x", 1);
	mc_signer_free(signer);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct mc_buf buf = {0};
		char said[64];

		signer = load(rows[i].party, rows[i].certificates, now, said);
		assert_string_equal(said, rows[i].said);
		assert_int_equal(signer != NULL, rows[i].loads);
		if (signer == NULL)
			continue;
		sign(signer, &buf, "x", 1);
		assert_int_equal(buf.len == want.len &&
				memcmp(buf.data, want.data, buf.len) == 0,
			rows[i].usual);
		mc_buf_free(&buf);
		mc_signer_free(signer);
	}
	mc_buf_free(&want);
}

static bool
alike(const struct mc_signer *signer, const struct mc_buf *old,
	const struct mc_buf *made)
{
	return mc_signed_alike(
		signer, old->data, old->len, made->data, made->len);
}

static void
test_alike(void **state)
{
	const struct party *parties[] = {&rsa, &ec};

	(void)state;
	for (size_t i = 0; i < ROWS(parties); i++) {
		struct mc_signer *first = usual(parties[i], now - DAY),
				 *later = usual(parties[i], 2524608000),
				 *other = usual(parties[1 - i], now);
		struct mc_buf old = {0}, made = {0}, text = {0}, foreign = {0},
			      plain = {0};

		sign(first, &old, "text", 4);
		sign(later, &made, "text", 4);
		sign(later, &text, "test", 4);
		sign(other, &foreign, "text", 4);
		mc_buf_puts(&plain, "text");
		assert_true(alike(later, &old, &made));
		assert_true(alike(later, &made, &made));
		assert_false(alike(later, &text, &made));
		assert_false(alike(later, &foreign, &made));
		assert_false(alike(later, &plain, &made));
		assert_false(alike(later, &plain, &plain));
		mc_buf_free(&old);
		mc_buf_free(&made);
		mc_buf_free(&text);
		mc_buf_free(&foreign);
		mc_buf_free(&plain);
		mc_signer_free(first);
		mc_signer_free(later);
		mc_signer_free(other);
	}
}

/* Nothing that was harmed is taken for what was made. */
static void
test_harmed(void **state)
{
	struct mc_signer *signer = usual(&ec, now);
	struct mc_buf buf = {0}, copy = {0};

	(void)state;
	sign(signer, &buf, "text", 4);
	mc_buf_add(&copy, buf.data, buf.len);
	for (size_t i = 0; i < buf.len; i++) {
		copy.data[i] ^= 1;
		assert_false(alike(signer, &copy, &buf));
		copy.data[i] ^= 1;
	}
	for (; copy.len > 0; copy.len--)
		assert_int_equal(
			alike(signer, &copy, &buf), copy.len == buf.len);
	mc_buf_add(&copy, buf.data, buf.len);
	mc_buf_putc(&copy, '\0');
	assert_false(alike(signer, &copy, &buf));
	mc_buf_free(&buf);
	mc_buf_free(&copy);
	mc_signer_free(signer);
}

static void
test_failed_buffer(void **state)
{
	struct mc_signer *signer = usual(&ec, now);
	struct mc_signing *signing = mc_signing_new(signer);
	struct mc_buf buf = {.failed = true};

	(void)state;
	assert_false(mc_sign(signing, &buf, 0));
	assert_int_equal(buf.len, 0);
	mc_signing_free(signing);
	mc_signer_free(signer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_of_cms_sign),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_alike),
		cmocka_unit_test(test_harmed),
		cmocka_unit_test(test_failed_buffer),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
