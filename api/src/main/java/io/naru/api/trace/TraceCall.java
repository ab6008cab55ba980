package io.naru.api.trace;

import io.naru.core.trace.CaptureOrder;
import io.naru.core.trace.TraceOrder;
import java.util.List;
import java.util.Optional;

/**
 * One question of a trace or a capture to an agent: one of these.
 *
 * @param place who that name is
 * @param arm open the taps, and keep what they see
 * @param send the same, and send the probes; answered when they came back or time ran out
 * @param collect tell what an armed trace saw, and close its taps
 * @param capture capture packets, and answer when that is over
 */
public record TraceCall(
    Optional<String> place,
    Optional<TraceOrder> arm,
    Optional<TraceOrder> send,
    Optional<Collection> collect,
    Optional<CaptureOrder> capture) {
  /**
   * @param marker of the order
   * @param keys as {@link io.naru.core.trace.NodeTrace#keys} has them
   */
  public record Collection(String marker, List<Long> keys) {
    public Collection {
      keys = List.copyOf(keys);
    }
  }

  public static TraceCall toPlace(String name) {
    return of(Optional.of(name), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public static TraceCall toArm(TraceOrder order) {
    return of(Optional.empty(), Optional.of(order), Optional.empty(), Optional.empty());
  }

  public static TraceCall toSend(TraceOrder order) {
    return of(Optional.empty(), Optional.empty(), Optional.of(order), Optional.empty());
  }

  public static TraceCall toCollect(String marker, List<Long> keys) {
    return of(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new Collection(marker, keys)));
  }

  public static TraceCall toCapture(CaptureOrder order) {
    return new TraceCall(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(order));
  }

  private static TraceCall of(
      Optional<String> place,
      Optional<TraceOrder> arm,
      Optional<TraceOrder> send,
      Optional<Collection> collect) {
    return new TraceCall(place, arm, send, collect, Optional.empty());
  }
}
