/* SPDX-License-Identifier: ISC */
/* What the parts of `mailcfg gen` share. */
#ifndef MC_GEN_H
#define MC_GEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "account.h"
#include "bind.h"
#include "cmd.h"
#include "emit/stencil.h"
#include "plan.h"
#include "progress.h"
#include "read/read.h"
#include "report.h"
#include "sign.h"
#include "sink.h"

enum by { BY_NOTHING = 0, BY_ACCOUNT, BY_PERSON, BY_DOMAIN };

/* Where a password comes from; secret.c. */
enum source_kind {
	SOURCE_NONE = 0,
	SOURCE_PROMPT,
	SOURCE_FILE,
	SOURCE_FD,
	SOURCE_COMMAND
};
struct source {
	enum source_kind kind;
	const char *option; /* that names it */
	const char *what;   /* "Password"; for a prompt */
	const char *path;   /* SOURCE_FILE */
	const char **words; /* SOURCE_COMMAND; NULL-ended */
	int fd;
	bool has_address; /* {address} is in it: one for each account */
};

/* A target that was asked for. */
struct choice {
	const struct mc_target *target;
	bool lenient; /* by `all`: that it refuses an account is no error */
	/* an account's document is its bytes, one behind the other */
	bool bare;
};

/* The command line, understood. */
struct gen_options {
	struct choice *targets;
	size_t n_targets;
	const char **from;
	size_t n_from;
	const struct mc_syntax *syntax; /* NULL: by suffix, or sniffed */
	const char **columns;
	size_t n_columns;
	char **operands;
	const char **operand_names; /* "operand N", for positions */
	size_t n_operands;
	const char *providers;
	struct source source;
	const char *sign_cert; /* NULL: nothing is signed */
	const char *sign_key;  /* NULL: it is with the certificate */
	struct source sign_source;
	bool allow_insecure_input;
	bool combine;
	/* what makes the accounts of a person wait for each other; NULL */
	const char *grouped;
	bool manifest; /* a target wants to know what was made */
	bool force;
	bool dry_run;
	bool embed_password;
	bool no_stencil;
	const char *profile_url; /* NULL: none */
	const char *token_key;   /* its file; NULL: none */
	const char *templates;   /* their folder; NULL: the usual ones */
	const char *report;      /* NULL: none */
	const char *rejects;     /* likewise */
	unsigned jobs;           /* threads */
	enum by by;
	const char *output; /* NULL or "-": standard output */
	mode_t mode;
	struct mc_draft *set;    /* --set; NULL: none */
	struct mc_draft *option; /* the named options; NULL: none */
	const char *single;      /* the option that serves one account; NULL */
};

/* Where something stands, in eight bytes. */
struct spot {
	uint32_t line;
	uint16_t column;
	uint16_t file; /* number of --from; SPOT_OPERAND: line is its number */
};
enum { SPOT_OPERAND = UINT16_MAX };

/*
 * seen.c: a set of names, with the place where each was met first.  16 bytes
 * an entry, 32 with values; tables are from 42 to 85 in a hundred full, small
 * ones less where more was expected than came.  Of a
 * key 71 bits count: that two of ten million names meet is one chance in 10^8.
 */
struct seen_entry {
	uint64_t kept; /* of the key; 0: the entry is free */
	struct spot spot;
};
enum { SEEN_TABLES = 256 };
struct seen_table {
	struct seen_entry *entries;
	unsigned char (*values)[16]; /* beside the entries, when wanted */
	uint32_t n;
	uint32_t size;
};
struct seen {
	/* many small ones, so that little is held twice while one grows */
	struct seen_table *tables; /* SEEN_TABLES; NULL: the set is empty */
	bool with_values;
	uint64_t expected; /* about so many keys in the end; 0: not known */
};
/* Before the first key.  false: errno. */
bool seen_start(void);
/* The parts of a key; ends with NULL.  They are joined by NULs. */
void seen_key(unsigned char key[16], const char *const *parts);
/* A key that will be asked for soon: memory is slow. */
void seen_expect(const struct seen *, const unsigned char key[16]);
/* spot may be NULL. */
bool seen_find(const struct seen *, const unsigned char key[16], struct spot *);
bool seen_find_value(const struct seen *, const unsigned char key[16],
	struct spot *, unsigned char value[16]);
