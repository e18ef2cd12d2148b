#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# mailcfg mail: gen with another way out.  Servers are in tests/mail.

load common

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	umask 022
	unset NO_COLOR POSIXLY_CORRECT
	export SOURCE_DATE_EPOCH=1800000000
	[ -x "${MAILCFG%/*}/mailcfg-net" ] || skip "built without mailcfg-net"
	printf 'address,name,lang,deliver-to\na@school.example,Anna,sv,\nb@school.example,"Berg, B",ru,b@home.example\n' >in.csv
	# a sendmail that keeps what it is given
	cat >send <<-'END'
		#!/bin/sh
		n=$(ls mail.* 2>/dev/null | wc -l)
		printf '%s\n' "$@" >"args.$n"
		env | LC_ALL=C sort >"env.$n"
		cat >"mail.$n"
	END
	chmod +x send
}

# mail WORD...
mail() {
	try "$MAILCFG" mail "${SERVERS[@]}" --sender 'School IT <it@school.example>' "$@"
}

# python PROGRAM: about the message in a file
python() {
	python3 -c "import email, email.policy, sys
m = email.message_from_binary_file(open(sys.argv[1], 'rb'),
    policy=email.policy.default.clone(raise_on_defect=True))
$1" "$2"
}

@test "one message goes to standard output" {
	mail a@school.example
	status 0
	says
	python 'assert m["To"].addresses[0].addr_spec == "a@school.example", m["To"]
assert str(m["From"]) == "School IT <it@school.example>", m["From"]
assert m["Date"] == "Fri, 15 Jan 2027 08:00:00 +0000", m["Date"]
assert m["Subject"] == "Set up your e-mail account a@school.example"
f = list(m.iter_attachments())
assert [x.get_filename() for x in f] == ["a@school.example.mobileconfig"]
assert f[0].get_content_type() == "application/x-apple-aspen-config"
sys.stdout.buffer.write(f[0].get_payload(decode=True))' out >got.mobileconfig
	"$MAILCFG" gen -t apple "${SERVERS[@]}" a@school.example |
		cmp - got.mobileconfig
	cp out first
	mail a@school.example
	cmp out first
	grep -q 'eight minutes' out
}

@test "messages in a folder, an archive, a stream" {
	mail --from in.csv -o out.d/
	status 0
	says 'created 2 changed 0 same 0 refused 0'
	holds a@school.example.eml b@school.example.eml
	python 'assert m["To"].addresses[0].addr_spec == "b@home.example"
assert m["To"].addresses[0].display_name == "Berg, B"
assert "почтового" in m["Subject"], m["Subject"]' out.d/b@school.example.eml
	python 'assert "ditt e-postkonto" in m["Subject"], m["Subject"]' out.d/a@school.example.eml
	mail --from in.csv -o out.d/
	says 'created 0 changed 0 same 2 refused 0'
	mail --from in.csv -o out.tar
	[ "$(tar -tf out.tar | LC_ALL=C sort | tr '\n' ' ')" = 'a@school.example.eml b@school.example.eml ' ]
	tar -xOf out.tar a@school.example.eml | cmp - out.d/a@school.example.eml
	mail --from in.csv -o - --output-format ndjson
	[ "$(jq -r .name out | tr '\n' ' ')" = 'a@school.example.eml b@school.example.eml ' ]
	[ "$(jq -r .type out | sort -u)" = message/rfc822 ]
	jq -jr 'select(.account == "a@school.example") | .content' out |
		cmp - out.d/a@school.example.eml
	mail --from in.csv -o - --output-format concat
	status 64
	mail --from in.csv -o by.d/ --by account
	[ -f by.d/a@school.example/a@school.example.eml ]
	mail --from in.csv -o one.eml
	status 64
}

@test "the same messages whatever the number of threads" {
	seq -f 'u%.0f@school.example' 2000 | sed 1iaddress >many.csv
	mail --from many.csv -o - --output-format ndjson --jobs 1
	mv out one
	mail --from many.csv -o - --output-format ndjson --jobs 4
	cmp out one
}

@test "targets name the attachments" {
	mail -t card,apple a@school.example
	status 0
	python 'f = [x.get_filename() for x in m.iter_attachments()]
assert f == ["a@school.example.card.txt", "a@school.example.mobileconfig"], f
assert ".card.txt holds every value" in m.get_body(("plain",)).get_content()' out
	mail -t card a@school.example
	not grep -q IPHONE out
	mail -t all a@school.example
	status 0
	python 'n = len(list(m.iter_attachments())); assert n > 5, n' out
	mail -t json a@school.example
	status 64
	says 'mailcfg: error: wrong usage: json is not made for a person: it goes by no message [usage]'
	# what a target refuses is not sent in part
	mail -t apple,card --set imap.auth=oauth2 a@school.example
	status 65
	[ ! -s out ]
}

