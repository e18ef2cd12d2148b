# SPDX-License-Identifier: ISC
"""Name servers and web servers of a domain that publishes its settings.

Dnsmasq is a real dnsmasq; Names is a name server that says whatever it is
told to, also what no name server would; Web is an HTTPS server.
"""
import os
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "mail")]
import ca  # noqa: E402
import ports  # noqa: E402

DOMAIN = "example.test"


def certificates(folder):
    """Of the domain, and of others that do not serve."""
    ca.LEAVES = {
        "good": ("DNS:%s,DNS:*.%s" % (DOMAIN, DOMAIN), -1, 30),
        "expired": ("DNS:%s,DNS:*.%s" % (DOMAIN, DOMAIN), -60, -1),
        "wronghost": ("DNS:other.example.net", -1, 30)}
    return ca.make(folder)


class Dnsmasq:
    def __init__(self, folder, lines):
        program = shutil.which("dnsmasq") or "/usr/sbin/dnsmasq"
        if not os.path.exists(program):
            print("dnsmasq is not there")
            sys.exit(77)
        self.port = ports.free()[0]
        path = os.path.join(folder, "dnsmasq.conf")
        with open(path, "w", encoding="ascii") as f:
            f.write("no-resolv\nno-hosts\nport=%d\n"
                    "listen-address=127.0.0.1\nbind-interfaces\n"
                    "local=/test/\npid-file\nuser=\n" % self.port)
            f.write("".join(line + "\n" for line in lines))
        self.child = subprocess.Popen(
            [program, "--keep-in-foreground", "--conf-file=" + path],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)
        self.wait()

    def wait(self):
        """Until it answers."""
        query = struct.pack(">6H", 1, 0x100, 1, 0, 0, 0) + \
            b"\4test\0" + struct.pack(">2H", 1, 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(0.1)
            for _ in range(100):
                if self.child.poll() is not None:
                    raise RuntimeError(self.child.stderr.read().decode())
                s.sendto(query, ("127.0.0.1", self.port))
                try:
                    s.recv(512)
                    return
                except OSError:
                    time.sleep(0.05)
        raise RuntimeError("dnsmasq does not answer")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait(10)
        self.child.stderr.close()


def wire(name):
    """A name as it travels; labels are bytes, and may hold anything."""
    if isinstance(name, str):
        name = [part.encode("latin-1") for part in name.split(".") if part]
    return b"".join(bytes([len(part)]) + part for part in name) + b"\0"


def srv(target, port=993, priority=0, weight=1):
    data = struct.pack(">3H", priority, weight, port)
    return 33, data + (target if isinstance(target, bytes) else wire(target))


def mx(target, preference=10):
    return 15, struct.pack(">H", preference) + wire(target)


class Names(threading.Thread):
    """answer(name, type) -> (code, [(type, data)]), bytes instead, or None."""

    def __init__(self, answer):
        super().__init__(daemon=True)
        self.answer = answer
        self.port = ports.free()[0]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        # for answers that are too long for a datagram
        self.tcp = socket.create_server(("127.0.0.1", self.port))
        self.asked = []
        self.closed = False
        threading.Thread(target=self.run_tcp, daemon=True).start()

    def run(self):
        while not self.closed:
            try:
                query, peer = self.udp.recvfrom(512)
            except OSError:
                return
            out = self.respond(query)
            if out is not None:
                self.udp.sendto(out, peer)

    def run_tcp(self):
        while not self.closed:
            try:
                peer, _ = self.tcp.accept()
                with peer:
                    peer.settimeout(10)
                    while True:
                        size = peer.recv(2, socket.MSG_WAITALL)
                        if len(size) < 2:
                            break
                        out = self.respond(peer.recv(
                            struct.unpack(">H", size)[0],
                            socket.MSG_WAITALL))
                        if out is not None:
                            peer.sendall(struct.pack(">H", len(out)) + out)
            except OSError:
                continue

    def respond(self, query):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1"))
            at += 1 + query[at]
        kind = struct.unpack(">H", query[at + 1:at + 3])[0]
        question = query[12:at + 5]
        self.asked.append((".".join(labels), kind))
        answer = self.answer(".".join(labels), kind)
        if answer is None:
            return None
        if isinstance(answer, bytes):
            return query[:2] + answer
        code, records = answer
        out = query[:2] + struct.pack(">5H", 0x8180 | code, 1, len(records),
                                      0, 0) + question
        for number, data in records:
            out += b"\xc0\x0c" + struct.pack(">2HIH", number, 1, 60,
                                             len(data)) + data
        return out

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.closed = True
        self.udp.close()
        self.tcp.close()


class Web:
    """answer(host, path) -> (status, headers, body), bytes, or None."""

    def __init__(self, folder, answer, leaf="good"):
        self.answer = answer
        self.asked = []  # (method, host, path, head, body)
        self.context = None
        if leaf is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(
                os.path.join(folder, leaf + ".pem"),
                os.path.join(folder, leaf + ".key"))
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def serve(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.guarded, args=(peer,),
                             daemon=True).start()

    def guarded(self, peer):
        try:
            with peer:
                self.talk(peer)
        except OSError:
            pass

    def talk(self, peer):
        peer.settimeout(30)
        first = peer.recv(1, socket.MSG_PEEK)
        # 22: a TLS handshake; http comes to the same place
        secure = first == b"\x16"
        if secure and self.context is None:
            return
        if secure:
            peer = self.context.wrap_socket(peer, server_side=True)
        with peer:
            data = b""
            while b"\r\n\r\n" not in data:
                more = peer.recv(65536)
                if not more:
                    return
                data += more
            head, _, body = data.partition(b"\r\n\r\n")
            head = head.decode("latin-1")
            fields = dict(line.split(": ", 1)
                          for line in head.split("\r\n")[1:])
            while len(body) < int(fields.get("Content-Length", 0)):
                body += peer.recv(65536)
            method, path, _ = head.split("\r\n")[0].split(" ")
            host = fields["Host"].split(":")[0]
            self.asked.append((method, host, path, head, body))
            self.send(peer, self.answer(
                ("" if secure else "http://") + host, path))

    def send(self, peer, answer):
        if answer is None:
            time.sleep(30)
            return
        if isinstance(answer, bytes):
            peer.sendall(answer)
            return
        status, headers, body = answer
        if callable(body):
            peer.sendall(self.head(status, headers))
            for piece in body():
                peer.sendall(piece)
            return
        headers = dict(headers, **{"Content-Length": str(len(body))})
        peer.sendall(self.head(status, headers) + body)

    @staticmethod
    def head(status, headers):
        return ("HTTP/1.1 %d X\r\nConnection: close\r\n%s\r\n" % (
            status, "".join("%s: %s\r\n" % pair
                            for pair in headers.items()))).encode("latin-1")

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.socket.close()
