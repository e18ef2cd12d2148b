/* SPDX-License-Identifier: ISC */
#include "cms_read.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* A file under inspection. */
struct work {
	struct mc_arena *arena;
	struct mc_cms *out;
	CMS_ContentInfo *cms;
	STACK_OF(X509) * certificates; /* ours; NULL: none */
	CMS_SignerInfo *signer;        /* the first */
	X509 *certificate;             /* its own; NULL: not there */
	X509_STORE *roots;
	time_t now;
};

enum { NAME_MOST = 512 };

/* "CN=..., O=..." in UTF-8; escaped as RFC 2253 wants. */
static const char *
name_text(struct mc_arena *arena, const X509_NAME *name)
{
	static const unsigned long flags = ASN1_STRFLGS_ESC_2253 |
		ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_UTF8_CONVERT |
		ASN1_STRFLGS_DUMP_UNKNOWN | ASN1_STRFLGS_DUMP_DER |
		XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_DN_REV | XN_FLAG_FN_SN;
	BIO *bio = BIO_new(BIO_s_mem());
	const char *text = "(a name that cannot be read)";
	char *bytes = NULL;
	long n;

	if (bio != NULL && X509_NAME_print_ex(bio, name, 0, flags) >= 0) {
		n = BIO_get_mem_data(bio, &bytes);
		/* a subject may be empty; its other names say who it is */
		text = n <= 0 ? "(no name)"
			      : mc_arena_strndup(arena, bytes,
					n < NAME_MOST ? (size_t)n : NAME_MOST);
	}
	(void)BIO_free(bio);
	return text;
}

static void
date_text(char out[MC_CMS_DATE], const ASN1_TIME *date)
{
	char text[64];
	struct tm tm;

	out[0] = '\0';
	if (date == NULL || ASN1_TIME_to_tm(date, &tm) != 1)
		return;
	(void)snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ",
		tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		tm.tm_min, tm.tm_sec);
	if (strlen(text) < MC_CMS_DATE)
		memcpy(out, text, strlen(text) + 1);
}

/* The time that the signer put beside the content. */
static void
tell_time(struct work *w)
{
	static const int types[] = {V_ASN1_UTCTIME, V_ASN1_GENERALIZEDTIME};
	const ASN1_OBJECT *id = OBJ_nid2obj(NID_pkcs9_signingTime);

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		const ASN1_TIME *date = CMS_signed_get0_data_by_OBJ(
			w->signer, id, -3, types[i]);

		if (date != NULL)
			date_text(w->out->signature.signed_at, date);
	}
}

static void
tell_certificate(struct work *w)
{
	struct mc_signature *s = &w->out->signature;
	const ASN1_TIME *from, *until;

	if (w->certificate == NULL)
		return;
	from = X509_get0_notBefore(w->certificate);
	until = X509_get0_notAfter(w->certificate);
	s->signer = name_text(w->arena, X509_get_subject_name(w->certificate));
	s->issuer = name_text(w->arena, X509_get_issuer_name(w->certificate));
	date_text(s->from, from);
	date_text(s->until, until);
	s->early = X509_cmp_time(from, &w->now) > 0;
	s->expired = X509_cmp_time(until, &w->now) < 0;
}

/*
 * The digest of the content, taken once with the signer's own algorithm: what
 * CMS_verify() does, it does for every algorithm that the file lists, and a
 * file may list a hundred thousand.
 */
static bool
digest_content(BIO *chain, const EVP_MD *md, const struct mc_cms *cms)
{
	EVP_MD_CTX *context = NULL;

	return BIO_get_md_ctx(chain, &context) == 1 && context != NULL &&
		EVP_DigestInit_ex(context, md, NULL) == 1 &&
		BIO_write(chain, cms->content, (int)cms->size) ==
		(int)cms->size;
}

/* NULL: the signature holds. */
static const char *
verify(struct work *w)
{
	X509_ALGOR *algorithm = NULL;
	const EVP_MD *md;
	BIO *hash, *sink;
	const char *why = NULL;

	CMS_SignerInfo_get0_algs(w->signer, NULL, NULL, &algorithm, NULL);
	md = EVP_get_digestbyobj(algorithm->algorithm);
	if (md == NULL)
		return "its digest is not known";
	w->out->signature.digest = OBJ_nid2ln(EVP_MD_get_type(md));
	if (w->certificate == NULL)
		return "the signer's certificate is not in the file, so "
		       "nobody can check it";
	hash = BIO_new(BIO_f_md());
	sink = BIO_new(BIO_s_null());
	if (hash == NULL || sink == NULL) {
		(void)BIO_free(hash);
		(void)BIO_free(sink);
		w->arena->failed = true;
		return NULL;
	}
	(void)BIO_push(hash, sink);
	if (!digest_content(hash, md, w->out))
		why = "its digest cannot be made";
	else if (CMS_signed_get_attr_count(w->signer) >= 0 &&
		CMS_SignerInfo_verify(w->signer) != 1)
		why = "it was not made with the key of the certificate";
	else if (CMS_SignerInfo_verify_content(w->signer, hash) != 1)
		why = "the content is not what was signed";
	BIO_free_all(hash);
	return why;
}

/* Roots that are trusted; the environment does not point elsewhere. */
static bool
load_roots(X509_STORE *store, const char *file)
{
	if (file != NULL)
		return *file == '\0' || X509_STORE_load_file(store, file) == 1;
	/* a system has one or the other */
	(void)X509_STORE_load_file(store, X509_get_default_cert_file());
	(void)X509_STORE_load_path(store, X509_get_default_cert_dir());
	return true;
}

static enum mc_chain
chain_of(int error)
{
	switch (error) {
	case X509_V_OK: return MC_CHAIN_TRUSTED;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return MC_CHAIN_SELF;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return MC_CHAIN_ROOT;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return MC_CHAIN_INCOMPLETE;
	default: return MC_CHAIN_BROKEN;
	}
}

