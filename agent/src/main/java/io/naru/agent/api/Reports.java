package io.naru.agent.api;

import io.naru.agent.ipam.Lease;
import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.kernel.FilterTables;
import io.naru.agent.loop.ClusterMemory;
import io.naru.agent.loop.Pass;
import io.naru.agent.loop.PassTiming;
import io.naru.agent.loop.Pause;
import io.naru.agent.probe.JudgedPath;
import io.naru.agent.probe.PathBook;
import io.naru.api.NodeRow;
import io.naru.api.PathRow;
import io.naru.api.PodRow;
import io.naru.api.ServiceRow;
import io.naru.api.StatusReport;
import io.naru.api.TunnelRow;
import io.naru.core.address.IpAddress;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.cluster.NodeName;
import io.naru.core.desired.CounterSet.Direction;
import io.naru.core.desired.CounterSets;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.NodeView;
import io.naru.core.path.PathState;
import io.naru.core.path.Transport;
import io.naru.core.pod.PodAttachment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What the agent tells of itself, made from what it knows at that moment. */
public final class Reports {
  private final NodeName name;
  private final String version;
  private final ClusterMemory memory;
  private final Supplier<Pass> pass;
  private final Pause pause;
  private final PathBook paths;
  private final LeaseBook leases;
  private final FilterTables filters;
  private final Instant started = Instant.now();

  public Reports(
      NodeName name,
      String version,
      ClusterMemory memory,
      Supplier<Pass> pass,
      Pause pause,
      PathBook paths,
      LeaseBook leases,
      FilterTables filters) {
    this.name = name;
    this.version = version;
    this.memory = memory;
    this.pass = pass;
    this.pause = pause;
    this.paths = paths;
    this.leases = leases;
    this.filters = filters;
  }

  StatusReport status() {
    Pass last = pass.get();
    Optional<NodeView> view = last.view();
    Map<String, Long> states = new LinkedHashMap<>();
    for (PathState state : PathState.values()) {
      states.put(state.toString(), 0L);
    }
    judged(false).forEach(path -> states.merge(path.verdict().state().toString(), 1L, Long::sum));
    return new StatusReport(
        name.text(),
        version,
        view.isEmpty() ? "starting" : last.problems().isEmpty() ? "ready" : "retrying",
        view.map(Reports::underlay)
            .orElseGet(() -> new StatusReport.Underlay("", 0, List.of(), "not chosen yet")),
        view.map(known -> texts(known.self().podCidrs())).orElse(List.of()),
        view.map(NodeView::podMtu).orElse(0),
        memory.snapshot().map(s -> s.configuration().transport().toString()).orElse(""),
        new StatusReport.Store(memory.isConnected(), memory.since().toString(), memory.detail()),
        view.map(known -> known.peers().size()).orElse(0),
        leases.all().size(),
        states,
        last.problems(),
        paused(),
        pause.differences(),
        comparison(last));
  }

  private static Optional<StatusReport.Comparison> comparison(Pass last) {
    PassTiming timing = last.timing();
    return timing.entries() == 0
        ? Optional.empty()
        : Optional.of(
            new StatusReport.Comparison(
                timing.number(),
                timing.entries(),
                timing.comparing().toNanos() / 1e6,
                last.plan().operations().size() - last.failedOperations(),
                timing.changing().toNanos() / 1e6));
  }

  private Optional<String> paused() {
    return pause.since().map(Instant::toString);
  }

  private static StatusReport.Underlay underlay(NodeView view) {
    return new StatusReport.Underlay(
        view.underlay().interfaceName(),
        view.underlay().mtu(),
        texts(view.underlay().addresses()),
        view.underlay().reason());
  }

  List<NodeRow> nodes() {
    Optional<NodeView> view = pass.get().view();
    if (view.isEmpty()) {
      return List.of();
    }
    return Stream.concat(Stream.of(view.get().self()), view.get().peers().stream())
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .map(node -> row(node, view.get()))
        .toList();
  }

  private NodeRow row(Node node, NodeView view) {
    boolean self = node.name().equals(name);
    return new NodeRow(
        node.name().text(),
        node.kind() == NodeKind.AGENT ? "agent" : "foreign",
        texts(node.publicAddresses()),
        texts(node.podCidrs()),
        node.vtepMac().toString(),
        node.vni(),
        node.vxlanPort(),
        node.agentPort(),
        self ? "self" : view.chosenTransport(node).map(Transport::toString).orElse("none"),
        self ? "this node" : view.transportReason(node),
        self ? paused() : Optional.empty());
  }

