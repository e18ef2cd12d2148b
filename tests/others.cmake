# SPDX-License-Identifier: ISC
# Tests that are not found by the names of their files.

# Rules of the house.
execute_process(COMMAND ${CMAKE_COMMAND} -E env MAILCFG_SOURCE=x MAILCFG_BUILD=x
		MAILCFG=x PYTHONDONTWRITEBYTECODE=1
		${PYTHON3} ${TESTS}/house/rules --list
	OUTPUT_VARIABLE rules OUTPUT_STRIP_TRAILING_WHITESPACE
	COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" rules "${rules}")
foreach(rule IN LISTS rules)
	string(REPLACE "_" "-" name ${rule})
	mailcfg_test(house.${name} ${PYTHON3} ${TESTS}/house/rules ${rule})
	set_tests_properties(house.${name} PROPERTIES SKIP_RETURN_CODE 77)
endforeach()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
	${TESTS}/house/rules)
mailcfg_test(house.toy-target ${TESTS}/house/toy-target)

# The installed library.
mailcfg_test(install ${TESTS}/install/run ${CMAKE_BINARY_DIR}
	${CMAKE_C_COMPILER} "${MAILCFG_SANITIZE}")

# Start-up, against a program that does nothing with the same libraries.
add_executable(startup_empty startup/empty.c)
target_link_options(startup_empty PRIVATE -Wl,--no-as-needed)
target_link_libraries(startup_empty
	PRIVATE ${MAILCFG_LIBRARIES} PkgConfig::ARCHIVE)
mailcfg_test(startup ${PYTHON3} ${TESTS}/startup/run
	${MAILCFG} $<TARGET_FILE:startup_empty> ${CMAKE_BUILD_TYPE})
set_tests_properties(startup PROPERTIES SKIP_RETURN_CODE 77)

# Bounces, and what is printed of them.
mailcfg_test(explain.bounces ${PYTHON3} ${TESTS}/explain/check ${MAILCFG})
mailcfg_test(explain.mkerrors
	${TESTS}/explain/mkerrors $<TARGET_FILE:mkerrors>)

# No secret by a side door; every file complete or absent.
mailcfg_test(canary ${PYTHON3} ${TESTS}/canary/run ${MAILCFG})
mailcfg_test(crash ${PYTHON3} ${TESTS}/crash/sweep ${MAILCFG})
mailcfg_test(crash.full ${PYTHON3} ${TESTS}/crash/sweep --full ${MAILCFG})
set_tests_properties(crash.full PROPERTIES LABELS long TIMEOUT 1800)
if(MAILCFG_SANITIZE)
	# LeakSanitizer cannot work under ptrace.
	set_tests_properties(canary crash crash.full PROPERTIES ENVIRONMENT
		"${MAILCFG_TEST_ENVIRONMENT};ASAN_OPTIONS=detect_leaks=0")
endif()

# A bare machine.
mailcfg_test(bare ${TESTS}/bare/run)
set_tests_properties(bare PROPERTIES LABELS bare SKIP_RETURN_CODE 77
	TIMEOUT 3600)

