/* SPDX-License-Identifier: ISC */
/* HMAC, tokens, URLs of documents, and the names that follow from them. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "documents.h"
#include "emit/emit.h"
#include "link.h"

static void
fill(unsigned char *out, unsigned char byte, size_t n)
{
	memset(out, byte, n);
}

/* RFC 4231, section 4: the test cases for SHA-256. */
static void
test_hmac(void **state)
{
	static const char hex[] = "0123456789abcdef";
	static const char big_key
		[] = "Test Using Larger Than Block-Size Key - Hash Key First";
	static const char big_data
		[] = "This is a test using a larger than block-size key and a "
		     "larger than block-size data. The key needs to be hashed "
		     "before being used by the HMAC algorithm.";
	unsigned char b0[20], aa[131], dd[50], cd[50], count[25], c[20];
	const struct {
		const void *key;
		size_t key_size;
		const void *data;
		size_t size;
		const char *want; /* may be cut */
	} rows[] = {
		{b0, 20, "Hi There", 8,
			"b0344c61d8db38535ca8afceaf0bf12b"
			"881dc200c9833da726e9376c2e32cff7"},
		{"Jefe", 4, "what do ya want for nothing?", 28,
			"5bdcc146bf60754e6a042426089575c7"
			"5a003f089d2739839dec58b964ec3843"},
		{aa, 20, dd, 50,
			"773ea91e36800e46854db8ebd09181a7"
			"2959098b3ef8c122d9635514ced565fe"},
		{count, 25, cd, 50,
			"82558a389a443c0ea4cc819899f2083a"
			"85f0faa3e578f8077a2e3ff46729665b"},
		{c, 20, "Test With Truncation", 20,
			"a3b6167473100ee06e0c796c2955552b"},
		{aa, 131, big_key, sizeof(big_key) - 1,
			"60e431591ee0b67f0d8a26aacbf5b77f"
			"8e0bc6213728c5140546040f0ee37f54"},
		{aa, 131, big_data, sizeof(big_data) - 1,
			"9b09ffa71b942fcb27635fbcd5b0e944"
			"bfdc63644f0713938a7f51535c3a35e2"},
	};

	(void)state;
	fill(b0, 0x0b, sizeof(b0));
	fill(aa, 0xaa, sizeof(aa));
	fill(dd, 0xdd, sizeof(dd));
	fill(cd, 0xcd, sizeof(cd));
	fill(c, 0x0c, sizeof(c));
	for (size_t i = 0; i < sizeof(count); i++)
		count[i] = (unsigned char)(i + 1);
	for (size_t i = 0; i < ROWS(rows); i++) {
		/* in two parts, as they are joined */
		const struct mc_part_bytes parts[] = {{rows[i].data, 3},
			{(const char *)rows[i].data + 3, rows[i].size - 3},
			{NULL, 0}};
		unsigned char sum[MC_SHA256_SIZE];
		char text[2 * MC_SHA256_SIZE + 1] = "";
		struct mc_hmac_key key;

		mc_hmac_key(&key, rows[i].key, rows[i].key_size);
		mc_hmac_sha256(&key, parts, sum);
		for (size_t k = 0; k < sizeof(sum); k++) {
			text[2 * k] = hex[sum[k] >> 4];
			text[2 * k + 1] = hex[sum[k] & 15];
		}
		text[strlen(rows[i].want)] = '\0';
		assert_string_equal(text, rows[i].want);
	}
}

