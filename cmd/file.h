/* SPDX-License-Identifier: ISC */
/*
 * One file, complete or absent: a temporary file in the same directory, its
 * mode, its bytes, fsync, a rename.  Names are single components and are never
 * followed anywhere.
 */
#ifndef MC_FILE_H
#define MC_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { FILE_NAME = 256 };

/* From so many on, one syncfs(2) is cheaper than an fsync(2) each. */
enum { FILE_MANY = 8 };

/* What became of a file. */
enum fate {
	FATE_CREATED = 0,
	FATE_CHANGED,
	FATE_SAME,    /* the same bytes are there: left alone */
	FATE_REFUSED, /* other bytes are there */
	/* of a message */
	FATE_SENT,
	FATE_WAITING,  /* it was refused for the time being */
	FATE_DOUBTFUL, /* nobody knows whether it was sent */
	FATE_CREATE,   /* cannot create: errno */
	FATE_WRITE,    /* cannot write: errno */
	FATE_LATER     /* it is not known yet */
};
#define FATES 7 /* the first ones, which are counted */
const char *fate_word(enum fate);

struct file {
	int dir;              /* descriptor of the directory, ours; -1 */
	char name[FILE_NAME]; /* the last name */
	char temp[FILE_NAME]; /* "": there is none */
	int fd;               /* of the temporary file; -1 */
	int old;              /* of the file that is there; -1 */
	bool there;           /* something has the name */
	bool same;            /* and begins with the bytes so far */
	off_t compared;       /* bytes that are the same so far */
	bool secret;          /* must be closed to others */
	mode_t mode;
};

/*
 * Looks what has the name now.  The descriptor dir is closed by file_drop.
 * false: errno.
 */
bool file_look(struct file *, int dir, const char *name, mode_t mode);
/* Compares the next bytes with what is there, counts them when the same. */
void file_compare(struct file *, const char *, size_t);
/*
 * All that is there, with malloc; NULL: it cannot be read, or has more than
 * `most` bytes.  The caller wipes it.
 */
char *file_there(struct file *, size_t most, size_t *n);
/* What is there is taken for the bytes that were to be written. */
void file_accept(struct file *);
/* Makes the temporary file.  false: errno. */
bool file_start(struct file *);
/* false: errno. */
bool file_write(struct file *, const char *, size_t);
/*
 * Whether what is there is just the bytes that were compared.  A file with a
 * secret is closed to others, unless dry_run.
 */
bool file_is_same(struct file *, bool dry_run);
/*
 * Makes the bytes of n files durable; where they are many, by one call for
 * the whole file system.  false: errno, for all of them.
 */
bool file_sync(struct file *const *, size_t n);
/* Gives the file its name.  Without force nothing is replaced. */
enum fate file_publish(struct file *, bool force);
/*
 * Takes the temporary file away, if there is one, and closes everything.  temp
 * is empty afterwards, unless the file could not be taken away.
 */
void file_drop(struct file *);

/*
 * Makes a file with its last name, in a directory that nobody looks into yet.
 * -1: errno, and there is none.
 */
int file_create(int dir, const char *name, mode_t mode);
/* Writes the whole.  false: errno. */
bool file_write_all(int fd, const char *, size_t);
/* Bytes, and others that come behind them. */
struct pair {
	const char *bytes[2];
	size_t size[2];
};
/* Some of them, of some, by one call, and takes these off.  false: errno. */
bool file_write_some(int fd, struct pair *);
/* All of them.  false: errno. */
bool file_write_pair(int fd, struct pair *);
/* A call on a descriptor that is made again when a signal cut it short. */
bool file_durable(int fd, int (*sync)(int));

/* ".NAME.PID.RANDOM.tmp".  false: errno. */
bool file_temp(char temp[FILE_NAME], const char *name);
/*
 * Whether an entry of a directory is named like that; name NULL: whatever its
 * NAME.  *pid: of the run that named it.
 */
bool file_is_temp(const char *entry, const char *name, long *pid);

/*
 * A directory's lock, on its own descriptor.  shared: other shared locks are
 * no hindrance.  false: another run has it; *pid is its number, or 0.
 */
bool file_lock(int dir, bool shared, long *pid);
/*
 * Removes temporary files that killed runs left, and none of our own; of `name`
 * only, and of dead processes only, when name is not NULL.
 */
void file_sweep(int dir, const char *name);

/* A folder in a directory; it is made when absent.  -1: errno. */
int file_folder(int dir, const char *name, bool make);

#endif
