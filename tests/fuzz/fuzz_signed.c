/* SPDX-License-Identifier: ISC */
/*
 * A file that is taken for one we signed is one we signed: nothing that is
 * there is read beyond its end, and only what this key made is right.
 */
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "fuzz.h"
#include "sign.h"

/* A key that nobody has, so that no input can be signed by it. */
static const struct mc_signer *
make_signer(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	BIO *bio = BIO_new(BIO_s_mem());
	X509 *certificate = X509_new();
	struct mc_signer_source source = {.cert = {.name = "signer"}};
	const struct mc_signer *signer;
	char *bytes = NULL;

	MUST(key != NULL && bio != NULL && certificate != NULL);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	ASN1_TIME_set(X509_getm_notBefore(certificate), 0);
	ASN1_TIME_set(X509_getm_notAfter(certificate), 2000000000);
	MUST(X509_set_pubkey(certificate, key) == 1);
	MUST(X509_sign(certificate, key, EVP_sha256()) > 0);
	MUST(PEM_write_bio_X509(bio, certificate) == 1);
	MUST(PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) ==
		1);
	source.cert.size = (size_t)BIO_get_mem_data(bio, &bytes);
	source.cert.bytes = bytes;
	source.now = source.time = 1000000000;
	signer = mc_signer_load(&source, NULL);
	MUST(signer != NULL);
	X509_free(certificate);
	EVP_PKEY_free(key);
	BIO_free(bio);
	return signer;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct mc_signer *signer;
	const char *text = (const char *)data;
	struct mc_signing *signing;
	struct mc_buf buf = {0};

	if (signer == NULL)
		signer = make_signer();
	MUST(!mc_signed_alike(signer, text, size, text, size));
	signing = mc_signing_new(signer);
	MUST(signing != NULL);
	mc_buf_add(&buf, data, size);
	MUST(mc_sign(signing, &buf, 0));
	MUST(mc_signed_alike(signer, buf.data, buf.len, buf.data, buf.len));
	MUST(!mc_signed_alike(signer, text, size, buf.data, buf.len));
	MUST(!mc_signed_alike(signer, buf.data, buf.len, text, size));
	mc_buf_free(&buf);
	mc_signing_free(signing);
	return 0;
}
