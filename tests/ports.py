# SPDX-License-Identifier: ISC
"""Ports on loopback for servers that bind them themselves, later.

A port that the system picks can be taken before the server binds it, by any
test's outgoing connection. These lie below what the system picks from, and
are claimed for as long as this process lives.
"""
import random
import socket

claims = []


def free(n=1):
    """Numbers of n ports where neither TCP nor UDP is bound."""
    found = []
    while len(found) < n:
        port = random.randrange(10000, 32768)
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind("\0mailcfg-test-port-%d" % port)
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(socket.AF_INET, kind) as s:
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    s.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        claims.append(claim)
        found.append(port)
    return found
