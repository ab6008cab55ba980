/* As much JSON (RFC 8259) as a messenger needs: quoting text, and checking an object's shape. */
#ifndef NARU_JSON_H
#define NARU_JSON_H

#include "buffer.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    JSON_MAX_DEPTH = 64,
};

/* Appends the text as a JSON string with its quotes. The text is well-formed UTF-8. */
void json_append_string(struct buffer *buffer, const char *bytes, size_t length);

/*
 * Whether the bytes are one JSON object, nested at most JSON_MAX_DEPTH deep. Its member of that
 * name is copied into value, with a final zero, if it is a plain string of [0-9A-Za-z.+-] that
 * fits; else value becomes the empty string.
 */
bool json_object(const char *bytes, size_t length, const char *name, char *value, size_t size);

#endif
