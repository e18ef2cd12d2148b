/* SPDX-License-Identifier: ISC */
/*
 * The program: options, terminal, exit status.  What it says of accounts it
 * has from the library.
 */
#ifndef MC_CMD_H
#define MC_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "arena.h"
#include "buf.h"
#include "diag.h"

/* Exit statuses, as sysexits(3) has them. */
enum status {
	STATUS_OK = 0,
	STATUS_USAGE = 64,
	STATUS_DATA = 65,    /* some accounts or inputs were bad */
	STATUS_INPUT = 66,   /* no input, or no record in it */
	STATUS_SERVICE = 69, /* a server or a service failed */
	STATUS_FAULT = 70,   /* our own */
	STATUS_MEMORY = 71,  /* out of it */
	STATUS_CREATE = 73,  /* cannot create */
	STATUS_WRITE = 74,   /* input or output failed */
	STATUS_BUSY = 75,    /* another run is writing there, or some wait */
	STATUS_SAFETY = 77,  /* refused for safety */
	STATUS_CONFIG = 78   /* a preset is bad */
};

struct log;
/* complain.c: every diagnostic of a run, and what follows for the status. */
enum { COMPLAIN_SEEN = 1024 };
struct complain {
	bool quiet;             /* errors only */
	bool colour;            /* standard error is a terminal that wants it */
	bool line;              /* progress is shown, and gives way */
	struct log *report;     /* what is said goes there too; NULL: nowhere */
	struct mc_buf *reasons; /* and why a record is refused; NULL: nowhere */
	bool usage;         /* the command line is being read: errors are 64 */
	unsigned strongest; /* place in the order of statuses + 1; 0: none */
	unsigned long more[MC_MSG_COUNT]; /* repeats that were not shown */
	unsigned long long seen[COMPLAIN_SEEN]; /* hashes; 0: free */
	size_t n_seen;
};

struct program {
	struct complain complain;
	struct mc_report report; /* leads to complain */
};

/*
 * What like messages have in common; whether the like of it was shown, and is
 * now counted.
 */
unsigned long long complain_kin(const struct mailcfg_diag *);
bool complain_again(
	struct complain *, const struct mailcfg_diag *, unsigned long long kin);
/* The terminal's line is free again. */
void complain_clear(struct complain *);
void program_start(struct program *);
/* Whether what is written there may have colours. */
bool wants_colour(int fd);
/* Says how often what was shown once came again. */
void complain_finish(struct complain *);
enum status complain_status(const struct complain *);
/* Sets the status that a message would have set, without a word. */
void complain_note(struct complain *, enum mc_msg);
/* "wrong usage: ...", at pos (may be NULL). */
void complain_usage(struct program *, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void complain_memory(struct program *);

/* stop.c: signals that end a run in good order. */
void stop_install(void);
/* The signal that was caught, or 0. */
int stop_signal(void);
/* Dies of it. */
void stop_raise(void);

/* main.c */
bool stdout_close(struct program *);

/* command.c: the commands, a row each. */
struct option_row {
	const char *name; /* the long option; NULL: `help` is a heading */
	int id;           /* its letter, or an OPTION_ */
	const char *arg;  /* its argument's name; NULL: it takes none */
	const char *help; /* no full stop */
};
struct command {
	const char *name;
	const char *summary;
	const char *const *synopsis; /* what follows the name; NULL-ended */
	const struct option_row *options; /* ends with a row of NULLs */
	const struct option_row *shared;  /* more of them, another's; or NULL */
	void (*more)(FILE *);             /* the rest of the help; NULL: none */
	/* NULL: helper_run() does it, the help too */
	void (*run)(struct program *, const struct command *, int, char **);
};
extern const struct command command_gen;
extern const struct command command_targets;
extern const struct command command_fields;
extern const struct command command_providers;
extern const struct command command_explain;
extern const struct command command_show;
extern const struct command command_mail;
extern const struct command command_discover;
extern const struct command command_check;
/* Those of this program; NULL-ended.  commands.c, commands_net.c. */
extern const struct command *const program_commands[];
#define MAIL_NAME "mail"
#define MAIL_SUMMARY "Hand configuration files over by e-mail"
#define DISCOVER_NAME "discover"
#define DISCOVER_SUMMARY "Make a preset of what a mail domain publishes"
#define CHECK_NAME "check"
#define CHECK_SUMMARY "Ask the servers whether the settings work"
void command_main(struct program *, int argc, char **argv);
void command_help(const struct command *, FILE *);
/* Text from column `indent` to 79, the first line already at `column`. */
void print_wrapped(FILE *, const char *text, int indent, int column);

/*
 * helper.c: goes on as mailcfg-net, which has the commands that use the
 * network, and their libraries.  argv is our own.  It returns only when there
 * is no such program: reported.
 */
void helper_run(struct program *, const char *command, char **argv);

/* option.c */
enum {
	OPTION_END = -1,
	OPTION_FIELDS = 256, /* a row that stands for the named fields */
	OPTION_NAMED = 1024, /* + enum mc_field_id */
	OPTION_MAX = 96
};
struct option_parser {
	struct program *program;
	const struct command *command;
	int argc;
	char **argv;
	struct option_row rows[OPTION_MAX];
	size_t n;
	const char *value; /* of the option that was returned */
};
/* The rows with OPTION_FIELDS replaced; returns their number. */
size_t option_rows(const struct command *, struct option_row[OPTION_MAX]);
void option_start(struct option_parser *, struct program *,
	const struct command *, int argc, char **argv);
/* The id of the next one; OPTION_END.  Faults are reported and passed over. */
int option_next(struct option_parser *);
/* Where the operands start. */
int option_operands(const struct option_parser *);

/* presets.c: the site's, from the usual folders or from `dir` instead. */
struct mailcfg;
struct mailcfg *presets_open(struct program *, const char *dir);

/* table.c: columns of text, aligned. */
enum { TABLE_COLUMNS = 32 };
struct table {
	struct mc_buf cells; /* NUL-ended each */
	size_t columns;
	size_t width[TABLE_COLUMNS];
	size_t at;
};
/* The cell is copied; NULL and "" are shown as "-". */
void table_add(struct table *, const char *cell);
/* Lines with the columns aligned. */
void table_write(const struct table *, struct mc_buf *);
void table_free(struct table *);

/*
 * slurp.c: all that is in a file, - is standard input; most: bytes.  false:
 * reported: nothing is in it, it is too big, it cannot be read, or out of
 * memory.
 */
bool slurp(struct program *, struct mc_report *, const char *path, size_t most,
	struct mc_buf *);
/* text as it may be shown on a terminal; in the arena; NULL: no memory. */
const char *shown(struct mc_arena *, const char *text);
/* Lines that no reader of YAML minds, with what may be shown. */
void put_comment(struct mc_buf *, struct mc_arena *, const char *format,
	va_list) __attribute__((format(printf, 3, 0)));
/* text as a word for a shell. */
const char *shell_word(struct mc_arena *, const char *text);

#endif
