# SPDX-License-Identifier: ISC
"""A throw-away CA and server certificates, made with openssl in 0.1 s."""
import datetime
import os
import subprocess

CONFIG = """[ca]
default_ca = d
[d]
database = {dir}/index.txt
serial = {dir}/serial
new_certs_dir = {dir}
certificate = {dir}/ca.pem
private_key = {dir}/ca.key
default_md = sha256
policy = p
unique_subject = no
copy_extensions = copy
[p]
commonName = supplied
"""
NAMES = "DNS:localhost,DNS:mail.example.test,IP:127.0.0.1"
LEAVES = {"good": (NAMES, -1, 30),
          "soon": (NAMES, -1, 5),
          "expired": (NAMES, -60, -1),
          "future": (NAMES, 10, 30),
          "wronghost": ("DNS:other.example.net", -1, 30),
          # the name stands where nobody looks any more
          "subject": ("", -1, 30)}


def openssl(*words):
    subprocess.run(["openssl", *words], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def key(path):
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out",
            path)


def day(offset):
    now = datetime.datetime.now(datetime.timezone.utc)
    return (now + datetime.timedelta(days=offset)).strftime("%Y%m%d%H%M%SZ")


def make(folder):
    """ca.pem, and NAME.pem with NAME.key for each leaf, and self."""
    def path(name):
        return os.path.join(folder, name)

    os.makedirs(folder, exist_ok=True)
    key(path("ca.key"))
    openssl("req", "-x509", "-new", "-key", path("ca.key"), "-days", "30",
            "-subj", "/CN=throw-away CA", "-out", path("ca.pem"),
            "-addext", "basicConstraints=critical,CA:TRUE",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    with open(path("ca.cnf"), "w", encoding="ascii") as f:
        f.write(CONFIG.format(dir=folder))
    with open(path("index.txt"), "w", encoding="ascii"):
        pass
    with open(path("serial"), "w", encoding="ascii") as f:
        f.write("1000\n")
    for name, (names, start, end) in LEAVES.items():
        key(path(name + ".key"))
        openssl("req", "-new", "-key", path(name + ".key"), "-subj",
                "/CN=mail.example.test", "-out", path(name + ".csr"),
                "-addext", "extendedKeyUsage=serverAuth",
                *(["-addext", "subjectAltName=" + names] if names else []))
        openssl("ca", "-batch", "-config", path("ca.cnf"), "-in",
                path(name + ".csr"), "-out", path(name + ".pem"),
                "-startdate", day(start), "-enddate", day(end), "-notext")
    key(path("self.key"))
    openssl("req", "-x509", "-new", "-key", path("self.key"), "-days", "30",
            "-subj", "/CN=localhost", "-out", path("self.pem"),
            "-addext", "subjectAltName=" + NAMES)
    return folder
