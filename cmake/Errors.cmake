# SPDX-License-Identifier: ISC
# templates/errors/*.yaml become constant bytes in the binary.
add_executable(mkerrors cmake/mkerrors.c cmake/nothing.c)
target_link_libraries(mkerrors PRIVATE mc_objects)
target_sources(mkerrors PRIVATE $<TARGET_OBJECTS:mc_objects>)
file(GLOB MAILCFG_ERRORS CONFIGURE_DEPENDS
	${CMAKE_SOURCE_DIR}/templates/errors/*.yaml)
set(MAILCFG_ERRORS_C ${CMAKE_BINARY_DIR}/errors.c)
add_custom_command(OUTPUT ${MAILCFG_ERRORS_C}
	COMMAND mkerrors ${CMAKE_SOURCE_DIR}/templates/errors
		${MAILCFG_ERRORS_C}
	DEPENDS mkerrors ${MAILCFG_ERRORS}
	COMMENT "Embedding templates/errors"
	VERBATIM)
