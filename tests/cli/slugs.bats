#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Every message of the closed table is met by somebody who types something.

load common

# csv LINE...: a record file of these lines, its accounts as JSON.
from() {
	local name=$1
	shift
	printf '%s\n' "$@" >"$name"
	chmod 600 "$name"
	gen -t json --smtp s.example --from "$name"
}

one() {
	gen "$@" a@example.org
}

# letter WORD...: a message.
letter() {
	[ -x "${MAILCFG%/*}/mailcfg-net" ] || skipped=1
	try "$MAILCFG" mail --sender it@b.example "${SERVERS[@]}" "$@"
}

insecure=imap+insecure://i.example

# put_in_signature FILE: it, with a signature of nobody in particular.
put_in_signature() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout key -out cert -subj /CN=Nobody -days 2 2>/dev/null
	openssl cms -sign -binary -nodetach -outform DER -signer cert \
		-inkey key -in "$1"
}

# without ABILITY: a target that lacks it.
without() {
	"$MAILCFG" targets --json | jq -r --arg can "$1" \
		'[.[] | select(.can[$can] or ."wants-url" | not) | .name][0]'
}

# signer NAME DAYS USAGE ALGORITHM [WORD...]: NAME.pem with a key and NAME.crt.
signer() {
	(
		umask 077
		openssl req -x509 -noenc -newkey "$4" -keyout "$1.key" \
			-days "$2" -subj "/CN=$1" -addext "keyUsage=$3" \
			-out "$1.crt" "${@:5}" 2>log && cat "$1.key" "$1.crt" >"$1.pem"
	)
}

rsa() {
	signer "$1" "${2-90}" "${3-digitalSignature}" rsa:2048
}

signed() {
	one -t apple "${SERVERS[@]}" --sign-cert "$@"
}

# asked WORD...: check, of servers that are not there.
asked() {
	[ -x "${MAILCFG%/*}/mailcfg-net" ] || skipped=1
	try "$MAILCFG" check --no-published --resolve i.example=127.0.0.1 \
		--imap imaps://i.example:9 --smtp smtps://i.example:9 "$@"
}

