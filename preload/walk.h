/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Walks the (type, argument)... lists of wrappers.def.
 *
 *   GT_PARAMS((int, fd)(void *, buf))  ->  int fd, void *buf
 *   GT_NAMES((int, fd)(void *, buf))   ->  fd, buf
 *   GT_PARAMS()                        ->  void
 *
 * Each step leaves the name of the next one behind; after the last pair the name left over becomes X_END.
 */
#ifndef GT_WALK_H
#define GT_WALK_H

#define GT_END(...) GT_END_(__VA_ARGS__)
#define GT_END_(...) __VA_ARGS__##_END

#define GT_PARAMS(list) GT_END(GT_PARAM_0 list)
#define GT_PARAM_0(type, name) type name GT_PARAM_1
#define GT_PARAM_1(type, name) , type name GT_PARAM_2
#define GT_PARAM_2(type, name) , type name GT_PARAM_1
#define GT_PARAM_0_END void
#define GT_PARAM_1_END
#define GT_PARAM_2_END

#define GT_NAMES(list) GT_END(GT_NAME_0 list)
#define GT_NAME_0(type, name) name GT_NAME_1
#define GT_NAME_1(type, name) , name GT_NAME_2
#define GT_NAME_2(type, name) , name GT_NAME_1
#define GT_NAME_0_END
#define GT_NAME_1_END
#define GT_NAME_2_END

#endif
