#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Signed profiles: what openssl finds in them, and what does not sign.

load common

setup() {
	cd "$BATS_FILE_TMPDIR" || return 1
	umask 077
	unset NO_COLOR SOURCE_DATE_EPOCH
}

# An authority of ours: root, middle, and below it rsa, ec and odd ones.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	umask 077
	mkdir certs
	touch index.txt
	echo 1000 >serial
	cat >ca.cnf <<-'END'
		[ca]
		default_ca = our
		[our]
		database = index.txt
		serial = serial
		new_certs_dir = certs
		default_md = sha256
		policy = any
		unique_subject = no
		string_mask = utf8only
		[any]
		commonName = supplied
		organizationName = optional
		[root]
		basicConstraints = critical, CA:TRUE
		keyUsage = keyCertSign
		[leaf]
		basicConstraints = CA:FALSE
		keyUsage = digitalSignature
		extendedKeyUsage = serverAuth, clientAuth
		[client]
		extendedKeyUsage = clientAuth
		[crypt]
		keyUsage = keyEncipherment
		[any-purpose]
		extendedKeyUsage = clientAuth, anyExtendedKeyUsage
		[mail]
		extendedKeyUsage = emailProtection
		[code]
		extendedKeyUsage = codeSigning
		[bare]
		[req]
		distinguished_name = dn
		string_mask = utf8only
		[dn]
	END
	export OPENSSL_CONF=$PWD/ca.cnf
	{
		key root EC -pkeyopt ec_paramgen_curve:P-256
		key middle RSA
		key rsa RSA
		key ec EC -pkeyopt ec_paramgen_curve:P-256
		key p384 EC -pkeyopt ec_paramgen_curve:P-384
		key short RSA -pkeyopt rsa_keygen_bits:1024
		key ed ED25519
		openssl req -new -x509 -key root.key -subj '/CN=Root' \
			-days 3650 -extensions root -out root.pem
		certify middle middle root root -days 1000 -subj '/CN=Middle'
		certify rsa rsa middle leaf -days 90 -subj \
			'/CN=mail.example.org/O=Skolan i Åsa'
		certify ec ec middle leaf -days 90
		# below the root itself
		certify direct rsa root leaf -days 90
		certify soon ec middle leaf -days 20
		certify late ec middle leaf -startdate 20200101000000Z \
			-enddate 20210203040506Z
		certify early ec middle leaf -startdate 21000102030405Z \
			-enddate 21010101000000Z
		# an authority that is not ours
		openssl req -new -x509 -key ed.key -subj '/CN=Stranger' \
			-days 3650 -extensions root -out stranger.pem
		for kind in p384 short ed; do
			certify "$kind" "$kind" middle leaf -days 90
		done
		for kind in client crypt any-purpose mail code bare; do
			certify "$kind" ec middle "$kind" -days 90
		done
		certify ended middle root root -startdate 20200101000000Z \
			-enddate 20210203040506Z -subj '/CN=Middle'
	} 2>log || {
		cat log
		return 1
	}
	for kind in rsa ec soon late early p384 short ed client crypt \
		any-purpose mail code bare; do
		cat "$kind.pem" middle.pem >"$kind.chain"
	done
	cat direct.pem root.pem >direct.chain
	"$MAILCFG" gen -q -t apple --imap imaps://imap.example.org \
		--smtp smtps://smtp.example.org a@example.org >plain
}

# key NAME ALGORITHM [WORD...]
key() {
	openssl genpkey -quiet -algorithm "$2" -out "$1.key" "${@:3}" ||
		openssl genpkey -algorithm "$2" -out "$1.key" "${@:3}"
}

# certify NAME KEY ISSUER EXTENSIONS [WORD...]
certify() {
	openssl req -new -key "$2.key" -subj "/CN=$1.example.org" -out "$1.csr"
	openssl ca -batch -notext -utf8 -config ca.cnf -cert "$3.pem" \
		-keyfile "$3.key" -in "$1.csr" -out "$1.pem" -extensions "$4" \
		"${@:5}"
}

