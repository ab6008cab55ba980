package io.naru.core.diagnosis;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.NaruException;

/**
 * A rule of iptables-legacy that dropped packets meanwhile: its counter tells how many, not which.
 *
 * @param rule its text is that of iptables-save, without the command; no handle and no addresses
 * @param packets by how much its counter rose
 */
public record CountedDrop(RuleDrop rule, long packets) {
  /** Whether its matches allow that these were among them; of unknown matches nothing is said. */
  public boolean concerns(Flow flow) {
    String[] words = rule.rule().split(" ", -1);
    for (int i = 0; i + 1 < words.length; i++) {
      boolean inverted = i > 0 && words[i - 1].equals("!");
      String value = words[i + 1];
      boolean matches =
          switch (words[i]) {
            case "-p" -> value.equals(flow.protocol()) || value.equals("all");
            case "-s" -> contains(value, flow.from());
            case "-d" -> contains(value, flow.to());
            case "--dport", "--dports", "--destination-port" ->
                flow.ports().stream().anyMatch(port -> hasPort(value, port));
            default -> !inverted;
          };
      if (matches == inverted) {
        return false;
      }
    }
    return true;
  }

  private static boolean contains(String prefix, String address) {
    try {
      IpAddress one = IpAddress.parse(address);
      String whole = prefix.contains("/") ? prefix : prefix + (one.isIpv4() ? "/32" : "/128");
      return Prefix.parse(whole).contains(one);
    } catch (NaruException notAnAddress) {
      return false;
    }
  }

  private static boolean hasPort(String ports, int port) {
    for (String each : ports.split(",", -1)) {
      String[] ends = each.split(":", -1);
      try {
        if (Integer.parseInt(ends[0]) <= port && port <= Integer.parseInt(ends[ends.length - 1])) {
          return true;
        }
      } catch (NumberFormatException notANumber) {
        return false;
      }
    }
    return false;
  }

  /** As a sentence for the evidence. */
  public String sentence() {
    return "the counter of that rule rose by " + packets + " while they were lost";
  }
}
