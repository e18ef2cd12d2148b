#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Pages for people: whose language, which devices, which files beside them.

load common

PEOPLE='address,person,name,lang
dag@mail.ru,dag,Dag,sv
dag@example.org,dag,Dag,sv
ebba@mail.ru,ebba,Ebba,pt-BR
'

people() {
	printf '%s' "$PEOPLE" >people.csv
}

# page WORD...: makes the page of alice@mail.ru.
page() {
	gen -q -t guide "$@" alice@mail.ru
	status 0
}

# devices: those that the page in `out` speaks of.
devices() {
	sed -n 's/^<details name="device" id="\([a-z]*\)".*/\1/p' "${1:-out}" |
		tr '\n' ' '
}

# beside PAGE: every file that it leads to is there, and no other.
beside() {
	diff -u <(cd "$(dirname "$1")" && find . -type f ! -name "${1##*/}" |
		LC_ALL=C sort) \
		<(sed -n '/id="values"/,$s/.*<a href="\(\.\/[^"]*\)".*/\1/p' "$1" |
			sed 's/%25/%/g' | LC_ALL=C sort)
}

@test "a page speaks English where nobody knows the language" {
	page --lang xx-YY
	grep -q '^<html lang="en" dir="ltr">$' out
	page
	grep -q '^<html lang="en" dir="ltr">$' out
}

@test "a page speaks its person's language, or the nearest that there is" {
	page --lang sv-FI
	grep -q '^<html lang="sv" dir="ltr">$' out
	grep -q 'Välj din enhet' out
	page --lang de
	grep -q 'Wählen Sie Ihr Gerät' out
	page --lang RU
	grep -q 'Выберите устройство' out
}

@test "a page alone speaks of every device" {
	page
	[ "$(devices)" = "outlook newoutlook thebat iphone mac tfa gmail \
samsung thunderbird own " ]
}

@test "beside other documents it speaks of whom they serve" {
	gen -q -t guide,apple -o out.d/ alice@mail.ru
	status 0
	[ "$(devices out.d/*.html)" = "iphone mac " ]
	gen -q -t guide,card -o card.d/ alice@mail.ru
	[ "$(devices card.d/*.html)" = "$(page && devices)" ]
}

@test "it leads to the files of the run, wherever it stands among them" {
	gen -q -t guide,apple,thebat,card -o out.d/ "o'x@mail.ru"
	status 0
	beside out.d/o%27x@mail.ru.guide.html
}

@test "a person's own folder has it as index.html, for all accounts" {
	people
	gen -t all --by person --from people.csv "${SERVERS[@]}" -q -o out.d/
	status 0
	[ "$(find out.d -name index.html | LC_ALL=C sort | tr '\n' ' ')" = \
		"out.d/dag/index.html out.d/ebba/index.html " ]
	[ -z "$(find out.d -name '*.guide.html')" ]
	beside out.d/dag/index.html
	beside out.d/ebba/index.html
	grep -q '<code>dag@mail.ru</code>' out.d/dag/index.html
	grep -q '<code>dag@example.org</code>' out.d/dag/index.html
	grep -q '<code>imap.example.org</code>' out.d/dag/index.html
	not grep -q ebba out.d/dag/index.html
	# the others are not combined
	[ -f out.d/dag/dag@example.org.mobileconfig ]
}

