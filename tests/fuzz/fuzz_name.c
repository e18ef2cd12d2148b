/* SPDX-License-Identifier: ISC */
/* File names: total, safe everywhere, and never one for two texts. */
#include <string.h>

#include "fuzz.h"
#include "name.h"
#include "text.h"

static const char suffix[] = ".x.y";

/* The word before the first dot is a device to Windows. */
static bool
is_device(const char *name)
{
	static const char *const devices[] = {"con", "prn", "aux", "nul"};
	size_t n = strcspn(name, ".");

	for (size_t i = 0; i < 4; i++)
		if (n == 3 && mc_strncasecmp(name, devices[i], 3) == 0)
			return true;
	return n == 4 && name[3] >= '0' && name[3] <= '9' &&
		(mc_strncasecmp(name, "com", 3) == 0 ||
			mc_strncasecmp(name, "lpt", 3) == 0);
}

static const char *
name_of(struct mc_arena *arena, const uint8_t *data, size_t n)
{
	const char *text = mc_arena_strndup(arena, (const char *)data, n);
	const char *name = mc_file_name(arena, text, suffix);
	size_t len;

	MUST(name != NULL);
	len = strlen(name);
	MUST(len <= 255 && len >= strlen(suffix));
	MUST(strcmp(name + len - strlen(suffix), suffix) == 0);
	MUST(name[0] != '-');
	MUST(text[0] == '\0' || name[0] != '.');
	MUST(name[strspn(name,
		     "abcdefghijklmnopqrstuvwxyz0123456789"
		     "._@+-%~")] == '\0');
	MUST(!is_device(name));
	MUST(strcmp(name, mc_file_name(arena, text, suffix)) == 0);
	return name;
}

/* Two texts, parted by the first line's end. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mc_arena arena = {0};
	size_t n = 0;

	while (n < size && data[n] != '\n')
		n++;
	if (n < size && memchr(data, '\0', size) == NULL) {
		const uint8_t *other = data + n + 1;
		size_t m = size - n - 1;
		bool same = n == m && memcmp(data, other, n) == 0;

		MUST(same ==
			(strcmp(name_of(&arena, data, n),
				 name_of(&arena, other, m)) == 0));
	} else {
		(void)name_of(&arena, data, size);
	}
	mc_arena_free(&arena);
	return 0;
}
