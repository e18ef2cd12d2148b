/* SPDX-License-Identifier: ISC */
/* The commands of mailcfg. */
#include "cmd.h"

const struct command command_mail = {
	.name = MAIL_NAME, .summary = MAIL_SUMMARY};
const struct command command_discover = {
	.name = DISCOVER_NAME, .summary = DISCOVER_SUMMARY};
const struct command command_check = {
	.name = CHECK_NAME, .summary = CHECK_SUMMARY};

const struct command *const program_commands[] = {&command_gen,
	&command_targets, &command_fields, &command_providers, &command_show,
	&command_explain, &command_check, &command_mail, &command_discover,
	NULL};
