# SPDX-License-Identifier: ISC
"""The templates of messages, filled in by another program than ours."""
import html
import os
import re

TAG = re.compile(r"\{([?!*/]?)([a-z0-9-]+)\}|\{\{")
FILES = ("subject.txt", "message.txt", "message.html")
SOURCE = os.environ["MAILCFG_SOURCE"]


def load(lang, name):
    with open(os.path.join(SOURCE, "templates", "mail", lang, name),
              encoding="utf-8") as f:
        text = f.read()
    return text[:-1] if name == "subject.txt" else text


def languages():
    return sorted(os.listdir(os.path.join(SOURCE, "templates", "mail")))


def own_lines(text):
    """A section's tag alone on a line takes the line with it."""
    return re.sub(r"(?m)^[ \t]*(\{[?!*/][a-z0-9-]+\})[ \t]*(?:\n|\Z)", r"\1",
                  text)


def tree(text):
    """[(kind, name, parts or text)]"""
    stack = [("", "", [])]
    at = 0
    for tag in TAG.finditer(text):
        stack[-1][2].append(("text", "", text[at:tag.start()]))
        at = tag.end()
        kind, name = tag.group(1), tag.group(2)
        if name is None:
            stack[-1][2].append(("text", "", "{"))
        elif kind == "/":
            done = stack.pop()
            assert done[1] == name, (done[1], name)
            stack[-1][2].append(done)
        elif kind:
            stack.append((kind, name, []))
        else:
            stack[-1][2].append(("=", name, ""))
    stack[-1][2].append(("text", "", text[at:]))
    assert len(stack) == 1, stack[-1][:2]
    return stack[0][2]


def escape(text):
    return html.escape(text).replace("&#x27;", "&#39;")


def render(parts, values, quote):
    out = ""
    for kind, name, what in parts:
        found = values.get(name, [])
        if kind == "text":
            out += what
        elif kind == "=":
            out += ", ".join(quote(v) for v in found)
        elif kind == "*":
            for value in found:
                out += render(what, {**values, name: [value]}, quote)
        elif bool(found) == (kind == "?"):
            out += render(what, values, quote)
    return out


def fill(lang, name, values):
    quote = escape if name.endswith(".html") else str
    return render(tree(own_lines(load(lang, name))), values, quote)


def tags(lang, name):
    return sorted(tag.group(0) for tag in TAG.finditer(load(lang, name)))
