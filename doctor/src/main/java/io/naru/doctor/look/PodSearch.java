package io.naru.doctor.look;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.route.Link;
import io.naru.linux.route.LinkKind;
import io.naru.linux.route.NamespaceNumbers;
import io.naru.linux.route.RouteNetlink;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Finds pods of this node: network namespaces, named or some process's, with one end of a veth pair
 * whose other end is here, and an address to which the routes here lead by that pair.
 */
final class PodSearch {
  private static final Path PROCESSES = Path.of("/proc");
  private static final int MOST_PODS = 3;
  private static final int MOST_NAMESPACES = 300;
  private static final int MOST_PROCESSES = 30_000;

  private final TunnelReader reader;
  private final Set<String> nics;
  private final NamespaceNumbers numbers;
  private final Set<String> seen = new HashSet<>();
  private final List<FoundPod> found = new ArrayList<>();

  private PodSearch(TunnelReader reader, Set<String> nics, NamespaceNumbers numbers) {
    this.reader = reader;
    this.nics = nics;
    this.numbers = numbers;
  }

  /** What a namespace has that may be a pod's interface. */
  private record Candidate(Link inside, List<IpAddress> addresses) {}

  /**
   * Some pods, each to be closed.
   *
   * @param nics interfaces to other nodes, which lead to no pod
   */
  static List<FoundPod> near(TunnelReader reader, Set<String> nics) {
    if (reader.links().stream().noneMatch(link -> link.kind() instanceof LinkKind.Veth)) {
      return List.of();
    }
    try (NamespaceNumbers numbers = NamespaceNumbers.open();
        NetworkNamespace own = NetworkNamespace.current()) {
      PodSearch search = new PodSearch(reader, nics, numbers);
      search.seen.add(own.identity());
      search.named();
      search.ofProcesses();
      return List.copyOf(search.found);
    }
  }

  private boolean isEnough() {
    return found.size() >= MOST_PODS || seen.size() >= MOST_NAMESPACES;
  }

  private void named() {
    for (String name : NetworkNamespace.list()) {
      if (isEnough()) {
        return;
      }
      try {
        look(NetworkNamespace.open(name));
      } catch (NaruException gone) {
        // Its pod ended meanwhile.
      }
    }
  }

  private void ofProcesses() {
    Set<String> links = new HashSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      int looked = 0;
      for (Path process : processes) {
        if (isEnough() || looked++ > MOST_PROCESSES) {
          return;
        }
        Path namespace = process.resolve("ns/net");
        try {
          if (links.add(Files.readSymbolicLink(namespace).toString())) {
            look(NetworkNamespace.open(namespace));
          }
        } catch (IOException | NaruException ended) {
          // A process that is no more, or that belongs to somebody else.
        }
      }
    } catch (IOException noProc) {
      // Then there are the named ones.
    }
  }

  /** Keeps the namespace if it is a pod's, else closes it. */
  private void look(NetworkNamespace namespace) {
    Optional<FoundPod> pod = Optional.empty();
    try {
      if (namespace.isGenuine() && seen.add(namespace.identity()) && isOtherEndThere(namespace)) {
        pod =
            namespace.call(PodSearch::candidates).stream()
                .flatMap(candidate -> pod(namespace, candidate).stream())
                .findFirst();
      }
    } finally {
      if (pod.isEmpty()) {
        namespace.close();
      }
    }
    pod.ifPresent(found::add);
  }

  /** Whether some veth's other end is in that namespace: numbers of links alone do not tell. */
  private boolean isOtherEndThere(NetworkNamespace namespace) {
    OptionalInt number = numbers.of(namespace.descriptor());
    return number.isPresent()
        && reader.links().stream()
            .anyMatch(
                link ->
                    link.kind() instanceof LinkKind.Veth
                        && link.parentNamespace() == number.getAsInt());
  }

  private static List<Candidate> candidates() {
    try (RouteNetlink netlink = RouteNetlink.open()) {
      return netlink.links().stream()
          .filter(link -> link.kind() instanceof LinkKind.Veth && link.up())
          .map(
              link ->
                  new Candidate(
                      link,
                      netlink.addresses(link.index()).stream()
                          .map(own -> own.address().address())
                          .filter(address -> !address.isLinkLocal())
                          .toList()))
          .filter(candidate -> !candidate.addresses().isEmpty())
          .toList();
    }
  }

  private Optional<FoundPod> pod(NetworkNamespace namespace, Candidate candidate) {
    return reader.links().stream()
        .filter(link -> !nics.contains(link.name()))
        .filter(link -> isOtherEnd(link, candidate.inside()))
        .filter(
            link ->
                numbers.of(namespace.descriptor()).equals(OptionalInt.of(link.parentNamespace())))
        .filter(
            link ->
                candidate.addresses().stream()
                    .flatMap(address -> reader.wayTo(address).stream())
                    .anyMatch(way -> way.index() == link.index() || way.index() == link.master()))
        .map(
            link ->
                new FoundPod(
                    namespace, link.name(), candidate.addresses(), candidate.inside().mtu()))
        .findFirst();
  }

  private static boolean isOtherEnd(Link here, Link there) {
    return here.kind() instanceof LinkKind.Veth outer
        && outer.peer() == there.index()
        && there.kind() instanceof LinkKind.Veth;
  }
}
