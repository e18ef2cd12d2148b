/* SPDX-License-Identifier: ISC */
#ifndef MC_JSON_H
#define MC_JSON_H

#include "json_scan.h"

struct mc_reader *mc_json_open(
	const struct mc_syntax *, const struct mc_source *, struct mc_report *);
enum mc_next mc_json_next(
	struct mc_reader *, struct mc_arena *, struct mc_record *);
void mc_json_close(struct mc_reader *); /* of NDJSON, too */

struct mc_reader *mc_ndjson_open(
	const struct mc_syntax *, const struct mc_source *, struct mc_report *);
enum mc_next mc_ndjson_next(
	struct mc_reader *, struct mc_arena *, struct mc_record *);
enum mc_fill mc_ndjson_cut(
	struct mc_reader *, struct mc_buf *block, struct mc_place *);
struct mc_reader *mc_ndjson_fork(const struct mc_reader *, struct mc_report *);
void mc_ndjson_feed(
	struct mc_reader *, const char *, size_t n, const struct mc_place *);

/* What the readers of both begin with. */
struct mc_json {
	struct mc_reader r;
	struct mc_json_mark *marks; /* room for MC_JSON_MARKS */
};
struct mc_reader *mc_json_new(size_t size, const struct mc_syntax *,
	const struct mc_source *, struct mc_report *);

/* One JSON text that shall be a record. */
struct mc_json_text {
	const char *text;
	size_t n;
	struct mc_place place; /* of its first byte */
	unsigned depth;        /* brackets that are open around it */
	bool line;  /* a fault ends with it: nothing else can be lost */
	bool alone; /* all of a file, that may have been meant as another */
	struct mc_json_mark *marks; /* room for MC_JSON_MARKS */
};
/* Reports; returns MC_NEXT_RECORD, MC_NEXT_BAD or MC_NEXT_FATAL. */
enum mc_next mc_json_record(struct mc_reader *, const struct mc_json_text *,
	struct mc_arena *, struct mc_record *);

#endif
