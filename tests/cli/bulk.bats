#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Many accounts: bytes, order and messages depend neither on threads nor on the
# stencil nor on how records come; archives and streams through readers that
# are not ours; what an engine that splits the input gets.

load common

# Thousands of people with everything that happens to lists of people, as
# mixed.csv and mixed.ndjson; plain.csv and plain.ndjson are without faults.
setup_file() {
	python3 - "$BATS_FILE_TMPDIR" <<'END'
import csv, json, os, sys

os.chdir(sys.argv[1])
COLUMNS = ("address name given-name family-name login protocol imap pop3 "
           "smtp aliases lang notes").split()
NAMES = ("Anna Berg", "山田 太郎", "Ирина Иванова", "Björn Şahin-Ørsted", "",
         "\"Bo\" <b&b>", "O'Brien; Co", "Zoe\u0308 \U0001f600", "x" * 200,
         "{mailbox} %EMAILADDRESS%", "]]>--%PATH%")
BAD = ({"address": "nobody"}, {"address": ""}, {"imap": "imaps://h:99999"},
       {"imap": "imaps://a_b.example"}, {"name": "a\x07b"},
       {"protocol": "ftp"}, {"lang": "!!"}, {"smtp": "http://h"},
       {"address": "x" * 65 + "@d01.example"}, {"name": "two\nlines"},
       {"imap": "imap.example", "pop3": "pop3.example", "smtp": ""})
LINES = ("a,b,c\n", "x\"y@d01.example" + 11 * ",z" + "\n",
         "\"x\"y@d01.example" + 11 * ",z" + "\n", "\n", 11 * "," + "\n")
OBJECTS = ("{\"address\":\n", "[1]\n", "\n", "{\"address\": 7}\n",
           "{\"address\": \"a@d.example\", \"address\": \"b@d.example\"}\n",
           17 * "[" + 17 * "]" + "\n")


def servers(row, d):
    host = "mail.d%02d.example" % d
    if d % 8 == 3:
        row["pop3"] = "pop3s://" + host
    elif d == 17:
        row["imap"] = "imap+insecure://" + host
    else:
        row["imap"] = ("imap://" if d % 5 == 0 else "imaps://") + host
    row["smtp"] = ("smtp://" if d % 3 == 0 else "smtps://") + host


def person(i):
    d = i * 7 % 40
    local = "p.%05d" % i
    row = dict.fromkeys(COLUMNS, "")
    row["address"] = "%s@d%02d.example" % (local, d)
    row["name"] = NAMES[i % len(NAMES)]
    if i % 13 == 6:
        row.update({"name": "", "given-name": "Anna", "family-name": "Ек"})
    servers(row, d)
    how = d % 5 if i % 97 else i % 5
    row["login"] = ("", row["address"], local, "{local-part}",
                    ("other%d" if i % 4 else "%d") % i)[how]
    row["notes"] = ("", "one,two", "\"quoted\"")[i % 3] + "." * (i % 150)
    if i % 29 == 3:
        row["aliases"] = "a.%05d@d%02d.example" % (i, d)
    if i % 101 == 3:
        row.update(address=local + "@mail.ru", login="", imap="", pop3="",
                   smtp="")
    if i % 83 == 1:
        row["address"] = "p%d@bücher.example" % i
    return row


def mixed(i):
    row = person(i)
    if i % 103 == 4:
        row.update(address="%d@hotmail.com" % i, imap="", pop3="", smtp="")
    if i % 211 == 5:
        row.update(imap="", pop3="", smtp="")
    if i % 89 == 2:
        row["address"] = "ü%d@d01.example" % i
    if i % 61 == 5 and i > 1800:
        row["address"] = person(i - 1800)["address"]
        if i % 2:
            row["address"] = row["address"].upper()
    if i % 67 == 8:
        row["address"] = person(i - 1)["address"]
    if i % 9 == 4:
        row["notes"] = "one\n\"two\"\r\nthree," + "." * (i % 400)
    if i % 53 == 7:
        row.update(BAD[i // 53 % len(BAD)])
    return row


def write(name, rows, lines, objects):
    with open(name + ".csv", "w", newline="", encoding="utf-8") as f:
        out = csv.DictWriter(f, COLUMNS, lineterminator="\n")
        out.writeheader()
        for i, row in enumerate(rows):
            if lines and i % 131 == 9:
                f.write(lines[i // 131 % len(lines)])
            out.writerow(row)
    with open(name + ".ndjson", "w", encoding="utf-8") as f:
        for i, row in enumerate(rows):
            if objects and i % 127 == 9:
                f.write(objects[i // 127 % len(objects)])
            del row["notes"]
            f.write(json.dumps(row, ensure_ascii=i % 2 == 0) + "\n")


write("mixed", [mixed(i) for i in range(3600)], LINES, OBJECTS)
write("plain", [person(i) for i in range(3000)], None, None)
END
}

MIXED=$BATS_FILE_TMPDIR/mixed
PLAIN=$BATS_FILE_TMPDIR/plain

# The targets of one document each, which are no lists, in the file singles.
singles() {
	"$MAILCFG" targets --json |
		jq -r '.[] | select(.scope != "run" and (.files | length == 1)).name' \
			>singles
	[ "$(wc -l <singles)" -ge 5 ]
}

# from FORM WAY WORD...: gen from a file to a file, or from a pipe to a pipe.
# What it says is in err, as of standard input.
from() {
	local form=$1 way=$2
	shift 2
	cp "$MIXED.$form" "mixed.$form"
	got=0
	if [ "$way" = pipe ]; then
		# shellcheck disable=SC2002
		cat "mixed.$form" | {
			got=0
			"$MAILCFG" gen --from - --from-format "$form" "$@" \
				2>err || got=$?
			echo "$got" >got
		} | cat >out
		got=$(cat got)
	else
		"$MAILCFG" gen --from "mixed.$form" "$@" >out 2>said || got=$?
		sed "s/mixed\.$form:/-:/g" said >err
	fi
}

# Sanitizers take time and memory.
sanitized() {
	grep -q __asan_init "$MAILCFG"
}

# always FORM WORD...: the same output, messages and status whatever the
# threads, the stencil and the way; with out.d in the words, the same tree.
always() {
	local form=$1 jobs stencil way
	shift
	rm -rf want* out.d
	from "$form" file --jobs 1 --no-stencil "$@"
	mv out want
	mv err want.err
	want=$got
	[ ! -d out.d ] || mv out.d want.d
	for jobs in 1 2 8; do
		for stencil in '' --no-stencil; do
			for way in file pipe; do
				# of twelve, four that meet everything
				case $jobs$stencil$way in
				1file|2pipe|8file|8--no-stencilpipe) ;;
				*) [ -z "$few" ] && ! sanitized || continue ;;
				esac
				rm -rf out.d
				# shellcheck disable=SC2086
				from "$form" "$way" --jobs "$jobs" $stencil \
					"$@"
				echo "$form --jobs $jobs $stencil $way $*"
				status "$want"
				cmp want out
				diff want.err err
				[ ! -d want.d ] || diff -r want.d out.d
			done
		done
	done
}

# What was said holds each of the words.
said() {
	local word
	for word; do
		grep -q -e "$word" want.err || {
			echo "nobody said: $word"
			return 1
		}
	done
}

# listing DIR: a line for each file, with its bytes in base64.
listing() {
	python3 - "$1" <<'END'
import base64, os, sys
root = sys.argv[1]
for where, _, names in os.walk(root):
    for name in names:
        path = os.path.join(where, name)
        with open(path, "rb") as f:
            print(os.path.relpath(path, root),
                  base64.b64encode(f.read()).decode())
END
}

# members COMMAND...: extracts out, and compares with the tree in want.d.
members() {
	rm -rf members
	mkdir members
	(cd members && "$@")
	diff -r want.d members
}

# most KIB COMMAND...: runs it, and fails when it took more memory.
most() {
	python3 - "$@" <<'END'
import resource, subprocess, sys
limit = int(sys.argv[1])
with open("out", "wb") as out:
    status = subprocess.call(sys.argv[2:], stdout=out)
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
if sys.platform == "darwin":
    used //= 1024
print("status", status, "peak", used, "KiB, of", limit)
sys.exit(status != 0 or used > limit)
END
}


# has_parallel: GNU's, which agrees not to ask for a citation.
has_parallel() {
	parallel --version 2>/dev/null | grep -q '^GNU parallel' ||
		skip "no GNU parallel"
	export HOME=$PWD
	mkdir -p bin .parallel
	touch .parallel/will-cite
	ln -sf "$MAILCFG" bin/mailcfg
	PATH=$PWD/bin:$PATH
}

@test "a stream of one target" {
	singles
	for target in $(cat singles); do
		for form in csv ndjson; do
			always "$form" -t "$target" -o - --output-format=concat
			status 65
			[ -s want ]
		done
	done
}

@test "messages: every kind, at its place, in order" {
	always csv -t apple,thunderbird,card -o - --output-format=ndjson
	status 65
	said '\[no-address\]' '\[bad-address\]' '\[bad-host\]' \
		'\[bad-text\]' '\[bad-choice\]' '\[bad-lang\]' '\[bad-url\]' \
		'\[no-server\]' '\[syntax\]' \
		'\[not-expressible\]' '\[domain-differs\]' '\[column-ignored\]' \
		'\[duplicate-account\]' 'came first' '\[preparation\]' \
		'^mailcfg: and [0-9,]* more \[starttls-device\]$' \
		'^mailcfg: and [0-9,]* more \[cleartext\]$' \
		'^mailcfg: and [0-9,]* more \[pop3-deletes\]$'
	# a record more than a block away from its double
	grep 'came first' want.err |
		sed 's/^-:\([0-9]*\):.*: -:\([0-9]*\):.*/\1 \2/' >doubles
	awk '$1 - $2 > 1500 { far++ } $1 - $2 < 10 { near++ }
		END { exit !(far > 10 && near > 10) }' doubles
	# errors stand in the order of the input
	grep ': error:' want.err | cut -d : -f 2 >lines
	sort -c -n lines
	always ndjson -t apple,thunderbird,card -o - --output-format=ndjson
	status 65
	said '\[duplicate-field\]' '\[bad-type\]' '\[syntax\]' 'came first'
}

@test "tar of two targets" {
	for form in csv ndjson; do
		always "$form" -t apple,card -o - --output-format=tar
		status 65
		[ "$(tar -tf want | wc -l)" -gt 6000 ]
	done
}

@test "ndjson of two targets, one of which makes several documents" {
	for form in csv ndjson; do
		always "$form" -t outlook,card -o - --output-format=ndjson
		status 65
		[ "$(jq -n '[inputs] | length' want)" -gt 12000 ]
	done
}

@test "lists" {
	for target in json yaml; do
		for form in csv ndjson; do
			always "$form" -t "$target"
			status 65
		done
	done
	always csv -t json
	[ "$(jq length want)" -gt 3000 ]
}

@test "everything that is made for a person" {
	# pages are large
	for form in csv ndjson; do
		head -n 600 "$MIXED.$form" >some.$form
	done
	MIXED=$PWD/some
	for form in csv ndjson; do
		# some are drawn anew for each
		few=1 always "$form" -t all -o - --output-format=ndjson
		status 65
		said '^mailcfg: and [0-9,]* more \[skipped\]$' \
			'^mailcfg: and [0-9,]* more \[left-out\]$' \
			'^mailcfg: and [0-9,]* more \[undocumented\]$' \
			'^mailcfg: and [0-9,]* more \[not-carried\]$'
	done
}

# thebat says one thing of the one name, and another of the other
@test "accounts of one kind of which different things are said" {
	printf '%s\n' address,name a@d.example,Ан b@d.example,Ян \
		'c@d.example,"Bo ""x"""' 'd@d.example,"Ek ""x"""' \
		e@d.example,Ек 'f@d.example,"Ek ""y"""' >people.csv
	for stencil in '' --no-stencil; do
		# shellcheck disable=SC2086
		gen -t thebat "${SERVERS[@]}" --from people.csv $stencil -o - \
			--output-format=tar
		status 0
		grep -q '^people.csv:2:13: warning: .* \[left-out\]$' err
		grep -q '^people.csv:4:14: warning: .* \[undocumented\]$' err
		grep -qx 'mailcfg: and 2 more \[left-out\]' err
		grep -qx 'mailcfg: and 2 more \[undocumented\]' err
	done
}

# Fewer, as a disk takes its time; still more than a block for each thread.
@test "a folder, with a list in it; folders in it" {
	for form in csv ndjson; do
		head -n 1300 "$MIXED.$form" >some.$form
	done
	MIXED=$PWD/some
	always csv -t card,thunderbird,json -o out.d/
	status 65
	[ "$(find want.d -type f | wc -l)" -gt 1000 ]
	always ndjson -t card --by domain -o out.d/
	status 65
	[ "$(find want.d -mindepth 1 -type d | wc -l)" -ge 40 ]
}

@test "two inputs, with doubles across them" {
	cp "$MIXED.csv" mixed.csv
	cp "$PLAIN.ndjson" plain.ndjson
	for jobs in 1 2 8; do
		for stencil in '' --no-stencil; do
			# shellcheck disable=SC2086
			gen -t apple --from mixed.csv --from plain.ndjson \
				--jobs "$jobs" $stencil -o - \
				--output-format=concat
			status 65
			[ -e want ] || mv out want
			[ -e want.err ] || mv err want.err
			[ ! -e out ] || cmp want out
			[ ! -e err ] || diff want.err err
		done
	done
	grep -q '^plain.ndjson:.*mixed.csv:.* came first' want.err
}

@test "picked records are those of the whole" {
	cp "$MIXED.csv" mixed.csv
	gen -q -t card --from mixed.csv -o out.d/
	gen -q -t card --from mixed.csv --jobs 1 -o pick.d/ \
		'p.0?1*@*' @d07.example
	[ "$(find pick.d -type f | wc -l)" -gt 150 ]
	for file in pick.d/*; do
		cmp "$file" "out.d/${file#*/}"
	done
}

@test "the order is that of the input" {
	cp "$MIXED.csv" mixed.csv
	gen -q -t card --from mixed.csv -o - --output-format=ndjson
	jq -r .account out >accounts
	python3 - <<'END'
import csv
with open("mixed.csv", newline="", encoding="utf-8") as f:
    places = {}
    for place, row in enumerate(csv.reader(f)):
        if row:
            places.setdefault(row[0].lower(), []).append(place)
with open("accounts", encoding="utf-8") as f:
    accounts = [line.rstrip("\n").lower().replace("xn--bcher-kva", "bücher")
                for line in f]
assert len(accounts) > 3000 and len(set(accounts)) == len(accounts)
last = 0
for account in accounts:
    # a bad record of the same mailbox may stand before
    last = min(place for place in places[account] if place > last)
END
}

@test "tar, read by others" {
	head -n 300 "$PLAIN.csv" >people.csv
	for more in '' '--by domain' '--by account'; do
		rm -rf want.d
		# shellcheck disable=SC2086
		gen -q -t apple,card --from people.csv $more -o want.d/
		# shellcheck disable=SC2086
		gen -q -t apple,card --from people.csv $more -o - \
			--output-format=tar
		status 0
		members tar -xf ../out
		members bsdtar -xf ../out
		members python3 -c 'import tarfile
tarfile.open("../out", errorlevel=2).extractall()'
		diff <(tar -tf out) <(bsdtar -tf out)
		python3 - <<-'END'
			import tarfile
			for m in tarfile.open("out"):
			    assert m.isreg() and m.mtime == 0 and m.mode == 0o600
			    assert (m.uid, m.gid, m.uname, m.gname) == (0, 0, "", "")
		END
	done
}

@test "ndjson, read by jq" {
	head -n 700 "$MIXED.ndjson" >mixed.ndjson
	words=(-q -t 'apple,thunderbird,outlook' --from mixed.ndjson)
	gen "${words[@]}" -o want.d/
	gen "${words[@]}" -o - --output-format=ndjson
	status 65
	[ "$(jq -c keys_unsorted out | sort -u)" = \
		'["account","target","name","type","encoding","content"]' ]
	[ "$(jq -r .encoding out | sort -u)" = utf-8 ]
	jq -r '.name + " " + (.content | @base64)' out | LC_ALL=C sort >lines
	listing want.d | LC_ALL=C sort | cmp - lines
	"$MAILCFG" targets --json >targets
	jq -r '.target + " " + .type' out | sort -u | while read -r name type; do
		jq -e --arg name "$name" --arg type "$type" 'any(.[];
			.name == $name and any(.files[]; .type == $type))' \
			targets >/dev/null
	done
}

@test "concat is the files, one behind the other" {
	head -n 700 "$MIXED.csv" >mixed.csv
	singles
	for target in $(cat singles); do
		rm -rf want.d
		gen -q -t "$target" --from mixed.csv -o want.d/
		gen -q -t "$target" --from mixed.csv -o - --output-format=ndjson
		jq -r .name out >names
		gen -q -t "$target" --from mixed.csv -o - --output-format=concat
		status 65
		(cd want.d && xargs -d '\n' cat) <names | cmp - out
		[ "$(sort names | uniq | wc -l)" -eq "$(find want.d -type f | wc -l)" ]
	done
}

@test "archives: the same bytes, same, refused, forced" {
	cp "$PLAIN.csv" plain.csv
	sed 's/imaps:/imap:/' plain.csv >other.csv
	gen -q -t apple,card --from plain.csv -o - --output-format=tar
	mv out want.tar
	n=$(tar -tf want.tar | wc -l)
	for suffix in tar tar.gz zip; do
		words=(-t 'apple,card' --from plain.csv)
		gen "${words[@]}" --jobs 1 --no-stencil -o "a.$suffix"
		status 0
		grep -qx "created $n changed 0 same 0 refused 0" err
		[ "$(stat -c %a "a.$suffix")" = 600 ]
		(
			umask 077
			TZ=Asia/Tokyo gen -q "${words[@]}" --jobs 8 \
				-o "b.$suffix"
			cmp "a.$suffix" "b.$suffix"
		)
		before=$(stat -c %i:%Y:%Z "a.$suffix")
		gen "${words[@]}" -o "a.$suffix"
		status 0
		grep -qx "created 0 changed 0 same $n refused 0" err
		[ "$(stat -c %i:%Y:%Z "a.$suffix")" = "$before" ]
		gen "${words[@]/plain/other}" -o "a.$suffix"
		status 73
		grep -q "different file is there: a.$suffix: --force replaces it \[file-exists\]" err
		cmp "a.$suffix" "b.$suffix"
		gen --force "${words[@]/plain/other}" -o "a.$suffix"
		status 0
		grep -q '^created 0 changed [0-9]* same 0 refused 0$' err
		not cmp -s "a.$suffix" "b.$suffix"
		gen --force "${words[@]}" -o "a.$suffix"
		cmp "a.$suffix" "b.$suffix"
	done
	cmp want.tar a.tar
	gzip -dc a.tar.gz | cmp - want.tar
	[ "$(find . -name '*.tmp' | wc -l)" -eq 0 ]
	python3 - <<-'END'
		import tarfile, zipfile
		with tarfile.open("want.tar") as tar, \
		        zipfile.ZipFile("a.zip") as archive:
		    assert archive.testzip() is None
		    assert archive.namelist() == tar.getnames()
		    for name in tar.getnames():
		        assert archive.read(name) == tar.extractfile(name).read()
	END
}

@test "lists in archives" {
	head -n 300 "$PLAIN.csv" >plain.csv
	gen -q -t json,yaml,card --from plain.csv -o want.d/
	for suffix in tar.gz zip; do
		gen -q -t json,yaml,card --from plain.csv -o "a.$suffix"
		members bsdtar -xf "../a.$suffix"
	done
	gen -q -t json,card --from plain.csv -o a.tar
	status 64
	[ ! -e a.tar ]
}

@test "what goes into no stream" {
	for target in json yaml; do
		for format in tar ndjson concat; do
			gen -t "$target" "${SERVERS[@]}" -o - \
				"--output-format=$format" a@example.org
			status 64
			prints
			says "mailcfg: error: wrong usage: $target is one list for the run, not a document of a stream: give -o FILE or -o DIR/ [usage]"
		done
	done
	for targets in apple,card outlook thebat; do
		gen -t "$targets" "${SERVERS[@]}" -o - --output-format=concat \
			a@example.org
		status 64
		prints
		grep -q 'usage: --output-format=concat is for a target of one document \[usage\]$' err
	done
	for where in out.d/ a.txt a.zip a.tar.gz; do
		gen -t card "${SERVERS[@]}" -o "$where" --output-format=ndjson \
			a@example.org
		status 64
		says 'mailcfg: error: wrong usage: --output-format goes with -o -, standard output [usage]'
		[ ! -e "$where" ]
	done
}

@test "numbers of threads, and formats, that make no sense" {
	for jobs in 0 x -1 65 99999999999 1x ''; do
		gen -t card "${SERVERS[@]}" "--jobs=$jobs" a@example.org
		status 64
		prints
		says 'mailcfg: error: wrong usage: --jobs is a number from 1 to 64 [usage]'
	done
	for format in foo TAR '' 'tar,ndjson'; do
		gen -t card "${SERVERS[@]}" -o - "--output-format=$format" \
			a@example.org
		status 64
		prints
		says 'mailcfg: error: wrong usage: --output-format is tar, ndjson or concat [usage]'
	done
	gen -t card "${SERVERS[@]}" --jobs 64 a@example.org
	status 0
}

@test "threads may be where the run may be" {
	cat >run.py <<-'END'
		import os, subprocess, sys, time
		def start(jobs, out):
		    return subprocess.Popen([os.environ["MAILCFG"], "gen", "-t",
		        "card", "--imap", "i.example", "--smtp", "s.example",
		        "--from", "-", "-o", "-", "--output-format=concat",
		        "--jobs", jobs], stdin=subprocess.PIPE, stdout=out)
		rows = b"address\n" + b"".join(
		    b"person%05d@example.org\n" % i for i in range(3000))
		whole = start("1", subprocess.PIPE).communicate(rows)[0]
		assert whole.count(b"person") >= 3000
		every = os.sched_getaffinity(0)
		for allowed in {min(every)}, every:
		    os.sched_setaffinity(0, allowed)
		    with open("out", "w+b") as out:
		        p = start("3", out)
		        p.stdin.write(rows)
		        p.stdin.flush()
		        # it waits for more, with all its threads
		        for _ in range(2000):
		            there = [os.sched_getaffinity(int(t)) for t in
		                     os.listdir("/proc/%d/task" % p.pid)]
		            if len(there) == 3 and there == 3 * [allowed]:
		                break
		            time.sleep(0.01)
		        else:
		            sys.exit("%s, not %s" % (there, allowed))
		        p.stdin.close()
		        assert p.wait() == 0
		        out.seek(0)
		        assert out.read() == whole
	END
	timeout 120 python3 run.py
}

@test "operands and one account make a stream too" {
	gen -q -t apple,card "${SERVERS[@]}" --output-format=tar a@example.org \
		b@example.org
	status 0
	diff - <(tar -tf out) <<-END
		a@example.org.mobileconfig
		a@example.org.card.txt
		b@example.org.mobileconfig
		b@example.org.card.txt
	END
	echo 'address' >none.csv
	gen -t card "${SERVERS[@]}" --from none.csv -o - --output-format=tar
	status 66
	[ "$(tar -tf out | wc -l)" -eq 0 ]
}

@test "nobody waits for a record that is there" {
	cat >run.py <<-'END'
		import os, select, subprocess, sys, threading
		form, frame, jobs, many = sys.argv[1:]
		rounds = 20 if many == "0" else 3
		p = subprocess.Popen([os.environ["MAILCFG"], "gen", "-t", "card",
		    "--imap", "i.example", "--smtp", "s.example", "--from", "-",
		    "--from-format", form, "-o", "-", "--output-format=" + frame,
		    "--jobs", jobs], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
		def record(address):
		    return b'{"address":"%s"}\n' % address \
		        if form == "ndjson" else address + b"\n"
		def feed():
		    if form == "csv":
		        p.stdin.write(b"address\n")
		    for i in range(rounds):
		        # a burst, and the beginning of the next one
		        for j in range(int(many)):
		            p.stdin.write(record(b"q%d.%d@example.org" % (i, j)))
		        text = record(b"p%d@example.org" % i)
		        text += record(b"r%d@example.org" % i)
		        p.stdin.write(text[:-4])
		        p.stdin.flush()
		        turn.acquire()
		        p.stdin.write(text[-4:])
		    p.stdin.close()
		turn = threading.Semaphore(0)
		threading.Thread(target=feed, daemon=True).start()
		seen = b""
		for i in range(rounds):
		    address = b"p%d@example.org" % i
		    while address not in seen or not seen.endswith(
		            b"\n" if frame != "tar" else b"\0"):
		        ready, _, _ = select.select([p.stdout], [], [], 20)
		        if not ready:
		            sys.exit("nothing came of record %d" % (i + 1))
		        seen += os.read(p.stdout.fileno(), 65536)
		    seen = b""
		    turn.release()
		p.stdout.read()
		sys.exit(p.wait())
	END
	for form in csv ndjson; do
		for frame in ndjson concat tar; do
			for jobs in 1 2; do
				for many in 0 1500; do
					echo "$form $frame $jobs $many"
					timeout 60 python3 run.py "$form" \
						"$frame" "$jobs" "$many"
				done
			done
		done
	done
}

@test "memory: 24 MiB, and 40 bytes a record" {
	! sanitized || skip "sanitizers"
	python3 -c 'print("address,name")
for i in range(200000):
    print("person%06d@d%02d.example,Person Number %d" % (i, i % 40, i))' \
		>people.csv
	# each thread has blocks of its own: not of as many as there are cores
	for jobs in 1 2 4; do
		for format in tar ndjson; do
			most $((24 * 1024 + 40 * 200000 / 1024)) "$MAILCFG" \
				gen -q -t apple "${SERVERS[@]}" --jobs "$jobs" \
				--from people.csv -o - "--output-format=$format"
			rm out
		done
	done
}

@test "a thousand shapes" {
	python3 -c 'print("address,name,imap,smtp")
for i in range(5000):
    print("p%d@d.example,P %d,imaps://h%d.example,smtps://h%d.example" % (
        i, i, i * 7 % 1000, i * 7 % 1000))' >shapes.csv
	gen -t apple --from shapes.csv --jobs 1 --no-stencil -o - \
		--output-format=ndjson
	status 0
	mv out want
	mv err want.err
	for jobs in 1 2 8; do
		gen -t apple --from shapes.csv --jobs "$jobs" -o - \
			--output-format=ndjson
		status 0
		cmp want out
		diff want.err err
	done
	grep -c '<string>h693.example</string>' <(jq -r .content out) | grep -qx 10
	! sanitized || skip "sanitizers"
	most $((24 * 1024)) "$MAILCFG" gen -q -t apple --from shapes.csv \
		--jobs 2 -o - \
		--output-format=ndjson
}

# command_of_manual NUMBER: that of mailcfg(1), MANY ACCOUNTS, as a script.
command_of_manual() {
	awk -v wanted="$1" '
		/^\.Sh / { inside = /MANY ACCOUNTS/ }
		inside && /^\.Ed/ { literal = 0 }
		literal && n == wanted { print }
		inside && /^\.Bd / { literal = 1; n++ }
	' "$MAILCFG_SOURCE/cmd/mailcfg.1" | sed 's/^\$ //; s/\\e$/\\/' >script
	[ -s script ]
}

@test "GNU parallel: lines are those of one run" {
	has_parallel
	cp "$PLAIN.csv" people.csv
	cp "$PLAIN.ndjson" people.ndjson
	for form in csv ndjson; do
		gen -q -t apple --from "people.$form" -o - \
			--output-format=ndjson
		mv out want
		[ "$(wc -l <want)" -gt 2500 ]
		command_of_manual "$([ "$form" = csv ] && echo 1 || echo 2)"
		sh script
		cmp want profiles.ndjson
		rm profiles.ndjson
		sed -i 's/--block -1/--block 50k/' script
		grep -q 'block 50k' script
		sh script
		cmp want profiles.ndjson
		rm profiles.ndjson
	done
}

@test "GNU parallel: members are those of one run" {
	has_parallel
	cp "$PLAIN.csv" people.csv
	gen -q -t apple,card --from people.csv -o want.tar
	parallel --pipe-part --header 1 -a people.csv --block 50k \
		mailcfg gen -q --target=apple,card --from - --from-format csv \
		-o 'part-{#}.tar'
	[ "$(find . -name 'part-*.tar' | wc -l)" -gt 4 ]
	parallel --pipe-part --header 1 -a people.csv --block 50k -k \
		mailcfg gen -q --target=apple,card --from - --from-format csv \
		-o - --output-format=tar >all.tar
	python3 - <<-'END'
		import glob, tarfile

		def members(name):
		    with tarfile.open(name, ignore_zeros=True) as tar:
		        return [(m.name, tar.extractfile(m).read()) for m in tar]
		want = members("want.tar")
		assert len(want) > 5000
		assert members("all.tar") == want
		parts = [m for name in glob.glob("part-*.tar") for m in members(name)]
		assert sorted(parts) == sorted(want)
	END
}
