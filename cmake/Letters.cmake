# SPDX-License-Identifier: ISC
# templates/mail/LANG/* become constants in the binary.
add_executable(mkletters cmake/mkletters.c cmake/nothing.c)
target_link_libraries(mkletters PRIVATE mc_objects)
target_sources(mkletters PRIVATE $<TARGET_OBJECTS:mc_objects>)
file(GLOB MAILCFG_LETTERS CONFIGURE_DEPENDS
	${CMAKE_SOURCE_DIR}/templates/mail/*/*)
set(MAILCFG_LETTERS_C ${CMAKE_BINARY_DIR}/letters.c)
add_custom_command(OUTPUT ${MAILCFG_LETTERS_C}
	COMMAND mkletters ${CMAKE_SOURCE_DIR}/templates/mail
		${MAILCFG_LETTERS_C}
	DEPENDS mkletters ${MAILCFG_LETTERS}
	COMMENT "Embedding templates/mail"
	VERBATIM)
