package io.naru.doctor.files;

import io.naru.core.text.Printable;
import io.naru.doctor.capture.CaptureReader;
import io.naru.doctor.capture.CapturedPacket;
import io.naru.doctor.capture.CutShortException;
import io.naru.doctor.compare.CaptureSummary;
import io.naru.doctor.compare.CaptureSummaryReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A file of {@code naru capture}: several nodes' captures, told apart by interfaces' names. */
final class BothEnds {
  private static final String NIC = "/nic";

  /** More nodes than these are in no such file. */
  private static final int MOST = 16;

  private BothEnds() {}

  /** A capture for each node whose {@code NODE/nic} is in the file; none in other captures. */
  static List<CaptureSummary> read(Path file, Set<Integer> vxlanPorts) {
    return nodes(file).stream()
        .map(
            node -> {
              try (CaptureReader reader = CaptureReader.open(file)) {
                return CaptureSummaryReader.read(
                    reader,
                    Printable.line(node),
                    vxlanPorts,
                    packet -> packet.interfaceName().equals(node + NIC));
              }
            })
        .toList();
  }

  private static Set<String> nodes(Path file) {
    Set<String> nodes = new TreeSet<>();
    try (CaptureReader reader = CaptureReader.open(file)) {
      for (Optional<CapturedPacket> next = reader.next();
          next.isPresent() && nodes.size() < MOST;
          next = reader.next()) {
        String name = next.get().interfaceName();
        if (name.isEmpty()) {
          return Set.of();
        }
        if (name.endsWith(NIC)) {
          nodes.add(name.substring(0, name.length() - NIC.length()));
        }
      }
    } catch (CutShortException end) {
      // What stands before is used.
    }
    return nodes;
  }
}
