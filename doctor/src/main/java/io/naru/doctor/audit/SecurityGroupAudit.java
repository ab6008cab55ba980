package io.naru.doctor.audit;

import io.naru.core.address.Prefix;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.path.VxlanPort;
import io.naru.doctor.audit.SecurityGroup.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether security groups let through what a network needs between its nodes. */
public final class SecurityGroupAudit {
  private final AuditOptions options;
  private final List<SecurityGroup> nodes;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> open = new ArrayList<>();
  private final Set<String> assumed = new TreeSet<>();

  private SecurityGroupAudit(AuditOptions options, NodeGroups nodes) {
    this.options = options;
    this.nodes = nodes.groups();
    this.assumed.addAll(nodes.assumed());
  }

  /**
   * Audits.
   *
   * @param file where the groups stand, for sentences
   */
  public static AuditReport audit(List<SecurityGroup> groups, AuditOptions options, String file) {
    SecurityGroupAudit audit =
        new SecurityGroupAudit(options, NodeGroups.of(groups, options.nodeGroups(), file));
    for (Need need : options.needs()) {
      audit.nodes.forEach(group -> audit.inbound(need, group));
      audit.nodes.forEach(group -> audit.outbound(need, group));
    }
    return new AuditReport(
        options.network(),
        List.of(file),
        audit.findings,
        audit.open,
        List.copyOf(audit.assumed),
        List.of("network ACLs and route tables of the VPC: the file does not hold them"));
  }

  private void inbound(Need need, SecurityGroup group) {
    List<SecurityGroup> closed =
        nodes.stream().filter(peer -> !isOpen(group.inbound(), need, peer)).toList();
    if (closed.isEmpty()) {
      open.add(group.label() + " lets " + need + " in from " + labels(nodes));
      return;
    }
    List<String> evidence = new ArrayList<>();
    String code = instead(need, group, closed, evidence);
    if (closed.size() < nodes.size()) {
      List<SecurityGroup> allowed = nodes.stream().filter(peer -> !closed.contains(peer)).toList();
      evidence.addFirst(group.id() + " lets " + need + " in from " + labels(allowed) + " only");
      code = Finding.SOME_NODES;
    }
    if (closed.equals(List.of(group)) && nodes.size() > 1) {
      evidence.add("that matters where " + group.id() + " has more than one node");
    }
    findings.add(
        new Finding(
            code,
            need,
            group.label(),
            labels(closed),
            group.label(),
            group.label() + " does not let " + need + " in from " + others(closed, group),
            evidence,
            true,
            closed.stream().map(peer -> letIn(need, group, peer)).toList()));
  }

  /** What is open instead, and what that makes the finding. */
  private String instead(
      Need need, SecurityGroup group, List<SecurityGroup> closed, List<String> evidence) {
    String code = Finding.CLOSED;
    for (Permission rule : group.inbound()) {
      if (closed.stream().noneMatch(peer -> names(rule, peer)) && !namesSomeAddress(rule, need)) {
        continue;
      }
      if (rule.allows(need)) {
        evidence.add(group.id() + " lets it in from " + sources(rule) + " only");
        code = Finding.SOME_NODES;
      } else if (need.port() > 0
          && rule.protocol() != need.number()
          && (rule.protocol() == 6 || rule.protocol() == 17)
          && rule.allowsPort(need.port())) {
        evidence.add(group.id() + " lets in " + text(rule) + ", and the network needs " + need);
        code = Finding.WRONG_PROTOCOL;
      } else if (rule.protocol() == need.number() && isOtherVxlanPort(rule, need)) {
        evidence.add(group.id() + " lets in " + text(rule) + ", and the network needs " + need);
        code = Finding.WRONG_PORT;
      }
    }
    if (group.inbound().stream().noneMatch(rule -> rule.allowsProtocol(need.number()))) {
      evidence.add(group.id() + " has no rule that lets in any " + protocolName(need.number()));
    } else if (evidence.isEmpty()) {
      evidence.add("no rule of " + group.id() + " names " + need);
    }
    return code;
  }

  private static boolean isOtherVxlanPort(Permission rule, Need need) {
    return need.protocol().equals("udp")
        && VxlanPort.USUAL.contains(need.port())
        && VxlanPort.USUAL.stream().anyMatch(port -> port != need.port() && rule.allowsPort(port));
  }

