/* Bytes that grow up to a limit. */
#ifndef NARU_BUFFER_H
#define NARU_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *bytes;
    size_t length;
    size_t capacity;
    size_t limit; /* never more bytes than this */
    bool overflow; /* an append did not fit or memory ran out: the content is not whole */
};

void buffer_start(struct buffer *buffer, size_t limit);
void buffer_append(struct buffer *buffer, const char *bytes, size_t length);
void buffer_append_text(struct buffer *buffer, const char *text);

#endif
