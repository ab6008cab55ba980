package io.naru.doctor.look;

import io.naru.doctor.peer.Look.Setting;
import io.naru.doctor.peer.Tunnel;
import io.naru.linux.sysctl.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Kernel settings that decide whether a node forwards pods' packets. */
final class NodeSettings {
  private NodeSettings() {}

  static List<Setting> read(List<Tunnel> tunnels, TunnelReader reader) {
    List<Sysctl> wanted = new ArrayList<>();
    wanted.add(Sysctl.of("net", "ipv4", "ip_forward"));
    wanted.add(Sysctl.of("net", "ipv6", "conf", "all", "forwarding"));
    wanted.add(Sysctl.of("net", "ipv4", "conf", "all", "rp_filter"));
    wanted.add(Sysctl.of("net", "ipv4", "icmp_echo_ignore_all"));
    Stream.concat(tunnels.stream().map(Tunnel::device), reader.bridge().stream())
        .forEach(
            device -> {
              wanted.add(Sysctl.forInterface("ipv4", device, "rp_filter"));
              wanted.add(Sysctl.forInterface("ipv4", device, "forwarding"));
            });
    List<Setting> settings = new ArrayList<>();
    for (Sysctl setting : wanted) {
      String name =
          String.join(".", setting.parts().stream().map(part -> part.replace('.', '/')).toList());
      setting.find().ifPresent(value -> settings.add(new Setting(name, value)));
    }
    return settings;
  }
}
