/* SPDX-License-Identifier: ISC */
/*
 * Documents from standard input to a sink of one stream:
 *
 *	driver tar|ndjson|concat|archive PATH|- [OPTION...] < documents
 *
 * A document is a line "HOW FOLDER NAME FLAGS SIZE" and its bytes.  HOW is
 * put, pass (framed by us), give (with its buffer, too) or piece (in pieces of
 * 1000 bytes); FOLDER is - for none; FLAGS are letters of s (secret), b
 * (binary), or -.  OPTION is one of force, dry-run, secret, cut (the run ends
 * early), mode=OCTAL.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"

static bool
take_option(struct sink *sink, const char *word, bool *keep)
{
	if (strcmp(word, "force") == 0)
		sink->force = true;
	else if (strcmp(word, "dry-run") == 0)
		sink->dry_run = true;
	else if (strcmp(word, "secret") == 0)
		sink->secret = true;
	else if (strcmp(word, "cut") == 0)
		*keep = false;
	else if (strncmp(word, "mode=", 5) == 0)
		sink->mode = (mode_t)strtoul(word + 5, NULL, 8);
	else
		return false;
	return true;
}

static void
pass(struct sink *sink, const struct document *doc, const char *bytes, size_t n,
	bool give)
{
	struct mc_buf buf = {0};

	sink->frame->open(&buf, doc);
	mc_buf_add(&buf, bytes, n);
	sink->frame->close(&buf, doc, 0);
	if (buf.failed) {
		complain_memory(sink->program);
		sink->stopped = true;
	} else {
		(void)sink->kind->pass(
			sink, buf.data, buf.len, 1, give ? &buf : NULL);
	}
	mc_buf_free(&buf);
}

/* Several may be open at once: they end with the run. */
enum { PIECES = 8 };
static struct piece *pieces[PIECES];
static size_t n_pieces;

static void
begin_piece(struct sink *sink, const struct document *doc, const char *bytes,
	size_t n)
{
	struct piece *piece = sink_begin(sink, doc);

	if (piece == NULL)
		return;
	for (size_t at = 0; at < n; at += 1000)
		if (!sink_write(
			    piece, bytes + at, n - at < 1000 ? n - at : 1000))
			break;
	pieces[n_pieces++ % PIECES] = piece;
}

/* false: no more documents. */
static bool
take_document(struct sink *sink)
{
	static const struct mailcfg_pos pos = {"input", 1, 1};
	struct document doc = {.pos = &pos,
		.account = "alice@example.org",
		.target = "example",
		.type = "text/plain"};
	char line[1024], how[8], folder[300], name[300], flags[8];
	char number[16];
	size_t size;
	char *bytes;

	if (fgets(line, sizeof(line), stdin) == NULL ||
		sscanf(line, "%7s %299s %299s %7s %15s", how, folder, name,
			flags, number) != 5)
		return false;
	size = strtoul(number, NULL, 10);
	bytes = malloc(size + 1);
	if (bytes == NULL || fread(bytes, 1, size, stdin) != size) {
		free(bytes);
		complain_memory(sink->program);
		sink->stopped = true;
		return false;
	}
	doc.folder = strcmp(folder, "-") == 0 ? NULL : folder;
	doc.name = name;
	doc.secret = strchr(flags, 's') != NULL;
	doc.binary = strchr(flags, 'b') != NULL;
	if (strcmp(how, "put") == 0)
		sink_put(sink, &doc, bytes, size);
	else if (strcmp(how, "pass") == 0 || strcmp(how, "give") == 0)
		pass(sink, &doc, bytes, size, *how == 'g');
	else
		begin_piece(sink, &doc, bytes, size);
	free(bytes);
	return !sink->stopped;
}

int
main(int argc, char **argv)
{
	static char input[16 * 1024];
	static struct program program;
	static struct sink sink = {.mode = 0600, .program = &program};
	bool keep = true;

	if (argc < 3)
		return STATUS_USAGE;
	program_start(&program);
	program.complain.usage = false;
	/* what is read needs no memory */
	(void)setvbuf(stdin, input, _IOFBF, sizeof(input));
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	sink.frame = frame_find(argv[1]);
	sink.kind = sink.frame == NULL ? &sink_archive : &sink_framed;
	sink.path = strcmp(argv[2], "-") == 0 ? NULL : argv[2];
	for (int i = 3; i < argc; i++)
		if (!take_option(&sink, argv[i], &keep))
			return STATUS_USAGE;
	if (!sink_open(&sink))
		return (int)complain_status(&program.complain);
	while (take_document(&sink))
		;
	for (size_t i = 0; i < n_pieces; i++)
		sink_end(pieces[i], keep);
	(void)sink_close(&sink, keep);
	(void)fflush(stdout);
	(void)fprintf(stderr, "created %lu changed %lu same %lu refused %lu\n",
		sink.count[FATE_CREATED], sink.count[FATE_CHANGED],
		sink.count[FATE_SAME], sink.count[FATE_REFUSED]);
	return (int)complain_status(&program.complain);
}
