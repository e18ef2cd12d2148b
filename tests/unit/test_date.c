/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "date.h"

static void
good(void **state)
{
	/* seconds as date -u -d TEXT +%s prints them */
	static const struct {
		const char *text;
		long long seconds;
		const char *full;
	} rows[] = {
		{"2001-01-01", 978307200, "2001-01-01T00:00:00Z"},
		{"2027-06-30", 1814313600, "2027-06-30T00:00:00Z"},
		{"2028-02-29", 1835395200, "2028-02-29T00:00:00Z"},
		{"2028-12-31T23:59:59Z", 1861919999, "2028-12-31T23:59:59Z"},
		{"2067-12-31T23:59:59Z", 3092601599, "2067-12-31T23:59:59Z"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[MC_DATE_SIZE];
		long long seconds = 0;

		assert_true(mc_date_parse(rows[i].text, &seconds));
		assert_int_equal(seconds, rows[i].seconds);
		mc_date_print(seconds, out);
		assert_string_equal(out, rows[i].full);
	}
}

/* Every day, there and back. */
static void
every_day(void **state)
{
	char out[MC_DATE_SIZE];
	long long seconds, again;

	(void)state;
	for (seconds = 978307200; seconds < 3092601599; seconds += 86400 - 7) {
		mc_date_print(seconds, out);
		assert_true(mc_date_parse(out, &again));
		assert_int_equal(again, seconds);
	}
}

static void
bad(void **state)
{
	static const char *const rows[] = {"", "2027", "2027-6-30",
		"2027-06-31", "2027-02-29", "2027-13-01", "2027-00-01",
		"2027-01-00", "2000-12-31", "2068-01-01", "2027-06-30T",
		"2027-06-30T24:00:00Z", "2027-06-30T00:60:00Z",
		"2027-06-30T00:00:60Z", "2027-06-30T00:00:00",
		"2027-06-30 00:00:00Z", "2027/06/30", "2027-06-30T00:00:00+",
		"-027-06-30", "2027-06-3x"};
	long long seconds;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_false(mc_date_parse(rows[i], &seconds));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(every_day),
		cmocka_unit_test(bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
