/* One question to the agent on its unix socket: a line there, two lines back. */
#ifndef NARU_AGENT_H
#define NARU_AGENT_H

#include "buffer.h"
#include "deadline.h"

#include <stdbool.h>
#include <stddef.h>

struct answer {
    int exit_code;
    const char *output; /* without the line's end; not zero-terminated */
    size_t output_length;
};

/*
 * Sends the request, which ends with a newline, and waits for the answer. A socket that does not
 * take connections is tried again until connect_until, for the agent may just be restarting. The
 * answer points into the buffer. On failure the problem is a sentence.
 */
bool agent_ask(const char *socket_path, const struct buffer *request, struct buffer *reply,
               struct answer *answer, deadline connect_until, deadline answer_until, char *problem,
               size_t size);

#endif
