package io.naru.agent.pod;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.pod.HostEnd;
import io.naru.core.pod.PodAttachment;
import io.naru.linux.call.KernelException;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.route.Change;
import io.naru.linux.route.Link;
import io.naru.linux.route.LinkAddress;
import io.naru.linux.route.LinkKind;
import io.naru.linux.route.LinkSettings;
import io.naru.linux.route.Neighbour;
import io.naru.linux.route.NeighbourState;
import io.naru.linux.route.Route;
import io.naru.linux.route.RouteFilter;
import io.naru.linux.route.RouteNetlink;
import io.naru.linux.sysctl.Sysctl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes, compares and removes the wiring of pods in the kernel. The node's end owns everything:
 * when it goes, the pod's end and all routes and neighbours of both go with it.
 */
public final class PodWiring implements AutoCloseable {
  private static final Path OWN_NAMESPACE = Path.of("/proc/thread-self/ns/net");

  private final NetworkNamespace node;
  private final RouteNetlink netlink;

  /**
   * @param node the node's network namespace; it stays the caller's to close
   */
  public PodWiring(NetworkNamespace node) {
    this.node = node;
    this.netlink = node.call(RouteNetlink::open);
  }

  @Override
  public void close() {
    netlink.close();
  }

  /**
   * Wires a pod. When it throws, nothing is left behind.
   *
   * @throws NaruException NOT_FOUND when the pod's namespace is not there, CONFLICT when one of the
   *     interface names is taken by another
   */
  void attach(PodAttachment attachment) {
    try (NetworkNamespace pod = openPod(attachment.netnsPath())) {
      refuseOwnNamespace(attachment.netnsPath());
      // Of a crash before the lease was known to be left over.
      detach(attachment);
      try {
        Link host = createPair(attachment, pod);
        node.run(() -> prepareHostEnd(attachment));
        netlink.setLink(host.index(), DesiredWiring.hostEnd(attachment));
        pod.run(() -> wirePod(attachment));
        applyAll(netlink, DesiredWiring.hostChanges(attachment, host.index()));
      } catch (RuntimeException | Error failure) {
        try {
          detach(attachment);
        } catch (RuntimeException undoFailed) {
          failure.addSuppressed(undoFailed);
        }
        throw failure;
      }
    }
  }

  private Link createPair(PodAttachment attachment, NetworkNamespace pod) {
    try {
      return netlink.createLink(DesiredWiring.pair(attachment, pod.descriptor()));
    } catch (KernelException e) {
      if (e.isPresent()) {
        throw new NaruException(
            ErrorCode.CONFLICT,
            "the pod has an interface "
                + attachment.key().interfaceName()
                + " already; another plugin of the list made it, or the pod is attached twice",
            e);
      }
      throw e;
    }
  }

  private static void prepareHostEnd(PodAttachment attachment) {
    String name = attachment.hostInterface();
    // Strict: a packet counts only when its source's route leads back to this pod (RFC 3704).
    set("ipv4", name, "rp_filter", "1");
    if (attachment.address(IpFamily.IPV6).isPresent()) {
      set("ipv6", name, "disable_ipv6", "0");
    }
    set("ipv6", name, "accept_dad", "0");
    set("ipv6", name, "accept_ra", "0");
    set("ipv6", name, "autoconf", "0");
  }

  private static void wirePod(PodAttachment attachment) {
    String name = attachment.key().interfaceName();
    if (attachment.address(IpFamily.IPV6).isPresent()) {
      // Some runtimes switch IPv6 off for every new interface.
      set("ipv6", name, "disable_ipv6", "0");
      set("ipv6", name, "accept_dad", "0");
      set("ipv6", name, "accept_ra", "0");
      set("ipv6", name, "autoconf", "0");
    }
    try (RouteNetlink pod = RouteNetlink.open()) {
      Link link =
          pod.link(name)
              .orElseThrow(
                  () ->
                      new NaruException(
                          ErrorCode.CONFLICT,
                          "the pod's interface " + name + " was removed while it was made"));
      applyAll(pod, DesiredWiring.podChanges(attachment, link.index()));
    }
  }

  /** A kernel without IPv6 has nothing to switch off. */
  private static void set(String protocol, String name, String setting, String value) {
    Sysctl sysctl = Sysctl.forInterface(protocol, name, setting);
    if (sysctl.find().isPresent()) {
      sysctl.write(value);
    }
  }

  private static void applyAll(RouteNetlink netlink, List<Change> changes) {
    for (Optional<KernelException> failure : netlink.apply(changes)) {
      if (failure.isPresent()) {
        throw failure.get();
      }
    }
  }

  /**
   * Removes a pod's wiring; what is not there is not an error. An interface of that name that is
   * another's stays.
   */
  void detach(PodAttachment attachment) {
    detach(attachment.hostInterface(), attachment.alias());
  }

