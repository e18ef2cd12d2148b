--- table, status 0
✓ alice@example.test
  IMAP mail.example.test, port GOOD, TLS from the start
    ✓ name              127.0.0.1
    ✓ connection        127.0.0.1
    ✓ TLS               TLSv1.3
    ✓ certificate       days left: N
    ✓ greeting          * OK ready
    ✓ abilities         IMAP4rev1 AUTH=PLAIN SASL-IR
    ✓ kinds of login    PLAIN
    ✓ login             OK Logged in
  SMTP mail.example.test, port SEND, TLS from the start
    ✓ name              127.0.0.1
    ✓ connection        127.0.0.1
    ✓ TLS               TLSv1.3
    ✓ certificate       days left: N
    ✓ greeting          220 mail.example.test ESMTP
    ✓ abilities         AUTH PLAIN LOGIN
    ✓ kinds of login    PLAIN LOGIN
    ✓ login             235 2.7.0 welcome
    ✓ sender            250 2.0.0 ok
  CalDAV mail.example.test, port DAV, TLS from the start, /.well-known/caldav
    ✓ name              127.0.0.1
    ✓ connection        127.0.0.1
    ✓ TLS               TLSv1.3
    ✓ certificate       days left: N
    ✓ service           HTTP/1.1 401 Unauthorized
  CardDAV mail.example.test, port DAV, TLS from the start, /people/
    ✓ name              127.0.0.1
    ✓ connection        127.0.0.1
    ✓ TLS               TLSv1.3
    ✓ certificate       days left: N
    ✓ service           HTTP/1.1 401 Unauthorized
--- json, status 0
[
 {
  "account": "alice@example.test",
  "domain": "example.test",
  "lang": "en",
  "verdict": "ok",
  "servers": [
   {
    "service": "imap",
    "host": "mail.example.test",
    "port": "GOOD",
    "tls": "implicit",
    "auth": "password",
    "login": "alice@example.test",
    "verdict": "ok",
    "steps": [
     {
      "step": "name",
      "verdict": "ok",
      "reason": "good",
      "detail": "127.0.0.1"
     },
     {
      "step": "connect",
      "verdict": "ok",
      "reason": "good",
      "detail": "127.0.0.1"
     },
     {
      "step": "tls",
      "verdict": "ok",
      "reason": "good",
      "detail": "TLSv1.3"
     },
     {
      "step": "certificate",
      "verdict": "ok",
      "reason": "good",
      "detail": "N"
     },
     {
      "step": "greeting",
      "verdict": "ok",
      "reason": "good",
      "said": "* OK ready"
     },
     {
      "step": "capabilities",
      "verdict": "ok",
      "reason": "good",
      "detail": "IMAP4rev1 AUTH=PLAIN SASL-IR"
     },
     {
      "step": "mechanisms",
      "verdict": "ok",
      "reason": "good",
      "detail": "PLAIN"
     },
     {
      "step": "login",
      "verdict": "ok",
      "reason": "good",
      "said": "OK Logged in"
     }
    ],
    "proposals": []
   },
   {
    "service": "smtp",
    "host": "mail.example.test",
    "port": "SEND",
    "tls": "implicit",
    "auth": "password",
    "login": "alice@example.test",
    "verdict": "ok",
    "steps": [
     {
      "step": "name",
      "verdict": "ok",
      "reason": "good",
      "detail": "127.0.0.1"
     },
     {
      "step": "connect",
      "verdict": "ok",
      "reason": "good",
      "detail": "127.0.0.1"
     },
     {
      "step": "tls",
      "verdict": "ok",
      "reason": "good",
      "detail": "TLSv1.3"
     },
     {
      "step": "certificate",
      "verdict": "ok",
      "reason": "good",
      "detail": "N"
     },
     {
      "step": "greeting",
      "verdict": "ok",
      "reason": "good",
      "said": "220 mail.example.test ESMTP"
     },
     {
      "step": "capabilities",
      "verdict": "ok",
      "reason": "good",
      "detail": "AUTH PLAIN LOGIN"
     },
     {
      "step": "mechanisms",
      "verdict": "ok",
      "reason": "good",
      "detail": "PLAIN LOGIN"
     },
     {
      "step": "login",
      "verdict": "ok",
      "reason": "good",
      "said": "235 2.7.0 welcome"
     },
     {
      "step": "sender",
      "verdict": "ok",
      "reason": "good",
      "said": "250 2.0.0 ok"
     }
    ],
    "proposals": []
   },
   {
    "service": "caldav",
    "host": "mail.example.test",
    "port": "DAV",
    "tls": "implicit",
    "path": "/.well-known/caldav",
    "verdict": "ok",
    "steps": [
     {
      "step": "name",
      "verdict": "ok",
      "reason": "good",
      "detail": "127.0.0.1"
     },
     {
      "step": "connect",
      "verdict": "ok",
      "reason": "good",
      "detail": "127.0.0.1"
     },
     {
      "step": "tls",
      "verdict": "ok",
      "reason": "good",
      "detail": "TLSv1.3"
     },
     {
      "step": "certificate",
      "verdict": "ok",
      "reason": "good",
      "detail": "N"
     },
     {
      "step": "service",
      "verdict": "ok",
      "reason": "good",
      "said": "HTTP/1.1 401 Unauthorized"
     }
    ],
    "proposals": []
   },
   {
    "service": "carddav",
    "host": "mail.example.test",
    "port": "DAV",
    "tls": "implicit",
    "path": "/people/",
    "verdict": "ok",
    "steps": [
     {
      "step": "name",
      "verdict": "ok",
      "reason": "good",
      "detail": "127.0.0.1"
     },
     {
      "step": "connect",
      "verdict": "ok",
      "reason": "good",
      "detail": "127.0.0.1"
     },
     {
      "step": "tls",
      "verdict": "ok",
      "reason": "good",
      "detail": "TLSv1.3"
     },
     {
      "step": "certificate",
      "verdict": "ok",
      "reason": "good",
      "detail": "N"
     },
     {
      "step": "service",
      "verdict": "ok",
      "reason": "good",
      "said": "HTTP/1.1 401 Unauthorized"
     }
    ],
    "proposals": []
   }
  ]
 }
]
