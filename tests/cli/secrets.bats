#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Passwords: where they come from, and whom they reach.

load common

# embed SOURCE [WORD...]: a document with the password from there, in a.json.
embed() {
	local source=$1
	shift
	rm -f a.json
	try "$MAILCFG" gen -t json "${SERVERS[@]}" --embed-password \
		--password-from "$source" -o a.json "$@" a@example.org
}

password() {
	jq -r '.[0].imap.password' a.json
}

@test "without consent no password is written" {
	gen -t json "${SERVERS[@]}" --password-from 'cmd:echo Kanarie' a@example.org
	status 0
	says '--password-from: warning: option changed no account: passwords are written only with --embed-password [option-unused]'
	not grep Kanarie out
}

@test "there is no option or variable for a password" {
	MAILCFG_PASSWORD=Kanarie gen -t json "${SERVERS[@]}" --embed-password \
		-o a.json a@example.org
	status 0
	says
	not grep Kanarie a.json
	gen -t json "${SERVERS[@]}" --password=Kanarie a@example.org
	status 64
	says 'mailcfg: error: unknown option: --password: did you mean --password-from [unknown-option]'
	gen -t json "${SERVERS[@]}" --set password=Kanarie a@example.org
	status 64
	says '--set:1:1: error: a secret must not be an option'"'"'s value: password: others can read options; give --password-from or a record'"'"'s field [secret-option]'
	gen -t json "${SERVERS[@]}" --password-from Kanarie a@example.org
	status 64
	says 'mailcfg: error: wrong usage: --password-from is prompt, file:PATH, fd:N or cmd:WORDS [usage]'
}

@test "file:" {
	private pw Kanarie
	embed file:pw
	status 0
	says
	[ "$(password)" = Kanarie ]
	[ "$(stat -c %a a.json)" = 600 ]
	printf 'Kanarie' >pw
	embed file:pw
	[ "$(password)" = Kanarie ]
	printf 'Kanarie\r\n' >pw
	embed file:pw
	[ "$(password)" = Kanarie ]
}

@test "file: with {address}" {
	private pw-a@example.org Anton
	private pw-b@example.org Berta
	gen -t json "${SERVERS[@]}" --embed-password \
		--password-from 'file:pw-{address}' -o a.json A@Example.org \
		b@example.org
	status 0
	[ "$(jq -r '.[].imap.password' a.json | paste -sd,)" = Anton,Berta ]
}

@test "an address is one component of a path and one word of a command" {
	mkdir -p x
	private 'x/y@example.org' Kanarie
	gen -t json "${SERVERS[@]}" --embed-password --password-from \
		'file:{address}' -o a.json x/y@example.org
	status 65
	says 'operand 1:1:1: error: password source failed: the address holds a slash [password-source]'
	gen -t json "${SERVERS[@]}" --embed-password --password-from \
		'cmd:echo {address}' -o a.json -- -n@example.org
	status 65
	says 'operand 1:1:1: error: password source failed: the address looks like an option [password-source]'
	gen -t json "${SERVERS[@]}" --embed-password --password-from \
		"cmd:printf '[%s]' {address} x{address}" -o a.json \
		"a'\$b@example.org"
	status 0
	[ "$(password)" = "[a'\$b@example.org][xa'\$b@example.org]" ]
}

@test "file: that others can read" {
	private pw Kanarie
	for mode in 640 644 666; do
		chmod "$mode" pw
		embed file:pw
		status 77
		says "pw: error: others can read a file with passwords: its mode is 0$mode: chmod 600 pw [readable-secret]"
		embed file:pw --allow-insecure-input
		status 0
	done
	chmod 600 pw
	mv pw "it's"
	chmod 644 "it's"
	embed "file:it's"
	says "it's: error: others can read a file with passwords: its mode is 0644: chmod 600 'it'\\''s' [readable-secret]"
}

@test "a directory that others can write" {
	mkdir -m 777 dir
	private dir/pw Kanarie
	embed file:dir/pw
	status 0
	says 'dir/pw: warning: others can replace files in the directory: chmod go-w dir [unsafe-directory]'
	chmod 1777 dir
	embed file:dir/pw
	status 0
	says
}

