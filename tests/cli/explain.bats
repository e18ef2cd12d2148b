#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# explain: what an error means, whose turn it is, what to do.

load common

explain() {
	try "$MAILCFG" explain "$@"
}

# rules: the rules of the answers, the best first.
rules() {
	jq -r '[.[].hits[].rule] | join(" ")' out
}

@test "words, as one operand or several" {
	explain '552 5.2.2 Mailbox full'
	status 0
	says
	[ "$(head -1 out)" = "The recipient's mailbox is full" ]
	grep -qx 'Whose turn: the recipient, then you' out
	grep -q '^  1\. Tell the recipient' out
	grep -q '^How sure this is: quite sure (known by its words and its code;' out
	grep -qx 'The message: 552 5.2.2 Mailbox full' out
	cp out want
	explain 552 5.2.2 Mailbox full
	cmp out want
	explain 552 5.2.2 Mailbox '  FULL '
	sed 1,6d out | grep -q 'FULL'
	head -6 want | cmp - <(head -6 out)
}

@test "the seven errors of the how-to" {
	for error in 'Message sending for this account is disabled' \
		'Mailbox full' 'User not found' \
		'No such message, only 1000 messages in maildrop' \
		'We do not accept mail from dynamic IP' \
		'550 Spam message rejected' \
		'Access to this account is disabled'; do
		for lang in en sv ru de; do
			explain --lang "$lang" "$error"
			status 0
			says
			grep -q '^  1\. ' out
		done
	done
}

@test "standard input, and a log that is pasted" {
	printf 'Jan 12 mx postfix/smtp: to=<x@example.net>,\n status=bounced (host mx said: 550 5.1.1\n    User  unknown in virtual\n    mailbox table (in reply to RCPT TO command))\n' >log
	try "$MAILCFG" explain - <log
	status 0
	[ "$(head -1 out)" = 'There is no such mailbox' ]
	try "$MAILCFG" explain --json -f log
	[ "$(jq -r '.[0].file' out)" = log ]
	try "$MAILCFG" explain --json ./log
	[ "$(jq -r '.[0].hits[0].rule' out)" = smtp/no-such-mailbox ]
}

@test "a bounce, and several" {
	dir=$MAILCFG_SOURCE/tests/explain/bounces
	explain "$dir/postfix-two.eml"
	status 0
	says
	grep -qx 'Not delivered to: bob@example.net' out
	grep -qx 'Not delivered to: carol@gmial.com' out
	explain --json "$dir/postfix-two.eml" "$dir/unknown.eml"
	status 65
	says "$dir/unknown.eml: error: error is not known: smtp; 550 the flux capacitor is empty [unknown-error]"
	[ "$(jq length out)" -eq 3 ]
	[ "$(jq -r '.[2].known' out)" = false ]
}

@test "many recipients of one error are one answer" {
	{
		printf 'From: a\nTo: b\nContent-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n'
		for i in $(seq 300); do
			printf '\nFinal-Recipient: rfc822; u%d@example.net\nStatus: 5.1.1\n' "$i"
		done
		printf '\n--x--\n'
	} >many.eml
	explain --json many.eml
	status 0
	[ "$(jq length out)" -eq 1 ]
	[ "$(jq '.[0].recipients | length' out)" -eq 10 ]
	[ "$(jq '.[0]["recipient-count"]' out)" -eq 256 ]
	explain many.eml
	grep -q 'u10@example.net, +246$' <(tr '\n' ' ' <out | sed 's/  */ /g; s/+246.*/+246/')
}

@test "an error that is not known is said to be so, and what its code tells" {
	explain 550 5.9.9 frobnicated
	status 65
	says 'mailcfg: error: error is not known: 550 5.9.9 frobnicated [unknown-error]'
	[ "$(head -1 out)" = 'This error is not known' ]
	grep -q '^What the code says: 550: for good' out
	explain 451 gone fishing
	status 65
	grep -q '1\. Wait some hours' out
	grep -q '^What the code says: 451: for now only' out
	explain frobnicated
	status 65
	not grep -q 'What the code says' out
}

