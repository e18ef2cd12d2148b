#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Wrong usage and bad input: what is said, where, and the exit status.

load common

mailcfg() {
	try "$MAILCFG" "$@"
}

@test "no command" {
	mailcfg
	status 64
	prints
	grep -q '^Usage: mailcfg COMMAND' err
}

@test "unknown commands" {
	mailcfg gne
	status 64
	says 'mailcfg: error: unknown command: "gne": did you mean mailcfg gen [unknown-command]'
	mailcfg alice@mail.ru
	status 64
	says 'mailcfg: error: unknown command: "alice@mail.ru": did you mean mailcfg gen [unknown-command]'
	mailcfg xyzzy
	status 64
	says 'mailcfg: error: unknown command: "xyzzy": see mailcfg --help [unknown-command]'
	mailcfg help targte
	status 64
	says 'mailcfg: error: unknown command: "targte": did you mean mailcfg targets [unknown-command]'
	mailcfg --target=json
	status 64
	says 'mailcfg: error: unknown option: --target: options follow a command [unknown-option]'
}

@test "unknown options" {
	gen --outptu x -t json a@example.org
	status 64
	says 'mailcfg: error: unknown option: --outptu: did you mean --output [unknown-option]'
	gen -Z -t json a@example.org
	status 64
	says 'mailcfg: error: unknown option: -Z: see mailcfg gen --help [unknown-option]'
	gen --xyzzy=secret -t json a@example.org
	status 64
	says 'mailcfg: error: unknown option: --xyzzy: see mailcfg gen --help [unknown-option]'
	mailcfg fields --jsno
	status 64
	says 'mailcfg: error: unknown option: --jsno: did you mean --json [unknown-option]'
}

@test "abbreviations are not taken" {
	gen --targ=json "${SERVERS[@]}" a@example.org
	status 64
	says 'mailcfg: error: unknown option: --targ: did you mean --target [unknown-option]'
	gen -t json --forc "${SERVERS[@]}" a@example.org
	status 64
	says 'mailcfg: error: unknown option: --forc: did you mean --force [unknown-option]'
	gen -t json --sm s.example --imap i.example a@example.org
	status 64
	says 'mailcfg: error: unknown option: --sm: did you mean --smtp [unknown-option]'
}

@test "options that want a value, and that do not" {
	gen -t json a@example.org --imap
	status 64
	says 'mailcfg: error: wrong usage: --imap wants URL [usage]'
	gen -t
	status 64
	says 'mailcfg: error: wrong usage: --target wants LIST [usage]' \
		'mailcfg: error: wrong usage: give an address, or --from FILE [usage]'
	gen -t json --force=yes a@example.org
	status 64
	says 'mailcfg: error: wrong usage: --force takes no value [usage]'
}

@test "all that is wrong with a command line is told at once" {
	gen -t jsno,nosuch --imap nonsense:// --by x --set 'nmae=x'
	status 64
	says '--target:1:1: error: unknown target: "jsno": did you mean json [unknown-target]' \
		'--target:1:6: error: unknown target: "nosuch": mailcfg targets lists them [unknown-target]' \
		'--imap:1:1: error: not a server URL: imap: the scheme is not this protocol'"'"'s [bad-url]' \
		'mailcfg: error: wrong usage: --by is account, person or domain [usage]' \
		'--set:1:1: error: unknown field: "nmae": did you mean name [unknown-field]' \
		'mailcfg: error: wrong usage: give an address, or --from FILE [usage]'
}

@test "what is missing" {
	gen
	status 64
	says 'mailcfg: error: wrong usage: give --target; mailcfg targets lists them [usage]' \
		'mailcfg: error: wrong usage: give an address, or --from FILE [usage]'
	gen -t json --from-format csv --column 'name={x}' a@example.org
	status 64
	says 'mailcfg: error: wrong usage: --from-format goes with --from [usage]' \
		'mailcfg: error: wrong usage: --column goes with --from [usage]'
	gen -t json --from-format xml --from x
	status 64
	says 'mailcfg: error: wrong usage: --from-format is csv, tsv, json, ndjson, yaml or ldif [usage]'
	gen -t json -o '' "${SERVERS[@]}" a@example.org
	status 64
	says 'mailcfg: error: wrong usage: -o wants a file or a directory [usage]'
}

