# SPDX-License-Identifier: ISC
"""What the comparisons need: programs, packages, inputs, a file system."""
import contextlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time

from measure import Failed, progress

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
# not a shim of some version manager, which costs more than what it starts
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") \
    else sys.executable
PACKAGES = {"mobileconfig": "2.4.0", "@zone-eu/mobileconfig": "2.4.6"}
LIBRARIES = ("libxml-2.0", "libcjson", "libplist-2.0", "yaml-0.1", "libidn2",
             "libcrypto", "libqrencode", "libpng")

# program: source, packages of pkg-config, further words for the compiler
PROGRAMS = {
    "clock": ("clock.c", (), ["-D_GNU_SOURCE"]),
    "limit": ("limit.c", (), ["-D_GNU_SOURCE"]),
    "tree_plist": ("tree_plist.c", ("libplist-2.0", "libcrypto"), []),
    "writer_xml": ("writer_xml.c", ("libxml-2.0", "libcrypto"), []),
    "read": ("read.c", LIBRARIES, []),
    "sign_raw": ("sign_raw.c", ("libcrypto",), ["-pthread"]),
    "empty": ("../startup/empty.c", LIBRARIES, ["-Wl,--no-as-needed"]),
}


def output(*command):
    """The first line that a command prints, or None."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, check=True,
                              stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip().split("\n")[0]


def compile_all(build, folder):
    """{name: path}"""
    found = {}
    for name, (source, packages, words) in PROGRAMS.items():
        found[name] = os.path.join(folder, name)
        command = ["cc", "-O2", "-std=c17", "-D_POSIX_C_SOURCE=200809L",
                   *words, "-I", os.path.join(SOURCE, "lib"),
                   os.path.join(HERE, source), "-o", found[name]]
        if name == "read":
            command.append(os.path.join(build, "libmailcfg.a"))
        if packages:
            command += output("pkg-config", "--cflags", "--libs",
                              *packages).split()
        if packages == LIBRARIES:
            command.append("-lunistring")
        subprocess.run(command, check=True)
    return found


def node_packages():
    """{name: folder} of those that are there or can be installed."""
    if not shutil.which("node") or not shutil.which("npm"):
        return {}
    cache = os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"),
        "mailcfg-bench")
    found = {}
    for name, version in PACKAGES.items():
        # each by itself: one that fails is no reason to lose the other
        place = os.path.join(cache, "%s-%s" % (name.replace("/", "-"),
                                               version))
        folder = os.path.join(place, "node_modules", name)
        if not os.path.isdir(folder):
            progress("installing %s from npm" % name)
            os.makedirs(place, exist_ok=True)
            subprocess.run(
                ["npm", "install", "--prefix", place, "--no-audit",
                 "--no-fund", "--ignore-scripts", "--loglevel=error",
                 "%s@%s" % (name, version)],
                check=False, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        if os.path.isdir(folder):
            found[name] = folder
    return found


def people(path, rows, *options):
    """A file of invented people; only its owner may read it."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
              "wb") as f:
        subprocess.run([PYTHON, os.path.join(HERE, "people.py"), *options,
                        str(rows)], stdout=f, check=True)
    return path


def field(path, pattern):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            found = re.search(pattern, f.read(), re.M)
    except OSError:
        return None
    return found.group(1) if found else None


def file_system(path):
    done = subprocess.run(["df", "-PT", path], check=False, text=True,
                          stdout=subprocess.PIPE)
    words = done.stdout.split("\n")[1:2]
    return words[0].split()[1] if words else "an unknown file system"


def machine(mailcfg, build, node):
    """The lines that every table needs to be worth anything."""
    commit = output("git", "-C", SOURCE, "rev-parse", "--short", "HEAD")
    if commit and output("git", "-C", SOURCE, "status", "--porcelain",
                         "-uno"):
        commit += " and changes"
    memory = field("/proc/meminfo", r"^MemTotal: *(\d+)")
    first = "%s, %s, %s of %s CPUs, %s GiB, Linux %s, commit %s" % (
        time.strftime("%Y-%m-%d %H:%M"),
        field("/proc/cpuinfo", r"^model name\s*: (.*)") or
        platform.machine(),
        len(os.sched_getaffinity(0)), os.cpu_count(),
        round(int(memory) / 2**20) if memory else "?", platform.release(),
        commit or "unknown")
    versions = [
        output(mailcfg, "--version"),
        "build type " + (field(os.path.join(build, "CMakeCache.txt"),
                               r"^CMAKE_BUILD_TYPE:\w+=(.*)") or "unknown"),
        output("cc", "--version"),
        "Python " + (output(PYTHON, "-c", "import platform;"
                            "print(platform.python_version())") or "?"),
        "jinja2 " + (output(PYTHON, "-c", "import jinja2;"
                            "print(jinja2.__version__)") or "not there"),
        output("php", "-r", "echo 'PHP ', PHP_VERSION;") or "no PHP",
        "node " + (output("node", "--version") or "not there")]
    versions += ["%s %s" % (name, PACKAGES[name]) for name in node]
    versions += ["%s %s" % (name, output("pkg-config", "--modversion", name))
                 for name in LIBRARIES]
    return [first, ", ".join(text for text in versions if text)]


@contextlib.contextmanager
def fresh_folder(parent):
    folder = tempfile.mkdtemp(dir=parent)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def fresh_ext4(parent, files):
    """A new ext4 with a journal in a file, as mkfs makes it.

    ext4 without a journal is no good: it does not use the inodes of files
    that were removed a moment ago, and looks for others at length.
    """
    with fresh_folder(parent) as folder:
        image = os.path.join(folder, "image")
        mount = os.path.join(folder, "mount")
        os.mkdir(mount)
        with open(image, "wb") as f:
            f.truncate(files * 12288 + 2**29)
        subprocess.run(
            ["mkfs.ext4", "-q", "-F", "-N", str(2 * files + 1000), "-E",
             "lazy_itable_init=0,lazy_journal_init=0", image], check=True,
            stdin=subprocess.DEVNULL)
        subprocess.run(["mount", "-o", "loop", image, mount], check=True,
                       stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            yield mount
        finally:
            subprocess.run(["umount", mount], check=True)


def place_for_files(scratch, files):
    """(what it is, a context manager that makes a new one)"""
    try:
        if os.geteuid() != 0:
            raise Failed("not root")
        with fresh_ext4(scratch, 100):
            pass
        return ("a new ext4 with a journal on a loop device",
                lambda: fresh_ext4(scratch, files))
    except (Failed, OSError, subprocess.CalledProcessError):
        pass
    memory = "/dev/shm"
    if os.path.isdir(memory) and os.access(memory, os.W_OK) and \
            file_system(memory) == "tmpfs":
        return ("tmpfs, which needs no disk: no loop device can be had",
                lambda: fresh_folder(memory))
    return None, None
