/* The parameters that a container runtime passes in the environment (CNI, "Parameters"). */
#ifndef NARU_ENVIRONMENT_H
#define NARU_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

struct environment {
    const char *command;
    const char *container_id;
    const char *netns;
    const char *interface_name;
    const char *arguments;
    const char *path;
    const char *socket_path;
    int timeout_seconds;
};

/* Absent variables become empty texts. */
void environment_read(struct environment *environment);

/*
 * Whether the command is known and has what it needs. Else the problem is a sentence that names
 * the variable.
 */
bool environment_valid(const struct environment *environment, char *problem, size_t size);

#endif