@test "success is no error" {
	explain 250 2.1.5 Ok
	status 0
	says
	grep -q '^This is no error' out
	explain --json 250 2.1.5 Ok
	jq -e '.[0].success and .[0].known and (.[0].hits == [])' out
}

@test "several answers are ranked" {
	explain --json '550 5.1.1 Service unavailable: mailbox is full'
	status 0
	jq -e '.[0].hits | length > 1' out
	jq -e '.[0].hits | [.[].score] == ([.[].score] | sort | reverse)' out
	explain '550 5.1.1 Service unavailable: mailbox is full'
	grep -q '^It could also be:$' out
	grep -q '^  - There is no such mailbox (you, then the recipient; smtp/no-such-mailbox)$' out
}

@test "--json" {
	explain --json '535 5.7.0 NEOBHODIM parol prilozheniya https://help.mail.ru/x'
	status 0
	jq -e '.[0] | .known and .lang == "en" and .code.status == "5.7.0"
		and .code.reply == 535 and (.code.temporary | not)' out
	jq -e '.[0].hits[0] | .rule == "mail.ru/application-password"
		and .source == "Mail.ru" and .turn == ["you"] and .sure == "high"
		and (.steps | length) == 4 and (.links | length) == 2
		and .["by-words"]' out
}

@test "languages: --lang, then the system's" {
	explain --lang sv mailbox full
	[ "$(head -1 out)" = 'Mottagarens brevlåda är full' ]
	explain --lang ru-RU mailbox full
	[ "$(head -1 out)" = 'Ящик получателя переполнен' ]
	try env LC_ALL=de_AT.UTF-8 "$MAILCFG" explain mailbox full
	[ "$(head -1 out)" = 'Das Postfach des Empfängers ist voll' ]
	try env -u LC_ALL LANG=sv_SE.UTF-8 "$MAILCFG" explain mailbox full
	[ "$(head -1 out)" = 'Mottagarens brevlåda är full' ]
	explain --lang fr mailbox full
	status 0
	[ "$(head -1 out)" = "The recipient's mailbox is full" ]
	explain --lang '?' mailbox full
	status 64
	says 'mailcfg: error: not a language tag: "?" [bad-lang]'
}

@test "our own messages" {
	gen -t json a@unknown.example
	message=$(cat err)
	explain "$message"
	status 0
	grep -q 'a message of mailcfg itself; mailcfg/no-server' out
	explain quote-it
	status 0
	[ "$(head -1 out)" = 'The value needs quotes' ]
}

@test "no words" {
	explain
	status 64
	says 'mailcfg: error: wrong usage: explain wants the words of the error, a file, or - for standard input [usage]'
	explain '  '
	status 66
	says 'mailcfg: error: input has no record [empty-input]'
	try "$MAILCFG" explain - </dev/null
	status 66
	explain nosuch.eml
	status 66
	says 'nosuch.eml: error: cannot read input: No such file or directory [no-input]'
	explain -f .
	status 66
	explain --nosuch x
	status 64
}

@test "100 MB are refused at once" {
	truncate -s 100M big.eml
	explain big.eml
	status 65
	says 'big.eml: error: input exceeds a limit: more than 32 MiB [too-big]'
	prints
	try "$MAILCFG" explain - < <(head -c 100M /dev/zero)
	status 65
	says '-: error: input exceeds a limit: more than 32 MiB [too-big]'
}

@test "what a server says does nothing to the terminal" {
	printf '550 5.1.1 \033[31mred\033]0;title\007 \302\233 \342\200\256txt \377\000 user unknown\n%s' \
		"$(head -c 4000 /dev/zero | tr '\0' x)" >said
	try "$MAILCFG" explain - <said
	status 0
	[ "$(head -1 out)" = 'There is no such mailbox' ]
	not grep -qP '[\x00-\x09\x0b-\x1f\x7f]|\xc2\x9b|\xe2\x80\xae|\xff' out
	grep -qF '\x1b[31mred\x1b]0;title\x07' out
	tr -d '\n' <out | grep -q 'xxx\.\.\.'
	[ "$(wc -c <out)" -lt 3000 ]
	try "$MAILCFG" explain --json - <said
	status 0
	jq -e '.[0].said | length <= 512' out
	printf '550 5.9.9 \033[2J' >said
	try "$MAILCFG" explain - <said
	status 65
	not grep -q "$(printf '\033')" out err
}

