# SPDX-License-Identifier: ISC
"""A server for submission that misbehaves as it is told."""
import base64
import socket
import ssl
import threading
import time

USER, PASSWORD = "it@school.example", "Kanarie5Heart7Z"


class Close(Exception):
    """The connection ends here."""


class Server:
    """Listens on 127.0.0.1.

    replies: {verb: function(session, argument) -> reply, or None for the
    usual one}.  A reply of b"" closes the connection.
    """

    def __init__(self, ca, cert="good", tls="implicit", login=True,
                 offer=True, **replies):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain("%s/%s.pem" % (ca, cert),
                                     "%s/%s.key" % (ca, cert))
        self.tls, self.login, self.offer = tls, login, offer
        self.replies = replies
        self.utf8 = False   # whether SMTPUTF8 is offered
        self.messages = []  # (sender, recipient, bytes)
        self.plain = b""    # what came before TLS
        self.verbs = []     # every command
        self.connections = 0
        self.logins = 0
        self.lock = threading.Lock()
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=Session(self, client).run,
                             daemon=True).start()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def url(self, host="localhost"):
        return "%s://%s:%d" % ("smtps" if self.tls == "implicit" else "smtp",
                               host, self.port)


class Session:
    def __init__(self, server, client):
        self.server, self.socket = server, client
        self.file = None
        self.secure = False
        self.name = ""  # who logged in
        self.sender = self.recipient = ""

    def wrap(self):
        self.socket = self.server.context.wrap_socket(self.socket,
                                                      server_side=True)
        self.file = self.socket.makefile("rb")
        self.secure = True

    def say(self, reply):
        if reply == b"":
            raise Close
        if isinstance(reply, str):
            reply = reply.encode()
        self.socket.sendall(reply + b"\r\n")

    def line(self):
        line = self.file.readline()
        if not line:
            raise Close
        if not self.secure:
            self.server.plain += line
        return line.rstrip(b"\r\n").decode("utf-8", "replace")

    def run(self):
        try:
            if self.server.tls == "implicit":
                self.wrap()
            else:
                self.file = self.socket.makefile("rb")
            self.say(self.asked("GREETING", "") or "220 mail.example.test")
            while True:
                self.command(self.line())
        except (Close, OSError):
            pass
        finally:
            try:
                self.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            self.socket.close()

    def asked(self, verb, argument):
        reply = self.server.replies.get(verb)
        return reply(self, argument) if reply else None

    def command(self, line):
        verb, _, argument = line.partition(" ")
        verb = verb.upper()
        with self.server.lock:
            self.server.verbs.append(verb)
        own = self.asked(verb, argument)
        if own is not None:
            self.say(own)
            return
        usual = getattr(self, "do_" + verb.lower(), None)
        if usual is None:
            self.say("500 5.5.2 what")
        else:
            usual(argument)

    def do_ehlo(self, _):
        lines = ["mail.example.test", "8BITMIME", "SIZE 1000000"]
        if self.server.tls != "implicit" and not self.secure and \
                self.server.offer:
            lines.append("STARTTLS")
        if self.server.login and self.secure:
            lines.append("AUTH PLAIN LOGIN")
        if not self.secure and not self.server.offer:
            lines.append("AUTH PLAIN LOGIN")
        if self.server.utf8:
            lines.append("SMTPUTF8")
        for text in lines[:-1]:
            self.say("250-" + text)
        self.say("250 " + lines[-1])

    def do_starttls(self, _):
        self.say("220 2.0.0 go on")
        self.wrap()

    def do_auth(self, argument):
        self.server.logins += 1
        _, _, first = argument.partition(" ")
        if not first:
            self.say("334 ")
            first = self.line()
        who = base64.b64decode(first).split(b"\0")
        if who[1:] == [USER.encode(), PASSWORD.encode()]:
            self.name = USER
            self.say("235 2.7.0 welcome")
        else:
            self.say("535 5.7.8 no: " + first)

    def do_mail(self, argument):
        if self.server.login and not self.name:
            self.say("530 5.7.0 log in")
            return
        self.sender = argument.partition("<")[2].partition(">")[0]
        self.say("250 2.1.0 ok")

    def do_rcpt(self, argument):
        self.recipient = argument.partition("<")[2].partition(">")[0]
        self.say("250 2.1.5 ok")

    def do_data(self, _):
        self.say("354 go on")
        lines = []
        while True:
            line = self.file.readline()
            if not line:
                raise Close
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        own = self.asked("END", "")
        if own is not None and own[:1] not in ("2", b"2"):
            self.say(own)
            return
        with self.server.lock:
            self.server.messages.append(
                (self.sender, self.recipient, b"".join(lines)))
        self.say(own or "250 2.0.0 queued")

    def do_rset(self, _):
        self.say("250 2.0.0 ok")

    def do_noop(self, _):
        self.say("250 2.0.0 ok")

    def do_quit(self, _):
        self.say("221 2.0.0 bye")
        raise Close


def slowly(seconds):
    """A reply that takes its time."""
    def reply(*_):
        time.sleep(seconds)
    return reply
