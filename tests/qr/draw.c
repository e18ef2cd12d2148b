/* SPDX-License-Identifier: ISC */
/*
 * usage: qr_draw png|svg|text SCALE < BYTES
 *
 * Draws a QR code; SCALE is of the PNG.  Status 2: it does not fit.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qr.h"

int
main(int argc, char **argv)
{
	static char bytes[4096];
	struct mc_arena arena = {0};
	struct mc_buf out = {0};
	struct mc_qr qr = {0};
	size_t n;
	int status = 1;

	if (argc != 3)
		return 64;
	n = fread(bytes, 1, sizeof(bytes), stdin);
	if (!mc_qr_make(&arena, bytes, n, &qr))
		status = errno == ERANGE ? 2 : 1;
	else if (strcmp(argv[1], "svg") == 0)
		mc_qr_svg(&out, &qr, "A & <B>");
	else if (strcmp(argv[1], "text") == 0)
		mc_qr_text(&out, &qr);
	else
		(void)mc_qr_png(
			&out, &qr, (unsigned)strtoul(argv[2], NULL, 10));
	if (out.len > 0 && !out.failed &&
		fwrite(out.data, 1, out.len, stdout) == out.len &&
		fflush(stdout) == 0)
		status = 0;
	mc_buf_free(&out);
	mc_arena_free(&arena);
	return status;
}
