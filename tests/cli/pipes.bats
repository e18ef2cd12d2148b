#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What other programs print, and files as consoles export them.  What
# ldapsearch and psql print was recorded: OpenLDAP 2.5, PostgreSQL 15.

load common

BOTH=(anna@school.example bjorn@school.example)

# example NUMBER: that of mailcfg(5), as a script.
example() {
	awk -v wanted="$1" '
		/^\.Sh / { inside = /EXAMPLES/ }
		inside && /^\.Ed/ { literal = 0 }
		literal && n == wanted { print }
		inside && /^\.Bd / { literal = 1; n++ }
	' "$MAILCFG_SOURCE/cmd/mailcfg.5" | sed 's/^\$ //; s/\\e$/\\/' >script
	[ -s script ]
}

# follow NUMBER: does what the manual says.
follow() {
	mkdir -p bin
	ln -sf "$MAILCFG" bin/mailcfg
	for name in ldapsearch:-LLL:../read/bind-ldap.ldif \
		psql:--csv:recorded/psql.csv; do
		IFS=: read -r program option file <<<"$name"
		cat >"bin/$program" <<-END
			#!/bin/sh
			[ "\$1" = $option ] && cat '$BATS_TEST_DIRNAME/$file'
		END
		chmod +x "bin/$program"
	done
	example "$1"
	PATH=$PWD/bin:$PATH try sh script
}

# made FOLDER NAME...: it holds just these.
made() {
	local folder=$1
	shift
	diff -u <(printf '%s\n' "$@") <(cd "$folder" && find . -type f |
		sed 's,^\./,,' | LC_ALL=C sort)
}

# all FILTER WANT...: of the accounts in out.
all() {
	local filter=$1
	shift
	diff -u <(printf '%s\n' "$@") <(jq -r ".[]$filter" out)
}

export_of() {
	gen -t json "${SERVERS[@]}" --from "$BATS_TEST_DIRNAME/../read/$1"
	status 0
	says
}

@test "the manual: ldapsearch" {
	follow 1
	status 0
	made profiles "${BOTH[0]}.mobileconfig" asa@school.example.mobileconfig \
		"${BOTH[1]}.mobileconfig"
	grep -q 'Åsa Lind' profiles/asa@school.example.mobileconfig
}

@test "the manual: psql" {
	follow 2
	status 0
	made profiles "${BOTH[@]/%/.mobileconfig}"
	grep -q 'Berg, Anna' "profiles/${BOTH[0]}.mobileconfig"
}

@test "the manual: sqlite3" {
	sqlite3 school.db "create table people (mail text, name text);
		insert into people values ('anna@school.example', 'Anna Berg'),
			('bjorn@school.example', null)"
	follow 3
	status 0
	says 'created 2 changed 0 same 0 refused 0'
	made profiles "${BOTH[@]/%/.mobileconfig}"
	grep -q 'Anna Berg' "profiles/${BOTH[0]}.mobileconfig"
}

@test "the manual: jq" {
	cat >users.json <<-'END'
		{"kind": "admin#directory#users", "users": [
		 {"id": "1", "primaryEmail": "anna@school.example",
		  "name": {"givenName": "Anna", "familyName": "Berg",
		           "fullName": "Anna Berg"}, "isAdmin": false},
		 {"id": "2", "primaryEmail": "bjorn@school.example",
		  "name": {"givenName": "Björn", "familyName": "Ek",
		           "fullName": "Björn Ek"}, "isAdmin": true}]}
	END
	follow 4
	status 0
	says 'created 2 changed 0 same 0 refused 0'
	made profiles "${BOTH[@]/%/.mobileconfig}"
	grep -q 'Björn Ek' "profiles/${BOTH[1]}.mobileconfig"
}

@test "the manual: Google Workspace" {
	cp "$BATS_TEST_DIRNAME/../read/bind-google-users.csv" User_Download.csv
	follow 5
	status 0
	made cards "${BOTH[@]/%/.card.txt}"
	grep -q 'imap.gmail.com' "cards/${BOTH[0]}.card.txt"
	not grep -rF '****' cards
}

@test "the manual: Microsoft 365" {
	cp "$BATS_TEST_DIRNAME/../read/bind-microsoft-users.csv" users.csv
	follow 6
	status 0
	made profiles "${BOTH[@]/%/.mobileconfig}"
}

@test "the manual has no other example" {
	not example 7
}

@test "an export of Google Workspace" {
	export_of bind-google-users.csv
	all .address "${BOTH[@]}"
	all '|(."given-name" + " " + ."family-name")' 'Anna Berg' 'Björn Ek'
	all '."deliver-to"' anna.berg@private.example null
	all .aliases null null
	not grep -q '\*\*' out
}

