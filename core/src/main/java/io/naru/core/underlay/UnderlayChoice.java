package io.naru.core.underlay;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chooses the underlay interface: the one the user names; else the one that leads to the address
 * the user names; else the one with the default route; else the only candidate.
 */
public final class UnderlayChoice {
  private UnderlayChoice() {}

  /** What the user asked for, and what the kernel answered to it. */
  public sealed interface Wish {
    /** Nothing: find it out. */
    record Default() implements Wish {}

    /** {@code --interface NAME}. */
    record Named(String interfaceName) implements Wish {}

    /** {@code --can-reach ADDRESS}, and the interface by which the kernel would go there. */
    record Reaching(String address, String interfaceName) implements Wish {}
  }

  /** Interfaces that Naru, a bridge of containers or a tunnel made are no underlay. */
  private static boolean isCandidate(HostInterface host) {
    return host.up()
        && !host.name().equals("lo")
        && !host.name().startsWith("naru")
        && usable(host).findAny().isPresent();
  }

  private static List<HostInterface> candidates(List<HostInterface> interfaces) {
    return interfaces.stream().filter(UnderlayChoice::isCandidate).toList();
  }

  private static Stream<InterfaceAddress> usable(HostInterface host) {
    return host.addresses().stream()
        .filter(a -> !a.address().isLinkLocal() && !a.address().isLoopback());
  }

  public static Underlay choose(List<HostInterface> interfaces, Wish wish) {
    return switch (wish) {
      case Wish.Named(String name) -> describe(named(interfaces, name), "--interface names it");
      case Wish.Reaching(String address, String name) ->
          describe(named(interfaces, name), "the route to " + address + " leaves by it");
      case Wish.Default() -> byDefault(interfaces);
    };
  }

  private static Underlay byDefault(List<HostInterface> interfaces) {
    List<HostInterface> candidates = candidates(interfaces);
    Optional<HostInterface> routed =
        candidates.stream().filter(HostInterface::hasDefaultRoute).findFirst();
    if (routed.isPresent()) {
      return describe(routed.get(), "the default route leaves by it");
    }
    if (candidates.size() == 1) {
      return describe(candidates.getFirst(), "it is the only one with an address");
    }
    throw new NaruException(
        ErrorCode.BAD_INPUT,
        candidates.isEmpty()
            ? "no interface is up and has an address; give one an address, then start again"
            : "no default route tells which interface leads to the other nodes; choose with"
                + " --interface NAME or --can-reach ADDRESS. Candidates: "
                + names(candidates));
  }

  private static HostInterface named(List<HostInterface> interfaces, String name) {
    HostInterface found =
        interfaces.stream()
            .filter(host -> host.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new NaruException(
                        ErrorCode.NOT_FOUND,
                        "there is no interface '"
                            + name
                            + "'; candidates: "
                            + names(candidates(interfaces))));
    if (!found.up()) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "interface " + name + " is down; bring it up with: ip link set " + name + " up");
    }
    if (usable(found).findAny().isEmpty()) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "interface " + name + " has no address; other nodes could not reach this one");
    }
    return found;
  }

  private static String names(List<HostInterface> interfaces) {
    return interfaces.isEmpty()
        ? "none is up and has an address"
        : interfaces.stream().map(HostInterface::name).collect(Collectors.joining(", "));
  }

  private static Underlay describe(HostInterface host, String reason) {
    List<InterfaceAddress> addresses = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      usable(host)
          .filter(a -> a.address().family() == family)
          .findFirst()
          .ifPresent(addresses::add);
    }
    List<Prefix> subnets =
        Stream.concat(
                usable(host)
                    .filter(a -> a.prefixLength() < a.address().family().bits())
                    .map(InterfaceAddress::prefix),
                host.onLink().stream())
            .distinct()
            .toList();
    return new Underlay(host.name(), host.mtu(), addresses, subnets, reason);
  }
}
