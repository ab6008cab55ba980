#include "output.h"

#include "buffer.h"
#include "json.h"
#include "utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char OUTPUT_DEFAULT_VERSION[] = "1.1.0";

bool output_write(const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t count = write(STDOUT_FILENO, bytes, length);
        if (count < 0 && errno != EINTR) {
            return false;
        }
        if (count > 0) {
            bytes += count;
            length -= (size_t) count;
        }
    }
    return true;
}

static void append_string(struct buffer *buffer, const char *text) {
    const char *shown = utf8_valid(text, strlen(text)) ? text : "(not UTF-8)";
    json_append_string(buffer, shown, strlen(shown));
}

static const char *or_default(const char *cni_version) {
    return cni_version[0] == '\0' ? OUTPUT_DEFAULT_VERSION : cni_version;
}

bool output_error(const char *cni_version, enum cni_error code, const char *message,
                  const char *details) {
    struct buffer buffer;
    buffer_start(&buffer, 65536);
    buffer_append_text(&buffer, "{\"cniVersion\":");
    append_string(&buffer, or_default(cni_version));
    char number[32];
    snprintf(number, sizeof number, ",\"code\":%d,\"msg\":", (int) code);
    buffer_append_text(&buffer, number);
    append_string(&buffer, message);
    buffer_append_text(&buffer, ",\"details\":");
    append_string(&buffer, details);
    buffer_append_text(&buffer, "}\n");
    return !buffer.overflow && output_write(buffer.bytes, buffer.length);
}

bool output_versions(const char *cni_version) {
    struct buffer buffer;
    buffer_start(&buffer, 4096);
    buffer_append_text(&buffer, "{\"cniVersion\":");
    append_string(&buffer, or_default(cni_version));
    buffer_append_text(&buffer, ",\"supportedVersions\":"
                                "[\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}\n");
    return !buffer.overflow && output_write(buffer.bytes, buffer.length);
}
