/* SPDX-License-Identifier: ISC */
#include "qr.h"

#include <errno.h>
#include <png.h>
#include <qrencode.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Bytes that a version holds at M, Q and H (ISO/IEC 18004, table 7). */
enum { EASY_VERSION = 10 };
static const struct {
	unsigned char m, q, h;
} holds[EASY_VERSION] = {{14, 11, 7}, {26, 20, 14}, {42, 32, 24}, {62, 46, 34},
	{84, 60, 44}, {106, 74, 58}, {122, 86, 64}, {152, 108, 84},
	{180, 130, 98}, {213, 151, 119}};

static QRecLevel
level_for(size_t n)
{
	size_t v = 0;

	while (v < EASY_VERSION && n > holds[v].m)
		v++;
	if (v == EASY_VERSION)
		return QR_ECLEVEL_L;
	return n <= holds[v].h    ? QR_ECLEVEL_H
		: n <= holds[v].q ? QR_ECLEVEL_Q
				  : QR_ECLEVEL_M;
}

bool
mc_qr_make(
	struct mc_arena *arena, const void *bytes, size_t n, struct mc_qr *qr)
{
	unsigned char *black;
	QRcode *code;
	size_t modules;

	if (n == 0 || n > MC_QR_BYTES) {
		errno = n == 0 ? EINVAL : ERANGE;
		return false;
	}
	errno = 0;
	code = QRcode_encodeData((int)n, bytes, 0, level_for(n));
	if (code == NULL) {
		if (errno != ERANGE)
			errno = ENOMEM;
		return false;
	}
	qr->version = (unsigned)code->version;
	qr->size = (unsigned)code->width;
	modules = (size_t)qr->size * qr->size;
	black = mc_arena_alloc(arena, modules);
	/* the other bits tell what the module is for */
	for (size_t i = 0; black != NULL && i < modules; i++)
		black[i] = code->data[i] & 1;
	QRcode_free(code);
	qr->black = black;
	errno = black == NULL ? ENOMEM : 0;
	return black != NULL;
}

/* Column and row count from the quiet zone's corner. */
static bool
is_black(const struct mc_qr *qr, unsigned x, unsigned y)
{
	x -= MC_QR_QUIET; /* what is left of it is far beyond the right edge */
	y -= MC_QR_QUIET;
	return x < qr->size && y < qr->size &&
		qr->black[(size_t)y * qr->size + x] != 0;
}

static unsigned
side_of(const struct mc_qr *qr)
{
	return qr->size + 2 * MC_QR_QUIET;
}

/* More than zlib's usual costs four times as much and saves a fiftieth. */
enum { PNG_LEVEL = 6 };

static void
put_bytes(png_structp png, png_bytep bytes, size_t n)
{
	mc_buf_add(png_get_io_ptr(png), bytes, n);
}

static void
flush(png_structp png)
{
	(void)png;
}

static void
fail(png_structp png, png_const_charp why)
{
	(void)why;
	png_longjmp(png, 1);
}

static void
ignore(png_structp png, png_const_charp why)
{
	(void)png;
	(void)why;
}

/* A row of pixels: a bit each, 1 is white. */
static void
draw_row(const struct mc_qr *qr, unsigned y, unsigned scale, unsigned char *row,
	size_t n)
{
	unsigned side = side_of(qr);

	memset(row, 0xff, n);
	for (unsigned x = 0; x < side; x++) {
		if (!is_black(qr, x, y))
			continue;
		for (unsigned i = x * scale; i < (x + 1) * scale; i++)
			row[i / 8] &= (unsigned char)~(0x80u >> i % 8);
	}
}

/* Nothing here may be needed after a failure, which comes back by longjmp. */
static bool
write_png(png_structp png, png_infop info, struct mc_buf *out,
	const struct mc_qr *qr, unsigned scale, unsigned char *row, size_t n)
{
	unsigned side = side_of(qr);

	/* the one way in which libpng reports */
	if (setjmp(png_jmpbuf(png)) != 0) /* NOLINT(cert-err52-cpp) */
		return false;
	png_set_write_fn(png, out, put_bytes, flush);
	png_set_compression_level(png, PNG_LEVEL);
	png_set_compression_strategy(png, Z_DEFAULT_STRATEGY);
	png_set_compression_mem_level(png, 8);
	png_set_compression_window_bits(png, 15);
	png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
	png_set_IHDR(png, info, side * scale, side * scale, 1,
		PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
		PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, info);
	for (unsigned y = 0; y < side; y++) {
		draw_row(qr, y, scale, row, n);
		for (unsigned i = 0; i < scale; i++)
			png_write_row(png, row);
	}
	png_write_end(png, NULL);
	return true;
}

