/* SPDX-License-Identifier: ISC */
#include "code.h"

#include <string.h>

#include "../qr.h"

static const char format_field[] = "qr.format";

static const char *const words[] = {[MC_CODE_PNG] = "png",
	[MC_CODE_SVG] = "svg",
	[MC_CODE_TEXT] = "text",
	[MC_CODE_PAYLOAD] = "payload",
	[MC_CODE_FORMATS] = NULL};

const struct mc_field mc_code_fields[] = {
	{.name = format_field,
		.kind = MC_KIND_CHOICE,
		.limit = 8,
		.words = words,
		.help = "how QR codes are drawn: png, svg or text, or payload, "
			"which is what they say; text is for a terminal, and "
			"the rule on one; else png"},
	{.name = NULL},
};

size_t
mc_code_form(const struct mailcfg_account *a, const struct mc_options *options)
{
	const char *word = mc_extra(a, format_field);
	size_t form = options->terminal ? MC_CODE_TEXT : MC_CODE_PNG;

	for (size_t i = 0; word != NULL && i < MC_CODE_FORMATS; i++)
		if (strcmp(words[i], word) == 0)
			form = i;
	return form;
}

bool
mc_code_is_easy(size_t bytes)
{
	return bytes <= MC_QR_EASY;
}

void
mc_code_check(struct mc_check *c, size_t bytes)
{
	if (bytes > MC_QR_BYTES)
		mc_refuse(c, MC_ADDRESS,
			"a QR code holds %d bytes, and %zu are wanted",
			(int)MC_QR_BYTES, bytes);
	else if (!mc_code_is_easy(bytes))
		mc_warn(c, MC_MSG_HARD_TO_SCAN, MC_ADDRESS,
			"%zu bytes; telephones read up to %d well", bytes,
			(int)MC_QR_EASY);
}

bool
mc_code_draw(struct mc_emit *e, const struct mailcfg_account *a,
	const char *bytes, size_t n, const char *title, const char *caption)
{
	struct mc_buf *out = &e->out[0];
	enum mc_code_format form = (enum mc_code_format)mc_code_form(
		a, e->options);
	struct mc_qr qr;

	if (form != MC_CODE_PAYLOAD && !mc_qr_make(e->arena, bytes, n, &qr))
		return false;
	switch (form) {
	case MC_CODE_PNG: return mc_qr_png(out, &qr, MC_QR_SCALE);
	case MC_CODE_SVG:
		mc_qr_svg(out, &qr, title);
		mc_buf_putc(out, '\n');
		break;
	case MC_CODE_TEXT:
		mc_qr_text(out, &qr);
		mc_buf_printf(out, "%s\n", caption);
		break;
	case MC_CODE_PAYLOAD: mc_buf_add(out, bytes, n); break;
	case MC_CODE_FORMATS: return false;
	}
	return !out->failed;
}