/* value: NULL unless with_values.  false: out of memory. */
bool seen_add(struct seen *, const unsigned char key[16], struct spot spot,
	const unsigned char *value);
/* Adds the key, unless it is there: *first is where it was met then. */
enum seen_fate { SEEN_NEW = 0, SEEN_BEFORE, SEEN_NO_MEMORY };
enum seen_fate seen_enter(struct seen *, const unsigned char key[16],
	struct spot spot, struct spot *first);
void seen_free(struct seen *);

/* An account on its way, with everything that is only its own. */
struct member {
	struct mc_arena arena;
	const struct mc_draft *draft;
	const struct mc_draft *defaults; /* of its file; NULL */
	struct mc_account *account;
	struct spot spot;
	bool nobody; /* the address stands for its domain: no password */
};

enum { GROUP_MAX = 32 };

/*
 * batch.c: what came of a block of records, in their order, for the ordered
 * stage to carry out.
 */
enum entry_kind {
	ENTRY_SAY = 0, /* a diagnostic */
	ENTRY_RAW,     /* a record begins, with --rejects */
	ENTRY_REPEAT,  /* one that most likely was said before */
	ENTRY_RECORD,  /* an account begins: is its mailbox new? */
	ENTRY_DONE,    /* it is complete */
	ENTRY_ACCOUNT, /* both at once */
	ENTRY_SHARED,  /* MC_ONE_PER_DOMAIN: is it the person's first there? */
	ENTRY_DOC,     /* a document, or what it adds to a list of the run */
	ENTRY_REFUSED, /* a document that a target refused */
	ENTRY_STOP     /* nothing more can be done */
};

/* What a sink, or the report, wants to know of a document. */
struct label {
	const char *name;
	const char *folder;
	const char *account;
	const char *person;
	const char *url;                 /* with --report; NULL: none */
	const unsigned char *sum;        /* with --report */
	size_t bytes;                    /* without a frame */
	const struct envelope *envelope; /* of a message; NULL: it is none */
};

/* What the accounts of a domain must agree on. */
struct domain_mark {
	unsigned char key[16];   /* target, folder, domain */
	unsigned char value[16]; /* of all documents of the target */
	const char *display;
};

struct entry {
	unsigned char kind;
	bool own;     /* of the account whose ENTRY_RECORD came last */
	bool secret;  /* a password is inside */
	bool follows; /* ENTRY_DOC: what befell the one before befalls it */
	bool run;     /* ENTRY_DOC: of a list of the whole run */
	unsigned char doc;
	unsigned short target; /* into o.targets */
	struct spot spot;
	union {
		struct mailcfg_diag *diag;
		struct {
			const char *text;
			size_t size;
		} raw;
		struct {
			const struct mailcfg_diag *diag;
			unsigned long long kin; /* complain_kin() */
			bool *known; /* set once it is only counted */
		} repeat;
		struct {
			unsigned char key[16];
			const char *text; /* identity, or the domain */
			unsigned long long from_option; /* ENTRY_ACCOUNT */
			/* ENTRY_ACCOUNT: of a bare document, in out; or 0 */
			uint32_t start;
			uint32_t size;
		} seen;
		struct {
			const struct mailcfg_provider *provider;
			const char *preparation;
			unsigned long long from_option;
		} done;
		struct {
			size_t start; /* in out */
			size_t size;
			const struct label *label; /* NULL: nobody asks */
			const struct domain_mark *domain;
		} doc;
	} u;
};

struct batch {
	struct mc_arena arena; /* strings of entries */
	struct entry *entries;
	size_t n;
	size_t size;
	struct mc_buf in; /* records that were cut off, to be read */
	struct mc_buf out;
	size_t lead;           /* bytes in front that the sink has, too */
	bool full;             /* another comes at once */
	bool gives;            /* who writes `out` aside may keep it */
	unsigned long records; /* bad ones too */
	bool no_memory;        /* an entry is missing: everything ends here */
};
/* NULL: out of memory, which is remembered. */
struct entry *batch_add(struct batch *, enum entry_kind);
void batch_say(struct batch *, const struct mailcfg_diag *, bool own);
void batch_reset(struct batch *);
void batch_free(struct batch *);

/*
 * From records to documents.  One thread's; there are several when records
 * can be cut into blocks.
 */
