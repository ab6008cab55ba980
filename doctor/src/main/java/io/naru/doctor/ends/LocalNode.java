package io.naru.doctor.ends;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import io.naru.doctor.look.NodeLook;
import io.naru.doctor.peer.PeerNetwork;
import io.naru.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** This machine: what it is called, and the network namespaces that have names. */
public final class LocalNode {
  private static final int MOST_NAMESPACES = 1000;

  private LocalNode() {}

  /** The name of the namespace that the program was started in, else the host's name. */
  public static String name() {
    return namespaceName().orElseGet(LocalNode::hostName);
  }

  private static String hostName() {
    try {
      String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      String plain = name.replaceAll("[^A-Za-z0-9_.-]", "-").replaceAll("^[^A-Za-z0-9_]+", "");
      return plain.isEmpty() ? "localhost" : plain.substring(0, Math.min(plain.length(), 200));
    } catch (IOException noProc) {
      return "localhost";
    }
  }

  /** The name that {@code ip netns} has for this program's namespace, if it has one. */
  static Optional<String> namespaceName() {
    try (NetworkNamespace own = NetworkNamespace.current()) {
      String identity = own.identity();
      for (String name : names()) {
        try (NetworkNamespace other = NetworkNamespace.open(name)) {
          if (other.identity().equals(identity)) {
            return Optional.of(name);
          }
        } catch (NaruException gone) {
          // Another one's name went meanwhile.
        }
      }
      return Optional.empty();
    }
  }

  /** The named namespaces in which something of that network is. */
  static List<String> namespacesWith(PeerNetwork network) {
    List<String> found = new ArrayList<>();
    for (String name : names()) {
      try (NetworkNamespace namespace = NetworkNamespace.open(name)) {
        if (namespace.isGenuine() && namespace.call(() -> NodeLook.isThere(network))) {
          found.add(name);
        }
      } catch (NaruException gone) {
        // As above.
      }
    }
    return found;
  }

  /** Which named namespace has which address; one that several have tells nothing. */
  static Map<IpAddress, String> addressesOfNamespaces() {
    Map<IpAddress, String> owners = new HashMap<>();
    Set<IpAddress> twice = new HashSet<>();
    for (String name : names()) {
      try (NetworkNamespace namespace = NetworkNamespace.open(name)) {
        List<IpAddress> addresses =
            namespace.isGenuine() ? namespace.call(NodeLook::addresses) : List.of();
        for (IpAddress address : addresses) {
          if (owners.putIfAbsent(address, name) != null) {
            twice.add(address);
          }
        }
      } catch (NaruException gone) {
        // As above.
      }
    }
    twice.forEach(owners::remove);
    return owners;
  }

  private static List<String> names() {
    return NetworkNamespace.list().stream().limit(MOST_NAMESPACES).toList();
  }
}