static void
test_fault(void **state)
{
	static const char *const good[] = {"https://example.org/x",
		"https://example.org/p/{token}.mobileconfig",
		"HTTPS://Example.org:8443/{token}/x.php?a={mailbox}&b=1",
		"https://{domain}/p/{token}", "https://www.{domain}:1/",
		"https://example.org/{token}-{mailbox}_{local-part}.a"};
	static const char *const bad[] = {"", "http://example.org/{token}",
		"https://", "https:///x", "https://example.org",
		"https://example.org?x={token}", "https://{token}.org/x",
		"https://{mailbox}/x", "https://a@example.org/x",
		"https://a:b@example.org/x", "https://example.org:/x",
		"https://example.org:0/x", "https://example.org:65536/x",
		"https://example.org:8a/x", "https://exa_mple.org/x",
		"https://[::1]/x", "https://ex\xc3\xa4mple.org/x",
		"https://example.org/a b", "https://example.org/\"",
		"https://example.org/<", "https://example.org/%20",
		"https://example.org/x#y", "https://example.org/{tokens}",
		"https://example.org/}{", "https://example.org/{Token}",
		"https://example.org/X{token}",
		"https://example.org/{token}.mobileconfig+",
		"https://example.org/a\tb", "https://example.org/\x7f"};
	char longest[MC_LINK_MAX + 2];

	(void)state;
	for (size_t i = 0; i < ROWS(good); i++)
		assert_null(mc_link_fault(good[i]));
	for (size_t i = 0; i < ROWS(bad); i++)
		assert_non_null(mc_link_fault(bad[i]));
	memset(longest, 'a', sizeof(longest));
	memcpy(longest, good[0], strlen(good[0]));
	longest[MC_LINK_MAX + 1] = '\0';
	assert_non_null(mc_link_fault(longest));
	longest[MC_LINK_MAX] = '\0';
	assert_null(mc_link_fault(longest));
}

static void
test_kinds(void **state)
{
	static const struct {
		const char *pattern;
		bool token;
		bool personal;
	} rows[] = {
		{"https://h/{token}", true, true},
		{"https://h/{mailbox}", false, true},
		{"https://h/?a={mailbox}", false, true},
		{"https://h/{local-part}", false, false},
		{"https://{domain}/{local-part}", false, true},
		{"https://{domain}/x", false, false},
		{"https://h/x", false, false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_int_equal(
			mc_link_has_token(rows[i].pattern), rows[i].token);
		assert_int_equal(
			mc_link_is_personal(rows[i].pattern), rows[i].personal);
	}
}

static const struct mailcfg_account alice = {.identity = "alice@example.org",
	.mailbox = "Alice@example.org",
	.local_part = "Alice",
	.domain = "example.org"};
static const struct mailcfg_account odd = {.identity = "a/\"+b%@example.org",
	.mailbox = "a/\"+b%@example.org",
	.local_part = "a/\"+b%",
	.domain = "example.org"};

/* Computed by openssl dgst -mac HMAC, basenc and cut. */
static void
test_token(void **state)
{
	struct mc_link link = {.pattern = ""}, other = link;
	char one[MC_TOKEN_SIZE], two[MC_TOKEN_SIZE];

	(void)state;
	mc_hmac_key(&link.key, "0123456789abcdef0123456789abcdef", 32);
	mc_hmac_key(&other.key, "0123456789abcdef0123456789abcdeg", 32);
	mc_link_token(&link, alice.identity, one);
	assert_string_equal(one, "hrfshacghp5jsovle33gids6ak2hxg5h");
	mc_link_token(&other, alice.identity, two);
	assert_string_not_equal(one, two);
	mc_link_token(&link, odd.identity, two);
	assert_string_not_equal(one, two);
}

/* What the URL says and what the file is called go together. */
static void
test_url(void **state)
{
	static const char suffix[] = ".mobileconfig";
	static const struct {
		const struct mailcfg_account *account;
		const char *pattern;
		const char *url;
		const char *name; /* NULL: the usual one */
	} rows[] = {
		{&alice, "https://h/p/{token}.mobileconfig",
			"https://h/p/"
			"hrfshacghp5jsovle33gids6ak2hxg5h.mobileconfig",
			"hrfshacghp5jsovle33gids6ak2hxg5h.mobileconfig"},
		{&alice, "https://h/{mailbox}.mobileconfig",
			"https://h/alice@example.org.mobileconfig",
			"alice@example.org.mobileconfig"},
		{&odd, "https://h/{mailbox}.mobileconfig",
			"https://h/a%252f%2522%2Bb%2525@example.org"
			".mobileconfig",
			"a%2f%22+b%25@example.org.mobileconfig"},
		{&odd, "https://h/{local-part}/{domain}/x.mobileconfig",
			"https://h/a%2F%22%2Bb%25/example.org/x.mobileconfig",
			NULL},
		{&odd, "https://h/x?m={mailbox}&t={token}",
			"https://h/"
			"x?m=a%2F%22%2Bb%25@example.org&t="
			"4b642ubiomnlykbvhsedwnt6oztkoekg",
			NULL},
		{&alice, "https://{domain}/{token}",
			"https://example.org/hrfshacghp5jsovle33gids6ak2hxg5h",
			NULL},
		{&alice, "https://h/{token}.mobileconfig?v=1/2",
			"https://h/"
			"hrfshacghp5jsovle33gids6ak2hxg5h.mobileconfig?v=1/2",
			"hrfshacghp5jsovle33gids6ak2hxg5h.mobileconfig"},
		{&alice, "https://h/{token}/.mobileconfig",
			"https://h/hrfshacghp5jsovle33gids6ak2hxg5h/"
			".mobileconfig",
			NULL},
		{&alice, "https://h/con.{token}.mobileconfig",
			"https://h/"
			"_con.hrfshacghp5jsovle33gids6ak2hxg5h.mobileconfig",
			"_con.hrfshacghp5jsovle33gids6ak2hxg5h.mobileconfig"},
		{&alice, "https://h/{token}.plist",
			"https://h/hrfshacghp5jsovle33gids6ak2hxg5h.plist",
			NULL},
		{&alice, "https://h/{local-part}.mobileconfig",
			"https://h/alice.mobileconfig", NULL},
	};
	struct mc_arena arena = {0};
	struct mc_link link;

	(void)state;
	mc_hmac_key(&link.key, "0123456789abcdef0123456789abcdef", 32);
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *url, *name;

		link.pattern = rows[i].pattern;
		assert_null(mc_link_fault(link.pattern));
		url = mc_link_url(&arena, &link, rows[i].account);
		name = mc_link_name(&arena, &link, rows[i].account, suffix);
		assert_string_equal(url, rows[i].url);
		if (rows[i].name == NULL)
			assert_null(name);
		else
			assert_string_equal(name, rows[i].name);
	}
	mc_arena_free(&arena);
}

