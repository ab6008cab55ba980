package io.naru.agent.trace;

import io.naru.agent.ipam.Lease;
import io.naru.agent.ipam.LeaseBook;
import io.naru.core.address.IpAddress;
import io.naru.core.cluster.Node;
import io.naru.core.desired.NodeView;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.pod.PodAttachment;
import io.naru.core.trace.TraceEnd;
import io.naru.core.trace.TraceEnd.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells who a name or an address is, as far as this node knows. */
record Places(LeaseBook leases) {
  /** Empty for a name that is no address and not known here. */
  Optional<TraceEnd> find(String name, NodeView view) {
    List<PodAttachment> named = pods().filter(pod -> names(pod).anyMatch(name::equals)).toList();
    if (named.size() > 1) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "several pods of "
              + view.self().name()
              + " are called '"
              + name
              + "': "
              + String.join(", ", named.stream().map(PodAttachment::displayName).toList()));
    }
    return named.stream()
        .findFirst()
        .map(pod -> end(pod, view))
        .or(
            () ->
                nodes(view)
                    .filter(node -> node.name().text().equals(name))
                    .findFirst()
                    .map(Places::end))
        .or(() -> address(name).map(address -> at(address, view)));
  }

  /** The pod that has an address. */
  Optional<PodAttachment> pod(IpAddress address) {
    return pods().filter(pod -> pod.addresses().contains(address)).findFirst();
  }

  private Stream<PodAttachment> pods() {
    return leases.all().stream().map(Lease::attachment).filter(PodAttachment::isDefault);
  }

  private static Stream<String> names(PodAttachment pod) {
    return Stream.concat(
        Stream.of(pod.displayName(), pod.key().containerId()),
        Optional.ofNullable(pod.arguments().get("K8S_POD_NAME")).stream());
  }

  private static Stream<Node> nodes(NodeView view) {
    return Stream.concat(Stream.of(view.self()), view.peers().stream());
  }

  private static Optional<IpAddress> address(String text) {
    try {
      return Optional.of(IpAddress.parse(text));
    } catch (NaruException noAddress) {
      return Optional.empty();
    }
  }

  /** Who has an address. */
  TraceEnd at(IpAddress address, NodeView view) {
    Optional<TraceEnd> own = pod(address).map(pod -> one(end(pod, view), address));
    return own.or(
            () ->
                nodes(view)
                    .filter(node -> end(node).addresses().contains(address))
                    .findFirst()
                    .map(node -> one(end(node), address)))
        .or(
            () ->
                nodes(view)
                    .filter(node -> node.publicAddresses().contains(address))
                    .findFirst()
                    .map(node -> end(node, Kind.HOST, address)))
        .or(
            () ->
                nodes(view)
                    .filter(node -> node.podCidrs().stream().anyMatch(c -> c.contains(address)))
                    .findFirst()
                    .map(node -> end(node, Kind.POD, address)))
        .orElseGet(
            () ->
                new TraceEnd(
                    address.toString(),
                    Kind.OUTSIDE,
                    Optional.empty(),
                    List.of(address),
                    List.of()));
  }

  private static TraceEnd end(PodAttachment pod, NodeView view) {
    String name = pod.arguments().getOrDefault("K8S_POD_NAME", pod.key().containerId());
    return new TraceEnd(
        name,
        Kind.POD,
        Optional.of(view.self().name()),
        pod.addresses(),
        view.self().publicAddresses());
  }

  private static TraceEnd end(Node node) {
    return new TraceEnd(
        node.name().text(),
        Kind.NODE,
        Optional.of(node.name()),
        node.podCidrs().stream().map(cidr -> NodeView.gateway(cidr).address()).toList(),
        node.publicAddresses());
  }

  private static TraceEnd end(Node node, Kind kind, IpAddress address) {
    return new TraceEnd(
        address.toString(),
        kind,
        Optional.of(node.name()),
        List.of(address),
        node.publicAddresses());
  }

  /** The same with this address alone, as it was asked for. */
  private static TraceEnd one(TraceEnd end, IpAddress address) {
    return new TraceEnd(end.name(), end.kind(), end.node(), List.of(address), end.underlay());
  }
}
