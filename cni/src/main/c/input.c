#include "input.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum input_result input_read(int fd, struct buffer *buffer, deadline until) {
    char chunk[16384];
    for (;;) {
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        int ready = poll(&poll_fd, 1, deadline_left(until));
        if (ready == 0) {
            return INPUT_TIMEOUT;
        }
        if (ready < 0 && errno != EINTR) {
            return INPUT_FAILED;
        }
        if (ready < 0) {
            continue;
        }
        ssize_t count = read(fd, chunk, sizeof chunk);
        if (count == 0) {
            return INPUT_COMPLETE;
        }
        if (count < 0) {
            if (errno == EINTR || errno == EAGAIN) {
                continue;
            }
            return INPUT_FAILED;
        }
        buffer_append(buffer, chunk, (size_t) count);
        if (buffer->overflow) {
            return INPUT_TOO_LONG;
        }
    }
}
