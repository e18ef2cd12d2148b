# SPDX-License-Identifier: ISC
"""Servers that misbehave, each a function of a session; what they hear is kept.
"""
import base64
import hashlib
import hmac
import os
import socket
import ssl
import threading
import time

USER = "alice@example.test"
CANARY = "Kanarie5Heart7Z"


class Gone(Exception):
    """The other side is."""


class Session:
    def __init__(self, server, sock):
        self.server, self.sock = server, sock
        self.left = b""
        self.secure = False
        self.here = True

    def leave(self):
        """It counts no more: the other side may go when it hears so."""
        if self.here:
            self.here = False
            with self.server.lock:
                self.server.open -= 1
            self.server.crowd.leave()

    def tls(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("%s/%s.pem" % (self.server.ca,
                                               self.server.cert),
                                "%s/%s.key" % (self.server.ca,
                                               self.server.cert))
        if self.server.old:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        self.sock = context.wrap_socket(self.sock, server_side=True)
        self.left = b""
        self.secure = True

    def say(self, *lines):
        for line in lines:
            data = line.encode() if isinstance(line, str) else line
            self.sock.sendall(data + b"\r\n")

    def raw(self, data):
        self.sock.sendall(data)

    def line(self):
        while b"\n" not in self.left:
            data = self.sock.recv(4096)
            if not data:
                raise Gone
            with self.server.lock:
                if self.secure:
                    self.server.inside += data
                else:
                    self.server.plain += data
            self.left += data
        line, _, self.left = self.left.partition(b"\n")
        return line.rstrip(b"\r").decode("utf-8", "replace")


class Crowd:
    """Connections to several servers, taken together."""

    def __init__(self):
        self.lock = threading.Lock()
        self.open = self.most = 0
        self.times = []

    def enter(self):
        with self.lock:
            self.times.append(time.monotonic())
            self.open += 1
            self.most = max(self.most, self.open)

    def leave(self):
        with self.lock:
            self.open -= 1

    def pauses(self):
        """Seconds between one and the next."""
        times = sorted(self.times)
        return [b - a for a, b in zip(times, times[1:])]


class Fake:
    def __init__(self, talk, ca="", cert="good", tls="implicit", old=False,
                 backlog=50, address="127.0.0.1", port=0, crowd=None):
        self.crowd = crowd or Crowd()
        self.talk, self.ca, self.cert = talk, ca, cert
        self.implicit, self.old = tls == "implicit", old
        self.plain = self.inside = b""
        self.connections = self.open = self.most = 0
        self.lock = threading.Lock()
        self.socket = socket.create_server((address, port), backlog=backlog)
        self.port = self.socket.getsockname()[1]
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()

    def listen(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
                self.open += 1
                self.most = max(self.most, self.open)
            self.crowd.enter()
            threading.Thread(target=self.serve, args=(client,),
                             daemon=True).start()

    def serve(self, client):
        session = Session(self, client)
        try:
            if self.implicit:
                session.tls()
            self.talk(session)
        except (Gone, OSError):
            pass
        finally:
            session.leave()
            session.sock.close()

    def close(self):
        # who waits in accept() would take the next that gets this number
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.join(10)
        self.socket.close()


class BlackHole:
    """A port whose queue is full: what comes is dropped without a word."""

    def __init__(self, port=0):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", port))
        self.socket.listen(0)
        self.port = self.socket.getsockname()[1]
        self.filling = []
        for _ in range(3):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", self.port))
            self.filling.append(one)
        self.plain = self.inside = b""

    def close(self):
        for one in self.filling + [self.socket]:
            one.close()


class Closed:
    """A port where nobody listens."""

    def __init__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.plain = self.inside = b""

    def close(self):
        self.socket.close()


def imap(greeting="* OK ready", caps="IMAP4rev1 AUTH=PLAIN SASL-IR",
         plain="IMAP4rev1 STARTTLS LOGINDISABLED", starttls=None, auth=None):
    """A server of IMAP whose answers can be others' than the usual ones."""
    def talk(s):
        s.say(greeting)
        while True:
            tag, _, rest = s.line().partition(" ")
            verb = rest.upper().split(" ")[0]
            if verb == "CAPABILITY":
                s.say("* CAPABILITY " + (caps if s.secure else plain),
                      tag + " OK done")
            elif verb == "STARTTLS":
                if starttls:
                    starttls(s, tag)
                else:
                    s.say(tag + " OK begin")
                    s.tls()
            elif verb == "LOGOUT":
                s.leave()
                s.say("* BYE", tag + " OK bye")
                return
            elif verb in ("AUTHENTICATE", "LOGIN") and auth:
                auth(s, tag, rest)
            elif verb in ("AUTHENTICATE", "LOGIN"):
                s.say(tag + " OK Logged in")
            else:
                s.say(tag + " BAD what")
    return talk


def smtp(greeting="220 mail.example.test ESMTP", offers=("AUTH PLAIN LOGIN",),
         answers=None, plain=None):
    """answers: {verb: function(session, rest) or a line}; plain: what is
    offered before STARTTLS, which then is taken"""
    answers = answers or {}

    def talk(s):
        s.say(greeting)
        while True:
            line = s.line()
            verb = line.upper().split(" ")[0].split(":")[0]
            own = answers.get(verb)
            if own is not None:
                if callable(own):
                    own(s, line)
                else:
                    s.say(own)
            elif verb == "EHLO":
                lines = ["mail.example.test", *(
                    offers if s.secure or plain is None else plain)]
                for text in lines[:-1]:
                    s.say("250-" + text)
                s.say("250 " + lines[-1])
            elif verb == "STARTTLS" and plain is not None:
                s.say("220 2.0.0 begin")
                s.tls()
            elif verb == "AUTH":
                s.say("235 2.7.0 welcome")
            elif verb in ("MAIL", "RCPT", "RSET", "NOOP"):
                s.say("250 2.0.0 ok")
            elif verb == "QUIT":
                s.leave()
                s.say("221 2.0.0 bye")
                return
            else:
                s.say("502 5.5.2 what")
    return talk


def pop3(caps=("USER", "SASL PLAIN"), login="+OK welcome", plain=None):
    def talk(s):
        s.say("+OK ready")
        while True:
            verb = s.line().upper().split(" ")[0]
            if verb == "CAPA":
                s.say("+OK", *(caps if s.secure or plain is None else plain),
                      ".")
            elif verb == "STLS" and plain is not None:
                s.say("+OK begin")
                s.tls()
            elif verb == "AUTH":
                s.say("+ ")
                s.line()
                s.say(login)
            elif verb == "USER":
                s.say("+OK")
            elif verb == "PASS":
                s.say(login)
            elif verb == "QUIT":
                s.leave()
                s.say("+OK bye")
                return
            else:
                s.say("-ERR what")
    return talk


def scram_sha_256(s, tag, _):
    """AUTHENTICATE of a server that knows the password (RFC 5802)."""
    def mac(key, data):
        return hmac.digest(key, data, "sha256")

    s.say("+ ")
    first = base64.b64decode(s.line()).split(b",", 2)[2]
    nonce = first.split(b"r=")[1] + b"x"
    again = b"r=%s,s=%s,i=4096" % (nonce, base64.b64encode(b"salt"))
    s.say(b"+ " + base64.b64encode(again))
    last, proof = base64.b64decode(s.line()).split(b",p=")
    salted = hashlib.pbkdf2_hmac("sha256", CANARY.encode(), b"salt", 4096)
    key = mac(salted, b"Client Key")
    signed = b",".join((first, again, last))
    signature = mac(hashlib.sha256(key).digest(), signed)
    if base64.b64decode(proof) != bytes(
            a ^ b for a, b in zip(key, signature)):
        s.say(tag + " NO [AUTHENTICATIONFAILED] no")
        return
    s.say(b"+ " + base64.b64encode(b"v=" + base64.b64encode(
        mac(mac(salted, b"Server Key"), signed))))
    s.line()
    s.say(tag + " OK Logged in")


def cram_md5(s, tag, _):
    """The same by RFC 2195."""
    challenge = b"<1896.697170952@mail.example.test>"
    s.say(b"+ " + base64.b64encode(challenge))
    user, _, digest = base64.b64decode(s.line()).decode().rpartition(" ")
    good = user == USER and digest == hmac.new(
        CANARY.encode(), challenge, "md5").hexdigest()
    s.say(tag + (" OK Logged in" if good else
                 " NO [AUTHENTICATIONFAILED] no"))


def web(status, *headers):
    def talk(s):
        while s.line():
            pass
        s.say("HTTP/1.1 " + status, *headers, "Content-Length: 0", "")
    return talk


def forms(user=USER, password=CANARY):
    """Every form of the password that must be nowhere."""
    raw = password.encode()
    found = {raw, raw.hex().encode(), raw.hex().upper().encode(),
             password.encode("utf-16-le"), raw[::-1],
             base64.b64encode(b"\0%s\0%s" % (user.encode(), raw)).rstrip(b"="),
             b"".join(b"=%02X" % c for c in raw),
             b"".join(b"%%%02X" % c for c in raw)}
    for lead in range(3):
        text = base64.b64encode(b"x" * lead + raw)
        start = 0 if lead == 0 else 4
        found.add(text[start:len(text) // 4 * 4 - 4])
    return found


def leaks(data):
    return [form for form in forms() if form in data]


def pause(seconds):
    time.sleep(seconds * float(os.environ.get("CHECK_PACE", "1")))
