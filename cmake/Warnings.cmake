# SPDX-License-Identifier: ISC
add_compile_options(
	-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
	-Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2
	-Wnull-dereference -Wimplicit-fallthrough
	-Werror=switch -Werror=implicit-function-declaration
	-Werror=incompatible-pointer-types -Werror=return-type -Werror=format)
