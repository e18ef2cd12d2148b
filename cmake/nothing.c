/* SPDX-License-Identifier: ISC */
/* Empty tables, for the programs that make those of the binary. */
#include "explain.h"
#include "mail/letter.h"
#include "provider.h"
#include "texts.h"

const struct mc_preset_table mc_builtin_presets = {.presets = NULL};
const struct mc_letter_table mc_builtin_letters = {NULL, 0};
const struct mc_packed mc_builtin_errors = {0, NULL};
const struct mc_texts mc_builtin_texts = {.languages = NULL};
