# SPDX-License-Identifier: ISC
# What is in templates/ becomes tables in the binary.

# embed(PROGRAM FOLDER OUT.c PATTERN): OUT.c, made by cmake/PROGRAM.c from the
# files of templates/FOLDER; its path is added to MAILCFG_EMBEDDED.
function(embed program folder out pattern)
	set(from ${CMAKE_SOURCE_DIR}/templates/${folder})
	set(to ${CMAKE_BINARY_DIR}/${out})
	add_executable(${program} cmake/${program}.c cmake/embed.c)
	target_link_libraries(${program} PRIVATE mc_objects)
	target_sources(${program} PRIVATE $<TARGET_OBJECTS:mc_objects>)
	file(GLOB_RECURSE files CONFIGURE_DEPENDS ${from}/${pattern})
	add_custom_command(OUTPUT ${to}
		COMMAND ${program} ${from} ${to}
		DEPENDS ${program} ${files}
		COMMENT "Embedding templates/${folder}"
		VERBATIM)
	set(MAILCFG_EMBEDDED ${MAILCFG_EMBEDDED} ${to} PARENT_SCOPE)
endfunction()

embed(mkpresets providers presets.c *.yaml)
embed(mkletters mail letters.c *)
embed(mkerrors errors errors.c *.yaml)
embed(mktexts guide texts.c *)
