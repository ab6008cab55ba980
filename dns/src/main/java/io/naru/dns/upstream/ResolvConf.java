package io.naru.dns.upstream;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The resolvers that a host's {@code /etc/resolv.conf} names: resolv.conf(5). */
public final class ResolvConf {
  /** So many glibc makes use of. */
  private static final int MOST = 3;

  private ResolvConf() {}

  /**
   * The resolvers in a file's text, in their order. Lines that name none are passed over, as glibc
   * does; so are addresses with a scope, which upstreams here cannot have.
   *
   * @param own addresses at which the node's own server listens: it must not ask itself
   */
  public static List<UpstreamAddress> upstreams(String text, Collection<IpAddress> own) {
    List<UpstreamAddress> found = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] words = line.strip().split("\\s+", 3);
      if (words.length < 2 || !words[0].equals("nameserver") || found.size() == MOST) {
        continue;
      }
      Optional<IpAddress> address = read(words[1]);
      if (address.isPresent() && !own.contains(address.get())) {
        found.add(UpstreamAddress.of(address.get()));
      }
    }
    return List.copyOf(found);
  }

  private static Optional<IpAddress> read(String text) {
    try {
      return Optional.of(IpAddress.parse(text));
    } catch (NaruException notAnAddress) {
      return Optional.empty();
    }
  }
}
