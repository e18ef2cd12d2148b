/* SPDX-License-Identifier: ISC */
#include "reader.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_reader("ldif", data, size);
	return 0;
}