  private void outbound(Need need, SecurityGroup group) {
    if (group.outbound().isEmpty()) {
      return;
    }
    List<SecurityGroup> closed =
        nodes.stream().filter(peer -> !isOpen(group.outbound().get(), need, peer)).toList();
    if (!closed.isEmpty()) {
      findings.add(
          new Finding(
              Finding.CLOSED,
              need,
              group.label(),
              group.label(),
              labels(closed),
              group.label() + " does not let " + need + " out to " + others(closed, group),
              List.of("its outbound rules do not name " + need + " and that destination"),
              true,
              closed.stream().map(peer -> letOut(need, group, peer)).toList()));
    }
  }

  private boolean isOpen(List<Permission> rules, Need need, SecurityGroup peer) {
    return rules.stream().anyMatch(rule -> rule.allows(need) && names(rule, peer));
  }

  /** Whether a rule is about all members of a group. */
  private boolean names(Permission rule, SecurityGroup peer) {
    if (rule.groups().contains(peer.id())) {
      return true;
    }
    if (!rule.lists().isEmpty()) {
      assumed.add("the prefix lists " + String.join(", ", rule.lists()) + " hold all nodes");
      return true;
    }
    if (!options.nodeAddresses().isEmpty()) {
      return options.nodeAddresses().stream()
          .allMatch(node -> rule.blocks().stream().anyMatch(block -> block.contains(node)));
    }
    for (Prefix block : rule.blocks()) {
      if (block.length() == 0) {
        return true;
      }
      if (block.length() < block.family().bits()) {
        assumed.add("all nodes have addresses of " + block + "; say theirs with --address");
        return true;
      }
    }
    return false;
  }

  private boolean namesSomeAddress(Permission rule, Need need) {
    return rule.allows(need) && !rule.blocks().isEmpty();
  }

  private static String sources(Permission rule) {
    List<String> sources = new ArrayList<>(new TreeSet<>(rule.groups()));
    rule.blocks().forEach(block -> sources.add(block.toString()));
    sources.addAll(rule.lists());
    return String.join(", ", sources);
  }

  private static String text(Permission rule) {
    String protocol = protocolName(rule.protocol());
    if (rule.fromPort() == -1 || (rule.fromPort() == 0 && rule.toPort() == 65535)) {
      return protocol + ", all ports";
    }
    return protocol
        + " "
        + rule.fromPort()
        + (rule.toPort() == rule.fromPort() ? "" : "–" + rule.toPort());
  }

  private static String protocolName(int number) {
    return switch (number) {
      case 6 -> "TCP";
      case 17 -> "UDP";
      default -> "IP protocol " + number;
    };
  }

  private static String labels(List<SecurityGroup> groups) {
    return groups.stream().map(SecurityGroup::label).collect(Collectors.joining(", "));
  }

  private static String others(List<SecurityGroup> peers, SecurityGroup self) {
    return peers.equals(List.of(self)) ? "its own members" : labels(peers);
  }

  private static Remedy letIn(Need need, SecurityGroup group, SecurityGroup peer) {
    String head = "aws ec2 authorize-security-group-ingress --group-id " + group.id();
    return Remedy.judged(
        "let " + need + " in to " + group.label() + " from " + peer.label(),
        need.port() == 0
            ? head + permission(need, peer)
            : head
                + " --protocol "
                + need.protocol()
                + " --port "
                + need.port()
                + " --source-group "
                + peer.id());
  }

  private static Remedy letOut(Need need, SecurityGroup group, SecurityGroup peer) {
    return Remedy.judged(
        "let " + need + " out of " + group.label() + " to " + peer.label(),
        "aws ec2 authorize-security-group-egress --group-id "
            + group.id()
            + permission(need, peer));
  }

  private static String permission(Need need, SecurityGroup peer) {
    return " --ip-permissions 'IpProtocol="
        + need.protocol()
        + (need.port() == 0 ? "" : ",FromPort=" + need.port() + ",ToPort=" + need.port())
        + ",UserIdGroupPairs=[{GroupId="
        + peer.id()
        + "}]'";
  }
}
