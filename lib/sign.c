/* SPDX-License-Identifier: ISC */
/*
 * The bytes of a signed document:
 *
 *	ContentInfo { signedData, [0] SignedData {
 *		1, { SHA-256 }, { data, [0] DOCUMENT }, [0] certificates,
 *		{ SignerInfo { 1, issuer and serial number, SHA-256,
 *			[0] signed attributes, algorithm, SIGNATURE } } } }
 *
 * What is in small letters is made once.
 */
#include "sign.h"

#include <openssl/asn1.h>
#include <stdlib.h>
#include <string.h>

#include "der.h"
#include "digest.h"
#include "signer.h"

/* Elements that are the same for everybody. */
#define OID_SIGNED_DATA "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
#define OID_DATA "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
#define OID_CONTENT_TYPE "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03"
#define OID_MESSAGE_DIGEST "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04"
#define OID_SIGNING_TIME "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x05"
#define VERSION "\x02\x01\x01"
#define SHA256 "\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01"
#define RSA "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"
#define ECDSA "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"

/* Attributes, but for the digest that ends the second. */
#define CONTENT_TYPE "\x30\x18" OID_CONTENT_TYPE "\x31\x0b" OID_DATA
#define MESSAGE_DIGEST "\x30\x2f" OID_MESSAGE_DIGEST "\x31\x22\x04\x20"

#define LENGTH(text) (sizeof(text) - 1)

struct mc_signing {
	const struct mc_signer *signer;
	/*
	 * Its own: libcrypto blinds RSA with numbers that are the key's, and
	 * where memory runs out in one thread they no longer fit together, so
	 * that every other thread would make wrong signatures.
	 */
	EVP_PKEY *key;
	EVP_PKEY_CTX *context;
};

static void
add_head(struct mc_buf *buf, enum mc_der_tag tag, size_t n)
{
	unsigned char head[MC_DER_HEAD];

	mc_buf_add(buf, head, (size_t)(mc_der_head(head, tag, n) - head));
}

/* The time as RFC 5652 wants it: two digits of a year until 2049. */
static bool
add_time(struct mc_buf *buf, long long seconds)
{
	ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)seconds);
	unsigned char *der = NULL;
	int n = time == NULL ? -1 : i2d_ASN1_TIME(time, &der);
	size_t size = n < 0 ? 0 : (size_t)n;

	if (size > 0) {
		add_head(buf, MC_DER_SEQUENCE,
			LENGTH(OID_SIGNING_TIME) + mc_der_size(size));
		mc_buf_add(buf, OID_SIGNING_TIME, LENGTH(OID_SIGNING_TIME));
		add_head(buf, MC_DER_SET, size);
		mc_buf_add(buf, der, size);
	}
	OPENSSL_free(der);
	ASN1_TIME_free(time);
	return size > 0;
}

/* The signed attributes, in the order of DER: the shorter one first. */
static bool
make_attributes(struct mc_signer *signer, long long time)
{
	struct mc_buf *buf = &signer->attributes;

	mc_buf_add(buf, CONTENT_TYPE, LENGTH(CONTENT_TYPE));
	if (!add_time(buf, time))
		return false;
	mc_buf_add(buf, MESSAGE_DIGEST, LENGTH(MESSAGE_DIGEST));
	return !buf->failed;
}

/* Version, issuer and serial number, digest. */
static bool
make_begin(struct mc_signer *signer, const X509 *certificate)
{
	struct mc_buf *buf = &signer->begin;
	unsigned char *issuer = NULL, *serial = NULL;
	int n_issuer = i2d_X509_NAME(
		X509_get_issuer_name(certificate), &issuer);
	int n_serial = i2d_ASN1_INTEGER(
		X509_get0_serialNumber(certificate), &serial);
	bool ok = n_issuer > 0 && n_serial > 0;

	if (ok) {
		mc_buf_add(buf, VERSION, LENGTH(VERSION));
		add_head(buf, MC_DER_SEQUENCE,
			(size_t)n_issuer + (size_t)n_serial);
		mc_buf_add(buf, issuer, (size_t)n_issuer);
		mc_buf_add(buf, serial, (size_t)n_serial);
		mc_buf_add(buf, SHA256, LENGTH(SHA256));
	}
	OPENSSL_free(issuer);
	OPENSSL_free(serial);
	return ok && !buf->failed;
}

static int
compare(const void *a, const void *b)
{
	return mc_der_compare(a, b);
}

