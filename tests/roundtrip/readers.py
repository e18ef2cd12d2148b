# SPDX-License-Identifier: ISC
"""Readers of what mailcfg writes, that share nothing with it.

Each takes the bytes of a document and returns what a client would have
understood, or raises Unreadable.  A server is a dict of protocol, host, port,
tls, auth, login and password, in the words of mailcfg's own model; what the
format does not tell is missing.
"""
import json
import os
import plistlib
import re
import subprocess
import tempfile
import uuid
import xml.etree.ElementTree as ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))


class Unreadable(Exception):
    """The document is not what its client could read."""


def want(condition, text, *values):
    if not condition:
        raise Unreadable(text % values if values else text)


# Apple: plistlib, Apple's own schema, and the rules of its payloads.

with open(os.path.join(HERE, "apple-schema.json"), encoding="utf-8") as f:
    SCHEMA = json.load(f)
UUID = re.compile(SCHEMA["_meta"]["uuid_pattern"])
TYPES = {"string": str, "integer": int, "boolean": bool, "real": float,
         "array": list, "dictionary": dict, "data": bytes}
APPLE_AUTH = {"EmailAuthPassword": "password", "EmailAuthNone": "none",
              "EmailAuthCRAMMD5": "encrypted"}
IMPLICIT_PORTS = (993, 995, 465)


def apple_dictionary(values, keys, where):
    for key, row in keys.items():
        want(not row["required"] or key in values, "%s: %s is missing",
             where, key)
    for key, value in values.items():
        row = keys.get(key)
        at = where + "." + key
        want(row is not None, "%s: no such key", at)
        if row["type"] in TYPES:
            want(type(value) is TYPES[row["type"]], "%s: not of type %s", at,
                 row["type"])
        want(not row["allowed"] or value in row["allowed"],
             "%s: not allowed", at)
        want(value != "", "%s: empty", at)
        if key.endswith(("PortNumber", "Port")):
            want(0 < value < 65536, "%s: not a port", at)


def apple_server(payload, way):
    port = payload[way + "MailServerPortNumber"]
    secure = payload[way + "MailServerUseSSL"]
    server = {
        "host": payload[way + "MailServerHostName"],
        "port": port,
        "auth": APPLE_AUTH.get(payload[way + "MailServerAuthentication"]),
        "login": payload.get(way + "MailServerUsername"),
        "password": payload.get(way + "Password"),
        "tls": "none",
    }
    if secure:
        server["tls"] = "implicit" if port in IMPLICIT_PORTS else "starttls"
    return server


def apple(data):
    """All mail payloads of a profile, and the profile."""
    try:
        profile = plistlib.loads(data)
    except Exception as fault:
        raise Unreadable("plistlib: %s" % fault) from fault
    want(isinstance(profile, dict), "not a dictionary")
    want(plistlib.dumps(profile, sort_keys=False) == data,
         "plistlib would write other bytes")
    payloads = profile.get("PayloadContent", [])
    apple_dictionary(profile, SCHEMA["toplevel"]["keys"], "profile")
    common = SCHEMA["common_payload_keys"]["keys"]
    for number, payload in enumerate(payloads):
        kind = SCHEMA["payloads"][payload["PayloadType"]]["keys"]
        apple_dictionary(payload, {**common, **kind}, "payload %d" % number)
    for key in ("PayloadUUID", "PayloadIdentifier"):
        values = [d.get(key) for d in [profile] + payloads]
        want(len(set(values)) == len(values), "%s is used twice", key)
    for d in [profile] + payloads:
        want(UUID.match(d["PayloadUUID"]), "not a UUID")
    accounts = []
    for p in payloads:
        if p["PayloadType"] != "com.apple.mail.managed":
            continue
        one = {"name": p.get("EmailAccountName"),
               "addresses": p["EmailAddress"].split(", "),
               "prefix": p.get("IncomingMailServerIMAPPathPrefix"),
               "same": p.get("OutgoingPasswordSameAsIncomingPassword"),
               "in": [apple_server(p, "Incoming")],
               "out": apple_server(p, "Outgoing")}
        one["in"][0]["protocol"] = {
            "EmailTypeIMAP": "imap", "EmailTypePOP": "pop3"}[
                p["EmailAccountType"]]
        accounts.append(one)
    services = {}
    for p in payloads:
        for word, kind in (("Cal", "caldav"), ("Card", "carddav")):
            if word + "DAVHostName" in p:
                services[kind] = (p[word + "DAVHostName"],
                                  p[word + "DAVPort"])
    return accounts, services


