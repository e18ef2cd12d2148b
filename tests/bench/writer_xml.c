/* SPDX-License-Identifier: ISC */
/*
 * usage: writer_xml FILE
 *
 * An autoconfig file a person, each by an xmlTextWriter of libxml2's.
 */
#include <libxml/xmlwriter.h>

#include "person.h"

static void
put(xmlTextWriterPtr w, const char *name, const char *text)
{
	(void)xmlTextWriterWriteElement(w, BAD_CAST name, BAD_CAST text);
}

static void
put_server(xmlTextWriterPtr w, const char *element, const char *type,
	const char *host, const char *port, const char *tls, const char *login)
{
	bool implicit = strcmp(tls, "implicit") == 0;

	(void)xmlTextWriterStartElement(w, BAD_CAST element);
	(void)xmlTextWriterWriteAttribute(w, BAD_CAST "type", BAD_CAST type);
	put(w, "hostname", host);
	put(w, "port", port);
	put(w, "socketType", implicit ? "SSL" : "STARTTLS");
	put(w, "authentication", "password-cleartext");
	put(w, "username", login);
	(void)xmlTextWriterEndElement(w);
}

/* The most that the format allows in labels: 60 and 20 characters. */
static void
put_provider(xmlTextWriterPtr w, char *const *v)
{
	const char *domain = strrchr(v[ADDRESS], '@') + 1;

	(void)xmlTextWriterStartElement(w, BAD_CAST "emailProvider");
	(void)xmlTextWriterWriteAttribute(w, BAD_CAST "id", BAD_CAST domain);
	put(w, "domain", domain);
	if (strlen(domain) <= 60)
		put(w, "displayName", domain);
	if (strlen(domain) <= 20)
		put(w, "displayShortName", domain);
	put_server(w, "incomingServer", "imap", v[IMAP_HOST], v[IMAP_PORT],
		"implicit", v[LOGIN]);
	put_server(w, "outgoingServer", "smtp", v[SMTP_HOST], v[SMTP_PORT],
		v[SMTP_TLS], v[LOGIN]);
	(void)xmlTextWriterEndElement(w);
}

static bool
put_document(char *const *v)
{
	xmlBufferPtr buffer = xmlBufferCreate();
	xmlTextWriterPtr w;
	bool good;

	if (buffer == NULL)
		return false;
	w = xmlNewTextWriterMemory(buffer, 0);
	if (w == NULL)
		return false;
	(void)xmlTextWriterSetIndent(w, 1);
	(void)xmlTextWriterSetIndentString(w, BAD_CAST "  ");
	(void)xmlTextWriterStartDocument(w, NULL, "UTF-8", NULL);
	(void)xmlTextWriterStartElement(w, BAD_CAST "clientConfig");
	(void)xmlTextWriterWriteAttribute(
		w, BAD_CAST "version", BAD_CAST "1.1");
	put_provider(w, v);
	good = xmlTextWriterEndDocument(w) >= 0;
	xmlFreeTextWriter(w);
	good = good &&
		fwrite(xmlBufferContent(buffer), 1,
			(size_t)xmlBufferLength(buffer),
			stdout) == (size_t)xmlBufferLength(buffer);
	xmlBufferFree(buffer);
	return good;
}

int
main(int argc, char **argv)
{
	static char block[256 * 1024];
	struct rows rows = {0};

	(void)setvbuf(stdout, block, _IOFBF, sizeof(block));
	if (argc != 2 || !open_rows(&rows, argv[1]))
		return 66;
	while (next_row(&rows))
		if (!put_document(rows.value))
			return 74;
	return fflush(stdout) == 0 ? 0 : 74;
}
