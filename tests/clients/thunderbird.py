# SPDX-License-Identifier: ISC
"""The installed Thunderbird, started headless on a fresh profile and asked
through Marionette what it makes of our files.  No network but loopback.

Marionette speaks LENGTH:JSON over TCP; with marionette.port 0 the port is
written into PROFILE/MarionetteActivePort.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

# What keeps a fresh profile quiet and off the network.
QUIET = {
    "marionette.port": 0,
    "remote.prefs.recommended": True,
    "app.update.enabled": False, "app.update.auto": False,
    "extensions.update.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False, "toolkit.telemetry.server": "",
    "app.normandy.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "browser.safebrowsing.malware.enabled": False,
    "mail.provider.enabled": False, "mail.spotlight.firstRunDone": True,
    "mail.shell.checkDefaultClient": False, "mail.rights.version": 1,
    "mailnews.start_page.enabled": False, "mail.winsearch.firstRunDone": True,
    "mailnews.auto_config_url": "http://127.0.0.1:9/",
    "mailnews.auto_config.addons_url": "http://127.0.0.1:9/",
    "mailnews.auto_config.fetchFromExchange.enabled": False,
    "mail.inappnotifications.enabled": False,
    "mail.inappnotifications.url": "",
    "media.gmp-manager.updateEnabled": False, "offline.autoDetect": False,
    "network.proxy.type": 0, "calendar.timezone.local": "UTC",
}
PATIENCE = 60


class Trouble(Exception):
    """Thunderbird did not do what a Thunderbird does."""


class Marionette:
    def __init__(self, port, deadline):
        self.socket = socket.create_connection(("127.0.0.1", port), 10)
        self.file = self.socket.makefile("rb")
        self.deadline, self.number = deadline, 0
        hello = self.receive()
        if hello.get("marionetteProtocol") != 3:
            raise Trouble("marionette says %r" % hello)

    def receive(self):
        self.socket.settimeout(max(0.5, self.deadline - time.time()))
        size = b""
        while (c := self.file.read(1)) != b":":
            if not c:
                raise Trouble("Thunderbird closed the connection")
            size += c
        return json.loads(self.file.read(int(size)))

    def command(self, name, **parameters):
        self.number += 1
        data = json.dumps([0, self.number, name, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(data), data))
        _, _, error, value = self.receive()
        if error:
            raise Trouble("%s: %s" % (name, error))
        return value


class Thunderbird:
    """with Thunderbird(USER_JS) as t: t.ask(SCRIPT, argument)"""

    def __init__(self, preferences=""):
        self.base = tempfile.mkdtemp(prefix="thunderbird.")
        self.process = None
        self.deadline = time.time() + PATIENCE
        try:
            self.start(preferences)
        except BaseException:
            self.close()
            raise

    def start(self, preferences):
        profile = os.path.join(self.base, "profile")
        os.mkdir(profile)
        with open(os.path.join(profile, "user.js"), "w",
                  encoding="utf-8") as f:
            f.write(preferences)
            for name, value in QUIET.items():
                f.write("\nuser_pref(%s, %s);" % (json.dumps(name),
                                                  json.dumps(value)))
        environment = {
            "PATH": os.environ["PATH"], "HOME": self.base, "LC_ALL": "C.UTF-8",
            "TMPDIR": self.base, "MOZ_HEADLESS": "1",
            "MOZ_CRASHREPORTER_DISABLE": "1"}
        with open(os.path.join(self.base, "log"), "wb") as log:
            self.process = subprocess.Popen(
                ["thunderbird", "--headless", "--marionette",
                 "--remote-allow-system-access", "--no-remote", "--profile",
                 profile], env=environment, cwd=self.base, stdout=log,
                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                start_new_session=True)
        self.marionette = Marionette(
            self.port(os.path.join(profile, "MarionetteActivePort")),
            self.deadline)
        self.marionette.command("WebDriver:NewSession")
        self.marionette.command("WebDriver:SetTimeouts",
                                script=PATIENCE * 1000)
        self.marionette.command("Marionette:SetContext", value="chrome")

    def port(self, path):
        while True:
            try:
                with open(path, encoding="ascii") as f:
                    return int(f.read())
            except (OSError, ValueError):
                pass
            if self.process.poll() is not None or \
                    time.time() > self.deadline:
                with open(os.path.join(self.base, "log"),
                          errors="replace") as f:
                    raise Trouble("no Thunderbird: " + f.read()[-1500:])
            time.sleep(0.05)

    def ask(self, script, *arguments):
        value = self.marionette.command(
            "WebDriver:ExecuteAsyncScript", newSandbox=True,
            args=list(arguments), script="""
            const done = arguments[arguments.length - 1];
            const job = arguments[0];
            const load = u => ChromeUtils.importESModule(
                "resource:///modules/" + u);
            (async () => {%s})().then(done, e => done({trouble:
                String(e.message ?? e)}));""" % script)
        return value["value"]

    def close(self):
        if self.process:
            for one in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(self.process.pid, one)
                except (ProcessLookupError, PermissionError):
                    pass
                try:
                    self.process.wait(5)
                except subprocess.TimeoutExpired:
                    pass
        for _ in range(20):
            shutil.rmtree(self.base, ignore_errors=True)
            if not os.path.exists(self.base):
                break
            time.sleep(0.1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
