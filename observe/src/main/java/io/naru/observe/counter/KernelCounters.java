package io.naru.observe.counter;

import io.naru.linux.route.Link;
import io.naru.linux.route.LinkStatistics;
import io.naru.linux.route.RouteNetlink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The kernel's counters of this network namespace: SNMP's ({@code /proc/net/snmp}, {@code netstat},
 * {@code snmp6}) as {@code Udp.NoPorts}, connection tracking's ({@code
 * /proc/net/stat/nf_conntrack}) as {@code conntrack.drop}, and those of the tunnel device and the
 * underlay interface.
 */
public final class KernelCounters {
  /** The calling thread's namespace, which may be another than the process's. */
  private static final Path NET = Path.of("/proc/thread-self/net");

  private KernelCounters() {}

  /**
   * All of them now.
   *
   * @param interfaces which links count as what, like {@code vtep} and {@code nic}
   */
  public static Map<String, Long> read(RouteNetlink netlink, Map<String, String> interfaces) {
    Map<String, Long> counters = new HashMap<>();
    lines("snmp").ifPresent(lines -> pairs(lines, counters));
    lines("netstat").ifPresent(lines -> pairs(lines, counters));
    lines("snmp6").ifPresent(lines -> singles(lines, counters));
    lines("stat/nf_conntrack").ifPresent(lines -> conntrack(lines, counters));
    Map<Integer, LinkStatistics> statistics = netlink.statistics();
    for (Link link : netlink.links()) {
      interfaces.forEach(
          (role, name) -> {
            LinkStatistics counted = statistics.get(link.index());
            if (link.name().equals(name) && counted != null) {
              link(role, counted, counters);
            }
          });
    }
    return counters;
  }

  /** By how much each rose; those that did not are left out. */
  public static Map<String, Long> rise(Map<String, Long> before, Map<String, Long> after) {
    Map<String, Long> rise = new HashMap<>();
    after.forEach(
        (name, value) -> {
          long by = value - before.getOrDefault(name, 0L);
          if (by > 0) {
            rise.put(name, by);
          }
        });
    return rise;
  }

  private static Optional<List<String>> lines(String file) {
    try {
      return Optional.of(Files.readAllLines(NET.resolve(file)));
    } catch (IOException notThere) {
      return Optional.empty();
    }
  }

  /** A line of names and a line of numbers, both begin with the protocol. */
  private static void pairs(List<String> lines, Map<String, Long> counters) {
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      String[] names = lines.get(i).split(" ", -1);
      String[] values = lines.get(i + 1).split(" ", -1);
      String protocol = names[0].replace(":", ".");
      for (int j = 1; j < Math.min(names.length, values.length); j++) {
        put(protocol + names[j], values[j], counters);
      }
    }
  }

  private static void singles(List<String> lines, Map<String, Long> counters) {
    for (String line : lines) {
      String[] parts = line.strip().split("\\s+", 2);
      if (parts.length == 2) {
        put(parts[0], parts[1], counters);
      }
    }
  }

  /**
   * A line of names, then a line of hexadecimal numbers for each CPU (net/netfilter/
   * nf_conntrack_standalone.c). The first column counts what all CPUs have in common.
   */
  static void conntrack(List<String> lines, Map<String, Long> counters) {
    String[] names = lines.isEmpty() ? new String[0] : words(lines.getFirst());
    for (String line : lines.stream().skip(1).toList()) {
      String[] values = words(line);
      for (int i = 1; i < Math.min(names.length, values.length); i++) {
        try {
          counters.merge("conntrack." + names[i], Long.parseLong(values[i], 16), Long::sum);
        } catch (NumberFormatException notANumber) {
          // As below.
        }
      }
    }
  }

  private static String[] words(String line) {
    return line.strip().split("\\s+");
  }

  private static void put(String name, String value, Map<String, Long> counters) {
    try {
      counters.put(name, Long.parseLong(value.strip()));
    } catch (NumberFormatException notANumber) {
      // Another kernel's format: what cannot be read is not counted.
    }
  }

  private static void link(String role, LinkStatistics statistics, Map<String, Long> counters) {
    counters.put(role + ".receivedPackets", statistics.receivedPackets());
    counters.put(role + ".sentPackets", statistics.sentPackets());
    counters.put(role + ".receiveErrors", statistics.receiveErrors());
    counters.put(role + ".sendErrors", statistics.sendErrors());
    counters.put(role + ".receiveDropped", statistics.receiveDropped());
    counters.put(role + ".sendDropped", statistics.sendDropped());
    counters.put(role + ".receiveFrameErrors", statistics.receiveFrameErrors());
    counters.put(role + ".sendCarrierErrors", statistics.sendCarrierErrors());
  }
}