@test "one message for the accounts of a person" {
	mail --combine a@school.example c@school.example
	status 0
	python 'assert "a@school.example, c@school.example" in m.get_body(("plain",)).get_content()
f = list(m.iter_attachments()); assert len(f) == 1
assert f[0].get_payload(decode=True).count(b"EmailAccountType") == 2' out
}

@test "rehearsal: deliver-to" {
	mail --from in.csv --set deliver-to=me@example.org -o out.d/
	status 0
	[ "$(cat out.d/*.eml | grep -c '^To: .*<me@example.org>')" -eq 2 ]
	mail --set deliver-to=me@bücher.example a@school.example
	grep -q '^To: me@xn--bcher-kva.example' out
}

@test "texts of the site" {
	mkdir -p t/mail/sv t/mail/en
	for lang in sv en; do
		printf 'Till {address}\n' >t/mail/$lang/subject.txt
		printf '%s {name}\n' $lang >t/mail/$lang/message.txt
		printf '<p>%s {name}</p>\n' $lang >t/mail/$lang/message.html
	done
	mail --templates t --from in.csv -o out.d/
	status 0
	python 'assert m["Subject"] == "Till a@school.example"
assert m.get_body(("plain",)).get_content() == "sv Anna\n"
assert m.get_body(("html",)).get_content() == "<p>sv Anna</p>\n"' out.d/a@school.example.eml
	# a language that is not there is the built-in one, not English
	python 'assert "почтового" in m["Subject"]' out.d/b@school.example.eml
	mail --templates t --lang fr a@school.example
	python 'assert m["Subject"] == "Till a@school.example"' out
	mkdir -p home/mailcfg
	cp -r t/mail home/mailcfg/mail
	XDG_CONFIG_HOME=$PWD/home mail a@school.example
	python 'assert m["Subject"] == "Till a@school.example"' out
	# and a page that goes with it
	mkdir -p t/guide/en
	printf "page:\n  heading: 'Our own'\n" >t/guide/en/own.yaml
	mail --target=guide --templates t --lang fr a@school.example
	python 'assert m["Subject"] == "Till a@school.example"
f = list(m.iter_attachments()); assert len(f) == 1
assert b"<h1>Our own</h1>" in f[0].get_payload(decode=True)' out
	mail --templates nosuch a@school.example
	status 78
	says 'nosuch: error: template cannot be used: there is no such folder [bad-template]'
	printf 'x\n{nosuch}\n' >t/mail/en/message.txt
	mail --templates t a@school.example
	status 78
	says 't/mail/en/message.txt:2:1: error: template cannot be used: no such placeholder [bad-template]'
}

@test "who takes --from for the sender is told" {
	try "$MAILCFG" mail --from it@school.example a@school.example
	status 64
	says 'mailcfg: error: wrong usage: give --sender: whom the messages are from [usage]' \
		'mailcfg: error: wrong usage: --from reads accounts from a file, and it@school.example is none: the sender is --sender [usage]'
	try "$MAILCFG" mail --sender it@@school.example a@school.example
	status 64
	try "$MAILCFG" mail --sender '<>' a@school.example
	status 64
	try "$MAILCFG" mail --sender $'x\ny <it@school.example>' a@school.example
	status 64
}

@test "a password goes by message only with consent" {
	mail --password-from 'cmd:echo Kanarie' a@school.example
	status 0
	not grep -q "$(printf Kanarie | base64 | cut -c1-8)" out
	mail --embed-password --password-from 'cmd:echo Kanarie' -o a.eml \
		a@school.example
	status 77
	says 'mailcfg: error: nobody proves where a password goes: a message with a password goes by --submit; --allow-unverified-transport leaves it to whoever sends the file [unverified-transport]'
	mail --embed-password --password-from 'cmd:echo Kanarie' \
		--sendmail ./send a@school.example
	status 77
	mail --embed-password --password-from 'cmd:echo Kanarie' -o a.eml \
		--allow-unverified-transport a@school.example
	status 0
	grep -q 'password-mailed' err
	[ "$(stat -c %a a.eml)" = 600 ]
	python 'f = list(m.iter_attachments())
assert b"Kanarie" in f[0].get_payload(decode=True)
assert "YOUR PASSWORD IS IN" in m.get_body(("plain",)).get_content()' a.eml
}

