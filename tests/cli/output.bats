#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Files: their names, modes, and that they are whole or absent.

load common

made() {
	gen -t card "${SERVERS[@]}" "$@"
}

@test "-o FILE" {
	made -o a.txt a@example.org
	status 0
	says
	prints
	grep -q a@example.org a.txt
	[ "$(stat -c %a a.txt)" = 600 ]
}

@test "-o - is standard output" {
	made -o - a@example.org
	status 0
	grep -q a@example.org out
}

@test "-o DIR/ is made, private whatever the umask" {
	umask 000
	made -o out.d/ a@example.org
	status 0
	says 'created 1 changed 0 same 0 refused 0'
	holds a@example.org.card.txt
	[ "$(stat -c %a out.d out.d/*)" = "$(printf '700\n600')" ]
}

@test "a directory that is there needs no slash, and keeps its mode" {
	mkdir -m 755 out.d
	made -o out.d a@example.org
	status 0
	holds a@example.org.card.txt
	[ "$(stat -c %a out.d)" = 755 ]
}

@test "a umask that takes everything" {
	umask 777
	gen_status=0
	"$MAILCFG" gen -q -t card "${SERVERS[@]}" -o out.d/ a@example.org ||
		gen_status=$?
	umask 022
	[ "$gen_status" -eq 0 ]
	[ "$(stat -c %a out.d out.d/*)" = "$(printf '700\n600')" ]
}

