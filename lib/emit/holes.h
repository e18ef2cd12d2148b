/* SPDX-License-Identifier: ISC */
/* Getters and escapers of holes that are no client's own: see emit.h. */
#ifndef MC_HOLES_H
#define MC_HOLES_H

#include "emit.h"

/* What stands in the account. */
const char *mc_get_mailbox(struct mc_arena *, const struct mailcfg_account *);
const char *mc_get_mailbox_display(
	struct mc_arena *, const struct mailcfg_account *);
const char *mc_get_identity(struct mc_arena *, const struct mailcfg_account *);
const char *mc_get_local_part(
	struct mc_arena *, const struct mailcfg_account *);
const char *mc_get_domain(struct mc_arena *, const struct mailcfg_account *);
const char *mc_get_domain_display(
	struct mc_arena *, const struct mailcfg_account *);
const char *mc_get_name(struct mc_arena *, const struct mailcfg_account *);
const char *mc_get_given_name(
	struct mc_arena *, const struct mailcfg_account *);
const char *mc_get_family_name(
	struct mc_arena *, const struct mailcfg_account *);
const char *mc_get_person(struct mc_arena *, const struct mailcfg_account *);
const char *mc_get_deliver_to(
	struct mc_arena *, const struct mailcfg_account *);
/* Of the chosen incoming server, of submission, of the other incoming one. */
const char *mc_get_login(struct mc_arena *, const struct mailcfg_account *);
const char *mc_get_smtp_login(
	struct mc_arena *, const struct mailcfg_account *);
const char *mc_get_other_login(
	struct mc_arena *, const struct mailcfg_account *);
const char *mc_get_password(struct mc_arena *, const struct mailcfg_account *);
const char *mc_get_smtp_password(
	struct mc_arena *, const struct mailcfg_account *);
const char *mc_get_other_password(
	struct mc_arena *, const struct mailcfg_account *);

/* Text of an element as libxml2's xmlTextWriter writes it. */
void mc_escape_xml(struct mc_buf *, const char *);
/* The like without the quotation mark. */
void mc_escape_markup(struct mc_buf *, const char *);
/* Between the quotes of a JSON string, as cJSON writes it. */
void mc_escape_json(struct mc_buf *, const char *);

#endif
