# SPDX-License-Identifier: ISC
# mailcfg is optimised as a whole: the functions of one file become part of
# another's, and bulk runs take 3 % less time.  Whoever else links the same
# objects, libraries and tests, knows nothing of it.
option(MAILCFG_WHOLE "Optimise mailcfg as a whole" OFF)
if(NOT CMAKE_C_COMPILER_ID STREQUAL "GNU" OR NOT CMAKE_OBJCOPY)
	set(MAILCFG_WHOLE OFF)
endif()
if(MAILCFG_WHOLE)
	add_link_options(-fno-lto)
endif()

function(mailcfg_whole_objects)
	if(MAILCFG_WHOLE)
		foreach(target ${ARGV})
			target_compile_options(${target}
				PRIVATE -flto -ffat-lto-objects)
		endforeach()
	endif()
endfunction()

function(mailcfg_whole_library target)
	if(MAILCFG_WHOLE)
		add_custom_command(TARGET ${target} POST_BUILD
			COMMAND ${CMAKE_OBJCOPY} --wildcard
				--remove-section=.gnu.lto_*
				--remove-section=.gnu.debuglto_*
				$<TARGET_FILE:${target}> VERBATIM)
	endif()
endfunction()

function(mailcfg_whole_program target)
	if(MAILCFG_WHOLE)
		target_sources(${target}
			PRIVATE $<TARGET_OBJECTS:mc_objects>)
		# -fno-lto wins wherever it stands
		get_target_property(options ${target} LINK_OPTIONS)
		list(REMOVE_ITEM options -fno-lto)
		set_target_properties(${target} PROPERTIES
			LINK_OPTIONS "${options};-flto=auto")
	endif()
endfunction()
