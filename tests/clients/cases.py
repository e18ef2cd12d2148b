# SPDX-License-Identifier: ISC
"""Golden files of a target beside the accounts that they were made from, in
the words of the json target's golden of the same case."""
import glob
import json
import os

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GOLDEN = os.path.join(TESTS, "golden")
TLS = {"implicit": 3, "starttls": 2, "none": 0}
AUTH = {"password": 3, "encrypted": 4, "oauth2": 10, "none": 1}


def accounts(case):
    """The accounts of a case, by the target that knows them all."""
    found = []
    pattern = os.path.join(GOLDEN, "json", case, "files", "**", "*.json")
    for path in sorted(glob.glob(pattern, recursive=True)):
        with open(path, encoding="utf-8") as f:
            found += json.load(f)
    return found


def files(target, ending):
    """(case, path) of every golden file that ends so."""
    root = os.path.join(GOLDEN, target)
    for case in sorted(os.listdir(root)):
        pattern = os.path.join(root, case, "files", "**", "*" + ending)
        for path in sorted(glob.glob(pattern, recursive=True)):
            yield case, path


def refused(target, case):
    """Whether the target refused some account of the case."""
    path = os.path.join(GOLDEN, target, case, "log")
    with open(path, encoding="utf-8") as f:
        return "\nstatus 65\n" in "\n" + f.read()


def incoming(account):
    """The servers that fetch mail, the chosen one first."""
    chosen = account.get("protocol") or (
        "imap" if "imap" in account else "pop3")
    order = [chosen, "pop3" if chosen == "imap" else "imap"]
    return [dict(account[p], type=p) for p in order if p in account]


def flat(server, password=True):
    return [server["type"], server["host"], server["port"],
            TLS[server["tls"]], AUTH[server["auth"]], server.get("login")] + (
                [server.get("password")] if password else [])