  /** Removes the node's end of that name, if its alias is this one or it has none yet. */
  void detach(String hostInterface, String alias) {
    Optional<Link> found = netlink.link(hostInterface);
    if (found.isEmpty()) {
      return;
    }
    Link link = found.get();
    // A crash may come between the creation and the alias.
    if (!(link.kind() instanceof LinkKind.Veth)
        || !(link.alias().equals(alias) || link.alias().isEmpty())) {
      throw new NaruException(
          ErrorCode.CONFLICT,
          "the interface "
              + hostInterface
              + " belongs to something else (its alias is \""
              + link.alias()
              + "\"); rename or remove it");
    }
    delete(link);
  }

  void delete(Link link) {
    try {
      netlink.deleteLink(link.index());
    } catch (KernelException e) {
      // The pod's namespace may take the pair with it at any moment.
      if (!e.isAbsent()) {
        throw e;
      }
    }
  }

  /** The node's ends of all pods, whether they have a lease or not. */
  List<Link> hostEnds() {
    return netlink.links().stream().filter(link -> HostEnd.isOurs(link.alias())).toList();
  }

  boolean hasHostEnd(PodAttachment attachment) {
    return netlink.link(attachment.hostInterface()).isPresent();
  }

  /**
   * Gives both ends another MTU; the pod's routes have none of their own and follow.
   *
   * @throws NaruException NOT_FOUND when the pod's namespace is not there any more
   */
  void changeMtu(PodAttachment attachment, int mtu) {
    LinkSettings settings = LinkSettings.none().withMtu(mtu);
    try (NetworkNamespace pod = openPod(attachment.netnsPath())) {
      pod.run(
          () -> {
            try (RouteNetlink inPod = RouteNetlink.open()) {
              inPod
                  .link(attachment.key().interfaceName())
                  .ifPresent(link -> inPod.setLink(link.index(), settings));
            }
          });
    }
    netlink
        .link(attachment.hostInterface())
        .ifPresent(link -> netlink.setLink(link.index(), settings));
  }

  /** What the kernel holds now for that attachment. */
  ObservedWiring observe(PodAttachment attachment, String netnsPath) {
    Optional<Link> host = netlink.link(attachment.hostInterface());
    int index = host.map(Link::index).orElse(-1);
    End hostEnd = host.isPresent() ? readEnd(netlink, index) : End.NONE;
    String name = attachment.key().interfaceName();
    try (NetworkNamespace pod = openPod(netnsPath)) {
      return pod.call(
          () -> {
            try (RouteNetlink podNetlink = RouteNetlink.open()) {
              Optional<Link> podLink = podNetlink.link(name);
              End podEnd = podLink.map(link -> readEnd(podNetlink, link.index())).orElse(End.NONE);
              return new ObservedWiring(
                  host,
                  hostEnd.destinations(),
                  hostEnd.neighbours(),
                  podLink,
                  podEnd.addresses(),
                  podEnd.defaultGateways(),
                  podEnd.neighbours());
            }
          });
    }
  }

  private record End(
      List<Route> routes, Set<IpAddress> addresses, Map<IpAddress, MacAddress> neighbours) {
    static final End NONE = new End(List.of(), Set.of(), Map.of());

    Set<Prefix> destinations() {
      return routes.stream().map(Route::destination).collect(Collectors.toUnmodifiableSet());
    }

    Set<IpAddress> defaultGateways() {
      return routes.stream()
          .filter(route -> route.destination().length() == 0)
          .flatMap(route -> route.gateway().stream())
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  private static End readEnd(RouteNetlink netlink, int link) {
    return new End(
        netlink.routes(RouteFilter.all().withTable(Route.MAIN).withOutputLink(link)),
        netlink.addresses(link).stream()
            .map(LinkAddress::address)
            .map(address -> address.address())
            .collect(Collectors.toUnmodifiableSet()),
        netlink.neighbours(link).stream()
            .filter(neighbour -> neighbour.state() == NeighbourState.PERMANENT)
            .filter(neighbour -> neighbour.hardwareAddress().isPresent())
            .collect(
                Collectors.toUnmodifiableMap(
                    Neighbour::address,
                    neighbour -> neighbour.hardwareAddress().orElseThrow(),
                    (first, second) -> first)));
  }

  private static NetworkNamespace openPod(String path) {
    try {
      return NetworkNamespace.open(Path.of(path));
    } catch (KernelException e) {
      if (e.isAbsent()) {
        throw new NaruException(
            ErrorCode.NOT_FOUND,
            "the pod's network namespace " + path + " does not exist (any more)",
            e);
      }
      throw e;
    }
  }

  /** A veth pair with both ends on the node would look like a pod and be none. */
  private void refuseOwnNamespace(String path) {
    if (node.call(() -> inode(OWN_NAMESPACE)).equals(inode(Path.of(path)))) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          path + " is the node's own network namespace; a pod on it needs no attachment");
    }
  }

  private static Object inode(Path path) {
    try {
      return Files.getAttribute(path, "unix:ino");
    } catch (IOException e) {
      throw new NaruException(
          ErrorCode.NOT_FOUND, "the network namespace " + path + " cannot be read: " + e, e);
    }
  }
}
