/* SPDX-License-Identifier: ISC */
#include "apple_keys.h"

const char *const mc_apple_smime[] = {"SMIMEEnableEncryptionPerMessageSwitch",
	"SMIMEEncryptByDefaultUserOverrideable",
	"SMIMEEncryptionCertificateUUIDUserOverrideable",
	"SMIMESigningCertificateUUIDUserOverrideable",
	"SMIMESigningUserOverrideable", NULL};

const struct mc_apple_server mc_apple_incoming = {
	.authentication = "IncomingMailServerAuthentication",
	.host = "IncomingMailServerHostName",
	.prefix = "IncomingMailServerIMAPPathPrefix",
	.port = "IncomingMailServerPortNumber",
	.use_ssl = "IncomingMailServerUseSSL",
	.user = "IncomingMailServerUsername",
	.password = "IncomingPassword",
};
const struct mc_apple_server mc_apple_outgoing = {
	.authentication = "OutgoingMailServerAuthentication",
	.host = "OutgoingMailServerHostName",
	.port = "OutgoingMailServerPortNumber",
	.use_ssl = "OutgoingMailServerUseSSL",
	.user = "OutgoingMailServerUsername",
	.password = "OutgoingPassword",
};

const struct mc_purpose mc_apple_profile = MC_PURPOSE("");
const struct mc_purpose mc_apple_combined = MC_PURPOSE(".combined");
const struct mc_purpose mc_apple_mail = MC_PURPOSE(".mail");

const struct mc_apple_dav mc_apple_caldav = {
	.description = "CalDAVAccountDescription",
	.host = "CalDAVHostName",
	.password = "CalDAVPassword",
	.port = "CalDAVPort",
	.principal = "CalDAVPrincipalURL",
	.use_ssl = "CalDAVUseSSL",
	.user = "CalDAVUsername",
	.purpose = MC_PURPOSE(".caldav"),
	.type = "com.apple.caldav.account",
	.words = "Calendars of",
	.offset = offsetof(struct mailcfg_account, caldav),
};
const struct mc_apple_dav mc_apple_carddav = {
	.description = "CardDAVAccountDescription",
	.host = "CardDAVHostName",
	.password = "CardDAVPassword",
	.port = "CardDAVPort",
	.principal = "CardDAVPrincipalURL",
	.use_ssl = "CardDAVUseSSL",
	.user = "CardDAVUsername",
	.purpose = MC_PURPOSE(".carddav"),
	.type = "com.apple.carddav.account",
	.words = "Contacts of",
	.offset = offsetof(struct mailcfg_account, carddav),
};

const char *
mc_apple_type(enum mailcfg_protocol protocol)
{
	switch (protocol) {
	case MAILCFG_IMAP: return "EmailTypeIMAP";
	case MAILCFG_POP3: return "EmailTypePOP";
	case MAILCFG_SUBMISSION: break;
	}
	return NULL;
}

const char *
mc_apple_authentication(enum mailcfg_auth auth)
{
	switch (auth) {
	case MAILCFG_AUTH_PASSWORD: return "EmailAuthPassword";
	case MAILCFG_AUTH_ENCRYPTED: return "EmailAuthCRAMMD5";
	case MAILCFG_AUTH_NONE: return "EmailAuthNone";
	case MAILCFG_AUTH_OAUTH2: break; /* the driver has refused it */
	}
	return NULL;
}

const char *
mc_apple_title(
	struct mc_arena *arena, const char *mailbox, const char *organization)
{
	/* an en dash */
	return organization == NULL
		? mailbox
		: mc_arena_printf(
			  arena, "%s \xe2\x80\x93 %s", mailbox, organization);
}

bool
mc_apple_is_tls_port(unsigned port)
{
	return port == 993 || port == 995 || port == 465;
}

bool
mc_apple_is_starttls_port(unsigned port)
{
	return port == 143 || port == 110 || port == 587 || port == 25;
}
