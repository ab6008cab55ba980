package io.naru.doctor.peer;

import io.naru.core.address.IpFamily;
import io.naru.doctor.peer.Look.Setting;
import io.naru.doctor.peer.Tunnel.PodRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Kernel settings with which a node does not forward pods' packets. */
final class SettingDifferences {
  private static final Pattern CHECKED =
      Pattern.compile("net\\.ipv4\\.conf\\.[A-Za-z0-9_/-]+\\.rp_filter");
  private static final String ALL_CHECKED = "net.ipv4.conf.all.rp_filter";

  private SettingDifferences() {}

  /**
   * What is set so.
   *
   * @param loses whether packets are lost that the node sends, or is sent
   */
  static List<Difference> of(Look look, BooleanSupplier loses) {
    List<Difference> found = new ArrayList<>();
    boolean ipv4 =
        look.tunnels().stream()
                .flatMap(tunnel -> tunnel.routes().stream())
                .anyMatch(route -> route.prefix().family() == IpFamily.IPV4 && hasPods(look, route))
            || !look.directRoutes().isEmpty();
    if (ipv4 && look.setting("net.ipv4.ip_forward").equals(Optional.of("0"))) {
      found.add(
          forwarding(
              look,
              "IPv4 forwarding is off (net.ipv4.ip_forward = 0): it passes no pod's packets on",
              "net.ipv4.ip_forward"));
    } else if (ipv4) {
      for (Setting setting : look.settings()) {
        if (setting.name().matches("net\\.ipv4\\.conf\\.[A-Za-z0-9_/-]+\\.forwarding")
            && setting.value().equals("0")) {
          found.add(
              forwarding(
                  look,
                  "what comes in by one device is not passed on (" + setting.name() + " = 0)",
                  setting.name()));
        }
      }
    }
    boolean ipv6 =
        look.tunnels().stream()
            .flatMap(tunnel -> tunnel.routes().stream())
            .anyMatch(
                route ->
                    route.prefix().family() == IpFamily.IPV6
                        && route.prefix().length() < 128
                        && hasPods(look, route));
    if (ipv6 && look.setting("net.ipv6.conf.all.forwarding").equals(Optional.of("0"))) {
      found.add(
          forwarding(
              look,
              "IPv6 forwarding is off (net.ipv6.conf.all.forwarding = 0)",
              "net.ipv6.conf.all.forwarding"));
    }
    wayBack(look, loses).ifPresent(found::add);
    return found;
  }

  /** Anybody's VXLAN may join hosts alone: where pods are behind them, routes lead by a gateway. */
  private static boolean hasPods(Look look, PodRoute route) {
    return look.peer() != PeerNetwork.KERNEL || route.gateway().isPresent();
  }

  private static Difference forwarding(Look look, String sentence, String name) {
    return new Difference(
        look.node(), "ip-forward-off", Optional.empty(), sentence, "sysctl -w " + name + "=1");
  }

  /**
   * The check of packets' way back, where it dropped some. Of a device's value and that for all the
   * kernel takes the larger one (ip-sysctl.rst): 1 is strict, 2 is not.
   */
  private static Optional<Difference> wayBack(Look look, BooleanSupplier loses) {
    long dropped = look.counters().getOrDefault("TcpExt.IPReversePathFilter", 0L);
    String all = look.setting(ALL_CHECKED).orElse("0");
    List<Setting> devices =
        look.settings().stream()
            .filter(setting -> CHECKED.matcher(setting.name()).matches())
            .filter(setting -> !setting.name().equals(ALL_CHECKED))
            .toList();
    List<String> strict =
        devices.isEmpty() && all.equals("1")
            ? List.of(ALL_CHECKED)
            : devices.stream()
                .filter(device -> isStrict(all, device.value()))
                .map(Setting::name)
                .toList();
    if (dropped <= 2 || strict.isEmpty() || !loses.getAsBoolean()) {
      return Optional.empty();
    }
    return Optional.of(
        new Difference(
            look.node(),
            "rp-filter",
            Optional.empty(),
            "it dropped "
                + dropped
                + " packets meanwhile because their way back is another (rp_filter is strict)",
            "sysctl -w "
                + strict.stream().map(name -> name + "=2").collect(Collectors.joining(" "))));
  }

  private static boolean isStrict(String all, String device) {
    return !all.equals("2") && !device.equals("2") && (all.equals("1") || device.equals("1"));
  }
}
