/* SPDX-License-Identifier: ISC */
/* Whether a key and its certificates can sign, and what is doubtful. */
#include "signer.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

enum {
	RSA_LEAST = 2048,
	RSA_MOST = 8 * MC_SIGNATURE_MAX,
	SOON = 30, /* days */
	DAY = 24 * 60 * 60,
	NAME = 256,
	DATE = sizeof("9999-12-31")
};

/* A judgement under way. */
struct judging {
	const struct mc_signer_source *source;
	struct mc_report *report;
	struct mc_credentials *all;
	X509 *certificate; /* the signer's; in all->certificates */
	int at;            /* its place there */
};

static void __attribute__((format(printf, 3, 4)))
say(const struct judging *j, enum mc_msg id, const char *format, ...)
{
	const struct mailcfg_pos pos = {j->source->cert.name, 0, 0};
	char detail[4 * NAME];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	mc_say(j->report, id, &pos, NULL, NULL, "%s", detail);
}

/* A name for people, cut where it is long. */
static const char *
name_of(const X509_NAME *name, char out[NAME])
{
	BIO *bio = BIO_new(BIO_s_mem());
	int n = -1;

	if (bio != NULL &&
		X509_NAME_print_ex(bio, name, 0,
			XN_FLAG_ONELINE &
				~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0)
		n = BIO_read(bio, out, NAME - 1);
	BIO_free(bio);
	out[n > 0 ? n : 0] = '\0';
	return n > 0 ? out : "(no name)";
}

static const char *
subject_of(const X509 *certificate, char out[NAME])
{
	return name_of(X509_get_subject_name(certificate), out);
}

static const char *
date_of(const ASN1_TIME *time, char out[DATE])
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) != 1 ||
		strftime(out, DATE, "%Y-%m-%d", &tm) == 0)
		return "(no date)";
	return out;
}

/*
 * Where the time stands beside that in so many days: -1 before it, 1 behind
 * it; 0: it cannot be read.
 */
static int
compare(const struct judging *j, const ASN1_TIME *time, int days)
{
	time_t t = (time_t)(j->source->now + (long long)days * DAY);

	return X509_cmp_time(time, &t);
}

static bool
is_key_fit(const struct judging *j)
{
	EVP_PKEY *key = j->all->key;
	int bits = EVP_PKEY_get_bits(key);
	const char *kind = EVP_PKEY_get0_type_name(key);
	char group[64] = "";

	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
		if (bits >= RSA_LEAST && bits <= RSA_MOST)
			return true;
		break;
	case EVP_PKEY_EC:
		if (EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) ==
				1 &&
			strcmp(group, "prime256v1") == 0)
			return true;
		break;
	default: break;
	}
	ERR_clear_error();
	say(j, MC_MSG_SIGN_KEY_TYPE,
		"it is %s%s%s, %d bits; RSA of %d to %d bits, or P-256, signs",
		kind == NULL ? "of an unknown kind" : kind,
		group[0] == '\0' ? "" : " ", group, bits, RSA_LEAST, RSA_MOST);
	return false;
}

/* The first certificate that is the key's. */
static bool
find_certificate(struct judging *j)
{
	STACK_OF(X509) *list = j->all->certificates;
	char subject[NAME];

	for (j->at = 0; j->at < sk_X509_num(list); j->at++) {
		j->certificate = sk_X509_value(list, j->at);
		if (X509_check_private_key(j->certificate, j->all->key) == 1)
			return true;
	}
	if (mc_signer_memory(j->report))
		return false;
	say(j, MC_MSG_SIGN_MISMATCH, "the key%s%s is not that of %s",
		j->source->key.bytes == NULL ? "" : " in ",
		j->source->key.bytes == NULL ? "" : j->source->key.name,
		subject_of(sk_X509_value(list, 0), subject));
	return false;
}

static bool
is_valid(const struct judging *j)
{
	const ASN1_TIME *begin = X509_get0_notBefore(j->certificate);
	const ASN1_TIME *end = X509_get0_notAfter(j->certificate);
	char subject[NAME], date[DATE];

	if (compare(j, begin, 0) >= 0) {
		say(j, MC_MSG_SIGN_VALIDITY, "%s: it begins on %s",
			subject_of(j->certificate, subject),
			date_of(begin, date));
		return false;
	}
	if (compare(j, end, 0) <= 0) {
		say(j, MC_MSG_SIGN_VALIDITY, "%s: it ended on %s",
			subject_of(j->certificate, subject),
			date_of(end, date));
		return false;
	}
	return true;
}

static bool
is_issued_by(X509 *certificate, X509 *issuer)
{
	bool issued = X509_check_issued(issuer, certificate) == X509_V_OK &&
		X509_verify(certificate, X509_get0_pubkey(issuer)) == 1;

	ERR_clear_error();
	return issued;
}

/* Its own issuer, be it allowed to be one or not. */
static bool
is_root(X509 *certificate)
{
	return (X509_get_extension_flags(certificate) & EXFLAG_SS) != 0;
}

/* Whether a certificate vouches for one of the others, up to the signer's. */
static bool
vouches(STACK_OF(X509) * list, const bool *linked, int at)
{
	for (int i = 0; i < sk_X509_num(list); i++)
		if (linked[i] && i != at &&
			is_issued_by(sk_X509_value(list, i),
				sk_X509_value(list, at)))
			return true;
	return false;
}

