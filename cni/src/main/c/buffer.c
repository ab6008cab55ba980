#include "buffer.h"

#include <stdlib.h>
#include <string.h>

void buffer_start(struct buffer *buffer, size_t limit) {
    *buffer = (struct buffer){.limit = limit};
}

static bool make_room(struct buffer *buffer, size_t length) {
    if (buffer->overflow || length > buffer->limit - buffer->length) {
        return false;
    }
    size_t needed = buffer->length + length;
    if (needed <= buffer->capacity) {
        return true;
    }
    size_t capacity = buffer->capacity == 0 ? 4096 : buffer->capacity * 2;
    if (capacity > buffer->limit) {
        capacity = buffer->limit;
    }
    if (capacity < needed) {
        capacity = needed;
    }
    char *bytes = realloc(buffer->bytes, capacity);
    if (bytes == NULL) {
        return false;
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

void buffer_append(struct buffer *buffer, const char *bytes, size_t length) {
    if (!make_room(buffer, length)) {
        buffer->overflow = true;
        return;
    }
    if (length > 0) {
        memcpy(buffer->bytes + buffer->length, bytes, length);
        buffer->length += length;
    }
}

void buffer_append_text(struct buffer *buffer, const char *text) {
    buffer_append(buffer, text, strlen(text));
}