@test "the same bytes are left alone" {
	made -o out.d/ a@example.org
	before=$(stat -c %i:%Y:%Z out.d/*)
	made -o out.d/ a@example.org
	status 0
	says 'created 0 changed 0 same 1 refused 0'
	[ "$(stat -c %i:%Y:%Z out.d/*)" = "$before" ]
}

@test "a different file is refused, the other documents are written" {
	mkdir out.d
	echo mine >out.d/a@example.org.card.txt
	made -o out.d/ a@example.org b@example.org
	status 73
	says 'operand 1:1:1: error: a different file is there: out.d/a@example.org.card.txt: --force replaces it [file-exists]' \
		'created 1 changed 0 same 0 refused 1'
	[ "$(cat out.d/a@example.org.card.txt)" = mine ]
	holds a@example.org.card.txt b@example.org.card.txt
}

@test "--force replaces by a rename" {
	mkdir out.d
	echo mine >out.d/a@example.org.card.txt
	ln out.d/a@example.org.card.txt kept
	made --force -o out.d/ a@example.org
	status 0
	says 'created 0 changed 1 same 0 refused 0'
	[ "$(cat kept)" = mine ]
	grep -q imap.example.org out.d/a@example.org.card.txt
}

@test "-o FILE that is there" {
	echo mine >a.txt
	made -o a.txt a@example.org
	status 73
	says 'operand 1:1:1: error: a different file is there: a.txt: --force replaces it [file-exists]'
	made --force -o a.txt a@example.org
	status 0
	made -o a.txt a@example.org
	status 0
}

@test "a longer file that begins with the same bytes is a different one" {
	gen -t json "${SERVERS[@]}" -o list.json a@example.org
	printf 'more' >>list.json
	gen -t json "${SERVERS[@]}" -o list.json a@example.org
	status 73
	gen -t json "${SERVERS[@]}" --force -o list.json a@example.org
	status 0
	jq -e . list.json
}

@test "a list that grows is replaced whole" {
	gen -t json "${SERVERS[@]}" -o list.json a@example.org
	gen -t json "${SERVERS[@]}" --force -o list.json a@example.org b@example.org
	status 0
	[ "$(jq length list.json)" -eq 2 ]
	gen -t json "${SERVERS[@]}" --force -o list.json a@example.org
	[ "$(jq length list.json)" -eq 1 ]
}

@test "--mode" {
	made --mode 0640 -o out.d/ a@example.org
	status 0
	[ "$(stat -c %a out.d out.d/*)" = "$(printf '700\n640')" ]
}

@test "--mode that makes no sense" {
	for mode in 0755 0240 640x 99 ''; do
		made --mode "$mode" -o out.d/ a@example.org
		status 64
		says 'mailcfg: error: wrong usage: --mode wants octal digits such as 0640: read and write for the owner, and nobody may execute [usage]'
	done
}

@test "names of hostile addresses stay in the directory" {
	made -o out.d/ /etc/x@example.org con.y@example.org \
		"$(printf 'a%%b@example.org')" -- -rf@example.org
	status 0
	holds %2drf@example.org.card.txt %2fetc%2fx@example.org.card.txt \
		_con.y@example.org.card.txt a%25b@example.org.card.txt
}

@test "a symbolic link is never followed" {
	mkdir out.d elsewhere
	ln -s ../elsewhere/x out.d/a@example.org.card.txt
	made -o out.d/ a@example.org
	status 73
	made --force -o out.d/ a@example.org
	status 0
	[ -f out.d/a@example.org.card.txt ]
	[ ! -L out.d/a@example.org.card.txt ]
	[ -z "$(ls elsewhere)" ]
}

@test "a symbolic link in the place of a folder" {
	mkdir out.d elsewhere
	ln -s ../elsewhere out.d/a@example.org
	made --by account -o out.d/ a@example.org b@example.org
	status 73
	says 'operand 1:1:1: error: cannot create: out.d/a@example.org/a@example.org.card.txt: a symbolic link or a file is in the way [cannot-create]' \
		'created 1 changed 0 same 0 refused 1'
	[ -z "$(ls elsewhere)" ]
}

@test "kernels without openat2" {
	command -v strace || skip "no strace"
	mkdir out.d elsewhere
	ln -s ../elsewhere out.d/a@example.org
	export ASAN_OPTIONS=detect_leaks=0
	try strace -f -o trace -e trace=openat2 -e inject=openat2:error=ENOSYS \
		"$MAILCFG" gen -t card "${SERVERS[@]}" --by account -o out.d/ \
		a@example.org b@example.org
	status 73
	holds b@example.org/b@example.org.card.txt
	[ -z "$(ls elsewhere)" ]
}

@test "special files are neither written to nor replaced" {
	mkfifo pipe
	made --force -o pipe a@example.org
	status 73
	says 'operand 1:1:1: error: cannot create: pipe: what is there is no regular file [cannot-create]'
	[ -p pipe ]
	mkdir -p out.d/a@example.org.card.txt
	made --force -o out.d/ a@example.org b@example.org
	status 73
	says 'operand 1:1:1: error: cannot create: out.d/a@example.org.card.txt: Is a directory [cannot-create]' \
		'created 1 changed 0 same 0 refused 1'
}

@test "a directory that cannot be made" {
	made -o none/out.d/ a@example.org
	status 73
	says 'mailcfg: error: cannot create: none/out.d/: No such file or directory [cannot-create]'
	made -o none/a.txt a@example.org
	status 73
	says 'mailcfg: error: cannot create: none/a.txt: No such file or directory [cannot-create]'
	echo x >file
	made -o file/ a@example.org
	status 73
	says 'mailcfg: error: cannot create: file/: Not a directory [cannot-create]'
}

@test "standard output that is full" {
	got=0
	"$MAILCFG" gen -t card "${SERVERS[@]}" a@example.org >/dev/full 2>err ||
		got=$?
	status 74
	says 'operand 1:1:1: error: cannot write: standard output: No space left on device [cannot-write]'
	got=0
	"$MAILCFG" fields >/dev/full 2>err || got=$?
	status 74
	says 'mailcfg: error: cannot write: standard output: No space left on device [cannot-write]'
}

@test "standard output that is closed" {
	got=0
	"$MAILCFG" gen -t card "${SERVERS[@]}" a@example.org >&- 2>err || got=$?
	status 74
	says 'operand 1:1:1: error: cannot write: standard output: Bad file descriptor [cannot-write]'
}

@test "a reader that goes away is no news" {
	{
		got=0
		"$MAILCFG" gen -t json "${SERVERS[@]}" \
			$(seq -f 'u%g@example.org' 2000) 2>err || got=$?
		echo "$got" >got
	} | head -c 1 >/dev/null
	[ "$(cat got)" -eq 74 ]
	says
}

@test "a file system without room" {
	unshare -rm true 2>/dev/null || skip "no namespaces"
	mkdir out.d
	cat >full <<-'END'
		mount -t tmpfs -o size=8k none out.d || exit 99
		"$MAILCFG" gen -t json,card "$@" -o out.d/
		echo $? >got
		ls -A out.d >list
	END
	unshare -rm sh full "${SERVERS[@]}" $(seq -f 'u%g@example.org' 50) \
		>out 2>err
	got=$(cat got)
	[ "$got" -ne 99 ] || skip "no tmpfs"
	status 74
	grep -q 'cannot write.*No space left on device \[cannot-write\]' err
	not grep tmp list
}

@test "a limit on the size of files" {
	made -o big.txt a@example.org
	got=0
	(ulimit -f 0 && exec "$MAILCFG" gen -q -t card "${SERVERS[@]}" \
		-o out.d/ a@example.org) 2>err || got=$?
	# a message is as long as nothing can be, where even err is limited
	[ "$got" -eq 74 ]
	[ -z "$(ls -A out.d)" ]
}

@test "another run is writing there" {
	mkdir out.d
	exec 9<out.d
	flock -n 9
	made -o out.d/ a@example.org
	status 75
	grep -q '^mailcfg: error: another run is writing there: out.d/\(: process [0-9]*\)\? \[busy\]$' err
	[ "$(wc -l <err)" -eq 1 ]
	[ -z "$(ls -A out.d)" ]
	made -o out.d/a.txt a@example.org
	status 75
	exec 9<&-
	made -o out.d/ a@example.org
	status 0
}

@test "runs for two files of one directory are no rivals" {
	exec 9<.
	flock -s 9
	made -o a.txt a@example.org
	status 0
}

@test "what a killed run left is removed" {
	mkdir -p out.d/a@example.org
	touch out.d/.x.card.txt.1.0123456789abcdef.tmp \
		out.d/a@example.org/.y.999999999.0123456789abcdef.tmp \
		out.d/.keep.tmp out.d/.z.1.0123.tmp \
		.a.txt.999999999.0123456789abcdef.tmp \
		.b.txt.999999999.0123456789abcdef.tmp
	made --by account -o out.d/ a@example.org
	status 0
	holds .keep.tmp .z.1.0123.tmp a@example.org/a@example.org.card.txt
	made -o a.txt a@example.org
	status 0
	[ ! -e .a.txt.999999999.0123456789abcdef.tmp ]
	[ -e .b.txt.999999999.0123456789abcdef.tmp ]
}

@test "a signal ends the run by itself, and leaves nothing unfinished" {
	for signal in INT TERM; do
		cat >run.py <<-END
			import os, signal, subprocess, sys, time
			p = subprocess.Popen([os.environ["MAILCFG"], "gen", "-t", "card,json",
			    "--from-format", "ndjson", "--from", "-", "-o", "out.d/",
			    "--imap", "imaps://i.example", "--smtp", "smtps://s.example"],
			    stdin=subprocess.PIPE, stderr=open("err", "wb"))
			p.stdin.write(b'{"address":"a@example.org"}\n')
			p.stdin.flush()
			for _ in range(500):
			    if os.path.exists("out.d/a@example.org.card.txt"):
			        break
			    time.sleep(0.02)
			p.send_signal(signal.SIG$signal)
			sys.exit(0 if p.wait(20) == -signal.SIG$signal else 1)
		END
		rm -rf out.d
		python3 run.py
		says 'mailcfg: error: stopped by a signal: what is there is whole [interrupted]' \
			'created 1 changed 0 same 0 refused 0'
		holds a@example.org.card.txt
	done
}

@test "--by account, person, domain" {
	cat >users.ndjson <<-'END'
		{"address":"a@one.example","person":"P"}
		{"address":"b@two.example","person":"P"}
		{"address":"c@two.example"}
	END
	gen -t card,json "${SERVERS[@]}" --from users.ndjson --by account \
		-o out.d/
	status 0
	says 'created 6 changed 0 same 0 refused 0'
	holds a@one.example/a@one.example.card.txt a@one.example/accounts.json \
		b@two.example/accounts.json b@two.example/b@two.example.card.txt \
		c@two.example/accounts.json c@two.example/c@two.example.card.txt
	rm -r out.d
	gen -t card,json "${SERVERS[@]}" --from users.ndjson --by person \
		-o out.d/
	status 0
	holds %50/a@one.example.card.txt %50/accounts.json \
		%50/b@two.example.card.txt c@two.example/accounts.json \
		c@two.example/c@two.example.card.txt
	[ "$(jq length out.d/%50/accounts.json)" -eq 2 ]
	rm -r out.d
	gen -t card,json "${SERVERS[@]}" --from users.ndjson --by domain \
		-o out.d/
	status 0
	holds one.example/a@one.example.card.txt one.example/accounts.json \
		two.example/accounts.json two.example/b@two.example.card.txt \
		two.example/c@two.example.card.txt
}

@test "folders with hostile names" {
	printf '%s\n' '{"address":"a@one.example","person":"../../x"}' \
		'{"address":"b@one.example","person":"/tmp"}' \
		'{"address":"c@one.example","person":"."}' >users.ndjson
	gen -t card "${SERVERS[@]}" --from users.ndjson --by person -o out.d/
	status 0
	holds %2e.%2f..%2fx/a@one.example.card.txt \
		%2e/c@one.example.card.txt %2ftmp/b@one.example.card.txt
}

@test "many files, in many folders, forth and back" {
	for i in $(seq 300); do
		echo "{\"address\":\"u$i@d$((i % 3)).example\"}"
	done >users.ndjson
	gen -t card "${SERVERS[@]}" --from users.ndjson --by domain -o out.d/
	status 0
	says 'created 300 changed 0 same 0 refused 0'
	[ "$(find out.d -name '*.card.txt' | wc -l)" -eq 300 ]
	[ "$(find out.d -name '.*' | wc -l)" -eq 0 ]
	gen -t card "${SERVERS[@]}" --from users.ndjson --by account -o b.d/
	status 0
	[ "$(find b.d -name '*.card.txt' | wc -l)" -eq 300 ]
	gen -t card "${SERVERS[@]}" --from users.ndjson --by domain -o out.d/
	status 0
	says 'created 0 changed 0 same 300 refused 0'
}

@test "data are durable before the first name" {
	command -v strace || skip "no strace"
	export ASAN_OPTIONS=detect_leaks=0
	for n in 3 20; do
		# a directory that is there, and one that is not
		mkdir "there$n"
		for dir in there new; do
			try strace -f -o trace \
				-e trace=fsync,syncfs,renameat,renameat2 \
				"$MAILCFG" gen -q -t card "${SERVERS[@]}" \
				-o "$dir$n/" $(seq -f 'u%g@example.org' "$n")
			status 0
			sed -n 's/^[0-9]* *\([a-z0-9]*\)(.*/\1/p' trace |
				uniq -c | awk '{ print $2, $1 }' >calls
			case $dir$n in
			there3) set -- 'fsync 3' 'renameat2 3' 'fsync 2' ;;
			there20) set -- 'syncfs 1' 'renameat2 20' 'fsync 2' ;;
			new3) set -- 'fsync 4' 'renameat2 1' 'fsync 1' ;;
			new20) set -- 'syncfs 1' 'renameat2 1' 'fsync 1' ;;
			esac
			diff <(printf '%s\n' "$@") calls
		done
	done
}

