package io.naru.core.desired;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.desired.HostFacts.ForeignChain;
import io.naru.core.service.ServicePort;
import java.util.List;
import java.util.stream.Stream;

/**
 * Rules that let Naru's packets pass other people's chains that drop what they do not know. Each is
 * the matches alone, for {@code insert rule FAMILY TABLE CHAIN …}, as nft writes them.
 */
public final class AcceptRules {
  /** The comment that marks a rule of ours in somebody else's chain. */
  public static final String COMMENT = "naru: pods may pass";

  private AcceptRules() {}

  /** The rules for that chain; none where no packet of this cluster can meet it. */
  public static List<String> of(NodeView view, ForeignChain chain) {
    List<Prefix> blocks =
        switch (chain.hook()) {
          case FORWARD -> view.configuration().clusterCidrs();
          case INPUT -> view.self().podCidrs();
        };
    return blocks.stream()
        .filter(block -> concerns(chain, block))
        .flatMap(
            block ->
                switch (chain.hook()) {
                  case FORWARD -> Stream.concat(pods(block), services(view, block));
                  case INPUT -> asked(view, block);
                })
        .toList();
  }

  private static boolean concerns(ForeignChain chain, Prefix block) {
    return chain.family().equals("inet")
        || chain.family().equals(FilterScript.protocol(block.family()));
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

  /**
   * Pods of this node may ask it for names. A rule for each protocol: one for both would need a
   * set, and beside a set iptables 1.8.9 neither lists the chain nor deletes from it.
   */
  private static Stream<String> asked(NodeView view, Prefix pods) {
    return view.dnsAddresses().stream()
        .filter(address -> address.family() == pods.family())
        .flatMap(address -> asked(pods, address));
  }

  private static Stream<String> asked(Prefix pods, IpAddress names) {
    String ip = FilterScript.protocol(pods.family());
    String match = "iifname \"naru*\" " + ip + " saddr " + pods + " " + ip + " daddr " + names;
    return Stream.of(match + " udp dport 53", match + " tcp dport 53");
  }
}
