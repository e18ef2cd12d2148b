/* SPDX-License-Identifier: ISC */
#ifndef INVENT_H
#define INVENT_H

#include <stddef.h>
#include <stdint.h>

#include "mailcfg.h"

enum { GIVEN_MAX = 40, SAID_MAX = 32, TEXT_MAX = 1024 };

/* A field that an account is given. */
struct given {
	const char *field;
	char text[TEXT_MAX];
	size_t length;
};

/* What the library said of it. */
struct said {
	enum mailcfg_level level;
	char slug[64];
	char field[64];
};

struct trial {
	uint64_t state; /* of the generator */
	struct given given[GIVEN_MAX];
	size_t n_given;
	const char *bad; /* the field that must be refused, or NULL */
	struct said said[SAID_MAX];
	size_t n_said;
};

/* Gives the trial an account's fields; the number makes its address unique. */
void invent(struct trial *, unsigned long number);

#endif
