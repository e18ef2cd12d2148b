/* SPDX-License-Identifier: ISC */
/*
 * XML of other makers, read strictly: well-formed, at most 1 MiB, no DOCTYPE,
 * and so no entities; nothing outside of it is asked for.
 */
#ifndef MC_XML_READ_H
#define MC_XML_READ_H

#include <stddef.h>

#include "../arena.h"
#include "../diag.h"

struct mc_xml_attribute {
	const char *name; /* without a prefix's */
	const char *value;
	struct mc_xml_attribute *next;
};

struct mc_xml_node {
	const char *name;   /* without the prefix */
	const char *space;  /* of names; "": none */
	const char *prefix; /* "": none */
	unsigned line;
	const char *text; /* its own, all of it, blanks at the ends gone */
	struct mc_xml_attribute *attributes;
	struct mc_xml_node *first; /* elements in it */
	struct mc_xml_node *next;
};

/* The root.  NULL: reported (syntax, not-utf8, too-big), or out of memory. */
const struct mc_xml_node *mc_xml_read(struct mc_arena *, const char *file,
	const char *bytes, size_t n, struct mc_report *);
/* What the attribute says; "": there is none. */
const char *mc_xml_get(const struct mc_xml_node *, const char *attribute);
/* The first element in it of that name; NULL: none. */
const struct mc_xml_node *mc_xml_child(
	const struct mc_xml_node *, const char *name);
/* The text of that element; "": there is none. */
const char *mc_xml_child_text(const struct mc_xml_node *, const char *name);

#endif
