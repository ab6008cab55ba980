package io.naru.linux.route;

import static io.naru.linux.route.Rtnetlink.*;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.Errno;
import io.naru.linux.call.KernelException;
import io.naru.linux.netlink.NetlinkConversation;
import io.naru.linux.netlink.NetlinkMessage;
import io.naru.linux.netlink.NetlinkRequest;
import io.naru.linux.netlink.NetlinkSocket;
import io.naru.linux.netlink.Payload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads and changes the links, addresses, routes, neighbours, forwarding entries and rules of one
 * network namespace: that of the thread which opens it. Threads may share it.
 *
 * <p>Every refusal is a {@link KernelException}.
 */
public final class RouteNetlink implements AutoCloseable {
  private final NetlinkConversation socket;

  private RouteNetlink(NetlinkConversation socket) {
    this.socket = socket;
  }

  /** Opens a conversation with the kernel about the calling thread's network namespace. */
  public static RouteNetlink open() {
    return over(NetlinkSocket.open(NetlinkSocket.NETLINK_ROUTE));
  }

  /** The same over a conversation that is open already; it is closed with this. */
  public static RouteNetlink over(NetlinkConversation conversation) {
    return new RouteNetlink(conversation);
  }

  @Override
  public void close() {
    socket.close();
  }

  /**
   * Makes many changes in their order; one that fails keeps none of the others from being made.
   *
   * @return for each change, at its index, why it failed, or empty
   */
  public List<Optional<KernelException>> apply(List<? extends Change> changes) {
    List<NetlinkRequest> requests = new ArrayList<>(changes.size());
    int[] owner = new int[changes.size() * 3];
    for (int i = 0; i < changes.size(); i++) {
      for (NetlinkRequest request : ChangeCodec.requests(changes.get(i))) {
        owner[requests.size()] = i;
        requests.add(request);
      }
    }
    List<Optional<KernelException>> answers = socket.execute(requests);
    List<Optional<KernelException>> results = new ArrayList<>(changes.size());
    for (int i = 0; i < changes.size(); i++) {
      results.add(Optional.empty());
    }
    for (int i = 0; i < answers.size(); i++) {
      Optional<KernelException> answer = answers.get(i);
      results.set(owner[i], results.get(owner[i]).or(() -> answer));
    }
    return List.copyOf(results);
  }

  /** Makes one change. */
  public void apply(Change change) {
    Optional<KernelException> failure = apply(List.of(change)).getFirst();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** All links, without their counters. */
  public List<Link> links() {
    return dump("list the links", RTM_GETLINK, LinkCodec.all(), LinkCodec::read);
  }

  /** The link of that name. */
  public Optional<Link> link(String name) {
    return askLink(name, LinkCodec.byName(InterfaceName.require(name), false))
        .flatMap(LinkCodec::read);
  }

  /** The link of that index. */
  public Optional<Link> link(int index) {
    return askLink("link " + index, LinkCodec.byIndex(index)).flatMap(LinkCodec::read);
  }

  private Optional<Payload> askLink(String what, Payload question) {
    try {
      return socket.ask(new NetlinkRequest("look up " + what, RTM_GETLINK, 0, question)).stream()
          .map(NetlinkMessage::payload)
          .findFirst();
    } catch (KernelException failure) {
      if (failure.errno() == Errno.ENODEV) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** Creates a link in this namespace and returns it. */
  public Link createLink(LinkSpec spec) {
    if (spec.namespace().isPresent()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "the link " + spec.name() + " would not be in this namespace; apply a change instead");
    }
    apply(new Change.CreateLink(spec));
    return link(spec.name())
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.CONFLICT, "the link " + spec.name() + " was removed at once"));
  }

  /** Changes a link. */
  public void setLink(int index, LinkSettings settings) {
    apply(new Change.SetLink(index, settings));
  }

  public void setUp(int index) {
    setLink(index, LinkSettings.none().withUp(true));
  }

  /** Moves a link into the namespace of an open descriptor; its index may change there. */
  public void moveLink(int index, int namespaceDescriptor) {
    apply(new Change.MoveLink(index, namespaceDescriptor));
  }

  public void deleteLink(int index) {
    apply(new Change.DeleteLink(index));
  }

  /**
   * Whether a link carries packets. After a link was set up the kernel drops what is sent over it
   * until a worker of its own has looked at it (net/core/link_watch.c).
   */
  public boolean isOperational(int index) {
    return askLink("link " + index, LinkCodec.byIndex(index))
        .filter(LinkCodec::isOperational)
        .isPresent();
  }

  /** The counters of a link, if it is there. */
  public Optional<LinkStatistics> statistics(int index) {
    return askLink("link " + index, LinkCodec.byIndex(index)).flatMap(LinkCodec::statistics);
  }

  /** The number of the XDP program on a link, if there is one. */
  public Optional<Integer> xdpProgram(int index) {
    return askLink("link " + index, LinkCodec.byIndex(index)).flatMap(LinkCodec::xdpProgram);
  }

