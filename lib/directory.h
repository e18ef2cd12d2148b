/* SPDX-License-Identifier: ISC */
/* What directories write: attributes, and Exchange's list of addresses. */
#ifndef MC_DIRECTORY_H
#define MC_DIRECTORY_H

#include "bind.h"

/*
 * Sends what the attributes of an entry say through the gate.  Of an attribute
 * with several values the first counts; those of the address are aliases then.
 */
void mc_directory_bind(const struct mc_binding *, const struct mc_record *,
	struct mc_draft *, struct mc_report *);
/*
 * Exchange's proxyAddresses, "SMTP:a@x.org+smtp:b@x.org+SIP:a@x.org", are
 * aliases; what is no mail address is left out.
 */
bool mc_directory_is_list(const struct mc_item *);
void mc_directory_list(
	struct mc_draft *, const struct mc_item *, struct mc_report *);

#endif