/* Follows the certificates, whenever they were or will be valid. */
static void
follow(struct work *w, X509_STORE_CTX *context)
{
	struct mc_signature *s = &w->out->signature;
	STACK_OF(X509) * chain;
	const X509 *last;
	int error;

	X509_STORE_CTX_set_flags(context, X509_V_FLAG_NO_CHECK_TIME);
	error = X509_verify_cert(context) == 1
		? X509_V_OK
		: X509_STORE_CTX_get_error(context);
	if (error == X509_V_ERR_OUT_OF_MEM) {
		w->arena->failed = true;
		return;
	}
	s->chain = chain_of(error);
	if (s->chain == MC_CHAIN_BROKEN)
		s->chain_why = mc_arena_strdup(
			w->arena, X509_verify_cert_error_string(error));
	chain = X509_STORE_CTX_get0_chain(context);
	if (chain == NULL || sk_X509_num(chain) == 0)
		return;
	last = sk_X509_value(chain, sk_X509_num(chain) - 1);
	s->chain_end = name_text(w->arena,
		s->chain == MC_CHAIN_INCOMPLETE ? X509_get_issuer_name(last)
						: X509_get_subject_name(last));
}

static void
tell_chain(struct work *w)
{
	X509_STORE_CTX *context;

	if (w->certificate == NULL)
		return;
	context = X509_STORE_CTX_new();
	if (context != NULL &&
		X509_STORE_CTX_init(context, w->roots, w->certificate,
			w->certificates) == 1)
		follow(w, context);
	else
		w->arena->failed = true;
	X509_STORE_CTX_free(context);
}

/* A copy of the content; NULL: *why, or out of memory. */
static bool
take_content(struct work *w)
{
	ASN1_OCTET_STRING **content;

	if (OBJ_obj2nid(CMS_get0_type(w->cms)) != NID_pkcs7_signed) {
		w->out->why = "it is encrypted, or something else than signed";
		return false;
	}
	content = CMS_get0_content(w->cms);
	if (content == NULL || *content == NULL) {
		w->out->why = "the signature came without what was signed";
		return false;
	}
	w->out->size = (size_t)ASN1_STRING_length(*content);
	w->out->content = mc_arena_strndup(w->arena,
		(const char *)ASN1_STRING_get0_data(*content), w->out->size);
	return w->out->content != NULL;
}

static bool
take_signers(struct work *w)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(w->cms);
	int n = signers == NULL ? 0 : sk_CMS_SignerInfo_num(signers);

	if (n <= 0 || n > MC_CMS_SIGNERS) {
		w->out->why = n <= 0 ? "nobody has signed it"
				     : "it has more than 8 signers";
		return false;
	}
	w->out->signature.signers = (size_t)n;
	w->signer = sk_CMS_SignerInfo_value(signers, 0);
	w->certificates = CMS_get1_certs(w->cms);
	if (w->certificates != NULL)
		w->out->signature.certificates = (size_t)sk_X509_num(
			w->certificates);
	(void)CMS_set1_signers_certs(w->cms, NULL, 0);
	CMS_SignerInfo_get0_algs(w->signer, NULL, &w->certificate, NULL, NULL);
	return true;
}

static enum mc_cms_result
inspect(struct work *w, const char *roots)
{
	struct mc_signature *s = &w->out->signature;

	if (!take_content(w) || !take_signers(w))
		return w->arena->failed ? MC_CMS_MEMORY : MC_CMS_BAD;
	w->roots = X509_STORE_new();
	if (w->roots == NULL)
		return MC_CMS_MEMORY;
	if (!load_roots(w->roots, roots))
		return MC_CMS_ROOTS;
	s->there = true;
	tell_certificate(w);
	tell_time(w);
	s->why = verify(w);
	s->good = s->why == NULL;
	tell_chain(w);
	return w->arena->failed ? MC_CMS_MEMORY : MC_CMS_READ;
}

/* Blanks behind it, which some web servers add. */
static bool
is_rest(const unsigned char *at, const unsigned char *end)
{
	while (at < end && (*at == '\n' || *at == '\r' || *at == ' '))
		at++;
	return at == end;
}

/* Whether memory ran out somewhere: what failed by it says no more than no. */
static bool
ran_out(void)
{
	bool found = false;
	unsigned long error;

	while ((error = ERR_get_error()) != 0)
		if (ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE)
			found = true;
	return found;
}

enum mc_cms_result
mc_cms_read(struct mc_arena *arena, const char *bytes, size_t n,
	const char *roots, int64_t now, struct mc_cms *out)
{
	const unsigned char *at = (const unsigned char *)bytes;
	struct work w = {.arena = arena, .out = out, .now = (time_t)now};
	enum mc_cms_result result = MC_CMS_BAD;

	*out = (struct mc_cms){.why = ""};
	/* a SEQUENCE; no text begins like that */
	if (n < 2 || at[0] != 0x30 || (at[1] & 0x80) == 0)
		return MC_CMS_OTHER;
	if (n > MC_CMS_BYTES) {
		out->why = "it has more than 2 MiB";
		return MC_CMS_BAD;
	}
	w.cms = d2i_CMS_ContentInfo(NULL, &at, (long)n);
	if (w.cms == NULL)
		out->why = "it is cut off or damaged";
	else if (!is_rest(at, (const unsigned char *)bytes + n))
		out->why = "something follows the signature";
	else
		result = inspect(&w, roots);
	X509_STORE_free(w.roots);
	sk_X509_pop_free(w.certificates, X509_free);
	CMS_ContentInfo_free(w.cms);
	return ran_out() ? MC_CMS_MEMORY : result;
}