@test "file: that is not there, empty, or too long" {
	embed file:none
	status 65
	says 'operand 1:1:1: error: password source failed: none: No such file or directory [password-source]'
	private pw ''
	embed file:pw
	status 65
	says 'operand 1:1:1: error: password source failed: it gave an empty password [password-source]'
	head -c 65537 /dev/zero | tr '\0' x >pw
	embed file:pw
	status 65
	says 'operand 1:1:1: error: password source failed: it is longer than 64 KiB [password-source]'
	head -c 1025 /dev/zero | tr '\0' x >pw
	embed file:pw
	status 65
	says 'operand 1:1:1: error: value is too long: password: at most 1024 bytes are taken [too-long]'
}

@test "what no password can hold" {
	private pw "$(printf 'Kanarie\nx')"
	embed file:pw
	status 65
	says 'operand 1:1:1: error: text cannot be used: password: a control character is in it [bad-text]'
	private pw "$(printf 'Kanarie\n\n.')"
	printf 'Kanarie\n\n' >pw
	embed file:pw
	status 65
	printf 'Kana\0rie\n' >pw
	embed file:pw
	status 65
	says 'operand 1:1:1: error: text cannot be used: password: a NUL is in it [bad-text]'
	printf 'Kana\377rie\n' >pw
	embed file:pw
	status 65
	says 'operand 1:1:1: error: text cannot be used: password: a byte that is not UTF-8 is in it [bad-text]'
}

@test "blanks and odd forms of a password are kept, with a warning" {
	private pw ' Kanarie '
	embed file:pw
	status 0
	says 'operand 1:1:1: warning: password begins or ends with a blank: password: the blanks are kept as part of it [password-blanks]'
	[ "$(password)" = ' Kanarie ' ]
	private pw "$(printf 'e\314\201x')"
	embed file:pw
	status 0
	says 'operand 1:1:1: warning: password is not in Unicode normal form C: password: a keyboard may send other bytes for it [password-form]'
	[ "$(password)" = "$(printf 'e\314\201x')" ]
}

@test "fd:" {
	private pw Kanarie
	exec 7<pw
	embed fd:7
	status 0
	[ "$(password)" = Kanarie ]
	for bad in fd: fd:x fd:99 fd:1 fd:2 fd:999999999; do
		embed "$bad"
		status 64
		says 'mailcfg: error: wrong usage: --password-from: fd: wants the number of an open descriptor [usage]'
	done
	try "$MAILCFG" gen -t json --from - --password-from fd:0 <pw
	status 64
	says 'mailcfg: error: wrong usage: standard input is read twice [usage]'
	try "$MAILCFG" gen -t json --from - --from -
	status 64
	says 'mailcfg: error: wrong usage: standard input is read twice [usage]'
}

@test "cmd:" {
	embed 'cmd:echo Kanarie'
	status 0
	[ "$(password)" = Kanarie ]
	embed 'cmd:printf "a b\"c" ignored'
	status 0
	[ "$(password)" = 'a b"c' ]
	embed "cmd:printf '%s' 'a  \$HOME'"
	status 0
	[ "$(password)" = 'a  $HOME' ]
}

@test "cmd: that fails" {
	embed 'cmd:false'
	status 65
	says 'operand 1:1:1: error: password source failed: false: exit status 1 [password-source]'
	embed 'cmd:no-such-command-here'
	status 65
	says 'operand 1:1:1: error: password source failed: no-such-command-here: No such file or directory [password-source]'
	embed 'cmd:true'
	status 65
	says 'operand 1:1:1: error: password source failed: it gave an empty password [password-source]'
	embed 'cmd:sh -c "kill -9 \$\$"'
	status 65
	says 'operand 1:1:1: error: password source failed: sh: killed by signal 9 [password-source]'
	embed 'cmd:head -c 100000 /dev/zero'
	status 65
	says 'operand 1:1:1: error: password source failed: head: it is longer than 64 KiB [password-source]'
	for bad in cmd: 'cmd:  ' 'cmd:{address}'; do
		embed "$bad"
		status 64
		says 'mailcfg: error: wrong usage: --password-from: cmd: wants a command and its words [usage]'
	done
	embed "cmd:echo 'x"
	status 64
	says 'mailcfg: error: wrong usage: --password-from: a quote of the command is not closed [usage]'
}

