#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# mailcfg show: profiles of other makers, signatures, what it refuses.

load common

PROFILES=$BATS_TEST_DIRNAME/../show/profiles

show() {
	try "$MAILCFG" show "$@"
}

# profile WORD...: alice.mobileconfig, made by gen with the words.
profile() {
	"$MAILCFG" gen -q --target=apple "${SERVERS[@]}" "$@" \
		-o alice.mobileconfig --force 'Alice Berg <alice@example.org>'
}

# authority NAME SUBJECT: NAME.pem and NAME.key, which vouches for itself.
authority() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" \
		-out "$1.pem" -subj "$2" -utf8 -days 30 \
		-addext basicConstraints=critical,CA:TRUE 2>/dev/null
}

# certificate NAME ISSUER SUBJECT [CONSTRAINTS [DAYS]]: NAME.pem and NAME.key.
certificate() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1.key" -out "$1.csr" -subj "$3" -utf8 2>csr.log
	echo "basicConstraints=${4-CA:FALSE}" >"$1.ext"
	openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" \
		-set_serial 7 -extfile "$1.ext" -days "${5-20}" -out "$1.pem" \
		2>x509.log
}

# sign NAME [WORD...]: signed.mobileconfig, by NAME.
sign() {
	local name=$1
	shift
	openssl cms -sign -binary -nodetach -outform DER -signer "$name.pem" \
		-inkey "$name.key" -in alice.mobileconfig \
		-out signed.mobileconfig "$@"
}

# Without the comments, it is what the file itself gives.
same_accounts() {
	grep -v '^#' out >signed.yaml
	"$MAILCFG" show alice.mobileconfig 2>/dev/null | grep -v '^#' |
		cmp - signed.yaml
}