# Thunderbird: JXON's conversions, placeholders, the readFromXML rules.

JS_BLANK = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005" \
    "\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
RADIX = re.compile(r"0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+")


def js_number(value):
    """String(value) of JavaScript, for a finite number."""
    if value == 0:
        return "0"
    if value < 0:
        return "-" + js_number(-value)
    body, _, tail = repr(float(value)).partition("e")
    whole, _, part = body.partition(".")
    part = "" if part == "0" else part
    digits = (whole + part).lstrip("0")
    exponent = int(tail or 0) + len(whole)
    if whole.strip("0") == "":
        exponent -= len(whole) + len(part) - len(part.lstrip("0"))
    digits = digits.rstrip("0") or "0"
    count = len(digits)
    if count <= exponent <= 21:
        return digits + "0" * (exponent - count)
    if 0 < exponent <= 21:
        return digits[:exponent] + "." + digits[exponent:]
    if -6 < exponent <= 0:
        return "0." + "0" * -exponent + digits
    sign = "+" if exponent - 1 >= 0 else "-"
    return digits[0] + ("." + digits[1:] if count > 1 else "") + \
        "e%s%d" % (sign, abs(exponent - 1))


def jxon(text):
    """What Thunderbird's JXON.sys.mjs makes of the text of an element."""
    if text == "":
        return "true"
    if text.lower() in ("true", "false"):
        return text.lower()
    bare = text.strip(JS_BLANK)
    if bare == "":
        return "NaN"
    if RADIX.fullmatch(bare):
        return "0"
    if DECIMAL.fullmatch(bare):
        value = float(bare)
        if value in (float("inf"), float("-inf")):
            return text
        return js_number(value)
    return text


def js_replace_all(text, pattern, value):
    """String.prototype.replaceAll, whose second argument has patterns."""
    parts = text.split(pattern)
    out, before = parts[0], parts[0]
    for number, part in enumerate(parts[1:], 1):
        after = pattern.join(parts[number:])
        special = {"$$": "$", "$&": pattern, "$`": before, "$'": after}
        out += re.sub(r"\$[$&`']", lambda m: special[m.group()], value) + part
        before += pattern + part
    return out


def substitute(text, address, name):
    local, _, domain = address.rpartition("@")
    for pattern, value in (("%EMAILADDRESS%", address),
                           ("%EMAILLOCALPART%", local),
                           ("%EMAILDOMAIN%", domain),
                           ("%REALNAME%", name)):
        text = js_replace_all(text, pattern, value)
    return text


TB_TLS = {"SSL": "implicit", "STARTTLS": "starttls", "plain": "none"}
TB_AUTH = {"password-cleartext": "password", "password-encrypted": "encrypted",
           "OAuth2": "oauth2", "none": "none"}
HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")


def parse_xml(data):
    want(not data.startswith(b"\xef\xbb\xbf"), "there is a BOM")
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as fault:
        raise Unreadable("XML: %s" % fault) from fault


def autoconfig(data, address, name):
    """What Thunderbird takes from autoconfig XML for the person's address."""
    root = parse_xml(data)
    want(data.startswith(b"<?xml "), "no XML declaration at the first byte")
    want(b"<!" not in data, "a DOCTYPE, comment or CDATA")
    want(root.tag == "clientConfig" and root.get("version") == "1.1", "root")
    want(len(root.findall("emailProvider")) == 1, "not one emailProvider")
    provider = root.find("emailProvider")
    want(HOST.fullmatch(provider.get("id")), "id is no host name")
    domains = [d.text for d in provider.findall("domain")]
    want(domains and all(HOST.fullmatch(d) for d in domains), "domain")
    want(provider.findtext("displayName"), "displayName")
    want(len(provider.findtext("displayName")) <= 60, "long displayName")
    want(len(provider.findall("outgoingServer")) == 1, "not one outgoing")

    def server(element):
        def text(tag):
            found = element.findall(tag)
            want(len(found) < 2, "two %s", tag)
            if not found:
                return None
            want(not found[0].attrib and not len(found[0]), "%s", tag)
            return jxon(found[0].text or "")
        host, port = text("hostname"), text("port")
        want(host and HOST.fullmatch(substitute(host, address, name)),
             "host name")
        want(re.fullmatch("[1-9][0-9]*", port) and int(port) < 65536, "port")
        login, password = text("username"), text("password")
        return {"protocol": element.get("type"), "host": host,
                "port": int(port), "tls": TB_TLS[text("socketType")],
                "auth": TB_AUTH[text("authentication")],
                "login": login and substitute(login, address, name),
                "password": password}
    incoming = [server(e) for e in provider.findall("incomingServer")]
    want(incoming, "no incoming server")
    return {"domains": domains, "in": incoming,
            "out": server(provider.find("outgoingServer"))}


