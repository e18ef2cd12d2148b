#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""usage: differential.py DUMP [SEED]

Random CSV and JSON, good and bad, through our readers and through those of
Python and jq: what both take must be the same, and what a strict reader
refuses ours must refuse.  What is read by short cuts or in blocks must be what
is read the long way in one go, whatever stands there; the sources of YAML's
records, put together, must be the same records.
"""
import csv
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

CASES = 400
dump = sys.argv[1]
rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 20261124)
failures = 0


def fail(data, text):
    global failures
    failures += 1
    if failures <= 5:
        print("FAIL %s\n  input %r" % (text, data))


def run(folder, syntax, inputs, *args):
    """What our reader makes of each input: lists of JSON."""
    paths = []
    for i, data in enumerate(inputs):
        paths.append(os.path.join(folder, "%d.%s" % (i, syntax)))
        with open(paths[-1], "wb") as f:
            f.write(data)
    out = subprocess.run([dump, "--json", *args, syntax, *paths], check=True,
                         stdout=subprocess.PIPE).stdout.decode()
    results = [[]]
    for line in out.splitlines():
        results[-1].append(json.loads(line))
        if results[-1][-1][0] in ("end", "fatal"):
            results.append([])
    assert len(results) == len(inputs) + 1, "some results are missing"
    return list(zip(inputs, results))


# CSV.

def csv_field(delimiter, wild):
    text = "".join(rng.choice(["a", "b", "é", "€", "😀", " ", ",", ";", "\t",
                               '"', "\n", "\r\n", "\r", "'", "=1"])
                   for _ in range(rng.choice([0, 1, 1, 2, 3, 8])))
    if wild and rng.random() < 0.2:
        return text
    if rng.random() < 0.3 or any(c in text for c in delimiter + '"\r\n'):
        return '"%s"' % text.replace('"', '""')
    return text


def csv_text(wild):
    delimiter = rng.choice(",;\t")
    end = rng.choice(["\n", "\r\n", "\r"])
    lines = [delimiter.join(["a", "b", "c"])]
    for _ in range(rng.randrange(6)):
        n = 3 if not wild or rng.random() < 0.8 else rng.randrange(1, 6)
        lines.append(delimiter.join(csv_field(delimiter, wild)
                                    for _ in range(n)))
        if rng.random() < 0.1:
            lines.append("")
    text = end.join(lines) + rng.choice(["", end])
    if wild and len(lines) > 1 and rng.random() < 0.3:
        at = rng.randrange(len(lines[0]) + len(end), len(text) + 1)
        text = text[:at] + rng.choice('",;\r\na') + text[at:]
    return delimiter, text


def python_rows(delimiter, text):
    """The rows, and None where the reader gives up."""
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True,
                              delimiter=delimiter):
            rows.append(row)
    except csv.Error:
        rows.append(None)
    return rows


def is_empty(row):
    return row is not None and all(field == "" for field in row)


def compare_csv(data, theirs, ours):
    theirs = [row for row in theirs[1:]
              if not (row == [] or is_empty(row) and len(row) == 3)]
    if ours[0][0] != "header":
        return fail(data, "the header was refused")
    rows = []
    for what in ours[1:]:
        row = [item[2] for item in what[1:]]
        if what[0] == "bad" or not is_empty(row) or what[0] == "end":
            rows.append((what[0], row))
    for i, (what, row) in enumerate(rows):
        their = theirs[i] if i < len(theirs) else "end"
        if what == "end" and their == "end":
            return None
        if what == "bad":
            # Python takes a quote inside a field that has none around it
            if their == "end" or their is not None and len(their) == 3 and \
                    not any('"' in field for field in their):
                return fail(data, "row %d was refused" % i)
            return None
        if what != "record" or row != their:
            return fail(data, "row %d: %r is %r" % (i, (what, row), their))
    return fail(data, "no end")


def check_csv(folder):
    texts = [csv_text(i % 2 == 1) for i in range(CASES)]
    inputs = [text.encode() for _, text in texts]
    for args in ((), ("--block", "7")):
        results = run(folder, "csv", inputs, *args)
        for (delimiter, text), (data, ours) in zip(texts, results):
            compare_csv(data, python_rows(delimiter, text), ours)


# JSON.

def json_string():
    return "".join(rng.choice(["a", "b", "é", "😀", '"', "\\", "/", "\n",
                               "{", "}", "[", "]", ",", ":", "\x7f", "\x01"])
                   for _ in range(rng.randrange(5)))


def json_value(depth):
    kind = rng.randrange(10)
    if kind < 4:
        return json_string()
    if kind == 4:
        return rng.choice([0, -1, 993, 1.5, 1e300, 12345678901234567890])
    if kind == 5:
        return rng.choice([True, False, None])
    if kind == 6 or depth > 3:
        return [json_string() for _ in range(rng.randrange(3))]
    return {"k%d" % i: json_value(depth + 1) for i in range(rng.randrange(4))}


def json_record():
    return {rng.choice(["a", "b", "é", "c.d", "e"]) + str(i): json_value(0)
            for i in range(rng.randrange(4))}


def spoil(text):
    """Something that should not be there, or is gone."""
    at = rng.randrange(len(text))
    if rng.random() < 0.4:
        return text[:at] + text[at + 1:]
    return text[:at] + rng.choice([
        '"', "{", "}", "[", "]", ",", ":", "0", "-", ".", "e", "\\", " ",
        "\t", "\n", "\v", "\0", "\x01", "tru", "NaN", "\\u0000", "\\ud83d",
        "\\u00e9", "\\x", "01", "//", "\ufeff", "\xa0"]) + text[at:]


class Refused(Exception):
    pass


def pairs(items):
    if len({name for name, _ in items}) != len(items):
        raise Refused("a name stands twice")
    return dict(items)


def refuse_constant(_):
    raise Refused("a constant")


def flatten(record, prefix=""):
    """Our rules, said once more."""
    for name, value in record.items():
        name = prefix + name
        if isinstance(value, dict):
            yield from flatten(value, name + ".")
        elif isinstance(value, list):
            if not all(isinstance(text, str) for text in value):
                raise Refused("a list holds texts")
            text = ""
            for more in value:
                text += (", " if text else "") + more
            yield [name, 0 if value else 3, text]
        elif isinstance(value, str):
            yield [name, 0, value]
        elif value is None:
            yield [name, 3, "null"]
        elif isinstance(value, bool):
            yield [name, 2, "true" if value else "false"]
        else:
            yield [name, 1, value]


def python_records(text):
    """None: a strict reader refuses it."""
    try:
        if re.search(r"(?<!\\)(\\\\)*\\u0000", text):
            raise Refused("NUL")
        data = json.loads(text, object_pairs_hook=pairs,
                          parse_constant=refuse_constant)
        json.dumps(data, ensure_ascii=False).encode()
        if isinstance(data, dict):
            data = [data]
        if not isinstance(data, list) or \
                not all(isinstance(record, dict) for record in data):
            raise Refused("not a list of records")
        return [list(flatten(record)) for record in data]
    except (ValueError, RecursionError, Refused):
        return None


def same(ours, theirs):
    if len(ours) != len(theirs):
        return False
    for our, their in zip(ours, theirs):
        if our[:2] != their[:2]:
            return False
        if our[1] == 1 and json.loads(our[2]) != their[2]:
            return False
        if our[1] != 1 and our[2] != their[2]:
            return False
    return True


def compare_json(data, text, ours):
    theirs = python_records(text[text[:1] == "\ufeff":])
    good = all(what[0] in ("record", "end") for what in ours)
    if theirs is None:
        if good and len(ours) > 1:
            fail(data, "Python refuses it")
        return False
    records = [what[1:] for what in ours if what[0] == "record"]
    if not good:
        fail(data, "it was refused: %r" % ours)
    elif len(records) != len(theirs) or \
            not all(map(same, records, theirs)):
        fail(data, "%r is %r" % (records, theirs))
    return good


def json_text():
    indent = rng.choice([None, None, 1, "\t"])
    text = json.dumps([json_record() for _ in range(rng.randrange(1, 4))],
                      ensure_ascii=rng.random() < 0.5, indent=indent)
    return spoil(text) if rng.random() < 0.6 else text


def check_json(folder):
    texts = [json_text() for _ in range(CASES)]
    inputs = [text.encode() for text in texts]
    for args in ((), ("--block", "7")):
        results = run(folder, "json", inputs, *args)
        good = [compare_json(data, text, ours)
                for text, (data, ours) in zip(texts, results)]
    taken = [os.path.join(folder, "%d.json" % i)
             for i, g in enumerate(good) if g and texts[i][0] != "\ufeff"]
    assert len(taken) > CASES // 4, "hardly anything was taken"
    if shutil.which("jq"):
        done = subprocess.run(["jq", "-c", "."] + taken,
                              stdout=subprocess.PIPE, text=True)
        if done.returncode != 0 or \
                len(done.stdout.splitlines()) != len(taken):
            fail(b"", "jq does not take what we take")


def check_ndjson(folder):
    inputs, lines = [], []
    for _ in range(CASES // 4):
        some = [json.dumps(json_record(), ensure_ascii=rng.random() < 0.5)
                for _ in range(rng.randrange(1, 6))]
        some = [spoil(line).replace("\n", " ") if rng.random() < 0.4 else line
                for line in some]
        lines.append([line for line in some if line.strip(" \t\r") != ""])
        inputs.append("\n".join(some).encode())
    for data, ours in run(folder, "ndjson", inputs):
        theirs = lines[inputs.index(data)]
        if len(ours) != len(theirs) + 1:
            fail(data, "%d lines are %r" % (len(theirs), ours))
            continue
        for i, (what, line) in enumerate(zip(ours, theirs)):
            line = line[1:] if i == 0 and line[:1] == "\ufeff" else line
            compare_json(data, "[[]]" if line[:1] == "[" else "[%s]" % line,
                         [what, ["end"]])


# Short cuts and blocks.

def hostile(pieces, n):
    return "".join(rng.choice(pieces) for _ in range(rng.randrange(n)))


def json_line():
    """As a record comes from a database, or with something odd in it."""
    record = {"address": "a@x.org", "name": json_string(), "n": 993,
              "aliases": [json_string() for _ in range(rng.randrange(3))],
              "imap": {"host": "h", "port": rng.choice([0, 143, -1, "993"])},
              "e": json_value(0)}
    record = dict(rng.sample(list(record.items()), rng.randrange(7)))
    text = json.dumps(record, ensure_ascii=rng.random() < 0.5,
                      separators=rng.choice([None, (",", ":"), (" , ", " : ")]))
    return spoil(text) if rng.random() < 0.3 else text


# as most are; with something odd in it; what ends all
YAML_VALUES = (
    ("a@x.org", "993", "x y", "'it''s'", '"a: #b"', "é", "x#y", "a:b", "(p)",
     '"é \\"q\\" \\\\ \\xe9"', "''", '""', "b" * 70, "=1,[2]{3}", "true",
     '"\\u20ac\\t"', "'\\'", "/x", "nul", '"\\U0001F600"', ".", "...",
     "<<", "a -b", ";", "a'b\"c", "x\xa0", "x---"),
    ("Null", "null", "~", "", "x # y", "&a b", "*b", "!t x", "[a, b]", "x ",
     "{a: b}", "|\n      x\n      y", "- x", "x\n      y", '"x\n  y"', "---",
     ">-\n      x", "\n      k: v", "\n      - k\n      - l", "'a' # b",
     '"x" ', "\tx", "x\ty", '"\\e"', '"\\N"', "x\r", "?", "'x\t'"),
    ('"\\0"', '"\\z"', "x: y", "'a' b", "%x", "@x", "`x", '"x', "'x", "é: x",
     "\x7f", "\u2028", "\ufeff", '"\\ud800"', "\0", '"a"b', "\u0085", "a:",
     "x\x7f", '"\\x00"', '"\\U00110000"', "x\u2028y"))
YAML_NAMES = ("<<", "é", '"q"', "a b", "null", "1", "y", "-", "k" * 130, "? z",
              "&a n", "z ")
YAML_LINES = ("\n", "# c\n", "  # é\n", "---\n", "...\n", "x\n", "%Y\n",
              "x- ab: c\n", " \n", "\t\n", "\r\n")


def yaml_value(odd):
    return rng.choice(rng.choices(YAML_VALUES, (1, 0.8 * odd, 0.2 * odd))[0])


def yaml_map(indent, odd, level=0):
    """Names and what they mean, in lines that are indented so."""
    names = ["address", "name", "a.b-c_d", "xyz", "y"]
    if rng.random() < odd:
        names += rng.sample(YAML_NAMES, 2)
    rng.shuffle(names)
    text = ""
    for _ in range(rng.randrange(1, 5)):
        text += indent + names.pop() + ":"
        kind = rng.random()
        inside = indent + rng.choice(["", " ", "  ", "    "])
        if kind < 0.15 and level < 5 and (inside != indent or odd > 0.2):
            text += "\n" + yaml_map(inside, odd, level + 1)
        elif kind < 0.3:
            text += "\n"
            for _ in range(rng.randrange(1, 4)):
                if rng.random() < odd / 2:
                    text += rng.choice([" ", "  - x\n", "- x"])
                text += inside + "-" + rng.choice(["", " ", "  "]) \
                    if rng.random() < odd else inside + "- "
                text += yaml_value(odd) + "\n"
        else:
            text += rng.choice([" ", " ", "  "]) + yaml_value(odd) + "\n"
        if rng.random() < odd / 5:
            text += rng.choice(YAML_LINES)
    return text


def yaml_items():
    """Items of a list, as a program writes them; something odd is in some."""
    odd = rng.choice([0.05, 0.1, 0.3])
    indent = " " * rng.choice([0, 0, 0, 1, 2, 70])
    gap = " " * rng.choice([1, 1, 1, 3])
    text = ""
    for _ in range(rng.randrange(2, 12)):
        if rng.random() < odd / 4:
            text += indent + "-" + gap + yaml_value(odd) + "\n"
        lines = yaml_map(indent + " " + gap, odd)
        text += indent + "-" + lines[len(indent) + 1:]
        if rng.random() < odd / 2:
            text = text[:-1] + rng.choice([" ", "\t", " # c", "  #"]) + "\n"
        if rng.random() < 0.15:
            text += rng.choice(["\n", "\n\n", "# c\n", " # é\n\n", "  \n",
                                "# a\rb: c\n", "#\tc\n", "#"])
    return text


def hostile_yaml():
    text = rng.choice([
        "%s", "%s", "# c\n%s", "---\n%s", "%%YAML 1.1\n---\n%s...\n",
        "accounts:\n%s", "# c\n\naccounts: # d\n\n%s", "%sdefaults: {a: b}\n",
        "defaults:\n  a: b\naccounts:\n%s", "accounts:\n%sbeside: x\n",
        " accounts:\n%s", "? accounts\n: %s", "defaults:\naccounts:\n%sx"]) % \
        yaml_items()
    if rng.random() < 0.2:
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice([
            "", "\n", " ", "-", ":", "#", '"', "'", "\r", "\0", "\t", "x",
            "\u0085"]) + text[at + rng.randrange(2):]
    return text[:-1] if rng.random() < 0.1 else text


def hostile_text(syntax):
    if syntax == "yaml":
        return hostile_yaml()
    if syntax == "json":
        return rng.choice(["[%s]", "[\n%s\n]", "[\r\n%s]"]) % ",\n".join(
            json.dumps(json.loads(line), indent=1)
            if rng.random() < 0.3 and "\\" not in line and
            python_records(line) is not None else line
            for line in (json_line() for _ in range(rng.randrange(1, 4))))
    if syntax == "ndjson":
        return hostile([json_line() + "\n" for _ in range(9)] + [
            '{"a":"b"}\n', '{"a":"b" "c"}\n', "\n", "\r\n", "\r", " ", '"', "{",
            "x" * 70, '{"a":"%s"}\n' % ("y" * 99)], 40)
    return "a,b,c\n" + hostile(
        ["x", "yz", "é", ",", ",", '"', '"', '""', "\n", "\r\n", "\r",
         '"x\ny"', '\n"', '",', ',"', '"\n', "1,2,3\n", '4,"5\n",6\r\n',
         '"a","é,""",c\n', "v" * 61, '"%s"' % ("w," * 40), ";", "\0"], 60)


