/* SPDX-License-Identifier: ISC */
/* The model as YAML: a block sequence, to be read and edited by people. */
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "../text.h"
#include "model.h"

/* A record in the making; every status of the library sets `failed`. */
struct maker {
	yaml_emitter_t emitter;
	bool failed;
};

static int
take(void *context, unsigned char *bytes, size_t n)
{
	struct mc_buf *out = context;

	mc_buf_add(out, bytes, n);
	return !out->failed;
}

/* The emitter owns the event afterwards, whatever comes of it. */
static void
emit(struct maker *m, yaml_event_t *event, int made)
{
	if (made && m->failed)
		yaml_event_delete(event);
	else if (!made || !yaml_emitter_emit(&m->emitter, event))
		m->failed = true;
}

static void
put_scalar(struct maker *m, const char *text, yaml_scalar_style_t style)
{
	const yaml_char_t *bytes = (const yaml_char_t *)(const void *)text;
	yaml_event_t event;

	emit(m, &event,
		yaml_scalar_event_initialize(&event, NULL, NULL, bytes,
			(int)strlen(text), 1, 1, style));
}

static void
put_key(struct maker *m, const char *key)
{
	put_scalar(m, key, YAML_PLAIN_SCALAR_STYLE);
}

/* Quoted always: nothing that a person types means something else then. */
static void
put_text(void *context, const char *key, const char *text)
{
	put_key(context, key);
	put_scalar(context, text, YAML_DOUBLE_QUOTED_SCALAR_STYLE);
}

static void
put_word(void *context, const char *key, const char *word)
{
	put_key(context, key);
	put_scalar(context, word, YAML_PLAIN_SCALAR_STYLE);
}

static void
put_number(void *context, const char *key, unsigned number)
{
	char digits[16];

	(void)snprintf(digits, sizeof(digits), "%u", number);
	put_word(context, key, digits);
}

static void
open_sequence(struct maker *m)
{
	yaml_event_t event;

	emit(m, &event,
		yaml_sequence_start_event_initialize(
			&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE));
}

static void
close_sequence(struct maker *m)
{
	yaml_event_t event;

	emit(m, &event, yaml_sequence_end_event_initialize(&event));
}

static void
put_list(void *context, const char *key, const char *const *texts, size_t n)
{
	put_key(context, key);
	open_sequence(context);
	for (size_t i = 0; i < n; i++)
		put_scalar(context, texts[i], YAML_DOUBLE_QUOTED_SCALAR_STYLE);
	close_sequence(context);
}

static void
open_mapping(struct maker *m)
{
	yaml_event_t event;

	emit(m, &event,
		yaml_mapping_start_event_initialize(
			&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE));
}

static void
put_open(void *context, const char *key)
{
	put_key(context, key);
	open_mapping(context);
}

static void
put_close(void *context)
{
	yaml_event_t event;

	emit(context, &event, yaml_mapping_end_event_initialize(&event));
}

static void
open_document(struct maker *m)
{
	yaml_event_t event;

	emit(m, &event,
		yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
	emit(m, &event,
		yaml_document_start_event_initialize(
			&event, NULL, NULL, NULL, 1));
}

static void
close_document(struct maker *m)
{
	yaml_event_t event;

	emit(m, &event, yaml_document_end_event_initialize(&event, 1));
	emit(m, &event, yaml_stream_end_event_initialize(&event));
}

/*
 * Each record is a sequence of one in a stream of its own: written one after
 * the other they are one sequence, and memory holds one record.
 */
static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	static const struct mc_visitor visitor = {
		put_text, put_word, put_number, put_list, put_open, put_close};
	struct maker m = {.failed = false};

	if (!yaml_emitter_initialize(&m.emitter))
		return false;
	yaml_emitter_set_output(&m.emitter, take, &e->out[0]);
	yaml_emitter_set_unicode(&m.emitter, 1);
	yaml_emitter_set_width(&m.emitter, -1);
	open_document(&m);
	open_sequence(&m);
	open_mapping(&m);
	mc_model_walk(a, e->options, e->arena, &visitor, &m);
	put_close(&m);
	close_sequence(&m);
	close_document(&m);
	yaml_emitter_delete(&m.emitter);
	return !m.failed && !e->out[0].failed && !e->arena->failed;
}

/* The letter behind the backslash; 0: the number is written. */
static char
letter_of(uint32_t c)
{
	switch (c) {
	case 0x07: return 'a';
	case 0x08: return 'b';
	case 0x09: return 't';
	case 0x0a: return 'n';
	case 0x0b: return 'v';
	case 0x0c: return 'f';
	case 0x0d: return 'r';
	case 0x1b: return 'e';
	case '"': return '"';
	case '\\': return '\\';
	case 0x85: return 'N';
	case 0x2028: return 'L';
	case 0x2029: return 'P';
	}
	return '\0';
}

/*
 * What the library writes as it is; for it nothing above U+FFFF is printable,
 * whatever YAML says.
 */
static bool
is_plain(uint32_t c)
{
	if (c < 0x7f)
		return c >= 0x20 && c != '"' && c != '\\';
	return c >= 0xa0 && c <= 0xfffd && c != 0x2028 && c != 0x2029 &&
		c != 0xfeff;
}

/* Between the quotes of a double-quoted scalar, as libyaml 0.2 writes it. */
static void
escape(struct mc_buf *out, const char *text)
{
	const char *end = text + strlen(text), *from = text;
	uint32_t c;
	size_t n;

	for (; text < end; text += n) {
		char letter;

		n = 1;
		c = (unsigned char)*text;
		if (c >= 0x80)
			n = mc_utf8_decode(text, (size_t)(end - text), &c);
		if (n == 0) {
			/* nor does the library write it */
			out->failed = true;
			return;
		}
		if (is_plain(c))
			continue;
		mc_buf_add(out, from, (size_t)(text - from));
		from = text + n;
		letter = letter_of(c);
		if (letter != '\0') {
			mc_buf_putc(out, '\\');
			mc_buf_putc(out, letter);
		} else {
			mc_buf_printf(out,
				c <= 0xff             ? "\\x%02X"
					: c <= 0xffff ? "\\u%04X"
						      : "\\U%08X",
				(unsigned)c);
		}
	}
	mc_buf_add(out, from, (size_t)(end - from));
}

static const struct mc_hole holes[] = {MC_MODEL_HOLES(escape)};

const struct mc_target mc_target_yaml = {
	.name = "yaml",
	.summary = "the accounts themselves as YAML, to edit and feed again",
	.can = MC_CAN_MODEL,
	.scope = mc_model_scope,
	.docs = {{.role = "list",
		.suffix = "accounts.yaml",
		.type = "application/yaml",
		.secret = true}},
	.holes = holes,
	.heeds = MC_HEEDS_SIGNS | MC_SIGN_BRACE,
	.check = mc_model_check,
	.item = item,
};
