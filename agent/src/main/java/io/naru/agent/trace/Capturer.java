package io.naru.agent.trace;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.cluster.NodeName;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.NodeView;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.pod.PodAttachment;
import io.naru.core.trace.CaptureOrder;
import io.naru.core.trace.NodeCapture;
import io.naru.core.trace.TraceEnd;
import io.naru.linux.call.Rest;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.tap.BpfProgram;
import io.naru.linux.tap.TraceFilters;
import io.naru.linux.tap.TraceFilters.Wanted;
import io.naru.observe.trace.CaptureTaps;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** A node's part in captures. */
final class Capturer {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int AT_ONCE = 2;

  private final NodeName self;
  private final Places places;
  private final Semaphore room = new Semaphore(AT_ONCE);

  Capturer(NodeName self, Places places) {
    this.self = self;
    this.places = places;
  }

  /** Captures until the time is over or enough packets came. */
  NodeCapture run(CaptureOrder order, NodeView view) {
    if (!room.tryAcquire()) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE, self + " captures for others already; try again");
    }
    try (CaptureTaps taps = new CaptureTaps(order)) {
      for (BpfProgram filter : filters(order, view.configuration().vxlanPort())) {
        taps.open(self + "/nic", view.underlay().interfaceName(), filter);
        if (order.from().isPod() || order.to().isPod()) {
          taps.open(self + "/vtep", DesiredState.TUNNEL, filter);
        }
        for (TraceEnd end : List.of(order.from(), order.to())) {
          pod(taps, end, filter);
        }
      }
      long end = System.nanoTime() + Duration.ofSeconds(order.seconds()).toNanos();
      while (System.nanoTime() < end && !taps.isFull()) {
        Rest.of(POLL, "the capture was broken off");
      }
      return new NodeCapture(self, taps.packets(), taps.notes());
    } finally {
      room.release();
    }
  }

  private void pod(CaptureTaps taps, TraceEnd end, BpfProgram filter) {
    Optional<PodAttachment> pod =
        end.addresses().stream().flatMap(a -> places.pod(a).stream()).findFirst();
    if (!end.node().equals(Optional.of(self)) || pod.isEmpty()) {
      return;
    }
    try (NetworkNamespace namespace = NetworkNamespace.open(Path.of(pod.get().netnsPath()))) {
      String inside = pod.get().key().interfaceName();
      taps.open(end.name() + "/" + inside, inside, filter, namespace);
    }
    taps.open(self + "/veth", pod.get().hostInterface(), filter);
  }

  /** One for each family that both ends have; nodes by their underlay as well, tunnel and all. */
  private static List<BpfProgram> filters(CaptureOrder order, int vxlanPort) {
    List<BpfProgram> filters = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      between(order.from().address(family), order.to().address(family), vxlanPort, filters);
      if (!order.from().isPod() && !order.to().isPod()) {
        between(underlay(order.from(), family), underlay(order.to(), family), vxlanPort, filters);
      }
    }
    if (filters.isEmpty()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          order.from().name() + " and " + order.to().name() + " have no addresses of one family");
    }
    return filters;
  }

  private static Optional<IpAddress> underlay(TraceEnd end, IpFamily family) {
    return end.underlay().stream().filter(address -> address.family() == family).findFirst();
  }

  private static void between(
      Optional<IpAddress> one, Optional<IpAddress> other, int vxlanPort, List<BpfProgram> filters) {
    if (one.isPresent() && other.isPresent()) {
      filters.add(TraceFilters.of(new Wanted.Between(one.get(), other.get()), vxlanPort));
    }
  }
}
