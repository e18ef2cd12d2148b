/* SPDX-License-Identifier: ISC */
/*
 * What an error means, and whose turn it is.  Rules are data: texts in the
 * languages of people, and the words, status codes and slugs by which they are
 * known.  They stand in templates/errors; the form is in mailcfg(5).
 */
#ifndef MC_EXPLAIN_H
#define MC_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "buf.h"
#include "diag.h"

/* The languages, each complete. */
enum mc_speech { MC_EN = 0, MC_SV, MC_RU, MC_DE };
#define MC_SPEECHES 4
extern const char *const mc_speech_tags[MC_SPEECHES];
/* The language of a tag ("sv-FI") or a locale ("sv_FI.UTF-8"), else English. */
enum mc_speech mc_speech_of(const char *tag);

/* Who can mend it. */
enum mc_turn {
	MC_TURN_YOU = 0,
	MC_TURN_ADMINISTRATOR, /* of your mail */
	MC_TURN_RECIPIENT,
	MC_TURN_PROVIDER /* of the side that refused */
};
#define MC_TURNS 4
extern const char *const mc_turn_words[MC_TURNS];

enum mc_sure { MC_SURE_LOW = 0, MC_SURE_MEDIUM, MC_SURE_HIGH };
#define MC_SURES 3
extern const char *const mc_sure_words[MC_SURES];

struct mc_advice {
	const char *title;
	const char *means;
	const char *const *steps; /* a NULL ends them; the same number in each
				     language */
};

/* Lists end with NULL, and are empty rather than NULL. */
struct mc_rule {
	const char *id;     /* "mail.ru/mailbox-full": file and rule */
	const char *source; /* whose words they are; NULL: many servers' */
	enum mc_sure sure;
	bool broad; /* words that are said of many things: they weigh less */
	enum mc_turn turn[MC_TURNS];
	size_t n_turns;
	const char *const *signs;   /* words that show the source */
	const char *const *phrases; /* as mc_hear_phrase() writes them */
	const char *const *codes;   /* "x.2.2" "5.7.26" "5.7.501-503" "535" */
	const char *const *answers; /* "AUTHENTICATIONFAILED" of IMAP, POP3 */
	const char *const *slugs;   /* our own messages */
	const char *const *links;
	struct mc_advice say[MC_SPEECHES];
};

/* What stands around the advice; words.yaml has them by these names. */
#define MC_WORDS(W)                               \
	W(SAID, "said")                           \
	W(RECIPIENT_IS, "recipient-is")           \
	W(TURN, "turn")                           \
	W(THEN, "then")                           \
	W(STEPS, "steps")                         \
	W(LINKS, "links")                         \
	W(SURE, "sure")                           \
	W(ALSO, "also")                           \
	W(BY_WORDS, "by-words")                   \
	W(BY_CODE, "by-code")                     \
	W(BY_BOTH, "by-both")                     \
	W(BY_SLUG, "by-slug")                     \
	W(YOU, "you")                             \
	W(ADMINISTRATOR, "administrator")         \
	W(RECIPIENT, "recipient")                 \
	W(PROVIDER, "provider")                   \
	W(LOW, "low")                             \
	W(MEDIUM, "medium")                       \
	W(HIGH, "high")                           \
	W(CODE, "code")                           \
	W(CLASS_2, "class-2")                     \
	W(CLASS_4, "class-4")                     \
	W(CLASS_5, "class-5")                     \
	W(SUBJECT_0, "subject-0")                 \
	W(SUBJECT_1, "subject-1")                 \
	W(SUBJECT_2, "subject-2")                 \
	W(SUBJECT_3, "subject-3")                 \
	W(SUBJECT_4, "subject-4")                 \
	W(SUBJECT_5, "subject-5")                 \
	W(SUBJECT_6, "subject-6")                 \
	W(SUBJECT_7, "subject-7")                 \
	W(SUCCESS, "success")                     \
	W(UNKNOWN, "unknown")                     \
	W(UNKNOWN_MEANS, "unknown-means")         \
	W(UNKNOWN_WAIT, "unknown-wait")           \
	W(UNKNOWN_ASK, "unknown-ask")             \
	W(STEP_NAME, "step-name")                 \
	W(STEP_CONNECT, "step-connect")           \
	W(STEP_TLS, "step-tls")                   \
	W(STEP_CERTIFICATE, "step-certificate")   \
	W(STEP_GREETING, "step-greeting")         \
	W(STEP_CAPABILITIES, "step-capabilities") \
	W(STEP_MECHANISMS, "step-mechanisms")     \
	W(STEP_LOGIN, "step-login")               \
	W(STEP_SENDER, "step-sender")             \
	W(STEP_SERVICE, "step-service")           \
	W(IMPLICIT, "tls-implicit")               \
	W(STARTTLS, "tls-starttls")               \
	W(CLEARTEXT, "tls-none")                  \
	W(PORT, "port")                           \
	W(DAYS, "days-left")                      \
	W(NOT_REACHED, "not-reached")             \
	W(NO_PASSWORD, "no-password")             \
	W(NO_MAILBOX, "no-mailbox")               \
	W(UNSAFE, "unsafe")                       \
	W(UNTRIED, "untried")                     \
	W(STOPPED, "stopped")                     \
	W(WORKS, "works")                         \
	W(RECORD, "in-a-record")                  \
	W(FOREIGN, "foreign")                     \
	W(FOREIGN_ADVICE, "foreign-advice")       \
	W(PUBLISHED, "published")                 \
	W(NOT, "not")                             \
	W(NOT_OFFERED, "not-offered")             \
	W(AS_ABOVE, "as-above")                   \
	W(PUBLISHED_ADVICE, "published-advice")   \
	W(NOT_READING, "not-published-reading")   \
	W(NOT_SENDING, "not-published-sending")   \
	W(NOT_TOLD, "not-told")                   \
	W(NOT_IN_ACCOUNT, "not-in-account")       \
	W(UNPROVED, "unproved")
