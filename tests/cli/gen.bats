#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# mailcfg gen: options and records, and whose word counts.

load common

# value FILTER WANT: of the one account in out.
value() {
	[ "$(jq -r ".[0]$1" out)" = "$2" ]
}

@test "an address of a known provider is enough" {
	gen -t json alice@mail.ru
	status 0
	value .imap.host imap.mail.ru
	value .smtp.host smtp.mail.ru
	grep -q '^operand 1:1:1: note: something must be done at the provider first: .*\[preparation\]$' err
	[ "$(wc -l <err)" -eq 1 ]
}

@test "the preparation is told once for each provider" {
	gen -t json alice@mail.ru bob@mail.ru carl@inbox.ru
	status 0
	[ "$(grep -c preparation err)" -eq 1 ]
}

@test "servers by options" {
	gen -t json --imap imap://mail.example.org:1143 --smtp s.example.org \
		a@example.org
	status 0
	says
	value .imap.host mail.example.org
	value .imap.port 1143
	value .imap.tls starttls
	value .smtp.port 465
	gen -t json --pop3 pop3s://p.example.org --smtp smtp://s.example.org \
		a@example.org
	status 0
	value .protocol pop3
	value .pop3.port 995
	value .smtp.port 587
}

@test "every option of an account" {
	gen -t json "${SERVERS[@]}" --login l --name N --organization O \
		--lang pt-BR --caldav https://c.example/dav \
		--carddav https://d.example --set support=S \
		--set aliases='x@example.org y@example.org' a@example.org
	status 0
	value .name N
	value .organization O
	value .lang pt-BR
	value .support S
	value '.aliases|join(",")' x@example.org,y@example.org
	grep -q '"https://c.example/dav"' out
	[ "$(jq -r '.[0].login // .[0].imap.login' out)" = l ]
}

@test "--provider" {
	gen -q -t json --provider mail.ru a@example.org
	status 0
	value .imap.host imap.mail.ru
}

@test "placeholders in hosts and logins" {
	gen -t json --imap 'imaps://mail.{domain}' --smtp 'smtps://mail.{domain}' \
		--login '{local-part}' a@one.example b@two.example
	status 0
	[ "$(jq -r '.[].imap.host' out | paste -sd,)" = \
		mail.one.example,mail.two.example ]
}

@test "whose word counts: --set, the record, defaults, options, presets" {
	mkdir providers
	cat >providers/ours.yaml <<-'END'
		id: ours
		name: Ours
		domains: ['*']
		status: ok
		servers:
		  - url: imaps://preset.example
		  - url: smtps://preset.example
		organization: preset
		support: preset
		lang: pt
	END
	cat >users.yaml <<-'END'
		defaults:
		  support: defaults
		  lang: de
		accounts:
		  - address: a@example.org
		    lang: ru
		    name: record
	END
	gen -t json --providers providers --from users.yaml --name option \
		--imap option.example --set name=set a@example.org
	status 0
	value .name set
	value .lang ru
	value .support defaults
	value .organization preset
	value .imap.host option.example
	value .smtp.host preset.example
	says '--name: warning: option changed no account: what counts before it said otherwise [option-unused]'
}

@test "an option that changed nothing is told once" {
	printf 'address,imap\na@example.org,i.example\nb@example.org,i.example\n' \
		>users.csv
	gen -t json --from users.csv --imap o.example --smtp s.example
	status 0
	says '--imap: warning: option changed no account: what counts before it said otherwise [option-unused]'
	printf 'address,imap\na@example.org,i.example\nb@example.org,\n' >users.csv
	gen -t json --from users.csv --imap o.example --smtp s.example
	status 0
	says
}

@test "site presets: XDG_CONFIG_HOME, and --providers instead" {
	mkdir -p xdg/mailcfg/providers other
	printf '%s\n' 'id: ours' 'name: Ours' 'domains: [school.example]' \
		'status: ok' 'servers: [{url: imaps://i.example}, {url: smtps://s.example}]' \
		>xdg/mailcfg/providers/ours.yaml
	XDG_CONFIG_HOME=$PWD/xdg gen -t json a@school.example
	status 0
	value .imap.host i.example
	XDG_CONFIG_HOME=$PWD/xdg gen -t json --providers other a@school.example
	status 65
	mkdir -p home/.config
	mv xdg/mailcfg home/.config
	try env -u XDG_CONFIG_HOME HOME="$PWD/home" "$MAILCFG" gen -t json \
		a@school.example
	status 0
	try env XDG_CONFIG_HOME=home/.config "$MAILCFG" gen -t json \
		a@school.example
	status 65
}

