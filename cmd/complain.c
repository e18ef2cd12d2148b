/* SPDX-License-Identifier: ISC */
/*
 * Diagnostics on standard error, and the exit status that follows from them.
 * An error is printed each time.  A warning or note that differs from one
 * shown before only in the names in it is counted.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"
#include "text.h"

/* The statuses, the strongest first. */
static const enum status order[] = {STATUS_MEMORY, STATUS_FAULT, STATUS_USAGE,
	STATUS_CONFIG, STATUS_WRITE, STATUS_CREATE, STATUS_SAFETY,
	STATUS_SERVICE, STATUS_BUSY, STATUS_INPUT, STATUS_DATA};
enum { STATUSES = sizeof(order) / sizeof(order[0]) };

/* The status of a message that is an error; most are bad data. */
static enum status
status_of(size_t id)
{
	switch (id) {
	case MC_MSG_USAGE:
	case MC_MSG_UNKNOWN_COMMAND:
	case MC_MSG_UNKNOWN_OPTION:
	case MC_MSG_SECRET_OPTION:
	case MC_MSG_UNKNOWN_TARGET:
	case MC_MSG_TERMINAL: return STATUS_USAGE;
	case MC_MSG_NO_INPUT:
	case MC_MSG_EMPTY_INPUT: return STATUS_INPUT;
	case MC_MSG_NO_MEMORY: return STATUS_MEMORY;
	case MC_MSG_FAULT: return STATUS_FAULT;
	case MC_MSG_FILE_EXISTS:
	case MC_MSG_CANNOT_CREATE: return STATUS_CREATE;
	case MC_MSG_CANNOT_WRITE: return STATUS_WRITE;
	case MC_MSG_BUSY:
	case MC_MSG_MAIL_WAITS: return STATUS_BUSY;
	case MC_MSG_READABLE_KEY:
	case MC_MSG_READABLE_SECRET:
	case MC_MSG_UNVERIFIED:
	case MC_MSG_WEAK_KEY: return STATUS_SAFETY;
	case MC_MSG_NOT_BUILT:
	case MC_MSG_SERVER_FAILS:
	case MC_MSG_MAIL_DOUBTFUL:
	case MC_MSG_NOT_PUBLISHED:
	case MC_MSG_NAME_SERVICE:
	case MC_MSG_SUBMISSION: return STATUS_SERVICE;
	case MC_MSG_SIGN_FILE:
	case MC_MSG_SIGN_PASSPHRASE:
	case MC_MSG_SIGN_LEGACY:
	case MC_MSG_SIGN_KEY_TYPE:
	case MC_MSG_SIGN_MISMATCH:
	case MC_MSG_SIGN_VALIDITY:
	case MC_MSG_SIGN_CHAIN:
	case MC_MSG_BAD_PRESET:
	case MC_MSG_BAD_RULE:
	case MC_MSG_BAD_TEMPLATE: return STATUS_CONFIG;
	default: return STATUS_DATA;
	}
}

static size_t
id_of(const struct mailcfg_diag *diag)
{
	size_t id = 0;

	while (id < MC_MSG_COUNT && diag->slug != mc_messages[id].slug)
		id++;
	return id;
}

void
complain_note(struct complain *c, enum mc_msg id)
{
	enum status status = status_of(id);
	unsigned place = 0;

	if (c->usage && status == STATUS_DATA)
		status = STATUS_USAGE;
	while (place < STATUSES - 1 && order[place] != status)
		place++;
	if (c->strongest == 0 || place + 1 < c->strongest)
		c->strongest = place + 1;
}

enum status
complain_status(const struct complain *c)
{
	return c->strongest == 0 ? STATUS_OK : order[c->strongest - 1];
}

/* FNV-1a: a clash would hide one warning behind another, no more. */
static void
hash(uint64_t *sum, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		*sum = (*sum ^ (unsigned char)s[i]) * 0x100000001b3u;
}

static bool
is_name(const char *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (word[i] == '@' || (word[i] >= '0' && word[i] <= '9') ||
			(word[i] == '.' && i + 1 < n))
			return true;
	return false;
}

/*
 * What two messages have in common: target, field and the words of the
 * detail.  A target's words are its own; hosts, ports and addresses among
 * them are the account's and left out.
 */
static uint64_t
shape_of(size_t id, const struct mailcfg_diag *diag)
{
	const char *parts[] = {diag->target, diag->field};
	const char *s = diag->detail;
	uint64_t sum = 0xcbf29ce484222325u + id;
	size_t n;

	for (size_t i = 0; i < 2; i++)
		if (parts[i] != NULL)
			hash(&sum, parts[i], strlen(parts[i]) + 1);
	for (; *s != '\0'; s += n + (s[n] == ' ')) {
		n = strcspn(s, " ");
		if (diag->target == NULL || !is_name(s, n))
			hash(&sum, s, n);
	}
	return sum == 0 ? 1 : sum;
}

void
complain_clear(struct complain *c)
{
	static const char clear[] = "\r\033[K";

	if (c->line)
		(void)!write(STDERR_FILENO, clear, sizeof(clear) - 1);
	c->line = false;
}

unsigned long long
complain_kin(const struct mailcfg_diag *diag)
{
	return shape_of(id_of(diag), diag);
}

/* Its place among those that were shown; it is free when it was not. */
static size_t
place_of(const struct complain *c, uint64_t sum)
{
	size_t at = (size_t)(sum % COMPLAIN_SEEN);

	while (c->seen[at] != 0 && c->seen[at] != sum)
		at = (at + 1) % COMPLAIN_SEEN;
	return at;
}

