package io.naru.core.desired;

import io.naru.core.address.Prefix;
import io.naru.core.service.ServicePort;
import io.naru.core.state.ForeignHook;
import io.naru.core.state.RouteTables;
import java.util.List;
import java.util.stream.Stream;

/**
 * The mark by which other people's forward chains know what they are to let pass, from before the
 * first of them until after the last. What may pass depends on connections, and a rule that asks
 * for those in a chain of iptables would keep its programs from reading that chain at all (iptables
 * 1.8.9: "incompatible, use 'nft' tool"); a rule that asks for a mark does not.
 */
final class AcceptMark {
  /** Before raw's -300, and as far behind filter's 0. */
  private static final int BEFORE_ALL = -500;

  private static final int AFTER_ALL = 500;

  private static final String SET = "meta mark set meta mark | " + hex(RouteTables.MAY_PASS);
  private static final String TAKE =
      "    meta mark set meta mark & " + hex(~RouteTables.MAY_PASS) + "\n";

  private AcceptMark() {}

  /** The matches of a rule for what is marked, as nft writes them. */
  static String match() {
    String bit = hex(RouteTables.MAY_PASS);
    return "meta mark & " + bit + " == " + bit;
  }

  private static String hex(int bits) {
    return "0x%08x".formatted(bits);
  }

  /** The chains that set it and take it away; empty where no forward chain of others drops. */
  static String chains(NodeView view, HostFacts host) {
    return host.droppingChains().stream().anyMatch(chain -> chain.hook() == ForeignHook.FORWARD)
        ? chains(view)
        : "";
  }

  private static String chains(NodeView view) {
    StringBuilder rules = new StringBuilder();
    view.configuration().clusterCidrs().stream()
        .flatMap(block -> Stream.concat(pods(block), services(view, block)))
        .forEach(match -> rules.append("    " + match + " " + SET + " accept\n"));
    // Nobody else's mark is a pass, and nobody else sees ours.
    return chain("mark_what_may_pass", BEFORE_ALL, TAKE + rules)
        + chain("unmark_what_may_pass", AFTER_ALL, TAKE);
  }

  private static String chain(String name, int priority, String rules) {
    return ("  chain " + name + " {\n")
        + ("    type filter hook forward priority " + priority + "; policy accept;\n")
        + (rules + "  }\n");
  }

  /** Pods may send, pods may reach pods, and replies may come. */
  private static Stream<String> pods(Prefix cidr) {
    String from = FilterScript.protocol(cidr.family()) + " saddr " + cidr;
    String to = FilterScript.protocol(cidr.family()) + " daddr " + cidr;
    return Stream.of(
        "iifname \"naru*\" " + from,
        "oifname \"naru*\" " + from + " " + to,
        "oifname \"naru*\" " + to + " ct state established,related");
  }

  /**
   * Who asked for a service of this cluster, by its address or at a node port, and was sent on to a
   * pod, may reach it, and the answers may come: the flow began with the one address, and is
   * answered from the other. Who else may reach a pod, the chain says.
   */
  private static Stream<String> services(NodeView view, Prefix pods) {
    String ip = FilterScript.protocol(pods.family());
    String answeredByPod = " ct reply " + ip + " saddr " + pods;
    List<Prefix> services =
        view.configuration().services().serviceCidrs().stream()
            .filter(block -> block.family() == pods.family())
            .toList();
    return services.isEmpty()
        ? Stream.empty()
        : Stream.concat(
            services.stream().map(block -> "ct original " + ip + " daddr " + block + answeredByPod),
            Stream.of("tcp", "udp")
                .map(protocol -> atNodePort(protocol) + answeredByPod + " ct status dnat"));
  }

  private static String atNodePort(String protocol) {
    return "meta l4proto %s ct original proto-dst %d-%d"
        .formatted(protocol, ServicePort.FIRST_NODE_PORT, ServicePort.LAST_NODE_PORT);
  }
}
