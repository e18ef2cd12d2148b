/* SPDX-License-Identifier: ISC */
#include "field.h"

#include <stdint.h>
#include <string.h>

#include "emit/emit.h"
#include "text.h"

/* The headers of a field, as they look without case, blanks and marks. */
#define HEADERS(...)              \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

#define ATTRIBUTES HEADERS

/* Strings that are joined cannot stand in parentheses. */
/* NOLINTBEGIN(bugprone-macro-parentheses) */
#define SERVER(ID, WORD, SHORT)                                              \
	[MC_##ID] = {.name = SHORT,                                          \
		.kind = MC_KIND_SERVER,                                      \
		.limit = 1024,                                               \
		.help = WORD " server: " SHORT "s://host[:port] implicit "   \
			     "TLS, " SHORT "://host STARTTLS"},              \
	[MC_##ID##_HOST] = {.name = SHORT ".host",                           \
		.kind = MC_KIND_HOST,                                        \
		.limit = 1024,                                               \
		.help = "host of the " WORD " server"},                      \
	[MC_##ID##_PORT] = {.name = SHORT ".port",                           \
		.kind = MC_KIND_PORT,                                        \
		.limit = 32,                                                 \
		.help = "port of the " WORD " server"},                      \
	[MC_##ID##_TLS] = {.name = SHORT ".tls",                             \
		.kind = MC_KIND_TLS,                                         \
		.limit = 32,                                                 \
		.help = "TLS of the " WORD " server: implicit, starttls or " \
			"none"},                                             \
	[MC_##ID##_LOGIN] = {.name = SHORT ".login",                         \
		.kind = MC_KIND_LOGIN,                                       \
		.limit = 1024,                                               \
		.help = "login at the " WORD " server, where it differs"},   \
	[MC_##ID##_AUTH] = {.name = SHORT ".auth",                           \
		.kind = MC_KIND_AUTH,                                        \
		.limit = 32,                                                 \
		.help = "authentication at the " WORD " server: password, "  \
			"encrypted, oauth2 or none"},                        \
	[MC_##ID##_PASSWORD] = {.name = SHORT ".password",                   \
		.kind = MC_KIND_SECRET,                                      \
		.limit = 1024,                                               \
		.secret = true,                                              \
		.help = "password at the " WORD " server, where it differs"}

/* NOLINTEND(bugprone-macro-parentheses) */