@test "values of options pass the gate, with columns" {
	gen -t json --set 'imap.port=99x' --set lang= --lang '!' \
		--set noequals --caldav ftp://x a@example.org
	status 64
	says '--set:1:11: error: not a port: imap.port: a number from 1 to 65535 is wanted [bad-port]' \
		'--lang:1:1: error: not a language tag: lang: "!": a BCP 47 tag such as en or pt-BR is wanted [bad-lang]' \
		'mailcfg: error: wrong usage: --set wants FIELD=TEXT [usage]' \
		'--caldav:1:1: error: not a server URL: caldav: https://host[:port][/path] is wanted [bad-url]'
	gen -t json --imap 'imaps://u:Kanarie@i.example' a@example.org
	status 64
	grep -q '^--imap:1:[0-9]*: error: a URL must not hold a password: .*\[url-password\]$' err
	not grep Kanarie err
	gen -t json --name "$(printf 'a\tb')" --imap i.example --imap j.example \
		a@example.org
	status 64
	says '--name:1:2: error: text cannot be used: name: a control character is in it [bad-text]' \
		'--imap:1:1: error: field is given twice: imap: it stands in line 1 already [duplicate-field]'
}

@test "an unknown provider of --provider is told once" {
	printf '{"address":"%s"}\n' a@example.org b@example.org >users.ndjson
	gen -t json --provider mial.ru --from users.ndjson
	status 64
	says '--provider:1:1: error: unknown provider: "mial.ru": did you mean mail.ru [unknown-provider]'
}

@test "options that serve one account" {
	gen -t json "${SERVERS[@]}" --name x --login y a@example.org b@example.org
	status 64
	says 'mailcfg: error: wrong usage: --name serves one account [usage]'
	gen -t json "${SERVERS[@]}" --login y a@example.org b@example.org
	status 64
	says 'mailcfg: error: wrong usage: --login without {mailbox}, {local-part} or {domain} serves one account [usage]'
	gen -t json "${SERVERS[@]}" --login 'x-{local-part}' a@example.org \
		b@example.org
	status 0
	[ "$(jq -r '.[].login // .[].imap.login' out | paste -sd,)" = x-a,x-b ]
}

@test "an unknown domain says what to give" {
	gen -t json a@unknown.example
	status 65
	says 'operand 1:1:1: error: server is not known: imap: nobody knows unknown.example: give --imap imaps://HOST or the field imap, or a preset (mailcfg discover unknown.example) [no-server]' \
		'operand 1:1:1: error: server is not known: smtp: nobody knows unknown.example: give --smtp smtps://HOST or the field smtp, or a preset (mailcfg discover unknown.example) [no-server]'
	prints
}

@test "input that is not there, empty, or of no known kind" {
	gen -t json --from none.csv
	status 66
	says 'none.csv: error: cannot read input: No such file or directory [no-input]'
	gen -t json --from .
	status 66
	says '.: error: cannot read input: Is a directory [no-input]'
	: >empty
	gen -t json --from empty
	status 66
	says 'empty: error: input has no record: there is nothing in it [empty-input]'
	echo '[]' >empty.json
	gen -t json --from empty.json
	status 66
	grep -q '\[empty-input\]$' err
	echo '????' >odd
	gen -t json --from odd
	status 65
	says 'odd: error: input format is unknown: give --from-format [unknown-format]'
}

@test "one input that is not there does not keep the others" {
	printf '{"address":"%s"}\n' a@example.org >users.ndjson
	gen -t json "${SERVERS[@]}" --from none.csv --from users.ndjson
	status 66
	[ "$(jq length out)" -eq 1 ]
}

@test "good records are made, every bad one is told" {
	cat >users.csv <<-'END'
		address,imap,lang
		a@example.org,imaps://i.example,
		b@@example.org,imaps://i.example,x
		c@example.org,ftp://i.example,de
		d@example.org,imaps://i.example,en
		a@example.org,imaps://i.example,en
	END
	gen -t card --smtp s.example --from users.csv -o out.d/
	status 65
	says 'users.csv:3:2: error: not a mail address: address: a character that must not stand before the @ [bad-address]' \
		'users.csv:3:34: error: not a language tag: lang: "x": a BCP 47 tag such as en or pt-BR is wanted [bad-lang]' \
		'users.csv:4:15: error: not a server URL: imap: the scheme is not this protocol'"'"'s [bad-url]' \
		'users.csv:6:1: error: two records are one mailbox: a@example.org: users.csv:2:1 came first [duplicate-account]' \
		'created 2 changed 0 same 0 refused 0'
	holds a@example.org.card.txt d@example.org.card.txt
}

