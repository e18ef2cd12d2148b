/* SPDX-License-Identifier: ISC */
/* The client's side of SASL, by the examples of the RFCs. */
#include <stdio.h>
#include <string.h>

#include "mail/mime.h"
#include "net/sasl.h"
#include "test.h"

/* A challenge in base64, one line. */
static const char *
encode(struct mc_buf *out, const char *text)
{
	struct mc_buf lines = {0};

	mc_buf_reset(out);
	mc_mime_base64(&lines, text, strlen(text));
	for (const char *c = lines.data; *c != '\0'; c++)
		if (*c != '\r' && *c != '\n')
			mc_buf_putc(out, *c);
	mc_buf_free(&lines);
	return out->data;
}

static void
test_plain(void **state)
{
	struct mc_sasl s = {.mechanism = MC_MECHANISM_PLAIN,
		.login = "tim",
		.password = "tanstaaftanstaaf"};
	struct mc_buf out = {0};

	(void)state;
	/* RFC 4616 */
	assert_true(mc_sasl_first(&s, &out));
	assert_string_equal(out.data, "AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
	assert_true(mc_sasl_is_done(&s));
	mc_buf_free(&out);
	mc_sasl_free(&s);
}

static void
test_login(void **state)
{
	struct mc_sasl s = {.mechanism = MC_MECHANISM_LOGIN,
		.login = "tim",
		.password = "x"};
	struct mc_buf out = {0};

	(void)state;
	assert_false(mc_sasl_first(&s, &out));
	assert_true(mc_sasl_next(&s, "VXNlcm5hbWU6", &out));
	assert_string_equal(out.data, "dGlt");
	mc_buf_reset(&out);
	assert_true(mc_sasl_next(&s, "UGFzc3dvcmQ6", &out));
	assert_string_equal(out.data, "eA==");
	assert_false(mc_sasl_next(&s, "eA==", &out));
	mc_buf_free(&out);
	mc_sasl_free(&s);
}

static void
test_cram(void **state)
{
	struct mc_sasl s = {.mechanism = MC_MECHANISM_CRAM,
		.login = "tim",
		.password = "tanstaaftanstaaf"};
	struct mc_buf out = {0};

	(void)state;
	/* RFC 2195 */
	assert_true(mc_sasl_next(&s,
		"PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+",
		&out));
	assert_string_equal(
		out.data, "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw");
	mc_buf_free(&out);
	mc_sasl_free(&s);
}

/* An exchange of SCRAM; what the server says last. */
static bool
scram(const char *first, const char *last, char proof[128])
{
	struct mc_sasl s = {.mechanism = MC_MECHANISM_SCRAM_256,
		.login = "user",
		.password = "pencil",
		.nonce = "rOprNGfwEbeRWgbNEkqO"};
	struct mc_buf out = {0}, text = {0};
	bool proved;

	assert_true(mc_sasl_first(&s, &out));
	assert_string_equal(
		out.data, "biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8=");
	mc_buf_reset(&out);
	proof[0] = '\0';
	if (mc_sasl_next(&s, encode(&text, first), &out)) {
		(void)snprintf(proof, 128, "%s", out.data);
		mc_buf_reset(&out);
		(void)mc_sasl_next(&s, encode(&text, last), &out);
	}
	proved = mc_sasl_is_done(&s);
	mc_buf_free(&out);
	mc_buf_free(&text);
	mc_sasl_free(&s);
	return proved;
}

static void
test_scram(void **state)
{
	/* RFC 7677 */
	static const char
		first[] = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIl"
			  "j)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,"
			  "i=4096",
		last[] = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95"
			 "G4=";
	char proof[128];

	(void)state;
	assert_true(scram(first, last, proof));
	assert_memory_equal(
		proof, "Yz1iaXdzLHI9ck9wck5HZndFYmVSV2diTkVrcU8l", 40);
	/* who does not know the password */
	assert_false(scram(first,
		"v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", proof));
	assert_false(scram(first, "e=other-error", proof));
	/* another nonce, no salt, a count that takes for ever */
	assert_false(scram("r=xx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1", last, proof));
	assert_string_equal(proof, "");
	assert_false(scram("r=rOprNGfwEbeRWgbNEkqOx,i=4096", last, proof));
	assert_string_equal(proof, "");
	assert_false(scram("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ=="
			   ",i=2000000000",
		last, proof));
	assert_string_equal(proof, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_login),
		cmocka_unit_test(test_cram),
		cmocka_unit_test(test_scram),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