  /** The counters of all links, by index. */
  public Map<Integer, LinkStatistics> statistics() {
    Map<Integer, LinkStatistics> found = new HashMap<>();
    for (NetlinkMessage message :
        socket.dump(new NetlinkRequest("list the links", RTM_GETLINK, 0, LinkCodec.byIndex(0)))) {
      Payload payload = message.payload();
      LinkCodec.statistics(payload).ifPresent(counters -> found.put(payload.i32(4), counters));
    }
    return Map.copyOf(found);
  }

  /** All addresses of all links, both families. */
  public List<LinkAddress> addresses() {
    return dump(
        "list the addresses", RTM_GETADDR, AddressCodec.all(Optional.empty()), AddressCodec::read);
  }

  /** The addresses of one link, both families. */
  public List<LinkAddress> addresses(int link) {
    return addresses().stream().filter(address -> address.index() == link).toList();
  }

  public void addAddress(LinkAddress address) {
    apply(new Change.AddAddress(address));
  }

  public void removeAddress(LinkAddress address) {
    apply(new Change.RemoveAddress(address));
  }

  /** The routes that match, of all tables where the filter names none. */
  public List<Route> routes(RouteFilter filter) {
    try {
      return dump("list the routes", RTM_GETROUTE, RouteCodec.all(filter), RouteCodec::read)
          .stream()
          .filter(filter::matches)
          .toList();
    } catch (KernelException failure) {
      // A table nobody has put a route into yet, or a link that is gone.
      if (failure.isAbsent()) {
        return List.of();
      }
      throw failure;
    }
  }

  /** The links that a default route of the main table leads to. */
  public Set<Integer> linksOfDefaultRoutes() {
    return DefaultRoutes.links(socket);
  }

  public void addRoute(Route route) {
    apply(new Change.AddRoute(route));
  }

  public void replaceRoute(Route route) {
    apply(new Change.ReplaceRoute(route));
  }

  public void removeRoute(Route route) {
    apply(new Change.RemoveRoute(route));
  }

  /** The route a packet to that address takes; a refusal says why there is none. */
  public Route routeTo(IpAddress destination) {
    return routeTo(RouteQuestion.to(destination));
  }

  /** The route that packet takes: its link, source and gateway. */
  public Route routeTo(RouteQuestion question) {
    String operation = "find the route to " + question.destination();
    return socket
        .ask(new NetlinkRequest(operation, RTM_GETROUTE, 0, RouteCodec.lookup(question)))
        .stream()
        .map(message -> RouteCodec.readAnswer(message.payload()))
        .findFirst()
        .orElseThrow(() -> new KernelException(operation, Errno.ENETUNREACH.number()));
  }

  /** The neighbours on all links, both families: one dump however many links there are. */
  public List<Neighbour> neighbours() {
    return dump(
        "list the neighbours",
        RTM_GETNEIGH,
        NeighbourCodec.all(AF_UNSPEC, OptionalInt.empty()),
        NeighbourCodec::readNeighbour);
  }

  /** The neighbours on a link, both families. */
  public List<Neighbour> neighbours(int link) {
    return dump(
            "list the neighbours on link " + link,
            RTM_GETNEIGH,
            NeighbourCodec.all(AF_UNSPEC, OptionalInt.of(link)),
            NeighbourCodec::readNeighbour)
        .stream()
        .filter(neighbour -> neighbour.link() == link)
        .toList();
  }

  /** Adds or replaces. */
  public void setNeighbour(Neighbour neighbour) {
    apply(new Change.SetNeighbour(neighbour));
  }

  public void removeNeighbour(int link, IpAddress address) {
    apply(new Change.RemoveNeighbour(link, address));
  }

  /** The forwarding entries of a tunnel or of a port of a bridge. */
  public List<ForwardingEntry> forwardingEntries(int link) {
    return dump(
            "list the forwarding entries of link " + link,
            RTM_GETNEIGH,
            NeighbourCodec.all(AF_BRIDGE, OptionalInt.of(link)),
            NeighbourCodec::readForwardingEntry)
        .stream()
        .filter(entry -> entry.link() == link)
        .toList();
  }

  /** Adds or replaces. */
  public void setForwardingEntry(ForwardingEntry entry) {
    apply(new Change.SetForwardingEntry(entry));
  }

  public void removeForwardingEntry(ForwardingEntry entry) {
    apply(new Change.RemoveForwardingEntry(entry));
  }

  /** All rules of both families. */
  public List<RoutingRule> rules() {
    List<RoutingRule> found = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      found.addAll(
          dump(
              "list the routing rules",
              RTM_GETRULE,
              RuleCodec.all(Optional.of(family)),
              RuleCodec::read));
    }
    return List.copyOf(found);
  }

  public void addRule(RoutingRule rule) {
    apply(new Change.AddRule(rule));
  }

  public void removeRule(RoutingRule rule) {
    apply(new Change.RemoveRule(rule));
  }

  private <T> List<T> dump(
      String operation, int type, Payload question, Function<Payload, Optional<T>> reader) {
    return socket.dump(new NetlinkRequest(operation, type, 0, question)).stream()
        .map(message -> reader.apply(message.payload()))
        .flatMap(Optional::stream)
        .toList();
  }
}
