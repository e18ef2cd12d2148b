#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The commands that list, and the help.

load common

mailcfg() {
	try "$MAILCFG" "$@"
}

@test "--version" {
	mailcfg --version
	status 0
	says
	grep -Eqx 'mailcfg [0-9]+\.[0-9]+\.[0-9]+' out
}

@test "--help" {
	for word in --help -h help; do
		mailcfg "$word"
		status 0
		says
		grep -q '^  gen  ' out
		not grep '.\{80\}' out
	done
}

@test "help of each command, three ways" {
	for command in gen targets fields providers show explain; do
		mailcfg help "$command"
		status 0
		says
		grep -q "^Usage: mailcfg $command" out
		not grep '.\{80\}' out
		cp out want
		mailcfg "$command" --help
		status 0
		cmp out want
		mailcfg "$command" -h
		cmp out want
	done
}

@test "help names every option, and what is not there yet is in none" {
	mailcfg gen --help
	for option in target from from-format column imap pop3 smtp login name \
		organization provider lang caldav carddav set providers \
		password-from embed-password allow-insecure-input output by \
		combine force dry-run mode quiet help jobs no-stencil \
		output-format rejects report profile-url token-key sign-cert \
		sign-key sign-passphrase-from; do
		grep -q -- "--$option\b" out
	done
}

@test "targets" {
	mailcfg targets
	status 0
	says
	head -1 out | grep -q '^NAME  *PER  *SUMMARY  *FILES$'
	grep -q '^CAN  *apple ' out
	grep -q '^several  *yes  *yes  *- ' out
	grep -q '^apple-qr .*ADDRESS.profile-qr.png | .profile-qr.svg | .profile-qr.txt | .profile-url.txt$' out
	grep -q '^apple  *account .*ADDRESS.mobileconfig$' out
	grep -q '^thunderbird  *domain .*DOMAIN.autoconfig.xml$' out
	grep -q '^json  *run .*accounts.json$' out
}

@test "targets NAME" {
	mailcfg targets ios
	status 0
	grep -q '^apple: ' out
	grep -q '^aliases: .*ios' out
	grep -q '^protocol: .*imap, pop3$' out
	grep -q '^carries: .*password' out
	mailcfg targets appel
	status 64
	says 'mailcfg: error: unknown target: "appel": did you mean apple [unknown-target]'
	mailcfg targets xyzzy
	status 64
	says 'mailcfg: error: unknown target: "xyzzy": mailcfg targets lists them [unknown-target]'
	mailcfg targets a b
	status 64
	says 'mailcfg: error: wrong usage: targets takes one operand [usage]'
}

@test "targets --json" {
	mailcfg targets --json
	status 0
	[ "$(jq -r '.[0].name' out)" = apple ]
	jq -e 'all(.[]; .name and .summary and .scope and (.files|length > 0) and .can.password != null)' out
	jq -e '[.[].files[].name] | length == (unique | length)' out
	mailcfg targets --json ios
	status 0
	jq -e '.name == "apple" and .can.secret and .all' out
}

@test "fields" {
	mailcfg fields
	status 0
	says
	grep -q '^address  *address  *the mailbox' out
	grep -q '^imap.port  *port ' out
	grep -q 'headers: displayname, fullname' out
	not grep '.\{80\}' out
	mailcfg fields x
	status 64
	says 'mailcfg: error: wrong usage: fields takes no operand [usage]'
}

@test "fields --json" {
	mailcfg fields --json
	status 0
	jq -e '.[0].name == "address" and (.[0].headers | index("email"))' out
	jq -e '[.[] | select(.secret) | .name] | index("password") and index("imap.password")' out
}

@test "providers" {
	mailcfg providers
	status 0
	says
	grep -q '^ID  *DOMAINS  *STATUS  *NAME$' out
	grep -q '^mail\.ru ' out
}

@test "providers --json" {
	mailcfg providers --json
	status 0
	jq -e '[.[].id] | length == (unique | length) and length > 100' out
	jq -e '.[] | select(.id == "mail.ru") | .origin == "built in"' out
}

@test "providers DOMAIN is a preset ready to edit" {
	mailcfg providers inbox.ru
	status 0
	head -1 out | grep -qx '# built in'
	mkdir providers
	cp out providers/mine.yaml
	sed -i 's/imap\.mail\.ru/imap.mine.example/' providers/mine.yaml
	mailcfg providers --providers providers alice@inbox.ru
	status 0
	head -1 out | grep -q '^# providers/mine.yaml:'
	gen -q -t json --providers providers alice@inbox.ru
	status 0
	[ "$(jq -r '.[0].imap.host' out)" = imap.mine.example ]
	mailcfg providers --providers providers --json
	[ "$(jq '[.[] | select(.id == "mail.ru")] | length' out)" -eq 1 ]
}

@test "providers by identifier and --json" {
	mailcfg providers mail.ru --json
	status 0
	jq -e '.id == "mail.ru" and (.servers | length >= 2)' out
}

@test "providers of a domain that nobody knows" {
	mailcfg providers unknown.example
	status 65
	says 'mailcfg: error: unknown provider: nobody knows unknown.example: give --imap and --smtp to mailcfg gen, or write a preset [unknown-provider]'
	mailcfg providers 'a b'
	status 65
	says 'mailcfg: error: not a host name: "a b": a blank is in it [bad-host]'
}

@test "a bad preset stops the list" {
	mkdir providers
	echo 'x' >providers/x.yaml
	mailcfg providers --providers providers
	status 78
	prints
}
