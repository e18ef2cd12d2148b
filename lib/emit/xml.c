/* SPDX-License-Identifier: ISC */
#include "xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlwriter.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xml_quiet.h"

/* How libxml2 spells it, whatever it was told. */
static const char spelling[] = "UTF-8";

struct mc_xml {
	xmlBufferPtr buffer;
	xmlTextWriterPtr writer; /* writes into buffer */
	const char *encoding;
	uint64_t asked; /* hash of what was asked for */
	bool failed;
	struct mc_xml_quiet quiet;
};

static const xmlChar *
u8(const char *s)
{
	return (const xmlChar *)s;
}

/*
 * FNV-1a with 64 bits: what it finds are accidents of a library, not somebody
 * who looks for collisions.
 */
static uint64_t
mix(uint64_t hash, const char *text)
{
	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
	return hash;
}

/* Text cannot hold a control character, so these keep the parts apart. */
static uint64_t
hash_open(uint64_t hash, const char *name)
{
	return mix(mix(hash, "\1"), name);
}

/* Added up, since the parser knows no order of attributes and xmlns. */
static uint64_t
hash_attribute(uint64_t hash, const char *name, const char *value)
{
	return hash + mix(mix(mix(mix(0, "\2"), name), "\3"), value);
}

static uint64_t
hash_text(uint64_t hash, const char *text)
{
	return mix(mix(hash, "\4"), text);
}

static uint64_t
hash_close(uint64_t hash)
{
	return mix(hash, "\5");
}

/* A status of the library: negative is a failure, and that stays. */
static void
note(struct mc_xml *x, int status)
{
	if (status < 0)
		x->failed = true;
}

struct mc_xml *
mc_xml_new(const char *encoding)
{
	struct mc_xml *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return NULL;
	x->encoding = encoding;
	mc_xml_quiet_begin(&x->quiet);
	x->buffer = xmlBufferCreate();
	if (x->buffer != NULL)
		x->writer = xmlNewTextWriterMemory(x->buffer, 0);
	x->failed = x->writer == NULL;
	if (x->failed)
		return x;
	note(x, xmlTextWriterSetIndent(x->writer, 1));
	note(x, xmlTextWriterSetIndentString(x->writer, u8("  ")));
	note(x, xmlTextWriterStartDocument(x->writer, NULL, spelling, NULL));
	return x;
}

void
mc_xml_open(struct mc_xml *x, const char *name)
{
	if (x->failed)
		return;
	x->asked = hash_open(x->asked, name);
	note(x, xmlTextWriterStartElement(x->writer, u8(name)));
}

void
mc_xml_attribute(struct mc_xml *x, const char *name, const char *value)
{
	if (x->failed)
		return;
	x->asked = hash_attribute(x->asked, name, value);
	note(x, xmlTextWriterWriteAttribute(x->writer, u8(name), u8(value)));
}

void
mc_xml_close(struct mc_xml *x)
{
	if (x->failed)
		return;
	x->asked = hash_close(x->asked);
	note(x, xmlTextWriterEndElement(x->writer));
}

void
mc_xml_text(struct mc_xml *x, const char *text)
{
	if (x->failed)
		return;
	x->asked = hash_text(x->asked, text);
	note(x, xmlTextWriterWriteString(x->writer, u8(text)));
}

void
mc_xml_leaf(struct mc_xml *x, const char *name, const char *text)
{
	if (x->failed)
		return;
	x->asked = hash_open(x->asked, name);
	x->asked = hash_close(hash_text(x->asked, text));
	note(x, xmlTextWriterWriteElement(x->writer, u8(name), u8(text)));
}

void
mc_xml_leaf_uint(struct mc_xml *x, const char *name, unsigned number)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%u", number);
	mc_xml_leaf(x, name, text);
}

/* The attributes of an element, and its xmlns. */
static bool
read_attributes(uint64_t *hash, const xmlNode *node)
{
	for (const xmlNs *ns = node->nsDef; ns != NULL; ns = ns->next) {
		if (ns->prefix != NULL || ns->href == NULL)
			return false;
		*hash = hash_attribute(*hash, "xmlns", (const char *)ns->href);
	}
	for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
		xmlChar *value = xmlNodeListGetString(
			node->doc, a->children, 1);

		if (value == NULL && a->children != NULL)
			return false;
		*hash = hash_attribute(*hash, (const char *)a->name,
			value == NULL ? "" : (const char *)value);
		xmlFree(value);
	}
	return true;
}

/* What is no element; beside elements there is indentation only. */
static bool
read_text(uint64_t *hash, const xmlNode *node, bool beside)
{
	if (node->type != XML_TEXT_NODE)
		return false;
	if (beside)
		return xmlIsBlankNode(node);
	*hash = hash_text(*hash, (const char *)node->content);
	return true;
}

/*
 * Hashes an element as it was read.  false: there is something in it that
 * nobody writes here.  It goes as deep as the parser went, 256 at most.
 */
static bool
read_element(uint64_t *hash, const xmlNode *node)
{
	bool parent = false;

	*hash = hash_open(*hash, (const char *)node->name);
	if (!read_attributes(hash, node))
		return false;
	for (const xmlNode *child = node->children; child != NULL;
		child = child->next)
		parent = parent || child->type == XML_ELEMENT_NODE;
	for (const xmlNode *child = node->children; child != NULL;
		child = child->next) {
		if (child->type == XML_ELEMENT_NODE
				? !read_element(hash, child)
				: !read_text(hash, child, parent))
			return false;
	}
	*hash = hash_close(*hash);
	return true;
}

/* Whether the bytes say what was asked for. */
static bool
verify(const struct mc_xml *x, const char *bytes, int size)
{
	xmlParserCtxtPtr parser = xmlNewParserCtxt();
	const xmlNode *root;
	uint64_t found = 0;
	xmlDocPtr doc;
	bool ok;

	if (parser == NULL)
		return false;
	doc = xmlCtxtReadMemory(parser, bytes, size, NULL, NULL,
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	root = doc == NULL ? NULL : xmlDocGetRootElement(doc);
	ok = root != NULL && parser->wellFormed && parser->errNo == 0 &&
		doc->intSubset == NULL && read_element(&found, root) &&
		found == x->asked;
	xmlFreeDoc(doc);
	xmlFreeParserCtxt(parser);
	return ok;
}

/* Appends the bytes with the encoding in the wanted spelling. */
static bool
append(struct mc_buf *out, const char *bytes, size_t size, const char *encoding)
{
	const char *at = strstr(bytes, spelling);
	size_t before;

	if (at == NULL)
		return false;
	before = (size_t)(at - bytes);
	mc_buf_add(out, bytes, before);
	mc_buf_puts(out, encoding);
	before += sizeof(spelling) - 1;
	mc_buf_add(out, bytes + before, size - before);
	return !out->failed;
}

bool
mc_xml_finish(struct mc_xml *x, struct mc_buf *out)
{
	const char *bytes;
	bool ok = false;
	int size;

	if (!x->failed)
		note(x, xmlTextWriterEndDocument(x->writer));
	/* only now is everything in the buffer */
	xmlFreeTextWriter(x->writer);
	if (!x->failed) {
		bytes = (const char *)xmlBufferContent(x->buffer);
		size = xmlBufferLength(x->buffer);
		ok = bytes != NULL && verify(x, bytes, size) &&
			append(out, bytes, (size_t)size, x->encoding);
	}
	xmlBufferFree(x->buffer);
	mc_xml_quiet_end(&x->quiet);
	free(x);
	return ok;
}
