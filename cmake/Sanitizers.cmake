# SPDX-License-Identifier: ISC
set(MAILCFG_SANITIZE "" CACHE STRING "As for -fsanitize=, or empty")
if(MAILCFG_SANITIZE)
	add_compile_options(-fsanitize=${MAILCFG_SANITIZE}
		-fno-omit-frame-pointer -fno-sanitize-recover=all)
	add_link_options(-fsanitize=${MAILCFG_SANITIZE})
endif()
option(MAILCFG_FUZZ "Build the fuzz targets with libFuzzer (clang)" OFF)
if(MAILCFG_FUZZ)
	add_compile_options(-fsanitize=fuzzer-no-link)
endif()
