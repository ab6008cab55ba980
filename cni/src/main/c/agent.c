#include "agent.h"

#include "input.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
    RETRY_MILLISECONDS = 50,
};

/* One try: a connected descriptor, or -errno. */
static int connect_once(const struct sockaddr_un *address) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -errno;
    }
    if (connect(fd, (const struct sockaddr *) address, sizeof *address) == 0) {
        return fd;
    }
    int problem = errno;
    close(fd);
    return -problem;
}

/* EAGAIN: the agent's queue of connections is full (unix(7)). */
static bool may_pass(int problem) {
    return problem == ENOENT || problem == ECONNREFUSED || problem == EAGAIN || problem == EINTR;
}

static int connect_until_deadline(const struct sockaddr_un *address, deadline until) {
    for (;;) {
        int fd = connect_once(address);
        if (fd >= 0 || !may_pass(-fd) || deadline_left(until) == 0) {
            return fd;
        }
        struct timespec pause = {.tv_nsec = RETRY_MILLISECONDS * 1000000L};
        nanosleep(&pause, NULL);
    }
}

static bool send_all(int fd, const struct buffer *request, deadline until, char *problem,
                     size_t size) {
    size_t sent = 0;
    while (sent < request->length) {
        ssize_t count = send(fd, request->bytes + sent, request->length - sent, MSG_NOSIGNAL);
        if (count >= 0) {
            sent += (size_t) count;
            continue;
        }
        if (errno == EAGAIN) {
            struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
            if (poll(&poll_fd, 1, deadline_left(until)) == 0) {
                snprintf(problem, size, "the agent did not take the request in time");
                return false;
            }
        } else if (errno != EINTR) {
            snprintf(problem, size, "the agent closed the connection: %s", strerror(errno));
            return false;
        }
    }
    return true;
}

/* Where the nth line ends, or NULL while it has not. */
static const char *line_end(const struct buffer *buffer, int lines) {
    const char *at = buffer->bytes;
    size_t left = buffer->length;
    while (left > 0) {
        const char *end = memchr(at, '\n', left);
        if (end == NULL) {
            return NULL;
        }
        if (--lines == 0) {
            return end;
        }
        left -= (size_t) (end + 1 - at);
        at = end + 1;
    }
    return NULL;
}

static bool receive_lines(int fd, struct buffer *reply, deadline until, char *problem,
                          size_t size) {
    char chunk[16384];
    while (line_end(reply, 2) == NULL) {
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        int ready = poll(&poll_fd, 1, deadline_left(until));
        if (ready == 0) {
            snprintf(problem, size, "the agent did not answer in time");
            return false;
        }
        ssize_t count = ready < 0 ? -1 : recv(fd, chunk, sizeof chunk, 0);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) {
            continue;
        }
        if (count < 0) {
            snprintf(problem, size, "the agent's answer cannot be read: %s", strerror(errno));
            return false;
        }
        if (count == 0) {
            snprintf(problem, size, "the agent closed the connection before it answered");
            return false;
        }
        buffer_append(reply, chunk, (size_t) count);
        if (reply->overflow) {
            snprintf(problem, size, "the agent's answer is longer than %zu bytes", reply->limit);
            return false;
        }
    }
    return true;
}

/* {"exitCode":N} with N from 0 to 255. */
static bool parse_exit_code(const char *line, size_t length, int *exit_code) {
    static const char start[] = "{\"exitCode\":";
    size_t at = sizeof start - 1;
    if (length < at + 2 || memcmp(line, start, at) != 0) {
        return false;
    }
    int code = 0;
    size_t first = at;
    while (at < length && at - first < 3 && line[at] >= '0' && line[at] <= '9') {
        code = code * 10 + (line[at] - '0');
        at++;
    }
    *exit_code = code;
    return at > first && code <= 255 && at + 1 == length && line[at] == '}';
}

static bool parse(const struct buffer *reply, struct answer *answer, char *problem, size_t size) {
    const char *first_end = line_end(reply, 1);
    const char *second_end = line_end(reply, 2);
    if (!parse_exit_code(reply->bytes, (size_t) (first_end - reply->bytes), &answer->exit_code)) {
        snprintf(problem, size, "the agent's answer does not begin with an exit code; agent and "
                                "plugin may be of different versions");
        return false;
    }
    answer->output = first_end + 1;
    answer->output_length = (size_t) (second_end - answer->output);
    return true;
}

bool agent_ask(const char *socket_path, const struct buffer *request, struct buffer *reply,
               struct answer *answer, deadline connect_until, deadline answer_until, char *problem,
               size_t size) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(socket_path) >= sizeof address.sun_path) {
        snprintf(problem, size, "the socket's path has more than %zu bytes",
                 sizeof address.sun_path - 1);
        return false;
    }
    memcpy(address.sun_path, socket_path, strlen(socket_path) + 1);
    int fd = connect_until_deadline(&address, connect_until);
    if (fd < 0) {
        snprintf(problem, size, "nothing answers at %s: %s", socket_path, strerror(-fd));
        return false;
    }
    bool answered = send_all(fd, request, answer_until, problem, size)
                    && receive_lines(fd, reply, answer_until, problem, size)
                    && parse(reply, answer, problem, size);
    close(fd);
    return answered;
}
