/* SPDX-License-Identifier: ISC */
#include "der.h"

#include <string.h>

enum { SHORT = 0x80 }; /* lengths below it are one byte */

/* Bytes that a length takes behind its first one. */
static size_t
length_bytes(size_t n)
{
	size_t bytes = 0;

	if (n < SHORT)
		return 0;
	for (; n > 0; n >>= 8)
		bytes++;
	return bytes;
}

size_t
mc_der_head_size(size_t n)
{
	return 2 + length_bytes(n);
}

unsigned char *
mc_der_head(unsigned char *out, enum mc_der_tag tag, size_t n)
{
	size_t bytes = length_bytes(n);

	*out++ = (unsigned char)tag;
	if (bytes == 0) {
		*out++ = (unsigned char)n;
		return out;
	}
	*out++ = (unsigned char)(SHORT | bytes);
	for (size_t i = bytes; i-- > 0;)
		*out++ = (unsigned char)(n >> (8 * i));
	return out;
}

bool
mc_der_next(struct mc_der *from, enum mc_der_tag tag, struct mc_der *content)
{
	const unsigned char *s = from->data;
	size_t left = from->size, n, bytes;

	if (left < 2 || s[0] != (unsigned char)tag)
		return false;
	n = s[1];
	s += 2;
	left -= 2;
	if (n >= SHORT) {
		bytes = n - SHORT;
		/* no length at all is BER's, and no document is so long */
		if (bytes == 0 || bytes > sizeof(n) - 1 || bytes > left)
			return false;
		left -= bytes;
		for (n = 0; bytes > 0; bytes--)
			n = n << 8 | *s++;
	}
	if (n > left || mc_der_head_size(n) != (size_t)(s - from->data))
		return false;
	*content = (struct mc_der){s, n};
	*from = (struct mc_der){s + n, left - n};
	return true;
}

bool
mc_der_equal(const struct mc_der *a, const struct mc_der *b)
{
	return a->size == b->size &&
		(a->size == 0 || memcmp(a->data, b->data, a->size) == 0);
}

int
mc_der_compare(const struct mc_der *a, const struct mc_der *b)
{
	size_t n = a->size < b->size ? a->size : b->size;
	int order = n == 0 ? 0 : memcmp(a->data, b->data, n);

	if (order != 0 || a->size == b->size)
		return order;
	return a->size < b->size ? -1 : 1;
}
