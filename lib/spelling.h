/* SPDX-License-Identifier: ISC */
/* The model's enumerators as fields of a record spell them. */
#ifndef MC_SPELLING_H
#define MC_SPELLING_H

#include "mailcfg.h"

const char *mc_protocol_word(enum mailcfg_protocol);
const char *mc_tls_word(enum mailcfg_tls);
const char *mc_auth_word(enum mailcfg_auth);

#endif
