/* SPDX-License-Identifier: ISC */
#include <mailcfg.h>
#include <stdio.h>

int
main(void)
{
	struct mailcfg *m = mailcfg_new(NULL, NULL);
	struct mailcfg_draft *draft = mailcfg_draft_new(m);
	struct mailcfg_document *docs = NULL;
	size_t n = 0;

	mailcfg_draft_set(draft, "address", "alice@mail.ru");
	const struct mailcfg_account *alice = mailcfg_draft_complete(draft);
	if (alice != NULL && mailcfg_emit(m, "apple", &alice, 1, 0, &docs, &n))
		fwrite(docs[0].bytes, 1, docs[0].size, stdout);
	mailcfg_documents_free(docs, n);
	mailcfg_draft_free(draft);
	mailcfg_free(m);
	return n == 1 ? 0 : 1;
}
