/* SPDX-License-Identifier: ISC */
#ifndef MC_XML_QUIET_H
#define MC_XML_QUIET_H

#include <libxml/xmlerror.h>

/* The thread's own error handlers of libxml2, while nobody is told. */
struct mc_xml_quiet {
	xmlStructuredErrorFunc handler;
	xmlGenericErrorFunc printer;
	void *handler_context;
	void *printer_context;
};

/* Without handlers libxml2 prints to standard error by itself. */
void mc_xml_quiet_begin(struct mc_xml_quiet *);
void mc_xml_quiet_end(const struct mc_xml_quiet *);

#endif
