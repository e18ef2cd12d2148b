#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Nothing is lost on the way: --rejects and --report.

load common

# Records of which some are bad, in the syntax of $1.
records()
{
	case $1 in
	csv)
		printf '%s\n' address,name,imap.port a@mail.ru,Al, \
			'b@@mail.ru,"B, ""x""",' c@mail.ru,C a@mail.ru,Again, \
			d@nowhere.test,D, e@mail.ru,E,
		;;
	ndjson)
		printf '%s\n' '{"address":"a@mail.ru","name":"Al"}' \
			'{"address":"b@@mail.ru", "name":"B, \"x\""}' \
			'{"address":"c@mail.ru","nmae":"C"}' \
			'{"address":"a@mail.ru","name":"Again"}' \
			'{"address":"d@nowhere.test","name":"D"}' \
			'{"address":"e@mail.ru","name":"E"}'
		;;
	json)
		printf '{"defaults": {"organization":"X"}, "accounts":\n['
		records ndjson | paste -sd,
		printf ']}\n'
		;;
	yaml)
		printf '%s\n' 'defaults:' '  organization: X' 'accounts:' \
			'- address: a@mail.ru' '  name: Al' \
			'- address: b@@mail.ru' '  name: B' \
			'- {address: c@mail.ru, nmae: C}' \
			'- address: a@mail.ru' '- address: d@nowhere.test' \
			'  name: D' '- address: e@mail.ru'
		;;
	ldif)
		printf '%s\n' 'dn: cn=a' 'mail: a@mail.ru' '' 'dn: cn=b' \
			'mail: b@@mail.ru' 'cn: B' '' 'dn: cn=c' \
			'mail: c @mail.ru' '' 'dn: cn=a2' 'mail: a@mail.ru' '' \
			'dn: cn=d' 'mail: d@nowhere.test' '' 'dn: cn=e' \
			'mail: e@mail.ru'
		;;
	esac
}

# Mends the rejects of any syntax.
mend()
{
	sed -E -e 's/b@@mail/b@mail/' -e 's/^c@mail.ru,C,/c@mail.ru,C,,/' \
		-e 's/nmae/name/' -e 's/c @mail/c@mail/' \
		-e 's/^a@mail.ru,Again/a2@mail.ru,Again/' \
		-e '/mailcfg_reason|^#/!s/^(- address|mail): a@mail.ru/\1: a2@mail.ru/' \
		-e '/^# two records/{n;s/a@mail/a2@mail/}' \
		-e 's/"a@mail.ru","name":"Again"/"a2@mail.ru","name":"Again"/' \
		-e 's/d@nowhere.test/d@mail.ru/' "$1"
}

@test "what is refused comes back in its own syntax, mended it makes the rest" {
	for form in csv ndjson json yaml ldif; do
		records "$form" >"in.$form"
		gen -t card --from "in.$form" -o "$form.d/" \
			--rejects "bad.$form"
		status 65
		[ "$(ls "$form.d")" = \
			"$(printf '%s.card.txt\n' a@mail.ru e@mail.ru)" ]
		[ "$(stat -c %a "bad.$form")" = 600 ]
		grep -q 'bad-address' "bad.$form"
		grep -q 'duplicate-account' "bad.$form"
		grep -q 'no-server' "bad.$form"
		mend "bad.$form" >"mended.$form"
		gen -t card --from "mended.$form" -o "$form.d/" \
			--rejects "none.$form"
		status 0
		[ ! -e "none.$form" ]
		[ "$(ls "$form.d")" = "$(printf '%s.card.txt\n' a2@mail.ru \
			a@mail.ru b@mail.ru c@mail.ru d@mail.ru e@mail.ru)" ]
	done
}

@test "what is fed again unmended comes back with one reason" {
	for form in csv ndjson json yaml; do
		records "$form" >"in.$form"
		gen -t card --from "in.$form" -o "$form.d/" \
			--rejects "one.$form"
		gen -t card --from "one.$form" -o "$form.2/" \
			--rejects "two.$form"
		status 65
		case $form in
		csv) [ "$(head -n 1 two.csv)" = \
			address,name,imap.port,mailcfg_reason ] ;;
		yaml) ;;
		*) [ "$(grep -c mailcfg_reason "two.$form")" = \
			"$(grep -o mailcfg_reason "two.$form" | wc -l)" ] ;;
		esac
	done
}

@test "a table keeps its marks, quotes and line breaks" {
	printf 'address;name\r\n"x@@mail.ru";"a ""b""\nc"\r\ny@mail.ru;Y\r\n' >t.csv
	gen -t card --from t.csv -o d/ --rejects bad.csv
	status 65
	python3 - <<-'END'
		import csv
		rows = list(csv.reader(open("bad.csv", newline=""), delimiter=";"))
		assert rows[0] == ["address", "name", "mailcfg_reason"], rows
		assert rows[1][:2] == ["x@@mail.ru", 'a "b"\nc'], rows
		assert "[bad-address]" in rows[1][2] and len(rows) == 2, rows
	END
}

