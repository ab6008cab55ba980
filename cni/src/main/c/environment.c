#include "environment.h"

#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_VARIABLE = 65536,
    MAX_INTERFACE_NAME = 15, /* IFNAMSIZ - 1, linux/if.h */
    DEFAULT_TIMEOUT_SECONDS = 120,
    MAX_TIMEOUT_SECONDS = 3600,
};

static const char LETTERS_AND_DIGITS[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

static const char *variable(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? otherwise : value;
}

static int timeout_seconds(void) {
    long seconds = strtol(variable("NARU_CNI_TIMEOUT_SECONDS", "0"), NULL, 10);
    return seconds < 1 || seconds > MAX_TIMEOUT_SECONDS ? DEFAULT_TIMEOUT_SECONDS : (int) seconds;
}

void environment_read(struct environment *environment) {
    *environment = (struct environment){
        .command = variable("CNI_COMMAND", ""),
        .container_id = variable("CNI_CONTAINERID", ""),
        .netns = variable("CNI_NETNS", ""),
        .interface_name = variable("CNI_IFNAME", ""),
        .arguments = variable("CNI_ARGS", ""),
        .path = variable("CNI_PATH", ""),
        .socket_path = variable("NARU_AGENT_SOCKET", "/run/naru/agent.sock"),
        .timeout_seconds = timeout_seconds(),
    };
}

static bool one_of(const char *text, const char *const *texts) {
    for (; *texts != NULL; texts++) {
        if (strcmp(text, *texts) == 0) {
            return true;
        }
    }
    return false;
}

/* A value as a sentence may quote it. */
static const char *shown(const char *value) {
    size_t length = strlen(value);
    if (length > 100) {
        return "(too long to show)";
    }
    for (size_t i = 0; i < length; i++) {
        if (value[i] < 0x20 || value[i] > 0x7e) {
            return "(not plain ASCII)";
        }
    }
    return value;
}

static bool container_id_valid(const char *id) {
    if (id[0] == '\0' || strchr(LETTERS_AND_DIGITS, id[0]) == NULL) {
        return false;
    }
    for (const char *at = id; *at != '\0'; at++) {
        if (strchr(LETTERS_AND_DIGITS, *at) == NULL && strchr("_.-", *at) == NULL) {
            return false;
        }
    }
    return true;
}

/* What the kernel takes as a name (dev_valid_name), and what CNI does. */
static bool interface_name_valid(const char *name) {
    return name[0] != '\0' && strlen(name) <= MAX_INTERFACE_NAME && strcmp(name, ".") != 0
           && strcmp(name, "..") != 0 && strpbrk(name, "/: \t\n\v\f\r") == NULL;
}

bool environment_valid(const struct environment *environment, char *problem, size_t size) {
    static const char *const commands[] = {"ADD", "DEL", "CHECK", "GC", "STATUS", "VERSION", NULL};
    static const char *const attachment[] = {"ADD", "DEL", "CHECK", NULL};
    static const char *const in_namespace[] = {"ADD", "CHECK", NULL};
    const struct {
        const char *name;
        const char *value;
    } variables[] = {
        {"CNI_COMMAND", environment->command},
        {"CNI_CONTAINERID", environment->container_id},
        {"CNI_NETNS", environment->netns},
        {"CNI_IFNAME", environment->interface_name},
        {"CNI_ARGS", environment->arguments},
        {"CNI_PATH", environment->path},
    };
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        size_t length = strlen(variables[i].value);
        if (length > MAX_VARIABLE || !utf8_valid(variables[i].value, length)) {
            snprintf(problem, size, "%s must be UTF-8 text of at most %d bytes", variables[i].name,
                     MAX_VARIABLE);
            return false;
        }
    }
    if (environment->command[0] == '\0') {
        snprintf(problem, size, "CNI_COMMAND is missing; it must be one of ADD, DEL, CHECK, GC, "
                                "STATUS and VERSION");
        return false;
    }
    if (!one_of(environment->command, commands)) {
        snprintf(problem, size,
                 "CNI_COMMAND is '%s'; it must be one of ADD, DEL, CHECK, GC, STATUS and VERSION",
                 shown(environment->command));
        return false;
    }
    if (!one_of(environment->command, attachment)) {
        return true;
    }
    if (!container_id_valid(environment->container_id)) {
        snprintf(problem, size,
                 "CNI_CONTAINERID must begin with a letter or digit and go on with letters, "
                 "digits, '_', '.' and '-'; it is '%s'",
                 shown(environment->container_id));
        return false;
    }
    if (!interface_name_valid(environment->interface_name)) {
        snprintf(problem, size,
                 "CNI_IFNAME must have 1 to 15 bytes without '/', ':' and white space; it is "
                 "'%s'",
                 shown(environment->interface_name));
        return false;
    }
    if (one_of(environment->command, in_namespace) && environment->netns[0] == '\0') {
        snprintf(problem, size, "CNI_NETNS is missing; %s needs the path of the pod's network "
                                "namespace",
                 environment->command);
        return false;
    }
    return true;
}
