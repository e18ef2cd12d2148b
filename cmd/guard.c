/* SPDX-License-Identifier: ISC */
#include "guard.h"

#include <cjson/cJSON.h>
#include <libxml/globals.h>
#include <libxml/parser.h>
#include <libxml/threads.h>
#include <libxml/xmlmemory.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

/* each thread has its own */
static _Thread_local bool failed;

static void *
watched(void *p, bool wanted)
{
	if (p == NULL && wanted)
		failed = true;
	return p;
}

void *
guard_malloc(size_t n)
{
	return watched(malloc(n), n > 0);
}

void *
guard_calloc(size_t n, size_t size)
{
	return watched(calloc(n, size), n > 0 && size > 0);
}

void *
guard_realloc(void *p, size_t n)
{
	return watched(realloc(p, n), n > 0);
}

char *
guard_strdup(const char *s)
{
	return watched(strdup(s), true);
}

static xmlParserInputPtr
refuse(const char *url, const char *id, xmlParserCtxtPtr context)
{
	(void)url;
	(void)id;
	(void)context;
	return NULL;
}

void
guard_start(void)
{
	cJSON_Hooks hooks = {.malloc_fn = guard_malloc, .free_fn = free};

	cJSON_InitHooks(&hooks);
	/* before anything initialises the library, which nobody has yet */
	(void)xmlMemSetup(free, guard_malloc, guard_realloc, guard_strdup);
	xmlSetExternalEntityLoader(refuse);
}

static void *
guard_crypto_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return guard_malloc(n);
}

static void *
guard_crypto_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return guard_realloc(p, n);
}

static void
guard_crypto_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

void
guard_crypto(void)
{
	(void)CRYPTO_set_mem_functions(
		guard_crypto_malloc, guard_crypto_realloc, guard_crypto_free);
}

bool
guard_failed(void)
{
	return failed;
}

void
guard_threads(void)
{
	xmlInitParser();
}

bool
guard_thread(void)
{
#if LIBXML_VERSION >= 21200
	return xmlCheckThreadLocalStorage() == 0;
#else
	/*
	 * What is given back is there for who asks for less next: so much that
	 * the C library does not keep it for those alone who ask for as much.
	 */
	void *volatile room = malloc(4 * sizeof(xmlGlobalState));

	if (room == NULL)
		return false;
	free(room);
	return xmlGetGlobalState() != NULL;
#endif
}
