/* SPDX-License-Identifier: ISC */
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink.h"
#include "text.h"

enum { LOG_BLOCK = 64 * 1024 };

static bool
cannot(struct log *log, struct program *program, enum mc_msg message)
{
	log->failed = true;
	if (errno == ENOMEM)
		complain_memory(program);
	else
		mc_say(&program->report, message, NULL, NULL, NULL, "%s: %s",
			log->path, strerror(errno));
	return false;
}

/* The directory of the file; -1: errno. */
static int
open_directory(const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char dir[4096] = ".";
	size_t n = slash == NULL ? 0 : (size_t)(slash - path) + 1;

	*name = path + n;
	if (n >= sizeof(dir) || **name == '\0') {
		errno = n >= sizeof(dir) ? ENAMETOOLONG : EISDIR;
		return -1;
	}
	if (n > 0) {
		memcpy(dir, path, n);
		dir[n] = '\0';
	}
	return open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool
log_open(struct log *log, struct program *program, const char *path,
	bool must_be_new)
{
	const char *name;
	int dir;

	log->path = path;
	log->standard = strcmp(path, "-") == 0;
	log->file = (struct file){.dir = -1, .fd = -1, .old = -1};
	if (log->standard) {
		log->open = true;
		return true;
	}
	dir = open_directory(path, &name);
	if (dir == -1 || !file_look(&log->file, dir, name, S_IRUSR | S_IWUSR)) {
		(void)cannot(log, program, MC_MSG_CANNOT_CREATE);
		file_drop(&log->file);
		return false;
	}
	log->file.secret = true;
	if (log->file.there && must_be_new) {
		mc_say(&program->report, MC_MSG_FILE_EXISTS, NULL, NULL, NULL,
			"%s: --force replaces it", path);
		file_drop(&log->file);
		return false;
	}
	log->open = true;
	return true;
}

static bool
write_standard(const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(STDOUT_FILENO, bytes, n);

		if (done < 0 && errno == EINTR && stop_signal() == 0)
			continue;
		if (done <= 0)
			return false;
		bytes += done;
		n -= (size_t)done;
	}
	return true;
}

void
log_flush(struct log *log, bool all)
{
	bool ok;

	if (!log->open || log->failed ||
		(!log->buf.failed &&
			(log->buf.len == 0 ||
				(!all && log->buf.len < LOG_BLOCK))))
		return;
	errno = 0;
	if (log->buf.failed)
		ok = false;
	else if (log->standard)
		ok = write_standard(log->buf.data, log->buf.len);
	else
		ok = (log->file.fd != -1 || file_start(&log->file)) &&
			file_write(&log->file, log->buf.data, log->buf.len);
	log->failed = !ok;
	if (!ok)
		log->error = log->buf.failed ? ENOMEM : errno;
	mc_buf_reset(&log->buf);
}

void
log_close(struct log *log, struct program *program, bool keep)
{
	struct file *file = &log->file;

	if (!log->open)
		return;
	log_flush(log, true);
	log->open = false;
	if (!log->failed && keep && !log->standard && file->fd != -1 &&
		(!file_sync(&file, 1) ||
			file_publish(file, true) > FATE_CHANGED)) {
		log->failed = true;
		log->error = errno;
	}
	if (log->failed) {
		errno = log->error;
		(void)cannot(log, program, MC_MSG_CANNOT_WRITE);
	}
	if (!log->standard)
		file_drop(file);
	mc_buf_free(&log->buf);
}

/* A JSON string; what is no UTF-8 is replaced. */
static void
quote(struct mc_buf *out, const char *text)
{
	size_t left, len;
	uint32_t code;

	if (text == NULL) {
		mc_buf_puts(out, "null");
		return;
	}
	mc_buf_putc(out, '"');
	for (left = strlen(text); left > 0; text += len, left -= len) {
		len = mc_utf8_decode(text, left, &code);
		if (len == 0) {
			mc_buf_puts(out, "\\ufffd");
			len = 1;
		} else if (code < 0x20 || code == 0x7f) {
			mc_buf_printf(out, "\\u%04x", (unsigned)code);
		} else {
			if (code == '"' || code == '\\')
				mc_buf_putc(out, '\\');
			mc_buf_add(out, text, len);
		}
	}
	mc_buf_putc(out, '"');
}

static void
put_text(struct mc_buf *out, const char *key, const char *text)
{
	mc_buf_printf(out, "%c\"%s\":",
		out->len == 0 || out->data[out->len - 1] == '\n' ? '{' : ',',
		key);
	quote(out, text);
}

static void
put_number(struct mc_buf *out, const char *key, unsigned long long number)
{
	mc_buf_printf(out, ",\"%s\":%llu", key, number);
}

void
report_document(struct log *log, const struct document *doc, const char *path,
	enum fate fate)
{
	char sum[2 * DOCUMENT_SUM + 1];
	struct mc_buf *out = &log->buf;

	if (!log->open)
		return;
	put_text(out, "account", doc->account);
	put_text(out, "target", doc->target);
	put_text(out, "person", doc->person);
	put_text(out, "path", path);
	if (doc->url != NULL)
		put_text(out, "url", doc->url);
	if (doc->sum != NULL) {
		mc_hex(sum, doc->sum, DOCUMENT_SUM);
		put_number(out, "bytes", doc->size);
		put_text(out, "sha256", sum);
	}
	put_text(out, "action", fate_word(fate));
	mc_buf_puts(out, "}\n");
	log_flush(log, false);
}

void
report_diag(struct log *log, const struct mailcfg_diag *diag)
{
	static const char *const levels[] = {"error", "warning", "note"};
	struct mc_buf text = {0}, *out = &log->buf;

	if (!log->open)
		return;
	mc_buf_puts(&text, diag->text);
	if (diag->detail[0] != '\0')
		mc_buf_printf(&text, ": %s", diag->detail);
	put_text(out, "level", levels[diag->level]);
	put_text(out, "slug", diag->slug);
	put_text(out, "file", diag->pos.file);
	put_number(out, "line", diag->pos.line);
	put_number(out, "column", diag->pos.column);
	put_text(out, "field", diag->field);
	put_text(out, "text", text.data);
	mc_buf_puts(out, "}\n");
	out->failed = out->failed || text.failed;
	mc_buf_free(&text);
	log_flush(log, false);
}
