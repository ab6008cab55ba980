package io.naru.dns;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.dns.upstream.UpstreamAddress;
import io.naru.dns.zone.ClusterZone;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How a node's DNS server works.
 *
 * @param listen addresses of the node at which it answers
 * @param port usually 53; 0 takes a free one
 * @param domain of the cluster, like {@code cluster.local}
 * @param mayAsk who gets answers; asked for every packet, so it must be quick
 * @param upstreams resolvers for everything else, in the order in which they are asked; none
 *     answers the rest with a failure
 * @param clusterUpstreams resolvers for the cluster's names, if it shall stand in front of another
 *     server instead of answering them itself
 * @param reverse the blocks of pods' and services' addresses: their reverse names are the
 *     cluster's, and never asked of {@code upstreams}
 */
public record Settings(
    List<IpAddress> listen,
    int port,
    String domain,
    Predicate<IpAddress> mayAsk,
    List<UpstreamAddress> upstreams,
    List<UpstreamAddress> clusterUpstreams,
    List<Prefix> reverse) {
  public Settings {
    listen = List.copyOf(listen);
    upstreams = List.copyOf(upstreams);
    clusterUpstreams = List.copyOf(clusterUpstreams);
    reverse = List.copyOf(reverse);
    Objects.requireNonNull(domain, "domain is missing");
    Objects.requireNonNull(mayAsk, "mayAsk is missing");
    if (port < 0 || port > 65535) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, port + " is no port; use a number from 1 to 65535");
    }
    List<IpAddress> own = listen;
    int at = port;
    Stream.concat(upstreams.stream(), clusterUpstreams.stream())
        .filter(each -> each.port() == at && own.contains(each.address()))
        .findFirst()
        .ifPresent(
            each -> {
              throw new NaruException(
                  ErrorCode.BAD_CONFIGURATION,
                  "the node's DNS server cannot ask "
                      + each
                      + ": it listens there itself; name another DNS server");
            });
  }

  /** The same at other addresses. */
  public Settings listeningAt(List<IpAddress> addresses) {
    return new Settings(addresses, port, domain, mayAsk, upstreams, clusterUpstreams, reverse);
  }

  /** The names that are the cluster's. */
  ClusterZone zone() {
    return ClusterZone.of(domain, reverse, listen);
  }
}
