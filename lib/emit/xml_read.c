/* SPDX-License-Identifier: ISC */
#include "xml_read.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../text.h"
#include "xml_quiet.h"

enum { BYTES = 1024 * 1024, NODES = 20000 };

struct copying {
	struct mc_arena *arena;
	size_t nodes; /* so far */
};

static const char *
copy(struct copying *c, const xmlChar *text)
{
	return text == NULL ? ""
			    : mc_arena_strdup(c->arena, (const char *)text);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The pieces of text in the element, joined. */
static const char *
copy_text(struct copying *c, const xmlNode *node)
{
	size_t n = 0, start = 0;
	char *text;

	for (const xmlNode *p = node->children; p != NULL; p = p->next)
		if (p->type == XML_TEXT_NODE ||
			p->type == XML_CDATA_SECTION_NODE)
			n += strlen((const char *)p->content);
	text = mc_arena_room(c->arena, n + 1);
	if (text == NULL)
		return NULL;
	n = 0;
	for (const xmlNode *p = node->children; p != NULL; p = p->next)
		if (p->type == XML_TEXT_NODE ||
			p->type == XML_CDATA_SECTION_NODE) {
			size_t len = strlen((const char *)p->content);

			memcpy(text + n, p->content, len);
			n += len;
		}
	while (n > 0 && is_blank(text[n - 1]))
		n--;
	text[n] = '\0';
	while (is_blank(text[start]))
		start++;
	return text + start;
}

static void
copy_attributes(struct copying *c, struct mc_xml_node *out, const xmlNode *node)
{
	struct mc_xml_attribute **end = &out->attributes;

	for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
		struct mc_xml_attribute *attribute = mc_arena_alloc(
			c->arena, sizeof(*attribute));
		xmlChar *value = xmlNodeListGetString(
			node->doc, a->children, 1);

		if (value == NULL && a->children != NULL)
			c->arena->failed = true;
		if (attribute != NULL) {
			attribute->name = copy(c, a->name);
			attribute->value = copy(c, value);
			*end = attribute;
			end = &attribute->next;
		}
		xmlFree(value);
	}
}

/*
 * The element as it was read, and what is in it: as deep as the parser went,
 * 256 at most.  NULL: out of memory, or too many.
 */
static struct mc_xml_node *
copy_element(struct copying *c, const xmlNode *node)
{
	struct mc_xml_node *out = NULL, **end;

	if (++c->nodes <= NODES)
		out = mc_arena_alloc(c->arena, sizeof(*out));
	if (out == NULL)
		return NULL;
	out->name = copy(c, node->name);
	out->space = node->ns == NULL ? "" : copy(c, node->ns->href);
	out->prefix = node->ns == NULL ? "" : copy(c, node->ns->prefix);
	out->line = node->line;
	out->text = copy_text(c, node);
	copy_attributes(c, out, node);
	end = &out->first;
	for (const xmlNode *p = node->children; p != NULL; p = p->next) {
		if (p->type != XML_ELEMENT_NODE)
			continue;
		*end = copy_element(c, p);
		if (*end == NULL)
			return NULL;
		end = &(*end)->next;
	}
	return out;
}

static void __attribute__((format(printf, 4, 5)))
refuse(struct mc_report *report, enum mc_msg message,
	const struct mailcfg_pos *pos, const char *format, ...)
{
	char detail[256];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	mc_say(report, message, pos, NULL, NULL, "%s", detail);
}

/* What the parser holds against it. */
static void
say_fault(xmlParserCtxtPtr parser, const char *file, struct mc_report *report)
{
	const xmlError *error = xmlCtxtGetLastError(parser);
	struct mailcfg_pos pos = {file, 0, 0};
	const char *words = "it is no XML";

	if (error != NULL && error->line > 0) {
		pos.line = (unsigned)error->line;
		pos.column = error->int2 > 0 ? (unsigned)error->int2 : 0;
	}
	if (error != NULL && error->message != NULL)
		words = error->message;
	refuse(report, MC_MSG_SYNTAX, &pos, "%.*s", (int)strcspn(words, "\n"),
		words);
}

/*
 * A DOCTYPE, before anything in it is read: nobody needs one here, and it can
 * define entities that grow without end.
 */
