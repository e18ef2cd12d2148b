/* SPDX-License-Identifier: ISC */
/*
 * usage: rows N csv|ndjson [BAD]
 *
 * N accounts, faster than they are read.  BAD: one row of so many is bad, and
 * another one comes twice.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const domains[] = {
	"one.example", "two.example", "three.example"};

static void
put_row(unsigned long i, bool table, unsigned long bad)
{
	const char *domain = domains[i % 3];
	const char *sign = bad > 0 && i % bad == bad - 1 ? "" : "@";

	/* the one before the last that was bad comes again */
	if (bad > 0 && i >= bad && i % bad == bad / 2)
		i -= bad;
	if (table)
		(void)printf("user%08lu%s%s,Anna Berg %lu,imap.example.org,"
			     "smtp.example.org,%s\n",
			i, sign, domain, i, i % 2 == 0 ? "pass<word" : "");
	else
		(void)printf("{\"address\":\"user%08lu%s%s\",\"name\":\"Anna "
			     "Berg %lu\",\"imap.host\":\"imap.example.org\","
			     "\"smtp.host\":\"smtp.example.org\"%s}\n",
			i, sign, domain, i,
			i % 2 == 0 ? ",\"password\":\"pass<word\"" : "");
}

int
main(int argc, char **argv)
{
	unsigned long n, bad;
	bool table;

	if (argc < 3) {
		(void)fputs("usage: rows N csv|ndjson [BAD]\n", stderr);
		return 64;
	}
	n = strtoul(argv[1], NULL, 10);
	table = strcmp(argv[2], "csv") == 0;
	bad = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
	if (table)
		(void)puts("address,name,imap.host,smtp.host,password");
	for (unsigned long i = 0; i < n && ferror(stdout) == 0; i++)
		put_row(i, table, bad);
	return fflush(stdout) != 0 || ferror(stdout) != 0;
}