# provoke SLUG: does what leads to the message.
provoke() {
	case $1 in
	bad-text) one -t json "${SERVERS[@]}" --name "$(printf 'a\rb')" ;;
	too-long) one -t json --name "$(head -c 1025 /dev/zero | tr '\0' x)" ;;
	bad-address) gen -t json a@@b ;;
	bad-host) one -t json --imap imaps://a_b.example ;;
	bad-port) one -t json --set imap.port=0 ;;
	bad-url) one -t json --imap nonsense:// ;;
	url-password) one -t json --imap imaps://u:p@i.example ;;
	bad-choice) one -t json --set imap.tls=yes ;;
	bad-type) from a.json '[{"address":"a@b.example","name":1}]' ;;
	bad-lang) one -t json --lang '?' ;;
	unknown-field) from a.yaml '- address: a@b.example' '  nmae: x' ;;
	unknown-column) from a.csv address,imapp a@b.example,x ;;
	duplicate-field) from a.json '[{"name":"x","name":"y"}]' ;;
	secret-option) one -t json --set password=x ;;
	no-address) from a.csv address,name ,x ;;
	no-server) gen -t json a@unknown.example ;;
	server-parts) one -t json "${SERVERS[@]}" --set imap.port=993 ;;
	server-twice) from a.csv address,imap,imap.port a@b.example,i.example,1 ;;
	unknown-provider) one -t json --provider nosuch ;;
	cleartext-password)
		one -t apple --imap "$insecure" --smtp s.example \
			--embed-password --password-from 'cmd:echo x'
		;;
	duplicate-account) gen -t json "${SERVERS[@]}" a@b.example A@b.example ;;
	syntax) from a.json '[{' ;;
	not-utf8) from a.csv address,name "$(printf 'a@b.example,\377')" ;;
	too-big) from a.json "$(head -c 100 /dev/zero | tr '\0' '[')" ;;
	unsafe-yaml) from a.yaml '- address: &x a@b.example' ;;
	quote-it) from a.yaml '- address: a@b.example' '  password: x #y' ;;
	empty-input) from a.csv address ;;
	no-header) from a.csv a@b.example,x ;;
	no-input) gen -t json --from nosuch.csv ;;
	unknown-format) from a '???' ;;
	bad-signature)
		one -t apple "${SERVERS[@]}" --name 'Old Name'
		put_in_signature out >a
		LC_ALL=C sed -i 's/Old Name/New Name/' a
		try "$MAILCFG" show a
		;;
	defaults-late)
		from a.yaml 'accounts:' '  - address: a@b.example' \
			'defaults: {}'
		;;
	unknown-target) one -t nosuch ;;
	not-expressible)
		one -t apple "${SERVERS[@]}" --set imap.auth=oauth2
		;;
	domain-differs)
		printf 'address,imap\na@b.example,i.example\nc@b.example,j.example\n' \
			>a.csv
		gen -t thunderbird --smtp s.example --from a.csv -o out.d/
		;;
	not-adjacent)
		printf 'address,person\na@b.example,P\nc@b.example,Q\nd@b.example,P\n' \
			>a.csv
		gen -t apple "${SERVERS[@]}" --combine --from a.csv -o out.d/
		;;
	too-many)
		gen -t apple "${SERVERS[@]}" --combine \
			$(seq -f 'u%g@b.example' 33)
		;;
	usage) gen ;;
	unknown-command) try "$MAILCFG" nosuch ;;
	unknown-option) gen --nosuch ;;
	no-match)
		printf 'address,name\na@b.example,x\n' >a.csv
		gen -t json "${SERVERS[@]}" --from a.csv b@b.example
		;;
	bad-preset) one -t json --providers nosuch ;;
	bad-rule) try "$MAILCFG" explain --errors nosuch x ;;
	unknown-error) try "$MAILCFG" explain frobnicated ;;
	readable-secret)
		one -t json "${SERVERS[@]}" --embed-password \
			--password-from 'cmd:echo x'
		;;
	weak-key)
		private key short
		one -t apple "${SERVERS[@]}" --token-key key \
			--profile-url 'https://x.example/{token}'
		;;
	terminal)
		on_terminal "$MAILCFG" gen -t apple-qr "${SERVERS[@]}" \
			--profile-url https://x.example/x \
			--set qr.format=png a@example.org
		;;
	password-source)
		one -t json "${SERVERS[@]}" --password-from cmd:false
		;;
	file-exists)
		echo x >a
		one -t json "${SERVERS[@]}" -o a
		;;
	cannot-create) one -t json "${SERVERS[@]}" -o no/such/a ;;
	cannot-write)
		got=0
		"$MAILCFG" fields 2>err >/dev/full || got=$?
		;;
	busy)
		mkdir -p out.d
		try flock out.d "$MAILCFG" gen -t json "${SERVERS[@]}" \
			-o out.d/ a@example.org
		;;
	interrupted)
		try timeout -s INT 2 "$MAILCFG" gen -t json "${SERVERS[@]}" \
			--from-format csv --from - < <(sleep 4)
		;;
	no-memory)
		# an address sanitizer wants more room than there is
		if grep -q __asan_init "$MAILCFG"; then
			skipped=1
			return
		fi
		# as little as it takes to start, and then a set that grows
		room=20000
		until (ulimit -v "$room" && "$MAILCFG" --version) \
			>out 2>&1; do
			room=$((room + 2000))
		done
		seq -f '{"address":"u%.0f@b.example"}' 300000 >a.ndjson
		got=0
		(ulimit -v $((room + 2000)) && exec "$MAILCFG" gen -t json \
			"${SERVERS[@]}" --from a.ndjson) >out 2>err || got=$?
		[ "$got" -eq 71 ]
		;;
	bad-template) letter --templates nosuch a@school.example ;;
	not-built)
		mkdir -p alone
		cp "$MAILCFG" alone/
		try alone/mailcfg mail
		;;
	bad-journal)
		echo x >j
		letter --sendmail cat --journal j a@b.example
		;;
	mail-refused) letter --sendmail false a@b.example ;;
	mail-waits)
		letter --sendmail "sh -c 'exit 75'" --retry-for 0 a@b.example
		;;
	mail-doubtful) letter --sendmail "sh -c 'kill -9 \$\$'" a@b.example ;;
	server-fails) asked a@b.example ;;
	submission) letter --sendmail ./nosuch a@b.example ;;
	unverified-transport)
		letter --embed-password --password-from 'cmd:echo x' \
			a@b.example
		;;
	password-mailed)
		letter --embed-password --password-from 'cmd:echo x' \
			--allow-unverified-transport -o a.eml a@b.example
		;;
	cleartext) one -t card --imap "$insecure" --smtp s.example ;;
	starttls-device)
		one -t apple --imap imap://i.example --smtp s.example
		;;
	auth-fallback)
		one -t "$(without encrypted)" "${SERVERS[@]}" \
			--set imap.auth=encrypted -o out.d/
		;;
	left-out)
		gen -t thebat "${SERVERS[@]}" -o out.d/ 'É <a@b.example>'
		;;
	undocumented) one -t apple "${SERVERS[@]}" --set aliases=c@b.example ;;
	client-asks)
		one -t "$(without secret)" "${SERVERS[@]}" --embed-password \
			--password-from 'cmd:echo x' -o out.d/
		;;
	password-inside)
		one -t thebat "${SERVERS[@]}" --embed-password \
			--password-from 'cmd:echo x' -o out.d/
		;;
	hard-to-scan)
		one -t apple-qr "${SERVERS[@]}" --profile-url \
			"https://x.example/$(printf 'x%.0s' $(seq 300))"
		;;
	pop3-deletes) one -t apple --pop3 p.example --smtp s.example ;;
	password-blanks)
		one -t json "${SERVERS[@]}" --password-from 'cmd:echo " x"'
		;;
	password-form)
		one -t json "${SERVERS[@]}" \
			--password-from "cmd:printf 'e\\314\\201'"
		;;
	option-unused)
		printf 'address,name\na@b.example,x\n' >a.csv
		gen -t json "${SERVERS[@]}" --name y --from a.csv
		;;
	unsafe-directory)
		mkdir -pm 777 open
		private open/pw x
		one -t json "${SERVERS[@]}" --password-from file:open/pw
		;;
	preset-doubtful)
		mkdir -p providers
		printf '%s\n' 'id: ours' 'name: Ours' 'domains: ["*"]' \
			'status: broken' \
			'servers: [{url: imaps://i.example}, {url: smtps://s.example}]' \
			>providers/ours.yaml
		one -t json --providers providers
		;;
	column-ignored) from a.csv address,floor a@b.example,3 ;;
	preparation) gen -t json alice@mail.ru ;;
	not-carried)
		one -t "$(without caldav)" "${SERVERS[@]}" \
			--caldav https://c.example -o out.d/
		;;
	shared-value)
		one -t outlook "${SERVERS[@]}" a@shared.example \
			b@shared.example -o out.d/
		;;
	sign-file) signed /dev/null ;;
	sign-passphrase)
		rsa a
		openssl pkcs12 -export -in a.pem -passout pass:x -out a.p12
		signed a.p12 --allow-insecure-input
		;;
	sign-legacy)
		rsa a
		openssl pkcs12 -export -legacy -in a.pem -passout pass:x \
			-out a.p12
		signed a.p12 --allow-insecure-input \
			--sign-passphrase-from 'cmd:echo x'
		;;
	sign-key-type)
		signer a 90 digitalSignature ed25519
		signed a.pem
		;;
	sign-mismatch)
		rsa a
		rsa b
		signed a.crt --sign-key b.pem
		;;
	sign-validity)
		rsa a
		openssl x509 -in a.crt -signkey a.key -days 0 -out b.crt 2>log
		signed b.crt --sign-key a.key
		;;
	sign-chain)
		rsa a
		rsa b
		cat b.crt >>a.pem
		signed a.pem
		;;
	readable-key)
		rsa seen
		chmod 640 seen.pem
		signed seen.pem
		;;
	sign-expires)
		rsa a 29
		signed a.pem
		;;
	sign-no-chain)
		rsa ca 90 keyCertSign
		rsa a
		openssl req -new -key a.key -subj /CN=x -out a.csr
		openssl x509 -req -in a.csr -CA ca.crt -CAkey ca.key \
			-CAcreateserial -days 90 -out a.crt 2>log
		signed a.crt --sign-key a.key
		;;
	sign-usage)
		rsa a 90 keyEncipherment
		signed a.pem
		;;
	name-service)
		[ -x "${MAILCFG%/*}/mailcfg-net" ] || skipped=1
		# where no name server is
		try "$MAILCFG" discover --dns-server 127.0.0.1:9 b.example
		;;
	skipped) one -t all "${SERVERS[@]}" --set imap.auth=oauth2 -o out.d/ ;;
	*) return 9 ;;
	esac
}

# Nothing that can be typed here leads to these: a fault of ours, what
# signing.bats sees on a terminal, what tests/discover has from a name server,
# and what tests/check has from a server that refuses a login.
unreachable='fault terminal unproved login-refused not-published'

@test "every message is met" {
	missed=
	for slug in $(sed -n '/MC_MESSAGES(M)/,/^enum/p' \
		"$MAILCFG_SOURCE/lib/diag.h" | tr '\n\\' '  ' |
		grep -oE 'M\([A-Z0-9_]+, [A-Z]+, +"[a-z0-9-]+"' | cut -d'"' -f2)
	do
		case " $unreachable " in *" $slug "*) continue ;; esac
		skipped=0
		rm -rf out.d out err
		: >err
		if ! provoke "$slug"; then
			missed="$missed $slug(no way)"
		elif [ "$skipped" -eq 0 ] && ! grep -q "\[$slug\]\$" err; then
			missed="$missed $slug"
			cat err
		fi
	done
	echo "missed:$missed"
	[ -z "$missed" ]
}
