/* SPDX-License-Identifier: ISC */
/*
 * tar: POSIX ustar, and a pax record before a name that ustar cannot hold.
 * Nothing depends on the clock or on who runs it: the time is the epoch, the
 * owner is root, and a file is for its owner alone.
 */
#include <string.h>

#include "sink.h"

enum {
	BLOCK = 512,
	DIGITS = 11, /* of a size: less than 8 GiB */
	/*
	 * The sum of the template's bytes, with the blanks that stand for the
	 * sum itself.
	 */
	TEMPLATE_SUM = 3173,
};

struct header {
	char name[100];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char mtime[12];
	char sum[8];
	char type;
	char link[100];
	char magic[6];
	char version[2];
	char user[32];
	char group[32];
	char major[8];
	char minor[8];
	char prefix[155];
	char rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "a header is a block");

static const struct header template = {
	.mode = "0000600",
	.uid = "0000000",
	.gid = "0000000",
	.mtime = "00000000000",
	.type = '0',
	.magic = "ustar",
	.version = {'0', '0'},
	.major = "0000000",
	.minor = "0000000",
};

/* "folder/name", or "name". */
struct path {
	const char *folder;
	const char *name;
	size_t n_folder; /* 0: none */
	size_t n_name;
	size_t n;   /* of the whole */
	bool split; /* the folder is the prefix */
	bool pax;   /* too long for both */
};

static struct path
path_of(const struct document *doc)
{
	struct path p = {.folder = doc->folder, .name = doc->name};
	const struct header *h = &template;

	p.n_folder = doc->folder == NULL ? 0 : strlen(doc->folder);
	p.n_name = strlen(doc->name);
	p.n = p.n_folder + (p.n_folder > 0) + p.n_name;
	if (p.n <= sizeof(h->name))
		return p;
	p.split = p.n_folder > 0 && p.n_folder <= sizeof(h->prefix) &&
		p.n_name <= sizeof(h->name);
	p.pax = !p.split;
	return p;
}

/* Copies at most `room` bytes; returns how many. */
static size_t
copy(char *to, size_t room, const char *from, size_t n)
{
	if (n > room)
		n = room;
	memcpy(to, from, n);
	return n;
}

static unsigned
sum_of(const char *s, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (unsigned char)s[i];
	return sum;
}

/* Writes the path, cut when it is too long; returns the sum of its bytes. */
static unsigned
put_path(struct header *h, const struct path *p)
{
	size_t n = 0;

	if (p->split) {
		memcpy(h->name, p->name, p->n_name);
		memcpy(h->prefix, p->folder, p->n_folder);
		return sum_of(h->name, p->n_name) +
			sum_of(h->prefix, p->n_folder);
	}
	if (p->n_folder > 0) {
		n = copy(h->name, sizeof(h->name), p->folder, p->n_folder);
		n += copy(h->name + n, sizeof(h->name) - n, "/", 1);
	}
	n += copy(h->name + n, sizeof(h->name) - n, p->name, p->n_name);
	return sum_of(h->name, n);
}

static void
put_octal(char *to, size_t digits, unsigned long long value)
{
	while (digits-- > 0) {
		to[digits] = (char)('0' + (value & 7));
		value >>= 3;
	}
}

/* Size and checksum; sum: that of what else differs from the template. */
static void
seal(struct header *h, unsigned long long size, unsigned sum)
{
	put_octal(h->size, DIGITS, size);
	sum += TEMPLATE_SUM + sum_of(h->size, DIGITS);
	put_octal(h->sum, 6, sum);
	h->sum[6] = '\0';
	h->sum[7] = ' ';
}

static size_t
padding(size_t n)
{
	return (BLOCK - n % BLOCK) % BLOCK;
}

/* Length of the record "LENGTH path=PATH\n", which counts itself. */
static size_t
record_length(const struct path *p)
{
	size_t rest = sizeof(" path=\n") - 1 + p->n, digits = 1;

	for (size_t power = 10; rest + digits >= power; power *= 10)
		digits++;
	return rest + digits;
}

/* Bytes before the document's own header. */
static size_t
pax_size(const struct path *p)
{
	size_t n = record_length(p);

	return p->pax ? BLOCK + n + padding(n) : 0;
}

static void
add_zeros(struct mc_buf *buf, size_t n)
{
	char *room = n == 0 ? NULL : mc_buf_room(buf, n);

	if (room != NULL)
		memset(room, 0, n);
}

static void
add_pax(struct mc_buf *buf, const struct path *p)
{
	static const char name[] = "././@PaxHeader";
	struct header h = template;
	size_t n = record_length(p);

	memcpy(h.name, name, sizeof(name));
	h.type = 'x';
	seal(&h, n, sum_of(name, sizeof(name)) + 'x' - '0');
	mc_buf_add(buf, &h, sizeof(h));
	mc_buf_printf(buf, "%zu path=", n);
	mc_buf_add(buf, p->folder, p->n_folder);
	if (p->n_folder > 0)
		mc_buf_putc(buf, '/');
	mc_buf_add(buf, p->name, p->n_name);
	mc_buf_putc(buf, '\n');
	add_zeros(buf, padding(n));
}

static void
open_tar(struct mc_buf *buf, const struct document *doc)
{
	struct path p = path_of(doc);
	struct header *h;
	unsigned sum;

	if (p.pax)
		add_pax(buf, &p);
	h = (struct header *)(void *)mc_buf_room(buf, sizeof(*h));
	if (h == NULL)
		return;
	memcpy(h, &template, sizeof(*h));
	/* the path's sum waits where the checksum will be */
	sum = put_path(h, &p);
	memcpy(h->sum, &sum, sizeof(sum));
}

void
frame_tar_seal(struct mc_buf *buf, const struct document *doc, size_t start,
	unsigned long long size)
{
	struct path p = path_of(doc);
	struct header *h;
	unsigned sum;

	if (buf->failed)
		return;
	if (size >> (3 * DIGITS) != 0) {
		buf->failed = true;
		return;
	}
	h = (struct header *)(void *)(buf->data + start + pax_size(&p));
	memcpy(&sum, h->sum, sizeof(sum));
	seal(h, size, sum);
}

static void
close_tar(struct mc_buf *buf, const struct document *doc, size_t start)
{
	struct path p = path_of(doc);
	size_t size = buf->len - start - pax_size(&p) - BLOCK;

	frame_tar_seal(buf, doc, start, size);
	add_zeros(buf, padding(size));
}

static void
end_tar(struct mc_buf *buf)
{
	add_zeros(buf, (size_t)2 * BLOCK);
}

const struct frame frame_tar = {
	.name = "tar",
	.bytes = FRAME_BINARY,
	.open = open_tar,
	.close = close_tar,
	.end = end_tar,
};
