package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A table of connections that has no room for another one: what is known already still passes. */
public final class ConntrackFull implements Rule {
  private static final String FAULT = "conntrack-full";
  private static final String DROPPED = "conntrack.drop";

  /** Two first packets of one connection at once count as both (nf_ct_resolve_clash). */
  private static final String CLASHED = "conntrack.insert_failed";

  @Override
  public Set<String> faults() {
    return Set.of(FAULT);
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    return Stream.concat(
            path.isLostAtSender() ? path.sender().stream() : Stream.empty(),
            path.isLostAtReceiver() ? path.receiver().stream() : Stream.empty())
        .flatMap(node -> on(node).stream())
        .findFirst();
  }

  /** If packets are lost within this node, and it could not track connections meanwhile. */
  public static Optional<Finding> on(NodeEvidence node) {
    long drops = node.rose(DROPPED) - node.rose(CLASHED);
    return drops <= 0
        ? Optional.empty()
        : Optional.of(
            new Finding(
                FAULT,
                FAULT + "@" + node.node(),
                node.node() + " drops new connections: its kernel's table of connections is full",
                Certainty.OBSERVED,
                List.of(
                    node.node()
                        + " dropped "
                        + drops
                        + " packets whose connection could not be tracked"
                        + " (drop in /proc/net/stat/nf_conntrack)"),
                List.of("a rule of a packet filter: tracking comes before it"),
                List.of("who opens so many connections"),
                List.of(
                    Remedy.judged(
                        "on " + node.node() + ", double the limit of the table",
                        "sysctl -w net.netfilter.nf_conntrack_max="
                            + "$((2 * $(sysctl -n net.netfilter.nf_conntrack_max)))"),
                    Remedy.judged(
                        "see which addresses have most connections",
                        "conntrack -L 2>/dev/null | grep -o ' src=[^ ]*' | sort | uniq -c"
                            + " | sort -rn | head"))));
  }
}
