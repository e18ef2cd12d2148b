#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# QR codes and settings files for telephones.

load common

# reads FILE: what its code says, byte for byte.
reads() {
	zbarimg -q --raw -Sbinary -Sdisable -Sqrcode.enable "$1" 2>/dev/null
}

PERSON=(a@example.org b@example.org c@example.org)
PAYLOAD=(--set qr.format=payload)

@test "every form of a code says the same" {
	local json=alice@example.org.android.json
	for format in png svg text payload; do
		gen -t android "${SERVERS[@]}" --set qr.format="$format" \
			-o out.d/ 'Alice <alice@example.org>'
		status 0
	done
	holds alice@example.org.android.{json,png,svg,txt}
	printf '%s%s' '[1,[1,1],[0,"imap.example.org",993,3,1,' \
		'"alice@example.org"],[[[0,"smtp.example.org",465,3,1,' >want
	printf '%s' '"alice@example.org"],["alice@example.org","Alice"]]]]' \
		>>want
	cmp want out.d/$json
	reads out.d/alice@example.org.android.png | cmp - out.d/$json
	rsvg-convert -o drawn.png out.d/alice@example.org.android.svg
	reads drawn.png | cmp - out.d/$json
	gen -t android "${SERVERS[@]}" -o default.png 'Alice <alice@example.org>'
	cmp default.png out.d/alice@example.org.android.png
}

@test "a code on a terminal is drawn, and what to do stands below" {
	on_terminal "$MAILCFG" gen "${SERVERS[@]}" -t android alice@example.org
	status 0
	says
	grep -q '▀' out
	tr -d '\r' <out | tail -3 | diff -u - <(printf '%s\n' \
		'Thunderbird for Android: alice@example.org' \
		'In Thunderbird for Android choose Import settings, then Scan QR code.' \
		'The app asks for the password.')
}

@test "--combine fills a code as far as it scans well" {
	gen -t android "${SERVERS[@]}" "${PAYLOAD[@]}" --combine -o out.d/ \
		"${PERSON[@]}"
	status 0
	says 'created 2 changed 0 same 0 refused 0'
	holds a@example.org.android.json c@example.org.android.json
	[ "$(wc -c <out.d/a@example.org.android.json)" -le 271 ]
	jq -e '.[1] == [1,1] and .[2][5] == "a@example.org" and
		.[4][5] == "b@example.org" and length == 6' \
		out.d/a@example.org.android.json
	jq -e '.[1] == [1,1] and .[2][5] == "c@example.org" and length == 4' \
		out.d/c@example.org.android.json
	# the same by records; another person begins another code
	printf 'address,person\na@example.org,p\nb@example.org,p\n' >a.csv
	printf 'c@example.org,p\nd@example.org,q\n' >>a.csv
	gen -t android "${SERVERS[@]}" "${PAYLOAD[@]}" --combine -o rows.d/ \
		--from a.csv --by person --report report
	status 0
	cmp out.d/a@example.org.android.json rows.d/p/a@example.org.android.json
	cmp out.d/c@example.org.android.json rows.d/p/c@example.org.android.json
	[ -f rows.d/q/d@example.org.android.json ]
	jq -r '.path // empty' report | diff -u - <(printf '%s\n' \
		rows.d/p/a@example.org.android.json \
		rows.d/p/c@example.org.android.json \
		rows.d/q/d@example.org.android.json)
	# one place for two documents
	gen -t android "${SERVERS[@]}" --combine -o one.png "${PERSON[@]}"
	status 64
	says 'mailcfg: error: wrong usage: more than one document: give -o DIR/ [usage]'
	not ls one.png
	gen -t android "${SERVERS[@]}" --combine -o one.png a@example.org \
		b@example.org
	status 0
}

@test "k9: --combine makes one file" {
	gen -t k9 "${SERVERS[@]}" --combine -o all.k9s "${PERSON[@]}"
	status 0
	[ "$(xmllint --xpath 'count(//account)' all.k9s)" = 3 ]
	[ "$(xmllint --xpath 'string(//account[2]/name)' all.k9s)" = \
		b@example.org ]
}

@test "one account that is refused leaves the others their code" {
	printf '%s\n' address,person,imap.host,smtp.host,imap.auth \
		a@example.org,p,imap.example.org,smtp.example.org,oauth2 \
		b@example.org,p,imap.example.org,smtp.example.org, \
		c@example.org,p,imap.example.org,smtp.example.org, >a.csv
	gen -t android "${PAYLOAD[@]}" --combine -o out.d/ --from a.csv
	status 65
	holds b@example.org.android.json
	jq -e 'length == 6' out.d/b@example.org.android.json
}

@test "a password is in a code and a file only when it shall be" {
	(umask 077 && printf 'Pw7\n' >pw)
	for target in android k9; do
		gen -t "$target" "${SERVERS[@]}" "${PAYLOAD[@]}" -o quiet.d/ \
			--password-from file:pw alice@example.org
		status 0
		gen -t "$target" "${SERVERS[@]}" "${PAYLOAD[@]}" -o out.d/ \
			--password-from file:pw --embed-password \
			alice@example.org
		status 0
	done
	not grep -r Pw7 quiet.d
	holds alice@example.org.android.json alice@example.org.k9s
	[ "$(grep -c Pw7 out.d/*.json)" = 1 ]
	[ "$(grep -c '<password>Pw7</password>' out.d/*.k9s)" = 2 ]
	for file in out.d/*; do
		[ "$(stat -c %a "$file")" = 600 ]
	done
}

@test "what is hard to scan is said" {
	local name
	name=$(printf 'n%.0s' {1..160})
	gen -t android "${SERVERS[@]}" -o out.d/ "$name <alice@example.org>"
	status 0
	head -1 err | diff -u - <(echo 'operand 1:1:163: warning: QR code is hard to scan: android: address: 300 bytes; telephones read up to 271 well [hard-to-scan]')
	reads out.d/alice@example.org.android.png | grep -q "$name"
}
