/* SPDX-License-Identifier: ISC */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "sink.h"

static const struct document plain = {.name = "a.txt",
	.account = "alice@example.org",
	.target = "card",
	.type = "text/plain"};

static void
put(struct mc_buf *buf, const struct frame *frame, const struct document *doc,
	const char *bytes, size_t n)
{
	size_t start = buf->len;

	frame->open(buf, doc);
	mc_buf_add(buf, bytes, n);
	frame->close(buf, doc, start);
}

static void
test_find(void **state)
{
	(void)state;
	assert_ptr_equal(frame_find("tar"), &frame_tar);
	assert_ptr_equal(frame_find("ndjson"), &frame_ndjson);
	assert_ptr_equal(frame_find("concat"), &frame_concat);
	assert_null(frame_find("Tar"));
	assert_null(frame_find(""));
}

/* The header at `h`: its sum is right, and this is its size. */
static unsigned long
header_size(const char *h, char type, const char *name, const char *prefix)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? ' ' : (unsigned char)h[i];
	assert_int_equal(strtoul(h + 148, NULL, 8), sum);
	assert_memory_equal(h + 154, "\0 ", 2);
	assert_memory_equal(h + 257, "ustar\00000", 8);
	assert_int_equal(h[156], type);
	assert_int_equal(strnlen(h, 100), strlen(name));
	assert_memory_equal(h, name, strlen(name));
	assert_string_equal(h + 345, prefix);
	assert_int_equal(h[135], '\0');
	return strtoul(h + 124, NULL, 8);
}

static void
test_tar_sizes(void **state)
{
	static char bytes[1025];
	struct mc_buf buf = {0};

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		size_t padded = (n + 511) / 512 * 512;

		/* behind another, which is left alone */
		mc_buf_reset(&buf);
		put(&buf, &frame_tar, &plain, "first", 5);
		put(&buf, &frame_tar, &plain, bytes, n);
		assert_int_equal(buf.len, 1024 + 512 + padded);
		assert_int_equal(header_size(buf.data, '0', "a.txt", ""), 5);
		assert_int_equal(
			header_size(buf.data + 1024, '0', "a.txt", ""), n);
		assert_memory_equal(buf.data + 1536, bytes, n);
		for (size_t i = n; i < padded; i++)
			assert_int_equal(buf.data[1536 + i], '\0');
	}
	mc_buf_reset(&buf);
	frame_tar.end(&buf);
	assert_int_equal(buf.len, 1024);
	mc_buf_free(&buf);
}

static void
test_tar_names(void **state)
{
	char long_name[256] = {0}, folder[156] = {0}, cut[101] = {0};
	char record[600];
	struct mc_buf buf = {0};
	struct document doc = {.folder = "f", .name = "x"};

	(void)state;
	memset(long_name, 'n', 255);
	memset(folder, 'f', 155);
	memset(cut, 'n', 100);
	put(&buf, &frame_tar, &doc, "", 0);
	(void)header_size(buf.data, '0', "f/x", "");
	/* just in the prefix */
	mc_buf_reset(&buf);
	doc = (struct document){.folder = folder, .name = long_name + 155};
	put(&buf, &frame_tar, &doc, "", 0);
	assert_int_equal(buf.len, 512);
	(void)header_size(buf.data, '0', long_name + 155, folder);
	/* in a record; whoever cannot read it has the beginning */
	mc_buf_reset(&buf);
	doc = (struct document){.name = long_name};
	put(&buf, &frame_tar, &doc, "abc", 3);
	assert_int_equal(buf.len, 4 * 512);
	(void)snprintf(record, sizeof(record), "265 path=%s\n", long_name);
	assert_int_equal(header_size(buf.data, 'x', "././@PaxHeader", ""),
		strlen(record));
	assert_memory_equal(buf.data + 512, record, strlen(record) + 1);
	assert_int_equal(header_size(buf.data + 1024, '0', cut, ""), 3);
	assert_memory_equal(buf.data + 1536, "abc", 4);
	mc_buf_free(&buf);
}

#define LINE(encoding, content)                                   \
	"{\"account\":\"alice@example.org\",\"target\":\"card\"," \
	"\"name\":\"a.txt\",\"type\":\"text/plain\","             \
	"\"encoding\":\"" encoding "\",\"content\":\"" content "\"}\n"

