/* SPDX-License-Identifier: ISC */
/* mailcfg mail: gen, whose documents go out as messages. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "gen_rows.h"
#include "mail.h"

enum { RETRY_FOR = 600 };

/* SOURCE_DATE_EPOCH, or the time. */
static long long
date_of_run(void)
{
	const char *fixed = getenv("SOURCE_DATE_EPOCH");
	char *end;
	long long seconds;

	if (fixed != NULL && *fixed >= '0' && *fixed <= '9') {
		errno = 0;
		seconds = strtoll(fixed, &end, 10);
		if (errno == 0 && *end == '\0')
			return seconds;
	}
	return (long long)time(NULL);
}

static bool
read_templates(struct gen *g, const char *dir)
{
	struct mail *m = mail_of(g);

	return mc_letter_read_dir(
		&g->arena, dir, &m->tables[m->n_tables++], NULL, g->report);
}

static bool
prepare(struct gen *g)
{
	struct mail *m = mail_of(g);
	bool verified = m->post.carrier != NULL && m->post.carrier->verified;

	m->date = date_of_run();
	if (!templates_read(g, "mail", read_templates)) {
		if (g->arena.failed)
			complain_memory(g->program);
		return false;
	}
	if (!g->o.embed_password || verified || m->allow_unverified)
		return true;
	mc_say(g->report, MC_MSG_UNVERIFIED, NULL, NULL, NULL,
		"a message with a password goes by --submit; "
		"--allow-unverified-transport leaves it to %s",
		m->post.carrier == NULL ? "whoever sends the file"
					: "the command");
	return false;
}

static void
summary(const struct gen *g)
{
	const unsigned long *n = g->sink.count;

	if (g->program->complain.quiet || g->o.dry_run)
		return;
	if (g->sink.post == NULL)
		(void)fprintf(stderr,
			"created %lu changed %lu same %lu refused %lu\n",
			n[FATE_CREATED], n[FATE_CHANGED], n[FATE_SAME],
			n[FATE_REFUSED]);
	else
		(void)fprintf(stderr,
			"sent %lu same %lu waiting %lu doubtful %lu refused "
			"%lu\n",
			n[FATE_SENT], n[FATE_SAME], n[FATE_WAITING],
			n[FATE_DOUBTFUL], n[FATE_REFUSED]);
}

static const struct gen_way way = {.take = mail_take,
	.check = mail_check,
	.prepare = prepare,
	.wrap = mail_wrap,
	.summary = summary};

static void
run(struct program *program, const struct command *command, int argc,
	char **argv)
{
	struct mail m = {.post = {.retry_for = RETRY_FOR}};
	struct gen g = {.way = &way,
		.own = &m,
		.program = program,
		.report = &program->report};

	m.post.journal.fd = -1;
	m.post.last = &m.post.first;
	gen_run(&g, command, argc, argv);
}

static void
more(FILE *out)
{
	(void)fputs(
		"\nAn operand is an account, or picks a record, as with "
		"mailcfg "
		"gen. A message\ngoes to the account's own address, or to its "
		"field deliver-to.\n\nExamples:\n"
		"  mailcfg mail --sender 'School <it@school.example>' "
		"--from users.csv -o out/\n"
		"  mailcfg mail --sender it@school.example --from users.csv "
		"\\\n"
		"      --set deliver-to=me@school.example --submit "
		"smtps://mail.school.example \\\n"
		"      --submit-login it@school.example \\\n"
		"      --submit-password-from prompt anna@school.example\n"
		"  mailcfg mail --sender it@school.example --from users.csv "
		"\\\n"
		"      --sendmail /usr/sbin/sendmail --journal sent.journal\n",
		out);
}

static const char *const synopsis[] = {"--sender TEXT [option...] ADDRESS...",
	"--sender TEXT --from FILE [option...] [PICK...]", NULL};

const struct command command_mail = {
	.name = MAIL_NAME,
	.summary = MAIL_SUMMARY,
	.synopsis = synopsis,
	.options = mail_rows,
	.shared = gen_rows,
	.more = more,
	.run = run,
};
