/* The shape of UTF-8 (RFC 3629). */
#ifndef NARU_UTF8_H
#define NARU_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the bytes are well-formed: no overlong form, no surrogate, nothing above U+10FFFF. */
bool utf8_valid(const char *bytes, size_t length);

#endif