@test "messages in messages end" {
	{
		printf 'From: a\nTo: b\n'
		for i in $(seq 2000); do
			printf 'Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n' "$i" "$i"
		done
		printf 'Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; x@example.org\nStatus: 5.1.1\n'
	} >deep.eml
	try timeout 10 "$MAILCFG" explain deep.eml
	status 65
	{
		printf 'From: a\nTo: b\nContent-Type: multipart/mixed; boundary=b\n\n'
		for i in $(seq 20000); do
			printf -- '--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/report; boundary=b\n\n'
		done
	} >wide.eml
	try timeout 10 "$MAILCFG" explain wide.eml
	status 65
}

@test "rules of one's own" {
	mkdir rules
	cat >rules/ours.yaml <<-'YAML'
		id: ours
		name: Our school
		signs: [mx.school.example]
		rules:
		- id: canteen
		  when: [the canteen is closed]
		  codes: ['5.7.42']
		  turn: [administrator, you]
		  sure: high
		  links: [https://school.example/canteen]
		  en: {title: Closed, means: It is closed., steps: [Wait.]}
		  sv: {title: Stängt, means: Det är stängt., steps: [Vänta.]}
		  ru: {title: Закрыто, means: Оно закрыто., steps: [Ждите.]}
		  de: {title: Zu, means: Es ist zu., steps: [Warten.]}
		- id: full
		  when: [no more chairs]
		  turn: you
		  sure: low
		  like: smtp/mailbox-full
	YAML
	explain --errors rules '550 5.7.42 The Canteen is CLOSED'
	status 0
	[ "$(head -1 out)" = Closed ]
	grep -q 'https://school.example/canteen' out
	explain --errors rules --json no more chairs
	[ "$(rules)" = ours/full ]
	[ "$(jq -r '.[0].hits[0].title' out)" = "The recipient's mailbox is full" ]
	explain --errors rules mailbox full
	[ "$(head -1 out)" = "The recipient's mailbox is full" ]
	# a rule of the same name takes the other's place
	sed 's/^id: ours/id: smtp/; s/canteen$/mailbox-full/; s/the canteen is closed/mailbox full/; /^- id: full/,$d; /^name/d; /^signs/d' \
		rules/ours.yaml >rules/smtp.yaml
	explain --errors rules mailbox full
	[ "$(head -1 out)" = Closed ]
}

@test "rules that are not right are refused at their place" {
	mkdir rules
	cat >rules/a.yaml <<-'YAML'
		id: a
		rules:
		- id: x
		  when: [words]
		  codes: ['9.1.1']
		  turn: nobody
		  sure: high
		  en: {title: T, means: M., steps: [S.]}
	YAML
	explain --errors rules x
	status 78
	grep -qF 'rules/a.yaml:5:12: error: rule of errors cannot be used: "9.1.1": a code is' err
	grep -qF 'rules/a.yaml:6:9: error: rule of errors cannot be used: "nobody": write you, administrator, recipient or provider [bad-rule]' err
	printf 'id: a\nrules:\n- id: x\n  when: [words]\n  turn: you\n  sure: high\n  en: {title: T, means: M., steps: [S.]}\n' \
		>rules/a.yaml
	explain --errors rules x
	status 78
	says 'rules/a.yaml:3:3: error: rule of errors cannot be used: the language sv is missing [bad-rule]'
	printf 'id: a\nrules:\n- {id: x, when: w, turn: you, sure: low, like: no/such}\n' \
		>rules/a.yaml
	explain --errors rules x
	status 78
	grep -q 'no rule with texts of its own is called "no/such"' err
	printf 'rules: []\n' >rules/a.yaml
	explain --errors rules x
	status 78
	says 'rules/a.yaml:1:1: error: rule of errors cannot be used: the file begins with its id [bad-rule]'
	explain --errors nosuch x
	status 78
	says 'nosuch: error: rule of errors cannot be used: there is no such folder [bad-rule]'
}