def android(data):
    """Thunderbird for Android's stricter parser; IMAP and SMTP alone."""
    provider = parse_xml(data).find("emailProvider")
    want(HOST.fullmatch(provider.get("id")), "id")
    want(any(HOST.fullmatch(d.text) for d in provider.findall("domain")),
         "domain")
    understood = {}
    for tag, kind in (("incomingServer", "imap"), ("outgoingServer", "smtp")):
        servers = []
        for element in provider.findall(tag):
            if element.get("type") != kind:
                continue
            for child in element:
                want(not len(child), "an element inside %s", child.tag)
            texts = {c.tag: c.text for c in element}
            want(HOST.fullmatch(texts.get("hostname") or ""), "hostname")
            want(re.fullmatch("[0-9]+", texts.get("port") or "")
                 and 0 < int(texts["port"]) < 65536, "port")
            want(texts.get("username") is not None, "username")
            want(texts.get("socketType") in ("SSL", "STARTTLS"), "socketType")
            want(any(c.text in ("OAuth2", "password-cleartext",
                                "password-encrypted")
                     for c in element.findall("authentication")),
                 "authentication")
            servers.append(texts)
        want(servers, "no %s", kind)
        understood[kind] = servers
    return understood


# user.js: JavaScript's strings, and the preferences of one account.

PREF = re.compile(r'user_pref\("((?:[^"\\]|\\.)*)", (.*)\);')
JS_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)")
JS_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f",
              "v": "\v", "0": "\0"}


def js_string(text):
    want(re.fullmatch(r'"(?:[^"\\\n\r\u2028\u2029]|\\.)*"', text),
         "not a string: %s", text)

    def unescape(match):
        word = match.group(1)
        if word[0] in "ux" and len(word) > 1:
            return chr(int(word[1:], 16))
        return JS_LETTERS.get(word, word)
    out = JS_ESCAPE.sub(unescape, text[1:-1])
    return out.encode("utf-16", "surrogatepass").decode("utf-16")


def preferences(data):
    values = {}
    for line in data.decode("utf-8").split("\n"):
        if line == "" or line.startswith("//"):
            continue
        match = PREF.fullmatch(line)
        want(match, "not a preference: %s", line)
        name, value = js_string('"%s"' % match.group(1)), match.group(2)
        want(name not in values, "%s is set twice", name)
        if value in ("true", "false"):
            values[name] = value == "true"
        elif re.fullmatch("-?[0-9]+", value):
            values[name] = int(value)
        else:
            values[name] = js_string(value)
    return values


PREF_TLS = {0: "none", 2: "starttls", 3: "implicit"}
PREF_AUTH = {1: "none", 3: "password", 4: "encrypted", 10: "oauth2"}


def userjs(data):
    p = preferences(data)
    accounts = []
    for account in p["mail.accountmanager.accounts"].split(","):
        server = "mail.server.%s." % p["mail.account.%s.server" % account]
        person = "mail.identity.%s." % p["mail.account.%s.identities"
                                         % account]
        relay = "mail.smtpserver.%s." % p[person + "smtpServer"]
        accounts.append({
            "name": p.get(person + "fullName"),
            "addresses": [p[person + "useremail"]],
            "in": [{"protocol": p[server + "type"],
                    "host": p[server + "hostname"],
                    "port": p[server + "port"],
                    "tls": PREF_TLS[p[server + "socketType"]],
                    "auth": PREF_AUTH[p[server + "authMethod"]],
                    "login": p[server + "userName"]}],
            "out": {"host": p[relay + "hostname"],
                    "port": p[relay + "port"],
                    "tls": PREF_TLS[p[relay + "try_ssl"]],
                    "auth": PREF_AUTH[p[relay + "authMethod"]],
                    "login": p.get(relay + "username")}})
    return accounts


