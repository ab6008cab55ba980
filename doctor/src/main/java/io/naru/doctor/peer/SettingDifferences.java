package io.naru.doctor.peer;

import io.naru.core.address.IpFamily;
import io.naru.doctor.peer.Look.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Kernel settings with which a node does not forward pods' packets. */
final class SettingDifferences {
  private static final String IPV4 = "net.ipv4.conf.";
  private static final String ALL_CHECKED = "net.ipv4.conf.all.rp_filter";

  private SettingDifferences() {}

  static List<Difference> of(Look look) {
    List<Difference> found = new ArrayList<>();
    boolean ipv4 =
        look.tunnels().stream()
                .flatMap(tunnel -> tunnel.routes().stream())
                .anyMatch(route -> route.prefix().family() == IpFamily.IPV4)
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
                route -> route.prefix().family() == IpFamily.IPV6 && route.prefix().length() < 128);
    if (ipv6 && look.setting("net.ipv6.conf.all.forwarding").equals(Optional.of("0"))) {
      found.add(
          forwarding(
              look,
              "IPv6 forwarding is off (net.ipv6.conf.all.forwarding = 0)",
              "net.ipv6.conf.all.forwarding"));
    }
    wayBack(look).ifPresent(found::add);
    return found;
  }

  private static Difference forwarding(Look look, String sentence, String name) {
    return new Difference(
        look.node(), "ip-forward-off", Optional.empty(), sentence, "sysctl -w " + name + "=1");
  }

  /** The check of packets' way back, where it dropped some. */
  private static Optional<Difference> wayBack(Look look) {
    long dropped = look.counters().getOrDefault("TcpExt.IPReversePathFilter", 0L);
    Optional<String> strict =
        look.settings().stream()
            .filter(setting -> setting.name().startsWith(IPV4) && setting.value().equals("1"))
            .map(Setting::name)
            .filter(name -> name.endsWith(".rp_filter") && name.matches("[A-Za-z0-9_./-]+"))
            .filter(name -> !name.equals(ALL_CHECKED))
            .findFirst();
    if (dropped <= 2 || strict.isEmpty() && !look.setting(ALL_CHECKED).equals(Optional.of("1"))) {
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
            "sysctl -w " + ALL_CHECKED + "=2" + strict.map(name -> " " + name + "=2").orElse("")));
  }
}
