#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# --dry-run: what would become of each file, and where values come from.

load common

@test "nothing is written" {
	gen -t card "${SERVERS[@]}" --dry-run -o out.d/ a@example.org b@example.org
	status 0
	says
	prints 'created  a@example.org.card.txt' 'created  b@example.org.card.txt'
	[ ! -e out.d ]
}

@test "created, changed, same, refused" {
	mkdir out.d
	gen -q -t card "${SERVERS[@]}" -o out.d/ a@example.org
	echo mine >out.d/b@example.org.card.txt
	gen -t card "${SERVERS[@]}" --dry-run -o out.d/ a@example.org \
		b@example.org c@example.org
	status 73
	says 'operand 2:1:1: error: a different file is there: out.d/b@example.org.card.txt: --force replaces it [file-exists]'
	prints 'same     a@example.org.card.txt' \
		'refused  b@example.org.card.txt' \
		'created  c@example.org.card.txt'
	gen -t card "${SERVERS[@]}" --dry-run --force -o out.d/ a@example.org \
		b@example.org
	status 0
	prints 'same     a@example.org.card.txt' \
		'changed  b@example.org.card.txt'
	[ "$(cat out.d/b@example.org.card.txt)" = mine ]
}

@test "folders, lists and files" {
	gen -t card,json "${SERVERS[@]}" --dry-run --by domain -o out.d/ \
		a@one.example b@two.example
	status 0
	prints 'created  one.example/a@one.example.card.txt' \
		'created  two.example/b@two.example.card.txt' \
		'created  one.example/accounts.json' \
		'created  two.example/accounts.json'
	gen -q -t json "${SERVERS[@]}" -o list.json a@one.example
	gen -t json "${SERVERS[@]}" --dry-run -o list.json a@one.example \
		b@one.example
	status 73
	prints 'refused  list.json'
}

@test "every field of one account, with its origin" {
	mkdir providers
	cat >providers/ours.yaml <<-'END'
		id: ours
		name: Ours
		domains: [school.example]
		status: ok
		servers:
		  - url: imaps://imap.school.example
		  - url: smtps://smtp.school.example
		organization: The School
	END
	private users.csv "$(printf '%s\n' address,name,password \
		anna@school.example,Anna,secret bert@school.example,Bert,secret)"
	gen -t json --dry-run --providers providers --from users.csv \
		--lang de --set support=4711 --embed-password anna@school.example
	status 0
	says
	prints 'created  accounts.json' '' \
		'address        anna@school.example  users.csv:2' \
		'name           Anna                 users.csv:2' \
		'organization   The School           providers/ours.yaml:8' \
		'support        4711                 --set' \
		'lang           de                   --lang' \
		'provider       ours                 providers/ours.yaml:1' \
		'protocol       imap                 providers/ours.yaml:1' \
		'imap.host      imap.school.example  providers/ours.yaml:6' \
		'imap.port      993                  providers/ours.yaml:6' \
		'imap.tls       implicit             providers/ours.yaml:6' \
		'imap.login     anna@school.example  providers/ours.yaml:6' \
		'imap.auth      password             providers/ours.yaml:6' \
		'imap.password  ***                  users.csv:2' \
		'smtp.host      smtp.school.example  providers/ours.yaml:7' \
		'smtp.port      465                  providers/ours.yaml:7' \
		'smtp.tls       implicit             providers/ours.yaml:7' \
		'smtp.login     anna@school.example  providers/ours.yaml:7' \
		'smtp.auth      password             providers/ours.yaml:7' \
		'smtp.password  ***                  users.csv:2'
}

@test "an operand, options and a built-in preset" {
	gen -q -t card --dry-run --smtp smtp://mail.example.org 'A <alice@mail.ru>'
	status 0
	grep -Eq '^address +alice@mail.ru +operand 1$' out
	grep -Eq '^imap.host +imap.mail.ru +built in$' out
	grep -Eq '^smtp.host +mail.example.org +--smtp$' out
	grep -Eq '^smtp.tls +starttls +--smtp$' out
}

@test "what a target refuses" {
	gen -t apple "${SERVERS[@]}" --dry-run --set imap.auth=oauth2 -o out.d/ \
		a@example.org
	status 65
	grep -q '^refused  a@example.org.mobileconfig$' out
}
