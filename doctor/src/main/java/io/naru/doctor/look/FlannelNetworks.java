package io.naru.doctor.look;

import io.naru.core.address.Prefix;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The pods' networks, as Flannel's daemon writes them down for its plugin.
 *
 * @param all of both families
 */
record FlannelNetworks(List<Prefix> all) {
  private static final Path FILE = Path.of("/run/flannel/subnet.env");
  private static final Set<String> KEYS = Set.of("FLANNEL_NETWORK", "FLANNEL_IPV6_NETWORK");
  private static final long LARGEST = 64 << 10;

  /** Bits of a network that number its nodes' blocks, unless Flannel is told otherwise. */
  private static final int USUAL_NODES = 8;

  FlannelNetworks {
    all = List.copyOf(all);
  }

  /** As this host's file says; none where there is no such file. */
  static FlannelNetworks read() {
    try {
      return Files.size(FILE) > LARGEST
          ? new FlannelNetworks(List.of())
          : parse(Files.readString(FILE));
    } catch (IOException notThere) {
      return new FlannelNetworks(List.of());
    }
  }

  /** From lines of a shell's assignments; a key may have many values. */
  static FlannelNetworks parse(String text) {
    List<Prefix> networks = new ArrayList<>();
    for (String line : text.lines().toList()) {
      int equals = line.indexOf('=');
      if (equals > 0 && KEYS.contains(line.substring(0, equals).strip())) {
        for (String value : line.substring(equals + 1).split(",", -1)) {
          prefix(value.strip()).ifPresent(networks::add);
        }
      }
    }
    return new FlannelNetworks(networks);
  }

  private static Optional<Prefix> prefix(String value) {
    try {
      return Optional.of(Prefix.parse(value));
    } catch (NaruException none) {
      return Optional.empty();
    }
  }

  /**
   * Whether a block is one of another node's pods. Anybody makes static routes of the same length.
   *
   * @param own this node's block
   * @param isOnLink whether no router is between this node and the route's gateway
   */
  boolean hold(Prefix block, Prefix own, BooleanSupplier isOnLink) {
    if (block.overlaps(own)) {
      return false;
    }
    // A file that does not know this node's own block is another cluster's.
    return all.stream()
        .filter(network -> network.contains(own))
        .findFirst()
        .map(network -> all.stream().anyMatch(each -> each.contains(block)))
        .orElseGet(() -> isNear(block, own) && isOnLink.getAsBoolean());
  }

  private static boolean isNear(Prefix block, Prefix own) {
    return Prefix.around(own.address(), Math.max(0, own.length() - USUAL_NODES)).contains(block);
  }
}
