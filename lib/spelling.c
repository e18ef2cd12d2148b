/* SPDX-License-Identifier: ISC */
#include "spelling.h"

const char *
mc_protocol_word(enum mailcfg_protocol protocol)
{
	switch (protocol) {
	case MAILCFG_IMAP: return "imap";
	case MAILCFG_POP3: return "pop3";
	case MAILCFG_SUBMISSION: return "smtp";
	}
	return "";
}

const char *
mc_tls_word(enum mailcfg_tls tls)
{
	switch (tls) {
	case MAILCFG_TLS_IMPLICIT: return "implicit";
	case MAILCFG_TLS_STARTTLS: return "starttls";
	case MAILCFG_TLS_NONE: return "none";
	}
	return "";
}

const char *
mc_auth_word(enum mailcfg_auth auth)
{
	switch (auth) {
	case MAILCFG_AUTH_PASSWORD: return "password";
	case MAILCFG_AUTH_ENCRYPTED: return "encrypted";
	case MAILCFG_AUTH_OAUTH2: return "oauth2";
	case MAILCFG_AUTH_NONE: return "none";
	}
	return "";
}
