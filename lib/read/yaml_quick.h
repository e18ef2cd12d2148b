/* SPDX-License-Identifier: ISC */
#ifndef MC_YAML_QUICK_H
#define MC_YAML_QUICK_H

#include "yaml_event.h"

/*
 * The next record of a list, where it is an item with dashes that has nothing
 * odd in it, and another is behind it: in one pass, without the library.  It
 * makes what that does, or returns false and says nothing: then the library is
 * at work as if it had read all that is before.  false with r.dead: reported.
 */
bool mc_yaml_quick(struct mc_yaml *, struct mc_arena *, struct mc_record *);

#endif