enum mc_word {
#define MC_WORD_ENUM(id, name) MC_WORD_##id,
	MC_WORDS(MC_WORD_ENUM)
#undef MC_WORD_ENUM
		MC_WORD_COUNT
};
extern const char *const mc_word_names[MC_WORD_COUNT];

struct mc_rules {
	const struct mc_rule *rule;
	size_t n;
	const char *word[MC_WORD_COUNT][MC_SPEECHES]; /* NULL: not said */
};

/*
 * The built-in rules, made at build time by mkerrors: bytes without a pointer,
 * so that who does not ask pays nothing.
 */
struct mc_packed {
	size_t n;
	const unsigned char *bytes;
};
extern const struct mc_packed mc_builtin_errors;
void mc_rules_pack(const struct mc_rules *, struct mc_buf *);
/* Texts stay where they are packed.  false: out of memory, or no such pack. */
bool mc_rules_unpack(
	struct mc_arena *, const struct mc_packed *, struct mc_rules *);

/*
 * Reads the folder's rules, in front of those of `base` (may be NULL): a rule
 * of the same name takes the other's place.  false: reported, or out of memory.
 */
bool mc_rules_read_dir(struct mc_arena *, const char *dir,
	const struct mc_rules *base, struct mc_rules *, struct mc_report *);

/* A status code (RFC 3463), or a reply code alone (RFC 5321). */
struct mc_code {
	unsigned short reply; /* 0: none */
	unsigned char class;  /* 2, 4, 5; 0: none */
	bool enhanced;        /* subject and detail are told */
	unsigned short subject, detail;
};

/* What was said, and by whom as far as that is known. */
struct mc_said {
	const char *text;
	size_t n;
	const char *status; /* of a report ("5.1.1"); NULL: none */
	const char *source; /* names of the server that said it; NULL: none */
};

struct mc_hit {
	const struct mc_rule *rule;
	enum mc_sure sure; /* of this answer, for these words */
	unsigned score;
	bool by_words, by_code, by_slug;
};

enum { MC_HITS = 5 };
enum { MC_SAID_BYTES = 64 * 1024 }; /* more is not looked at */

struct mc_explained {
	struct mc_hit hit[MC_HITS]; /* the best first */
	size_t n;
	struct mc_code code; /* the first that tells of an error, else any */
	bool success;        /* the codes tell of nothing but success */
};

/* false: out of memory. */
bool mc_explain(struct mc_arena *, const struct mc_rules *,
	const struct mc_said *, struct mc_explained *);

#endif
