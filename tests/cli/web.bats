#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# --profile-url and --token-key: where documents lie on the web.

load common

URL='https://example.org/p/{token}.mobileconfig'
# That of alice@example.org with the key below.
TOKEN=hrfshacghp5jsovle33gids6ak2hxg5h
# what decides how files for QR codes are told apart
SVG=(--set qr.format=svg)

key() {
	(umask 077 && printf 0123456789abcdef0123456789abcdef >site.key)
}

# web WORD...: gen with a URL that holds a token.
web() {
	[ -f site.key ] || key
	gen "${SERVERS[@]}" --profile-url "$URL" --token-key site.key "$@"
}

# reads FILE: what the code in a PNG says.
reads() {
	zbarimg -q --raw -Sdisable -Sqrcode.enable "$1" 2>/dev/null
}

@test "the code says where the profile lies, which is named so" {
	web -t apple,apple-qr -o out.d/ alice@example.org
	status 0
	says 'created 2 changed 0 same 0 refused 0'
	holds alice@example.org.profile-qr.png "$TOKEN.mobileconfig"
	[ "$(reads out.d/alice@example.org.profile-qr.png)" = \
		"https://example.org/p/$TOKEN.mobileconfig" ]
	grep -q 'alice@example.org' "out.d/$TOKEN.mobileconfig"
}

@test "the profile is the same under either name" {
	web -t apple -o out.d/ alice@example.org
	gen -t apple "${SERVERS[@]}" alice@example.org
	status 0
	cmp out "out.d/$TOKEN.mobileconfig"
}

@test "a token is the address's and the secret's, and nothing else's" {
	web -t apple -o out.d/ Alice@Example.org 'Bo <bo@example.org>'
	status 0
	[ -f "out.d/$TOKEN.mobileconfig" ]
	[ "$(find out.d -name '*.mobileconfig' | wc -l)" -eq 2 ]
	[ "$(find out.d -type f | grep -cE '/[a-z2-7]{32}\.mobileconfig$')" -eq 2 ]
	rm -r out.d
	web -t apple -o out.d/ --set imap=imaps://other.example.net \
		alice@example.org
	holds "$TOKEN.mobileconfig"
	rm -r out.d
	printf x >>site.key
	web -t apple -o out.d/ alice@example.org
	status 0
	[ "$(find out.d -name '*.mobileconfig' | wc -l)" -eq 1 ]
	[ ! -e "out.d/$TOKEN.mobileconfig" ]
}

@test "only the profile's files are named by the URL" {
	web -t all -o out.d/ alice@example.org
	status 0
	[ -f "out.d/$TOKEN.mobileconfig" ]
	[ -f out.d/alice@example.org.profile-qr.png ]
	[ -f out.d/alice@example.org.card.txt ]
	[ "$(find out.d -name '*hrfsh*' | wc -l)" -eq 1 ]
}

@test "names in an archive and in a stream are the same" {
	web -t apple -o x.tar alice@example.org
	status 0
	[ "$(tar tf x.tar)" = "$TOKEN.mobileconfig" ]
	web -t apple -o - --output-format=ndjson alice@example.org
	[ "$(jq -r .name out)" = "$TOKEN.mobileconfig" ]
	web -t apple-qr --by person -o out.d/ alice@example.org
	holds alice@example.org/alice@example.org.profile-qr.png
}

@test "qr.format" {
	for format in png svg text; do
		web -t apple-qr --set qr.format="$format" -o "a.$format" \
			alice@example.org
		status 0
		says
	done
	[ "$(head -c 4 a.png | tail -c 3)" = PNG ]
	xmllint --nonet --noout a.svg
	[ "$(tail -n 1 a.text)" = "https://example.org/p/$TOKEN.mobileconfig" ]
	web -t apple-qr -o x alice@example.org
	cmp x a.png
	web -t apple-qr -o out.d/ "${SVG[@]}" alice@example.org
	holds alice@example.org.profile-qr.svg
	cmp out.d/alice@example.org.profile-qr.svg a.svg
	printf 'address,qr.format\nalice@example.org,text\nbo@example.org,svg\n' \
		>a.csv
	rm -r out.d
	web -t apple-qr --from a.csv -o out.d/
	status 0
	holds alice@example.org.profile-qr.txt bo@example.org.profile-qr.svg
	cmp out.d/alice@example.org.profile-qr.txt a.text
	web -t apple-qr --set qr.format=payload -o out.d/ alice@example.org
	status 0
	[ "$(cat out.d/alice@example.org.profile-url.txt)" = \
		"https://example.org/p/$TOKEN.mobileconfig" ]
	web -t apple-qr --set qr.format=gif alice@example.org
	status 64
	says '--set:1:11: error: not one of the known values: qr.format: "gif": write png, svg, text or payload [bad-choice]'
}