static const struct mc_field table[MC_FIELDS] = {
	[MC_ADDRESS] = {.name = "address",
		.kind = MC_KIND_ADDRESS,
		.limit = 1024,
		.help = "the mailbox: local-part@domain",
		.synonyms = HEADERS("email", "mail", "emailaddress", "mailbox",
			"mailaddress", "primaryemail", "userprincipalname",
			"upn", "emailaddressrequired", "primarysmtpaddress",
			"adresse", "epost", "epostadress"),
		.weak = HEADERS("userprincipalname", "upn"),
		.attributes = ATTRIBUTES(
			"mailprimaryaddress", "mail", "rfc822mailbox")},
	[MC_NAME] = {.name = "name",
		.kind = MC_KIND_TEXT,
		.limit = 1024,
		.help = "the person's name, as others shall see it",
		.synonyms = HEADERS("displayname", "fullname", "cn",
			"commonname", "realname"),
		.attributes = ATTRIBUTES("displayname", "cn", "commonname")},
	[MC_GIVEN_NAME] = {.name = "given-name",
		.kind = MC_KIND_TEXT,
		.limit = 1024,
		.help = "given name; with family-name it makes a name",
		.synonyms = HEADERS("firstname", "firstnamerequired",
			"forename", "vorname", "fornamn", "f\xc3\xb6rnamn"),
		.attributes = ATTRIBUTES("givenname", "gn")},
	[MC_FAMILY_NAME] = {.name = "family-name",
		.kind = MC_KIND_TEXT,
		.limit = 1024,
		.help = "family name",
		.synonyms = HEADERS("lastname", "lastnamerequired", "surname",
			"sn", "nachname", "efternamn"),
		.attributes = ATTRIBUTES("sn", "surname")},
	[MC_LOGIN] = {.name = "login",
		.kind = MC_KIND_LOGIN,
		.limit = 1024,
		.help = "login at every server, where it is not the address",
		.synonyms = HEADERS("username", "user", "loginname", "userid",
			"uid", "samaccountname", "benutzername", "anvandarnamn",
			"anv\xc3\xa4ndarnamn")},
	[MC_PASSWORD] = {.name = "password",
		.kind = MC_KIND_SECRET,
		.limit = 1024,
		.secret = true,
		.help = "password; written only with --embed-password",
		.synonyms = HEADERS("pass", "passwd", "passwort", "losenord",
			"l\xc3\xb6senord")},
	[MC_ORGANIZATION] = {.name = "organization",
		.kind = MC_KIND_TEXT,
		.limit = 1024,
		.help = "who hands the account out; shown with it",
		.synonyms = HEADERS(
			"organisation", "org", "company", "companyname", "o"),
		.attributes = ATTRIBUTES("o", "organizationname", "company")},
	[MC_SUPPORT] = {.name = "support",
		.kind = MC_KIND_TEXT,
		.limit = 1024,
		.help = "whom to ask: a telephone number, address or page",
		.synonyms = HEADERS("helpdesk", "supportcontact")},
	[MC_LANG] = {.name = "lang",
		.kind = MC_KIND_LANG,
		.limit = 64,
		.help = "the person's language, a BCP 47 tag such as pt-BR",
		.synonyms = HEADERS("language", "preferredlanguage", "locale",
			"sprache", "sprak", "spr\xc3\xa5k"),
		.attributes = ATTRIBUTES("preferredlanguage")},
	[MC_ALIASES] = {.name = "aliases",
		.kind = MC_KIND_ADDRESSES,
		.limit = 16384,
		.help = "more addresses of the mailbox, by comma or blank",
		.synonyms = HEADERS("alias", "emailaliases", "secondaryemail",
			"otheraddresses", "proxyaddresses"),
		.weak = HEADERS("proxyaddresses"),
		.attributes = ATTRIBUTES("mailalternateaddress",
			"mailalternativeaddress", "zimbramailalias",
			"proxyaddresses")},
	[MC_PERSON] = {.name = "person",
		.kind = MC_KIND_TEXT,
		.limit = 1024,
		.help = "whose account it is: one value for all accounts of a "
			"person",
		.synonyms = HEADERS("owner", "employee")},
	[MC_PROVIDER] = {.name = "provider",
		.kind = MC_KIND_TEXT,
		.limit = 256,
		.help = "the provider whose preset fills in the servers"},
	[MC_DELIVER_TO] = {.name = "deliver-to",
		.kind = MC_KIND_ADDRESS,
		.limit = 1024,
		.help = "address that can be read before the account works",
		.synonyms = HEADERS("recoveryemail", "privateemail")},
	[MC_PROTOCOL] = {.name = "protocol",
		.kind = MC_KIND_PROTOCOL,
		.limit = 32,
		.help = "how mail is fetched: imap or pop3"},
	[MC_CALDAV] = {.name = "caldav",
		.kind = MC_KIND_DAV,
		.limit = 1024,
		.help = "calendars: https://host[:port][/path]"},
	[MC_CARDDAV] = {.name = "carddav",
		.kind = MC_KIND_DAV,
		.limit = 1024,
		.help = "contacts: https://host[:port][/path]"},
	SERVER(IMAP, "IMAP", "imap"),
	SERVER(POP3, "POP3", "pop3"),
	SERVER(SMTP, "submission", "smtp"),
	[MC_IMAP_PREFIX] = {.name = "imap.prefix",
		.kind = MC_KIND_TEXT,
		.limit = 256,
		.help = "path prefix of the folders at the IMAP server"},
	[MC_REASON] = {.name = "mailcfg_reason",
		.kind = MC_KIND_IGNORED,
		.limit = UINT16_MAX,
		.help = "accepted and ignored"},
};

/* Columns of the exports that people have, which say nothing to us. */
static const char *const known[] = {
	/* Google Workspace, users */
	"passwordrequired", "passwordhashfunctionuploadonly",
	"orgunitpathrequired", "newprimaryemailuploadonly", "statusreadonly",
	"lastsigninreadonly", "homesecondaryemail", "worksecondaryemail",
	"recoveryphonemustbeinthee164format", "workphone", "homephone",
	"mobilephone", "workaddress", "homeaddress", "employeeid",
	"employeetype", "employeetitle", "manageremail", "department",
	"costcenter", "2svenrolledreadonly", "2svenforcedreadonly",
	"buildingid", "floorname", "floorsection", "emailusagereadonly",
	"driveusagereadonly", "photosusagereadonly", "storagelimitreadonly",
	"storageusedreadonly", "totalstoragereadonly",
	"changepasswordatnextsignin", "newstatusuploadonly",
	"newlicensesuploadonly", "licensesreadonly",
	"advancedprotectionprogramenrollment",
	/* Microsoft 365 and Entra, users */
	"blockcredential", "city", "countryregion", "country", "dirsyncenabled",
	"fax", "lastdirsynctime", "lastpasswordchangetimestamp",
	"licenseassignmentdetails", "licenses", "oathtokenmetadata", "objectid",
	"office", "passwordneverexpires", "phonenumber", "postalcode",
	"preferreddatalocation", "releasetrack", "softdeletiontimestamp",
	"state", "streetaddress", "strongpasswordrequired", "title",
	"usagelocation", "whencreated", "id", "usertype", "jobtitle",
	"accountenabled", "officelocation", "telephonenumber",
	"alternateemailaddress", "agegroup", "consentprovidedforminor",
	"legalagegroupclassification", "creationtype", "directorysynced",
	"invitationstate", "identityissuer", "createddatetime",
	"physicaldeliveryofficename", "mobile", "authenticationphonenumber",
	"authenticationalternativephonenumber", "authenticationemail",
	"countryorregion", "stateorprovince"};

/* The target's own fields, unless an earlier one has the same. */
static const struct mc_field *
own_fields(size_t target)
{
	const struct mc_field *own = mc_target_at(target)->fields;

	for (size_t i = 0; own != NULL && i < target; i++)
		if (mc_target_at(i)->fields == own)
			return NULL;
	return own;
}

