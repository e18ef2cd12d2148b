/* SPDX-License-Identifier: ISC */
#ifndef MC_FUZZ_H
#define MC_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* An invariant: stands in every build, unlike assert. */
#define MUST(x)                                                        \
	do {                                                           \
		if (!(x)) {                                            \
			(void)fprintf(stderr, "%s:%d: %s\n", __FILE__, \
				__LINE__, #x);                         \
			abort();                                       \
		}                                                      \
	} while (0)

/* libFuzzer's, and replay.c's. */
int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#endif