# Autodiscover, and Outlook's registry files.

POX = "{http://schemas.microsoft.com/exchange/autodiscover/" \
    "outlook/responseschema/2006a}"
POX_ROOT = "{http://schemas.microsoft.com/exchange/autodiscover/" \
    "responseschema/2006}Autodiscover"
POX_TLS = {("on", "SSL"): "implicit", ("on", "TLS"): "starttls",
           ("off", "None"): "none"}


def autodiscover(data):
    root = parse_xml(data)
    want(root.tag == POX_ROOT, "wrong root")
    account = root.find(POX + "Response/" + POX + "Account")
    understood = {"name": root.findtext("%sResponse/%sUser/%sDisplayName"
                                        % (POX, POX, POX)),
                  "in": []}
    for protocol in account.findall(POX + "Protocol"):
        t = {child.tag[len(POX):]: child.text for child in protocol}
        server = {"protocol": t["Type"].lower(), "host": t["Server"],
                  "port": int(t["Port"]), "login": t.get("LoginName"),
                  "tls": POX_TLS[t["SSL"], t["Encryption"]],
                  "auth": "password" if t["AuthRequired"] == "on" else "none"}
        want(t["SPA"] == "off", "SPA")
        if t["Type"] == "SMTP":
            understood["out"] = server
            understood["same login"] = t.get("UsePOPAuth")
        else:
            understood["in"].append(server)
    return understood


REG_LINE = re.compile(r'"((?:[^"\\]|\\.)*)"=(.*)')


def registry(data):
    """A .reg file: {key: {name: value}}; None is a value to be deleted."""
    if data.startswith(b"\xff\xfe"):
        text = data[2:].decode("utf-16-le")
    else:
        text = data.decode("ascii")
    want(text.count("\n") == text.count("\r\n"), "a line without CR LF")
    lines = text.split("\r\n")
    want(lines[0] == "Windows Registry Editor Version 5.00"
         and lines[1] == "" and lines[-1] == "", "frame")
    keys = {}
    values = None
    for line in lines[2:]:
        if line.startswith("["):
            values = keys.setdefault(line[1:-1], {})
        elif line:
            match = REG_LINE.fullmatch(line)
            want(match and values is not None, "not a value: %s", line)
            name = re.sub(r"\\(.)", r"\1", match.group(1))
            value = match.group(2)
            if value == "-":
                values[name] = None
            elif value.startswith("dword:"):
                values[name] = int(value[6:], 16)
            else:
                want(re.fullmatch(r'"(?:[^"\\]|\\["\\])*"', value), "value")
                values[name] = re.sub(r"\\(.)", r"\1", value[1:-1])
    return keys


# The Bat!: cmd.exe's escapes, then the grammar of /ADD.

CARET = set('()<>&|^"')


def batch_command(data):
    """The command line that a batch file's last line ends up as."""
    text = data.decode("ascii")
    want(text.count("\n") == text.count("\r\n"), "a line without CR LF")
    want(text.endswith("\r\n"), "the last line has no end")
    lines = text.split("\r\n")[:-1]
    want("setlocal DisableDelayedExpansion" in lines, "delayed expansion")
    line = lines[-1]
    want(len(line) < 8191, "the line is too long for cmd.exe")
    want(line.startswith('"%TB%" '), "no program is called")
    out, rest = "", line[len('"%TB%" '):]
    while rest:
        if rest[0] == "^":
            out, rest = out + rest[1], rest[2:]
        elif rest.startswith("%%"):
            out, rest = out + "%", rest[2:]
        else:
            want(rest[0] not in CARET and rest[0] != "%",
                 "cmd.exe would see %s", rest[0])
            out, rest = out + rest[0], rest[1:]
    return out


ADD_PART = re.compile(r"""([A-Za-z]+)(?:=(?:"([^"]*)"|'([^']*)'))?(;|$)""")


