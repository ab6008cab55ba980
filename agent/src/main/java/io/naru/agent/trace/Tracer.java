package io.naru.agent.trace;

import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.loop.Pass;
import io.naru.api.trace.TraceAgent;
import io.naru.api.trace.TraceCall;
import io.naru.api.trace.TraceReply;
import io.naru.core.address.IpAddress;
import io.naru.core.cluster.NodeName;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.NodeView;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.path.Transport;
import io.naru.core.pod.PodAttachment;
import io.naru.core.trace.CaptureOrder;
import io.naru.core.trace.NodeTrace;
import io.naru.core.trace.Tap;
import io.naru.core.trace.TraceEnd;
import io.naru.core.trace.TraceOrder;
import io.naru.linux.call.Rest;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.sysctl.Sysctl;
import io.naru.observe.trace.ProbeSender;
import io.naru.observe.trace.TraceTaps;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A node's part in traces: a bounded number at a time, each for a bounded time. */
public final class Tracer implements TraceAgent {
  /** So long answers are waited for. */
  private static final Duration PATIENCE = Duration.ofMillis(700);

  /** That nothing comes is known then: only the rules have to be heard. */
  private static final Duration PATIENCE_FOR_RULES = Duration.ofMillis(350);

  private static final Duration POLL = Duration.ofMillis(10);

  /** After it, taps that nobody collected are closed. */
  private static final Duration LONGEST = Duration.ofSeconds(6);

  /**
   * What the far end's taps still need to hear the last answer leave, and the kernel to begin to
   * stamp packets.
   */
  private static final Duration SETTLING = Duration.ofMillis(30);

  /** Until nft has begun to tell. */
  private static final Duration BEGINNING = Duration.ofMillis(200);

  private static final int MOST_WATCHES = 4;

  private final NodeName self;
  private final Supplier<Pass> pass;
  private final Places places;
  private final Capturer capturer;
  private final Semaphore room = new Semaphore(MOST_WATCHES);
  private final Map<String, Watch> armed = new ConcurrentHashMap<>();

  public Tracer(NodeName self, Supplier<Pass> pass, LeaseBook leases) {
    this.self = self;
    this.pass = pass;
    this.places = new Places(leases);
    this.capturer = new Capturer(self, places);
  }

  @Override
  public NodeName node() {
    return self;
  }

  @Override
  public TraceReply ask(TraceCall call) {
    NodeView view = view();
    if (call.place().isPresent()) {
      return TraceReply.of(places.find(call.place().get(), view));
    }
    if (call.arm().isPresent()) {
      arm(call.arm().get(), view);
      return TraceReply.DONE;
    }
    if (call.send().isPresent()) {
      return TraceReply.of(send(call.send().get(), view));
    }
    if (call.collect().isPresent()) {
      return TraceReply.of(
          collect(call.collect().get().marker(), call.collect().get().keys(), view));
    }
    if (call.capture().isPresent()) {
      return TraceReply.of(capturer.run(call.capture().get(), view));
    }
    return TraceReply.failed(
        self + "'s agent knows no such question; it may be of another version");
  }

  /**
   * Answers a peer: it may have nobody send probes out of the cluster, and gets packets' headers
   * alone, of traffic with an end on its own node, which passes there anyway.
   *
   * @throws NaruException as {@link #ask}; NOT_PERMITTED
   */
  public TraceReply askedByPeer(NodeName peer, TraceCall call) {
    if (call.send().isPresent()) {
      IpAddress destination = call.send().get().destination();
      if (places.at(destination, view()).kind() == TraceEnd.Kind.OUTSIDE) {
        throw new NaruException(
            ErrorCode.NOT_PERMITTED,
            self
                + " sends probes to "
                + destination
                + ", which is outside of the cluster, only where its own root asks; type it there");
      }
    }
    if (call.capture().isPresent()) {
      CaptureOrder order = call.capture().get();
      if (!isOn(peer, order.from()) && !isOn(peer, order.to())) {
        throw new NaruException(
            ErrorCode.NOT_PERMITTED,
            self
                + " captures for another node only what that node sends or gets itself; type it on"
                + " the host of one of the ends");
      }
      return TraceReply.of(capturer.run(order.forAPeer(), view()));
    }
    return ask(call);
  }

  /** Whether all of an end's addresses are the node's, whatever the order says of it. */
  private boolean isOn(NodeName peer, TraceEnd end) {
    NodeView view = view();
    return !end.addresses().isEmpty()
        && Stream.concat(end.addresses().stream(), end.underlay().stream())
            .allMatch(address -> places.at(address, view).node().equals(Optional.of(peer)));
  }

  private NodeView view() {
    return pass.get().viewOf(self);
  }