/* Sets have an order in DER. */
static void
add_sorted(struct mc_buf *buf, struct mc_der *all, size_t n)
{
	size_t size = 0;

	for (size_t i = 0; i < n; i++)
		size += all[i].size;
	qsort(all, n, sizeof(*all), compare);
	add_head(buf, MC_DER_CONTEXT_0, size);
	for (size_t i = 0; i < n; i++)
		mc_buf_add(buf, all[i].data, all[i].size);
}

/* The signer's certificate and the others, n in all; false: out of memory. */
static bool
encode(const X509 *certificate, const STACK_OF(X509) * others,
	unsigned char **bytes, struct mc_der *all, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int size = i2d_X509(i == 0 ? certificate
					   : sk_X509_value(others, (int)i - 1),
			&bytes[i]);

		if (size <= 0)
			return false;
		all[i] = (struct mc_der){bytes[i], (size_t)size};
	}
	return true;
}

static bool
make_certificates(struct mc_signer *signer, const X509 *certificate,
	const STACK_OF(X509) * others)
{
	int more = sk_X509_num(others);
	size_t n = 1 + (more > 0 ? (size_t)more : 0);
	struct mc_der *all = calloc(n, sizeof(*all));
	unsigned char **bytes = calloc(n, sizeof(*bytes));
	bool ok = false;

	if (all != NULL && bytes != NULL) {
		ok = encode(certificate, others, bytes, all, n);
		if (ok)
			add_sorted(&signer->certificates, all, n);
		for (size_t i = 0; i < n; i++)
			OPENSSL_free(bytes[i]);
	}
	free(bytes);
	free(all);
	return ok && !signer->certificates.failed;
}

bool
mc_signer_prepare(struct mc_signer *signer, const X509 *certificate,
	const STACK_OF(X509) * others, long long time)
{
	bool rsa = EVP_PKEY_get_base_id(signer->key) == EVP_PKEY_RSA;

	signer->algorithm = rsa ? RSA : ECDSA;
	signer->n_algorithm = rsa ? LENGTH(RSA) : LENGTH(ECDSA);
	return make_attributes(signer, time) &&
		make_begin(signer, certificate) &&
		make_certificates(signer, certificate, others);
}

void
mc_signer_free(struct mc_signer *signer)
{
	if (signer == NULL)
		return;
	EVP_PKEY_free(signer->key);
	mc_buf_free(&signer->certificates);
	mc_buf_free(&signer->begin);
	mc_buf_free(&signer->attributes);
	free(signer);
}

struct mc_signing *
mc_signing_new(const struct mc_signer *signer)
{
	struct mc_signing *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->signer = signer;
	s->key = EVP_PKEY_dup(signer->key);
	if (s->key != NULL)
		s->context = EVP_PKEY_CTX_new(s->key, NULL);
	/* RSA pads as PKCS#1 1.5 does, unless it is told otherwise */
	if (s->context != NULL && EVP_PKEY_sign_init(s->context) == 1 &&
		EVP_PKEY_CTX_set_signature_md(s->context, EVP_sha256()) == 1)
		return s;
	mc_signing_free(s);
	return NULL;
}

void
mc_signing_free(struct mc_signing *s)
{
	if (s == NULL)
		return;
	EVP_PKEY_CTX_free(s->context);
	EVP_PKEY_free(s->key);
	free(s);
}

/* What is signed: the hash of the attributes, which are a set here. */
static void
hash_attributes(const struct mc_der *attributes, const struct mc_der *digest,
	unsigned char out[MC_SHA256_SIZE])
{
	unsigned char head[MC_DER_HEAD];
	size_t n = attributes->size + digest->size;
	const struct mc_part_bytes parts[] = {
		{head, (size_t)(mc_der_head(head, MC_DER_SET, n) - head)},
		{attributes->data, attributes->size},
		{digest->size == 0 ? attributes->data : digest->data,
			digest->size},
		{NULL, 0}};

	mc_sha256(parts, out);
}

/* How long everything is, from the inside to the outside. */
struct sizes {
	size_t document;
	size_t content; /* of encapContentInfo, without OID_DATA */
	size_t attributes;
	size_t info; /* the SignerInfo */
	size_t signed_data;
	size_t head; /* all that stands before the document */
	size_t tail; /* and behind it */
};