@test "a page holds five accounts, and the first leads to the others" {
	local all=({a..g}@mail.ru)
	gen -q -t guide,k9 --by person -o out.d/ "${all[@]}"
	status 0
	holds a@mail.ru/{a..e}@mail.ru.k9s a@mail.ru/f@mail.ru.guide.html \
		a@mail.ru/{f,g}@mail.ru.k9s a@mail.ru/index.html
	grep -A4 'Your other addresses' out.d/a@mail.ru/index.html | diff -u - \
		<(printf '%s\n' \
		'<p>Your other addresses have pages of their own, which lie beside this one:</p>' \
		'<ul>' '<li><a href="./f@mail.ru.guide.html">f@mail.ru, g@mail.ru</a></li>' \
		'</ul>' '</header>')
	not grep 'Your other addresses' out.d/a@mail.ru/f@mail.ru.guide.html
	grep -o 'href="./[a-z]@mail.ru.k9s"' out.d/a@mail.ru/f@mail.ru.guide.html |
		sort -u | diff -u - <(printf 'href="./%s@mail.ru.k9s"\n' f g)
	# the same without a folder, and at six
	gen -q -t guide --combine -o six.d/ "${all[@]:0:6}"
	status 0
	diff -u <(ls six.d) <(printf '%s.guide.html\n' {a,f}@mail.ru)
	gen -q -t guide --combine -o five.d/ "${all[@]:0:5}"
	[ "$(ls five.d)" = a@mail.ru.guide.html ]
	gen -q -t guide --combine "${all[@]}"
	status 64
	says 'mailcfg: error: wrong usage: more than one document: give -o DIR/ [usage]'
}

@test "a file that accounts share is told of once" {
	printf 'address,person\na@mail.ru,x\nb@mail.ru,x\n' >two.csv
	gen -q -t thunderbird,guide --by person --from two.csv -o two.d/
	status 0
	[ "$(grep -c 'href="./mail.ru.autoconfig.xml"' two.d/x/index.html)" -eq 2 ]
}

@test "an account's own folder has its own" {
	people
	gen -t guide,apple --by account --from people.csv -q "${SERVERS[@]}" \
		-o out.d/
	status 0
	[ "$(find out.d -name index.html | wc -l)" -eq 3 ]
	beside out.d/dag@example.org/index.html
}

@test "operands are one person, whose folder is that of the first" {
	gen -q -t guide,apple --by person -o out.d/ dag@mail.ru ebba@mail.ru
	status 0
	holds dag@mail.ru/dag@mail.ru.mobileconfig \
		dag@mail.ru/ebba@mail.ru.mobileconfig dag@mail.ru/index.html
}

@test "the records of a person must be adjacent for their page" {
	people
	printf 'dag2@mail.ru,dag,Dag,sv\n' >>people.csv
	gen -q -t guide --by person --from people.csv "${SERVERS[@]}" -o out.d/
	status 65
	grep -q 'not-adjacent' err
	gen -q -t apple --by person --from people.csv "${SERVERS[@]}" -o a.d/
	status 0
}

@test "--rejects wants records that stand alone" {
	people
	gen -t guide --by person --from people.csv --rejects bad.csv -o out.d/
	status 64
	grep -q -- '--rejects does not go with --by person' err
}

@test "a password is in it with consent only, and then it is private" {
	(umask 077 && printf 's3cret<&>' >pw)
	page --password-from file:pw
	not grep -q s3cret out
	gen -q -t guide --password-from file:pw --embed-password \
		-o out.html alice@mail.ru
	status 0
	grep -q '<code>s3cret&lt;&amp;&gt;</code>' out.html
	[ "$(stat -c %a out.html)" = 600 ]
}

# codes: what those on the page say, a line each.
codes() {
	sed -n 's/^\(<svg .*<\/svg>\)$/\1/p' out | while read -r svg; do
		printf '%s' "$svg" >code.svg
		rsvg-convert -b white -o code.png code.svg
		zbarimg -q --raw -Sdisable -Sqrcode.enable code.png 2>/dev/null
	done
}

