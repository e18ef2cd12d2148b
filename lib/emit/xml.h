/* SPDX-License-Identifier: ISC */
#ifndef MC_XML_H
#define MC_XML_H

#include <stdbool.h>

#include "../buf.h"

/*
 * An XML 1.0 document in UTF-8 through libxml2's writer, indented by two
 * blanks, LF.  Names have no prefix.  Any failure is remembered: only
 * mc_xml_finish tells.  Until then libxml2's error messages of this thread go
 * nowhere.
 */
struct mc_xml;

/*
 * encoding: "UTF-8", in the case in which the declaration shall spell it.
 * NULL: out of memory.
 */
struct mc_xml *mc_xml_new(const char *encoding);
/* Opens an element; attributes follow before anything else. */
void mc_xml_open(struct mc_xml *, const char *name);
void mc_xml_attribute(struct mc_xml *, const char *name, const char *value);
void mc_xml_close(struct mc_xml *);
/* The text of the element that was opened, all of it, and never empty. */
void mc_xml_text(struct mc_xml *, const char *text);
/* <name>text</name>; text is never empty */
void mc_xml_leaf(struct mc_xml *, const char *name, const char *text);
void mc_xml_leaf_uint(struct mc_xml *, const char *name, unsigned);
/*
 * Ends the document and appends it to the buffer.  The library writes wrong
 * documents when memory runs out, so what it wrote is parsed and compared
 * with what was asked for.  false: nothing was appended.  Frees the writer.
 */
bool mc_xml_finish(struct mc_xml *, struct mc_buf *);

#endif
