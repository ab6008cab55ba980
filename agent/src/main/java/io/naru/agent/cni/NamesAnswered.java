package io.naru.agent.cni;

import io.naru.core.address.IpAddress;
import java.util.List;

/**
 * Where names are answered on this node.
 *
 * @param servers addresses of the node's DNS server; none where it has none
 * @param domain what the cluster's names end with
 */
public record NamesAnswered(List<IpAddress> servers, String domain) {
  /** Nowhere. */
  public static final NamesAnswered NOWHERE = new NamesAnswered(List.of(), "");

  public NamesAnswered {
    servers = List.copyOf(servers);
  }
}