def add_command(line):
    want(line.startswith("/ADD"), "not /ADD")
    want(line.isascii(), "not ASCII")
    values = {}
    at, end = len("/ADD"), ";"
    while end == ";":
        match = ADD_PART.match(line, at)
        want(match, "not a parameter: %s", line[at:])
        word, double, single, end = match.groups()
        want(word not in values, "%s is given twice", word)
        values[word] = double if double is not None else single
        at = match.end()
    want(at == len(line), "more follows")
    return values


# YAML: block sequences and mappings of scalars, all that mailcfg writes.

class Yaml:
    """A small reader of the block style, by the YAML 1.2 specification."""

    ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n",
               "v": "\v", "f": "\f", "r": "\r", "e": "\x1b", " ": " ",
               '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0",
               "L": "\u2028", "P": "\u2029"}
    LENGTH = {"x": 2, "u": 4, "U": 8}

    def __init__(self, text):
        self.lines = [line for line in text.split("\n")
                      if line.strip(" ") and not line.startswith("#")]
        self.at = 0

    @staticmethod
    def indent(line):
        return len(line) - len(line.lstrip(" "))

    def value(self, floor):
        """The node that begins on the present line."""
        line = self.lines[self.at]
        depth = self.indent(line)
        want(depth >= floor, "indentation")
        if line[depth:].startswith("- ") or line[depth:] == "-":
            return self.sequence(depth)
        return self.mapping(depth)

    def sequence(self, depth):
        found = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if self.indent(line) != depth or line[depth:depth + 1] != "-":
                break
            rest = line[depth + 2:]
            if re.match(r"[A-Za-z0-9._-]+:( |$)", rest):
                self.lines[self.at] = " " * (depth + 2) + rest
                found.append(self.mapping(depth + 2))
            else:
                found.append(self.scalar(rest, depth))
        return found

    def mapping(self, depth):
        found = {}
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if self.indent(line) != depth or line[depth] == "-":
                break
            match = re.match(r"([A-Za-z0-9._-]+):(?: (.*)|)$", line[depth:])
            want(match, "not a key: %s", line)
            key, rest = match.groups()
            want(key not in found, "%s stands twice", key)
            if rest is None:
                self.at += 1
                found[key] = self.value(
                    depth if self.lines[self.at][depth:].startswith("- ")
                    else depth + 1)
            else:
                found[key] = self.scalar(rest, depth)
        return found

    def scalar(self, text, depth):
        self.at += 1
        quote = text[:1]
        if quote not in ("'", '"'):
            while self.at < len(self.lines) and \
                    self.indent(self.lines[self.at]) > depth:
                text += " " + self.lines[self.at].strip(" ")
                self.at += 1
            want(text and text[0] not in "&*!|>%@`#{}[],?", "plain: %s", text)
            want(": " not in text and " #" not in text, "plain: %s", text)
            return int(text) if re.fullmatch("[0-9]+", text) else text
        body = r"(?:[^'\n]|'')*" if quote == "'" else r'(?:[^"\\]|\\.)*'
        whole = re.compile(quote + body + quote, re.S)
        while not whole.fullmatch(text):
            want(self.at < len(self.lines), "quote is open")
            more = self.lines[self.at].lstrip(" ")
            joined = text.endswith("\\") and quote == '"'
            text = text[:-1] + more if joined else \
                text.rstrip(" ") + " " + more
            self.at += 1
        if quote == "'":
            return text[1:-1].replace("''", "'")
        return re.sub(r"\\(x..|u....|U........|.)", self.escape, text[1:-1])

    def escape(self, match):
        word = match.group(1)
        if word[0] in self.LENGTH and len(word) > 1:
            return chr(int(word[1:], 16))
        want(word in self.ESCAPES, "escape %s", word)
        return self.ESCAPES[word]


def yaml(data):
    reader = Yaml(data.decode("utf-8"))
    found = reader.value(0)
    want(reader.at == len(reader.lines), "more follows: %s",
         reader.lines[reader.at:])
    return found


# Thunderbird for Android: its QR code and K-9 Mail's settings file.  The
# rules are those of the app, which is stricter than its specification.

LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
APP_HOST = re.compile(r"(?:%s\.)*%s\.?" % (LABEL, LABEL), re.I)
ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
DOT_ATOM = re.compile(r"%s(?:\.%s)*" % (ATEXT, ATEXT))
# A code of more bytes is hard to scan: only there UTF-8 is not escaped.
EASY_CODE = 271
CODE_TLS = {0: "none", 2: "starttls", 3: "implicit"}
CODE_AUTH = {0: "none", 1: "password", 2: "encrypted", 6: "oauth2"}


def app_host(text):
    want(len(text) <= 255 and APP_HOST.fullmatch(text), "host %r", text)
    return text


def app_address(text):
    local, at, domain = text.rpartition("@")
    want(at and len(local) <= 64 and len(text) <= 254 and
         DOT_ATOM.fullmatch(local), "address %r", text)
    app_host(domain)
    return text


def code_values(values, kinds, least):
    """An array: as many elements as there are kinds, or at least `least`."""
    want(isinstance(values, list), "no array: %r", values)
    want(least <= len(values) <= len(kinds), "%d elements: %r", len(values),
         values)
    for value, kind in zip(values, kinds):
        # which true and null are not
        want(type(value) is kind, "%r is not %s", value, kind.__name__)
        want(kind is int or not re.search(r"[\r\n]", value), "line break")
    return values + [None] * (len(kinds) - len(values))


def code_server(protocols, protocol, host, port, tls, auth, login, password):
    want(0 < port < 65536, "port %d", port)
    want(password != "", "an empty password")
    want((login == "") == (auth == 0), "login %r", login)
    return {"protocol": protocols[protocol], "host": app_host(host),
            "port": port, "tls": CODE_TLS[tls], "auth": CODE_AUTH[auth],
            "login": login or None, "password": password}


def android_code(data):
    """The accounts of what a code says."""
    text = data.decode("utf-8")
    try:
        root = json.loads(text)
    except ValueError as fault:
        raise Unreadable("JSON: %s" % fault) from fault
    want(isinstance(root, list) and len(root) >= 4 and len(root) % 2 == 0,
         "root")
    short = json.dumps(root, separators=(",", ":"))
    easy = len(short) <= EASY_CODE
    want(text == (short if easy else json.dumps(
        root, separators=(",", ":"), ensure_ascii=False)), "not compact")
    want(type(root[0]) is int and root[0] == 1, "version %r", root[0])
    want(code_values(root[1], (int, int), 2) == [1, 1], "not the only code")
    accounts = []
    for incoming, groups in zip(root[2::2], root[3::2]):
        server = code_values(incoming, (int, str, int, int, int, str, str,
                                        str), 6)
        want(server[6] in (None, "") and (server[6] is None) ==
             (server[7] is None), "account name %r", server[6])
        del server[6]
        want(isinstance(groups, list) and len(groups) == 1, "groups")
        want(isinstance(groups[0], list) and len(groups[0]) >= 2, "group")
        out = code_values(groups[0][0], (int, str, int, int, int, str, str),
                          6)
        identities = [code_values(i, (str, str), 2) for i in groups[0][1:]]
        want(len({name for _, name in identities}) == 1, "names")
        accounts.append({
            "name": identities[0][1] or None,
            "addresses": [app_address(a) for a, _ in identities],
            "in": [code_server({0: "imap", 1: "pop3"}, *server)],
            "out": code_server({0: "smtp"}, *out)})
    return accounts


K9_TLS = {"SSL_TLS_REQUIRED": "implicit", "STARTTLS_REQUIRED": "starttls",
          "NONE": "none"}
K9_AUTH = {"PLAIN": "password", "CRAM_MD5": "encrypted", "XOAUTH2": "oauth2",
           "NONE": "none"}
K9_TYPES = {"incoming-server": ("IMAP", "POP3"), "outgoing-server": ("SMTP",)}


def k9_texts(element):
    """tag: text of the children that are nothing but one text."""
    found = {}
    for child in element:
        if len(child):
            continue
        want(child.tag not in found, "two of %s", child.tag)
        want(not re.search(r"[\r\n]", child.text or ""), "line break")
        found[child.tag] = child.text or ""
    return found


def k9_values(element):
    """key: text of settings and the like."""
    found = {}
    for child in [] if element is None else element:
        want(child.tag == "value" and child.get("key") not in found, "value")
        found[child.get("key")] = child.text
    return found


