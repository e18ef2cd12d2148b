# SPDX-License-Identifier: ISC
option(MAILCFG_HARDEN "Hardened flags for a release" OFF)
if(MAILCFG_HARDEN)
	add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
		-fstack-protector-strong -fstack-clash-protection
		-fcf-protection -ftrivial-auto-var-init=zero -fPIE)
	add_link_options(-pie -Wl,-z,relro,-z,now)
endif()
