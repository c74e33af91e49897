/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * std::thread::_State of libstdc++: the argument of a thread's start routine. An object of a class template whose virtual
 * table says _M_run(), and whose type's name says what is called.
 */
#ifndef GT_CXX_STATE_H
#define GT_CXX_STATE_H

#include "callable.h"

/*
 * Whether the object, whose first word is `table`, is such a state; then fills in what is known of it, and its name into
 * `name`. Any thread.
 */
bool gt_cxx_state(uint64_t object, uint64_t table, struct gt_callable *c, char name[GT_CALLABLE_NAME]);

/* The function that a state of this kind is going to call; 0 when it is none, or is not known. Any thread. */
uint64_t gt_cxx_state_function(const struct gt_callable *c, uint64_t object);

#endif
