# SPDX-License-Identifier: ISC
include(CMakePackageConfigHelpers)

set_target_properties(mailcfg_lib PROPERTIES
	PUBLIC_HEADER ${CMAKE_SOURCE_DIR}/lib/mailcfg.h)
install(TARGETS mailcfg)
install(TARGETS mailcfg_lib EXPORT mailcfg-targets PUBLIC_HEADER)
install(FILES cmd/mailcfg.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES lib/libmailcfg.3 DESTINATION ${CMAKE_INSTALL_MANDIR}/man3)
install(FILES cmd/mailcfg.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)

string(JOIN " " MAILCFG_PC_REQUIRES libxml-2.0 libcjson libplist-2.0 yaml-0.1
	libidn2 libcrypto libqrencode libpng)
# From the file to the prefix, so that the installed tree can be moved and
# cmake --install --prefix is obeyed.
file(RELATIVE_PATH MAILCFG_PC_UP
	${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" MAILCFG_PC_UP "${MAILCFG_PC_UP}")
# What links with a static library must link with what that uses.
get_target_property(type mailcfg_lib TYPE)
set(MAILCFG_PC_LIBS -lunistring)
if(NOT type STREQUAL STATIC_LIBRARY)
	set(MAILCFG_PC_PRIVATE .private)
	set(MAILCFG_PC_LIBS "")
endif()
configure_file(cmake/mailcfg.pc.in mailcfg.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/mailcfg.pc
	DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

configure_package_config_file(cmake/mailcfg-config.cmake.in
	mailcfg-config.cmake
	INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mailcfg)
write_basic_package_version_file(mailcfg-config-version.cmake
	COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_BINARY_DIR}/mailcfg-config.cmake
	${CMAKE_BINARY_DIR}/mailcfg-config-version.cmake
	DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mailcfg)
install(EXPORT mailcfg-targets NAMESPACE mailcfg::
	DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mailcfg)