@test "a provider that is known not to work" {
	mkdir providers
	printf '%s\n' 'id: ours' 'name: Ours' 'domains: [school.example]' \
		'status: broken' \
		'servers: [{url: imaps://i.example}, {url: smtps://s.example}]' \
		>providers/ours.yaml
	gen -t json --providers providers a@school.example
	status 0
	says 'operand 1:1:1: warning: provider is not sure to serve mail clients: Ours: try one account first [preset-doubtful]'
}

@test "every format, by suffix" {
	printf 'address,name\na@example.org,A\n' >a.csv
	printf 'address\tname\na@example.org\tA\n' >a.tsv
	printf '[{"address":"a@example.org"}]\n' >a.json
	printf '{"address":"a@example.org"}\n' >a.ndjson
	printf -- '- address: a@example.org\n' >a.yaml
	for file in a.csv a.tsv a.json a.ndjson a.yaml; do
		gen -t json "${SERVERS[@]}" --from "$file"
		status 0
		says
		value .address a@example.org
		cp "$file" a
		gen -t json "${SERVERS[@]}" --from a
		status 0
		value .address a@example.org
		try "$MAILCFG" gen -t json "${SERVERS[@]}" --from - <"$file"
		status 0
		value .address a@example.org
		gen -t json "${SERVERS[@]}" --from a --from-format "${file#a.}"
		status 0
		value .address a@example.org
	done
}

@test "several files" {
	printf 'address\na@example.org\n' >a.csv
	printf '{"address":"b@example.org"}\n{"address":"a@example.org"}\n' \
		>b.ndjson
	gen -t json "${SERVERS[@]}" -f a.csv -f b.ndjson
	status 65
	says 'b.ndjson:2:1: error: two records are one mailbox: a@example.org: a.csv:2:1 came first [duplicate-account]'
	[ "$(jq -r '.[].address' out | paste -sd,)" = \
		a@example.org,b@example.org ]
}

@test "a pipe is read as it comes" {
	cat >run.py <<-'END'
		import os, subprocess, sys
		p = subprocess.Popen([os.environ["MAILCFG"], "gen", "-t", "json",
		    "--imap", "i.example", "--smtp", "s.example", "--from", "-",
		    "--from-format", "ndjson"], stdin=subprocess.PIPE,
		    stdout=subprocess.PIPE)
		for name in b"a", b"b":
		    p.stdin.write(b'{"address":"' + name + b'@example.org"}\n')
		    p.stdin.flush()
		seen = b""
		while b"a@example.org" not in seen:
		    seen += os.read(p.stdout.fileno(), 4096)
		p.stdin.close()
		seen += p.stdout.read()
		sys.exit(p.wait())
	END
	timeout 20 python3 run.py
}

@test "--column" {
	printf 'First,Last,user\nAda,L,ada\n' >users.csv
	gen -t json "${SERVERS[@]}" --from users.csv \
		--column 'name={First} {Last}' \
		--column 'address={user}@school.example'
	status 0
	value .name 'Ada L'
	value .address ada@school.example
	gen -t json "${SERVERS[@]}" --from users.csv --column 'nmae={First}'
	status 64
	grep -q '^--column:1:.*\[unknown-field\]$' err
}

@test "lists of what this program wrote are read again" {
	gen -t json "${SERVERS[@]}" --name 'A "B" é' a@example.org
	cp out a.json
	gen -t yaml --from a.json
	status 0
	cp out a.yaml
	gen -t json --from a.yaml
	status 0
	cmp out a.json
}

@test "several targets, aliases, and one named twice" {
	gen -t ios,card,apple "${SERVERS[@]}" -o out.d/ a@example.org
	status 0
	holds a@example.org.card.txt a@example.org.mobileconfig
	gen -t card -t json "${SERVERS[@]}" -o out.d/ a@example.org
	status 0
	gen -t all "${SERVERS[@]}" -o all.d/ a@example.org
	status 0
	[ ! -e all.d/accounts.json ]
	[ -e all.d/a@example.org.mobileconfig ]
}

@test "the same bytes each time, whatever the environment" {
	gen -q -t all -o out.d/ 'Ada <alice@mail.ru>'
	status 0
	for env in LC_ALL=de_DE.UTF-8 LC_ALL=tr_TR.UTF-8 TZ=Asia/Tokyo \
		LC_ALL=C; do
		rm -rf again.d
		try env "$env" "$MAILCFG" gen -q -t all -o again.d/ \
			'Ada <alice@mail.ru>'
		status 0
		diff -r out.d again.d
	done
}