@test "--sendmail gives messages to a command" {
	mail --from in.csv --sendmail './send -x "y z"' --journal j
	status 0
	says 'sent 2 same 0 waiting 0 doubtful 0 refused 0'
	printf '%s\n' -x 'y z' -i -f it@school.example -- a@school.example |
		cmp - args.0
	printf '%s\n' -x 'y z' -i -f it@school.example -- b@home.example |
		cmp - args.1
	not grep -q $'\r' mail.0
	python 'assert m["To"].addresses[0].addr_spec == "a@school.example"
assert len(list(m.iter_attachments())) == 1' mail.0
	# nothing of ours in the environment but what it needs
	not grep -Eqv '^(PATH|HOME|LANG|TERM|PWD|SHLVL|_|OLDPWD)=' env.0
	mail --from in.csv --sendmail './send' --journal j
	status 0
	says 'sent 0 same 2 waiting 0 doubtful 0 refused 0'
	[ ! -e mail.2 ]
	[ "$(stat -c %a j)" = 600 ]
	[ "$(cut -f1 j | tr '\n' ' ')" = 'mailcfg journal 1 sending sent sending sent ' ]
}

@test "--sendmail: what a command says" {
	printf '#!/bin/sh\ncat >/dev/null\necho "no \033[31msuch user" >&2\nexit 67\n' >deny
	printf '#!/bin/sh\ncat >/dev/null\necho later >&2\nexit 75\n' >later
	printf '#!/bin/sh\ncat >/dev/null\nkill -9 $$\n' >dies
	printf '#!/bin/sh\nexit 67\n' >deaf
	chmod +x deny later dies deaf
	mail --sendmail ./deny a@school.example
	status 65
	says 'operand 1:1:1: error: message was refused: a@school.example: ./deny: exit status 67: no \u{1b}[31msuch user [mail-refused]' \
		'sent 0 same 0 waiting 0 doubtful 0 refused 1'
	mail --sendmail ./later --retry-for 0 a@school.example
	status 75
	says 'operand 1:1:1: error: message waits for another run: a@school.example: ./later: exit status 75: later [mail-waits]' \
		'sent 0 same 0 waiting 1 doubtful 0 refused 0'
	mail --sendmail ./dies --journal j a@school.example
	status 69
	says 'operand 1:1:1: error: whether the message arrived is not known: a@school.example: ./dies: killed by signal 9 [mail-doubtful]' \
		'sent 0 same 0 waiting 0 doubtful 1 refused 0'
	mail --sendmail ./send --journal j a@school.example
	status 69
	grep -q 'a run was cut off while it was sent' err
	[ ! -e mail.0 ]
	mail --sendmail ./send --journal j --resend-doubtful a@school.example
	status 0
	[ -e mail.0 ]
	mail --sendmail ./deaf a@school.example
	status 65
	mail --from in.csv --sendmail ./nosuch --journal k
	status 69
	says 'in.csv:2:1: error: messages cannot be handed on: ./nosuch: No such file or directory [submission]' \
		'sent 0 same 0 waiting 1 doubtful 0 refused 0'
	# it was never in doubt
	mail --from in.csv --sendmail ./send --journal k
	status 0
	says 'sent 2 same 0 waiting 0 doubtful 0 refused 0'
}

