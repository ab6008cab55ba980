/* A moment after which waiting ends. */
#ifndef NARU_DEADLINE_H
#define NARU_DEADLINE_H

#include <stdint.h>

/* Milliseconds of the monotonic clock. */
typedef int64_t deadline;

deadline deadline_in(int64_t milliseconds);

/* Milliseconds that are left, as poll(2) wants them; 0 when it has passed. */
int deadline_left(deadline until);

#endif
