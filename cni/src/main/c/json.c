#include "json.h"

#include <stdio.h>
#include <string.h>

void json_append_string(struct buffer *buffer, const char *bytes, size_t length) {
    buffer_append(buffer, "\"", 1);
    size_t plain = 0; /* where the run of bytes that need no escape begins */
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char) bytes[i];
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        buffer_append(buffer, bytes + plain, i - plain);
        plain = i + 1;
        char escape[8];
        if (c == '"' || c == '\\') {
            snprintf(escape, sizeof escape, "\\%c", c);
        } else {
            snprintf(escape, sizeof escape, "\\u%04x", c);
        }
        buffer_append_text(buffer, escape);
    }
    buffer_append(buffer, bytes + plain, length - plain);
    buffer_append(buffer, "\"", 1);
}

struct scan {
    const char *at;
    const char *end;
};

struct text {
    const char *bytes;
    size_t length;
};

static bool value(struct scan *scan, int depth);

static void space(struct scan *scan) {
    while (scan->at < scan->end && memchr(" \t\r\n", *scan->at, 4) != NULL) {
        scan->at++;
    }
}

static bool is(const struct scan *scan, char c) {
    return scan->at < scan->end && *scan->at == c;
}

static bool take(struct scan *scan, char c) {
    space(scan);
    if (!is(scan, c)) {
        return false;
    }
    scan->at++;
    return true;
}

static bool word(struct scan *scan, const char *text) {
    size_t length = strlen(text);
    if ((size_t) (scan->end - scan->at) < length || memcmp(scan->at, text, length) != 0) {
        return false;
    }
    scan->at += length;
    return true;
}

static bool digits(struct scan *scan) {
    const char *start = scan->at;
    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9') {
        scan->at++;
    }
    return scan->at > start;
}

static bool number(struct scan *scan) {
    if (is(scan, '-')) {
        scan->at++;
    }
    if (is(scan, '0')) {
        scan->at++;
    } else if (!digits(scan)) {
        return false;
    }
    if (is(scan, '.')) {
        scan->at++;
        if (!digits(scan)) {
            return false;
        }
    }
    if (is(scan, 'e') || is(scan, 'E')) {
        scan->at++;
        if (is(scan, '+') || is(scan, '-')) {
            scan->at++;
        }
        return digits(scan);
    }
    return true;
}

/* What stands after a backslash. */
static bool escape(struct scan *scan) {
    if (scan->at >= scan->end) {
        return false;
    }
    char c = *scan->at++;
    if (c != 'u') {
        return memchr("\"\\/bfnrt", c, 8) != NULL;
    }
    for (int i = 0; i < 4; i++, scan->at++) {
        if (scan->at >= scan->end || memchr("0123456789abcdefABCDEF", *scan->at, 22) == NULL) {
            return false;
        }
    }
    return true;
}

/* A string; its bytes between the quotes, escapes and all. */
static bool string(struct scan *scan, struct text *text) {
    if (!take(scan, '"')) {
        return false;
    }
    const char *start = scan->at;
    while (scan->at < scan->end) {
        unsigned char c = (unsigned char) *scan->at++;
        if (c == '"') {
            *text = (struct text){start, (size_t) (scan->at - 1 - start)};
            return true;
        }
        if (c < 0x20 || (c == '\\' && !escape(scan))) {
            return false;
        }
    }
    return false;
}

static void copy(struct text text, char *value, size_t size) {
    static const char allowed[] =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.+-";
    value[0] = '\0';
    if (text.length >= size) {
        return;
    }
    for (size_t i = 0; i < text.length; i++) {
        if (memchr(allowed, text.bytes[i], sizeof allowed - 1) == NULL) {
            return;
        }
    }
    memcpy(value, text.bytes, text.length);
    value[text.length] = '\0';
}

/* An object; with a name, its member of that name is copied. */
static bool object(struct scan *scan, int depth, const char *name, char *found, size_t size) {
    if (!take(scan, '{')) {
        return false;
    }
    if (take(scan, '}')) {
        return true;
    }
    do {
        struct text key;
        if (!string(scan, &key) || !take(scan, ':')) {
            return false;
        }
        space(scan);
        bool wanted = name != NULL && key.length == strlen(name)
                      && memcmp(key.bytes, name, key.length) == 0;
        struct text text;
        if (wanted && is(scan, '"')) {
            if (!string(scan, &text)) {
                return false;
            }
            copy(text, found, size);
        } else if (!value(scan, depth)) {
            return false;
        }
    } while (take(scan, ','));
    return take(scan, '}');
}

static bool array(struct scan *scan, int depth) {
    if (!take(scan, '[')) {
        return false;
    }
    if (take(scan, ']')) {
        return true;
    }
    do {
        if (!value(scan, depth)) {
            return false;
        }
    } while (take(scan, ','));
    return take(scan, ']');
}

static bool value(struct scan *scan, int depth) {
    if (depth >= JSON_MAX_DEPTH) {
        return false;
    }
    space(scan);
    if (scan->at >= scan->end) {
        return false;
    }
    struct text ignored;
    switch (*scan->at) {
        case '{':
            return object(scan, depth + 1, NULL, NULL, 0);
        case '[':
            return array(scan, depth + 1);
        case '"':
            return string(scan, &ignored);
        case 't':
            return word(scan, "true");
        case 'f':
            return word(scan, "false");
        case 'n':
            return word(scan, "null");
        default:
            return number(scan);
    }
}

bool json_object(const char *bytes, size_t length, const char *name, char *value, size_t size) {
    value[0] = '\0';
    if (length == 0) {
        return false;
    }
    struct scan scan = {bytes, bytes + length};
    if (!object(&scan, 1, name, value, size)) {
        return false;
    }
    space(&scan);
    return scan.at == scan.end;
}
