/* SPDX-License-Identifier: ISC */
#ifndef MC_CSV_H
#define MC_CSV_H

#include "read.h"

/* The delimiter is found in the header; a tab. */
struct mc_reader *mc_csv_open(
	const struct mc_syntax *, const struct mc_source *, struct mc_report *);
struct mc_reader *mc_tsv_open(
	const struct mc_syntax *, const struct mc_source *, struct mc_report *);
enum mc_next mc_csv_next(
	struct mc_reader *, struct mc_arena *, struct mc_record *);
void mc_csv_close(struct mc_reader *);
void mc_csv_places(const struct mc_reader *, struct mc_record *);
enum mc_fill mc_csv_cut(
	struct mc_reader *, struct mc_buf *block, struct mc_place *);
struct mc_reader *mc_csv_fork(const struct mc_reader *, struct mc_report *);
void mc_csv_feed(
	struct mc_reader *, const char *, size_t n, const struct mc_place *);

#endif
