/*
 * Calls a CNI plugin as a container runtime does (CNI specification, section 2), for several network
 * namespaces at once, and prints how long all took together: "ADD NANOSECONDS" and "DEL NANOSECONDS" a run.
 *
 * cni-timer RUNS PLUGIN CONFIGURATION-FILE CNI_PATH NAMESPACE-FILE...
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 64, ROOM = 512, VARIABLES = 7 };

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fail(const char *what, int error) {
  fprintf(stderr, "cni-timer: %s: %s\n", what, strerror(error));
  exit(1);
}

/* Starts the plugin; what it prints goes to a file that is read only if it fails. */
static pid_t start(const char *plugin, const char *configuration, const char *output, char *const environment[]) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, configuration, O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  char *const arguments[] = {(char *)plugin, NULL};
  pid_t child;
  int error = posix_spawn(&child, plugin, &files, NULL, arguments, environment);
  if (error != 0) fail(plugin, error);
  posix_spawn_file_actions_destroy(&files);
  return child;
}

static void show(const char *file) {
  char text[4096];
  FILE *in = fopen(file, "r");
  if (in == NULL) return;
  size_t length = fread(text, 1, sizeof text, in);
  fwrite(text, 1, length, stderr);
  fclose(in);
}

static void all_at_once(const char *command, int run, char **arguments, int pods) {
  static char text[MOST][VARIABLES][ROOM];
  static char outputs[MOST][ROOM];
  char *environments[MOST][VARIABLES + 1];
  pid_t children[MOST];
  for (int pod = 0; pod < pods; pod++) {
    snprintf(text[pod][0], ROOM, "CNI_COMMAND=%s", command);
    snprintf(text[pod][1], ROOM, "CNI_CONTAINERID=timer-%d-%d-%d", (int)getpid(), run, pod);
    snprintf(text[pod][2], ROOM, "CNI_NETNS=%s", arguments[5 + pod]);
    snprintf(text[pod][3], ROOM, "CNI_IFNAME=eth0");
    snprintf(text[pod][4], ROOM, "CNI_PATH=%s", arguments[4]);
    snprintf(text[pod][5], ROOM, "CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE=bench;K8S_POD_NAME=timer-%d", pod);
    snprintf(text[pod][6], ROOM, "PATH=/usr/sbin:/usr/bin:/sbin:/bin");
    for (int i = 0; i < VARIABLES; i++) environments[pod][i] = text[pod][i];
    environments[pod][VARIABLES] = NULL;
    snprintf(outputs[pod], ROOM, "/tmp/cni-timer-%d-%d", (int)getpid(), pod);
  }
  long long began = now();
  for (int pod = 0; pod < pods; pod++)
    children[pod] = start(arguments[2], arguments[3], outputs[pod], environments[pod]);
  int failed = -1;
  for (int pod = 0; pod < pods; pod++) {
    int status;
    while (waitpid(children[pod], &status, 0) < 0)
      if (errno != EINTR) fail("waitpid", errno);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) failed = pod;
  }
  printf("%s %lld\n", command, now() - began);
  if (failed >= 0) {
    fprintf(stderr, "cni-timer: %s failed: ", command);
    show(outputs[failed]);
  }
  for (int pod = 0; pod < pods; pod++) unlink(outputs[pod]);
  if (failed >= 0) exit(1);
}

int main(int count, char **arguments) {
  int pods = count - 5;
  if (pods < 1 || pods > MOST) {
    fprintf(stderr, "cni-timer RUNS PLUGIN CONFIGURATION-FILE CNI_PATH NAMESPACE-FILE...\n");
    return 2;
  }
  int runs = atoi(arguments[1]);
  for (int run = 0; run < runs; run++) {
    all_at_once("ADD", run, arguments, pods);
    all_at_once("DEL", run, arguments, pods);
  }
  return 0;
}
