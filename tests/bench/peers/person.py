# SPDX-License-Identifier: ISC
"""What the peers in Python share: the rows, and the names of a profile."""
import csv
import os
import sys
import uuid

SKELETON = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "profile.in")
PLAIN = {c: chr(c) for c in b"abcdefghijklmnopqrstuvwxyz0123456789-"}
ESCAPES = [PLAIN.get(c, "_%02x" % c) for c in range(256)]


def rows():
    """[address, name, login, password, imap host, port, smtp ...]"""
    with open(sys.argv[1], encoding="utf-8", newline="") as f:
        reader = csv.reader(f)
        next(reader)
        yield from reader


def identifier(address):
    local, domain = address.rsplit("@", 1)
    return "%s.mailcfg.%s" % (
        ".".join(reversed(domain.split("."))),
        "".join([ESCAPES[c] for c in local.encode()]))


def uuid5(name):
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name)).upper()