@test "cmd: has an empty standard input and no other descriptor" {
	exec 7</dev/null
	embed 'cmd:sh -c "cat; echo \$(ls /proc/self/fd)"'
	status 0
	# the last one is that of ls itself, for the folder
	[ "$(password)" = '0 1 2 3' ]
}

@test "cmd: ends with the run" {
	cat >run.py <<-'END'
		import os, signal, subprocess, sys, time
		p = subprocess.Popen([os.environ["MAILCFG"], "gen", "-t", "json",
		    "--imap", "i.example", "--smtp", "s.example", "--embed-password",
		    "--password-from", "cmd:sleep 25", "a@example.org"],
		    stderr=open("err", "wb"))
		time.sleep(1)
		p.send_signal(signal.SIGINT)
		sys.exit(0 if p.wait(5) == -signal.SIGINT else 1)
	END
	python3 run.py
	says 'mailcfg: error: stopped by a signal: what is there is whole [interrupted]'
}

@test "a source without {address} serves one account" {
	private pw Kanarie
	gen -t json "${SERVERS[@]}" --password-from file:pw a@example.org \
		b@example.org
	status 64
	says 'mailcfg: error: wrong usage: --password-from without {address} serves one account [usage]'
	printf '{"address":"%s"}\n' a@example.org b@example.org >users.ndjson
	gen -t card "${SERVERS[@]}" --embed-password --password-from file:pw \
		--from users.ndjson -o out.d/
	status 64
	says 'users.ndjson:2:1: error: wrong usage: --password-from without {address} serves one account, this is the second [usage]' \
		'created 0 changed 0 same 0 refused 0'
	gen -t json "${SERVERS[@]}" --embed-password --password-from file:pw \
		--from users.ndjson -o a.json b@example.org
	status 0
	[ "$(password)" = Kanarie ]
}

@test "prompt" {
	cat >ask.py <<-'END'
		import os, pty, signal, sys, termios, time
		kill = len(sys.argv) > 1 and getattr(signal, sys.argv[1])
		pid, tty = pty.fork()
		if pid == 0:
		    os.execv(os.environ["MAILCFG"], ["mailcfg", "gen", "-t", "json",
		        "--imap", "i.example", "--smtp", "s.example",
		        "--embed-password", "--password-from", "prompt", "-o", "a.json",
		        "a@example.org"])
		def echo():
		    return bool(termios.tcgetattr(tty)[3] & termios.ECHO)
		for _ in range(500):
		    if not echo():
		        break
		    time.sleep(0.02)
		assert not echo()
		if kill:
		    os.kill(pid, kill)
		else:
		    os.write(tty, b"Kanarie\n")
		seen = b""
		back = False
		try:
		    while True:
		        more = os.read(tty, 1000)
		        back = back or echo()
		        if not more:
		            break
		        seen += more
		except OSError:
		    pass
		status = os.waitpid(pid, 0)[1]
		assert back, "no echo afterwards"
		assert b"Password for a@example.org: " in seen, seen
		assert b"Kanarie" not in seen
		if kill:
		    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == kill
		else:
		    assert status == 0, seen
	END
	python3 ask.py
	[ "$(password)" = Kanarie ]
	rm a.json
	for signal in SIGINT SIGTERM SIGHUP SIGQUIT; do
		python3 ask.py "$signal"
		[ ! -e a.json ]
	done
	try setsid "$MAILCFG" gen -t json "${SERVERS[@]}" --embed-password \
		--password-from prompt a@example.org
	status 65
	says 'operand 1:1:1: error: password source failed: there is no terminal to ask on [password-source]'
}

@test "a password column that others can read ends the run at the header" {
	printf 'address,password\na@example.org,\n' >users.csv
	gen -t json "${SERVERS[@]}" --from users.csv -o a.json
	status 77
	says 'users.csv: error: others can read a file with passwords: its mode is 0644: chmod 600 users.csv [readable-secret]'
	[ ! -e a.json ]
	gen -t json "${SERVERS[@]}" --from users.csv --allow-insecure-input
	status 0
	chmod 600 users.csv
	gen -t json "${SERVERS[@]}" --from users.csv
	status 0
	chmod 640 users.csv
	try "$MAILCFG" gen -t json "${SERVERS[@]}" --from - <users.csv
	status 77
	says '-: error: others can read a file with passwords: its mode is 0640: chmod 600 what standard input reads [readable-secret]'
	try sh -c 'cat users.csv | "$@"' - "$MAILCFG" gen -t json \
		"${SERVERS[@]}" --from -
	status 0
}