/* Marks the certificates that link to the signer's, whatever their order. */
static void
link_all(const struct judging *j, bool *linked)
{
	STACK_OF(X509) *list = j->all->certificates;
	bool more = true;

	linked[j->at] = true;
	while (more) {
		more = false;
		for (int i = 0; i < sk_X509_num(list); i++) {
			if (linked[i] || !vouches(list, linked, i))
				continue;
			linked[i] = more = true;
		}
	}
}

static bool
is_whole(struct judging *j)
{
	STACK_OF(X509) *list = j->all->certificates;
	bool *linked = calloc((size_t)sk_X509_num(list), sizeof(*linked));
	char subject[NAME];
	bool whole = true;

	if (linked == NULL) {
		mc_say(j->report, MC_MSG_NO_MEMORY, NULL, NULL, NULL, "%s", "");
		return false;
	}
	link_all(j, linked);
	for (int i = 0; i < sk_X509_num(list) && whole; i++) {
		if (linked[i])
			continue;
		whole = false;
		say(j, MC_MSG_SIGN_CHAIN,
			"certificate %d, %s, vouches for none of the others",
			i + 1, subject_of(sk_X509_value(list, i), subject));
	}
	free(linked);
	return whole;
}

/* Certificates that stand there twice are of no use. */
static void
drop_doubles(struct judging *j)
{
	STACK_OF(X509) *list = j->all->certificates;

	for (int i = sk_X509_num(list) - 1; i > 0; i--)
		for (int k = 0; k < i; k++)
			if (X509_cmp(sk_X509_value(list, i),
				    sk_X509_value(list, k)) == 0) {
				X509_free(sk_X509_delete(list, i));
				break;
			}
}

static void
warn_of_ends(const struct judging *j)
{
	STACK_OF(X509) *list = j->all->certificates;
	char subject[NAME], date[DATE];

	for (int i = 0; i < sk_X509_num(list); i++) {
		X509 *one = sk_X509_value(list, i);
		const ASN1_TIME *end = X509_get0_notAfter(one);

		if (compare(j, end, SOON) <= 0)
			say(j, MC_MSG_SIGN_EXPIRES, "%s: it end%s on %s",
				subject_of(one, subject),
				compare(j, end, 0) <= 0 ? "ed" : "s",
				date_of(end, date));
	}
}

static void
warn_of_chain(const struct judging *j)
{
	char issuer[NAME];

	if (sk_X509_num(j->all->certificates) == 1 && !is_root(j->certificate))
		say(j, MC_MSG_SIGN_NO_CHAIN, "%s: give fullchain.pem",
			name_of(X509_get_issuer_name(j->certificate), issuer));
}

static void
warn_of_usage(const struct judging *j)
{
	uint32_t has = X509_get_extension_flags(j->certificate);
	uint32_t key = X509_get_key_usage(j->certificate);
	uint32_t extended = X509_get_extended_key_usage(j->certificate);
	char subject[NAME];

	if ((has & EXFLAG_KUSAGE) != 0 && (key & KU_DIGITAL_SIGNATURE) == 0)
		say(j, MC_MSG_SIGN_USAGE,
			"%s: its key usage has no digital signature",
			subject_of(j->certificate, subject));
	if ((has & EXFLAG_XKUSAGE) != 0 &&
		(extended &
			(XKU_SSL_SERVER | XKU_SMIME | XKU_CODE_SIGN |
				XKU_ANYEKU)) == 0)
		say(j, MC_MSG_SIGN_USAGE,
			"%s: it is for none of TLS servers, mail and code",
			subject_of(j->certificate, subject));
}

/* Takes the key, and the certificates without roots, which devices have. */
static struct mc_signer *
make(struct judging *j)
{
	STACK_OF(X509) *list = j->all->certificates;
	struct mc_signer *signer = calloc(1, sizeof(*signer));

	if (signer != NULL) {
		signer->key = j->all->key;
		j->all->key = NULL;
		(void)sk_X509_delete(list, j->at);
		for (int i = sk_X509_num(list) - 1; i >= 0; i--)
			if (is_root(sk_X509_value(list, i)))
				X509_free(sk_X509_delete(list, i));
		if (mc_signer_prepare(
			    signer, j->certificate, list, j->source->time)) {
			X509_free(j->certificate);
			return signer;
		}
		X509_free(j->certificate);
		mc_signer_free(signer);
	}
	mc_say(j->report, MC_MSG_NO_MEMORY, NULL, NULL, NULL, "%s", "");
	return NULL;
}

struct mc_signer *
mc_signer_load(const struct mc_signer_source *source, struct mc_report *report)
{
	struct mc_credentials all = {NULL, NULL};
	struct judging j = {.source = source, .report = report, .all = &all};
	struct mc_signer *signer = NULL;

	if (mc_credentials_read(&all, source, report)) {
		drop_doubles(&j);
		if (is_key_fit(&j) && find_certificate(&j) && is_valid(&j) &&
			is_whole(&j)) {
			warn_of_ends(&j);
			warn_of_chain(&j);
			warn_of_usage(&j);
			signer = make(&j);
		}
	}
	mc_credentials_free(&all);
	return signer;
}
