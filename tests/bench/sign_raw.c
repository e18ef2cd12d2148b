/* SPDX-License-Identifier: ISC */
/*
 * usage: sign_raw KEY.pem COUNT THREADS
 *
 * The least that signing can take: EVP_PKEY_sign of a hash, COUNT times by so
 * many threads together, each with its own context for the same key.
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct task {
	EVP_PKEY *key;
	unsigned long count;
	pthread_t thread;
	bool failed;
};

static void *
sign(void *context)
{
	struct task *t = context;
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(t->key, NULL);
	unsigned char hash[32] = {1}, signature[1024];

	t->failed = c == NULL || EVP_PKEY_sign_init(c) != 1 ||
		EVP_PKEY_CTX_set_signature_md(c, EVP_sha256()) != 1;
	for (unsigned long i = 0; i < t->count && !t->failed; i++) {
		size_t n = sizeof(signature);

		hash[1] = (unsigned char)i;
		t->failed = EVP_PKEY_sign(
				    c, signature, &n, hash, sizeof(hash)) != 1;
	}
	EVP_PKEY_CTX_free(c);
	return NULL;
}

static EVP_PKEY *
read_key(const char *path)
{
	FILE *file = fopen(path, "r");
	EVP_PKEY *key = NULL;

	if (file == NULL)
		return NULL;
	key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
	(void)fclose(file);
	return key;
}

int
main(int argc, char **argv)
{
	unsigned long count = argc == 4 ? strtoul(argv[2], NULL, 10) : 0;
	unsigned long threads = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
	EVP_PKEY *key = threads > 0 ? read_key(argv[1]) : NULL;
	struct task *tasks = calloc(threads + 1, sizeof(*tasks));
	bool failed = false;

	if (key == NULL || tasks == NULL)
		return 64;
	for (unsigned long i = 0; i < threads; i++) {
		tasks[i].key = key;
		tasks[i].count = count / threads + (i < count % threads);
		if (pthread_create(&tasks[i].thread, NULL, sign, &tasks[i]) !=
			0)
			return 71;
	}
	for (unsigned long i = 0; i < threads; i++) {
		(void)pthread_join(tasks[i].thread, NULL);
		failed = failed || tasks[i].failed;
	}
	EVP_PKEY_free(key);
	free(tasks);
	return failed ? 1 : 0;
}