static void
on_doctype(void *context, const xmlChar *name, const xmlChar *external,
	const xmlChar *system)
{
	xmlParserCtxtPtr parser = context;

	(void)name;
	(void)external;
	(void)system;
	*(bool *)parser->_private = true;
	xmlStopParser(parser);
}

static const struct mc_xml_node *
take(struct mc_arena *arena, xmlParserCtxtPtr parser, xmlDocPtr doc,
	const char *file, struct mc_report *report)
{
	const struct mailcfg_pos pos = {file, 0, 0};
	struct copying c = {arena, 0};
	const struct mc_xml_node *root;

	if (parser->errNo == XML_ERR_NO_MEMORY) {
		arena->failed = true;
		return NULL;
	}
	if (*(const bool *)parser->_private) {
		refuse(report, MC_MSG_SYNTAX, &pos, "it has a DOCTYPE");
		return NULL;
	}
	if (doc == NULL || !parser->wellFormed || parser->errNo != 0 ||
		doc->intSubset != NULL) {
		say_fault(parser, file, report);
		return NULL;
	}
	root = copy_element(&c, xmlDocGetRootElement(doc));
	if (root == NULL && !arena->failed)
		refuse(report, MC_MSG_TOO_BIG, &pos, "more than %d elements",
			NODES);
	return arena->failed ? NULL : root;
}

/* Other encodings are too many, and seldom what they say they are. */
static bool
is_utf8(const char *file, const char *bytes, size_t n, struct mc_report *report)
{
	struct mailcfg_pos pos = {file, 1, 1};
	uint32_t code;
	size_t len;

	for (size_t at = 0; at < n; at += len) {
		len = mc_utf8_decode(bytes + at, n - at, &code);
		if (len == 0) {
			refuse(report, MC_MSG_NOT_UTF8, &pos, "byte %zu",
				at + 1);
			return false;
		}
		pos.column++;
		if (code == '\n') {
			pos.line++;
			pos.column = 1;
		}
	}
	return true;
}

/* Said before the parser's own words, which do not help. */
static bool
is_sound(
	const char *file, const char *bytes, size_t n, struct mc_report *report)
{
	const struct mailcfg_pos pos = {file, 0, 0};

	if (n > BYTES)
		refuse(report, MC_MSG_TOO_BIG, &pos, "more than 1 MiB");
	else if (n == 0)
		refuse(report, MC_MSG_SYNTAX, &pos, "there is nothing in it");
	else if (memchr(bytes, '\0', n) != NULL)
		refuse(report, MC_MSG_SYNTAX, &pos, "a NUL is in it");
	else
		return is_utf8(file, bytes, n, report);
	return false;
}

const struct mc_xml_node *
mc_xml_read(struct mc_arena *arena, const char *file, const char *bytes,
	size_t n, struct mc_report *report)
{
	const struct mc_xml_node *root = NULL;
	struct mc_xml_quiet quiet;
	xmlParserCtxtPtr parser;
	bool doctype = false;
	xmlDocPtr doc;

	if (!is_sound(file, bytes, n, report))
		return NULL;
	mc_xml_quiet_begin(&quiet);
	parser = xmlNewParserCtxt();
	if (parser == NULL) {
		arena->failed = true;
	} else {
		parser->_private = &doctype;
		parser->sax->internalSubset = on_doctype;
		/* it is UTF-8, whatever it declares */
		doc = xmlCtxtReadMemory(parser, bytes, (int)n, NULL, NULL,
			XML_PARSE_NONET | XML_PARSE_NOERROR |
				XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC);
		root = take(arena, parser, doc, file, report);
		xmlFreeDoc(doc);
		xmlFreeParserCtxt(parser);
	}
	mc_xml_quiet_end(&quiet);
	return root;
}

const char *
mc_xml_get(const struct mc_xml_node *node, const char *attribute)
{
	for (const struct mc_xml_attribute *a = node->attributes; a != NULL;
		a = a->next)
		if (strcmp(a->name, attribute) == 0)
			return a->value;
	return "";
}

const struct mc_xml_node *
mc_xml_child(const struct mc_xml_node *node, const char *name)
{
	for (const struct mc_xml_node *c = node->first; c != NULL; c = c->next)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

const char *
mc_xml_child_text(const struct mc_xml_node *node, const char *name)
{
	const struct mc_xml_node *child = mc_xml_child(node, name);

	return child == NULL ? "" : child->text;
}