def check_ways(folder, syntax):
    inputs = [hostile_text(syntax).encode()
              for _ in range(CASES * (4 if syntax == "yaml" else 1))]
    paths = []
    for i, data in enumerate(inputs):
        paths.append(os.path.join(folder, "%d.%s" % (i, syntax)))
        with open(paths[-1], "wb") as f:
            f.write(data)
    ways = ((), ("--slow",), ("--block", "1"), ("--block", "7"))
    if syntax != "yaml":
        ways += (("--cut", "1"), ("--cut", "1", "--block", "1"),
                 ("--cut", "64"), ("--cut", "200", "--block", "7"),
                 ("--cut", "5000"))
    for output in ((), ("--raw",)):
        whole = None
        for args in ways:
            got = subprocess.run(
                [dump, *output, *args, syntax, *paths], check=True,
                stdout=subprocess.PIPE).stdout.splitlines()
            results = [[]]
            for line in got:
                results[-1].append(line)
                if line in (b"end", b"fatal") or \
                        line.startswith((b'["end",', b'["fatal",')):
                    results.append([])
            assert len(results) == len(inputs) + 1, "some results are missing"
            whole = whole or results
            for data, ours, one in zip(inputs, results, whole):
                if ours != one:
                    fail(data, "%s %r is %r" % (" ".join(args), ours, one))