@test "elsewhere the first record with a password ends it, what is done stays" {
	printf '%s\n' '{"address":"a@example.org"}' \
		'{"address":"b@example.org","password":"Kanarie"}' \
		'{"address":"c@example.org"}' >users.ndjson
	gen -t card "${SERVERS[@]}" --from users.ndjson -o out.d/
	status 77
	says 'users.ndjson: error: others can read a file with passwords: its mode is 0644: chmod 600 users.ndjson [readable-secret]' \
		'created 1 changed 0 same 0 refused 0'
	holds a@example.org.card.txt
}

@test "a record's password comes before the option's" {
	private users.ndjson '{"address":"a@example.org","password":"Kanarie"}'
	gen -t json "${SERVERS[@]}" --embed-password --password-from cmd:false \
		--from users.ndjson -o a.json
	status 0
	says '--password-from: warning: option changed no account: what counts before it said otherwise [option-unused]'
	[ "$(password)" = Kanarie ]
}

@test "standard output that others can read" {
	gen -t json "${SERVERS[@]}" --embed-password \
		--password-from 'cmd:echo Kanarie' a@example.org
	status 77
	says 'operand 1:1:1: error: others can read a file with passwords: standard output has mode 0644: give -o FILE, or umask 077 first [readable-secret]'
	prints
	rm out err
	umask 077
	gen -t json "${SERVERS[@]}" --embed-password \
		--password-from 'cmd:echo Kanarie' a@example.org
	status 0
	[ "$("$MAILCFG" gen -t json "${SERVERS[@]}" --embed-password \
		--password-from 'cmd:echo Kanarie' a@example.org |
		grep -c Kanarie)" -eq 1 ]
}

@test "a mode for others goes with no password" {
	for mode in 0640 0604 0666; do
		gen -t apple "${SERVERS[@]}" --embed-password --mode "$mode" \
			--password-from 'cmd:echo Kanarie' -o out.d/ a@example.org
		status 77
		says 'operand 1:1:1: error: others can read a file with passwords: out.d/a@example.org.mobileconfig: leave out --mode [readable-secret]' \
			'created 0 changed 0 same 0 refused 1'
		[ -z "$(ls -A out.d)" ]
	done
}

@test "a file with a password that others could read is closed to them" {
	private pw Kanarie
	embed file:pw
	chmod 644 a.json
	try "$MAILCFG" gen -t json "${SERVERS[@]}" --embed-password \
		--password-from file:pw -o a.json a@example.org
	status 0
	[ "$(stat -c %a a.json)" = 600 ]
}

@test "a password does not go with cleartext" {
	gen -t json --imap imap+insecure://i.example --smtp s.example \
		--embed-password --password-from 'cmd:echo Kanarie' -o a.json \
		a@example.org
	status 65
	grep -q '\[cleartext-password\]$' err
	[ ! -e a.json ]
}

@test "the process cannot be looked into" {
	cat >look.py <<-'END'
		import os, subprocess, sys
		p = subprocess.Popen([os.environ["MAILCFG"], "gen", "-t", "json",
		    "--from-format", "ndjson", "--from", "-"], stdin=subprocess.PIPE,
		    stderr=subprocess.DEVNULL)
		import time
		owner = None
		for _ in range(100):
		    with open("/proc/%d/limits" % p.pid) as f:
		        limits = f.read()
		    core = [l for l in limits.splitlines() if "core file" in l][0]
		    if core.split()[4:6] == ["0", "0"]:
		        break
		    time.sleep(0.02)
		owner = os.stat("/proc/%d/environ" % p.pid).st_uid
		p.stdin.close()
		p.wait()
		assert core.split()[4:6] == ["0", "0"], core
		assert owner == 0, owner
	END
	python3 look.py
}
