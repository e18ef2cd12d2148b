# SPDX-License-Identifier: ISC
"""A real Dovecot and Postfix, thrown away: they start in 0.3 s.

Everything listens on 127.0.0.0/8, lies in one folder and touches nothing else.
127.0.0.1 has a good certificate, .2 one that has expired, .3 another host's,
.4 its own signature, .5 one that is not yet valid, .6 one that ends soon.
"""
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(
    os.path.abspath(__file__)), ".."))
import ports  # noqa: E402

CERTIFICATES = {2: "expired", 3: "wronghost", 4: "self", 5: "future",
                6: "soon"}
SERVICES = ("imap", "imaps", "pop3", "pop3s", "lmtp", "sasl", "submission",
            "submissions", "smtp", "quota")
USERS = """alice@example.test:{PLAIN}%(canary)s::::::
bob@example.test:{PLAIN}p"a'ss<&>%%^!\\é::::::
zoë@example.test:{PLAIN}päßwörd-Ω::::::
full@example.test:{PLAIN}%(canary)s::::::userdb_quota_rule=*:storage=20K
disabled@example.test:{PLAIN}%(canary)s::::::nologin= reason=Your_mailbox_has_been_disabled
mallory@example.test:{PLAIN}%(canary)s::::::
"""
LUA = """function auth_passdb_lookup(req)
  local A, r = dovecot.auth, {["off@example.test"] = "USER_DISABLED",
    ["expired@example.test"] = "PASS_EXPIRED",
    ["broken@example.test"] = "INTERNAL_FAILURE"}
  return A["PASSDB_RESULT_" .. (r[req.user] or "USER_UNKNOWN")], "no"
end
function script_init() return 0 end
function script_deinit() end
"""
MAIN = """compatibility_level = 3.7
queue_directory = %(d)s/spool
data_directory = %(d)s/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = %(d)s/postfix.log
maillog_file_prefixes = %(d)s
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mail.example.test
mydestination =
mynetworks =
alias_maps =
alias_database =
smtputf8_enable = yes
virtual_mailbox_domains = example.test
virtual_mailbox_maps = texthash:%(d)s/etc/vmailbox
virtual_transport = lmtp:inet:127.0.0.1:%(lmtp)d
default_transport = error:5.1.2 no relay from the test server
smtpd_sender_login_maps = texthash:%(d)s/etc/senders
smtpd_tls_cert_file = %(d)s/ca/good.pem
smtpd_tls_key_file = %(d)s/ca/good.key
smtpd_tls_security_level = may
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_tls_auth_only = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:%(sasl)d
smtpd_sasl_security_options = noanonymous
in_flow_delay = 0
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000
smtpd_client_connection_count_limit = 0
smtpd_relay_restrictions = permit_sasl_authenticated,reject_unauth_destination
smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:%(quota)d,permit_sasl_authenticated,reject_unauth_destination
"""
SUBMISSION = (" -o smtpd_sasl_auth_enable=yes"
              " -o smtpd_client_restrictions=permit_sasl_authenticated,reject"
              " -o smtpd_sender_restrictions=reject_sender_login_mismatch")