  List<TunnelRow> tunnels() {
    Optional<NodeView> view = pass.get().view();
    if (view.isEmpty()) {
      return List.of();
    }
    Map<IpAddress, Long> sent = counted(Direction.SENT, view.get());
    Map<IpAddress, Long> received = counted(Direction.RECEIVED, view.get());
    List<TunnelRow> rows = new ArrayList<>();
    for (Node peer : view.get().peers()) {
      if (view.get().usableTransports(peer).contains(Transport.VXLAN)) {
        IpAddress remote = view.get().tunnelAddress(peer).orElseThrow();
        rows.add(
            new TunnelRow(
                name.text(),
                peer.name().text(),
                remote.toString(),
                texts(peer.podCidrs()),
                peer.vtepMac().toString(),
                view.get().configuration().vni(),
                view.get().configuration().vxlanPort(),
                DesiredState.TUNNEL,
                view.get().chosenTransport(peer).equals(Optional.of(Transport.VXLAN)),
                sent.getOrDefault(remote, 0L),
                received.getOrDefault(remote, 0L)));
      }
    }
    return rows;
  }

  private Map<IpAddress, Long> counted(Direction direction, NodeView view) {
    return filters.counted(CounterSets.tunnel(direction, view.tunnelFamily()).name());
  }

  List<PathRow> paths(boolean allTransports) {
    List<PathRow> rows = new ArrayList<>();
    judged(allTransports).forEach(judged -> rows.add(row(judged)));
    pass.get().view().ifPresent(view -> rows.addAll(unproved(view)));
    return rows;
  }

  private PathRow row(JudgedPath judged) {
    return new PathRow(
        judged.path().from().text(),
        judged.path().to().text(),
        judged.path().transport().toString(),
        judged.verdict().state().toString(),
        judged.since().toString(),
        loud(judged.verdict().reason()),
        judged.verdict().lastSeen().map(tap -> tap.on(judged.path())),
        judged.verdict().notSeen().map(tap -> tap.on(judged.path())),
        name.text());
  }

  /** Paths that no probe can take: a peer without a usable transport, or without an agent. */
  private List<PathRow> unproved(NodeView view) {
    List<PathRow> rows = new ArrayList<>();
    for (Node peer : view.peers()) {
      Optional<Transport> transport = view.chosenTransport(peer);
      switch (peer.kind()) {
        case AGENT -> {
          if (transport.isEmpty()) {
            rows.add(unproved(peer, "none", PathState.BROKEN, view.transportReason(peer)));
          }
        }
        case FOREIGN ->
            rows.add(
                transport.isEmpty()
                    ? unproved(peer, "none", PathState.BROKEN, view.transportReason(peer))
                    : unproved(
                        peer,
                        transport.get().toString(),
                        PathState.UNKNOWN,
                        "no Naru agent runs on " + peer.name() + ", so nobody answers probes"));
      }
    }
    return rows;
  }

  private PathRow unproved(Node peer, String transport, PathState state, String reason) {
    return new PathRow(
        name.text(),
        peer.name().text(),
        transport,
        state.toString(),
        started.toString(),
        loud(reason),
        Optional.empty(),
        Optional.empty(),
        name.text());
  }

  /** Who looks for why a path is broken must see that this node repairs nothing. */
  private String loud(String reason) {
    return pause.since().isPresent() ? name + " is PAUSED, repairs nothing; " + reason : reason;
  }

  private List<JudgedPath> judged(boolean allTransports) {
    return paths.judge(Instant.now()).stream()
        .filter(path -> allTransports || path.chosen())
        .toList();
  }

  List<PodRow> pods() {
    return leases.all().stream().map(Lease::attachment).map(this::row).toList();
  }

  List<ServiceRow> services() {
    return memory
        .snapshot()
        .map(snapshot -> ServiceRows.of(name, snapshot, paths(false)))
        .orElse(List.of());
  }

  private PodRow row(PodAttachment pod) {
    Map<String, String> arguments = pod.arguments();
    return new PodRow(
        arguments.getOrDefault("K8S_POD_NAME", pod.key().containerId()),
        Optional.ofNullable(arguments.get("K8S_POD_NAMESPACE")),
        name.text(),
        texts(pod.addresses()),
        pod.key().containerId(),
        pod.key().interfaceName(),
        pod.hostInterface(),
        pod.createdAt().toString());
  }

  private static List<String> texts(Collection<?> values) {
    return values.stream().map(Object::toString).toList();
  }
}