@test "a list of a folder cannot be gone on with" {
	printf '{"address":"%s"}\n' a@one.example b@two.example c@one.example \
		>users.ndjson
	gen -t json "${SERVERS[@]}" --from users.ndjson --by domain -o out.d/
	status 65
	says 'users.ndjson:3:1: error: records that belong together are not adjacent: json: the list in one.example/ began at users.ndjson:1:1; sort the records [not-adjacent]' \
		'created 2 changed 0 same 0 refused 0'
}

@test "--by needs a directory" {
	made --by account a@example.org
	status 64
	says 'mailcfg: error: wrong usage: --by goes with -o DIR/ [usage]'
	made --by nothing -o out.d/ a@example.org
	status 64
	says 'mailcfg: error: wrong usage: --by is account, person or domain [usage]'
}

@test "several documents need a directory, and that is known before" {
	made a@example.org b@example.org
	status 64
	says 'mailcfg: error: wrong usage: 2 accounts make more than one document: give -o DIR/ [usage]'
	gen -t outlook "${SERVERS[@]}" -o x a@example.org
	status 64
	says 'mailcfg: error: wrong usage: outlook makes 4 documents: give -o DIR/ [usage]'
	gen -t card,json "${SERVERS[@]}" a@example.org
	status 64
	says 'mailcfg: error: wrong usage: 2 targets make more than one document: give -o DIR/ [usage]'
	[ ! -e x ]
}

