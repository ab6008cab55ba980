package io.naru.core.diagnosis;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A rule of the node's packet filter that dropped probes.
 *
 * @param chain family, table and chain, like {@code inet filter input}
 * @param hook what the packets were doing: {@code in}, {@code out} or {@code through}
 * @param rule its text; {@code policy drop} where no rule matched
 * @param handle its handle, if it has one
 * @param from source address of a packet that it dropped; empty where the trace did not tell
 * @param to its destination
 * @param passed chains that it went through before, which tell whose policy that is
 */
public record RuleDrop(
    String chain,
    String hook,
    String rule,
    Optional<String> handle,
    String from,
    String to,
    List<String> passed) {
  /** What the rule's text is where no rule matched. */
  public static final String POLICY = "policy drop";

  public RuleDrop {
    passed = List.copyOf(passed);
  }

  /** Where nobody knows what the packet went through before. */
  public RuleDrop(
      String chain, String hook, String rule, Optional<String> handle, String from, String to) {
    this(chain, hook, rule, handle, from, to, List.of());
  }

  /** What the fault may be called that such a rule is. */
  public static final Set<String> FAULTS =
      Set.of("host-input-drop", "host-output-drop", "forward-drop");

  /** What the fault is called that this rule is. */
  public String fault() {
    return switch (hook) {
      case "in" -> "host-input-drop";
      case "out" -> "host-output-drop";
      default -> "forward-drop";
    };
  }

  /** The same rule, whatever packet it dropped. */
  public String where() {
    return chain + ": " + rule;
  }

  /** For people: with the program that wrote it. */
  public String said() {
    return switch (FirewallOwner.of(this)) {
      case IPTABLES, NFTABLES -> where();
      case FIREWALLD, UFW, DOCKER, CILIUM, CALICO, KUBE_ROUTER, KUBE_PROXY ->
          where() + " (" + FirewallOwner.of(this) + ")";
    };
  }
}
