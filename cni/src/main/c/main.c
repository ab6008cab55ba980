/*
 * The CNI plugin: it carries a runtime's request to the node's agent and the answer back.
 * https://www.cni.dev/docs/spec/
 */
#include "agent.h"
#include "buffer.h"
#include "deadline.h"
#include "environment.h"
#include "input.h"
#include "json.h"
#include "output.h"
#include "utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MAX_CONFIG = 1024 * 1024,
    MAX_REQUEST = 8 * 1024 * 1024, /* each byte may become six when it is escaped */
    MAX_REPLY = 4 * 1024 * 1024,
    MAX_PROBLEM = 1024,
    MAX_VERSION = 32,
    CONNECT_MILLISECONDS = 5000,
    VERSION_MILLISECONDS = 1000,
};

static int fail(const char *version, enum cni_error code, const char *message,
                const char *details) {
    output_error(version, code, message, details);
    return EXIT_FAILURE;
}

static int introduce(void) {
    fputs("naru-cni " NARU_VERSION ": the CNI plugin of Naru.\n"
          "A container runtime runs it, with CNI_COMMAND and its other parameters in the\n"
          "environment and a network configuration on standard input. It is not meant to be\n"
          "run by hand; to see whether it works: CNI_COMMAND=VERSION naru-cni </dev/null\n",
          stderr);
    return EXIT_FAILURE;
}

/* The configuration's version; empty where it has none or cannot be read. */
static void find_version(deadline until, char *version, size_t size) {
    struct buffer config;
    buffer_start(&config, MAX_CONFIG);
    version[0] = '\0';
    if (!isatty(STDIN_FILENO) && input_read(STDIN_FILENO, &config, until) == INPUT_COMPLETE) {
        json_object(config.bytes, config.length, "cniVersion", version, size);
    }
}

/* An unreadable configuration must not keep a runtime from learning the versions. */
static int answer_version(deadline until) {
    char version[MAX_VERSION];
    find_version(until, version, sizeof version);
    return output_versions(version) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void append_member(struct buffer *buffer, const char *name, const char *text,
                          size_t length) {
    buffer_append_text(buffer, ",\"");
    buffer_append_text(buffer, name);
    buffer_append_text(buffer, "\":");
    json_append_string(buffer, text, length);
}

static void write_request(struct buffer *request, const struct environment *environment,
                          const struct buffer *config) {
    buffer_start(request, MAX_REQUEST);
    buffer_append_text(request, "{\"operation\":\"cni\"");
    append_member(request, "command", environment->command, strlen(environment->command));
    append_member(request, "containerId", environment->container_id,
                  strlen(environment->container_id));
    append_member(request, "netns", environment->netns, strlen(environment->netns));
    append_member(request, "ifName", environment->interface_name,
                  strlen(environment->interface_name));
    append_member(request, "args", environment->arguments, strlen(environment->arguments));
    append_member(request, "path", environment->path, strlen(environment->path));
    append_member(request, "config", config->bytes, config->length);
    buffer_append_text(request, "}\n");
}

/* The configuration as it came, and its version; or the exit code of a failure, which was told. */
static int read_config(struct buffer *config, deadline until, char *version, size_t size) {
    version[0] = '\0';
    buffer_start(config, MAX_CONFIG);
    switch (input_read(STDIN_FILENO, config, until)) {
        case INPUT_COMPLETE:
            break;
        case INPUT_TOO_LONG:
            return fail("", CNI_ERROR_DECODING, "the network configuration is too long",
                        "standard input has more than 1 MiB");
        case INPUT_TIMEOUT:
            return fail("", CNI_ERROR_IO, "the network configuration did not arrive in time",
                        "standard input was not closed; the runtime must close it");
        case INPUT_FAILED:
            return fail("", CNI_ERROR_IO, "the network configuration cannot be read",
                        strerror(errno));
    }
    if (!utf8_valid(config->bytes, config->length)) {
        return fail("", CNI_ERROR_DECODING, "the network configuration is not UTF-8",
                    "write it as JSON in UTF-8 (RFC 8259)");
    }
    if (!json_object(config->bytes, config->length, "cniVersion", version, size)) {
        return fail("", CNI_ERROR_DECODING, "the network configuration is not a JSON object",
                    config->length == 0 ? "standard input is empty"
                                        : "standard input breaks the rules of JSON (RFC 8259)");
    }
    return EXIT_SUCCESS;
}

static int carry(const struct environment *environment, deadline until) {
    struct buffer config;
    char version[MAX_VERSION];
    int failed = read_config(&config, until, version, sizeof version);
    if (failed != EXIT_SUCCESS) {
        return failed;
    }
    struct buffer request;
    write_request(&request, environment, &config);
    if (request.overflow) {
        return fail(version, CNI_ERROR_IO, "not enough memory for the request",
                    "free memory on this node");
    }
    /* Who asks for the status wants to know it now. */
    bool status = strcmp(environment->command, "STATUS") == 0;
    struct buffer reply;
    buffer_start(&reply, MAX_REPLY);
    struct answer answer;
    char problem[MAX_PROBLEM];
    if (!agent_ask(environment->socket_path, &request, &reply, &answer,
                   deadline_in(status ? 0 : CONNECT_MILLISECONDS), until, problem, sizeof problem)) {
        char details[MAX_PROBLEM + 128];
        snprintf(details, sizeof details, "%s; see whether the agent runs: naru status", problem);
        return fail(version, status ? CNI_ERROR_NOT_AVAILABLE : CNI_ERROR_TRY_AGAIN_LATER,
                    "the Naru agent of this node is not ready", details);
    }
    if (answer.output_length > 0
        && !(output_write(answer.output, answer.output_length) && output_write("\n", 1))) {
        return EXIT_FAILURE;
    }
    return answer.exit_code;
}

int main(void) {
    struct environment environment;
    environment_read(&environment);
    if (environment.command[0] == '\0' && isatty(STDIN_FILENO)) {
        return introduce();
    }
    deadline until = deadline_in((int64_t) environment.timeout_seconds * 1000);
    char problem[MAX_PROBLEM];
    if (!environment_valid(&environment, problem, sizeof problem)) {
        char version[MAX_VERSION];
        find_version(deadline_in(VERSION_MILLISECONDS), version, sizeof version);
        return fail(version, CNI_ERROR_ENVIRONMENT, problem,
                    "a runtime sets these variables: https://www.cni.dev/docs/spec/#parameters");
    }
    if (strcmp(environment.command, "VERSION") == 0) {
        return answer_version(until);
    }
    return carry(&environment, until);
}
