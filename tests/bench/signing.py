# SPDX-License-Identifier: ISC
"""Signed profiles: mailcfg, what signs elsewhere, and the key alone."""
import glob
import os
import shutil
import statistics
import subprocess

import check
import prepare
from measure import Failed, Task, progress

PEER = os.path.join(prepare.HERE, "peers", "peer_mobileconfig.js")
# @zone-eu/mobileconfig 2.4.6 asks for the signing time twice: whenever a second
# turns meanwhile, 1 profile in 20 here, its signature is wrong.
PACKAGES = ("mobileconfig",)
# name: (words for openssl genpkey, its name in npm, share of the rows, bar)
KINDS = {
    "RSA-2048": (("RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
                 "SHA256withRSA", 10, 0.9),
    "P-256": (("EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
              "SHA256withECDSA", 1, 0.7),
}


def openssl(*words):
    done = subprocess.run(["openssl", *words], check=False, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    if done.returncode:
        raise Failed("openssl %s\n%s" % (" ".join(words), done.stderr))


class Signer:
    """A key, its certificate, and a root that vouches for it."""

    def __init__(self, folder, name, algorithm):
        path = os.path.join(folder, name)
        self.key, self.cert = path + ".key", path + ".pem"
        self.root, self.chain = path + ".root", path + ".chain"
        root_key, request = path + ".root-key", path + ".csr"
        extensions = path + ".ext"
        with open(extensions, "w", encoding="ascii") as f:
            f.write("keyUsage=digitalSignature\n"
                    "extendedKeyUsage=serverAuth\n")
        for key in (self.key, root_key):
            openssl("genpkey", "-algorithm", *algorithm, "-out", key)
            os.chmod(key, 0o600)
        openssl("req", "-new", "-x509", "-key", root_key, "-days", "365",
                "-subj", "/CN=Root", "-out", self.root)
        openssl("req", "-new", "-key", self.key, "-subj", "/CN=Signer",
                "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.root, "-CAkey",
                root_key, "-CAcreateserial", "-days", "90", "-extfile",
                extensions, "-out", self.cert)
        with open(self.chain, "wb") as f:
            for one in (self.cert, self.root):
                with open(one, "rb") as g:
                    f.write(g.read())

    def words(self):
        """What mailcfg is told."""
        return ["--sign-cert", self.chain, "--sign-key", self.key]

    def command(self, path, out):
        """One file by openssl."""
        return ["openssl", "cms", "-sign", "-binary", "-nodetach", "-outform",
                "DER", "-md", "sha256", "-signer", self.cert, "-inkey",
                self.key, "-certfile", self.root, "-in", path, "-out", out]

    def content(self, signed):
        """What is inside; Failed where openssl does not trust it."""
        path = self.key + ".content"
        with open(path + ".signed", "wb") as f:
            f.write(signed)
        openssl("cms", "-verify", "-inform", "DER", "-purpose", "any",
                "-CAfile", self.root, "-in", path + ".signed", "-out", path)
        with open(path, "rb") as f:
            return f.read()


def split(stream):
    """The documents of a stream: each begins as DER does."""
    at, found = 0, []
    while at < len(stream):
        if stream[at:at + 2] != b"\x30\x82":
            raise Failed("a stream does not begin with a signed document")
        size = 4 + int.from_bytes(stream[at + 2:at + 4], "big")
        found.append(stream[at:at + size])
        at += size
    return found


class Signing:
    def __init__(self, bench, name):
        algorithm, self.npm, share, self.bar = KINDS[name]
        self.bench, self.name = bench, name
        self.cores = len(os.sched_getaffinity(0))
        self.rows = bench.rows // share
        self.few = 20 if bench.options.quick else 200
        self.node = {name: folder for name, folder in bench.node.items()
                     if name in PACKAGES}
        self.signer = Signer(bench.scratch, name, algorithm)

    def stream(self, rows):
        return [*self.bench.stream("apple", self.bench.input(rows),
                                   self.cores), *self.signer.words()]

    def peer(self, folder, rows):
        return ["node", PEER, folder, self.bench.input(rows),
                self.signer.key, self.signer.cert, self.signer.root,
                self.npm]

    def check(self):
        """The peers sign the same, before anything is timed."""
        path = self.bench.input(20)
        plain = check.from_folder(self.bench.gen("apple"), ".mobileconfig",
                                  path)
        ours = [self.signer.content(one)
                for one in split(check.run(self.stream(20)))]
        check.compare("signed", plain, ours, bytes)
        for name, folder in self.node.items():
            theirs = [self.signer.content(one)
                      for one in split(check.run(self.peer(folder, 20)))]
            check.compare("npm " + name, plain, theirs, check.common)

    def folder(self):
        """Profiles for openssl, which takes them from files."""
        out = os.path.join(self.bench.scratch, "plain")
        if not os.path.isdir(out):
            check.run([*self.bench.gen("apple"), "--from",
                       self.bench.input(self.few), "-o", out + "/"])
        if len(glob.glob(out + "/*")) != self.few:
            raise Failed("not %d profiles" % self.few)
        return out

    def tasks(self):
        one = " ".join(self.signer.command("{}", "/dev/null"))
        found = {
            "mailcfg": Task(self.stream(self.rows), self.rows),
            "raw": Task([self.bench.programs["sign_raw"], self.signer.key,
                         str(self.rows), str(self.cores)], self.rows),
        }
        for jobs in sorted({1, self.cores}):
            found["openssl", jobs] = Task(
                ["sh", "-c", "find %s -type f | xargs -P %d -I '{}' %s" % (
                    self.folder(), jobs, one)], self.few)
        for name, folder in self.node.items():
            found["npm", name] = Task(self.peer(folder, self.few), self.few)
        return found

    def measure(self):
        progress("signing, " + self.name)
        self.check()
        found = self.bench.clock.rounds(self.tasks(), self.bench.count)
        table = self.bench.table
        table.ratio("%s: rate of mailcfg / of EVP_PKEY_sign alone" %
                    self.name, found, "raw", "mailcfg", ("least", self.bar))
        for jobs in sorted({1, self.cores}):
            table.ratio("%s: openssl cms -sign a file, %d at a time / mailcfg"
                        % (self.name, jobs), found, ("openssl", jobs),
                        "mailcfg", ("least", 30) if jobs == 1 else None)
        for name in self.node:
            table.ratio("%s: npm %s / mailcfg" % (self.name, name), found,
                        ("npm", name), "mailcfg")
        for name in PACKAGES:
            if name not in self.node:
                table.none("%s: npm %s" % (self.name, name),
                           "skipped: it could not be installed")
        return "%s with %s" % (
            "{:,.0f}".format(1 / statistics.median(found["mailcfg"])),
            self.name)


def measure(bench):
    if not shutil.which("openssl"):
        bench.table.none("signing", "skipped: no openssl")
        bench.table.show("Signed profiles", "")
        return
    rates = [Signing(bench, name).measure() for name in KINDS]
    bench.table.show(
        "Signed profiles",
        "Whole processes from a CSV to /dev/null, on all %d CPUs; a ratio "
        "above 1 is how many times\nlonger the peer takes, except for the "
        "first of each key. Profiles a second: %s." % (
            len(os.sched_getaffinity(0)), ", ".join(rates)))