MASTER = """127.0.0.1:%(smtp)d inet n - n - - smtpd
127.0.0.1:%(submission)d inet n - n - - smtpd -o smtpd_tls_security_level=encrypt%(sub)s
127.0.0.1:%(submissions)d inet n - n - - smtpd -o smtpd_tls_wrappermode=yes%(sub)s
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def block(name, *lines):
    return "%s {\n%s\n}\n" % (name, "\n".join("  " + line for line in lines))


def listener(name, port, *lines):
    return block("inet_listener " + name, "port = %d" % port, *lines)


def is_possible():
    """Whether they can run here: why not, or ""."""
    if os.getuid() != 0:
        return "it wants root"
    for path in ("/usr/lib/postfix/sbin/master", "/usr/sbin/dovecot",
                 "/usr/lib/dovecot/imap", "/usr/lib/dovecot/pop3",
                 "/usr/lib/dovecot/lmtp",
                 "/usr/lib/dovecot/modules/auth/libauthdb_lua.so"):
        if not os.path.exists(path):
            return path + " is not there"
    return ""


class MailHost:
    def __init__(self, folder, canary, users=0):
        """The folder holds ca/; users: u0@example.test and so on."""
        self.dir = folder
        self.port = dict(zip(SERVICES, ports.free(len(SERVICES))))
        self.names = ["alice", "bob", "full", "zoë", "postmaster"]
        self.names += ["u%d" % i for i in range(users)]
        for name in ("etc", "spool", "data", "mail", "dovecot",
                     "dovecot/run"):
            os.makedirs(os.path.join(folder, name))
        mail = pwd.getpwnam("mail")
        os.chown(folder + "/mail", mail.pw_uid, mail.pw_gid)
        shutil.chown(folder + "/data", "postfix")
        write(folder + "/dovecot/users", USERS % {"canary": canary} + "".join(
            "u%d@example.test:{PLAIN}%s%d::::::\n" % (i, canary, i)
            for i in range(users)))
        write(folder + "/dovecot/auth.lua", LUA)
        write(folder + "/dovecot/dovecot.conf", self.dovecot(mail))
        values = dict(self.port, d=folder, sub=SUBMISSION)
        write(folder + "/etc/main.cf", MAIN % values)
        write(folder + "/etc/master.cf", MASTER % values)
        write(folder + "/etc/vmailbox", "".join(
            "%s@example.test x\n" % name for name in self.names))
        write(folder + "/etc/senders", "".join(
            "%s@example.test %s@example.test\n" % (name, name)
            for name in self.names))
        # Postfix reads files again, and slowly, that are younger than 2 s
        for name in os.listdir(folder + "/etc"):
            os.utime(os.path.join(folder, "etc", name), (1e9, 1e9))
        self.spool()
        self.running = [
            self.start("dovecot", "-F", "-c",
                       folder + "/dovecot/dovecot.conf"),
            self.start("/usr/lib/postfix/sbin/master", "-c", folder + "/etc",
                       "-d")]
        for name in SERVICES:
            self.wait(self.port[name])

    def dovecot(self, mail):
        d, p = self.dir, self.port
        pair = ("ssl_cert = <%s/ca/%s.pem" % (d, "good"),
                "ssl_key = <%s/ca/%s.key" % (d, "good"))
        text = """base_dir = %s/dovecot/run