/* Documents of a domain that a worker made, with what stands for them. */
enum { REMEMBERED = 8 };
struct remembered {
	struct mc_buf bytes;
	unsigned long long kind; /* of the account; 0: none */
	unsigned char key[16];
	unsigned char value[16];
};
struct verdict {
	unsigned long long shape;
	unsigned long long sum; /* of what was said, diag.h */
	bool refused;
};
struct worker {
	struct gen *g;
	struct batch batch;
	struct mc_report report; /* leads into the batch */
	struct mc_arena work;    /* until the accounts at hand are done */
	struct mc_stencils stencils;
	struct mc_emit emit;            /* of a bare document */
	struct mc_signing *signing;     /* NULL: nothing is signed */
	struct mc_buf out[MC_DOCS_MAX]; /* memory of documents */
	struct member *members[GROUP_MAX + 1];
	size_t n_group;       /* members that wait to be written together */
	struct mc_made *made; /* of the accounts at hand, with o.manifest */
	size_t n_made;
	size_t room_made;
	struct member *held; /* the only one so far, where one is allowed */
	struct seen told;    /* providers whose preparation was given on */
	const struct mailcfg_provider *told_last;
	unsigned long n_accounts;
	struct verdict *verdicts;      /* of o.targets, on the last account */
	struct remembered *remembered; /* REMEMBERED for each of o.targets */
	struct mc_layers layers;       /* of a source; for plans */
	struct mc_plans plans;
	unsigned long long kind;  /* of accounts, for plans */
	struct mc_reader *reader; /* of blocks; input.c */
	struct mc_place place;    /* of the block */
	long long spent;          /* what it had worked when last asked, ns */
	long long quick;          /* blocks made since then */
	bool own;                 /* the record at hand has its ENTRY_RECORD */
	bool stop;                /* nothing more can be done */
};
void worker_start(struct worker *, struct gen *);
void worker_free(struct worker *);
/* Out of memory, or a library failed: the run ends here. */
void worker_fail(struct worker *);

/* A document of a target with MC_SCOPE_RUN that is being written. */
struct stream {
	struct piece *piece[MC_DOCS_MAX];
	struct mc_emit emit;
	struct mc_buf out[MC_DOCS_MAX]; /* of emit */
	struct mc_arena arena;
	char folder[FILE_NAME]; /* "": none */
	bool open;
	bool refused; /* the account at hand came too late */
};

/* A pattern that picks records; select.c. */
enum picker_kind { PICK_ADDRESS = 0, PICK_DOMAIN, PICK_PATTERN };
struct picker {
	enum picker_kind kind;
	const char *text;
	const char *operand;
	_Atomic bool matched;
};

struct gen;
/*
 * A command that is gen with another way out: what the documents of accounts
 * become.
 */
struct gen_way {
	/* An option.  false: it is one of gen's. */
	bool (*take)(struct gen *, int id, const char *value);
	/* The command line is read; what is wrong is reported. */
	void (*check)(struct gen *);
	/* Before the sink is opened.  false: reported. */
	bool (*prepare)(struct gen *);
	/*
	 * Before an account is completed: the presets that serve it, which
	 * live as long as the member's arena; NULL: reported.  With `in_order`
	 * only; where there is none, the run's presets serve.
	 */
	const struct mc_presets *(*meet)(struct worker *, struct member *,
		const char *identity, struct mc_layers *);
	/*
	 * What was made for w->members are the entries from `first` on, and
	 * become what shall go out.  Any thread; with `in_order` the first.
	 */
	void (*wrap)(struct worker *, size_t first);
	/* Accounts come one after the other, and none of them twice. */
	bool in_order;
	/* Passwords are used, and not only written. */
	bool uses_passwords;
	/* After the last account; NULL: nothing. */
	void (*finish)(struct gen *);
	/* One line at the end. */
	void (*summary)(const struct gen *);
};

