package io.naru.doctor.look;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.NaruException;
import io.naru.doctor.peer.Tunnel.PodRoute;
import io.naru.observe.program.BriefProgram;
import java.time.Duration;
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
          "^([0-9a-fA-F.:]+/\\d{1,3})\\s+.*identity=(\\d+)\\b.*tunnelendpoint=([0-9a-fA-F.:]+).*");

  private CiliumTables() {}

  /** The blocks of other nodes; where they cannot be read, why. */
  static List<PodRoute> read(List<String> notChecked) {
    for (String program : PROGRAMS) {
      // Gone since Cilium 1.18; a program that does not know it prints its help.
      Optional<String> tunnels = run(program, "bpf", "tunnel", "list");
      Optional<String> ipcache = run(program, "bpf", "ipcache", "list");
      if (tunnels.isPresent() || ipcache.isPresent()) {
        List<PodRoute> routes = routes(tunnels.orElse(""), ipcache.orElse(""));
        if (routes.isEmpty()) {
          notChecked.add(
              "Cilium's peers: neither "
                  + program
                  + " bpf tunnel list nor "
                  + program
                  + " bpf ipcache list names a block of pods behind another node");
        }
        return routes;
      }
    }
    notChecked.add(
        "Cilium's peers: they are in its eBPF maps, and neither cilium-dbg nor cilium lists them"
            + " here; run naru in Cilium's own pod, or give it kubectl:kube-system/<cilium pod>");
    return List.of();
  }

  /**
   * The blocks that the lists name.
   *
   * @param tunnels what {@code cilium bpf tunnel list} prints, until Cilium 1.17
   * @param ipcache what {@code cilium bpf ipcache list} prints: identity 6 is a node's own address
   *     in the pods' network, identity 4 its health endpoint; blocks have any
   */
  static List<PodRoute> routes(String tunnels, String ipcache) {
    List<Cached> cached =
        ipcache.lines().limit(MOST * 10L).flatMap(line -> cached(line).stream()).toList();
    Map<IpAddress, IpAddress> answering = new LinkedHashMap<>();
    for (String identity : List.of("6", "4")) {
      cached.stream()
          .filter(each -> each.isOneAddress() && each.identity().equals(identity))
          .forEach(each -> answering.putIfAbsent(each.node(), each.prefix().address()));
    }
    Map<Prefix, IpAddress> blocks = new LinkedHashMap<>();
    for (String line : tunnels.lines().limit(MOST).toList()) {
      Matcher matcher = TUNNEL.matcher(line.strip());
      Optional<IpAddress> block = matcher.matches() ? address(matcher.group(1)) : Optional.empty();
      Optional<IpAddress> node = block.isPresent() ? address(matcher.group(2)) : Optional.empty();
      node.filter(address -> !address.isUnspecified())
          .ifPresent(
              address ->
                  blocks.put(Prefix.around(block.get(), block.get().isIpv4() ? 24 : 64), address));
    }
    if (blocks.isEmpty()) {
      cached.stream()
          .filter(each -> !each.isOneAddress() && each.prefix().length() > 0)
          .limit(MOST)
          .forEach(each -> blocks.putIfAbsent(each.prefix(), each.node()));
    }
    return blocks.entrySet().stream()
        .map(
            block ->
                new PodRoute(
                    block.getKey(),
                    Optional.empty(),
                    Optional.of(block.getValue()),
                    Optional.ofNullable(answering.get(block.getValue()))
                        .or(() -> Optional.of(block.getKey().address().plus(1)))))
        .toList();
  }

  /** A line of the cache of addresses, about another node. */
  private record Cached(Prefix prefix, String identity, IpAddress node) {
    boolean isOneAddress() {
      return prefix.length() == prefix.address().family().bits();
    }
  }

  private static Optional<Cached> cached(String line) {
    Matcher matcher = IPCACHE.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      Prefix prefix = Prefix.parse(matcher.group(1));
      return address(matcher.group(3))
          .filter(node -> !node.isUnspecified())
          .map(node -> new Cached(prefix, matcher.group(2), node));
    } catch (NaruException noPrefix) {
      return Optional.empty();
    }
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
