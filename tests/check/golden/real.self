--- table, status 69
✗ alice@example.test
  IMAP mail.example.test, port IMAPS, TLS from the start
    ✓ name              127.0.0.4
    ✓ connection        127.0.0.4
    ✓ TLS               TLSv1.3
    ✗ certificate       Nobody your device trusts vouches for the server
                        Do not accept it blindly: ask the administrator whether
                        the certificate is theirs.
  SMTP mail.example.test, port SUBMISSION, STARTTLS
    ✓ name              127.0.0.4
    ✗ connection        Nothing answers at this port (127.0.0.4: refused)
                        Compare port and kind of encryption with what the
                        provider publishes.
mailcfg: error: a server fails: 1 of 1 accounts [server-fails]
--- json, status 69
[
 {
  "account": "alice@example.test",
  "domain": "example.test",
  "lang": "en",
  "verdict": "fail",
  "servers": [
   {
    "service": "imap",
    "host": "mail.example.test",
    "port": "IMAPS",
    "tls": "implicit",
    "auth": "password",
    "login": "alice@example.test",
    "verdict": "fail",
    "steps": [
     {
      "step": "name",
      "verdict": "ok",
      "reason": "good",
      "detail": "127.0.0.4"
     },
     {
      "step": "connect",
      "verdict": "ok",
      "reason": "good",
      "detail": "127.0.0.4"
     },
     {
      "step": "tls",
      "verdict": "ok",
      "reason": "good",
      "detail": "TLSv1.3"
     },
     {
      "step": "certificate",
      "verdict": "fail",
      "reason": "certificate-self-signed",
      "rule": "connection/certificate-untrusted"
     },
     {
      "step": "greeting",
      "verdict": "skipped",
      "reason": "not-reached"
     },
     {
      "step": "capabilities",
      "verdict": "skipped",
      "reason": "not-reached"
     },
     {
      "step": "mechanisms",
      "verdict": "skipped",
      "reason": "not-reached"
     },
     {
      "step": "login",
      "verdict": "skipped",
      "reason": "not-reached"
     }
    ],
    "proposals": []
   },
   {
    "service": "smtp",
    "host": "mail.example.test",
    "port": "SUBMISSION",
    "tls": "starttls",
    "auth": "password",
    "login": "alice@example.test",
    "verdict": "fail",
    "steps": [
     {
      "step": "name",
      "verdict": "ok",
      "reason": "good",
      "detail": "127.0.0.4"
     },
     {
      "step": "connect",
      "verdict": "fail",
      "reason": "port-closed",
      "detail": "127.0.0.4: refused",
      "rule": "check/port-closed"
     },
     {
      "step": "tls",
      "verdict": "skipped",
      "reason": "not-reached"
     },
     {
      "step": "certificate",
      "verdict": "skipped",
      "reason": "not-reached"
     },
     {
      "step": "greeting",
      "verdict": "skipped",
      "reason": "not-reached"
     },
     {
      "step": "capabilities",
      "verdict": "skipped",
      "reason": "not-reached"
     },
     {
      "step": "mechanisms",
      "verdict": "skipped",
      "reason": "not-reached"
     },
     {
      "step": "login",
      "verdict": "skipped",
      "reason": "not-reached"
     },
     {
      "step": "sender",
      "verdict": "skipped",
      "reason": "not-reached"
     }
    ],
    "proposals": []
   }
  ]
 }
]
mailcfg: error: a server fails: 1 of 1 accounts [server-fails]