static struct sizes
measure(const struct mc_signer *signer, size_t document, size_t signature)
{
	struct sizes s = {.document = document};
	size_t encap, whole;

	s.content = mc_der_size(document);
	encap = LENGTH(OID_DATA) + mc_der_size(s.content);
	s.attributes = signer->attributes.len + MC_SHA256_SIZE;
	s.info = signer->begin.len + mc_der_size(s.attributes) +
		signer->n_algorithm + mc_der_size(signature);
	s.tail = signer->certificates.len + mc_der_size(mc_der_size(s.info));
	s.signed_data = LENGTH(VERSION) + mc_der_size(LENGTH(SHA256)) +
		mc_der_size(encap) + s.tail;
	whole = LENGTH(OID_SIGNED_DATA) +
		mc_der_size(mc_der_size(s.signed_data));
	s.head = mc_der_size(whole) - document - s.tail;
	return s;
}

static unsigned char *
put(unsigned char *out, const void *bytes, size_t n)
{
	memcpy(out, bytes, n);
	return out + n;
}

static void
write_head(unsigned char *out, const struct sizes *s)
{
	size_t data = mc_der_size(s->signed_data);

	out = mc_der_head(out, MC_DER_SEQUENCE,
		LENGTH(OID_SIGNED_DATA) + mc_der_size(data));
	out = put(out, OID_SIGNED_DATA, LENGTH(OID_SIGNED_DATA));
	out = mc_der_head(out, MC_DER_CONTEXT_0, data);
	out = mc_der_head(out, MC_DER_SEQUENCE, s->signed_data);
	out = put(out, VERSION, LENGTH(VERSION));
	out = mc_der_head(out, MC_DER_SET, LENGTH(SHA256));
	out = put(out, SHA256, LENGTH(SHA256));
	out = mc_der_head(out, MC_DER_SEQUENCE,
		LENGTH(OID_DATA) + mc_der_size(s->content));
	out = put(out, OID_DATA, LENGTH(OID_DATA));
	out = mc_der_head(out, MC_DER_CONTEXT_0, s->content);
	(void)mc_der_head(out, MC_DER_OCTETS, s->document);
}

static void
write_tail(unsigned char *out, const struct mc_signer *signer,
	const struct sizes *s, const unsigned char digest[MC_SHA256_SIZE],
	const struct mc_der *signature)
{
	out = put(out, signer->certificates.data, signer->certificates.len);
	out = mc_der_head(out, MC_DER_SET, mc_der_size(s->info));
	out = mc_der_head(out, MC_DER_SEQUENCE, s->info);
	out = put(out, signer->begin.data, signer->begin.len);
	out = mc_der_head(out, MC_DER_CONTEXT_0, s->attributes);
	out = put(out, signer->attributes.data, signer->attributes.len);
	out = put(out, digest, MC_SHA256_SIZE);
	out = put(out, signer->algorithm, signer->n_algorithm);
	out = mc_der_head(out, MC_DER_OCTETS, signature->size);
	(void)put(out, signature->data, signature->size);
}

static struct mc_der
view(const char *bytes, size_t n)
{
	return (struct mc_der){(const unsigned char *)bytes, n};
}

bool
mc_sign(struct mc_signing *signing, struct mc_buf *buf, size_t start)
{
	const struct mc_signer *signer = signing->signer;
	unsigned char digest[MC_SHA256_SIZE], hash[MC_SHA256_SIZE];
	unsigned char bytes[MC_SIGNATURE_MAX];
	struct mc_der signature = {bytes, sizeof(bytes)};
	const struct mc_der attributes = view(
		signer->attributes.data, signer->attributes.len);
	size_t n = buf->len - start;
	const struct mc_part_bytes document[] = {
		{n == 0 ? "" : buf->data + start, n}, {NULL, 0}};
	struct sizes s;

	if (buf->failed)
		return false;
	mc_sha256(document, digest);
	hash_attributes(&attributes,
		&(const struct mc_der){digest, sizeof(digest)}, hash);
	if (EVP_PKEY_sign(signing->context, bytes, &signature.size, hash,
		    sizeof(hash)) != 1) {
		buf->failed = true;
		return false;
	}
	s = measure(signer, n, signature.size);
	/* the buffer may move, and wipes where it was */
	if (mc_buf_room(buf, s.head + s.tail) == NULL)
		return false;
	memmove(buf->data + start + s.head, buf->data + start, n);
	write_head((unsigned char *)buf->data + start, &s);
	write_tail((unsigned char *)buf->data + start + s.head + n, signer, &s,
		digest, &signature);
	return true;
}

/* A signed document, taken apart. */
struct parts {
	struct mc_der content;
	struct mc_der certificates;
	struct mc_der sid;
	struct mc_der attributes;
	struct mc_der algorithm;
	struct mc_der signature;
};

