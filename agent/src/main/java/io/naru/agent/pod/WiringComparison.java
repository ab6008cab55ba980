package io.naru.agent.pod;

import io.naru.agent.cni.Expectation;
import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.pod.PodAttachment;
import io.naru.core.state.RouteTables;
import io.naru.linux.route.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Compares what an attachment should be with what the kernel holds. */
final class WiringComparison {
  private WiringComparison() {}

  /** What differs, a sentence each; empty when all is as it must be. */
  static List<String> differences(
      PodAttachment attachment, ObservedWiring observed, Expectation expected) {
    List<String> found = new ArrayList<>(unexpected(attachment, expected));
    String hostEnd = "the node's interface " + attachment.hostInterface();
    if (end(
        hostEnd,
        observed.host(),
        attachment.hostMac(),
        attachment.mtu(),
        OptionalInt.empty(),
        found)) {
      for (IpAddress address : attachment.addresses()) {
        if (!observed.hostRoutes().contains(address.toPrefix())) {
          found.add("the node's route to " + address.toPrefix() + " over its end is missing");
        }
      }
      neighbours(
          "the node",
          attachment.addresses(),
          attachment.podMac(),
          observed.hostNeighbours(),
          found);
    }
    String podEnd = "the pod's interface " + attachment.key().interfaceName();
    if (end(
        podEnd,
        observed.pod().link(),
        attachment.podMac(),
        attachment.mtu(),
        expected.mtu(),
        found)) {
      for (IpAddress address : attachment.addresses()) {
        if (!observed.pod().addresses().contains(address)) {
          found.add("the pod does not have its address " + address);
        }
      }
      for (int i = 0; i < attachment.gateways().size(); i++) {
        IpAddress gateway = attachment.gateways().get(i);
        // A later plugin may have taken the pod's default route for its own.
        boolean ours =
            attachment.routeTables().get(i) != RouteTables.MAIN
                || expected.defaultRoutes().contains(gateway.family());
        if (ours && !observed.pod().gateways().contains(gateway)) {
          found.add("the pod's default route via " + gateway + " is missing");
        }
      }
      neighbours(
          "the pod",
          attachment.gateways(),
          attachment.hostMac(),
          observed.pod().neighbours(),
          found);
    }
    return List.copyOf(found);
  }

  private static List<String> unexpected(PodAttachment attachment, Expectation expected) {
    List<String> found = new ArrayList<>();
    if (!expected.interfaceListed()) {
      found.add("the runtime's result does not have " + attachment.key().interfaceName());
    }
    for (IpAddress address : attachment.addresses()) {
      if (!expected.addresses().contains(address)) {
        found.add("its lease has " + address + ", which the runtime's result does not have");
      }
    }
    return found;
  }

  private static boolean end(
      String name,
      Optional<Link> observed,
      MacAddress mac,
      int mtu,
      OptionalInt alsoGood,
      List<String> found) {
    if (observed.isEmpty()) {
      found.add(name + " is missing");
      return false;
    }
    Link link = observed.get();
    if (!link.up()) {
      found.add(name + " is down");
    }
    // A later plugin may have changed it, or the node since then.
    if (link.mtu() != mtu && link.mtu() != alsoGood.orElse(mtu)) {
      found.add(name + " has MTU " + link.mtu() + " instead of " + mtu);
    }
    if (!link.address().equals(mac)) {
      found.add(name + " has the MAC address " + link.address() + " instead of " + mac);
    }
    return true;
  }

  private static void neighbours(
      String owner,
      List<IpAddress> addresses,
      MacAddress mac,
      Map<IpAddress, MacAddress> observed,
      List<String> found) {
    for (IpAddress address : addresses) {
      MacAddress known = observed.get(address);
      if (known == null) {
        found.add(owner + "'s neighbour entry for " + address + " is missing");
      } else if (!known.equals(mac)) {
        found.add(owner + " sends packets for " + address + " to " + known + " instead of " + mac);
      }
    }
  }
}
