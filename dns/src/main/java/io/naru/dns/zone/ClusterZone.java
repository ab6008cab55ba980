package io.naru.dns.zone;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * Over which names the cluster rules.
 *
 * @param domain like {@code cluster.local.}, absolute
 * @param reverse blocks of services' and pods' addresses: their reverse names are the cluster's
 * @param servers where its name server {@code ns.dns.DOMAIN} is reached
 */
public record ClusterZone(Name domain, List<Prefix> reverse, List<IpAddress> servers) {
  public ClusterZone {
    reverse = List.copyOf(reverse);
    servers = List.copyOf(servers);
    if (!domain.isAbsolute() || domain.labels() < 2) {
      throw new NaruException(
          ErrorCode.BAD_CONFIGURATION,
          "'" + domain + "' cannot be the cluster's domain; use one like cluster.local");
    }
  }

  /** The zone of a domain as people write it, with or without the dot at its end. */
  public static ClusterZone of(String domain, List<Prefix> reverse, List<IpAddress> servers) {
    try {
      return new ClusterZone(Name.fromString(domain, Name.root), reverse, servers);
    } catch (TextParseException e) {
      throw new NaruException(
          ErrorCode.BAD_CONFIGURATION,
          "'" + domain + "' cannot be the cluster's domain; use one like cluster.local",
          e);
    }
  }

  /** Whether a name is below the domain, or the reverse name of an address in one of the blocks. */
  public boolean owns(Name name) {
    if (name.subdomain(domain)) {
      return true;
    }
    ReverseName reversed = ReverseName.read(name);
    return reversed != null && blockOf(reversed) != null;
  }

  @Nullable Prefix blockOf(ReverseName name) {
    for (Prefix each : reverse) {
      if (each.contains(name.prefix())) {
        return each;
      }
    }
    return null;
  }
}
