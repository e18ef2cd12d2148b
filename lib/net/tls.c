/* SPDX-License-Identifier: ISC */
/* Whom TLS trusts, and what a certificate says. */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "probe.h"
#include "wire.h"

struct mc_tls {
	SSL_CTX *context;
};

bool
mc_is_address(const char *text)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, text, bytes) == 1 ||
		inet_pton(AF_INET6, text, bytes) == 1;
}

/* The system's certificates, from where they are and not where one is told. */
static void
trust_system(SSL_CTX *context)
{
	(void)SSL_CTX_load_verify_dir(context, X509_get_default_cert_dir());
	(void)SSL_CTX_load_verify_file(context, X509_get_default_cert_file());
	ERR_clear_error();
}

struct mc_tls *
mc_tls_open(const char *ca_file, const char **why)
{
	struct mc_tls *tls = calloc(1, sizeof(*tls));

	*why = NULL;
	if (tls == NULL)
		return NULL;
	tls->context = SSL_CTX_new(TLS_client_method());
	if (tls->context == NULL ||
		SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION) !=
			1) {
		mc_tls_close(tls);
		return NULL;
	}
	/* a server may send back what it was told */
	(void)SSL_CTX_set_options(tls->context,
		SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
			SSL_OP_CLEANSE_PLAINTEXT);
	(void)SSL_CTX_set_session_cache_mode(tls->context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, mc_tls_verify);
	if (ca_file == NULL) {
		trust_system(tls->context);
	} else if (SSL_CTX_load_verify_file(tls->context, ca_file) != 1) {
		*why = "no certificate can be read from it";
		ERR_clear_error();
		mc_tls_close(tls);
		return NULL;
	}
	return tls;
}

void
mc_tls_close(struct mc_tls *tls)
{
	SSL_CTX_free(tls->context);
	free(tls);
}

SSL_CTX *
mc_tls_context(struct mc_tls *tls)
{
	return tls->context;
}

/* The names that it is for. */
static void
take_names(X509 *x, struct mc_shaken *out)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(
		x, NID_subject_alt_name, NULL, NULL);
	size_t used = 0;

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		const char *text;
		size_t n;

		if (name->type != GEN_DNS)
			continue;
		text = (const char *)ASN1_STRING_get0_data(name->d.dNSName);
		n = (size_t)ASN1_STRING_length(name->d.dNSName);
		if (used + n + 2 > sizeof(out->names))
			break;
		if (used > 0)
			out->names[used++] = ' ';
		/* a NUL would hide the rest; what is shown is cleaned later */
		for (size_t k = 0; k < n; k++)
			if (text[k] != '\0')
				out->names[used++] = text[k];
	}
	out->names[used] = '\0';
	GENERAL_NAMES_free(names);
}

void
mc_tls_facts(X509 *x, struct mc_shaken *out)
{
	int days = 0, seconds = 0;

	if (ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(x)) == 1)
		out->days = days == 0 && seconds < 0 ? -1 : days;
	take_names(x, out);
}

int
mc_tls_verify(int good, X509_STORE_CTX *store)
{
	const SSL *ssl = X509_STORE_CTX_get_ex_data(
		store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct mc_shaken *out = SSL_get_app_data(ssl);
	X509 *leaf = X509_STORE_CTX_get0_cert(store);

	if (good == 1 || out == NULL)
		return good;
	out->verify = X509_STORE_CTX_get_error(store);
	if (leaf != NULL)
		mc_tls_facts(leaf, out);
	return 0;
}
