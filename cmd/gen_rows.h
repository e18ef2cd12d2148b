/* SPDX-License-Identifier: ISC */
#ifndef MC_GEN_ROWS_H
#define MC_GEN_ROWS_H

#include "cmd.h"

/* The options of gen that have no letter. */
enum {
	GEN_FROM_FORMAT = OPTION_FIELDS + 1,
	GEN_COLUMN,
	GEN_SET,
	GEN_PROVIDERS,
	GEN_PASSWORD_FROM,
	GEN_EMBED,
	GEN_INSECURE,
	GEN_BY,
	GEN_COMBINE,
	GEN_FORCE,
	GEN_DRY_RUN,
	GEN_MODE,
	GEN_JOBS,
	GEN_FORMAT,
	GEN_NO_STENCIL,
	GEN_REJECTS,
	GEN_REPORT,
	GEN_PROFILE_URL,
	GEN_TOKEN_KEY,
	GEN_SIGN_CERT,
	GEN_SIGN_KEY,
	GEN_SIGN_PASSPHRASE,
	GEN_TEMPLATES,
	GEN_LAST = OPTION_FIELDS + 100 /* a command's own follow */
};
extern const struct option_row gen_rows[];

#endif
