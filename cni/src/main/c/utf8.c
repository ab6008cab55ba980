#include "utf8.h"

#include <stdint.h>

/* Length of the sequence that starts here, or 0. */
static size_t sequence(const uint8_t *at, size_t left) {
    uint8_t first = at[0];
    if (first < 0x80) {
        return 1;
    }
    size_t length = first >= 0xc2 && first <= 0xdf ? 2
                    : first >= 0xe0 && first <= 0xef ? 3
                    : first >= 0xf0 && first <= 0xf4 ? 4
                                                     : 0;
    if (length == 0 || length > left) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    /* RFC 3629, 4: the second byte is what rules out overlong forms, surrogates and too much. */
    if ((first == 0xe0 && at[1] < 0xa0) || (first == 0xed && at[1] > 0x9f)
        || (first == 0xf0 && at[1] < 0x90) || (first == 0xf4 && at[1] > 0x8f)) {
        return 0;
    }
    return length;
}

bool utf8_valid(const char *bytes, size_t length) {
    const uint8_t *at = (const uint8_t *) bytes;
    size_t done = 0;
    while (done < length) {
        size_t step = sequence(at + done, length - done);
        if (step == 0) {
            return false;
        }
        done += step;
    }
    return true;
}
