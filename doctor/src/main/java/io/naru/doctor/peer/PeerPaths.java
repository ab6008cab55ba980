package io.naru.doctor.peer;

import io.naru.core.address.IpAddress;
import io.naru.doctor.peer.Look.Probe;
import io.naru.doctor.peer.Look.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts together what two nodes' looks say of the paths from one of them. */
final class PeerPaths {
  private PeerPaths() {}

  /** The paths from a node. */
  static List<PeerPath> of(Look sender, NodeNames names) {
    Map<Probed, PeerEnd> ends = new HashMap<>();
    for (Tunnel tunnel : sender.tunnels()) {
      for (PeerEnd end : PeerEnd.of(tunnel)) {
        end.target().ifPresent(t -> ends.putIfAbsent(new Probed(tunnel.device(), t), end));
      }
    }
    Map<IpAddress, List<Seen>> here = seen(sender, sender.run());
    Map<String, Map<IpAddress, List<Seen>>> elsewhere = new HashMap<>();
    List<PeerPath> paths = new ArrayList<>();
    for (Probe probe : sender.probes()) {
      PeerEnd end = ends.getOrDefault(new Probed(probe.device(), probe.target()), bare(probe));
      String to = names.name(end);
      Optional<Look> receiver = names.named(to).filter(look -> !look.node().equals(sender.node()));
      Map<IpAddress, List<Seen>> there =
          receiver
              .map(look -> elsewhere.computeIfAbsent(to, _ -> seen(look, sender.run())))
              .orElse(Map.of());
      paths.add(
          new PeerPath(
              sender,
              to,
              probe,
              receiver,
              receiver.filter(other -> watchedTogether(sender, other)).isPresent(),
              here.getOrDefault(probe.target(), List.of()),
              there.getOrDefault(probe.target(), List.of())));
    }
    return List.copyOf(paths);
  }

  /** What tells probes of one node apart. */
  private record Probed(String device, IpAddress target) {}

  private static PeerEnd bare(Probe probe) {
    return new PeerEnd(
        probe.node(),
        Optional.empty(),
        Optional.empty(),
        false,
        List.of(),
        Optional.of(probe.target()));
  }

  /** What a node's taps saw of a run, by target. */
  private static Map<IpAddress, List<Seen>> seen(Look look, int run) {
    return look.seen().stream()
        .filter(seen -> seen.echoes().run() == run)
        .collect(Collectors.groupingBy(seen -> seen.echoes().target()));
  }

  /** One examination of both, or taps that were open long enough before and after. */
  private static boolean watchedTogether(Look sender, Look receiver) {
    return !sender.session().isEmpty() && sender.session().equals(receiver.session())
        || receiver.watchedFrom() <= sender.probedFrom()
            && receiver.watchedUntil() >= sender.probedUntil() + 300;
  }
}