static bool
is_text(const struct mc_der *der, const char *text, size_t n)
{
	const struct mc_der other = view(text, n);

	return mc_der_equal(der, &other);
}

/* Takes an element that is known off `from`. */
static bool
skip(struct mc_der *from, const char *text, size_t n)
{
	const struct mc_der begin = {from->data, n};

	if (from->size < n || !is_text(&begin, text, n))
		return false;
	*from = (struct mc_der){from->data + n, from->size - n};
	return true;
}

/* { data, [0] DOCUMENT } */
static bool
take_content(struct mc_der *from, struct mc_der *content)
{
	struct mc_der encap, explicit;

	return mc_der_next(from, MC_DER_SEQUENCE, &encap) &&
		skip(&encap, OID_DATA, LENGTH(OID_DATA)) &&
		mc_der_next(&encap, MC_DER_CONTEXT_0, &explicit) &&
		encap.size == 0 &&
		mc_der_next(&explicit, MC_DER_OCTETS, content) &&
		explicit.size == 0;
}

static bool
take_info(struct mc_der *from, struct parts *p)
{
	struct mc_der set, info;

	return mc_der_next(from, MC_DER_SET, &set) &&
		mc_der_next(&set, MC_DER_SEQUENCE, &info) && set.size == 0 &&
		skip(&info, VERSION, LENGTH(VERSION)) &&
		mc_der_next(&info, MC_DER_SEQUENCE, &p->sid) &&
		skip(&info, SHA256, LENGTH(SHA256)) &&
		mc_der_next(&info, MC_DER_CONTEXT_0, &p->attributes) &&
		mc_der_next(&info, MC_DER_SEQUENCE, &p->algorithm) &&
		mc_der_next(&info, MC_DER_OCTETS, &p->signature) &&
		info.size == 0;
}

/* Only what mc_sign() could have written. */
static bool
take_apart(const char *bytes, size_t n, struct parts *p)
{
	struct mc_der file = view(bytes, n), info, explicit, data, digests;

	return mc_der_next(&file, MC_DER_SEQUENCE, &info) && file.size == 0 &&
		skip(&info, OID_SIGNED_DATA, LENGTH(OID_SIGNED_DATA)) &&
		mc_der_next(&info, MC_DER_CONTEXT_0, &explicit) &&
		info.size == 0 &&
		mc_der_next(&explicit, MC_DER_SEQUENCE, &data) &&
		explicit.size == 0 && skip(&data, VERSION, LENGTH(VERSION)) &&
		mc_der_next(&data, MC_DER_SET, &digests) &&
		is_text(&digests, SHA256, LENGTH(SHA256)) &&
		take_content(&data, &p->content) &&
		mc_der_next(&data, MC_DER_CONTEXT_0, &p->certificates) &&
		take_info(&data, p) && data.size == 0;
}

/* Whether the digest in the attributes is the content's. */
static bool
has_digest(const struct parts *p)
{
	unsigned char digest[MC_SHA256_SIZE];
	const struct mc_part_bytes document[] = {
		{p->content.data, p->content.size}, {NULL, 0}};

	if (p->attributes.size < sizeof(digest))
		return false;
	mc_sha256(document, digest);
	return memcmp(p->attributes.data + p->attributes.size - sizeof(digest),
		       digest, sizeof(digest)) == 0;
}

static bool
is_right(const struct mc_signer *signer, const struct parts *p)
{
	unsigned char hash[MC_SHA256_SIZE];
	EVP_PKEY_CTX *context;
	bool ok;

	if (!has_digest(p))
		return false;
	hash_attributes(&p->attributes, &(const struct mc_der){NULL, 0}, hash);
	context = EVP_PKEY_CTX_new(signer->key, NULL);
	ok = context != NULL && EVP_PKEY_verify_init(context) == 1 &&
		EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1 &&
		EVP_PKEY_verify(context, p->signature.data, p->signature.size,
			hash, sizeof(hash)) == 1;
	EVP_PKEY_CTX_free(context);
	return ok;
}

bool
mc_signed_alike(const struct mc_signer *signer, const char *old, size_t n_old,
	const char *made, size_t n_made)
{
	struct parts a, b;

	return take_apart(made, n_made, &a) && take_apart(old, n_old, &b) &&
		mc_der_equal(&a.content, &b.content) &&
		mc_der_equal(&a.certificates, &b.certificates) &&
		mc_der_equal(&a.sid, &b.sid) &&
		mc_der_equal(&a.algorithm, &b.algorithm) &&
		is_right(signer, &b);
}