bool
complain_again(struct complain *c, const struct mailcfg_diag *diag,
	unsigned long long kin)
{
	if (!c->quiet && c->seen[place_of(c, kin)] == 0)
		return false;
	if (c->report != NULL)
		report_diag(c->report, diag);
	if (c->quiet)
		return true;
	c->more[id_of(diag)]++;
	return true;
}

/* Whether the like of it was shown; remembers it as far as there is room. */
static bool
was_shown(struct complain *c, size_t id, const struct mailcfg_diag *diag)
{
	uint64_t sum = shape_of(id, diag);
	size_t at = place_of(c, sum);

	if (c->seen[at] != 0)
		return true;
	if (c->n_seen < COMPLAIN_SEEN / 2) {
		c->seen[at] = sum;
		c->n_seen++;
	}
	return false;
}

/* A line in the making: nothing is allocated, memory may have run out. */
struct line {
	char text[8 * 1024];
	size_t n;
};

static void __attribute__((format(printf, 2, 3)))
add(struct line *line, const char *format, ...)
{
	size_t room = sizeof(line->text) - line->n;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line->text + line->n, room, format, args);
	va_end(args);
	if (n > 0)
		line->n += (size_t)n < room ? (size_t)n : room - 1;
}

/* A path as it may be shown. */
static void
add_path(struct line *line, const char *s)
{
	size_t n = strlen(s), len, at;
	uint32_t code;

	for (; n > 0; s += len, n -= len) {
		len = mc_utf8_decode(s, n, &code);
		if (len == 0) {
			len = 1;
			add(line, "\\x%02x", (unsigned)(unsigned char)*s);
		} else if (mc_text_check(s, len, true, &at) != MC_TEXT_OK) {
			add(line, "\\x%02x", (unsigned)code);
		} else {
			add(line, "%.*s", (int)len, s);
		}
	}
}

static void
put(const struct line *line)
{
	size_t done = 0;

	while (done < line->n) {
		ssize_t n = write(
			STDERR_FILENO, line->text + done, line->n - done);

		if (n <= 0)
			return;
		done += (size_t)n;
	}
}

static void
print(const struct complain *c, const struct mailcfg_diag *diag)
{
	static const char *const levels[] = {"error", "warning", "note"};
	static const char *const colours[] = {"31", "35", "36"};
	struct line line = {.n = 0};

	if (diag->pos.file == NULL)
		add(&line, "mailcfg: ");
	else
		add_path(&line, diag->pos.file);
	if (diag->pos.file != NULL && diag->pos.line > 0)
		add(&line, ":%u", diag->pos.line);
	if (diag->pos.file != NULL && diag->pos.line > 0 &&
		diag->pos.column > 0)
		add(&line, ":%u", diag->pos.column);
	if (diag->pos.file != NULL)
		add(&line, ": ");
	if (c->colour)
		add(&line, "\033[1;%sm%s:\033[0m ", colours[diag->level],
			levels[diag->level]);
	else
		add(&line, "%s: ", levels[diag->level]);
	add(&line, "%s", diag->text);
	if (diag->detail[0] != '\0')
		add(&line, ": %s", diag->detail);
	add(&line, " [%s]\n", diag->slug);
	put(&line);
}

/* A mailcfg_report_fn. */
static void
complain(void *context, const struct mailcfg_diag *diag)
{
	struct complain *c = context;
	size_t id = id_of(diag);

	/* what a signal broke off is no fault of the input */
	if (stop_signal() != 0 && id != MC_MSG_INTERRUPTED)
		return;
	if (c->report != NULL)
		report_diag(c->report, diag);
	if (diag->level == MAILCFG_ERROR) {
		complain_note(c, (enum mc_msg)id);
		if (c->reasons != NULL && status_of(id) == STATUS_DATA)
			mc_buf_printf(c->reasons, "%s%s%s%s [%s]",
				c->reasons->len > 0 ? "; " : "", diag->text,
				diag->detail[0] != '\0' ? ": " : "",
				diag->detail, diag->slug);
	} else {
		if (c->quiet)
			return;
		if (was_shown(c, id, diag)) {
			c->more[id]++;
			return;
		}
	}
	complain_clear(c);
	print(c, diag);
}

/* A number with a comma before each three digits. */
static void
add_number(struct line *line, unsigned long number)
{
	char digits[32];
	int n = snprintf(digits, sizeof(digits), "%lu", number);

	for (int i = 0; i < n; i++)
		add(line, "%s%c", i > 0 && (n - i) % 3 == 0 ? "," : "",
			digits[i]);
}

static void
say_more(const struct complain *c, size_t id)
{
	struct line line = {.n = 0};

	add(&line, "mailcfg: and ");
	add_number(&line, c->more[id]);
	add(&line, " more [%s]\n", mc_messages[id].slug);
	put(&line);
}

void
complain_finish(struct complain *c)
{
	for (size_t id = 0; id < MC_MSG_COUNT; id++) {
		if (c->more[id] > 0)
			say_more(c, id);
	}
}

bool
wants_colour(int fd)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fd) == 1 && (no == NULL || *no == '\0') && term != NULL &&
		strcmp(term, "dumb") != 0;
}

void
program_start(struct program *program)
{
	program->complain.usage = true;
	program->complain.colour = wants_colour(STDERR_FILENO);
	program->report.fn = complain;
	program->report.context = &program->complain;
}

void
complain_usage(struct program *program, const char *format, ...)
{
	char detail[1024];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	mc_say(&program->report, MC_MSG_USAGE, NULL, NULL, NULL, "%s", detail);
}

void
complain_memory(struct program *program)
{
	mc_say(&program->report, MC_MSG_NO_MEMORY, NULL, NULL, NULL, "%s", "");
}