struct gen {
	const struct gen_way *way; /* NULL: gen's own */
	void *own;                 /* the way's */
	struct program *program;
	struct mc_report *report;
	struct gen_options o;
	struct mc_options emit;
	struct mc_link link;      /* of --profile-url; emit.link leads here */
	struct mc_texts texts[2]; /* emit.texts leads here */
	struct mc_rules rules;    /* emit.rules leads here */
	struct mailcfg *context;
	struct mc_signer *signer; /* NULL: nothing is signed */
	struct mc_arena arena;    /* lives as long as the run */
	struct mc_arena work;     /* until a batch is carried out */
	struct picker *pickers;   /* n_operands, with --from */
	struct worker worker;     /* the main thread's */
	struct seen identities;
	struct seen persons;    /* --combine: those that are done */
	struct seen domains;    /* documents of domains, with hashes */
	struct seen shared;     /* persons' domains, MC_ONE_PER_DOMAIN */
	struct seen folders;    /* lists that are closed, by folder */
	struct stream *streams; /* one for each of o.targets */
	struct sink sink;
	struct log report_log;
	struct log rejects;
	const struct mc_syntax *rejected; /* the syntax of the only input */
	struct mc_buf head;               /* its header or defaults */
	unsigned long n_rejects;
	struct progress progress;
	unsigned long n_accounts;
	unsigned long long from_option; /* or of every account's bits */
	struct seen told;               /* providers whose note was printed */
	struct mc_buf origins;          /* of a dry run's first account */
	_Atomic bool stop;              /* nothing more can be done */
};

/* Whether documents are framed where they are made. */
static inline bool
gen_is_framed(const struct gen *g)
{
	return g->sink.kind->pass != NULL && !g->o.dry_run;
}

/* Whether accounts are not there to become documents. */
static inline bool
gen_has_no_targets(const struct gen *g)
{
	return g->way != NULL && g->way->in_order;
}

/* Whether documents of that kind are signed; lists of a run never are. */
static inline bool
gen_signs(const struct gen *g, const struct mc_doc *kind)
{
	return g->signer != NULL && kind->sign;
}

/* signing.c */
/* Whether what is asked for can be signed; else it is wrong usage. */
void signing_check(struct gen *);
/* Loads what signs, if anything does.  false: reported. */
bool signing_open(struct gen *);

/* seen.c */
struct mailcfg_pos spot_pos(const struct gen *, struct spot);

/* gen.c */
void gen_run(struct gen *, const struct command *, int argc, char **argv);

/* gen_options.c.  false: reported, or nothing is left to do. */
bool gen_parse(struct gen *, const struct command *, int argc, char **argv);
/* The value of --rate: so many a minute of `what`; 0: reported. */
unsigned gen_rate(struct gen *, const char *value, const char *what);

/* member.c: from drafts to accounts, and to groups of them. */
/* The member that the next record is read into. */
struct member *member_next(struct worker *);
/* Says that an account begins, which the ordered stage may know already. */
void member_announce(struct worker *, const char *identity, struct spot);
/* The account is complete. */
void member_done(struct worker *, const struct mc_account *, struct spot);
/* It begins, and is complete. */
void member_whole(struct worker *, const struct mc_account *, struct spot);
/* The record of member_next() is bound: what becomes of it. */
void member_accept(struct worker *, struct member *);
/* What waits is made. */
void members_flush(struct worker *);
void members_finish(struct worker *);
/* The address of a draft as an identity, in the arena; NULL: none. */
const char *draft_identity(struct mc_arena *, const struct mc_draft *);

/* web.c: --profile-url and --token-key, as they stand and in use. */
void web_check(struct gen *);
/* false: reported. */
bool web_prepare(struct gen *);

/* handout.c: targets that speak to people. */
/* When the targets are known: those that tell of others are last. */
void handout_order(struct gen_options *);
/* Whether the target speaks to a person of all accounts without --combine. */
bool handout_joins(const struct gen_options *, const struct mc_target *);
/* false: reported. */
bool handout_prepare(struct gen *);
/*
 * A document was made, of accounts that live as long as the arena work does,
 * as the name.  The list of them is copied.
 */
void handout_made(struct worker *, const struct mc_made *);

/*
 * templates.c: reads part of the templates ("guide"): that of --templates, or
 * first the person's, then the machine's.  A folder that is not there is empty.
 * false: reported, or the arena failed.
 */
typedef bool templates_reader(struct gen *, const char *dir);
bool templates_read(struct gen *, const char *part, templates_reader *);

/* input.c: the records of --from. */
void inputs_read(struct gen *);

/* select.c */
bool pickers_parse(struct gen *);
/* Whether one of them picks the address; all are asked. */
bool pickers_match(struct gen *, struct mc_arena *, const char *identity);
void pickers_finish(struct gen *);

/* document.c */
/* The documents of o.targets[at] for the members that wait. */
void documents_make(struct worker *, size_t at);

/* One account's documents of o.targets[at]. */
void document_make(struct worker *, size_t at, const struct mailcfg_account *,
	unsigned long long shape, enum mc_scope, struct spot);
