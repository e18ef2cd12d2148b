# SPDX-License-Identifier: ISC
"""A profile a person by jinja2, which escapes."""
import re
import sys

import jinja2

from person import SKELETON, identifier, rows, uuid5


def main():
    with open(SKELETON, encoding="utf-8") as f:
        text = re.sub("@([A-Z_]+)@", r"{{ \1 }}", f.read())
    template = jinja2.Environment(
        autoescape=True, keep_trailing_newline=True).from_string(text)
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    write = sys.stdout.write
    for row in rows():
        address, name, login, password, imap, in_port, smtp, port, _ = row
        ident = identifier(address)
        write(template.render(
            ADDRESS=address, NAME=name, LOGIN=login, PASSWORD=password,
            IMAP_HOST=imap, IMAP_PORT=in_port, SMTP_HOST=smtp, SMTP_PORT=port,
            IDENTIFIER=ident, UUID=uuid5(ident),
            MAIL_UUID=uuid5(ident + ".mail")))


main()
