# SPDX-License-Identifier: ISC
"""Pages of HTML, read by regular expressions that know only what the pages
use: whatever else there is was not meant.  And by readers that are not ours."""
import html
import re
import subprocess
import tempfile

from readers import Unreadable, want

TAG = re.compile(
    r'<(/?)([a-zA-Z][a-z0-9]*)((?: [a-zA-Z-]+(?:="[^"<>]*")?)*)>')
ATTRIBUTE = re.compile(r' ([a-zA-Z-]+)(?:="([^"]*)")?')
ELEMENTS = set("""html head meta title style body a header main section
    footer h1 h2 h3 h4 p ul ol li dl dt dd b i br code samp details summary
    small div span table caption tbody tr th td article figure figcaption
    svg path rect
    script""".split())
ATTRIBUTES = set("""lang dir charset name content http-equiv class href id
    data-copy data-copied scope colspan role aria-label xmlns width height
    viewBox shape-rendering fill stroke d""".split())
VOID = {"meta", "br"}
# What ends no element: a script's text is no markup.
RAW = re.compile(r"<(style|script)>(.*?)</\1>", re.S)


def page(data, references=()):
    """[values that can be copied]; what a page asks for must be beside it."""
    text = data.decode("utf-8")
    want(text.startswith("<!DOCTYPE html>\n<html lang=") and
         text.endswith("</html>\n"), "it does not begin or end as a page")
    want(re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text) is None, "a control")
    for kind, raw in RAW.findall(text):
        want(kind == "script" or not re.search(r"url\(|@import|//", raw),
             "a style that asks for something")
    text = RAW.sub(r"<\1></\1>", text[len("<!DOCTYPE html>"):])
    opened, marks = [], 0
    for close, name, attributes in TAG.findall(text):
        marks += 1
        want(name in ELEMENTS, "an element <%s>", name)
        for key, value in ATTRIBUTE.findall(attributes):
            want(key in ATTRIBUTES, "an attribute %s", key)
            if key == "href":
                want(re.match(r"#[a-z]+$|https?://|\./", value),
                     "it leads to %s", value)
                want(not value.startswith("./") or not references or
                     html.unescape(value[2:]) in references,
                     "%s is not there", value)
        if close:
            want(opened and opened.pop() == name, "</%s> closes nothing", name)
        elif name not in VOID:
            opened.append(name)
    want(not opened, "%s is not closed", opened)
    want(text.count("<") == marks and text.count(">") == marks,
         "a sign that is no markup")
    for amp in re.findall(r"&[^;]{0,8};?", text):
        want(re.match(r"&(amp|lt|gt|quot|#39);", amp), "a bare %r", amp)
    return [html.unescape(code)
            for code in re.findall(r"<code>(.*?)</code>", text, re.S)]


def parsers(pages):
    """html5lib takes them without an error, and so does HTML Tidy."""
    try:
        import html5lib
    except ImportError:
        print("html5lib is not there")
    else:
        for data in pages:
            parser = html5lib.HTMLParser(strict=False)
            parser.parse(data.decode("utf-8"))
            want(not parser.errors, "html5lib: %s", parser.errors[:3])
    with tempfile.TemporaryDirectory() as work:
        for number, data in enumerate(pages):
            path = "%s/%d.html" % (work, number)
            with open(path, "wb") as f:
                f.write(data)
            try:
                done = subprocess.run(["tidy", "-q", "-e", "-utf8", path],
                                      capture_output=True, check=False)
            except FileNotFoundError:
                print("tidy is not there")
                return
            # newer than tidy, or SVG's
            left = [line for line in done.stderr.decode().split("\n")
                    if line and 'attribute "name"' not in line and
                    'attribute "shape-rendering"' not in line]
            if left:
                raise Unreadable("tidy: %s" % left[:3])
