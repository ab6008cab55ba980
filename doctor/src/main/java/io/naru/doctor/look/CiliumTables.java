package io.naru.doctor.look;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.NaruException;
import io.naru.doctor.peer.Tunnel.PodRoute;
import io.naru.observe.program.BriefProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Cilium keeps in eBPF maps and not in the kernel's tables, as its own program lists it: which
 * node has which block of pods, and an address there that answers.
 */
final class CiliumTables {
  private static final List<String> PROGRAMS = List.of("cilium-dbg", "cilium");
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST = 10_000;

  /** {@code 10.233.65.0:0 172.26.50.201:0}, with or without the numbers after the addresses. */
  private static final Pattern TUNNEL =
      Pattern.compile(
          "^\\[?([0-9a-fA-F.:]+?)\\]?(?::0)?\\s+\\[?([0-9a-fA-F.:]+?)\\]?(?::\\d+|\\s+\\d+)?\\s*$");

  private static final Pattern IPCACHE =
      Pattern.compile(
          "^([0-9a-fA-F.:]+)/(?:32|128)\\s+.*identity=([46])\\b.*tunnelendpoint=([0-9a-fA-F.:]+).*");

  private CiliumTables() {}

  /** The blocks of other nodes; where they cannot be read, why. */
  static List<PodRoute> read(List<String> notChecked) {
    for (String program : PROGRAMS) {
      Optional<String> tunnels = run(program, "bpf", "tunnel", "list");
      if (tunnels.isPresent()) {
        return routes(tunnels.get(), run(program, "bpf", "ipcache", "list").orElse(""));
      }
    }
    notChecked.add(
        "Cilium's peers: they are in its eBPF maps, and neither cilium-dbg nor cilium runs here;"
            + " run naru in Cilium's own pod, or give it kubectl:kube-system/<cilium pod>");
    return List.of();
  }

  /**
   * The blocks that the lists name.
   *
   * @param tunnels what {@code cilium bpf tunnel list} prints
   * @param ipcache what {@code cilium bpf ipcache list} prints: identity 6 is a node's own address
   *     in the pods' network, identity 4 its health endpoint
   */
  static List<PodRoute> routes(String tunnels, String ipcache) {
    Map<IpAddress, IpAddress> answering = new LinkedHashMap<>();
    for (String identity : List.of("6", "4")) {
      ipcache
          .lines()
          .limit(MOST * 10L)
          .forEach(
              line -> {
                Matcher matcher = IPCACHE.matcher(line);
                if (matcher.matches() && matcher.group(2).equals(identity)) {
                  address(matcher.group(3))
                      .filter(node -> !node.isUnspecified())
                      .ifPresent(
                          node ->
                              address(matcher.group(1))
                                  .ifPresent(inside -> answering.putIfAbsent(node, inside)));
                }
              });
    }
    List<PodRoute> routes = new ArrayList<>();
    for (String line : tunnels.lines().limit(MOST).toList()) {
      Matcher matcher = TUNNEL.matcher(line.strip());
      Optional<IpAddress> block = matcher.matches() ? address(matcher.group(1)) : Optional.empty();
      Optional<IpAddress> node = block.isPresent() ? address(matcher.group(2)) : Optional.empty();
      if (node.filter(address -> !address.isUnspecified()).isPresent()) {
        Prefix prefix = Prefix.around(block.get(), block.get().isIpv4() ? 24 : 64);
        routes.add(
            new PodRoute(
                prefix,
                Optional.empty(),
                node,
                Optional.ofNullable(answering.get(node.get()))
                    .or(() -> Optional.of(prefix.address().plus(1)))));
      }
    }
    return List.copyOf(routes);
  }

  private static Optional<IpAddress> address(String text) {
    try {
      return Optional.of(IpAddress.parse(text));
    } catch (NaruException none) {
      return Optional.empty();
    }
  }

  private static Optional<String> run(String... words) {
    return BriefProgram.output(PATIENCE, List.of(words));
  }
}