  private Watch arm(TraceOrder order, NodeView view) {
    if (!room.tryAcquire()) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE, self + " watches " + MOST_WATCHES + " traces already; try again");
    }
    int port = view.configuration().vxlanPort();
    TraceTaps taps = new TraceTaps(order, port);
    try {
      if (isHere(order.from())) {
        open(taps, order.source(), Tap.FROM_POD, Tap.FROM_VETH);
      }
      taps.open(Tap.NIC, view.underlay().interfaceName());
      taps.open(Tap.VTEP, DesiredState.TUNNEL);
      if (isHere(order.to())) {
        open(taps, order.destination(), Tap.TO_POD, Tap.TO_VETH);
      }
      Watch watch = new Watch(order, taps, port);
      armed.put(order.marker(), watch);
      Thread.ofVirtual().name("naru-trace-end").start(() -> closeLater(watch));
      boolean _ = Rest.passes(order.rules() ? BEGINNING : SETTLING);
      return watch;
    } catch (RuntimeException failure) {
      taps.close();
      room.release();
      throw failure;
    }
  }

  private boolean isHere(TraceEnd end) {
    return end.node().equals(Optional.of(self));
  }

  private void open(TraceTaps taps, IpAddress address, Tap inside, Tap outside) {
    Optional<PodAttachment> pod = places.pod(address);
    if (pod.isPresent()) {
      try (NetworkNamespace namespace = NetworkNamespace.open(Path.of(pod.get().netnsPath()))) {
        taps.open(inside, pod.get().key().interfaceName(), namespace);
      } catch (NaruException gone) {
        throw new NaruException(
            gone.code(), "pod " + pod.get().displayName() + ": " + gone.sentence(), gone);
      }
      taps.open(outside, pod.get().hostInterface());
    }
  }

  private void closeLater(Watch watch) {
    boolean _ = Rest.passes(LONGEST);
    close(watch);
  }

  private void close(Watch watch) {
    if (armed.remove(watch.order().marker(), watch)) {
      watch.close();
      room.release();
    }
  }

  private NodeTrace send(TraceOrder order, NodeView view) {
    Watch watch = arm(order, view);
    try (ProbeSender sender = sender(order)) {
      Tap first = first(order, view);
      Duration patience = order.rules() ? PATIENCE_FOR_RULES : PATIENCE;
      long end = System.nanoTime() + patience.toNanos();
      while (System.nanoTime() < end
          && !watch.taps().isEverythingBack(sender.sourcePorts(), first)) {
        boolean _ = Rest.passes(POLL);
      }
      boolean _ = Rest.passes(SETTLING);
      List<Long> keys = watch.taps().keys(sender.sourcePorts());
      return trace(watch, view, keys, sender.attempts(), order.to());
    } finally {
      close(watch);
    }
  }

  /** Where an answer ends its way. */
  private static Tap first(TraceOrder order, NodeView view) {
    if (order.from().isPod()) {
      return Tap.FROM_POD;
    }
    if (order.isOnOneNode()) {
      return Tap.TO_VETH;
    }
    boolean tunnel =
        order
            .to()
            .node()
            .flatMap(view::peer)
            .flatMap(view::chosenTransport)
            .filter(Transport.VXLAN::equals)
            .isPresent();
    return tunnel ? Tap.VTEP : Tap.NIC;
  }

  private ProbeSender sender(TraceOrder order) {
    if (!order.from().isPod()) {
      return ProbeSender.send(order);
    }
    PodAttachment pod =
        places
            .pod(order.source())
            .orElseThrow(
                () ->
                    new NaruException(
                        ErrorCode.NOT_FOUND, self + " has no pod with address " + order.source()));
    try (NetworkNamespace namespace = NetworkNamespace.open(Path.of(pod.netnsPath()))) {
      return namespace.call(() -> ProbeSender.send(order));
    }
  }

  private NodeTrace collect(String marker, List<Long> keys, NodeView view) {
    Watch watch = armed.get(marker);
    if (watch == null) {
      throw new NaruException(
          ErrorCode.NOT_FOUND, self + " watches no such trace, or no more: it took too long");
    }
    try {
      return trace(watch, view, keys, List.of(), watch.order().from());
    } finally {
      close(watch);
    }
  }

  private NodeTrace trace(
      Watch watch,
      NodeView view,
      List<Long> keys,
      List<NodeTrace.Attempt> attempts,
      TraceEnd other) {
    return new NodeTrace(
        self,
        kernel(),
        other.node().flatMap(view::peer).flatMap(view::chosenTransport),
        watch.taps().taps(),
        watch.taps().sightings(keys),
        attempts,
        watch.drops(),
        keys,
        watch.notes());
  }

  /** random(4): one for each start of a kernel. */
  private String kernel() {
    return Sysctl.of("kernel", "random", "boot_id").find().orElse(self.text());
  }
}
