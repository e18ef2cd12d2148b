/* SPDX-License-Identifier: ISC */
#ifndef MC_THUNDERBIRD_READ_H
#define MC_THUNDERBIRD_READ_H

#include "publish.h"

/* autoconfig XML: what a domain publishes, and the files of the ISPDB. */
extern const struct mc_publication mc_thunderbird_publication;

#endif
