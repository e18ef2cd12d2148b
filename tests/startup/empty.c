/* SPDX-License-Identifier: ISC */
/* What start-up is measured against. */
int
main(void)
{
	return 0;
}
