package io.naru.cli.demo;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import io.naru.lab.process.Program;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the packets to port 53 that leave a node, plainly or in the tunnel.
 *
 * @param node whose nftables count
 */
record LeavingPackets(Lab lab, String node) {
  private static final String COUNTER =
      """
      table inet naru-demo {
        chain out {
          type filter hook postrouting priority 300
          oifname { "eth0", "naru-vxlan" } meta l4proto { tcp, udp } th dport 53 counter
        }
      }
      """;

  private static final Pattern PACKETS = Pattern.compile("counter packets ([0-9]+)");

  void start() {
    Program.of(lab.execCommand(node, List.of("nft", "-f", "-"))).run(COUNTER);
  }

  long count() {
    String listed =
        Program.of(lab.execCommand(node, List.of("nft", "list", "table", "inet", "naru-demo")))
            .run();
    Matcher matcher = PACKETS.matcher(listed);
    if (!matcher.find()) {
      throw new NaruException(ErrorCode.INTERNAL, "nft lists no counter: " + listed);
    }
    return Long.parseLong(matcher.group(1));
  }
}