# sign WORD...: a profile for one address, in the file out.
sign() {
	gen -t apple "${SERVERS[@]}" "$@" a@example.org
}

# verified FILE: openssl trusts it, and the profile is inside as it was.
verified() {
	openssl cms -verify -inform DER -in "$1" -purpose any \
		-CAfile root.pem -out inside 2>verdict || {
		cat verdict
		return 1
	}
	cmp inside plain
}

# refused LINE: nothing was made, for that reason.
refused() {
	status 78
	says "$1"
	[ ! -s out ]
}

@test "RSA and P-256, with an intermediate and without" {
	for kind in rsa ec; do
		sign --sign-cert $kind.chain --sign-key $kind.key
		status 0
		says
		verified out
		# as openssl itself does it, DER and all
		openssl asn1parse -inform DER -in out >tree
		grep -q 'd=0 .*cons: SEQUENCE' tree
		not grep -q 'l=inf' tree
		grep -q ':sha256' tree
		[ "$(grep -c ':signingTime' tree)" -eq 1 ]
		not grep -q 'S/MIME Capabilities' tree
		openssl cms -cmsout -print -noout -inform DER -in out >text
		[ "$(grep -c 'd.certificate:' text)" -eq 2 ]
	done
	sign --sign-cert direct.chain --sign-key rsa.key
	status 0
	says
	verified out
	# devices have roots already
	openssl cms -cmsout -print -noout -inform DER -in out >text
	[ "$(grep -c 'd.certificate:' text)" -eq 1 ]
}

@test "key and certificates in one file of PEM, in any order" {
	cat rsa.key rsa.chain >all.pem
	sign --sign-cert all.pem
	status 0
	says
	verified out
	cat middle.pem middle.pem root.pem rsa.pem rsa.pem rsa.key >all.pem
	sign --sign-cert all.pem
	status 0
	says
	verified out
	openssl rsa -in rsa.key -traditional -out old.key 2>log
	openssl ec -in ec.key -out ec-old.key 2>log
	grep -q 'BEGIN RSA PRIVATE KEY' old.key
	grep -q 'BEGIN EC PRIVATE KEY' ec-old.key
	cat rsa.chain old.key >all.pem
	sign --sign-cert all.pem
	status 0
	verified out
	sign --sign-cert ec.chain --sign-key ec-old.key
	status 0
	verified out
	# what a parameter file of openssl begins with
	{ openssl ecparam -name prime256v1 2>log && cat ec-old.key; } >all.key
	sign --sign-cert ec.chain --sign-key all.key
	status 0
	verified out
}

@test "PKCS#12" {
	private pass Kanarie
	for kind in rsa ec; do
		openssl pkcs12 -export -in $kind.chain -inkey $kind.key \
			-passout file:pass -out $kind.p12
		sign --sign-cert $kind.p12 --sign-passphrase-from file:pass
		status 0
		says
		verified out
		openssl pkcs12 -export -in $kind.chain -inkey $kind.key \
			-passout pass: -out $kind.p12
		sign --sign-cert $kind.p12
		status 0
		says
		verified out
	done
	openssl pkcs12 -export -in rsa.chain -inkey rsa.key -keypbe NONE \
		-certpbe NONE -nomac -passout pass: -out open.p12
	sign --sign-cert open.p12
	status 0
	verified out
	# the certificates of one, the key of another
	openssl pkcs12 -export -in rsa.chain -nokeys -passout pass: -out c.p12
	openssl pkcs12 -export -in ec.chain -inkey ec.key -passout pass: \
		-out k.p12
	sign --sign-cert c.p12 --sign-key rsa.key
	status 0
	verified out
	sign --sign-cert ec.chain --sign-key k.p12
	status 0
	verified out
	sign --sign-cert c.p12
	refused 'c.p12: error: no key or certificate can be read: there is no private key in it: give --sign-key [sign-file]'
}

