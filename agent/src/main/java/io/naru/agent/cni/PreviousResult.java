package io.naru.agent.cni;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.error.NaruException;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code prevResult}: with ADD what the plugins before have made, with CHECK what all of the list
 * have.
 */
record PreviousResult(ObjectNode json) {
  /**
   * The addresses in it.
   *
   * @throws CniException with code 7
   */
  List<IpAddress> addresses() {
    try {
      return json.path("ips").values().stream()
          .map(ip -> InterfaceAddress.parse(ip.path("address").stringValue("")).address())
          .toList();
    } catch (NaruException e) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIGURATION,
          "an address of \"prevResult\" cannot be used: " + e.sentence());
    }
  }

  /**
   * What CHECK is to find. Plugins after ours may have changed the interface and the routes, and
   * their result says so.
   */
  Expectation expectation(String interfaceName) {
    OptionalInt mtu = OptionalInt.empty();
    boolean named = json.path("interfaces").isEmpty();
    for (JsonNode each : json.path("interfaces").values()) {
      if (each.path("name").stringValue("").equals(interfaceName) && each.hasNonNull("sandbox")) {
        named = true;
        if (each.path("mtu").isInt() && each.path("mtu").asInt() > 0) {
          mtu = OptionalInt.of(each.path("mtu").asInt());
        }
      }
    }
    Set<IpFamily> defaults = new HashSet<>();
    for (JsonNode route : json.path("routes").values()) {
      switch (route.path("dst").stringValue("")) {
        case "0.0.0.0/0" -> defaults.add(IpFamily.IPV4);
        case "::/0" -> defaults.add(IpFamily.IPV6);
        default -> {
          // Another plugin's.
        }
      }
    }
    return new Expectation(named, addresses(), mtu, defaults);
  }
}
