/* SPDX-License-Identifier: ISC */
#include "test.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "name.h"
#include "uuid.h"

static void
test_file_name(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} rows[] = {
		{"alice@mail.ru", "alice@mail.ru.x"},
		{"a+b-c_d.e@x", "a+b-c_d.e@x.x"},
		{"", ".x"},
		{"../../etc/passwd@d", "%2e.%2f..%2fetc%2fpasswd@d.x"},
		{"/etc/x@d", "%2fetc%2fx@d.x"},
		{"-rf@d", "%2drf@d.x"},
		{".hidden@d", "%2ehidden@d.x"},
		{"a.", "a%2e.x"},
		{"a ", "a%20.x"},
		{"A", "%41.x"},
		{"a/b\\c:d*e?f\"g<h>i|j",
			"a%2fb%5cc%3ad%2ae%3ff%22g%3ch%3ei"
			"%7cj.x"},
		{"100%", "100%25.x"},
		{"\xc3\xab@d", "%c3%ab@d.x"},
		{"con@d", "con@d.x"},
		{"con", "_con.x"},
		{"con.a@d", "_con.a@d.x"},
		{"_con.a@d", "%5fcon.a@d.x"},
		{"__con.a@d", "__con.a@d.x"},
		{"nul.", "_nul%2e.x"},
		{"lpt9.b@d", "_lpt9.b@d.x"},
		{"com\xc2\xb9", "_com%c2%b9.x"},
		{"conin$", "_conin%24.x"},
		{"console@d", "console@d.x"},
		{"_x@d", "_x@d.x"},
	};
	struct mc_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_string_equal(
			mc_file_name(&arena, rows[i].text, ".x"), rows[i].want);
	mc_arena_free(&arena);
}

static void
test_long_names(void **state)
{
	struct mc_arena arena = {0};
	char a[300], b[300];
	const char *one, *two;

	(void)state;
	for (size_t n = 190; n < 260; n++) {
		memset(a, 'a', n);
		a[n] = '\0';
		/* an escape meets the cut at every offset */
		a[186] = '/';
		memcpy(b, a, n + 1);
		b[n - 1] = 'b';
		one = mc_file_name(&arena, a, ".autodiscover.xml");
		two = mc_file_name(&arena, b, ".autodiscover.xml");
		assert_true(strlen(one) <= 255);
		assert_string_not_equal(one, two);
		for (const char *c = one; *c != '\0'; c++)
			if (*c == '%')
				assert_true(
					strspn(c + 1, "0123456789abcdef") >= 2);
	}
	mc_arena_free(&arena);
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A small generator: the same texts on every machine (xorshift64). */
static unsigned
next(uint64_t *seed, unsigned below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (unsigned)(*seed % below);
}

static void
test_injective(void **state)
{
	/* few letters, so that near misses are many */
	static const char letters[] = "con_.-%~25e@A \xc3\xab\xb9/";
	enum { N = 100000 };
	static const char *texts[N], *names[N];
	struct mc_arena arena = {0};
	uint64_t seed = 20261124;
	size_t different = 0, named = 0;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		char text[12];
		size_t n = 1 + next(&seed, 8);

		for (size_t k = 0; k < n; k++)
			text[k] = letters[next(&seed, sizeof(letters) - 1)];
		texts[i] = mc_arena_strndup(&arena, text, n);
		names[i] = mc_file_name(&arena, texts[i], "");
	}
	qsort(texts, N, sizeof(texts[0]), compare);
	qsort(names, N, sizeof(names[0]), compare);
	for (size_t i = 1; i < N; i++) {
		different += strcmp(texts[i - 1], texts[i]) != 0;
		named += strcmp(names[i - 1], names[i]) != 0;
	}
	assert_int_equal(different, named);
	assert_true(different > N / 4);
	mc_arena_free(&arena);
}

static void
test_uuid(void **state)
{
	static const struct {
		const char *identity, *identifier, *uuid, *mail;
	} rows[] = {
		{"alice@mail.ru", "ru.mail.mailcfg.alice",
			"A1898FC5-AF2C-5078-8C3D-506D1292F999",
			"1D22678C-6F79-5019-B656-91A05BA58503"},
		{"bob@example.com", "com.example.mailcfg.bob",
			"F4D4805F-ACD3-53C9-96CA-EBE37C643052",
			"F4863087-BF95-502C-8B57-500678CB40CF"},
	};
	static const struct mc_purpose none = MC_PURPOSE(""),
				       mail = MC_PURPOSE(".mail");
	struct mc_arena arena = {0};
	char uuid[MC_UUID_SIZE];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_string_equal(mc_identifier(&arena, rows[i].identity),
			rows[i].identifier);
		mc_uuid5(rows[i].identifier, &none, uuid);
		assert_string_equal(uuid, rows[i].uuid);
		mc_uuid5(rows[i].identifier, &mail, uuid);
		assert_string_equal(uuid, rows[i].mail);
	}
	assert_string_equal(mc_identifier(&arena, "a.b@x.example"),
		"example.x.mailcfg.a_2eb");
	assert_string_equal(mc_identifier(&arena, "a_b@x"), "x.mailcfg.a_5fb");
	assert_string_equal(
		mc_identifier(&arena, "\xc3\xab@x"), "x.mailcfg._c3_ab");
	mc_arena_free(&arena);
}

/* Of every length, against the bytes as RFC 9562 has them. */
static void
test_uuid_lengths(void **state)
{
	static const struct mc_purpose purposes[] = {MC_PURPOSE(""),
		MC_PURPOSE(".k9"), MC_PURPOSE(".caldav"),
		MC_PURPOSE(".0123456789abcd")};
	unsigned char message[512] = {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11,
		0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
	char text[256] = "", uuid[MC_UUID_SIZE], wanted[MC_UUID_SIZE];

	(void)state;
	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		/* its own memory: what is read behind its end is found */
		char *identifier = strdup(text);

		assert_non_null(identifier);
		for (size_t i = 0; i < ROWS(purposes); i++) {
			unsigned char h[SHA_DIGEST_LENGTH];

			memcpy(message + 16, text, n);
			memcpy(message + 16 + n, purposes[i].text,
				purposes[i].size);
			SHA1(message, 16 + n + purposes[i].size, h);
			(void)snprintf(wanted, sizeof(wanted),
				"%02X%02X%02X%02X-%02X%02X-%02X%02X-%02X%02X-"
				"%02X%02X%02X%02X%02X%02X",
				h[0], h[1], h[2], h[3], h[4], h[5],
				(h[6] & 15u) | 0x50u, h[7],
				(h[8] & 63u) | 0x80u, h[9], h[10], h[11], h[12],
				h[13], h[14], h[15]);
			mc_uuid5(identifier, &purposes[i], uuid);
			assert_string_equal(uuid, wanted);
		}
		free(identifier);
		text[n] = (char)('a' + n % 26);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file_name),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_injective),
		cmocka_unit_test(test_uuid),
		cmocka_unit_test(test_uuid_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