static void
test_ndjson(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *want;
	} rows[] = {
		{"", 0, LINE("utf-8", "")},
		{"a", 1, LINE("utf-8", "a")},
		{"12345678", 8, LINE("utf-8", "12345678")},
		{"1234567\"", 8, LINE("utf-8", "1234567\\\"")},
		{"\"\\/\b\f\n\r\t\x01\x1f\x7f", 11,
			LINE("utf-8",
				"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f")},
		{"\xc3\x96 \xf0\x9f\x98\x80", 7,
			LINE("utf-8", "\xc3\x96 \xf0\x9f\x98\x80")},
		{"\0", 1, LINE("base64", "AA==")},
		{"\xff\xfe", 2, LINE("base64", "//4=")},
		{"foo\xc0", 4, LINE("base64", "Zm9vwA==")},
		{"0123456789\0bc", 13, LINE("base64", "MDEyMzQ1Njc4OQBiYw==")},
		/* what the frame itself looks for */
		{",\"encoding\":\"utf-8\",\"content\":\"", 31,
			LINE("utf-8",
				",\\\"encoding\\\":\\\"utf-8\\\","
				"\\\"content\\\":\\\"")},
	};
	struct mc_buf buf = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		mc_buf_reset(&buf);
		put(&buf, &frame_ndjson, &plain, rows[i].bytes, rows[i].n);
		assert_string_equal(buf.data, rows[i].want);
		assert_int_equal(buf.len, strlen(rows[i].want));
	}
	mc_buf_free(&buf);
}

static void
test_ndjson_members(void **state)
{
	const struct document doc = {.folder = "f",
		.name = "x",
		.binary = true,
		.account = "\"a\\b\"@example.org"};
	const struct document hostile = {.name = "x",
		.account = ",\"encoding\":\"utf-8\",\"content\":\""};
	struct mc_buf buf = {0};

	(void)state;
	put(&buf, &frame_ndjson, &doc, "a", 1);
	put(&buf, &frame_ndjson, &hostile, "b", 1);
	assert_string_equal(buf.data,
		"{\"account\":\"\\\"a\\\\b\\\"@example.org\",\"target\":null,"
		"\"name\":\"f/x\",\"type\":null,\"encoding\":\"base64\","
		"\"content\":\"YQ==\"}\n"
		"{\"account\":\",\\\"encoding\\\":\\\"utf-8\\\","
		"\\\"content\\\":\\\"\",\"target\":null,"
		"\"name\":\"x\",\"type\":null,\"encoding\":\"utf-8\","
		"\"content\":\"b\"}\n");
	mc_buf_free(&buf);
}

/* Each byte at each place of a word, against one byte after the other. */
static void
test_ndjson_escapes(void **state)
{
	struct mc_buf buf = {0}, want = {0};
	char bytes[24];

	(void)state;
	for (size_t at = 0; at < sizeof(bytes); at++)
		for (int c = 1; c < 0x80; c++) {
			const char *letter = strchr(
				"\"\"\\\\\bb\ff\nn\rr\tt", c);

			memset(bytes, 'x', sizeof(bytes));
			bytes[at] = (char)c;
			mc_buf_reset(&buf);
			mc_buf_reset(&want);
			put(&buf, &frame_ndjson, &plain, bytes, sizeof(bytes));
			mc_buf_printf(&want, "\"%.*s", (int)at, bytes);
			if (c < ' ' && letter == NULL)
				mc_buf_printf(&want, "\\u%04x", (unsigned)c);
			else if (c < ' ' || c == '"' || c == '\\')
				mc_buf_printf(&want, "\\%c", letter[1]);
			else
				mc_buf_putc(&want, (char)c);
			mc_buf_printf(&want, "%.*s\"}\n",
				(int)(sizeof(bytes) - at - 1), bytes + at + 1);
			assert_true(buf.len > want.len);
			assert_string_equal(
				buf.data + buf.len - want.len, want.data);
		}
	mc_buf_free(&buf);
	mc_buf_free(&want);
}

static void
test_failed(void **state)
{
	static const struct frame *const frames[] = {
		&frame_tar, &frame_ndjson, &frame_concat};
	struct mc_buf buf = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(frames); i++) {
		buf.failed = true;
		put(&buf, frames[i], &plain, "abc", 3);
		if (frames[i]->end != NULL)
			frames[i]->end(&buf);
		assert_true(buf.failed);
		assert_int_equal(buf.len, 0);
	}
	mc_buf_free(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_tar_sizes),
		cmocka_unit_test(test_tar_names),
		cmocka_unit_test(test_ndjson),
		cmocka_unit_test(test_ndjson_members),
		cmocka_unit_test(test_ndjson_escapes),
		cmocka_unit_test(test_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