/* The folder of the account's documents; NULL: none, or no memory. */
const char *document_folder(struct worker *, const struct mailcfg_account *);
/* What the report tells of the bytes, before they are framed. */
void document_sum(struct batch *, struct document *, const char *, size_t);
/* Whether a document of these accounts has a password in it. */
bool document_is_secret(const struct gen *, const struct mc_doc *,
	const struct mailcfg_account *const *, size_t n);
/* Drops entries from the n-th on, and their bytes from start on. */
void document_take_back(struct batch *, size_t n, size_t start);

/* bare.c: an account's document of choice.bare, on a shorter way. */
/* When the sink is known: which targets' documents are bare. */
void bare_prepare(struct gen *);
void bare_make(struct worker *, size_t at, const struct mailcfg_account *,
	unsigned long long shape, struct spot);

/* planned.c: records that are like others, on a shorter way. */
/* A source begins, or ends. */
void planned_start(
	struct worker *, struct mc_binding *, const struct mc_draft *defaults);
void planned_stop(struct worker *);
/* Between batches: makes room where new plans are wanted. */
void planned_refresh(struct worker *);
/* false: the record must go the long way. */
bool planned_take(struct worker *, struct mc_record *, struct spot);
/* Learns from a record that went the long way, with the entries from `n` on. */
void planned_learn(struct worker *, const struct mc_record *, size_t n);

/* rejects.c: what was refused, as it came. */
/* The header, or the defaults. */
void rejects_begin(
	struct gen *, const struct mc_syntax *, const char *head, size_t n);
void rejects_add(struct gen *, const struct entry *raw, const char *reason);
void rejects_finish(struct gen *);

/* commit.c: the ordered stage carries the batch out, and empties it. */
void commit(struct gen *, struct batch *);

/* stream.c: what an account adds to the list of o.targets[at]. */
void stream_add(struct gen *, const struct entry *, const char *bytes);
void streams_finish(struct gen *, bool keep);

/* domain.c: what the documents in e->out say, for domain_is_new(). */
const struct domain_mark *domain_mark(struct worker *, size_t at,
	const struct mc_emit *, const struct mailcfg_account *,
	const char *folder);
/* Whether a document of a domain is new.  false: it is not. */
bool domain_is_new(struct gen *, const struct entry *);
/*
 * Warns of a person's second account in a domain, for a target whose setting
 * on the person's computer serves a whole domain.
 */
void domain_note(struct worker *, size_t at, const struct mailcfg_account *,
	struct spot);
void domain_warn(struct gen *, const struct entry *);

/* origin.c: a table of every field, for --dry-run. */
void origin_write(struct gen *, const struct mailcfg_account *);

/* password.c: bytes of a password; wiped by password_free. */
struct password {
	char *bytes;
	size_t size;
};
void password_free(struct password *);
/* What they return where memory runs out. */
extern const char password_no_memory[];
/* Reads until the end of the file; NULL: it went well, or a static text. */
const char *password_read(struct password *, int fd, int timeout_ms);

/* secret.c */
/* option and what of the source are set. */
bool source_parse(
	struct source *, struct mc_arena *, const char *spec, struct program *);
/* Words as a shell parts them; NULL: a quote is not closed, or no memory. */
const char **split_words(struct mc_arena *, const char *text, size_t *n);
/* of: whose it is, an identity or a file. */
bool source_read(struct gen *, const struct source *, struct mc_report *,
	const char *of, const struct mailcfg_pos *, struct password *);
/*
 * Whether a file with passwords, or a key, is closed to others; path NULL:
 * standard input.  false: reported.  It warns of a directory that others can
 * write.
 */
bool secret_is_private(struct gen *, struct mc_report *, enum mc_msg, int fd,
	const char *path);

/*
 * spawn.c: starts a command with these descriptors; in -1: nothing to read;
 * errors: they go to `out`, too; env NULL: this program's.  0, or an errno.
 */
int spawn_words(const char *const *words, const char *const *env, int in,
	int out, bool errors, pid_t *);
/* prompt.c, spawn.c: NULL: it went well, or a text in the arena. */
/* what, of: "Password", "alice@example.org" */
const char *password_prompt(
	struct password *, const char *what, const char *of);
const char *password_command(
	struct password *, struct mc_arena *, const char *const *words);

#endif
