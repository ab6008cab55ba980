package io.naru.api.trace;

import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.trace.CaptureOrder;
import io.naru.core.trace.NodeCapture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * What the nodes of both ends captured at the same time.
 *
 * @param captures of each node that could be asked
 * @param unasked the others, a sentence each
 */
public record CaptureRun(List<NodeCapture> captures, List<String> unasked) {
  public CaptureRun {
    captures = List.copyOf(captures);
    unasked = List.copyOf(unasked);
  }

  /**
   * Has both nodes capture.
   *
   * @throws NaruException UNAVAILABLE where neither can be asked
   */
  static CaptureRun of(CaptureOrder order, Map<NodeName, TraceAgent> agents) {
    Map<NodeName, Future<TraceReply>> asked = new LinkedHashMap<>();
    List<String> unasked = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Stream.of(order.from().node(), order.to().node())
          .flatMap(Optional::stream)
          .distinct()
          .forEach(
              node -> {
                TraceAgent agent = agents.get(node);
                if (agent == null) {
                  unasked.add(node + ": its agent cannot be asked");
                } else {
                  asked.put(node, threads.submit(() -> agent.ask(TraceCall.toCapture(order))));
                }
              });
    }
    List<NodeCapture> captures = new ArrayList<>();
    asked.forEach(
        (node, answer) -> {
          try {
            TraceReply reply = answer.get();
            reply.capture().ifPresent(captures::add);
            reply.failure().ifPresent(sentence -> unasked.add(node + ": " + sentence));
          } catch (ExecutionException failed) {
            unasked.add(
                node
                    + ": "
                    + (failed.getCause() instanceof NaruException silent
                        ? silent.sentence()
                        : failed.toString()));
          } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
          }
        });
    if (captures.isEmpty()) {
      throw new NaruException(ErrorCode.UNAVAILABLE, String.join("; ", unasked));
    }
    return new CaptureRun(captures, unasked);
  }
}
