package io.naru.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The kernel's tables of neighbours (ARP, NDP), which all network namespaces of a machine share
 * (net/core/neighbour.c, {@code gc_thresh3}): every node of a large lab has an entry for every
 * other, more together than the usual 1,024. The thresholds are raised for it, and set back with
 * the last lab.
 */
final class NeighbourTable {
  private static final Path BEFORE = LabDirectory.ROOT.resolve(".neighbour-thresholds");
  private static final List<Path> SETTINGS =
      List.of(
          Path.of("/proc/sys/net/ipv4/neigh/default/gc_thresh3"),
          Path.of("/proc/sys/net/ipv4/neigh/default/gc_thresh2"),
          Path.of("/proc/sys/net/ipv6/neigh/default/gc_thresh3"),
          Path.of("/proc/sys/net/ipv6/neigh/default/gc_thresh2"));

  private NeighbourTable() {}

  /** Makes room for a lab of so many nodes. The caller holds the labs' lock. */
  static void makeRoom(int nodes) throws IOException {
    // Each node has the others and its gateway, the fabric has the nodes; as much again for pods.
    int needed = 2 * (nodes + 1) * (nodes + 1);
    for (Path setting : SETTINGS) {
      if (!Files.isWritable(setting)) {
        continue; // a host without IPv6
      }
      String now = read(setting);
      if (Integer.parseInt(now) < needed) {
        Files.writeString(
            BEFORE,
            setting + " " + now + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
        Files.writeString(setting, Integer.toString(needed));
      }
    }
  }

  /** In one go: the kernel gives a second read nothing, and Java's whole-file reads begin small. */
  private static String read(Path setting) throws IOException {
    try (InputStream stream = Files.newInputStream(setting)) {
      byte[] digits = new byte[32];
      int length = stream.read(digits);
      return new String(digits, 0, Math.max(length, 0), StandardCharsets.US_ASCII).strip();
    }
  }

  /** Sets back what was raised, the oldest value last. The caller holds the labs' lock. */
  static void setBack() throws IOException {
    if (!Files.exists(BEFORE)) {
      return;
    }
    for (String line : Files.readAllLines(BEFORE).reversed()) {
      String[] parts = line.split(" ", 2);
      Files.writeString(Path.of(parts[0]), parts[1]);
    }
    Files.delete(BEFORE);
  }
}