@test "records that come slowly" {
	for form in csv ndjson yaml ldif; do
		records "$form" >"in.$form"
		gen -q -t card --from "in.$form" -o "$form.d/" \
			--rejects "want.$form"
		python3 -c 'import sys, time
for line in open(sys.argv[1], "rb"):
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
    time.sleep(0.05)' "in.$form" | {
			gen -q -t card --from - --from-format "$form" \
				-o "$form.slow/" --rejects "bad.$form"
			status 65
		}
		sed "s/in[.]$form:/-:/" "want.$form" | cmp - "bad.$form"
		diff -r "$form.d" "$form.slow"
	done
}

@test "rejects do not depend on --jobs" {
	python3 - >many.csv <<-'END'
		print("address,name")
		for i in range(20000):
		    at = "@@" if i % 97 == 0 else "@"
		    print(f"u{i % 19000}{at}mail.ru,U {i}")
	END
	for jobs in 1 2 5; do
		gen -t card --from many.csv -o - --output-format=concat \
			--jobs "$jobs" --rejects "bad$jobs" \
			--report "report$jobs"
		status 65
	done
	cmp bad1 bad2
	cmp bad1 bad5
	cmp report1 report2
	cmp report1 report5
	[ "$(wc -l <bad1)" -gt 1150 ]
}

@test "the report has a line for each document and each message" {
	records csv >in.csv
	gen -t card,apple --from in.csv -o d/ --report r.ndjson
	status 65
	[ "$(stat -c %a r.ndjson)" = 600 ]
	jq -e -s '[.[] | select(.action == "created")] | length == 4' r.ndjson
	jq -e -s '[.[] | select(.slug == "duplicate-account")] |
		length == 1 and .[0].line == 5 and .[0].level == "error" and
		.[0].file == "in.csv" and .[0].column == 1' r.ndjson
	jq -r 'select(.action) | "\(.sha256)  \(.path)"' r.ndjson |
		sha256sum -c --quiet
	jq -r 'select(.action) | "\(.bytes) \(.path)"' r.ndjson |
		while read -r bytes path; do
			[ "$(stat -c %s "$path")" = "$bytes" ]
		done
	# again: nothing is written, and that is said
	find d -printf '%p %T@ %i\n' | sort >before
	gen -t card,apple --from in.csv -o d/ --report r.ndjson
	find d -printf '%p %T@ %i\n' | sort | cmp - before
	grep -q '^created 0 changed 0 same 4 refused 0$' err
	jq -e -s '[.[] | select(.action == "same")] | length == 4' r.ndjson
	# on standard output, which then has nothing else
	gen -q -t card --from in.csv -o e/ --report -
	jq -e -s '[.[] | select(.action == "created") | .account] ==
		["a@mail.ru", "e@mail.ru"]' out
}

@test "a message that is counted has its lines in the report" {
	printf 'address\n%s\n%s\n%s\n' a@x.test b@x.test c@x.test >in.csv
	gen -t apple --from in.csv --imap imaps://i.x.test \
		--smtp smtp://s.x.test -o d/ --report r.ndjson
	status 0
	grep -q 'and 2 more \[starttls-device\]' err
	jq -e -s '[.[] | select(.slug == "starttls-device")] | length == 3' \
		r.ndjson
}

@test "no secret is in the report" {
	umask 077
	printf 'address,password\na@mail.ru,Canary&1\nb@@mail.ru,Canary&2\n' >in.csv
	gen -t apple --embed-password --from in.csv -o d/ --report r.ndjson \
		--rejects bad.csv
	status 65
	not grep -q Canary r.ndjson
	grep -q 'Canary&2' bad.csv
}

@test "where they have no place" {
	records csv >in.csv
	gen -t card --report - a@mail.ru
	status 64
	gen -t card --rejects bad.csv a@mail.ru
	status 64
	gen -t card --from in.csv --from in.csv --rejects bad.csv -o d/
	status 64
	gen -t card --from in.csv --rejects - -o d/
	status 64
	gen -t apple --combine --from in.csv --rejects bad.csv -o d/
	status 64
	[ ! -e d ]
	echo mine >bad.csv
	gen -t card --from in.csv --rejects bad.csv -o d/
	status 73
	[ "$(cat bad.csv)" = mine ]
	gen -t card --from in.csv --rejects bad.csv -o d/ --force
	status 65
	gen -t card --from in.csv --report nowhere/r -o d/
	status 73
}
