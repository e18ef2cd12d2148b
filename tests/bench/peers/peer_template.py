# SPDX-License-Identifier: ISC
"""A profile a person by Python's % and a template."""
import re
import sys
from html import escape

from person import SKELETON, identifier, rows, uuid5


def main():
    with open(SKELETON, encoding="utf-8") as f:
        template = re.sub("@([A-Z_]+)@", r"%(\1)s", f.read())
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    write = sys.stdout.write
    for row in rows():
        address, name, login, password, imap, in_port, smtp, port, _ = [
            escape(text, False) for text in row]
        ident = identifier(row[0])
        write(template % {
            "ADDRESS": address, "NAME": name, "LOGIN": login,
            "PASSWORD": password, "IMAP_HOST": imap, "IMAP_PORT": in_port,
            "SMTP_HOST": smtp, "SMTP_PORT": port, "IDENTIFIER": ident,
            "UUID": uuid5(ident), "MAIL_UUID": uuid5(ident + ".mail")})


main()
