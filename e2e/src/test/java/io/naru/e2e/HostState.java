package io.naru.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a host's kernel and files hold, as text of the usual programs, to compare. */
final class HostState {
  private static final String KERNEL =
      """
      echo '# links';      ip -o -d link show | sed -E 's/^[0-9]+: //; s/@if[0-9]+//; s/link-netnsid [0-9]+//; s/link-netns [^ ]+//'
      echo '# addresses';  ip -o addr show | sed -E 's/^[0-9]+: //'
      echo '# routes';     ip -4 route show table all; ip -6 route show table all
      echo '# rules';      ip -4 rule; ip -6 rule
      echo '# neighbours'; ip neigh show nud permanent
      echo '# fdb';        bridge fdb show | sort
      echo '# nftables';   nft -s list ruleset
      echo '# settings';   sysctl -a 2>/dev/null | grep -E '^net\\.ipv[46]\\.(conf\\.|ip_forward)' | sort
      """;

  private static final String FILES =
      """
      echo '# files'; find /run /var/lib /etc/cni /etc/naru /opt/cni 2>/dev/null | sort
      """;

  private HostState() {}

  static String kernel(TestHost host) {
    return host.shell(KERNEL);
  }

  /** The lines that only one of two states has; empty where they are alike. */
  static List<String> difference(String before, String after) {
    List<String> gone = new ArrayList<>(before.lines().toList());
    List<String> come = new ArrayList<>(after.lines().toList());
    after.lines().forEach(gone::remove);
    before.lines().forEach(come::remove);
    return Stream.concat(
            gone.stream().map(line -> "gone: " + line), come.stream().map(line -> "new:  " + line))
        .toList();
  }

  static String everything(TestHost host) {
    return host.shell(KERNEL + FILES);
  }
}
