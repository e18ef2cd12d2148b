# SPDX-License-Identifier: ISC
# What the files of this folder share.  MAILCFG is the program.

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	umask 022
	unset NO_COLOR MAILCFG_PASSWORD POSIXLY_CORRECT
}

# Servers that no preset knows, so that nothing but options decides.
SERVERS=(--imap imaps://imap.example.org --smtp smtps://smtp.example.org)

# try COMMAND...: runs it; its outputs are in out and err, its status in got.
try() {
	got=0
	"$@" >out 2>err || got=$?
}

# gen WORD...: mailcfg gen for a target with one document an account.
gen() {
	try "$MAILCFG" gen "$@"
}

# not COMMAND...: fails when the command does not.  (bash has ! not fail.)
not() {
	if "$@"; then
		echo "succeeded: $*"
		return 1
	fi
}

# status NUMBER
status() {
	if [ "$got" -ne "$1" ]; then
		echo "status $got instead of $1"
		cat err
		return 1
	fi
}

# says LINE...: standard error is just that.
says() {
	local want=
	[ $# -eq 0 ] || want=$(printf '%s\n' "$@")
	diff -u <(printf '%s' "$want${want:+
}") err
}

# prints LINE...: standard output is just that.
prints() {
	local want=
	[ $# -eq 0 ] || want=$(printf '%s\n' "$@")
	diff -u <(printf '%s' "$want${want:+
}") out
}

# holds NAME...: the folder out.d holds just these.
holds() {
	diff -u <(printf '%s\n' "$@") <(cd out.d && find . -type f |
		sed 's,^\./,,' | LC_ALL=C sort)
}

# private FILE TEXT: a file that only its owner can read.
private() {
	(umask 077 && printf '%s\n' "$2" >"$1")
}

# on_terminal COMMAND...: runs it with a terminal as standard output, which is
# kept in out.
on_terminal() {
	got=0
	script -qec "$(printf '%q ' "$@") 2>err" /dev/null </dev/null >out ||
		got=$?
}
