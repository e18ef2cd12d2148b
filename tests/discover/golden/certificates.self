--
mailcfg: error: nothing is published: example.test; autoconfig https://autoconfig.example.test/mail/config-v1.1.xml: SSL certificate problem: self-signed certificate; autoconfig https://example.test/.well-known/autoconfig/mail/config-v1.1.xml: SSL certificate problem: self-signed certificate; autodiscover https://autodiscover.example.test/autodiscover/autodiscover.xml: SSL certificate problem: self-signed certificate; autodiscover https://example.test/autodiscover/autodiscover.xml: SSL certificate problem: self-signed certificate [not-published]
69