@test "profiles of other makers" {
	cp "$PROFILES"/*.mobileconfig .
	for file in *.mobileconfig; do
		name=${file%.mobileconfig}
		show "$file"
		echo "status $got" >>err
		if [ "${GOLDEN-}" = update ]; then
			cp out "$PROFILES/$name.want"
			cp err "$PROFILES/$name.says"
		fi
		diff -u "$PROFILES/$name.want" out
		diff -u "$PROFILES/$name.says" err
	done
	[ "$(find . -name '*.mobileconfig' | wc -l)" -ge 8 ]
}

@test "what is shown is a file for --from" {
	profile
	show alice.mobileconfig
	status 0
	says
	head -1 out | grep -qx '# not signed'
	cp out alice.yaml
	gen --target=apple --from alice.yaml
	status 0
	cmp out alice.mobileconfig
}

@test "standard input" {
	profile
	show - <alice.mobileconfig
	status 0
	grep -qx -- '- address: "alice@example.org"' out
	show - </dev/null
	status 66
	says '-: error: input has no record: there is nothing in it [empty-input]'
}

@test "--json" {
	profile
	show --json alice.mobileconfig
	status 0
	jq -e '.target == "apple" and .signed == false and
		(has("signature") | not) and ."password-inside" == false and
		.notes == [] and (.accounts | length) == 1 and
		.accounts[0].imap.port == 993' out
	jq .accounts out >alice.json
	gen --target=apple --from alice.json
	cmp out alice.mobileconfig
}

@test "passwords are shown only when asked for" {
	private pw c4nary
	profile --embed-password --password-from file:pw
	show alice.mobileconfig
	status 0
	says 'alice.mobileconfig: warning: anybody who reads the file has the password: it is left out; --show-secrets shows it [password-inside]'
	not grep c4nary out
	grep -qx '# a password is inside; --show-secrets shows it' out
	show --json alice.mobileconfig
	not grep c4nary out
	jq -e '."password-inside"' out
	(
		umask 077
		rm out
		show --show-secrets alice.mobileconfig
		status 0
		says
	)
	[ "$(grep -c 'password: "c4nary"' out)" -eq 2 ]
	not grep 'a password is inside' out
}

@test "passwords are not told to a file that others can read" {
	private pw c4nary
	profile --embed-password --password-from file:pw
	show --show-secrets alice.mobileconfig
	status 77
	prints
	says 'alice.mobileconfig: error: others can read a file with passwords: standard output has mode 0644: umask 077 first [readable-secret]'
	got=0
	"$MAILCFG" show --show-secrets alice.mobileconfig 2>err | cat >out ||
		got=$?
	grep -q c4nary out
}

@test "signed, up to a root that is trusted" {
	profile
	authority root '/O=School & Söner/CN=Root'
	certificate leaf root /CN=mail.example.org
	sign leaf
	show --ca-file root.pem signed.mobileconfig
	status 0
	says
	sed -n 1p out | grep -qx '# signed by CN=mail.example.org'
	sed -n 2p out | grep -qE '^# signed at [0-9T:-]+Z, as the signer says$'
	sed -n 3p out | grep -qx '# signature: good, sha256'
	sed -n 4p out | grep -qE '^# certificate: valid until [0-9T:-]+Z, issued by CN=Root, O=School &$'
	grep -qx '# chain: whole, up to CN=Root, O=School & Söner, which is trusted here' out
	same_accounts
	show --json --ca-file root.pem signed.mobileconfig
	until=$(openssl x509 -in leaf.pem -noout -enddate | sed 's/.*=//')
	[ "$(jq -r '.signature."valid-until"' out)" = \
		"$(date -u -d "$until" +%Y-%m-%dT%H:%M:%SZ)" ]
	jq -e '.signed and (.signature | .good and .chain == "trusted" and
		."chain-whole" and ."valid-now" and .certificates == 1 and
		.signers == 1 and .digest == "sha256" and
		.issuer == "CN=Root, O=School & Söner")' out
}

@test "the system's roots do not know a root of ours" {
	profile
	authority root /CN=Root
	certificate leaf root /CN=Leaf
	sign leaf
	# what the environment says of roots is nothing to us
	SSL_CERT_FILE=$PWD/root.pem show --json signed.mobileconfig
	status 0
	jq -e '.signature | .good and .chain == "incomplete" and
		(."chain-whole" | not) and ."chain-end" == "CN=Root"' out
}

@test "a chain with an intermediate" {
	profile
	authority root /CN=Root
	certificate middle root /CN=Middle CA:TRUE
	certificate leaf middle /CN=Leaf
	sign leaf -certfile middle.pem
	show --json --ca-file root.pem signed.mobileconfig
	jq -e '.signature | .chain == "trusted" and .certificates == 2' out
	sign leaf
	show --ca-file root.pem signed.mobileconfig
	status 0
	grep -qx '# chain: not whole: CN=Middle is neither inside nor trusted here' out
	cat middle.pem root.pem >chain.pem
	sign leaf -certfile chain.pem
	show signed.mobileconfig
	grep -qx '# chain: whole, up to CN=Root, which is inside and not trusted here' out
	same_accounts
}

@test "a certificate that vouches for itself" {
	profile
	authority self '/CN=Self, or not'
	sign self
	show signed.mobileconfig
	status 0
	grep -qxF '# signed by CN=Self\, or not' out
	grep -qx '# chain: none: the certificate vouches for itself' out
	show --json signed.mobileconfig
	jq -e '.signature | .chain == "self-signed" and
		(."chain-whole" | not)' out
}

@test "a certificate that is over, and one that is to come" {
	profile
	authority root /CN=Root
	certificate old root /CN=Old CA:FALSE -1
	sign old
	show --ca-file root.pem signed.mobileconfig
	status 0
	grep -q '^# certificate: EXPIRED [0-9T:-]*Z, issued by CN=Root$' out
	# how far it leads is another question
	grep -q '^# chain: whole' out
	show --json --ca-file root.pem signed.mobileconfig
	jq -e '.signature | .good and (."valid-now" | not)' out
}

@test "a certificate that may not sign others" {
	profile
	authority root /CN=Root
	certificate fake root /CN=Fake CA:FALSE
	certificate leaf fake /CN=Leaf
	sign leaf -certfile fake.pem
	show --json --ca-file root.pem signed.mobileconfig
	status 0
	jq -e '.signature | .good and .chain == "broken" and
		(."chain-why" | length > 0)' out
	show --ca-file root.pem signed.mobileconfig
	grep -q '^# chain: broken: ' out
}

@test "the name of a signer harms neither the terminal nor the file" {
	profile
	authority root "$(printf '/CN=A\033[31m\302\205- address: \342\200\256x')"
	sign root
	show signed.mobileconfig
	status 0
	not grep -q "$(printf '\033')" out
	not grep -q "$(printf '\302\205')" out
	grep -v '^#' out >rest
	head -1 rest | grep -qx -- '- address: "alice@example.org"'
	cp out alice.yaml
	gen -q --target=apple --from alice.yaml
	cmp out alice.mobileconfig
}

@test "a signed file that was changed" {
	profile
	authority root /CN=Root
	sign root
	LC_ALL=C sed -i 's/Alice Berg/Mallory B!/' signed.mobileconfig
	show signed.mobileconfig
	status 65
	says 'signed.mobileconfig: error: signature does not hold: the content is not what was signed [bad-signature]'
	grep -qx '# signature: BAD: the content is not what was signed' out
	grep -q Mallory out
	show --json signed.mobileconfig
	status 65
	jq -e '.signature | (.good | not) and
		.why == "the content is not what was signed"' out
}

@test "a signature that is another's" {
	profile
	authority root /CN=Root
	cp root.key real.key
	openssl genrsa -out root.key 2048 2>/dev/null
	openssl req -x509 -key root.key -out other.pem -subj /CN=Root \
		-set_serial "0x$(openssl x509 -in root.pem -noout -serial |
			sed 's/.*=//')" 2>/dev/null
	mv root.pem right.pem
	mv other.pem root.pem
	sign root -nocerts -certfile right.pem
	show signed.mobileconfig
	status 65
	says 'signed.mobileconfig: error: signature does not hold: it was not made with the key of the certificate [bad-signature]'
}

@test "a signature without its certificate" {
	profile
	authority root /CN=Root
	sign root -nocerts
	show signed.mobileconfig
	status 65
	says "signed.mobileconfig: error: signature does not hold: the signer's certificate is not in the file, so nobody can check it [bad-signature]"
	grep -qx '# signed by somebody whose certificate is not inside' out
	grep -qx '# chain: there is no certificate' out
	same_accounts
}

@test "other ways to sign" {
	profile
	authority root /CN=Root
	for words in -noattr -stream '-md sha512' -keyid; do
		# shellcheck disable=SC2086
		sign root $words
		show signed.mobileconfig
		status 0
		grep -qx '# signature: good, sha[0-9]*' out
		same_accounts
	done
	for digest in md5 sha1; do
		sign root -md "$digest"
		show signed.mobileconfig
		status 0
		grep -qx "# signature: good, $digest, with which it can be forged" out
		same_accounts
	done
	printf '\r\n' >>signed.mobileconfig
	show signed.mobileconfig
	status 0
	printf 'x' >>signed.mobileconfig
	show signed.mobileconfig
	status 65
	says 'signed.mobileconfig: error: input is malformed: it looks like a signed file, but something follows the signature [syntax]'
}

@test "two signers" {
	profile
	authority root /CN=Root
	certificate leaf root /CN=Leaf
	sign root -signer leaf.pem -inkey leaf.key
	show signed.mobileconfig
	status 0
	grep -qx '# and by 1 more, which is not looked into' out
	same_accounts
}

@test "signed files that are none" {
	profile
	authority root /CN=Root
	sign root
	size=$(stat -c %s signed.mobileconfig)
	for n in 1 4 20 200 "$((size / 2))" "$((size - 1))"; do
		head -c "$n" signed.mobileconfig >part
		show part
		status 65
		prints
	done
	says 'part: error: input is malformed: it looks like a signed file, but it is cut off or damaged [syntax]'
	openssl cms -sign -binary -outform DER -signer root.pem \
		-inkey root.key -in alice.mobileconfig -out detached
	show detached
	status 65
	says 'detached: error: input is malformed: it looks like a signed file, but the signature came without what was signed [syntax]'
	openssl cms -encrypt -binary -outform DER -in alice.mobileconfig \
		-out sealed root.pem
	show sealed
	status 65
	says 'sealed: error: input is malformed: it looks like a signed file, but it is encrypted, or something else than signed [syntax]'
	openssl cms -sign -binary -nodetach -outform PEM -signer root.pem \
		-inkey root.key -in alice.mobileconfig -out pem
	show pem
	status 65
	says 'pem: error: input format is unknown: it is PEM: openssl cms -cmsout -inform PEM -outform DER makes it what a device takes [unknown-format]'
	openssl cms -cmsout -inform PEM -outform DER -in pem -out der
	show der
	status 0
	echo text >alice.mobileconfig
	sign root
	show signed.mobileconfig
	status 65
	says 'signed.mobileconfig: error: input format is unknown: it is nothing that can be read back [unknown-format]'
}

@test "roots that are not there" {
	profile
	authority root /CN=Root
	sign root
	show --ca-file nosuch.pem signed.mobileconfig
	status 66
	says 'signed.mobileconfig: error: cannot read input: nosuch.pem: no certificates in PEM [no-input]'
	show --ca-file alice.mobileconfig signed.mobileconfig
	status 66
}

@test "profiles in UTF-16: how to get at them" {
	profile
	for code in UTF-16 UTF-16LE UTF-16BE; do
		sed 's/"UTF-8"/"UTF-16"/' alice.mobileconfig |
			iconv -f UTF-8 -t "$code" >wide
		show wide
		status 65
		says 'wide: error: input is not UTF-8: it is UTF-16: xmllint --encode UTF-8 FILE | mailcfg show - [not-utf8]'
	done
	sed 's/"UTF-8"/"UTF-16"/' alice.mobileconfig |
		iconv -f UTF-8 -t UTF-16 >wide
	xmllint --nonet --encode UTF-8 wide | "$MAILCFG" show - >narrow
	"$MAILCFG" show alice.mobileconfig | cmp - narrow
}

@test "files that are no profiles" {
	show nosuch
	status 66
	says 'nosuch: error: cannot read input: No such file or directory [no-input]'
	show .
	status 66
	echo hello >a
	show a
	status 65
	says 'a: error: input format is unknown: it is nothing that can be read back [unknown-format]'
	printf 'bplist00\321\1\2' >a
	show a
	status 65
	says 'a: error: input format is unknown: it is a binary property list: plutil -convert xml1 -o - FILE | mailcfg show - [unknown-format]'
	echo '<clientConfig/>' >a
	show a
	status 65
	echo '<plist version="1.0"><array/></plist>' >a
	show a
	status 65
	says 'a:1:22: error: input format is unknown: it is a property list, but no profile [unknown-format]'
	echo '<plist><dict><key>a</key><true/></dict></plist>' >a
	show a
	status 65
	says 'a:1:8: error: input format is unknown: it is a property list, but no profile: PayloadType is not Configuration [unknown-format]'
	echo '<plist><dict><key>PayloadType</key><string>Configuration</string><key>EncryptedPayloadContent</key><data>AA==</data></dict></plist>' >a
	show a
	status 65
	says 'a:1:8: error: input format is unknown: the profile is encrypted for one device [unknown-format]'
	echo '<plist><dict><key>PayloadType</key><string>Configuration</string></dict></plist>' >a
	show a
	status 65
	says 'a:1:8: error: input format is unknown: the profile has no list of payloads [unknown-format]'
}

@test "hostile files" {
	printf '<plist>%s' "$(yes '<array>' | head -n 100000 | tr -d '\n')" >a
	show a
	status 65
	says 'a:1:232: error: input exceeds a limit: dictionaries and arrays stand too deep in another [too-big]'
	{
		echo '<plist><string>'
		head -c 2000000 /dev/zero | tr '\0' x
		echo '</string></plist>'
	} >a
	show a
	status 65
	says 'a:1:1: error: input exceeds a limit: more than 1 MiB [too-big]'
	head -c 3000000 /dev/zero | tr '\0' x >a
	show a
	status 65
	says 'a: error: input exceeds a limit: more than 2 MiB [too-big]'
	cat >a <<-'EOF'
		<!DOCTYPE plist [<!ENTITY a "b"><!ENTITY x SYSTEM "file:///etc/passwd">]>
		<plist><string>&x;</string></plist>
	EOF
	show a
	status 65
	says 'a:1:17: error: input is malformed: the DOCTYPE has declarations of its own [syntax]'
	echo '<plist><string>&x;</string></plist>' >a
	show a
	status 65
	says 'a:1:16: error: input is malformed: an entity that XML does not have by itself [syntax]'
	printf '<plist>\n<string>\303\244\377</string></plist>' >a
	show a
	status 65
	says 'a:2:10: error: input is not UTF-8: a byte that is not UTF-8 [not-utf8]'
	printf '\377\376<\0p\0l\0i\0s\0t\0' >a
	show a
	status 65
}

@test "a thousand payloads and one" {
	{
		echo '<plist><dict><key>PayloadType</key><string>Configuration</string><key>PayloadContent</key><array>'
		yes '<dict><key>PayloadType</key><string>x</string></dict>' |
			head -n 1001
		echo '</array></dict></plist>'
	} >a
	show a
	status 65
	says 'a:1:91: error: too many accounts in one document: 1001 payloads [too-many]'
	sed -i 2d a
	show a
	status 66
	[ "$(grep -c '^#' out)" -eq 101 ]
	grep -qx '# and more' out
}

@test "usage" {
	show
	status 64
	says 'mailcfg: error: wrong usage: show takes one file; - is standard input [usage]'
	show a b
	status 64
	show --nosuch a
	status 64
	show --ca-file '' a
	status 64
	says 'mailcfg: error: wrong usage: --ca-file wants a file [usage]'
}