# The source of YAML.

def yaml_text(i):
    """A list of maps, as people write them, and comments everywhere."""
    dash = rng.choice(["- ", "-   ", "-\n  ", "- # why\n  ", "-\n\n # é\n  "])
    inside = " " * (len(dash) if dash.strip("- ") == "" else 2)
    fields = ["a: %d" % i, "b: é", "c: 'x # y'  # z", 'd: "e\\tf"', "g: {h: i}",
              "j:", "k: |\n%s  l\n%s  m\n" % (inside, inside), "n: [o, p]",
              "q: >-\n%s  r\n\n" % inside, "s:\n%s- t\n%s- u" %
              (inside, inside), "v: w\n%s  x # y" % inside,
              "z: |+\n%s  1\n\n" % inside, "0:\n%s  2: 3" % inside]
    some = rng.sample(fields, rng.randrange(1, 5))
    if rng.random() < 0.2:
        return "- {a: %d, b: 'é}'}%s" % (i, rng.choice(["", " # {"]))
    if rng.random() < 0.1:
        return rng.choice(["- text", "- [a, b]", "- - a: b\n  - c",
                           "- &x {a: b}", "- *y"])
    return dash + ("\n" + inside).join(some)


def check_yaml(folder):
    inputs = []
    for _ in range(CASES):
        text = "\n".join(yaml_text(i) + rng.choice(
            ["", "", "\n", "\n# comment é", "\n\n  # - a: b"])
            for i in range(rng.randrange(1, 6)))
        inputs.append(text.replace(
            "\n", rng.choice(["\n", "\n", "\r\n"])).encode())
    for args in ((), ("--block", "1")):
        whole = run(folder, "yaml", inputs, *args)
        sources = run(folder, "yaml", inputs, "--raw", *args)
        again = []
        for data, (_, ours) in zip(inputs, sources):
            again.append("".join(
                source + "\n" for _, source in ours[:-1]).encode())
            for _, source in ours[:-1]:
                if source.encode() not in data or source[:1] != "-":
                    fail(data, "no source: %r" % source)
        for (data, ours), (text, sure) in zip(
                whole, run(folder, "yaml", again, *args)):
            if ours != sure:
                fail(data, "from %r come %r, not %r" % (text, sure, ours))


def main():
    with tempfile.TemporaryDirectory() as folder:
        check_csv(folder)
        check_json(folder)
        check_ndjson(folder)
        for syntax in ("csv", "json", "ndjson", "yaml"):
            check_ways(folder, syntax)
        check_yaml(folder)
    print("%d failures" % failures)
    sys.exit(failures > 0)


main()