@test "on a terminal it is drawn" {
	key
	on_terminal "$MAILCFG" gen "${SERVERS[@]}" -t apple-qr --profile-url \
		"$URL" --token-key site.key alice@example.org
	status 0
	says
	web -t apple-qr --set qr.format=text alice@example.org
	tr -d '\r' <"$BATS_TEST_TMPDIR/out" >plain
	on_terminal "$MAILCFG" gen "${SERVERS[@]}" -t apple-qr --profile-url \
		"$URL" --token-key site.key alice@example.org
	tr -d '\r' <out | cmp - plain
	on_terminal "$MAILCFG" gen "${SERVERS[@]}" -t apple-qr --profile-url \
		"$URL" --token-key site.key --set qr.format=png alice@example.org
	status 64
	grep -q '\[terminal\]$' err
}

@test "without a URL there is no code" {
	gen -t apple-qr,card "${SERVERS[@]}" -o out.d/ alice@example.org
	status 65
	says 'operand 1:1:1: error: target cannot express this: apple-qr: address: give --profile-url: the code leads to where the profile lies [not-expressible]' \
		'created 1 changed 0 same 0 refused 1'
	holds alice@example.org.card.txt
	# nobody asked for it
	gen -t all "${SERVERS[@]}" -q -o all.d/ alice@example.org
	status 0
	not ls all.d/*.profile-qr.*
	gen -t all,apple-qr "${SERVERS[@]}" -q -o all.d/ alice@example.org
	status 65
}

@test "an account without a profile has no code" {
	web -t apple-qr --set imap.auth=oauth2 -o out.d/ alice@example.org
	status 65
	grep -q 'apple-qr: imap.auth.*: there can be no profile: OAuth2 ' err
	web -t all -q --set imap.auth=oauth2 -o out.d/ alice@example.org
	status 0
	not ls out.d/*.profile-qr.*
}

@test "one profile of several accounts has one code" {
	web -t apple,apple-qr --combine -o out.d/ alice@example.org \
		bo@example.org
	status 0
	holds alice@example.org.profile-qr.png "$TOKEN.mobileconfig"
	grep -q bo@example.org "out.d/$TOKEN.mobileconfig"
}

@test "the report tells the URL" {
	web -t apple,apple-qr,card -o out.d/ --report r alice@example.org
	status 0
	[ "$(jq -r 'select(.target) | .target + " " + (.url // "-")' r)" = \
		"apple https://example.org/p/$TOKEN.mobileconfig
apple-qr https://example.org/p/$TOKEN.mobileconfig
card -" ]
	[ "$(jq -cr 'select(.target == "apple") | keys_unsorted' r)" = \
		'["account","target","person","path","url","bytes","sha256","action"]' ]
	gen -t apple "${SERVERS[@]}" -o x --report r alice@example.org
	[ "$(jq -r '.url // "-"' r)" = - ]
}

@test "a URL of one's own" {
	gen -t apple-qr,apple "${SERVERS[@]}" -o out.d/ --report r --profile-url \
		'https://{domain}/{mailbox}.mobileconfig?v=2' 'Al/ice@example.org'
	status 0
	holds al%2fice@example.org.mobileconfig al%2fice@example.org.profile-qr.png
	[ "$(reads out.d/*.png)" = \
		'https://example.org/al%252fice@example.org.mobileconfig?v=2' ]
	# the name is no longer the URL's matter
	web -t apple -o x.d/ --profile-url \
		'https://example.org/get?t={token}' alice@example.org
	status 0
	[ -f x.d/alice@example.org.mobileconfig ]
	gen -t apple-qr "${SERVERS[@]}" -o y.d/ --profile-url \
		https://example.org/only.mobileconfig alice@example.org
	status 0
	gen -t apple-qr "${SERVERS[@]}" -o z.d/ --profile-url \
		https://example.org/only.mobileconfig alice@example.org \
		bo@example.org
	status 64
	says 'mailcfg: error: wrong usage: --profile-url without {token} or {mailbox} serves one account [usage]'
}

@test "URLs that cannot be used" {
	key
	while IFS='|' read -r url why; do
		gen -t apple "${SERVERS[@]}" --profile-url "$url" \
			--token-key site.key alice@example.org
		status 64
		says "mailcfg: error: wrong usage: --profile-url: $why [usage]"
	done <<'EOF'
http://example.org/{token}|https:// is wanted
https://example.org|a path is wanted after the host
https://example.org/{user}|{token}, {mailbox}, {local-part} and {domain} are known, and no other braces
https://{token}.example.org/|the host is none; only {domain} may be a part of it
https://u:p@example.org/{token}|a URL with a login in it cannot be used
https://example.org/a b|a URL is of ASCII, without blanks and quotes
https://example.org/%41{token}|% and # have no place in it
https://example.org/P-{token}.mobileconfig|its last part names files: a to z, digits, '.', '-' and '_' can stand there
EOF
	gen -t apple "${SERVERS[@]}" --token-key site.key alice@example.org \
		--profile-url "https://example.org/$(head -c 1100 /dev/zero | tr '\0' x)"
	status 64
	grep -q 'longer than 1024 bytes' err
}

@test "options that go together" {
	key
	gen -t apple "${SERVERS[@]}" --profile-url "$URL" alice@example.org
	status 64
	says 'mailcfg: error: wrong usage: {token} in --profile-url is made from a secret: give --token-key FILE [usage]'
	gen -t apple "${SERVERS[@]}" --token-key site.key alice@example.org
	status 64
	says 'mailcfg: error: wrong usage: --token-key goes with --profile-url [usage]'
	gen -t apple "${SERVERS[@]}" --token-key site.key --profile-url \
		'https://example.org/{mailbox}' alice@example.org
	status 64
	says 'mailcfg: error: wrong usage: --token-key goes with {token} in --profile-url [usage]'
	gen -t apple "${SERVERS[@]}" --embed-password --profile-url \
		'https://example.org/{mailbox}' alice@example.org
	status 64
	says 'mailcfg: error: wrong usage: with --embed-password --profile-url wants {token}: anybody could guess where the passwords lie [usage]'
	web -t card alice@example.org
	status 0
	says '--profile-url: warning: option changed no account: no target of this run lies there, or says what does [option-unused]'
}

@test "a key that cannot be used" {
	web -t apple --token-key nosuch alice@example.org
	status 66
	says '--token-key: error: cannot read input: nosuch: No such file or directory [no-input]'
	private short 0123456789abcdef0123456789abcd
	web -t apple --token-key short alice@example.org
	status 77
	says '--token-key: error: key is too short: short has 31 bytes, and 32 are wanted: head -c 32 /dev/urandom > short [weak-key]'
	chmod 644 site.key
	web -t apple alice@example.org
	status 77
	says 'site.key: error: others can read a file with passwords: its mode is 0644: chmod 600 site.key [readable-secret]'
	web -t apple --allow-insecure-input alice@example.org
	status 0
	chmod 600 site.key
	chmod 777 .
	web -t apple alice@example.org
	status 0
	says 'site.key: warning: others can replace files in the directory: chmod go-w . [unsafe-directory]'
	chmod 755 .
	head -c 70000 /dev/zero >big
	chmod 600 big
	web -t apple --token-key big alice@example.org
	status 66
	says '--token-key: error: cannot read input: big: it is longer than 64 KiB [no-input]'
}

@test "codes that are hard to read" {
	web -t apple-qr --profile-url \
		"https://example.org/$(head -c 300 /dev/zero | tr '\0' x)/{token}" \
		-o a alice@example.org
	status 0
	grep -q 'hard to scan: apple-qr: address: 353 bytes; telephones read up to 271 well \[hard-to-scan\]$' err
	long=$(printf '{mailbox}%.0s' $(seq 100))
	web -t apple-qr -o a --profile-url "https://example.org/{token}?$long" \
		"$(head -c 60 /dev/zero | tr '\0' x)@example.org"
	status 65
	grep -q 'a QR code holds 2953 bytes, and 7253 are wanted \[not-expressible\]$' err
}

@test "threads and stencils make no difference" {
	printf 'address,name\n' >a.csv
	seq -f 'u%g@example.org,N' 500 >>a.csv
	web -t apple,apple-qr --from a.csv -o one.tar --jobs 1
	status 0
	web -t apple,apple-qr --from a.csv -o two.tar --jobs 4
	web -t apple,apple-qr --from a.csv -o three.tar --no-stencil
	cmp one.tar two.tar
	cmp one.tar three.tar
	[ "$(tar tf one.tar | grep -cE '^[a-z2-7]{32}\.mobileconfig$')" -eq 500 ]
	[ "$(tar tf one.tar | sort -u | wc -l)" -eq 1000 ]
}
