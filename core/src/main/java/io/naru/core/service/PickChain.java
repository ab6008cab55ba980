package io.naru.core.service;

import io.naru.core.address.IpFamily;
import io.naru.core.desired.FilterScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A chain that gives a connection one of so many backends. Services of as many backends share it:
 * which ones they are, it looks up by the service and the number that fell.
 *
 * @param front by what a service is known
 * @param backends how many there are to choose from
 * @param affinitySeconds so long a client keeps its backend, if it does
 */
record PickChain(Front front, int backends, Optional<Integer> affinitySeconds) {
  /** By what a packet's service is known, and in whose maps its backends are. */
  enum Front {
    /** The service's own address. */
    CLUSTER("", true),
    /** A port of the nodes, and backends of all nodes. */
    NODE("node_", false),
    /** A port of the nodes, and backends of this node alone. */
    LOCAL("local_", false);

    private final String prefix;
    private final boolean byAddress;

    Front(String prefix, boolean byAddress) {
      this.prefix = prefix;
      this.byAddress = byAddress;
    }

    /** What a packet is looked up by. */
    String selector(IpFamily family) {
      return (byAddress ? FilterScript.protocol(family) + " daddr . " : "")
          + "meta l4proto . th dport";
    }

    /**
     * What a client of a service is remembered by. Addresses of IPv6 do not fit into the kernel's
     * registers beside a value, so it is their hash: two clients that share one share a backend.
     */
    String client(IpFamily family) {
      return switch (family) {
        case IPV4 -> "ip saddr . " + selector(family);
        case IPV6 ->
            "meta l4proto . th dport . jhash ip6 saddr"
                + (byAddress ? " . ip6 daddr" : "")
                + " mod 4294967295 seed 0x6e617275";
      };
    }

    /** The types of that. */
    String clientTypes(IpFamily family) {
      return switch (family) {
        case IPV4 -> client(family);
        case IPV6 -> "meta l4proto . th dport . numgen random mod 65536";
      };
    }

    /** The map from service to the port of its backends. */
    String targets(IpFamily family) {
      return (byAddress ? "targets" : "node_targets") + digit(family);
    }

    /** The map from service and number to backend. */
    String backends(IpFamily family) {
      return prefix + "backends" + digit(family);
    }

    /** The map from service and number to a backend's id. */
    String ids(IpFamily family) {
      return prefix + "ids" + digit(family);
    }

    /** The map from service and a backend's id to the backend. */
    String backendsById(IpFamily family) {
      return prefix + "backends_by_id" + digit(family);
    }

    /** The map from a client of a service to its backend's id; the kernel fills it. */
    String affinity(IpFamily family) {
      return prefix + "affinity" + digit(family);
    }
  }

  /** The match of a family's packets. */
  static String only(IpFamily family) {
    return switch (family) {
      case IPV4 -> "meta nfproto ipv4 ";
      case IPV6 -> "meta nfproto ipv6 ";
    };
  }

  /** What the names of a family's maps end with. */
  static String digit(IpFamily family) {
    return switch (family) {
      case IPV4 -> "4";
      case IPV6 -> "6";
    };
  }

  String name() {
    return front.prefix
        + affinitySeconds
            .map(seconds -> "keep_" + backends + "_" + seconds)
            .orElse("pick_" + backends);
  }

  /** Its rules, a line each. */
  List<String> rules() {
    List<String> rules = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      if (affinitySeconds.isPresent()) {
        rules.addAll(keeping(family, affinitySeconds.get()));
      } else {
        rules.add(
            "%sdnat %s to %s . numgen random mod %d map @%s : %s map @%s"
                .formatted(
                    only(family),
                    FilterScript.protocol(family),
                    front.selector(family),
                    backends,
                    front.backends(family),
                    front.selector(family),
                    front.targets(family)));
      }
    }
    // A change between two look-ups may leave a number without a backend: what is dropped here is
    // remembered by nobody, and sent again a moment later.
    rules.add("drop");
    return rules;
  }

  /**
   * A register is needed that holds a backend's id between the rules. The packet's priority can do
   * it: only a connection's first packet comes here, and forwarding sets it anew (ip_forward of
   * net/ipv4/ip_forward.c). A mark might be somebody's.
   */
  private List<String> keeping(IpFamily family, int seconds) {
    String only = only(family);
    String service = front.selector(family);
    String client = front.client(family);
    String remembered =
        "@%s { %s timeout %ds : meta priority }".formatted(front.affinity(family), client, seconds);
    String toChosen =
        "dnat %s to %s . meta priority map @%s : %s map @%s"
            .formatted(
                FilterScript.protocol(family),
                service,
                front.backendsById(family),
                service,
                front.targets(family));
    return List.of(
        // The client's backend, if it has one that is still a backend.
        only
            + "meta priority set %s map @%s %s . meta priority @%s update %s %s"
                .formatted(
                    client,
                    front.affinity(family),
                    service,
                    front.backendsById(family),
                    remembered,
                    toChosen),
        // The kernel does not overwrite what it remembers: what is wrong has to go first.
        only + "delete @%s { %s : meta priority }".formatted(front.affinity(family), client),
        only
            + "meta priority set %s . numgen random mod %d map @%s"
                .formatted(service, backends, front.ids(family)),
        // Where so many are remembered that there is no room, a client is served all the same.
        only + "update " + remembered,
        only + toChosen);
  }
}