@test "exports of Microsoft 365, new and old" {
	export_of bind-microsoft-users.csv
	all .address "${BOTH[@]}"
	all .name 'Anna Berg' 'Björn Ek'
	all .lang sv-SE null
	all '|.aliases // []|join(" ")' \
		'a.berg@school.example anna@school.onmicrosoft.com' ''
	export_of bind-microsoft-users-2021.csv
	all .address "${BOTH[0]}"
	all .name 'Anna Berg'
	all .aliases null
}

@test "an export of Entra" {
	export_of bind-entra-users.csv
	all .address "${BOTH[@]}"
	all .name 'Anna Berg' 'Björn Ek'
	all .organization 'The School' null
}

@test "a directory: by suffix, by its first bytes, by option" {
	printf 'dn: uid=a\nmail: a@example.org\n' >a.ldif
	cp a.ldif a
	for words in '--from a.ldif' '--from a' '--from a --from-format ldif'; do
		# shellcheck disable=SC2086
		gen -t json "${SERVERS[@]}" $words
		status 0
		says
		all .address a@example.org
	done
	try "$MAILCFG" gen -t json "${SERVERS[@]}" --from - <a.ldif
	status 0
	all .address a@example.org
}

@test "a directory: --column takes any attribute" {
	printf '%s\n' 'dn: uid=a' 'uid: a' 'mail: no@example.org' 'sn: B' \
		'sAMAccountName: c' >a.ldif
	gen -t json "${SERVERS[@]}" --from a.ldif \
		--column 'address={uid}@example.org' \
		--column 'login={samaccountname}' --column 'name=Dr {SN}'
	status 0
	all .address a@example.org
	all .name 'Dr B'
	all .aliases null
	[ "$(jq -r '.[0].login // .[0].imap.login' out)" = c ]
}

@test "a directory: operands pick" {
	gen -t json "${SERVERS[@]}" \
		--from "$BATS_TEST_DIRNAME/../read/bind-ldap.ldif" 'b*@*'
	status 0
	all .address bjorn@school.example
}

@test "a directory: hashes of passwords are never read" {
	printf '%s\n' 'dn: uid=a' 'mail: a@example.org' \
		'userPassword: Kanarie' >a.ldif
	umask 077
	gen -t json "${SERVERS[@]}" --embed-password --from a.ldif
	status 0
	says
	not grep -q Kanarie out
	gen -t json "${SERVERS[@]}" --embed-password --from a.ldif \
		--column 'password={userPassword}'
	status 65
	says 'a.ldif:3:15: error: text cannot be used: password: userPassword is never read [bad-text]'
}

@test "a directory: a password in another attribute wants a closed file" {
	printf '%s\n' 'dn: uid=a' 'mail: a@example.org' 'info: Kanarie' >a.ldif
	gen -t json "${SERVERS[@]}" --from a.ldif --column 'password={info}'
	status 77
	not grep -q Kanarie out err
}

@test "a directory: bad entries spoil no others" {
	printf '%s\n' 'dn: uid=a' 'mail: a@example.org' 'nonsense' '' \
		'dn: uid=b' 'mail: b@example.org' '' 'dn: uid=c' 'sn: C' '' \
		'dn: uid=d' 'changetype: delete' >a.ldif
	gen -t json "${SERVERS[@]}" --from a.ldif
	status 65
	all .address b@example.org
	says 'a.ldif:3:1: error: input is malformed: a line must be "attribute: value" [syntax]' \
		'a.ldif:8:1: error: record has no address: the field address is missing or empty [no-address]' \
		'a.ldif:12:13: error: input is malformed: a change is no account: changetype: add is wanted [syntax]'
}

@test "a directory that did not give all" {
	gen -t json "${SERVERS[@]}" \
		--from "$BATS_TEST_DIRNAME/../read/ldif-size-limit.ldif"
	status 66
	all .address anna@school.example
	grep -q ':16:9: error: cannot read input: the search did not find all: 4 Size limit exceeded \[no-input\]$' err
}

@test "a directory is read as it comes" {
	cat >run.py <<-'END'
		import os, subprocess
		p = subprocess.Popen([os.environ["MAILCFG"], "gen", "-t", "json",
		    "--imap", "i.example", "--smtp", "s.example", "--from", "-",
		    "--from-format", "ldif"], stdin=subprocess.PIPE,
		    stdout=subprocess.PIPE)
		for name in b"a", b"b":
		    p.stdin.write(b"dn: x\nmail: " + name + b"@example.org\n\n")
		    p.stdin.flush()
		seen = b""
		while b"a@example.org" not in seen:
		    seen += os.read(p.stdout.fileno(), 4096)
		p.stdin.close()
		seen += p.stdout.read()
		assert b"b@example.org" in seen
		assert p.wait() == 0
	END
	timeout 20 python3 run.py
}
