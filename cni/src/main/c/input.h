/* Reading a file descriptor to its end, within bounds of size and time. */
#ifndef NARU_INPUT_H
#define NARU_INPUT_H

#include "buffer.h"
#include "deadline.h"

enum input_result {
    INPUT_COMPLETE,
    INPUT_TOO_LONG, /* more bytes than the buffer's limit */
    INPUT_TIMEOUT,
    INPUT_FAILED, /* errno says why */
};

enum input_result input_read(int fd, struct buffer *buffer, deadline until);

#endif