# Manuals and README against the program.
execute_process(COMMAND ${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
		${PYTHON3} ${TESTS}/docs/check --list
	OUTPUT_VARIABLE rules OUTPUT_STRIP_TRAILING_WHITESPACE
	COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" rules "${rules}")
foreach(rule IN LISTS rules)
	mailcfg_test(docs.${rule} ${PYTHON3} ${TESTS}/docs/check ${rule})
endforeach()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
	${TESTS}/docs/check)

# Presets: every domain x every target, and the program that embeds them.
mailcfg_test(providers.all-domains
	${PYTHON3} ${TESTS}/providers/all-domains ${MAILCFG})
mailcfg_test(providers.mkpresets
	${TESTS}/providers/mkpresets $<TARGET_FILE:mkpresets>)

# Readers: every case with its records and complaints; other parsers' word.
add_executable(read_dump read/dump.c)
target_link_libraries(read_dump PRIVATE mailcfg_lib)
mailcfg_test(read ${PYTHON3} ${TESTS}/read/run $<TARGET_FILE:read_dump>)
mailcfg_test(read.differential
	${PYTHON3} ${TESTS}/read/differential.py $<TARGET_FILE:read_dump>)

# What gen wrote, show reads back.
mailcfg_test(show.law ${PYTHON3} ${TESTS}/show/law ${MAILCFG}
	$<TARGET_FILE:randomize>)

add_executable(show_dump show/dump.c)
target_link_libraries(show_dump PRIVATE mailcfg_lib)
mailcfg_test(show.differential ${PYTHON3} ${TESTS}/show/differential
	$<TARGET_FILE:show_dump>)

# The stencil.
add_subdirectory(stencil)

# Archives and streams of many documents, through readers that are not ours.
add_executable(sink_driver sink/driver.c
	${CMAKE_SOURCE_DIR}/cmd/apart.c
	${CMAKE_SOURCE_DIR}/cmd/aside.c
	${CMAKE_SOURCE_DIR}/cmd/complain.c
	${CMAKE_SOURCE_DIR}/cmd/file.c
	${CMAKE_SOURCE_DIR}/cmd/frame.c
	${CMAKE_SOURCE_DIR}/cmd/frame_ndjson.c
	${CMAKE_SOURCE_DIR}/cmd/frame_tar.c
	${CMAKE_SOURCE_DIR}/cmd/lock.c
	${CMAKE_SOURCE_DIR}/cmd/report.c
	${CMAKE_SOURCE_DIR}/cmd/sink.c
	${CMAKE_SOURCE_DIR}/cmd/sink_archive.c
	${CMAKE_SOURCE_DIR}/cmd/sink_file.c
	${CMAKE_SOURCE_DIR}/cmd/sink_framed.c
	${CMAKE_SOURCE_DIR}/cmd/sink_stream.c
	${CMAKE_SOURCE_DIR}/cmd/sink_whole.c
	${CMAKE_SOURCE_DIR}/cmd/stop.c)
target_compile_definitions(sink_driver PRIVATE _GNU_SOURCE)
target_include_directories(sink_driver PRIVATE ${CMAKE_SOURCE_DIR}/cmd)
target_link_libraries(sink_driver PRIVATE mailcfg_lib PkgConfig::ARCHIVE)
mailcfg_test(sink ${PYTHON3} ${TESTS}/sink/run $<TARGET_FILE:sink_driver>)

# QR codes, through decoders that are not ours.
add_executable(qr_draw qr/draw.c)
target_link_libraries(qr_draw PRIVATE mailcfg_lib)
mailcfg_test(qr ${PYTHON3} ${TESTS}/qr/run $<TARGET_FILE:qr_draw>)

# Pages for people: their texts, colours and sizes.
execute_process(COMMAND ${CMAKE_COMMAND} -E env MAILCFG_SOURCE=x MAILCFG=x
		PYTHONDONTWRITEBYTECODE=1
		${PYTHON3} ${TESTS}/guide/check --list
	OUTPUT_VARIABLE rules OUTPUT_STRIP_TRAILING_WHITESPACE
	COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" rules "${rules}")
foreach(rule IN LISTS rules)
	mailcfg_test(guide.${rule} ${PYTHON3} ${TESTS}/guide/check ${rule})
endforeach()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
	${TESTS}/guide/check)

# Web servers, set up as the manual says.
foreach(case nginx apache caddy expiry)
	mailcfg_test(web.${case} ${PYTHON3} ${TESTS}/web/run ${MAILCFG} ${case})
	set_tests_properties(web.${case} PROPERTIES SKIP_RETURN_CODE 77)
endforeach()

# No room, limits, rivals, signals.
execute_process(COMMAND ${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
		${PYTHON3} ${TESTS}/fault/run --list
	OUTPUT_VARIABLE cases OUTPUT_STRIP_TRAILING_WHITESPACE
	COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" cases "${cases}")
foreach(case IN LISTS cases)
	mailcfg_test(fault.${case} ${PYTHON3} ${TESTS}/fault/run ${case}
		${MAILCFG})
	set_tests_properties(fault.${case} PROPERTIES SKIP_RETURN_CODE 77
		TIMEOUT 600)
endforeach()
foreach(case signals kills stream-signals)
	mailcfg_test(fault.${case}.full ${PYTHON3} ${TESTS}/fault/run --full
		${case} ${MAILCFG})
	set_tests_properties(fault.${case}.full PROPERTIES LABELS long
		TIMEOUT 3600)
endforeach()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
	${TESTS}/fault/run)

# Out of memory, how much of it, and races.
add_subdirectory(memory)

# Messages, through Python's email package and NeoMutt.
add_executable(mail_hostile mail/hostile.c)
target_link_libraries(mail_hostile PRIVATE mailcfg_lib)
mailcfg_test(mail.hostile
	${PYTHON3} ${TESTS}/mail/hostile $<TARGET_FILE:mail_hostile>)
mailcfg_test(mail.neomutt
	${PYTHON3} ${TESTS}/mail/neomutt $<TARGET_FILE:mail_hostile>)
mailcfg_test(mail.languages ${PYTHON3} ${TESTS}/mail/languages)

# What domains publish, from name servers and web servers of all kinds.
if(MAILCFG_NET)
	foreach(script domain file)
		execute_process(COMMAND ${CMAKE_COMMAND} -E env
				PYTHONDONTWRITEBYTECODE=1
				${PYTHON3} ${TESTS}/discover/${script} --list
			OUTPUT_VARIABLE cases OUTPUT_STRIP_TRAILING_WHITESPACE
			COMMAND_ERROR_IS_FATAL ANY)
		string(REPLACE "\n" ";" cases "${cases}")
		foreach(case IN LISTS cases)
			mailcfg_test(discover.${script}.${case} ${PYTHON3}
				${TESTS}/discover/${script} ${case} ${MAILCFG})
			set_tests_properties(discover.${script}.${case} PROPERTIES
				SKIP_RETURN_CODE 77)
		endforeach()
		set_property(DIRECTORY APPEND PROPERTY
			CMAKE_CONFIGURE_DEPENDS ${TESTS}/discover/${script})
	endforeach()
endif()

# Sending, to servers and commands that misbehave, and to a real Postfix.
if(MAILCFG_NET)
	execute_process(COMMAND ${CMAKE_COMMAND} -E env
			PYTHONDONTWRITEBYTECODE=1
			${PYTHON3} ${TESTS}/mail/submit --list
		OUTPUT_VARIABLE cases OUTPUT_STRIP_TRAILING_WHITESPACE
		COMMAND_ERROR_IS_FATAL ANY)
	string(REPLACE "\n" ";" cases "${cases}")
	foreach(case IN LISTS cases)
		mailcfg_test(mail.submit.${case} ${PYTHON3}
			${TESTS}/mail/submit ${case} ${MAILCFG})
	endforeach()
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
		${TESTS}/mail/submit)
	mailcfg_test(mail.postfix ${PYTHON3} ${TESTS}/mail/postfix ${MAILCFG})
	set_tests_properties(mail.postfix PROPERTIES LABELS long TIMEOUT 900
		SKIP_RETURN_CODE 77)
	if(MAILCFG_SANITIZE)
		# LeakSanitizer cannot work under ptrace.
		set_tests_properties(mail.submit.canary PROPERTIES ENVIRONMENT
			"${MAILCFG_TEST_ENVIRONMENT};ASAN_OPTIONS=detect_leaks=0")
	endif()

	# Asking servers: some that misbehave, and a real Dovecot and Postfix.
	# What domains publish, beside that; what is proposed where they fail.
	foreach(script run published proposals names)
		execute_process(COMMAND ${CMAKE_COMMAND} -E env
				PYTHONDONTWRITEBYTECODE=1
				${PYTHON3} ${TESTS}/check/${script} --list
			OUTPUT_VARIABLE cases OUTPUT_STRIP_TRAILING_WHITESPACE
			COMMAND_ERROR_IS_FATAL ANY)
		string(REPLACE "\n" ";" cases "${cases}")
		string(REGEX REPLACE "^check\\.run$" "check" prefix
			"check.${script}")
		foreach(case IN LISTS cases)
			mailcfg_test(${prefix}.${case} ${PYTHON3}
				${TESTS}/check/${script} ${case} ${MAILCFG})
			set_tests_properties(${prefix}.${case} PROPERTIES
				SKIP_RETURN_CODE 77)
		endforeach()
		set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
			${TESTS}/check/${script})
	endforeach()
endif()
