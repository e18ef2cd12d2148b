#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""usage: people.py [--format csv|ndjson|yaml] [--logins] [--plain] ROWS

Invents the people of three schools, the same ones every time: names in several
scripts, half of the passwords with & < >, 3.5 % of the rows with a quoted
field.  --logins: nobody's login can be made out of the address.  --plain:
nothing is quoted, for readers that only know commas.
"""
import argparse
import json
import random
import sys

COLUMNS = ("address", "name", "login", "password", "imap.host", "imap.port",
           "smtp.host", "smtp.port", "smtp.tls")
GIVEN = ("Anna Bo Carl Dana Emil Fatima Greta Hans Ida Jan Karin Lars Maria "
         "Nils Olga Petra Rolf Sara Tom Ulla Viktor Wilma Yusuf "
         "Åsa Björn Çiğdem Éloïse Jürgen Łucja Søren Žofia "
         "Ирина Николай Γιώργος Ελένη 太郎 美咲 محمد").split()
FAMILY = ("Andersen Berg Carlsson Dahl Ek Fischer Gómez Hansen Ibsen Jonsson "
          "Kowalski Lindström Müller Nowak O'Brien Petrov Quist Rossi Schmidt "
          "Tóth Ullmann Virtanen Weber Yılmaz Ørsted Šimek "
          "Иванова Παππάς 山田 القاسم").split()
# host of IMAP, host and port of SMTP, how it begins TLS
SCHOOLS = (
    ("north.example", "imap.north.example", "smtp.north.example", "465",
     "implicit"),
    ("south.example", "mail.south.example", "mail.south.example", "465",
     "implicit"),
    ("sogn-og-fjordane.school.example", "imap.school.example",
     "smtp.school.example", "587", "starttls"),
)
# without a semicolon, which The Bat!'s commands cannot hold
LETTERS = ("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
           "!#$%()*+-./:=?@[]^_{|}~")
QUOTED = 0.035


def password(rng, signs):
    text = rng.choices(LETTERS, k=rng.randrange(10, 17))
    if signs:
        for _ in range(rng.randrange(1, 4)):
            text[rng.randrange(1, len(text))] = rng.choice("&<>")
    return "".join(text)


def people(rows, logins=False, plain=False):
    """Rows of nine texts; as many as asked for begin alike."""
    rng = random.Random(20261124)
    for i in range(rows):
        # the first few meet every school
        domain, imap, smtp, port, tls = SCHOOLS[
            i % 3 if i < 12 else rng.randrange(3)]
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        local = "%s%06d" % (rng.choice(("s.", "t-", "staff.", "p")), i)
        own = rng.random() < 0.5
        secret = password(rng, rng.random() < 0.5)
        kind = rng.random()
        name = "%s %s" % (given, family)
        if kind < QUOTED and not plain:
            name = '%s "%s" %s' % (given, given[:2], family) \
                if kind < QUOTED / 7 else "%s, %s" % (family, given)
        address = "%s@%s" % (local, domain)
        yield (address, name,
               "u%07d" % i if logins or own else address, secret,
               imap, "993", smtp, port, tls)


def csv_field(text):
    if '"' in text or "," in text:
        return '"%s"' % text.replace('"', '""')
    return text


def csv_lines(rows):
    yield ",".join(COLUMNS) + "\n"
    for row in rows:
        yield ",".join(map(csv_field, row)) + "\n"


def values(row):
    """As JSON has them: ports are numbers."""
    return [(column, int(text) if column.endswith("port") else text)
            for column, text in zip(COLUMNS, row)]


def ndjson_lines(rows):
    for row in rows:
        yield json.dumps(dict(values(row)), ensure_ascii=False) + "\n"


def yaml_lines(rows):
    """Texts in double quotes, which YAML and JSON write alike."""
    for row in rows:
        yield "- " + "\n  ".join(
            "%s: %s" % (column, json.dumps(value, ensure_ascii=False))
            for column, value in values(row)) + "\n"


FORMATS = {"csv": csv_lines, "ndjson": ndjson_lines, "yaml": yaml_lines}


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n", 1)[0][7:])
    parser.add_argument("--format", choices=FORMATS, default="csv")
    parser.add_argument("--logins", action="store_true")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("rows", type=int)
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    try:
        sys.stdout.writelines(FORMATS[options.format](
            people(options.rows, options.logins, options.plain)))
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