@test "a list goes to standard output whatever its length" {
	gen -t json "${SERVERS[@]}" a@example.org b@example.org
	status 0
	[ "$(jq length out)" -eq 2 ]
}

@test "the file of a domain is made once" {
	gen -t thunderbird "${SERVERS[@]}" -o out.d/ a@example.org b@example.org
	status 0
	says 'created 1 changed 0 same 0 refused 0'
	holds example.org.autoconfig.xml
	gen -t thunderbird "${SERVERS[@]}" a@example.org b@example.org
	status 0
}

@test "accounts of a domain that disagree" {
	printf 'address,imap,smtp\n%s\n%s\n%s\n' \
		a@example.org,imaps://i.example,smtps://s.example \
		b@example.org,imaps://j.example,smtps://s.example \
		c@example.org,imaps://i.example,smtps://s.example >users.csv
	gen -t thunderbird --from users.csv -o out.d/
	status 65
	says 'users.csv:3:1: error: two accounts of a domain disagree: thunderbird: the file of example.org was made for users.csv:2:1 [domain-differs]' \
		'created 1 changed 0 same 0 refused 1'
	grep -q i.example out.d/example.org.autoconfig.xml
	rm -r out.d
	gen -t thunderbird --from users.csv --by account -o out.d/
	status 0
	holds a@example.org/example.org.autoconfig.xml \
		b@example.org/example.org.autoconfig.xml \
		c@example.org/example.org.autoconfig.xml
}

