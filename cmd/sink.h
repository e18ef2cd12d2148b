/* SPDX-License-Identifier: ISC */
/*
 * Sinks: where documents go.  A sink knows names, modes and bytes, and nothing
 * of what the bytes mean.
 */
#ifndef MC_SINK_H
#define MC_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "aside.h"
#include "cmd.h"
#include "file.h"
#include "report.h"
#include "staging.h"

struct mailcfg_pos;

/* Whom a message goes to. */
struct envelope {
	const char *to;
	unsigned char key[16]; /* of person and settings, for the journal */
	const char *id;        /* what stands in Message-ID before the @ */
};

struct document {
	const char *folder;              /* a file name; NULL: none */
	const char *name;                /* a file name */
	bool secret;                     /* a password is inside */
	bool binary;                     /* not for a terminal */
	const struct mailcfg_pos *pos;   /* of its first account */
	const char *account;             /* mailbox of its first account */
	const char *target;              /* name */
	const char *type;                /* media type */
	const char *person;              /* NULL: none */
	const char *url;                 /* where it lies, or says so; NULL */
	const unsigned char *sum;        /* SHA-256; NULL: not known */
	size_t size;                     /* bytes, where sum is known */
	const struct envelope *envelope; /* of a message; NULL: it is none */
};
enum { DOCUMENT_SUM = 32 };

/* Files that become durable together; two or three descriptors each. */
enum { SINK_BATCH = 64 };

/*
 * How documents follow each other in one stream: tar, ndjson, concat.  The
 * functions are pure and run in any thread; a failure is the buffer's.
 */
enum frame_bytes {
	FRAME_AS_IS = 0, /* the documents' own, and none besides */
	FRAME_TEXT,      /* whatever the documents are */
	FRAME_BINARY
};
struct frame {
	const char *name; /* of --output-format */
	enum frame_bytes bytes;
	bool silent; /* it tells nothing of a document but its bytes */
	/* What stands before a document, whose size is not known yet. */
	void (*open)(struct mc_buf *, const struct document *);
	/*
	 * What stands behind it; start is where open began.  It may change
	 * everything from there on (a size in a header, an encoding).
	 */
	void (*close)(struct mc_buf *, const struct document *, size_t start);
	/* What ends the stream; NULL: nothing. */
	void (*end)(struct mc_buf *);
};
extern const struct frame frame_tar;
extern const struct frame frame_ndjson;
extern const struct frame frame_concat;
/* Instead of frame_tar.close: `size` bytes will follow, and zeros to 512. */
void frame_tar_seal(struct mc_buf *, const struct document *, size_t start,
	unsigned long long size);
/* NULL: there is none of that name. */
const struct frame *frame_find(const char *name);

struct sink;
/* A document that comes in pieces. */
struct piece {
	bool kept;    /* it was whole */
	bool at_once; /* one write and the end follow */
	struct sink *sink;
	struct document doc;
	struct mc_arena arena; /* the strings of doc */
	struct file file;      /* sink_dir, sink_file; sink_archive: spooled */
	size_t start;          /* sink_framed: of it in sink->bytes */
	enum fate fate;        /* FATE_CREATE, FATE_WRITE: it went wrong */
};

/* Where documents go: one row for each kind of sink. */
struct sink_kind {
	bool several; /* more than one document */
	/*
	 * NULL, or the sink is one stream: pass() takes bytes that were framed
	 * (sink->frame) elsewhere, the documents of which are counted at the
	 * end.  The buffer that holds them, where nothing in it is wanted
	 * afterwards, may be exchanged for another; NULL: it may not.  false:
	 * reported, or nobody listens; sink->stopped is set.
	 */
	bool (*pass)(struct sink *, const char *, size_t, unsigned long docs,
		struct mc_buf *);
	/* Before the first document.  false: reported. */
	bool (*open)(struct sink *);
	/* Starts a document.  false: reported. */
	bool (*begin)(struct sink *, struct piece *);
	bool (*write)(struct sink *, struct piece *, const char *, size_t);
	/*
	 * keep: it is whole; else it is dropped.  Sets piece->fate and calls
	 * sink_done, at the latest before close returns.
	 */
	void (*end)(struct sink *, struct piece *, bool keep);
	/*
	 * A whole document; sets piece->fate, FATE_LATER when sink_count()
	 * will tell.  NULL: begin, write, end.
	 */
	void (*put)(struct sink *, struct piece *, const char *, size_t);
	/* false: reported. */
	bool (*close)(struct sink *);
};
extern const struct sink_kind sink_stream;
extern const struct sink_kind sink_file;
extern const struct sink_kind sink_dir;
extern const struct sink_kind sink_staged;  /* sink_dir, when it is not there */
extern const struct sink_kind sink_framed;  /* sink->frame, to a file or out */
extern const struct sink_kind sink_archive; /* .tar.gz, .zip */
extern const struct sink_kind sink_post;    /* messages; mailcfg-net only */

