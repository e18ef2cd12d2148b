# SPDX-License-Identifier: ISC
# What uses the network: a library and a program of their own, so that the
# others start without its libraries.
option(MAILCFG_NET "Build mailcfg-net: mailcfg check, discover, mail" ON)
if(MAILCFG_NET)
	pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
	pkg_check_modules(CARES REQUIRED IMPORTED_TARGET libcares)
	pkg_check_modules(SSL REQUIRED IMPORTED_TARGET libssl)
	add_library(mailcfg_net STATIC
		lib/net/dns.c
		lib/net/fetch.c
		lib/net/published.c
		lib/net/published_documents.c
		lib/net/abilities.c
		lib/net/probe.c
		lib/net/probe_dav.c
		lib/net/probe_imap.c
		lib/net/probe_login.c
		lib/net/probe_pop3.c
		lib/net/probe_smtp.c
		lib/net/probe_tls.c
		lib/net/reach.c
		lib/net/reply.c
		lib/net/sasl.c
		lib/net/submit.c
		lib/net/talk.c
		lib/net/tls.c
		lib/net/wire.c
	)
	target_link_libraries(mailcfg_net PUBLIC mailcfg_lib PkgConfig::CURL
		PkgConfig::CARES PkgConfig::SSL)
	set_target_properties(mailcfg_net PROPERTIES OUTPUT_NAME mailcfg-net
		POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden)
	add_executable(mailcfg-net
		cmd/check.c
		cmd/check_ask.c
		cmd/check_domain.c
		cmd/check_json.c
		cmd/check_print.c
		cmd/check_propose.c
		cmd/check_published.c
		cmd/check_known.c
		cmd/check_queue.c
		cmd/check_told.c
		cmd/chosen.c
		cmd/commands_net.c
		cmd/discover.c
		cmd/discover_domain.c
		cmd/discover_file.c
		cmd/discover_put.c
		cmd/guard_net.c
		cmd/journal.c
		cmd/mail.c
		cmd/mail_options.c
		cmd/mail_wrap.c
		cmd/post.c
		cmd/post_command.c
		cmd/post_submit.c
		$<TARGET_OBJECTS:mc_program>)
	target_link_libraries(mailcfg-net PRIVATE mc_program mailcfg_net)
	set_target_properties(mailcfg-net PROPERTIES
		RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
	install(TARGETS mailcfg-net
		DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/mailcfg)
endif()
