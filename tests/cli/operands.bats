#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Operands: accounts, or what picks records.

load common

users() {
	cat >users.csv <<-'END'
		address,name
		anna@school.example,Anna
		bert.teacher@school.example,Bert
		carl.teacher@college.example,Carl
		dora@bücher.example,Dora
	END
}

@test "an operand is an address" {
	gen -t card "${SERVERS[@]}" alice@example.org
	status 0
	says
	grep -q alice@example.org out
}

@test "an operand is a name and an address" {
	gen -t json "${SERVERS[@]}" 'Alice Berg <alice@example.org>'
	status 0
	grep -q '"name":"Alice Berg"' out
}

@test "a bad operand is told with its column, the others are made" {
	gen -t card -o out.d/ "${SERVERS[@]}" a@example.org 'B <b@@example.org>'
	status 65
	says 'operand 2:1:5: error: not a mail address: address: a character that must not stand before the @ [bad-address]' \
		'created 1 changed 0 same 0 refused 0'
	holds a@example.org.card.txt
}

@test "a mailbox that comes twice" {
	gen -t card -o out.d/ "${SERVERS[@]}" a@example.org b@example.org \
		A@Example.org
	status 65
	says 'operand 3:1:1: error: two records are one mailbox: a@example.org: operand 1:1:1 came first [duplicate-account]' \
		'created 2 changed 0 same 0 refused 0'
}

@test "an address picks a record" {
	users
	gen -t json "${SERVERS[@]}" --from users.csv ANNA@school.example
	status 0
	says
	[ "$(jq -r '.[].address' out)" = anna@school.example ]
}

@test "a domain picks its records" {
	users
	gen -t json "${SERVERS[@]}" --from users.csv @school.example \
		@Bücher.example
	status 0
	[ "$(jq -r '.[].name' out | paste -sd,)" = Anna,Bert,Dora ]
}

@test "a pattern picks records" {
	users
	gen -t json "${SERVERS[@]}" --from users.csv '*.teacher@*'
	status 0
	[ "$(jq -r '.[].name' out | paste -sd,)" = Bert,Carl ]
	gen -t json "${SERVERS[@]}" --from users.csv '?nna@*' '*@b?cher.*'
	status 0
	[ "$(jq -r '.[].name' out | paste -sd,)" = Anna,Dora ]
}

@test "an operand that picks nothing" {
	users
	gen -t json "${SERVERS[@]}" --from users.csv anna@school.example \
		'*.pupil@*' @nowhere.example
	status 65
	says 'operand 2:1:1: error: operand picks no record: *.pupil@* [no-match]' \
		'operand 3:1:1: error: operand picks no record: @nowhere.example [no-match]'
	[ "$(jq length out)" -eq 1 ]
}

@test "operands that cannot pick anything" {
	users
	gen -t json "${SERVERS[@]}" --from users.csv anna '@a b' \
		"$(printf 'x\001*')"
	status 64
	says 'operand 1:1:1: error: not a mail address: there is no @ in it [bad-address]' \
		'operand 2:1:2: error: not a mail address: a blank is in it [bad-address]' \
		'operand 3:1:2: error: not a mail address: it holds what no address can [bad-address]'
}

@test "faults of records that nobody picked are not told" {
	printf 'address,imap\na@example.org,imaps://a.example\nb@example.org,nonsense://\n' \
		>users.csv
	gen -t json --smtp smtps://s.example --from users.csv a@example.org
	status 0
	says
	gen -t json --smtp smtps://s.example --from users.csv b@example.org
	status 65
	grep -q '^users.csv:3:' err
}

@test "one document goes to standard output though many records are read" {
	users
	gen -t card "${SERVERS[@]}" --from users.csv anna@school.example
	status 0
	says
	grep -q anna@school.example out
}

@test "a second document for standard output" {
	users
	gen -t card "${SERVERS[@]}" --from users.csv @school.example
	status 64
	says 'mailcfg: error: wrong usage: more than one document: give -o DIR/ [usage]'
	prints
}

@test "many operands" {
	gen -t json "${SERVERS[@]}" $(seq -f 'u%g@example.org' 3000)
	status 0
	[ "$(jq length out)" -eq 3000 ]
}
