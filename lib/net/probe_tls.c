/* SPDX-License-Identifier: ISC */
/* The steps TLS and certificate. */
#include <stdio.h>
#include <string.h>

#include "talk.h"

/* Days that a certificate should have left. */
enum { SOON = 14 };

static enum mc_reason
certificate_reason(long error)
{
	switch (error) {
	case X509_V_ERR_CERT_HAS_EXPIRED: return MC_WHY_EXPIRED;
	case X509_V_ERR_CERT_NOT_YET_VALID: return MC_WHY_FUTURE;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return MC_WHY_SELF_SIGNED;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return MC_WHY_ISSUER;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH: return MC_WHY_HOST;
	default: return MC_WHY_CERTIFICATE;
	}
}

static void
tell_days(struct mc_talk *t)
{
	struct mc_finding *f = &t->out->step[MC_STEP_CERTIFICATE];

	(void)snprintf(f->detail, sizeof(f->detail), "%d", t->shaken.days);
}

/* The certificate does not hold. */
static void
judge_certificate(struct mc_talk *t)
{
	enum mc_reason why = certificate_reason(t->shaken.verify);
	const char *text = X509_verify_cert_error_string(t->shaken.verify);

	mc_talk_find(t, MC_STEP_TLS, MC_WHY_GOOD);
	if (t->shaken.version != NULL)
		mc_talk_detail(t, MC_STEP_TLS, t->shaken.version,
			strlen(t->shaken.version));
	mc_talk_find(t, MC_STEP_CERTIFICATE, why);
	mc_reply_show(t->out->names, sizeof(t->out->names), t->shaken.names,
		strlen(t->shaken.names), NULL);
	if (why == MC_WHY_HOST)
		text = t->out->names;
	if (why == MC_WHY_EXPIRED)
		tell_days(t);
	else if (why == MC_WHY_HOST || why == MC_WHY_CERTIFICATE)
		mc_talk_detail(t, MC_STEP_CERTIFICATE, text, strlen(text));
}

bool
mc_talk_secure(struct mc_talk *t)
{
	const struct mc_probe_to *to = t->to;
	const struct mc_shaken *s = &t->shaken;
	bool ok = mc_wire_tls(&t->wire, mc_tls_context(to->trust),
		to->tls_name == NULL ? to->host : to->tls_name,
		to->patience == 0 ? MC_TALK_ANSWER : to->patience, &t->shaken);

	t->out->days = s->days;
	if (ok) {
		mc_talk_find(t, MC_STEP_TLS, MC_WHY_GOOD);
		mc_talk_detail(t, MC_STEP_TLS, s->version, strlen(s->version));
		mc_talk_find(t, MC_STEP_CERTIFICATE,
			s->days < SOON ? MC_WHY_EXPIRES : MC_WHY_GOOD);
		tell_days(t);
		return true;
	}
	if (s->verify != X509_V_OK) {
		judge_certificate(t);
	} else if (s->plain) {
		mc_talk_keep(t, s->text, s->n_text);
		mc_talk_hear(t, MC_STEP_TLS,
			to->tls == MAILCFG_TLS_STARTTLS ? MC_WHY_INJECTED
							: MC_WHY_NOT_TLS);
	} else if (s->old) {
		mc_talk_find(t, MC_STEP_TLS, MC_WHY_TLS_OLD);
	} else if (t->wire.fault == MC_WIRE_OK) {
		mc_talk_find(t, MC_STEP_TLS, MC_WHY_TLS_FAILED);
	} else {
		(void)mc_talk_broke(t, MC_STEP_TLS, MC_ANSWER_FAULT);
	}
	return false;
}
