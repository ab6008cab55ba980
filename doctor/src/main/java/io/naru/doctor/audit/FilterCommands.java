package io.naru.doctor.audit;

import io.naru.core.address.IpAddress;
import io.naru.doctor.audit.rules.Ruleset;
import io.naru.doctor.audit.rules.Ruleset.Chain;
import java.util.Optional;
import java.util.regex.Pattern;

/** The command that opens a port, in the words of whatever keeps the host's rules. */
final class FilterCommands {
  /** Names from a file become part of a command: nothing a shell would understand. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  private FilterCommands() {}

  /** Empty where the file's names are not fit for a command. */
  static Optional<String> accept(
      Ruleset ruleset, Chain chain, Need need, boolean inbound, Optional<IpAddress> peer) {
    if (!PLAIN.matcher(chain.table()).matches() || !PLAIN.matcher(chain.name()).matches()) {
      return Optional.empty();
    }
    boolean ufw = ruleset.chains().stream().anyMatch(each -> each.name().startsWith("ufw"));
    boolean firewalld =
        chain.table().equals("firewalld")
            || ruleset.chains().stream().anyMatch(each -> each.name().endsWith("_public_allow"));
    if (ufw && need.port() > 0) {
      return Optional.of(ufw(need, inbound, peer));
    }
    if (firewalld && need.port() > 0 && inbound) {
      return Optional.of(
          "firewall-cmd --permanent --add-port="
              + need.port()
              + "/"
              + need.protocol()
              + " && firewall-cmd --reload");
    }
    return Optional.of(
        switch (ruleset.dialect()) {
          case IPTABLES -> iptables("iptables", chain, need, inbound, peer);
          case IP6TABLES -> iptables("ip6tables", chain, need, inbound, peer);
          case NFT -> nft(chain, need, inbound, peer);
        });
  }

  private static String ufw(Need need, boolean inbound, Optional<IpAddress> peer) {
    String port = " port " + need.port() + " proto " + need.protocol();
    String who = peer.map(IpAddress::toString).orElse("any");
    return inbound ? "ufw allow from " + who + " to any" + port : "ufw allow out to " + who + port;
  }

  private static String iptables(
      String program, Chain chain, Need need, boolean inbound, Optional<IpAddress> peer) {
    return program
        + (chain.table().equals("filter") ? "" : " -t " + chain.table())
        + " -I "
        + chain.name()
        + " -p "
        + need.protocol()
        + peer.map(address -> (inbound ? " -s " : " -d ") + address).orElse("")
        + (need.port() == 0 ? "" : " --dport " + need.port())
        + " -j ACCEPT";
  }

  private static String nft(Chain chain, Need need, boolean inbound, Optional<IpAddress> peer) {
    return "nft insert rule "
        + chain.family()
        + " "
        + chain.table()
        + " "
        + chain.name()
        + peer.map(
                address ->
                    (address.isIpv4() ? " ip " : " ip6 ")
                        + (inbound ? "saddr " : "daddr ")
                        + address)
            .orElse("")
        + (need.port() == 0
            ? " meta l4proto " + need.protocol()
            : " " + need.protocol() + " dport " + need.port())
        + " accept";
  }
}