@test "an encrypted key: its passphrase" {
	private pass 'Kanarie å'
	openssl pkcs8 -topk8 -in rsa.key -passout file:pass -out locked.key
	openssl rsa -in rsa.key -traditional -aes128 -passout file:pass \
		-out locked-old.key 2>log
	openssl pkcs12 -export -in rsa.chain -inkey rsa.key \
		-passout file:pass -out locked.p12
	grep -q 'BEGIN ENCRYPTED PRIVATE KEY' locked.key
	grep -q 'Proc-Type: 4,ENCRYPTED' locked-old.key
	for words in '--sign-cert rsa.chain --sign-key locked.key' \
		'--sign-cert rsa.chain --sign-key locked-old.key' \
		'--sign-cert locked.p12'; do
		file=${words##* }
		for source in file:pass fd:7 'cmd:cat pass'; do
			sign $words --sign-passphrase-from "$source" 7<pass
			status 0
			says
			verified out
		done
		sign $words
		refused "$file: error: key cannot be opened: the key is encrypted: give --sign-passphrase-from [sign-passphrase]"
		for wrong in x 'Kanarie' "$(printf '%02000d' 0)"; do
			sign $words --sign-passphrase-from "cmd:echo '$wrong'"
			refused "$file: error: key cannot be opened: this passphrase does not open it [sign-passphrase]"
		done
		sign $words --sign-passphrase-from cmd:true
		status 65
		says '--sign-passphrase-from: error: password source failed: it gave an empty password [password-source]'
		[ ! -s out ]
	done
	sign --sign-cert rsa.chain --sign-key locked.key \
		--sign-passphrase-from "cmd:printf 'a\0b'"
	status 65
	says '--sign-passphrase-from: error: password source failed: a NUL is in it [password-source]'
	sign --sign-cert rsa.chain --sign-key rsa.key \
		--sign-passphrase-from file:pass
	status 0
	says '--sign-passphrase-from: warning: option changed no account: the key is not encrypted [option-unused]'
	verified out
	chmod 644 pass
	sign --sign-cert locked.p12 --sign-passphrase-from file:pass
	status 77
	says 'pass: error: others can read a file with passwords: its mode is 0644: chmod 600 pass [readable-secret]'
	chmod 600 pass
}

@test "a passphrase from the terminal" {
	openssl pkcs8 -topk8 -in ec.key -passout pass:Kanarie -out asked.key
	cat >ask.py <<-'END'
		import os, pty, sys, termios, time
		pid, tty = pty.fork()
		if pid == 0:
		    os.execv(os.environ["MAILCFG"], ["mailcfg", "gen", "-t", "apple",
		        "--imap", "imap.example.org", "--smtp", "smtp.example.org",
		        "--sign-cert", "ec.chain", "--sign-key", "asked.key",
		        "--sign-passphrase-from", "prompt", "-o", "asked",
		        "a@example.org"])
		for _ in range(500):
		    if not termios.tcgetattr(tty)[3] & termios.ECHO:
		        break
		    time.sleep(0.02)
		os.write(tty, sys.argv[1].encode() + b"\n")
		seen = b""
		try:
		    while True:
		        more = os.read(tty, 1000)
		        if not more:
		            break
		        seen += more
		except OSError:
		    pass
		assert b"Passphrase for asked.key: " in seen, seen
		assert seen.count(b"Passphrase for") == 1, seen
		assert b"Kanarie" not in seen
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	END
	python3 ask.py Kanarie
	verified asked
	rm asked
	try python3 ask.py Kanarien
	status 78
	[ ! -e asked ]
}

@test "a private key that others can read" {
	cp rsa.key open.key
	cat rsa.chain rsa.key >open.pem
	chmod 640 open.key open.pem
	sign --sign-cert rsa.chain --sign-key open.key
	status 77
	says 'open.key: error: others can read a private key: its mode is 0640: chmod 600 open.key [readable-key]'
	[ ! -s out ]
	sign --sign-cert open.pem
	status 77
	says 'open.pem: error: others can read a private key: its mode is 0640: chmod 600 open.pem [readable-key]'
	sign --sign-cert open.pem --allow-insecure-input
	status 0
	says
	verified out
	# a certificate is no secret, nor is a pipe a file
	chmod 644 rsa.chain
	sign --sign-cert rsa.chain --sign-key rsa.key
	status 0
	says
	sign --sign-cert rsa.chain
	status 78
	chmod 600 rsa.chain
	sign --sign-cert <(cat rsa.chain) --sign-key <(cat rsa.key)
	status 0
	says
	verified out
}

@test "files that are no keys and no certificates" {
	sign --sign-cert none.pem --sign-key rsa.key
	status 66
	says 'none.pem: error: cannot read input: No such file or directory [no-input]'
	sign --sign-cert rsa.chain --sign-key none.key
	status 66
	says 'none.key: error: cannot read input: No such file or directory [no-input]'
	: >empty
	sign --sign-cert empty
	refused 'empty: error: no key or certificate can be read: there is no certificate in it [sign-file]'
	sign --sign-cert rsa.chain --sign-key empty
	refused 'empty: error: no key or certificate can be read: there is no private key in it [sign-file]'
	sign --sign-cert rsa.chain
	status 78
	says 'rsa.chain: error: no key or certificate can be read: there is no private key in it: give --sign-key [sign-file]'
	sign --sign-cert rsa.key
	refused 'rsa.key: error: no key or certificate can be read: there is no certificate in it [sign-file]'
	openssl x509 -in rsa.pem -outform DER -out rsa.der
	sign --sign-cert rsa.der --sign-key rsa.key
	refused 'rsa.der: error: no key or certificate can be read: it is neither PEM nor PKCS#12 [sign-file]'
	sed 's/^MII/M!!/' rsa.pem >bad.pem
	sign --sign-cert bad.pem --sign-key rsa.key
	refused 'bad.pem: error: no key or certificate can be read: a certificate in it is malformed [sign-file]'
	sed '2s/^.*$/AAAA/' rsa.key >bad.key
	sign --sign-cert rsa.chain --sign-key bad.key
	refused 'bad.key: error: no key or certificate can be read: its private key is malformed [sign-file]'
	head -c 70000 /dev/zero | tr '\0' x >long
	sign --sign-cert long --sign-key rsa.key
	status 66
	says 'long: error: cannot read input: it is longer than 64 KiB [no-input]'
}

@test "old PKCS#12" {
	OPENSSL_CONF=/dev/null openssl pkcs12 -export -legacy -in rsa.chain \
		-inkey rsa.key -passout pass:Kanarie -out old.p12
	sign --sign-cert old.p12 --sign-passphrase-from 'cmd:echo Kanarie'
	refused 'old.p12: error: PKCS#12 is encrypted the old way: openssl pkcs12 -legacy -noenc -in FILE -out signer.pem makes a file that can be used [sign-legacy]'
	sign --sign-cert old.p12 --sign-passphrase-from 'cmd:echo Wrong'
	refused 'old.p12: error: key cannot be opened: this passphrase does not open it [sign-passphrase]'
	# the line is right
	OPENSSL_CONF=/dev/null openssl pkcs12 -legacy -noenc -in old.p12 \
		-passin pass:Kanarie -out signer.pem
	sign --sign-cert signer.pem
	status 0
	says
	verified out
}

@test "a key that is not the certificate's, or of another kind" {
	sign --sign-cert rsa.chain --sign-key ec.key
	refused 'rsa.chain: error: key and certificate are not a pair: the key in ec.key is not that of CN = mail.example.org, O = Skolan i Åsa [sign-mismatch]'
	cat ec.chain rsa.key >pair.pem
	sign --sign-cert pair.pem
	refused 'pair.pem: error: key and certificate are not a pair: the key is not that of CN = ec.example.org [sign-mismatch]'
	sign --sign-cert p384.chain --sign-key p384.key
	refused 'p384.chain: error: key is of a kind that is not taken: it is EC secp384r1, 384 bits; RSA of 2048 to 8192 bits, or P-256, signs [sign-key-type]'
	sign --sign-cert short.chain --sign-key short.key
	refused 'short.chain: error: key is of a kind that is not taken: it is RSA, 1024 bits; RSA of 2048 to 8192 bits, or P-256, signs [sign-key-type]'
	sign --sign-cert ed.chain --sign-key ed.key
	refused 'ed.chain: error: key is of a kind that is not taken: it is ED25519, 256 bits; RSA of 2048 to 8192 bits, or P-256, signs [sign-key-type]'
}

@test "certificates out of their time" {
	sign --sign-cert late.chain --sign-key ec.key
	refused 'late.chain: error: certificate is not valid today: CN = late.example.org: it ended on 2021-02-03 [sign-validity]'
	# the clock tells, and not what the documents are dated
	SOURCE_DATE_EPOCH=1600000000 sign --sign-cert late.chain --sign-key ec.key
	refused 'late.chain: error: certificate is not valid today: CN = late.example.org: it ended on 2021-02-03 [sign-validity]'
	sign --sign-cert early.chain --sign-key ec.key
	refused 'early.chain: error: certificate is not valid today: CN = early.example.org: it begins on 2100-01-02 [sign-validity]'
	sign --sign-cert soon.chain --sign-key ec.key
	status 0
	says "soon.chain: warning: certificate ends soon: CN = soon.example.org: it ends on $(date -u -d '+20 days' +%F) [sign-expires]"
	verified out
	cat ec.pem ended.pem >ended.chain
	sign --sign-cert ended.chain --sign-key ec.key
	status 0
	says 'ended.chain: warning: certificate ends soon: CN = Middle: it ended on 2021-02-03 [sign-expires]'
}

@test "chains" {
	sign --sign-cert rsa.pem --sign-key rsa.key
	status 0
	says "rsa.pem: warning: the issuer's certificate is not given: CN = Middle: give fullchain.pem [sign-no-chain]"
	cat rsa.pem stranger.pem >x.chain
	sign --sign-cert x.chain --sign-key rsa.key
	refused 'x.chain: error: certificates do not link: certificate 2, CN = Stranger, vouches for none of the others [sign-chain]'
	cat rsa.pem root.pem >x.chain
	sign --sign-cert x.chain --sign-key rsa.key
	refused 'x.chain: error: certificates do not link: certificate 2, CN = Root, vouches for none of the others [sign-chain]'
	cat rsa.pem ec.pem middle.pem >x.chain
	sign --sign-cert x.chain --sign-key rsa.key
	refused 'x.chain: error: certificates do not link: certificate 2, CN = ec.example.org, vouches for none of the others [sign-chain]'
	# one of the same name, and another key
	openssl req -new -x509 -key ed.key -subj '/CN=Middle' -days 90 \
		-extensions root -config ca.cnf -out false.pem
	cat rsa.pem false.pem >x.chain
	sign --sign-cert x.chain --sign-key rsa.key
	refused 'x.chain: error: certificates do not link: certificate 2, CN = Middle, vouches for none of the others [sign-chain]'
	# one's own root, used as it is
	openssl req -new -x509 -key rsa.key -subj '/CN=Me' -days 90 \
		-config ca.cnf -extensions leaf -out me.pem
	sign --sign-cert me.pem --sign-key rsa.key
	status 0
	says
	openssl cms -verify -inform DER -in out -purpose any -CAfile me.pem \
		-out inside 2>verdict
	cmp inside plain
}

@test "certificates that are made for something else" {
	for kind in bare mail code any-purpose; do
		sign --sign-cert $kind.chain --sign-key ec.key
		status 0
		says
		verified out
	done
	sign --sign-cert crypt.chain --sign-key ec.key
	status 0
	says 'crypt.chain: warning: certificate is not made for this: CN = crypt.example.org: its key usage has no digital signature [sign-usage]'
	sign --sign-cert client.chain --sign-key ec.key
	status 0
	says 'client.chain: warning: certificate is not made for this: CN = client.example.org: it is for none of TLS servers, mail and code [sign-usage]'
}

@test "wrong usage" {
	gen -t card,outlook -o out.d/ --sign-cert rsa.chain --sign-key rsa.key a@mail.ru
	status 64
	says 'mailcfg: error: wrong usage: --sign-cert: no target here makes what can be signed [usage]'
	sign --sign-key rsa.key
	status 64
	says 'mailcfg: error: wrong usage: --sign-key goes with --sign-cert [usage]'
	sign --sign-passphrase-from prompt
	status 64
	says 'mailcfg: error: wrong usage: --sign-passphrase-from goes with --sign-cert [usage]'
	sign --sign-cert rsa.chain --sign-passphrase-from 'file:{address}'
	status 64
	says 'mailcfg: error: wrong usage: --sign-passphrase-from: {address} has no place in it [usage]'
	sign --sign-cert rsa.chain --sign-passphrase-from Kanarie
	status 64
	says 'mailcfg: error: wrong usage: --sign-passphrase-from is prompt, file:PATH, fd:N or cmd:WORDS [usage]'
	try "$MAILCFG" gen -t apple --from - --sign-cert rsa.chain \
		--sign-passphrase-from fd:0 </dev/null
	status 64
	says 'mailcfg: error: wrong usage: standard input is read twice [usage]'
	for epoch in x -1 1x 253402300800 99999999999999999999999; do
		SOURCE_DATE_EPOCH=$epoch sign --sign-cert rsa.chain --sign-key rsa.key
		status 64
		says 'mailcfg: error: wrong usage: SOURCE_DATE_EPOCH wants a number of seconds since 1970 [usage]'
		# whoever signs nothing is not asked
		SOURCE_DATE_EPOCH=$epoch sign
		status 0
	done
}

@test "the time of a signature, and the same bytes again" {
	SOURCE_DATE_EPOCH=1700000000 sign --sign-cert rsa.chain --sign-key rsa.key
	status 0
	cp out first
	openssl asn1parse -inform DER -in first | grep -q 'UTCTIME .*:231114221320Z'
	SOURCE_DATE_EPOCH=1700000000 sign --sign-cert rsa.chain --sign-key rsa.key
	cmp out first
	SOURCE_DATE_EPOCH=253402300799 sign --sign-cert rsa.chain --sign-key rsa.key
	status 0
	verified out
	openssl asn1parse -inform DER -in out |
		grep -q 'GENERALIZEDTIME .*:99991231235959Z'
	before=$(date -u +%y%m%d%H%M%SZ)
	SOURCE_DATE_EPOCH='' sign --sign-cert rsa.chain --sign-key rsa.key
	after=$(date -u +%y%m%d%H%M%SZ)
	time=$(openssl asn1parse -inform DER -in out |
		sed -n '/signingTime/,$s/.*UTCTIME *://p')
	[[ ! $time < $before && ! $time > $after ]]
}

@test "what is there already" {
	rm -rf out.d
	mkdir out.d
	for kind in rsa ec; do
		rm -f out.d/*
		SOURCE_DATE_EPOCH=1700000000 sign -o out.d/ --sign-cert $kind.chain \
			--sign-key $kind.key
		status 0
		says 'created 1 changed 0 same 0 refused 0'
		cp out.d/a@example.org.mobileconfig before
		verified before
		# another time, another random number: the same
		sign -o out.d/ --sign-cert $kind.chain --sign-key $kind.key \
			--report report
		status 0
		says 'created 0 changed 0 same 1 refused 0'
		cmp out.d/a@example.org.mobileconfig before
		# the report tells of the file that is there
		[ "$(jq -r 'select(.action).sha256' report)" = \
			"$(sha256sum <before | cut -d' ' -f1)" ]
		[ "$(jq 'select(.action).bytes' report)" = "$(stat -c %s before)" ]
		sign -o out.d/ --sign-cert $kind.chain --sign-key $kind.key --force
		says 'created 0 changed 0 same 1 refused 0'
		cmp out.d/a@example.org.mobileconfig before
		sign -o out.d/ --sign-cert $kind.chain --sign-key $kind.key --dry-run
		grep -q '^same ' out
		sign -o out.d/a@example.org.mobileconfig --sign-cert $kind.chain \
			--sign-key $kind.key
		status 0
		cmp out.d/a@example.org.mobileconfig before
	done
	# it holds something else
	sign -o out.d/ --sign-cert ec.chain --sign-key ec.key --name Other
	status 73
	says 'operand 1:1:1: error: a different file is there: out.d/a@example.org.mobileconfig: --force replaces it [file-exists]' \
		'created 0 changed 0 same 0 refused 1'
	cmp out.d/a@example.org.mobileconfig before
	# another signer; other certificates beside the signer's; none
	for words in '--sign-cert rsa.chain --sign-key rsa.key' \
		'-q --sign-cert ec.pem --sign-key ec.key' ''; do
		sign -o out.d/ $words
		status 73
		cmp out.d/a@example.org.mobileconfig before
	done
	sign -o out.d/ --sign-cert rsa.chain --sign-key rsa.key --force
	status 0
	says 'created 0 changed 1 same 0 refused 0'
	verified out.d/a@example.org.mobileconfig
	# a file that was harmed is not taken for a good one
	cp out.d/a@example.org.mobileconfig before
	size=$(stat -c %s before)
	printf x | dd of=out.d/a@example.org.mobileconfig bs=1 \
		seek=$((size - 9)) conv=notrunc status=none
	not cmp -s before out.d/a@example.org.mobileconfig
	sign -o out.d/ --sign-cert rsa.chain --sign-key rsa.key
	status 73
	head -c $((size - 1)) before >out.d/a@example.org.mobileconfig
	sign -o out.d/ --sign-cert rsa.chain --sign-key rsa.key
	status 73
	sign -o out.d/ --sign-cert rsa.chain --sign-key rsa.key --force
	status 0
	verified out.d/a@example.org.mobileconfig
}

@test "a password inside: the file that is there is closed to others" {
	rm -rf out.d
	mkdir out.d
	private pw Kanarie
	words=(-o out.d/ --embed-password --password-from file:pw
		--sign-cert ec.chain --sign-key ec.key)
	sign "${words[@]}"
	status 0
	grep -q Kanarie out.d/a@example.org.mobileconfig
	chmod 644 out.d/a@example.org.mobileconfig
	sign "${words[@]}"
	says 'created 0 changed 0 same 1 refused 0'
	[ "$(stat -c %a out.d/a@example.org.mobileconfig)" = 600 ]
}

# many: users.csv with 700 people, some of them twice or bad.
many() {
	python3 - <<-'END' >users.csv
		print("address,name,person")
		for i in range(700):
		    print("u%03d@example.org,Anna %s %d,p%d" % (i, "x" * 200, i, i // 3))
		print("nobody,,\nu001@example.org,,")
	END
}

@test "threads and streams" {
	many
	export SOURCE_DATE_EPOCH=1700000000
	words=(-q -t apple "${SERVERS[@]}" --from users.csv)
	rm -rf plain.d rsa.d ec.d
	gen "${words[@]}" -o plain.d/
	for jobs in 1 2 3; do
		gen "${words[@]}" --sign-cert rsa.chain --sign-key rsa.key \
			--jobs $jobs -o - --output-format=tar
		status 65
		mv out $jobs.tar
	done
	cmp 1.tar 2.tar
	cmp 1.tar 3.tar
	mkdir rsa.d
	tar -xf 1.tar -C rsa.d
	gen "${words[@]}" --sign-cert rsa.chain --sign-key rsa.key --no-stencil \
		-o folder.d/
	diff -r folder.d rsa.d
	gen "${words[@]}" --sign-cert ec.chain --sign-key ec.key --jobs 2 -o ec.d/
	status 65
	for folder in rsa.d ec.d; do
		[ "$(ls $folder | wc -l)" -eq 700 ]
		for file in $folder/u0[0-4]?@*; do
			openssl cms -verify -inform DER -in "$file" \
				-purpose any -CAfile root.pem -out inside 2>verdict
			cmp inside "plain.d/${file##*/}"
		done
	done
	gen "${words[@]}" --sign-cert rsa.chain --sign-key rsa.key -o - \
		--output-format=ndjson
	[ "$(jq -r .encoding out | sort -u)" = base64 ]
	[ "$(jq -r .type out | sort -u)" = application/x-apple-aspen-config ]
	head -n 1 out | jq -r .content | base64 -d |
		cmp - rsa.d/u000@example.org.mobileconfig
	gen "${words[@]}" --sign-cert rsa.chain --sign-key rsa.key -o - \
		--output-format=concat
	cmp out <(cat rsa.d/*)
	gen "${words[@]}" --sign-cert rsa.chain --sign-key rsa.key -o x.zip
	unzip -qp x.zip | cmp - <(cat rsa.d/*)
	# all are there, at another time
	unset SOURCE_DATE_EPOCH
	try "$MAILCFG" gen -t apple "${SERVERS[@]}" --from users.csv \
		--sign-cert ec.chain --sign-key ec.key -o ec.d/
	grep -q '^created 0 changed 0 same 700 refused 0$' err
}

@test "several accounts of a person, and all targets" {
	many
	rm -rf plain.d signed.d
	gen -q -t apple "${SERVERS[@]}" --combine --from users.csv -o plain.d/ p0*
	gen -q -t apple "${SERVERS[@]}" --combine --from users.csv -o plain.d/
	gen -q -t apple "${SERVERS[@]}" --combine --from users.csv -o signed.d/ \
		--sign-cert ec.chain --sign-key ec.key
	[ "$(ls signed.d | wc -l)" -eq "$(ls plain.d | wc -l)" ]
	openssl cms -verify -inform DER -in signed.d/u000@example.org.mobileconfig \
		-purpose any -CAfile root.pem -out inside 2>verdict
	cmp inside plain.d/u000@example.org.mobileconfig
	# the rest is as it was, and so are lists
	rm -rf plain.d signed.d
	gen -q -t all,json,yaml "${SERVERS[@]}" -o plain.d/ a@example.org
	gen -q -t all,json,yaml "${SERVERS[@]}" -o signed.d/ a@example.org \
		--sign-cert ec.chain --sign-key ec.key
	status 0
	[ "$(diff -rq plain.d signed.d)" = \
		'Files plain.d/a@example.org.mobileconfig and signed.d/a@example.org.mobileconfig differ' ]
	verified signed.d/a@example.org.mobileconfig
}

@test "a signed profile makes a mess of a terminal" {
	cat >terminal.py <<-'END'
		import os, pty, sys
		pid, tty = pty.fork()
		if pid == 0:
		    os.execv(os.environ["MAILCFG"], ["mailcfg", "gen", "-t", "apple",
		        "--imap", "imap.example.org", "--smtp", "smtp.example.org",
		        "--sign-cert", "ec.chain", "--sign-key", "ec.key",
		        *sys.argv[1:], "a@example.org"])
		seen = b""
		try:
		    while True:
		        more = os.read(tty, 1000)
		        if not more:
		            break
		        seen += more
		except OSError:
		    pass
		assert b"[terminal]" in seen and b"ec.example.org" not in seen, seen
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	END
	try python3 terminal.py
	status 64
	try python3 terminal.py -o - --output-format=concat
	status 64
}
