/* SPDX-License-Identifier: ISC */
#ifndef MC_POX_READ_H
#define MC_POX_READ_H

#include "publish.h"

/* The answers of other makers' servers. */
extern const struct mc_publication mc_pox_publication;

#endif
