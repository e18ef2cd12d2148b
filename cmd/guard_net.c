/* SPDX-License-Identifier: ISC */
#include <ares.h>
#include <curl/curl.h>
#include <stdlib.h>

#include "guard.h"

bool
guard_net(void)
{
	if (ares_library_init_mem(ARES_LIB_INIT_ALL, guard_malloc, free,
		    guard_realloc) != ARES_SUCCESS)
		return false;
	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, guard_malloc, free,
		    guard_realloc, guard_strdup, guard_calloc) == CURLE_OK)
		return true;
	ares_library_cleanup();
	return false;
}

void
guard_net_end(void)
{
	curl_global_cleanup();
	ares_library_cleanup();
}
