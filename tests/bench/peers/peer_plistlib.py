# SPDX-License-Identifier: ISC
"""A profile a person by Python's plistlib."""
import plistlib
import sys

from person import identifier, rows, uuid5


def frame(description, title, name, kind):
    return {
        "PayloadDescription": description,
        "PayloadDisplayName": title,
        "PayloadIdentifier": name,
        "PayloadType": kind,
        "PayloadUUID": uuid5(name),
        "PayloadVersion": 1,
    }


def profile(row):
    address, name, login, password, imap, imap_port, smtp, smtp_port, _ = row
    ident = identifier(address)
    return {
        "PayloadContent": [{
            "EmailAccountDescription": address,
            "EmailAccountName": name,
            "EmailAccountType": "EmailTypeIMAP",
            "EmailAddress": address,
            "IncomingMailServerAuthentication": "EmailAuthPassword",
            "IncomingMailServerHostName": imap,
            "IncomingMailServerPortNumber": int(imap_port),
            "IncomingMailServerUseSSL": True,
            "IncomingMailServerUsername": login,
            "IncomingPassword": password,
            "OutgoingMailServerAuthentication": "EmailAuthPassword",
            "OutgoingMailServerHostName": smtp,
            "OutgoingMailServerPortNumber": int(smtp_port),
            "OutgoingMailServerUseSSL": True,
            "OutgoingMailServerUsername": login,
            "OutgoingPassword": password,
            "OutgoingPasswordSameAsIncomingPassword": True,
            **frame("Mail account " + address, address, ident + ".mail",
                    "com.apple.mail.managed"),
        }],
        **frame("Sets up the mail account " + address, address, ident,
                "Configuration"),
    }


def main():
    out = sys.stdout.buffer
    for row in rows():
        plistlib.dump(profile(row), out, sort_keys=False)


main()
