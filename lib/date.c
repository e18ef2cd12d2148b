/* SPDX-License-Identifier: ISC */
#include "date.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_YEAR = 2001, LAST_YEAR = 2067, DAY = 24 * 60 * 60 };

/* A number of so many digits; -1: it is none. */
static int
number(const char *s, size_t digits)
{
	int n = 0;

	for (size_t i = 0; i < digits; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		n = 10 * n + (s[i] - '0');
	}
	return n;
}

/* Days since 1970 of a day in the years above, in which every fourth is long.
 */
static long long
days(int year, int month, int day)
{
	static const int before[] = {
		0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

	return 365LL * (year - 1970) + (year - 1969) / 4 + before[month - 1] +
		(month > 2 && year % 4 == 0) + day - 1;
}

static int
length(int year, int month)
{
	static const int days_of[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days_of[month - 1] + (month == 2 && year % 4 == 0);
}

bool
mc_date_parse(const char *s, long long *seconds)
{
	size_t n = strlen(s);
	int year, month, day, hour = 0, minute = 0, second = 0;

	if ((n != 10 && n != MC_DATE_SIZE - 1) || s[4] != '-' || s[7] != '-')
		return false;
	year = number(s, 4);
	month = number(s + 5, 2);
	day = number(s + 8, 2);
	if (n > 10) {
		if (s[10] != 'T' || s[13] != ':' || s[16] != ':' ||
			s[19] != 'Z')
			return false;
		hour = number(s + 11, 2);
		minute = number(s + 14, 2);
		second = number(s + 17, 2);
	}
	if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 ||
		day < 1 || day > length(year, month) || hour < 0 || hour > 23 ||
		minute < 0 || minute > 59 || second < 0 || second > 59)
		return false;
	*seconds = days(year, month, day) * DAY + hour * 3600LL +
		minute * 60LL + second;
	return true;
}

void
mc_date_print(long long seconds, char out[MC_DATE_SIZE])
{
	long long day = seconds / DAY, rest = seconds % DAY;
	int year = FIRST_YEAR, month = 1;

	while (year < LAST_YEAR && days(year + 1, 1, 1) <= day)
		year++;
	while (month < 12 && days(year, month + 1, 1) <= day)
		month++;
	(void)snprintf(out, MC_DATE_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ",
		(unsigned)year % 10000, (unsigned)month % 100,
		(unsigned)(day - days(year, month, 1) + 1) % 100,
		(unsigned)(rest / 3600) % 100, (unsigned)(rest / 60 % 60),
		(unsigned)(rest % 60));
}
