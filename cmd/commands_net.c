/* SPDX-License-Identifier: ISC */
/* The commands of mailcfg-net, which mailcfg runs for those of its own. */
#include "cmd.h"

const struct command *const program_commands[] = {
	&command_check, &command_mail, &command_discover, NULL};