static const char record[] = "address=alice@example.org\n"
			     "imap=imaps://imap.example.org\n"
			     "smtp=smtps://smtp.example.org\n";

/* Through the public interface: the URL, names, refusals. */
static void
test_public(void **state)
{
	static const char secret[32] = "0123456789abcdef0123456789abcde";
	struct documents all;

	(void)state;
	make(&all, "apple-qr", 0, record, "");
	assert_null(all.docs);
	assert_string_equal(all.heard, "error not-expressible address\n");
	all.heard[0] = '\0';
	assert_false(mailcfg_profile_url(
		all.context, "http://x.example/{token}", secret, 32));
	assert_false(mailcfg_profile_url(
		all.context, "https://x.example/{token}", NULL, 0));
	assert_false(mailcfg_profile_url(
		all.context, "https://x.example/{token}", secret, 31));
	assert_string_equal(all.heard,
		"error bad-url -\nerror bad-url -\nerror weak-key -\n");
	assert_true(mailcfg_profile_url(
		all.context, "https://x.example/{token}", secret, 32));
	unmake(&all);
}

/* It can what the profile can, and holds no password. */
static void
test_can(void **state)
{
	const unsigned own = MC_CAN_SECRET | MC_CAN_SMTP_SECRET |
		MC_HAS_IDENTIFIER | MC_HANDED_OVER;

	(void)state;
	assert_int_equal(mc_target_apple_qr.can,
		(mc_target_apple.can & ~own) | MC_IS_LINK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_fault),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_url),
		cmocka_unit_test(test_public),
		cmocka_unit_test(test_can),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