struct sink {
	const struct sink_kind *kind;
	struct program *program;
	const char *path;          /* as it was given; NULL: standard output */
	const struct frame *frame; /* sink_framed */
	struct log *report;        /* NULL: none */
	/*
	 * Whether a file that is there says the same as a document with other
	 * bytes; NULL: none does.
	 */
	bool (*alike)(const void *context, const char *there, size_t n_there,
		const char *made, size_t n_made);
	const void *context; /* of alike */
	bool binary;         /* frame concat: documents are */
	bool force;
	bool dry_run;
	bool secret; /* sink_framed, sink_archive: passwords may come */
	mode_t mode; /* of files without secrets */
	unsigned long count[FATES];
	bool stopped; /* no document can be written any more */
	bool second;  /* a second document came to a sink for one */
	/* sink_dir, sink_file */
	int dir;    /* descriptor; -1 */
	int folder; /* descriptor of the current folder; -1 */
	char folder_name[FILE_NAME];
	struct piece *batch[SINK_BATCH]; /* written, not yet durable */
	size_t n_batch;
	struct staging staging; /* sink_staged */
	/* the one document of a sink for one, until it is known to be one */
	bool taken;
	bool held;
	struct piece *one;
	struct mc_buf bytes; /* of it; sink_framed, sink_archive: not out yet */
	/* sink_framed, sink_archive: the stream that holds all documents */
	struct piece whole;
	unsigned long later; /* documents in it, which are counted with it */
	off_t ahead;         /* the file system has room up to here; -1 */
	/*
	 * A part of it that is written while the next is made.  Until that is
	 * done, these are the thread's, and ahead is.
	 */
	struct aside aside;
	struct mc_buf away[2];
	struct pair leaving; /* of them */
	int away_error;      /* errno; 0 */
	struct pack *pack;   /* sink_archive */
	struct post *post;   /* sink_post */
};

/*
 * kind, program, path, force, dry_run, mode, and for some kinds frame and
 * secret are set.  false: reported.
 */
bool sink_open(struct sink *);
/* A whole document.  What becomes of it is reported. */
void sink_put(struct sink *, const struct document *, const char *, size_t);
/* A document in pieces; NULL: reported.  sink_end frees it. */
struct piece *sink_begin(struct sink *, const struct document *);
bool sink_write(struct piece *, const char *, size_t);
void sink_end(struct piece *, bool keep);
/* What is told of a document in a stream of frames. */
void sink_tell(struct sink *, const struct document *);
/* A document that a target or a rival refused, for the count. */
void sink_refused(struct sink *, const struct document *);
/*
 * keep: all documents came.  Else what is held is not written, and an archive
 * that others would take for whole does not appear.  false: reported.
 */
bool sink_close(struct sink *, bool keep);

/* For kinds: the document's file in the directory. */
bool sink_file_begin(struct sink *, struct piece *, int dir, const char *name);
bool sink_file_write(struct sink *, struct piece *, const char *, size_t);
bool sink_file_write_pair(struct sink *, struct piece *, struct pair *);
/* For kinds: standard output. */
bool sink_stream_write_pair(struct sink *, struct piece *, struct pair *);
/* Locks the directory, unless dry_run.  false: reported. */
bool sink_lock(struct sink *, bool shared);
/* Whether the file must be published; else piece->fate says what it is. */
bool sink_file_ready(struct sink *, struct piece *);
/* If so, publishes it, and says what went wrong. */
void sink_file_publish(struct sink *, struct piece *);
/* A mode for others and a document with passwords: reported, false. */
bool sink_may_have_mode(struct sink *, struct piece *);
/* A document with strings of its own; NULL: out of memory. */
struct piece *piece_new(struct sink *, const struct document *);
void piece_free(struct piece *);
/* Counts and reports what became of the document. */
void sink_count(struct sink *, struct piece *);
/* The same, and frees it. */
void sink_done(struct piece *);
/* The same of one in sink->whole, which is counted when that is done. */
void sink_later(struct piece *);
/* Counts those. */
void sink_settle(struct sink *);
/* Another file than sink->path is there, and stays. */
void sink_say_exists(struct sink *, struct piece *);
/* Reports errno for the document. */
void sink_fault(struct sink *, struct piece *, enum fate, int error);

/*
 * sink_whole.c: one file or standard output for all documents.  A file appears
 * under its name at sink_whole_close, unless the sink was stopped.
 */
enum { WHOLE_BLOCK = 256 * 1024 };
bool sink_whole_open(struct sink *);
/* Bytes for the stream, which are gathered.  false: reported. */
bool sink_whole_write(struct sink *, const char *, size_t);
/*
 * The same of bytes in the buffer, which may be exchanged for another, to be
 * written while the caller goes on: what goes wrong is reported by what comes
 * next.
 */
bool sink_whole_take(struct sink *, const char *, size_t, struct mc_buf *);
/* When it returns, all that came is written.  false: reported. */
bool sink_whole_drain(struct sink *);
bool sink_whole_close(struct sink *);

#endif
