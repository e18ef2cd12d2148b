# SPDX-License-Identifier: ISC
# templates/guide becomes constant tables in the binary.
add_executable(mktexts cmake/mktexts.c cmake/nothing.c)
target_link_libraries(mktexts PRIVATE mc_objects)
target_sources(mktexts PRIVATE $<TARGET_OBJECTS:mc_objects>)
file(GLOB_RECURSE MAILCFG_TEXTS CONFIGURE_DEPENDS
	${CMAKE_SOURCE_DIR}/templates/guide/*)
set(MAILCFG_TEXTS_C ${CMAKE_BINARY_DIR}/texts.c)
add_custom_command(OUTPUT ${MAILCFG_TEXTS_C}
	COMMAND mktexts ${CMAKE_SOURCE_DIR}/templates/guide
		${MAILCFG_TEXTS_C}
	DEPENDS mktexts ${MAILCFG_TEXTS}
	COMMENT "Embedding templates/guide"
	VERBATIM)
