/* SPDX-License-Identifier: ISC */
/*
 * hostile SEED COUNT: messages whose every value was chosen to break out of
 * its place.  Each is a line of hexadecimal words: language, name,
 * organization, support, sender's name, mailbox, names and bytes of two files,
 * whether a password is inside, and the message.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mail/letter.h"
#include "name.h"

static uint64_t state;

static unsigned
dice(unsigned sides)
{
	/* splitmix64 */
	uint64_t z = (state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (unsigned)((z ^ (z >> 31)) % sides);
}

/* What headers, parts, templates and HTML are broken with. */
static const char *const pieces[] = {"\r\n", "\n", "\r", "\n\n", "\t", " ",
	"  ", "\r\n ", "\r\nBcc: eve@example.net\r\n", "\nSubject: x\n",
	"\r\n\r\n", "\r\n.\r\n", "\"", "\\", "\\\"", "<", ">",
	"<eve@example.net>", ", eve@example.net", ";", ":", "(", ")", "@", ",",
	"=?utf-8?B?YQ==?=", "=?utf-8?Q?a=0D=0Ab?=", "=?", "?=", "=", "=0D=0A",
	"=\n", "--=_1_", "\n--=_1_0--\n", "{address}", "{{", "{?name}", "}",
	"</title><script>", "&amp;", "&", "'", "\x01", "\x7f", "\xc2\x85",
	"\xe2\x80\xa8", "\xff", "\xc3", "\xed\xa0\x80", "\xf0\x9f\x93\xb1",
	"\xc3\xa5\xc3\xa4\xc3\xb6", "\xd0\x9f\xd0\xbe\xd1\x87\xd1\x82\xd0\xb0",
	"\xe9\x82\xae\xe4\xbb\xb6", "e\xcc\x81", "From ", ".", "..", "/", "../",
	"%00", "%0d%0a", "filename=\"x.exe\"", "name*=utf-8''x", "a", "Alice",
	"Berg", "x", "0123456789"};
enum { PIECES = sizeof(pieces) / sizeof(pieces[0]) };

static const char *
nasty(struct mc_arena *arena)
{
	char text[4096] = "";
	size_t n = 0;

	for (unsigned i = 1 + dice(dice(20) == 0 ? 200 : 12); i > 0; i--) {
		const char *piece = pieces[dice(PIECES)];
		size_t len = strlen(piece);

		/* and sometimes any byte at all */
		if (dice(8) == 0) {
			text[n++] = (char)(1 + dice(255));
		} else if (n + len + 2 < sizeof(text)) {
			memcpy(text + n, piece, len + 1);
			n += len;
		}
	}
	return mc_arena_strndup(arena, text, n);
}

static void
put(const void *bytes, size_t n)
{
	const unsigned char *s = bytes;

	/* an empty word would be none */
	putchar('x');
	for (size_t i = 0; i < n; i++)
		printf("%02x", s[i]);
	putchar(' ');
}

static void
put_text(const char *text)
{
	put(text, strlen(text));
}

static bool
one(struct mc_arena *arena, struct mc_buf *out, unsigned number)
{
	const struct mc_letter_table *t = &mc_builtin_letters;
	const struct mc_letter_texts *texts = &t->texts[dice((unsigned)t->n)];
	struct mailcfg_account a = {.mailbox = "alice@example.org",
		.mailbox_display = nasty(arena),
		.name = dice(8) == 0 ? NULL : nasty(arena),
		.organization = dice(4) == 0 ? NULL : nasty(arena),
		.support = dice(4) == 0 ? NULL : nasty(arena)};
	const struct mailcfg_account *const list[] = {&a};
	const char *const targets[] = {"apple", "card"};
	struct mc_mime_file files[2];
	struct mc_letter letter = {.accounts = list,
		.n = 1,
		.from_name = nasty(arena),
		.from = "postmaster@example.org",
		.to = a.mailbox,
		.date = (long long)dice(2000000000),
		.password = dice(2) == 0,
		.files = files,
		.targets = targets,
		.n_files = 2};

	letter.id = mc_arena_printf(arena, "%032x", number);
	for (size_t i = 0; i < 2; i++) {
		const char *bytes = nasty(arena);

		files[i] = (struct mc_mime_file){
			mc_file_name(arena, nasty(arena), ".mobileconfig"),
			i == 0 ? "application/x-apple-aspen-config"
			       : "text/plain",
			bytes, strlen(bytes)};
	}
	if (arena->failed || !mc_letter_write(texts, &letter, arena, out))
		return false;
	put_text(texts->lang);
	put_text(a.name == NULL ? "" : a.name);
	put_text(a.organization == NULL ? "" : a.organization);
	put_text(a.support == NULL ? "" : a.support);
	put_text(letter.from_name);
	put_text(a.mailbox_display);
	for (size_t i = 0; i < 2; i++) {
		put_text(files[i].name);
		put(files[i].bytes, files[i].size);
	}
	put_text(letter.password ? "yes" : "");
	put(out->data, out->len);
	putchar('\n');
	return !out->failed && !arena->failed;
}

int
main(int argc, char **argv)
{
	struct mc_arena arena = {0};
	struct mc_buf out = {0};
	unsigned n;

	if (argc != 3)
		return 64;
	state = strtoull(argv[1], NULL, 10);
	n = (unsigned)strtoul(argv[2], NULL, 10);
	for (unsigned i = 0; i < n; i++) {
		if (!one(&arena, &out, i))
			return 1;
		mc_arena_reset(&arena);
		mc_buf_reset(&out);
	}
	mc_arena_free(&arena);
	mc_buf_free(&out);
	return fflush(stdout) == 0 ? 0 : 1;
}