bool
mc_qr_png(struct mc_buf *out, const struct mc_qr *qr, unsigned scale)
{
	size_t n = ((size_t)side_of(qr) * scale + 7) / 8, start = out->len;
	unsigned char *row = malloc(n);
	png_structp png = png_create_write_struct(
		PNG_LIBPNG_VER_STRING, NULL, fail, ignore);
	png_infop info = png == NULL ? NULL : png_create_info_struct(png);
	bool ok = row != NULL && info != NULL &&
		write_png(png, info, out, qr, scale, row, n) && !out->failed;

	if (png != NULL)
		png_destroy_write_struct(&png, &info);
	free(row);
	if (!ok && !out->failed)
		out->len = start;
	return ok;
}

/* Elements are written here, as nothing in them is a person's but the title. */
static void
open_element(struct mc_buf *out, const char *name)
{
	mc_buf_putc(out, '<');
	mc_buf_puts(out, name);
}

static void
close_element(struct mc_buf *out, const char *name)
{
	mc_buf_puts(out, "</");
	mc_buf_puts(out, name);
	mc_buf_putc(out, '>');
}

static void
put_escaped(struct mc_buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '&': mc_buf_puts(out, "&amp;"); break;
		case '<': mc_buf_puts(out, "&lt;"); break;
		case '>': mc_buf_puts(out, "&gt;"); break;
		default: mc_buf_putc(out, *text); break;
		}
	}
}

/* Each run of black is a stroke through the middle of its row. */
static void
put_path(struct mc_buf *out, const struct mc_qr *qr)
{
	unsigned side = side_of(qr);

	for (unsigned y = 0; y < side; y++) {
		bool first = true;

		for (unsigned x = 0, at = 0, end; x < side; x = end) {
			end = x + 1;
			if (!is_black(qr, x, y))
				continue;
			while (is_black(qr, end, y))
				end++;
			if (first)
				mc_buf_printf(out, "M%u %u.5", x, y);
			else
				mc_buf_printf(out, "m%u 0", x - at);
			mc_buf_printf(out, "h%u", end - x);
			first = false;
			at = end;
		}
	}
}

void
mc_qr_svg(struct mc_buf *out, const struct mc_qr *qr, const char *title)
{
	unsigned side = side_of(qr);

	open_element(out, "svg");
	mc_buf_printf(out,
		" xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" "
		"height=\"%u\" viewBox=\"0 0 %u %u\" role=\"img\" "
		"shape-rendering=\"crispEdges\">",
		side * MC_QR_SCALE, side * MC_QR_SCALE, side, side);
	open_element(out, "title");
	mc_buf_putc(out, '>');
	put_escaped(out, title);
	close_element(out, "title");
	open_element(out, "rect");
	mc_buf_printf(
		out, " width=\"%u\" height=\"%u\" fill=\"#fff\">", side, side);
	close_element(out, "rect");
	open_element(out, "path");
	mc_buf_puts(out, " stroke=\"#000\" d=\"");
	put_path(out, qr);
	mc_buf_puts(out, "\">");
	close_element(out, "path");
	close_element(out, "svg");
}

void
mc_qr_text(struct mc_buf *out, const struct mc_qr *qr)
{
	/* none, the lower one, the upper one, both */
	static const char *const cells[] = {
		" ", "\xe2\x96\x84", "\xe2\x96\x80", "\xe2\x96\x88"};
	/* the exact colours for who knows 256 of them, and the usual before */
	static const char on[] = "\033[0;30;47;38;5;16;48;5;231m";
	unsigned side = side_of(qr);

	for (unsigned y = 0; y < side; y += 2) {
		mc_buf_puts(out, on);
		for (unsigned x = 0; x < side; x++)
			mc_buf_puts(out,
				cells[2 * is_black(qr, x, y) +
					is_black(qr, x, y + 1)]);
		mc_buf_puts(out, "\033[0m\n");
	}
}
