/*
 * Times TCP connections, each from its socket until the server's first byte: it has accepted by then. The client
 * ends it with a reset, so that no end remembers it (TIME_WAIT) and the next one from the same port is a new one.
 *
 * connection-timer serve PORT WORD               answers each connection with WORD, or a dot if that is empty
 * connection-timer time ADDRESS PORT COUNT       one after the other; prints the median in nanoseconds
 * connection-timer rate ADDRESS PORT MS AT_ONCE  as many as it can; prints connections a second
 * connection-timer until MS PORT WORD ADDRESS... waits until all addresses answer WORD; prints nanoseconds
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1000000, PATIENCE_MS = 5, BETWEEN_US = 1000, AT_ONCE = 4, WORD = 64 };

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fail(const char *what) {
  fprintf(stderr, "connection-timer: %s: %s\n", what, strerror(errno));
  exit(1);
}

static long number(const char *text, long most) {
  char *end;
  long value = strtol(text, &end, 10);
  if (*text == 0 || *end != 0 || value < 1 || value > most) {
    fprintf(stderr, "connection-timer: '%s' is no number from 1 to %ld\n", text, most);
    exit(2);
  }
  return value;
}

static struct sockaddr_in end_of(const char *address, const char *port) {
  struct sockaddr_in end = {.sin_family = AF_INET, .sin_port = htons((uint16_t)number(port, 65535))};
  if (inet_pton(AF_INET, address, &end.sin_addr) != 1) {
    errno = EINVAL;
    fail(address);
  }
  return end;
}

static void serve(const char *port, const char *word) {
  struct sockaddr_in end = end_of("0.0.0.0", port);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int on = 1;
  if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) fail("socket");
  if (bind(listener, (struct sockaddr *)&end, sizeof end) != 0 || listen(listener, 1024) != 0) fail("listen");
  for (int i = 1; i < AT_ONCE; i++) {
    if (fork() != 0) continue;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    break;
  }
  for (;;) {
    int one = accept(listener, NULL, NULL);
    if (one < 0) continue;
    char rest[WORD];
    if (write(one, word, strlen(word)) > 0)
      while (read(one, rest, sizeof rest) > 0) {
      }
    close(one);
  }
}

/* Closing sends a reset. */
static void forget(int one) {
  struct linger reset = {.l_onoff = 1, .l_linger = 0};
  setsockopt(one, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  close(one);
}

/* One connection: nanoseconds from its socket until the server's first byte. */
static long long once(const struct sockaddr_in *end) {
  long long began = now();
  int one = socket(AF_INET, SOCK_STREAM, 0);
  if (one < 0) fail("socket");
  if (connect(one, (const struct sockaddr *)end, sizeof *end) != 0) fail("connect");
  char byte;
  if (read(one, &byte, 1) != 1) fail("read");
  long long took = now() - began;
  forget(one);
  return took;
}

static int ascending(const void *a, const void *b) {
  long long one = *(const long long *)a, other = *(const long long *)b;
  return (one > other) - (one < other);
}

static void time_many(const struct sockaddr_in *end, int count) {
  long long *took = calloc((size_t)count, sizeof *took);
  if (took == NULL) fail("memory");
  for (int i = 0; i < count; i++) took[i] = once(end);
  qsort(took, (size_t)count, sizeof *took, ascending);
  printf("%lld\n", took[count / 2]);
  free(took);
}

static void rate(const struct sockaddr_in *end, long milliseconds, int at_once) {
  long *done = mmap(NULL, sizeof *done * (size_t)at_once, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (done == MAP_FAILED) fail("memory");
  long long began = now();
  long long until = began + milliseconds * 1000000LL;
  for (int i = 0; i < at_once; i++) {
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
      while (now() < until) {
        once(end);
        done[i]++;
      }
      _exit(0);
    }
  }
  int status;
  int failed = 0;
  while (wait(&status) > 0) failed |= !WIFEXITED(status) || WEXITSTATUS(status) != 0;
  if (failed) exit(1);
  long all = 0;
  for (int i = 0; i < at_once; i++) all += done[i];
  printf("%.1f\n", (double)all * 1e9 / (double)(now() - began));
}

/* Whether a new connection is answered with that word, within a few milliseconds. */
static int answers(const struct sockaddr_in *end, const char *word) {
  int one = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (one < 0) fail("socket");
  char got[WORD] = "";
  ssize_t length = -1;
  if (connect(one, (const struct sockaddr *)end, sizeof *end) == 0 || errno == EINPROGRESS) {
    struct pollfd waiting = {.fd = one, .events = POLLIN};
    if (poll(&waiting, 1, PATIENCE_MS) == 1) length = read(one, got, sizeof got - 1);
  }
  forget(one);
  return length > 0 && strcmp(got, word) == 0;
}

static void until(long milliseconds, const char *port, const char *word, char **addresses) {
  long long began = now();
  long long end = began + milliseconds * 1000000LL;
  for (char **address = addresses; *address != NULL; address++) {
    struct sockaddr_in one = end_of(*address, port);
    while (!answers(&one, word)) {
      if (now() > end) {
        fprintf(stderr, "connection-timer: %s does not answer '%s' after %ld ms\n", *address, word, milliseconds);
        exit(1);
      }
      usleep(BETWEEN_US); /* whoever makes them answer may need this processor */
    }
  }
  printf("%lld\n", now() - began);
}

static const char *said(const char *word) { return *word == 0 ? "." : word; }

int main(int count, char **words) {
  signal(SIGPIPE, SIG_IGN);
  const char *what = count > 1 ? words[1] : "";
  if (count == 4 && strcmp(what, "serve") == 0) {
    serve(words[2], said(words[3]));
  } else if (count == 5 && strcmp(what, "time") == 0) {
    struct sockaddr_in end = end_of(words[2], words[3]);
    time_many(&end, (int)number(words[4], MOST));
  } else if (count == 6 && strcmp(what, "rate") == 0) {
    struct sockaddr_in end = end_of(words[2], words[3]);
    rate(&end, number(words[4], MOST), (int)number(words[5], 64));
  } else if (count > 5 && strcmp(what, "until") == 0) {
    until(number(words[2], MOST), words[3], said(words[4]), words + 5);
  } else {
    fprintf(stderr, "connection-timer: serve, time, rate or until; the source says how\n");
    return 2;
  }
  return 0;
}
