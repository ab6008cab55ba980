package io.naru.agent.kernel;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.NaruException;
import io.naru.linux.nftables.Nftables;
import io.naru.linux.nftables.NftablesException;
import io.naru.linux.route.Link;
import io.naru.linux.route.RouteNetlink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * kube-proxy on the same host, where it has services of the same block: two services may be given
 * one address, and whose it is depends on whose rules were there first.
 */
public final class KubeProxy {
  private static final Logger LOG = LoggerFactory.getLogger(KubeProxy.class);

  /** A look costs time on a host with many of its services. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

  /** Its chain for all services in iptables' tables, its table of nftables, its link of IPVS. */
  private static final String CHAIN = "KUBE-SERVICES";

  private static final String TABLE = "kube-proxy";
  private static final String LINK = "kube-ipvs0";

  /** An address as nft lists it. */
  private static final Pattern ADDRESS = Pattern.compile("\"([0-9a-f.:]{2,39})\"");

  /** An address that it leads on, and by what. */
  private record Led(IpAddress address, String by) {}

  /** Where its services' addresses are in its table: a map that leads on, and a set of all. */
  private static final List<List<String>> KEPT =
      List.of(List.of("map", "service-ips"), List.of("set", "cluster-ips"));

  private final AtomicBoolean looking = new AtomicBoolean();
  private OptionalLong looked = OptionalLong.empty();
  private List<Prefix> lookedFor = List.of();
  private volatile Optional<String> problem = Optional.empty();

  /** What is wrong and what to do, a sentence. */
  public Optional<String> problem() {
    return problem;
  }

  /**
   * Looks, at most once a minute, in the network namespace of the calling thread; which does not
   * wait for that: a host may have tens of thousands of its rules.
   *
   * @param blocks that this cluster's services have addresses of; none where there are no services
   */
  public void look(List<Prefix> blocks) {
    long now = System.nanoTime();
    if (blocks.equals(lookedFor)
        && looked.isPresent()
        && now - looked.getAsLong() < BETWEEN_LOOKS.toNanos()) {
      return;
    }
    if (looking.compareAndSet(false, true)) {
      looked = OptionalLong.of(now);
      lookedFor = List.copyOf(blocks);
      // A platform thread is born in the namespace of the one that starts it.
      Thread _ =
          Thread.ofPlatform()
              .daemon()
              .name("naru-kube-proxy")
              .start(
                  () -> {
                    try {
                      lookNow(blocks);
                    } finally {
                      looking.set(false);
                    }
                  });
    }
  }

  /** Looks, and waits for it. */
  void lookNow(List<Prefix> blocks) {
    try {
      problem = blocks.isEmpty() ? Optional.empty() : sharing(blocks);
    } catch (NaruException changed) {
      LOG.debug("what kube-proxy has could not be read: {}", changed.sentence());
    }
  }

  private static Optional<String> sharing(List<Prefix> blocks) {
    for (Led led : led().toList()) {
      for (Prefix block : blocks) {
        if (block.contains(led.address())) {
          return Optional.of(
              ("kube-proxy on this host leads %s to a service of its own (%s), and %s is the block of"
                      + " this cluster's services: one address may be given twice, and then either"
                      + " service is cut off; write serviceCidrs that are no part of kube-proxy's"
                      + " into the network's file")
                  .formatted(led.address(), led.by(), block));
        }
      }
    }
    return Optional.empty();
  }

  private static Stream<Led> led() {
    List<Led> found = new ArrayList<>();
    for (JsonNode item : NftListing.of("chains").path("nftables")) {
      JsonNode chain = item.path("chain");
      String family = chain.path("family").asString("");
      String table = chain.path("table").asString("");
      if (table.equals("nat") && chain.path("name").asString("").equals(CHAIN)) {
        found.addAll(
            listed("nft chain " + family + " nat " + CHAIN, "chain", family, table, CHAIN));
      }
      // Each of its tables has this chain, which holds no service, and so comes up once.
      if (table.equals(TABLE) && chain.path("name").asString("").equals("services")) {
        for (List<String> kept : KEPT) {
          found.addAll(
              listed(
                  "nft table " + family + " " + TABLE,
                  kept.getFirst(),
                  family,
                  TABLE,
                  kept.getLast()));
        }
      }
    }
    return Stream.concat(found.stream(), byIpvs().stream());
  }

  private static List<Led> listed(String by, String... what) {
    String listing;
    try {
      listing = Nftables.listJson(what);
    } catch (NftablesException refused) {
      if (refused.isAbsent()) {
        return List.of();
      }
      throw refused;
    }
    return ADDRESS
        .matcher(listing)
        .results()
        .map(KubeProxy::address)
        .flatMap(Optional::stream)
        .map(address -> new Led(address, by))
        .toList();
  }

  private static Optional<IpAddress> address(MatchResult text) {
    try {
      return Optional.of(IpAddress.parse(text.group(1)));
    } catch (NaruException somethingElse) {
      return Optional.empty();
    }
  }

  private static List<Led> byIpvs() {
    try (RouteNetlink netlink = RouteNetlink.open()) {
      return netlink.links().stream()
          .filter(link -> link.name().equals(LINK))
          .map(Link::index)
          .flatMap(index -> netlink.addresses(index).stream())
          .map(found -> new Led(found.address().address(), "IPVS, device " + LINK))
          .toList();
    }
  }
}
