# SPDX-License-Identifier: ISC
"""Whether peers make what mailcfg makes, value by value."""
import csv
import os
import plistlib
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

from measure import Failed

HEAD = b"<?xml"
# what the packages of npm have too
COMMON = (
    "EmailAccountDescription", "EmailAccountName", "EmailAccountType",
    "EmailAddress", "IncomingMailServerAuthentication",
    "IncomingMailServerHostName", "IncomingMailServerPortNumber",
    "IncomingMailServerUseSSL", "IncomingMailServerUsername",
    "IncomingPassword", "OutgoingMailServerAuthentication",
    "OutgoingMailServerHostName", "OutgoingMailServerPortNumber",
    "OutgoingMailServerUseSSL", "OutgoingMailServerUsername",
    "OutgoingPassword", "PayloadType", "PayloadUUID")


def run(command):
    """Its output, through a file as when it is timed."""
    with tempfile.TemporaryFile() as f:
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1",
                           PYTHONUTF8="1", LC_ALL="C.UTF-8")
        done = subprocess.run(command, stdout=f, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, check=False,
                              env=environment)
        if done.returncode:
            raise Failed("%s: status %d\n%s" % (
                " ".join(command), done.returncode,
                done.stderr.decode("utf-8", "replace")[-2000:]))
        f.seek(0)
        return f.read()


def split(stream):
    """The documents of a stream in which they follow each other."""
    pieces = stream.split(HEAD)
    if pieces[0]:
        raise Failed("a stream does not begin with a document")
    return [HEAD + piece for piece in pieces[1:]]


def from_folder(command, suffix, path):
    """mailcfg's documents, by its files, in the order of the rows."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out")
        run([*command, "--from", path, "-o", out + "/"])
        with open(path, encoding="utf-8", newline="") as f:
            for row in csv.DictReader(f):
                with open(os.path.join(out, row["address"] + suffix),
                          "rb") as g:
                    found.append(g.read())
    return found


def plist(data):
    return plistlib.loads(data)


def common(data):
    """Only the values that everybody writes."""
    mail = plistlib.loads(data)["PayloadContent"][0]
    return {key: mail.get(key) for key in COMMON}


def xml(data):
    return ElementTree.canonicalize(data.decode(), strip_text=True)


def compare(name, ours, theirs, value):
    """Raises Failed unless the documents have the same values."""
    if len(ours) != len(theirs):
        raise Failed("%s: %d documents, not %d" % (name, len(theirs),
                                                   len(ours)))
    for i, (a, b) in enumerate(zip(ours, theirs)):
        a, b = value(a), value(b)
        if a != b:
            raise Failed("%s: document %d differs:\n%s\n%s" % (name, i, a,
                                                               b))