@test "--combine: the operands are one person" {
	gen -t apple "${SERVERS[@]}" --combine -o out.d/ a@example.org \
		b@example.org
	status 0
	says 'created 1 changed 0 same 0 refused 0'
	holds a@example.org.mobileconfig
	grep -q b@example.org out.d/a@example.org.mobileconfig
	gen -t apple "${SERVERS[@]}" --combine a@example.org b@example.org
	status 0
	cmp out out.d/a@example.org.mobileconfig
}

@test "--combine: records of a person, and targets that hold one" {
	printf '%s\n' '{"address":"a@one.example","person":"P"}' \
		'{"address":"b@two.example","person":"P"}' \
		'{"address":"c@two.example"}' '{"address":"d@two.example"}' \
		>users.ndjson
	gen -t apple,card "${SERVERS[@]}" --combine --from users.ndjson \
		-o out.d/
	status 0
	holds a@one.example.card.txt a@one.example.mobileconfig \
		b@two.example.card.txt c@two.example.card.txt \
		c@two.example.mobileconfig d@two.example.card.txt \
		d@two.example.mobileconfig
}

@test "--combine: records that are not adjacent" {
	printf '%s\n' '{"address":"a@one.example","person":"P"}' \
		'{"address":"b@two.example","person":"Q"}' \
		'{"address":"c@two.example","person":"P"}' >users.ndjson
	gen -t apple "${SERVERS[@]}" --combine --from users.ndjson -o out.d/
	status 65
	says 'users.ndjson:3:1: error: records that belong together are not adjacent: P: the first is users.ndjson:1:1; sort the records by person [not-adjacent]' \
		'created 2 changed 0 same 0 refused 0'
	holds a@one.example.mobileconfig b@two.example.mobileconfig
}

@test "--combine: too many accounts" {
	gen -t apple "${SERVERS[@]}" --combine -o out.d/ \
		$(seq -f 'u%g@example.org' 33)
	status 65
	says 'operand 33:1:1: error: too many accounts in one document: u33@example.org: at most 32 go into one [too-many]' \
		'created 1 changed 0 same 0 refused 0'
}
