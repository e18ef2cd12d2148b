/* SPDX-License-Identifier: ISC */
/* What Thunderbird does with values: measured with version 153. */
#ifndef MC_THUNDERBIRD_CLIENT_H
#define MC_THUNDERBIRD_CLIENT_H

#include "emit.h"

/*
 * Whether the text of an XML element comes back as it is.  Thunderbird takes
 * it for a number or a boolean where JavaScript would, and has no escape.
 */
bool mc_thunderbird_keeps(const char *);
/* The first word of the text that Thunderbird replaces, or NULL. */
const char *mc_thunderbird_placeholder(const char *);
/*
 * Refuses of one server what neither of the two ways into Thunderbird can
 * bring there: OAuth2 where it has no data for the host, and a login for
 * submission beyond ASCII, of which it keeps other characters.
 */
void mc_thunderbird_check_server(
	struct mc_check *, const struct mailcfg_server *);

#endif