state_dir = %s/dovecot/run
log_path = %s/dovecot/log
auth_verbose = yes
instance_name = mailcfg-test-%d
protocols = imap pop3 lmtp
listen = %s
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
auth_username_chars =
auth_failure_delay = 0
auth_cache_size = 0
disable_plaintext_auth = yes
login_trusted_networks =
ssl = required
ssl_min_protocol = TLSv1.2
mail_location = maildir:~/Maildir
mail_uid = %d
mail_gid = %d
mail_max_userip_connections = 100
first_valid_uid = 1
first_valid_gid = 1
mail_plugins = quota
quota_full_tempfail = no
lmtp_rcpt_check_quota = yes
""" % (d, d, d, p["sasl"],
            ", ".join("127.0.0.%d" % i for i in range(1, 7)),
            mail.pw_uid, mail.pw_gid)
        text += "\n".join(pair) + "\n"
        for number, name in CERTIFICATES.items():
            text += block("local 127.0.0.%d" % number,
                          "ssl_cert = <%s/ca/%s.pem" % (d, name),
                          "ssl_key = <%s/ca/%s.key" % (d, name))
        text += block(
            "plugin", "quota = maildir:User quota",
            "quota_rule = *:storage=1M", "quota_grace = 0%%",
            "quota_status_success = DUNNO", "quota_status_nouser = DUNNO",
            'quota_status_overquota = "552 5.2.2 Mailbox is full"')
        text += block("passdb", "driver = passwd-file",
                      "args = scheme=PLAIN username_format=%%u %s/dovecot/users"
                      % d)
        text += block("passdb", "driver = lua",
                      "args = file=%s/dovecot/auth.lua blocking=yes" % d)
        text += block("userdb", "driver = passwd-file",
                      "args = username_format=%%u %s/dovecot/users" % d,
                      "default_fields = uid=%d gid=%d home=%s/mail/%%u"
                      % (mail.pw_uid, mail.pw_gid, d))
        text += block("service anvil", "chroot =",
                      block("unix_listener anvil-auth-penalty", "mode = 0"))
        text += block("service stats",
                      block("unix_listener stats-writer", "mode = 0666"))
        text += block("service imap-login", "chroot =",
                      listener("imap", p["imap"]),
                      listener("imaps", p["imaps"], "ssl = yes"))
        text += block("service pop3-login", "chroot =",
                      listener("pop3", p["pop3"]),
                      listener("pop3s", p["pop3s"], "ssl = yes"))
        text += block("service lmtp", "user = mail",
                      block("unix_listener lmtp", "mode = 0666"),
                      listener("lmtp", p["lmtp"], "address = 127.0.0.1"))
        text += block("service auth",
                      listener("sasl", p["sasl"], "address = 127.0.0.1"))
        text += block("service quota-status",
                      "executable = quota-status -p postfix",
                      "client_limit = 1",
                      listener("quota", p["quota"], "address = 127.0.0.1"))
        text += block("protocol lmtp", "mail_plugins = $mail_plugins",
                      "postmaster_address = postmaster@example.test")
        text += block("protocol imap",
                      "mail_plugins = $mail_plugins imap_quota")
        return text

    def spool(self):
        owned = ("active bounce corrupt defer deferred flush hold incoming "
                 "private saved trace maildrop public").split()
        for name in owned + ["pid"]:
            path = os.path.join(self.dir, "spool", name)
            os.mkdir(path)
            os.chmod(path, {"maildrop": 0o730, "public": 0o710,
                            "pid": 0o755}.get(name, 0o700))
            if name != "pid":
                shutil.chown(path, "postfix", "postdrop" if name in
                             ("maildrop", "public") else None)

    def start(self, *words):
        with open(self.dir + "/out", "ab") as out:
            return subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True,
                env={**os.environ, "MAIL_CONFIG": self.dir + "/etc"})

    def log(self):
        text = ""
        for name in ("out", "dovecot/log", "postfix.log"):
            path = os.path.join(self.dir, name)
            if os.path.exists(path):
                with open(path, encoding="utf-8", errors="replace") as f:
                    text += f.read()
        return text

    def wait(self, port):
        for _ in range(250):
            try:
                with socket.create_connection(("127.0.0.1", port)) as s:
                    # the auth process listens before it can speak
                    if port != self.port["sasl"]:
                        return
                    s.settimeout(1)
                    if s.recv(7) == b"VERSION":
                        return
            except OSError:
                pass
            time.sleep(0.02)
        text = self.log()
        self.stop()
        raise AssertionError("no server: " + text)

    def stop(self):
        for process in self.running:
            os.killpg(process.pid, signal.SIGTERM)
        time.sleep(0.3)
        for process in self.running:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()

    def deliver(self, mailbox, lines):
        """A message of so many times 72 bytes."""
        with socket.create_connection(("127.0.0.1", self.port["lmtp"])) as s:
            f = s.makefile("rb")
            f.readline()
            for line in (b"LHLO x", b"MAIL FROM:<>",
                         b"RCPT TO:<%s>" % mailbox.encode(), b"DATA"):
                s.sendall(line + b"\r\n")
                while f.readline()[3:4] == b"-":
                    pass
            s.sendall(b"Subject: x\r\n\r\n" + (b"x" * 70 + b"\r\n") * lines +
                      b".\r\n")
            f.readline()

    def fill(self, mailbox):
        """Until there is no room, where there were 20 KiB."""
        for lines in (130, 120, 10, 10, 10):
            self.deliver(mailbox, lines)