@test "warnings alone are no failure, and are counted" {
	gen -t card --imap imap+insecure://i.example --smtp s.example -o out.d/ \
		$(seq -f 'u%g@example.org' 1234)
	status 0
	says '--imap:1:1: warning: connection is not encrypted: card: imap.tls: everybody on the way can read mail and login of i.example [cleartext]' \
		'created 1234 changed 0 same 0 refused 0' \
		'mailcfg: and 1,233 more [cleartext]'
}

@test "-q leaves errors" {
	gen -q -t card --imap imap+insecure://i.example --smtp s.example \
		-o out.d/ a@example.org b@@example.org
	status 65
	says 'operand 2:1:2: error: not a mail address: address: a character that must not stand before the @ [bad-address]'
}

@test "errors are told each" {
	gen -t card -o out.d/ a@unknown.example b@unknown.example
	status 65
	[ "$(grep -c no-server err)" -eq 4 ]
}

@test "colour is for terminals that want it" {
	cat >colours.py <<-'END'
		import os, pty, sys
		seen = b""
		pid, tty = pty.fork()
		if pid == 0:
		    os.environ.update(TERM=sys.argv[1], **dict(
		        a.split("=", 1) for a in sys.argv[2:]))
		    os.execv(os.environ["MAILCFG"], ["mailcfg", "gen"])
		try:
		    while True:
		        seen += os.read(tty, 1000)
		except OSError:
		    pass
		os.waitpid(pid, 0)
		sys.exit(0 if b"\033[1;31merror:\033[0m" in seen else 3)
	END
	try python3 colours.py xterm
	status 0
	try python3 colours.py xterm NO_COLOR=
	status 0
	try python3 colours.py xterm NO_COLOR=1
	status 3
	try python3 colours.py dumb
	status 3
}

@test "names of files do no harm to a terminal" {
	name=$(printf 'a\033[31m\nb.csv')
	gen -t json --from "$name"
	status 66
	says 'a\x1b[31m\x0ab.csv: error: cannot read input: No such file or directory [no-input]'
}

@test "all: what a target refuses is a note" {
	gen -t all "${SERVERS[@]}" --set imap.auth=oauth2 -o out.d/ a@example.org
	status 0
	grep -q ': note: target leaves this account out: .*\[skipped\]$' err
	gen -t all,apple "${SERVERS[@]}" --set imap.auth=oauth2 -o out.d/ \
		a@example.org
	status 65
	grep -q ': error: target cannot express this: apple: .*\[not-expressible\]$' err
}

@test "a bad preset" {
	mkdir providers
	printf 'id: x\nnonsense: 1\n' >providers/x.yaml
	gen -t json --providers providers a@example.org
	status 78
	grep -q '^providers/x.yaml:.*\[bad-preset\]$' err
	gen -t json --providers none a@example.org
	status 78
	says 'none: error: preset cannot be used: there is no such folder [bad-preset]'
}

@test "the strongest status wins" {
	mkdir out.d
	echo mine >out.d/a@example.org.card.txt
	gen -t card "${SERVERS[@]}" -o out.d/ a@example.org b@@example.org
	status 73
	printf '%s\n' '{"address":"b@@example.org"}' \
		'{"address":"c@example.org","password":"x"}' >users.ndjson
	gen -t card "${SERVERS[@]}" -o out.d/ --from users.ndjson
	status 77
}

@test "a date that property lists cannot hold" {
	for date in 2099-01-01 2000-12-31; do
		try "$MAILCFG" gen --target=apple --set "apple.removal-date=$date" \
			alice@mail.ru
		status 64
		says "--set:1:20: error: not one of the known values: apple.removal-date: \"$date\": a day from 2001 to 2067 such as 2027-06-30 is wanted, or a moment such as 2027-06-30T12:00:00Z [bad-choice]"
	done
}