@test "--dry-run says what would be sent" {
	mail --from in.csv --sendmail ./send --dry-run
	status 0
	prints 'sent     a@school.example.eml' 'sent     b@school.example.eml'
	[ ! -e mail.0 ]
	mail --from in.csv --sendmail ./send --journal j a@school.example
	mail --from in.csv --sendmail ./send --journal j --dry-run
	[ "$(head -n 2 out)" = 'same     a@school.example.eml
sent     b@school.example.eml' ]
	[ ! -e mail.1 ]
	mail --from in.csv --sendmail ./send --journal nosuch --dry-run
	[ ! -e nosuch ]
}

@test "--report tells how each fared" {
	mail --from in.csv --sendmail ./send --journal j --report r
	status 0
	jq -r '[.account, .target, .action] | join(" ")' r >got
	printf '%s\n' 'a@school.example mail sent' 'b@school.example mail sent' |
		cmp - got
	[ "$(jq -r .sha256 r | head -n 1 | wc -c)" -eq 65 ]
}

@test "options that do not go together" {
	local words
	while read -r words; do
		# shellcheck disable=SC2086
		mail $words a@school.example
		status 64
	done <<-'END'
		--submit smtps://h --sendmail ./send
		--sendmail ./send -o out.d/
		--journal j
		--again --sendmail ./send
		--resend-doubtful --sendmail ./send
		--rate 5
		--rate 0/min --sendmail ./send
		--rate x --sendmail ./send
		--rate 5/h --sendmail ./send
		--retry-for 1d --sendmail ./send
		--retry-for 169h --sendmail ./send
		--submit smtp+insecure://h
		--submit smtps://user:pass@h
		--submit smtps://
		--submit smtps://h/path
		--submit imaps://h
		--submit smtps://h --submit-login x
		--submit smtps://h --submit-password-from cmd:x
		--submit-login x --sendmail ./send
		--ca-file x
		--by person --sendmail ./send
		--sendmail "
	END
	not grep -q pass err
	mail --from in.csv --sendmail ./send
	status 64
	says 'mailcfg: error: wrong usage: many messages want --journal FILE, so that nobody gets one twice [usage]'
	mail --from in.csv --sendmail ./send a@school.example
	status 0
	mail --sendmail ./send c@school.example d@school.example
	status 64
	mail --sendmail '' a@school.example
	status 64
}

@test "gen starts without the network's libraries" {
	not grep -q curl <(ldd "$MAILCFG")
	grep -q curl <(ldd "${MAILCFG%/*}/mailcfg-net")
}

@test "a build without mailcfg-net says so" {
	mkdir alone
	cp "$MAILCFG" alone/
	try alone/mailcfg mail a@school.example
	status 69
	says 'mailcfg: error: a part was left out: mailcfg mail wants mailcfg-net: No such file or directory [not-built]'
	try alone/mailcfg help mail
	status 69
	alone/mailcfg --help >out
	grep -q '^  mail  ' out
}

@test "signed profiles; a new signature is no reason to send again" {
	local n
	unset SOURCE_DATE_EPOCH
	for n in 1 2; do
		openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj "/CN=$n" \
			-keyout key.$n -out cert.$n 2>/dev/null
		chmod 600 key.$n
		mail --from in.csv --sendmail ./send --journal j -q \
			--sign-cert cert.$n --sign-key key.$n
		status 0
	done
	[ -e mail.1 ]
	[ ! -e mail.2 ]
	python 'f = list(m.iter_attachments()); assert len(f) == 1
assert f[0].get_content_type() == "application/x-apple-aspen-config"
sys.stdout.buffer.write(f[0].get_payload(decode=True))' mail.0 >got
	openssl cms -verify -inform DER -in got -CAfile cert.1 -purpose any \
		-out content 2>/dev/null
	"$MAILCFG" gen -t apple "${SERVERS[@]}" --from in.csv a@school.example |
		cmp - content
	mail --from in.csv --sendmail ./send --journal j --again -q \
		--sign-cert cert.2 --sign-key key.2
	[ -e mail.3 ]
	[ "$(grep -h '^Message-ID' mail.* | sort -u | wc -l)" -eq 4 ]
}

@test "the code of where the profile lies stands in the message" {
	head -c 32 /dev/urandom >key
	chmod 600 key
	mail a@school.example --token-key key \
		--profile-url 'https://example.org/p/{token}.mobileconfig'
	status 0
	python 'image = [x for x in m.walk() if x.get_content_type() == "image/png"]
assert len(image) == 1 and image[0]["Content-Disposition"].startswith("inline")
cid = image[0]["Content-ID"].strip("<>")
page = [x for x in m.walk() if x.get_content_type() == "text/html"][0]
assert "src=\"cid:%s\"" % cid in page.get_content()
profile = [x.get_filename() for x in m.iter_attachments()]
sys.stdout.write("https://example.org/p/" + profile[0])' out >want
	python 'sys.stdout.buffer.write([x for x in m.walk()
    if x.get_content_type() == "image/png"][0].get_payload(decode=True))' \
		out >code.png
	zbarimg -q --raw code.png 2>/dev/null >got
	[ "$(cat got)" = "$(cat want)" ]
	# without a place on the web there is none
	mail a@school.example
	not grep -q image/png out
}

@test "a command gets no descriptor that is not its own" {
	cat >send <<-'END'
		#!/bin/sh
		cat >mail.0
		ls /proc/self/fd >fds
	END
	exec 9<in.csv
	mail a@school.example --sendmail ./send
	status 0
	not grep -qx 9 fds
	grep -qx 0 fds
	# and neither does one that is asked for a password
	printf '#!/bin/sh\nls /proc/self/fd >fds\necho secret\n' >ask
	chmod +x ask
	"$MAILCFG" gen -q -t apple "${SERVERS[@]}" --embed-password \
		--password-from 'cmd:./ask' -o a.mobileconfig a@school.example
	not grep -qx 9 fds
	exec 9<&-
}
