# SPDX-License-Identifier: ISC
# templates/providers/*.yaml become a sorted table in the binary.
add_executable(mkpresets cmake/mkpresets.c cmake/nothing.c)
target_link_libraries(mkpresets PRIVATE mc_objects)
target_sources(mkpresets PRIVATE $<TARGET_OBJECTS:mc_objects>)
file(GLOB MAILCFG_PRESETS CONFIGURE_DEPENDS
	${CMAKE_SOURCE_DIR}/templates/providers/*.yaml)
set(MAILCFG_PRESETS_C ${CMAKE_BINARY_DIR}/presets.c)
add_custom_command(OUTPUT ${MAILCFG_PRESETS_C}
	COMMAND mkpresets ${CMAKE_SOURCE_DIR}/templates/providers
		${MAILCFG_PRESETS_C}
	DEPENDS mkpresets ${MAILCFG_PRESETS}
	COMMENT "Embedding templates/providers"
	VERBATIM)
