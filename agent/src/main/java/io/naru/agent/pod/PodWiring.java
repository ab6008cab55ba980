package io.naru.agent.pod;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.pod.HostEnd;
import io.naru.core.pod.PodAttachment;
import io.naru.linux.call.KernelException;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.route.Change;
import io.naru.linux.route.Link;
import io.naru.linux.route.LinkKind;
import io.naru.linux.route.LinkSettings;
import io.naru.linux.route.Neighbour;
import io.naru.linux.route.NeighbourState;
import io.naru.linux.route.Route;
import io.naru.linux.route.RouteFilter;
import io.naru.linux.route.RouteNetlink;
import io.naru.linux.sysctl.Sysctl;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes, compares and removes the wiring of pods in the kernel. The node's end owns everything:
 * when it goes, the pod's end and all routes and neighbours of both go with it.
 */
public final class PodWiring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PodWiring.class);

  private final NetworkNamespace node;
  private final String nodeIdentity;

  /** Whether this process is on the node, so that work there needs no thread of its own. */
  private final boolean here;

  private final RouteNetlink netlink;
  private final LinkRemoval removal;

  /**
   * @param node the node's network namespace; it stays the caller's to close
   */
  public PodWiring(NetworkNamespace node) {
    this.node = node;
    this.nodeIdentity = node.identity();
    try (NetworkNamespace own = NetworkNamespace.open(Path.of("/proc/self/ns/net"))) {
      this.here = nodeIdentity.equals(own.identity());
    }
    this.netlink = node.call(RouteNetlink::open);
    this.removal = new LinkRemoval(netlink, () -> node.call(RouteNetlink::open));
  }

  @Override
  public void close() {
    removal.close();
    netlink.close();
  }

  /**
   * Wires a pod. When it throws, nothing is left behind.
   *
   * @return the attachment as it was made: with the tables of its default routes
   * @throws NaruException NOT_FOUND when the pod's namespace is not there, BAD_INPUT when it is
   *     none, CONFLICT when one of the interface names is taken by another
   */
  PodAttachment attach(PodAttachment attachment) {
    try (NetworkNamespace pod = PodNamespace.open(attachment.netnsPath(), nodeIdentity)) {
      try {
        Link host = createPair(attachment, pod);
        onNode(() -> prepareHostEnd(attachment));
        netlink.setLink(host.index(), DesiredWiring.hostEnd(attachment));
        PodAttachment placed = pod.call(() -> PodEnd.wire(attachment));
        applyAll(netlink, DesiredWiring.hostChanges(attachment, host.index()));
        Settling.awaitCarrier(netlink, host.index());
        return placed;
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

  private void onNode(Runnable work) {
    if (here) {
      work.run();
    } else {
      node.run(work::run);
    }
  }

  private Link createPair(PodAttachment attachment, NetworkNamespace pod) {
    try {
      return netlink.createLink(DesiredWiring.pair(attachment, pod.descriptor()));
    } catch (KernelException e) {
      if (!e.isPresent()) {
        throw e;
      }
    }
    // Of a crash before the lease was known to be left over.
    detach(attachment);
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
  }

  /** A kernel without IPv6 has nothing to switch off. */
  private static void set(String protocol, String name, String setting, String value) {
    boolean _ = Sysctl.forInterface(protocol, name, setting).writeIfPresent(value);
  }

  static void applyAll(RouteNetlink netlink, List<Change> changes) {
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
    if (!attachment.isDefault() && PodNamespace.exists(attachment.netnsPath())) {
      try (NetworkNamespace pod = PodNamespace.open(attachment.netnsPath(), nodeIdentity)) {
        pod.run(() -> PodEnd.removeRules(attachment));
      } catch (NaruException gone) {
        // Its rules go with the namespace, and another's are not ours to touch.
        LOG.debug("no rules to remove for {}: {}", attachment.key(), gone.sentence());
      }
    }
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
    removal.delete(link);
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
    try (NetworkNamespace pod = PodNamespace.open(attachment.netnsPath(), nodeIdentity)) {
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
    try (NetworkNamespace pod = PodNamespace.open(netnsPath, nodeIdentity)) {
      ObservedPodEnd podEnd = pod.call(() -> PodEnd.observe(attachment));
      if (host.isEmpty()) {
        return new ObservedWiring(host, Set.of(), Map.of(), podEnd);
      }
      int index = host.get().index();
      return new ObservedWiring(
          host,
          netlink.routes(RouteFilter.all().withTable(Route.MAIN).withOutputLink(index)).stream()
              .map(Route::destination)
              .collect(Collectors.toUnmodifiableSet()),
          permanentNeighbours(netlink, index),
          podEnd);
    }
  }

  static Map<IpAddress, MacAddress> permanentNeighbours(RouteNetlink netlink, int link) {
    return netlink.neighbours(link).stream()
        .filter(neighbour -> neighbour.state() == NeighbourState.PERMANENT)
        .filter(neighbour -> neighbour.hardwareAddress().isPresent())
        .collect(
            Collectors.toUnmodifiableMap(
                Neighbour::address,
                neighbour -> neighbour.hardwareAddress().orElseThrow(),
                (first, second) -> first));
  }
}
