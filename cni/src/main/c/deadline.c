#include "deadline.h"

#include <limits.h>
#include <time.h>

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t) time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

deadline deadline_in(int64_t milliseconds) {
    return now() + milliseconds;
}

int deadline_left(deadline until) {
    int64_t left = until - now();
    return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int) left;
}
