/* SPDX-License-Identifier: ISC */
/* What servers say that they can do. */
#include <string.h>

#include "net/abilities.h"
#include "net/probe.h"
#include "test.h"

#define BIT(id) (1u << MC_MECHANISM_##id)

static void
test_lines(void **state)
{
	static const struct {
		enum mailcfg_protocol protocol;
		const char *line;
		unsigned mechanisms;
		bool starttls, initial, utf8;
	} rows[] = {
		{MAILCFG_IMAP,
			"CAPABILITY IMAP4rev1 auth=plain AUTH=SCRAM-SHA-256 "
			"SASL-IR",
			BIT(PLAIN) | BIT(SCRAM_256), false, true, false},
		{MAILCFG_IMAP, "capability starttls LOGINDISABLED", 0, true,
			false, false},
		/* what is bound to the channel is not for us */
		{MAILCFG_IMAP, "CAPABILITY AUTH=SCRAM-SHA-1-PLUS", 0, false,
			false, false},
		{MAILCFG_IMAP, "FLAGS AUTH=PLAIN STARTTLS", 0, false, false,
			false},
		{MAILCFG_IMAP, "CAPABILITY AUTHPLAIN XSTARTTLS AUTH=", 0, false,
			false, false},
		{MAILCFG_POP3, "SASL PLAIN CRAM-MD5", BIT(PLAIN) | BIT(CRAM),
			false, false, false},
		{MAILCFG_POP3, "STLS", 0, true, false, false},
		{MAILCFG_POP3, "STARTTLS", 0, false, false, false},
		{MAILCFG_SUBMISSION, "AUTH LOGIN  XOAUTH2",
			BIT(LOGIN) | BIT(XOAUTH2), false, false, false},
		{MAILCFG_SUBMISSION, "AUTH=LOGIN PLAIN",
			BIT(LOGIN) | BIT(PLAIN), false, false, false},
		{MAILCFG_SUBMISSION, "STARTTLS", 0, true, false, false},
		{MAILCFG_SUBMISSION, "SMTPUTF8", 0, false, false, true},
		{MAILCFG_SUBMISSION, "SIZE PLAIN", 0, false, false, false},
		{MAILCFG_SUBMISSION, "", 0, false, false, false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct mc_abilities o = {0};

		mc_abilities_line(&o, rows[i].protocol, rows[i].line,
			strlen(rows[i].line));
		assert_int_equal(o.mechanisms, rows[i].mechanisms);
		assert_int_equal(o.starttls, rows[i].starttls);
		assert_int_equal(o.initial, rows[i].initial);
		assert_int_equal(o.utf8, rows[i].utf8);
	}
}

static void
test_fit(void **state)
{
	struct mc_abilities o = {.mechanisms = BIT(PLAIN) | BIT(SCRAM_1)};
	char names[64], few[12];

	(void)state;
	assert_int_equal(
		mc_abilities_fit(&o, MAILCFG_AUTH_PASSWORD), BIT(PLAIN));
	assert_int_equal(
		mc_abilities_fit(&o, MAILCFG_AUTH_ENCRYPTED), BIT(SCRAM_1));
	assert_int_equal(mc_abilities_fit(&o, MAILCFG_AUTH_OAUTH2), 0);
	mc_abilities_names(o.mechanisms, names, sizeof(names));
	assert_string_equal(names, "PLAIN SCRAM-SHA-1");
	mc_abilities_names(o.mechanisms, few, sizeof(few));
	assert_string_equal(few, "PLAIN");
}

/* However much is said, no more is kept than there is room for. */
static void
test_much(void **state)
{
	struct mc_abilities o = {0};
	char line[4096];

	(void)state;
	memset(line, 'x', sizeof(line));
	for (size_t i = 0; i < 11; i++)
		line[i] = "CAPABILITY "[i];
	for (size_t i = 20; i < sizeof(line); i += 9)
		line[i] = ' ';
	for (int i = 0; i < 100; i++)
		mc_abilities_line(&o, MAILCFG_IMAP, line, sizeof(line));
	assert_true(o.n < sizeof(o.text));
	assert_int_equal(strlen(o.text), o.n);
}

/* What is wrong has words that can be explained; what is well has none. */
static void
test_reasons(void **state)
{
	(void)state;
	for (size_t i = 0; i < MC_REASONS_COUNT; i++) {
		const struct mc_reason_row *row = &mc_reasons[i];
		bool wrong = row->verdict >= MC_VERDICT_WARN &&
			i != MC_WHY_NO_MEMORY;

		assert_true(row->slug[0] != '\0');
		assert_int_equal(
			row->text[0] != '\0', wrong || i == MC_WHY_LOCK_OUT);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(row->slug, mc_reasons[k].slug);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_much),
		cmocka_unit_test(test_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
