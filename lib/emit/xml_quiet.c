/* SPDX-License-Identifier: ISC */
#include "xml_quiet.h"

#include <libxml/globals.h>
#include <stddef.h>

/* It prints in two ways. */
#if LIBXML_VERSION >= 21200
static void
quiet(void *context, const xmlError *error)
#else
static void
quiet(void *context, xmlError *error)
#endif
{
	(void)context;
	(void)error;
}

static void __attribute__((format(printf, 2, 3)))
quiet_printer(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

void
mc_xml_quiet_begin(struct mc_xml_quiet *q)
{
	q->handler = xmlStructuredError;
	q->handler_context = xmlStructuredErrorContext;
	q->printer = xmlGenericError;
	q->printer_context = xmlGenericErrorContext;
	xmlSetStructuredErrorFunc(NULL, quiet);
	xmlSetGenericErrorFunc(NULL, quiet_printer);
}

void
mc_xml_quiet_end(const struct mc_xml_quiet *q)
{
	xmlSetStructuredErrorFunc(q->handler_context, q->handler);
	xmlSetGenericErrorFunc(q->printer_context, q->printer);
}