size_t
mc_field_count(void)
{
	size_t n = MC_FIELDS;

	for (size_t i = 0; i < mc_target_count(); i++) {
		const struct mc_field *own = own_fields(i);

		for (; own != NULL && own->name != NULL; own++)
			n++;
	}
	return n;
}

const struct mc_field *
mc_field_at(size_t at)
{
	if (at < MC_FIELDS)
		return &table[at];
	at -= MC_FIELDS;
	for (size_t i = 0; i < mc_target_count(); i++) {
		const struct mc_field *own = own_fields(i);

		for (; own != NULL && own->name != NULL; own++)
			if (at-- == 0)
				return own;
	}
	return NULL;
}

int
mc_field_find(const char *name)
{
	const struct mc_field *field;

	for (size_t i = 0; (field = mc_field_at(i)) != NULL; i++)
		if (strcmp(field->name, name) == 0)
			return (int)i;
	return -1;
}

enum { HEADER = 128 };

/* Letters, digits and what is not ASCII, in lower case. */
static void
normalise(const char *s, char out[HEADER])
{
	size_t n = 0;

	for (; *s != '\0' && n < HEADER - 1; s++) {
		char c = mc_lower(*s);

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			(unsigned char)c >= 0x80)
			out[n++] = c;
	}
	out[n] = '\0';
}

static bool
is_synonym(const struct mc_field *field, const char *word)
{
	if (field->synonyms == NULL)
		return false;
	for (const char *const *s = field->synonyms; *s != NULL; s++)
		if (strcmp(*s, word) == 0)
			return true;
	return false;
}

/*
 * A slip of the finger.  Of a short word only a letter too many, too few or
 * two that changed places: "land" is no "lang".
 */
static bool
is_slip(const char *word, const char *name)
{
	size_t n = strlen(name), m = strlen(word);
	unsigned distance;

	if (n < 4 || m < 3)
		return false;
	distance = mc_distance(word, name, 2);
	if (n > 7)
		return distance <= 2;
	if (distance != 1)
		return false;
	if (n != m || n > 5)
		return true;
	for (size_t i = 0; i + 1 < n; i++)
		if (word[i] != name[i])
			return word[i] == name[i + 1] && word[i + 1] == name[i];
	return false;
}

bool
mc_header_same(const char *a, const char *b)
{
	char one[HEADER] = "", two[HEADER] = "";

	normalise(a, one);
	normalise(b, two);
	return one[0] != '\0' && strcmp(one, two) == 0;
}

bool
mc_header_is_weak(const char *header, int field)
{
	const struct mc_field *row = mc_field_at((size_t)field);
	const char *const *weak = row == NULL ? NULL : row->weak;

	for (; weak != NULL && *weak != NULL; weak++)
		if (mc_header_same(*weak, header))
			return true;
	return false;
}

int
mc_field_match(const char *header, const struct mc_field **nearest)
{
	const struct mc_field *field, *near = NULL;
	char word[HEADER] = "", name[HEADER] = "";

	normalise(header, word);
	for (size_t i = 0; (field = mc_field_at(i)) != NULL; i++) {
		normalise(field->name, name);
		if (strcmp(name, word) == 0 || is_synonym(field, word))
			return (int)i;
		if (near == NULL && is_slip(word, name))
			near = field;
	}
	if (nearest != NULL)
		*nearest = mc_column_known(header) ? NULL : near;
	return -1;
}

const struct mc_field *
mc_field_nearest(const char *name)
{
	const struct mc_field *field, *best = NULL;
	unsigned least = 4;

	for (size_t i = 0; (field = mc_field_at(i)) != NULL; i++) {
		unsigned distance = mc_distance(name, field->name, 3);

		if (distance < least && mc_near(name, field->name)) {
			least = distance;
			best = field;
		}
	}
	return best;
}

bool
mc_column_known(const char *header)
{
	char word[HEADER] = "";

	normalise(header, word);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i], word) == 0)
			return true;
	return false;
}

const char *
mc_kind_name(enum mc_kind kind)
{
	switch (kind) {
	case MC_KIND_TEXT: return "text";
	case MC_KIND_ADDRESS: return "address";
	case MC_KIND_ADDRESSES: return "addresses";
	case MC_KIND_HOST: return "host";
	case MC_KIND_PORT: return "port";
	case MC_KIND_TLS: return "tls";
	case MC_KIND_AUTH: return "auth";
	case MC_KIND_LOGIN: return "login";
	case MC_KIND_SECRET: return "secret";
	case MC_KIND_SERVER: return "server";
	case MC_KIND_DAV: return "url";
	case MC_KIND_LANG: return "language";
	case MC_KIND_PROTOCOL: return "protocol";
	case MC_KIND_IGNORED: return "ignored";
	case MC_KIND_PATH: return "folder";
	case MC_KIND_DATE: return "date";
	case MC_KIND_SWITCH: return "switch";
	case MC_KIND_CHOICE: return "choice";
	}
	return "";
}
