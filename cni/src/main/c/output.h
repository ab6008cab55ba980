/* What the plugin says on its standard output. */
#ifndef NARU_OUTPUT_H
#define NARU_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/* Error codes of the CNI specification, section "Error". */
enum cni_error {
    CNI_ERROR_ENVIRONMENT = 4,
    CNI_ERROR_IO = 5,
    CNI_ERROR_DECODING = 6,
    CNI_ERROR_TRY_AGAIN_LATER = 11,
    CNI_ERROR_NOT_AVAILABLE = 50, /* the answer to STATUS */
};

/* The version that is spoken when the runtime's is not known. */
extern const char OUTPUT_DEFAULT_VERSION[];

/* All bytes to standard output; false when they cannot be written. */
bool output_write(const char *bytes, size_t length);

/* The error object of the CNI specification. An empty version stands for the default one. */
bool output_error(const char *cni_version, enum cni_error code, const char *message,
                  const char *details);

/* The answer to VERSION. */
bool output_versions(const char *cni_version);

#endif
