package io.naru.doctor.audit;

import io.naru.core.address.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A security group of AWS.
 *
 * @param id like {@code sg-0123456789abcdef0}
 * @param vpc the network it belongs to, or empty
 * @param inbound what it lets in
 * @param outbound what it lets out; absent where the file does not say, and AWS lets out all
 */
public record SecurityGroup(
    String id,
    String name,
    String vpc,
    List<Permission> inbound,
    Optional<List<Permission>> outbound) {
  public SecurityGroup {
    inbound = List.copyOf(inbound);
    outbound = outbound.map(List::copyOf);
  }

  /** The id with the name that people know it by. */
  public String label() {
    return name.isEmpty() || name.equals(id) ? id : id + " (" + name + ")";
  }

  /**
   * A rule.
   *
   * @param protocol number of the IP protocol, or −1 for all
   * @param fromPort first port; −1 for all
   * @param toPort last port, inclusive; −1 for all
   * @param groups whose members it names
   * @param blocks addresses that it names
   * @param lists prefix lists that it names, whose content the file does not tell
   */
  public record Permission(
      int protocol,
      int fromPort,
      int toPort,
      Set<String> groups,
      List<Prefix> blocks,
      List<String> lists) {
    public Permission {
      groups = Set.copyOf(groups);
      blocks = List.copyOf(blocks);
      lists = List.copyOf(lists);
    }

    boolean allowsProtocol(int number) {
      return protocol == -1 || protocol == number;
    }

    boolean allowsPort(int port) {
      return protocol == -1 || port == 0 || fromPort == -1 || (fromPort <= port && port <= toPort);
    }

    boolean allows(Need need) {
      return allowsProtocol(need.number()) && allowsPort(need.port());
    }
  }
}
