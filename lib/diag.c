/* SPDX-License-Identifier: ISC */
#include "diag.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

const struct mc_message mc_messages[MC_MSG_COUNT] = {
#define MC_MESSAGE_ROW(id, level, slug, text) \
	[MC_MSG_##id] = {MAILCFG_##level, slug, text},
	MC_MESSAGES(MC_MESSAGE_ROW)
#undef MC_MESSAGE_ROW
};

enum { DETAIL = 1024 };

void
mc_clean(char *out, size_t size, const char *s, size_t n)
{
	size_t used = 0, at, len;
	uint32_t c;

	while (n > 0 && used + 12 < size) {
		len = mc_utf8_decode(s, n, &c);
		if (len == 0) {
			used += (size_t)snprintf(out + used, size - used,
				"\\x%02x", (unsigned)(unsigned char)*s);
			len = 1;
		} else if (mc_text_check(s, len, true, &at) != MC_TEXT_OK) {
			used += (size_t)snprintf(out + used, size - used,
				c < 0x80 ? "\\x%02x" : "\\u{%x}", (unsigned)c);
		} else {
			memcpy(out + used, s, len);
			used += len;
		}
		s += len;
		n -= len;
	}
	if (n > 0) {
		memcpy(out + used, "...", 3);
		used += 3;
	}
	out[used] = '\0';
}

void
mc_say_as(struct mc_report *report, enum mailcfg_level level, enum mc_msg id,
	const struct mailcfg_pos *pos, const char *field, const char *target,
	const char *detail)
{
	char text[DETAIL];
	struct mailcfg_diag diag = {
		.level = level,
		.slug = mc_messages[id].slug,
		.text = mc_messages[id].text,
		.detail = text,
		.field = field,
		.target = target,
	};

	if (report == NULL)
		return;
	report->errors += level == MAILCFG_ERROR;
	report->warnings += level == MAILCFG_WARNING;
	report->notes += level == MAILCFG_NOTE;
	if (report->fn == NULL)
		return;
	if (pos != NULL)
		diag.pos = *pos;
	mc_clean(text, sizeof(text), detail, strlen(detail));
	report->fn(report->context, &diag);
}

void
mc_say(struct mc_report *report, enum mc_msg id, const struct mailcfg_pos *pos,
	const char *field, const char *target, const char *format, ...)
{
	char detail[2 * DETAIL];
	va_list args;

	detail[0] = '\0';
	va_start(args, format);
	if (report != NULL && report->fn != NULL)
		(void)vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	mc_say_as(
		report, mc_messages[id].level, id, pos, field, target, detail);
}
