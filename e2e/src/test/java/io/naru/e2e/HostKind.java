package io.naru.e2e;

import java.util.ArrayList;
import java.util.List;

/** What a test host has to itself besides its network, and how its first process makes it. */
enum HostKind {
  /**
   * Its own /run and /var/lib, and files in /etc and /opt that change here only: labs beside it
   * make and remove directories there. The machine's other processes are seen.
   */
  PLAIN(
      List.of("--mount", "--uts"),
      """
      hostname "$0"
      mount -t tmpfs -o mode=0755 own /run
      mount -t tmpfs -o mode=0755 own /var/lib
      for folder in etc opt; do
        mkdir -p "/run/layers/$folder/upper" "/run/layers/$folder/work"
        mount -t overlay -o "lowerdir=/$folder,upperdir=/run/layers/$folder/upper" \\
          -o "workdir=/run/layers/$folder/work" own "/$folder"
      done
      mkdir -p /etc/cni /etc/naru /opt/cni
      touch /etc/cni /etc/naru /opt/cni
      mount -t tmpfs -o mode=0755 own /run
      mount -t sysfs sysfs /sys
      sysctl -q -w net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
      ip link set lo up
      echo ready
      exec sleep infinity
      """),

  /**
   * For container runtimes: also its own processes and IPC, files in /etc and /opt that change here
   * only, and the machine's control groups. Its first process ends with its standard input, that is
   * with the test, and takes all others along.
   */
  FOR_RUNTIMES(
      List.of("--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child"),
      """
      hostname "$0"
      mount -t tmpfs -o mode=0755 own /run
      mount -t tmpfs -o mode=0755 own /var/lib
      mount -t tmpfs own /var/tmp
      mount -t tmpfs own /dev/shm
      for folder in etc opt; do
        mkdir -p "/run/layers/$folder/upper" "/run/layers/$folder/work"
        mount -t overlay -o "lowerdir=/$folder,upperdir=/run/layers/$folder/upper" \\
          -o "workdir=/run/layers/$folder/work" own "/$folder"
      done
      mkdir /run/groups
      mount --rbind /sys/fs/cgroup /run/groups
      mount -t sysfs sysfs /sys
      mount --move /run/groups /sys/fs/cgroup
      rmdir /run/groups
      mount -t proc proc /proc
      sysctl -q -w net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
      ip link set lo up
      echo ready
      while read -r _; do :; done
      """);

  private final List<String> own;
  private final String script;

  HostKind(List<String> own, String script) {
    this.own = own;
    this.script = script;
  }

  /** The words that start the first process in a network namespace of that name. */
  List<String> start(String namespace, String host) {
    List<String> words = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + namespace));
    words.add("unshare");
    words.addAll(own);
    words.addAll(List.of("--propagation", "private", "bash", "-euc", script, host));
    return endingWithTest(words);
  }

  /**
   * The words of a program that ends when the test is killed. Where the host's first process takes
   * all others along, that is so anyway; elsewhere the kernel ends it with the thread that started
   * it (PR_SET_PDEATHSIG of prctl(2)), so that must not be one of a pool.
   */
  List<String> endingWithTest(List<String> words) {
    if (this == FOR_RUNTIMES) {
      return List.copyOf(words);
    }
    List<String> all = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "--"));
    all.addAll(words);
    return List.copyOf(all);
  }

  /** The process that has the namespaces, of the one that was started. */
  ProcessHandle holder(Process started) {
    return switch (this) {
      case PLAIN -> started.toHandle();
      case FOR_RUNTIMES -> started.children().findFirst().orElseThrow();
    };
  }

  /** The words that run a program in the holder's namespaces. */
  List<String> enter(long holder) {
    List<String> words = new ArrayList<>(List.of("nsenter", "--target", "" + holder));
    words.addAll(List.of("--net", "--mount", "--uts"));
    if (this == FOR_RUNTIMES) {
      words.addAll(List.of("--ipc", "--pid"));
    }
    words.add("--");
    return List.copyOf(words);
  }

  /** The program that was started: into other PID namespaces nsenter only sends a child. */
  static ProcessHandle program(Process started) {
    boolean onlyEntered =
        started.info().command().filter(file -> file.endsWith("/nsenter")).isPresent();
    return onlyEntered
        ? started.children().findFirst().orElse(started.toHandle())
        : started.toHandle();
  }
}
