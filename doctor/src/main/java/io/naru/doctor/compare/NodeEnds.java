package io.naru.doctor.compare;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.observe.packet.FrameDirection;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which addresses of the underlay are whose: as somebody said, or as the captures show. */
record NodeEnds(Known first, Known second) {
  /** A node's addresses, and how they are known. */
  record Known(Set<IpAddress> addresses, AddressSource how) {}

  static NodeEnds find(CaptureSummary first, CaptureSummary second, ComparisonOptions options) {
    boolean tunnel = hasTunnel(first) || hasTunnel(second);
    Counts a = new Counts(first, tunnel);
    Counts b = new Counts(second, tunnel);
    Known one = given(options, first).orElseGet(a::byDirection);
    Known two = given(options, second).orElseGet(b::byDirection);
    Map<IpAddress, Long> lean = lean(a, b);
    if (one.addresses.isEmpty()) {
      one = guess(a, b, two, lean, 1);
    }
    if (two.addresses.isEmpty()) {
      two = guess(b, a, one, lean, -1);
    }
    if (one.addresses.equals(two.addresses) && !one.addresses.isEmpty()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          first.name()
              + " and "
              + second.name()
              + " were both captured at "
              + one.addresses.iterator().next()
              + "; a comparison needs captures of two nodes");
    }
    return new NodeEnds(one, two);
  }

  private static Optional<Known> given(ComparisonOptions options, CaptureSummary side) {
    Set<IpAddress> said = options.addressesOf(side.name());
    return said.isEmpty()
        ? Optional.empty()
        : Optional.of(new Known(new TreeSet<>(said), AddressSource.GIVEN));
  }

  private static boolean hasTunnel(CaptureSummary side) {
    return side.paths().stream().anyMatch(path -> path.port() > 0);
  }

  /** How often a capture shows each pair of underlay addresses. */
  private static final class Counts {
    private final Map<OuterPath, Long> paths = new HashMap<>();
    private final Set<IpAddress> own = new TreeSet<>();
    private long total;

    Counts(CaptureSummary side, boolean tunnel) {
      side.flows().values().forEach(log -> add(side, log, tunnel));
      if (total == 0 && tunnel) {
        side.flows().values().forEach(log -> add(side, log, false));
      }
    }

    private void add(CaptureSummary side, PacketLog log, boolean tunnel) {
      for (int i = 0; i < log.count(); i++) {
        OuterPath path = side.paths().get(log.path(i));
        if (path.port() == 0 && tunnel) {
          continue;
        }
        paths.merge(new OuterPath(path.source(), path.destination(), 0, 0), 1L, Long::sum);
        total++;
        if (tunnel) {
          switch (log.direction(i)) {
            case FrameDirection.OUT -> own.add(path.source());
            case FrameDirection.IN -> own.add(path.destination());
            case FrameDirection.UNKNOWN -> {}
          }
        }
      }
    }

    Known byDirection() {
      return new Known(own, AddressSource.DIRECTIONS);
    }

    /** Addresses that every packet has: a node's interface sees none without its own. */
    Set<IpAddress> inAll() {
      Map<IpAddress, Long> seen = new TreeMap<>();
      paths.forEach(
          (path, count) -> {
            seen.merge(path.source(), count, Long::sum);
            if (!path.source().equals(path.destination())) {
              seen.merge(path.destination(), count, Long::sum);
            }
          });
      seen.values().removeIf(count -> count < total);
      return seen.keySet();
    }

    Set<IpAddress> all() {
      Set<IpAddress> all = new TreeSet<>();
      paths.keySet().forEach(path -> all.add(path.source()));
      paths.keySet().forEach(path -> all.add(path.destination()));
      return all;
    }
  }

  /** Positive for the first capture's own: a packet that only one side saw was sent there. */
  private static Map<IpAddress, Long> lean(Counts a, Counts b) {
    Set<OuterPath> paths = new LinkedHashSet<>(a.paths.keySet());
    paths.addAll(b.paths.keySet());
    Map<IpAddress, Long> lean = new HashMap<>();
    for (OuterPath path : paths) {
      long more = a.paths.getOrDefault(path, 0L) - b.paths.getOrDefault(path, 0L);
      lean.merge(path.source(), more, Long::sum);
      lean.merge(path.destination(), -more, Long::sum);
    }
    return lean;
  }

  private static Known guess(
      Counts side, Counts other, Known theirs, Map<IpAddress, Long> lean, int sign) {
    Set<IpAddress> candidates = new TreeSet<>(side.total > 0 ? side.inAll() : other.all());
    candidates.removeAll(theirs.addresses);
    if (candidates.size() == 1) {
      return new Known(
          candidates, side.total > 0 ? AddressSource.EVERY_PACKET : AddressSource.ONLY_PEER);
    }
    if (side.total == 0 && !theirs.addresses.isEmpty() && candidates.size() > 1) {
      return new Known(Set.of(), AddressSource.UNKNOWN);
    }
    // Of the two ends that both captures show, the sender of what only this side saw.
    return best(candidates, lean, sign);
  }

  private static Known best(Collection<IpAddress> candidates, Map<IpAddress, Long> lean, int sign) {
    return candidates.stream()
        .max(
            Comparator.<IpAddress>comparingLong(address -> sign * lean.getOrDefault(address, 0L))
                .thenComparing(Comparator.reverseOrder()))
        .map(
            address ->
                new Known(
                    Set.of(address),
                    lean.getOrDefault(address, 0L) == 0
                        ? AddressSource.GUESS
                        : AddressSource.LONE_SENDER))
        .orElse(new Known(Set.of(), AddressSource.UNKNOWN));
  }
}
