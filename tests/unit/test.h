/* SPDX-License-Identifier: ISC */
/* What cmocka wants before it, in the order it wants. */
#ifndef MC_TEST_H
#define MC_TEST_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

#endif