@test "codes of those who have one are on the page" {
	(umask 077 && printf 0123456789abcdef0123456789abcdef >key)
	page --profile-url 'https://example.org/{token}.mobileconfig' \
		--token-key key
	codes >said
	[ "$(wc -l <said)" -eq 2 ]
	sed -n 1p said | grep -qx 'https://example.org/[a-z2-7]*\.mobileconfig'
	sed -n 2p said | jq -e '.[2][1] == "imap.mail.ru"'
	# without the URL, and of whom the run does not serve, there is none
	page
	codes >said
	[ "$(wc -l <said)" -eq 1 ]
	gen -q -t guide,apple -o out.d/ alice@mail.ru
	cp out.d/*.html out
	[ -z "$(codes)" ]
}

@test "a site's folder changes a text, and leaves the others" {
	mkdir -p t/guide/en
	printf "page:\n  heading: 'Our <b>own</b> {organization}'\n" \
		>t/guide/en/own.yaml
	page --templates t --organization 'A & B'
	grep -qx '<h1>Our <b>own</b> A &amp; B</h1>' out
	grep -q 'Choose your device' out
	mkdir -p config/mailcfg
	mv t/guide config/mailcfg/guide
	XDG_CONFIG_HOME=$PWD/config page --organization X
	grep -qx '<h1>Our <b>own</b> X</h1>' out
}

@test "a site's folder changes the page" {
	mkdir -p t/guide
	printf '<p>{address} {part-foot}\n' >t/guide/page.html
	printf '{copy-button}' >t/guide/foot.html
	page --templates t
	[ "$(cat out)" = '<p>alice@mail.ru Copy' ]
}

# wrong MESSAGE: the folder is refused, with just that.
wrong() {
	gen -q -t guide --templates t alice@mail.ru
	status 78
	says "$1 [bad-template]"
}

@test "what is wrong in a site's folder is said" {
	local say='error: template cannot be used:'
	mkdir -p t/guide/en t/guide/fi
	printf "direction: ltr\n" >t/guide/fi/x.yaml
	gen -q -t guide --templates t alice@mail.ru
	status 78
	grep -q '^t/guide/fi: error: template cannot be used: .* is missing' err
	rm -r t/guide/fi
	printf "page:\n  title: 'a {nobody}'\n" >t/guide/en/x.yaml
	wrong "t/guide/en/x.yaml:2:11: $say page-title: no such placeholder: \"{nobody}\""
	printf "page:\n  title: 'a & b'\n" >t/guide/en/x.yaml
	wrong "t/guide/en/x.yaml:2:11: $say page-title: & is written &amp;: \"& b\""
	printf "page: [a]\n" >t/guide/en/x.yaml
	wrong "t/guide/en/x.yaml:1:7: $say a text is wanted"
	printf "Page: a\n" >t/guide/en/x.yaml
	wrong "t/guide/en/x.yaml:1:1: $say a key is of small letters, digits and hyphens"
	printf "page: a\n  b: c" >t/guide/en/x.yaml
	wrong "t/guide/en/x.yaml:2:4: $say mapping values are not allowed in this context"
	printf "a: b\n" >t/guide/en/x.yaml
	printf "a: b\n" >t/guide/en/y.yaml
	wrong "t/guide/en/y.yaml:1:4: $say a: the key stands twice: \"b\""
	rm t/guide/en/*
	printf '<p>\n{?name}\n' >t/guide/page.html
	wrong "t/guide/page.html:2:1: $say it has no end"
	printf 'a</style>' >t/guide/style.css
	printf '<p>\n' >t/guide/page.html
	wrong "t/guide/style.css:1:1: $say it holds </"
	rm t/guide/*.css
	head -c 70000 /dev/zero | tr '\0' x >t/guide/page.html
	wrong "t/guide/page.html: $say more than 64 KiB"
	rm -r t/guide
	wrong "t: $say neither guide/ nor mail/ is in it"
	mkdir t/mail
	page --templates t
	rm -r t
	wrong "t: $say there is no such folder"
}

@test "--templates is told where no target speaks" {
	mkdir -p t/guide
	gen -t apple --templates t alice@mail.ru
	status 0
	grep -q -- '--templates: warning: .*no target speaks to people' err
}

# Letters.

@test "letters are one page for the run, a sheet for each person" {
	people
	gen -q -t letter --from people.csv "${SERVERS[@]}" -o letters.html
	status 0
	# Dag's two mailboxes stand on one
	[ "$(grep -c '^<section class="letter several" lang="sv" dir="ltr">$' \
		letters.html)" -eq 1 ]
	[ "$(grep -c '^<section class="letter" lang="en" dir="ltr">$' \
		letters.html)" -eq 1 ]
	[ "$(grep -c '^<section ' letters.html)" -eq 2 ]
	sed -n 's/<caption>\(.*\)<.*/\1/p' letters.html | diff -u - \
		<(printf '%s\n' dag@mail.ru dag@example.org ebba@mail.ru)
	[ "$(tail -n 1 letters.html)" = '</html>' ]
	gen -q -t letter --from people.csv "${SERVERS[@]}"
	cmp out letters.html
	gen -q -t letter --jobs 2 --from people.csv "${SERVERS[@]}" -o out.d/
	cmp out.d/letters.html letters.html
	# the operands are one person
	gen -q -t letter dag@mail.ru ebba@mail.ru
	[ "$(grep -c '^<section ' out)" -eq 1 ]
	codes | jq -r '.[2][5]' | LC_ALL=C sort | diff -u - <(printf '%s\n' dag@mail.ru \
		ebba@mail.ru)
}