def k9_server(account, tag):
    found = account.findall(tag)
    want(len(found) == 1, "%d of %s", len(found), tag)
    texts, kind = k9_texts(found[0]), found[0].get("type")
    want(kind in K9_TYPES[tag], "type %r", kind)
    want(re.fullmatch("[1-9][0-9]*", texts["port"]) and
         int(texts["port"]) < 65536, "port")
    return {"protocol": kind.lower(), "host": app_host(texts["host"]),
            "port": int(texts["port"]),
            "tls": K9_TLS[texts["connection-security"]],
            "auth": K9_AUTH[texts["authentication-type"]],
            "login": texts["username"] or None,
            "password": texts.get("password")
            }, k9_values(found[0].find("extra"))


def k9(data):
    """The accounts of a settings file."""
    root = parse_xml(data)
    want(b"<!" not in data, "a DOCTYPE, comment or CDATA")
    want(root.tag == "k9settings" and root.get("format") == "1", "root")
    # from this version on the words are those above
    want(int(root.get("version")) >= 95, "version")
    want(len(root.findall("accounts")) == 1, "not one list of accounts")
    accounts = []
    for account in root.find("accounts").findall("account"):
        texts = k9_texts(account)
        identities = [k9_texts(i) for i in account.find("identities")]
        want(identities, "no identity")
        incoming, extra = k9_server(account, "incoming-server")
        out, nothing = k9_server(account, "outgoing-server")
        want(not nothing, "extra")
        want(extra.pop("autoDetectNamespace", "false") == "false", "extra")
        prefix = extra.pop("pathPrefix", None)
        want(not extra, "extra: %r", extra)
        deletes = k9_values(account.find("settings"))["deletePolicy"]
        want(deletes == ("NEVER" if incoming["protocol"] == "pop3"
                         else "DELETE"), "deletePolicy %r", deletes)
        accounts.append({
            "uuid": str(uuid.UUID(account.get("uuid"))),
            "title": texts["name"], "name": identities[0].get("name"),
            "addresses": [app_address(i["email"]) for i in identities],
            "prefix": prefix, "in": [incoming], "out": out})
    want(accounts, "no account")
    uuids = [a["uuid"] for a in accounts]
    want(len(set(uuids)) == len(uuids), "a UUID stands twice")
    return accounts


# QR codes: two decoders.

def qr_picture(data):
    """A PNG, or an SVG as librsvg draws it, as a PNG."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return data
    root = parse_xml(data)
    want(root.tag == "{http://www.w3.org/2000/svg}svg", "root %s", root.tag)
    return subprocess.run(["rsvg-convert"], input=data, check=True,
                          stdout=subprocess.PIPE).stdout


def qr_codes(documents):
    """The text of each document's one code; the decoders agree."""
    with tempfile.TemporaryDirectory() as work:
        paths = []
        for number, data in enumerate(documents):
            paths.append(os.path.join(work, "%d.png" % number))
            with open(paths[-1], "wb") as f:
                f.write(qr_picture(data))
        zbar = subprocess.run(
            ["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable",
             *paths], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, check=False).stdout.splitlines()
        zxing = subprocess.run(
            ["ZXingReader", "-1", "-format", "QRCode", *paths],
            stdout=subprocess.PIPE, text=True, check=False).stdout
        found = dict(re.findall(r'(?m)^(\S+) QRCode "(.*)"$', zxing))
    want(len(zbar) == len(paths), "zbarimg: %d of %d codes", len(zbar),
         len(paths))
    want([found.get(path) for path in paths] == zbar,
         "ZXingReader reads something else")
    return zbar


def qr_bytes(data):
    """What one code says, byte for byte; the decoders agree."""
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "code.png")
        with open(path, "wb") as f:
            f.write(qr_picture(data))
        zbar = subprocess.run(
            ["zbarimg", "-q", "--raw", "-Sbinary", "-Sdisable",
             "-Sqrcode.enable", path], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, check=False).stdout
        zxing = subprocess.run(
            ["ZXingReader", "-format", "QRCode", "-bytes", path],
            stdout=subprocess.PIPE, check=False).stdout
    want(zbar == zxing, "zbarimg reads %r, ZXingReader %r", zbar, zxing)
    want(zbar, "nothing is read")
    return zbar