@test "the records of a person must be adjacent for their letter" {
	people
	printf 'dag2@mail.ru,dag,Dag,sv\n' >>people.csv
	gen -q -t letter --from people.csv "${SERVERS[@]}" -o out.d/
	status 65
	says 'people.csv:5:1: error: records that belong together are not adjacent: dag: the first is people.csv:2:1; sort the records by person [not-adjacent]'
	gen -t letter --from people.csv --rejects bad.csv -o out.html
	status 64
	grep -q -- '--rejects does not go with letter' err
	# what stands in a folder of the account or domain is an account's
	gen -q -t letter --by account --from people.csv "${SERVERS[@]}" -o by.d/
	status 0
	[ "$(find by.d -name letters.html | wc -l)" -eq 4 ]
	gen -q -t letter --by domain --from people.csv "${SERVERS[@]}" -o d.d/
	status 65
	says 'people.csv:4:1: error: records that belong together are not adjacent: letter: the list in mail.ru/ began at people.csv:2:1; sort the records [not-adjacent]' \
		'people.csv:5:1: error: records that belong together are not adjacent: letter: the list in mail.ru/ began at people.csv:2:1; sort the records [not-adjacent]'
	[ "$(grep -c '^<section class="letter" ' d.d/mail.ru/letters.html)" -eq 1 ]
}

@test "beside letters the other documents stay an account's" {
	people
	gen -q -t letter,guide,k9 --from people.csv "${SERVERS[@]}" -o out.d/
	status 0
	holds {dag@example.org,dag@mail.ru,ebba@mail.ru}.{guide.html,k9s} \
		letters.html
	not grep dag@mail.ru out.d/dag@example.org.guide.html
}

@test "letters are made by name only, and a folder has its own" {
	people
	gen -q -t all --from people.csv "${SERVERS[@]}" -o out.d/
	status 0
	[ ! -e out.d/letters.html ]
	gen -q -t letter,guide --by person --from people.csv "${SERVERS[@]}" \
		-o by.d/
	status 0
	[ "$(cd by.d && find . -type f | LC_ALL=C sort | tr '\n' ' ')" = \
		"./dag/index.html ./dag/letters.html ./ebba/index.html \
./ebba/letters.html " ]
	not grep -q letters.html by.d/dag/index.html
}

@test "a letter has the password with consent only" {
	printf -- '- address: alice@mail.ru\n  password: s3cret<&>\n' >in.yaml
	chmod 600 in.yaml
	gen -q -t letter --from in.yaml
	status 0
	not grep -q s3cret out
	gen -q -t letter --embed-password --from in.yaml -o out.html
	status 0
	grep -q '<code>s3cret&lt;&amp;&gt;</code>' out.html
	[ "$(stat -c %a out.html)" = 600 ]
	cp out.html out
	[ "$(codes | jq -r '.[2][7]')" = 's3cret<&>' ]
}

# Cards.

@test "a card is in its person's language, and a site changes a word" {
	gen -q -t card --lang de-CH alice@mail.ru
	grep -q '^Empfangen   IMAP-Server imap.mail.ru$' out
	mkdir -p t/guide/de
	printf "card:\n  receive: 'Posteingang'\n" >t/guide/de/own.yaml
	gen -q -t card --lang de-CH --templates t alice@mail.ru
	status 0
	# values begin in one column, whatever the labels are
	grep -q '^Posteingang  IMAP-Server imap.mail.ru$' out
	grep -q '^Senden       SMTP-Server smtp.mail.ru$' out
}
