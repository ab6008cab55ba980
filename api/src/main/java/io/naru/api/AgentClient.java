package io.naru.api;

import io.naru.api.trace.CaptureRun;
import io.naru.api.trace.CaptureWish;
import io.naru.api.trace.TraceCall;
import io.naru.api.trace.TraceReply;
import io.naru.api.trace.TraceWish;
import io.naru.channel.Connection;
import io.naru.channel.frame.Json;
import io.naru.channel.unix.UnixClient;
import io.naru.core.diagnosis.ClusterEvidence;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.history.HistoryEntry;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.trace.TraceEnd;
import io.naru.core.trace.TraceReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Asks an agent over its unix socket: one line there, one line back, a connection each.
 *
 * @param socket the agent's socket file
 * @param whatToDo the advice to give where nobody answers
 */
public record AgentClient(Path socket, String whatToDo) {
  /** Where the agent of this host answers. */
  public static final Path LOCAL_SOCKET = Path.of("/run/naru/agent.sock");

  private static final int MAXIMUM_REPLY = 64 << 20;

  /** Asks the agent of this host. */
  public static AgentClient local() {
    return new AgentClient(LOCAL_SOCKET, "start the agent with: naru agent");
  }

  /** Whether anybody answers there; a socket that a killed agent left does not. */
  public boolean answers() {
    try (Connection connection = UnixClient.connect(socket, whatToDo)) {
      return !connection.isClosed();
    } catch (NaruException nobody) {
      if (nobody.code() == ErrorCode.NOT_PERMITTED) {
        throw nobody;
      }
      return false;
    }
  }

  public StatusReport status() {
    return Json.read(ask(Request.STATUS), StatusReport.class);
  }

  /** Makes the agent leave the kernel as it is; its status, with what differs. */
  public StatusReport pause() {
    return Json.read(ask(Request.PAUSE), StatusReport.class);
  }

  /** Ends a pause; the agent's status after it repaired what differed. */
  public StatusReport resume() {
    return Json.read(ask(Request.RESUME), StatusReport.class);
  }

  public List<NodeRow> nodes() {
    return list(Request.NODES, NodeRow.class);
  }

  public List<TunnelRow> tunnels() {
    return list(Request.TUNNELS, TunnelRow.class);
  }

  /** Every path that begins or ends at the agent's node, by the transports in use. */
  public List<PathRow> paths(boolean allTransports) {
    return list(allTransports ? Request.ALL_PATHS : Request.PATHS, PathRow.class);
  }

  public List<PodRow> pods() {
    return list(Request.PODS, PodRow.class);
  }

  /** Every frontend of every service, with its backends as the agent's node reaches them. */
  public List<ServiceRow> services() {
    return list(Request.SERVICES, ServiceRow.class);
  }

  /** What the agent's node observes in a few seconds of close looking. */
  public NodeEvidence examine() {
    return Json.read(ask(Request.EXAMINE), NodeEvidence.class);
  }

  /** The same of the agent's node and of all peers that it can ask. */
  public ClusterEvidence examineCluster() {
    return Json.read(ask(Request.EXAMINE_CLUSTER), ClusterEvidence.class);
  }

  /** What the agent found of its own accord: verdicts and repairs, the newest last. */
  public List<HistoryEntry> history() {
    return list(Request.HISTORY, HistoryEntry.class);
  }

  /** An answer about a trace, of this agent alone. */
  public TraceReply trace(TraceCall call) {
    return Json.read(answer(new Request.WithBody(Request.TRACE, call)), TraceReply.class);
  }

  /** A trace that this agent runs together with its peers. */
  public TraceReport trace(TraceWish wish) {
    return Json.read(answer(new Request.WithBody(Request.TRACE_RUN, wish)), TraceReport.class);
  }

  /** A capture by this agent and its peers; waits until it is over. */
  public CaptureRun capture(CaptureWish wish) {
    return Json.read(answer(new Request.WithBody(Request.CAPTURE, wish)), CaptureRun.class);
  }

  /** Who a name is in the cluster, as this agent and its peers know. */
  public TraceEnd place(String name) {
    return Json.read(answer(new Request.WithBody(Request.PLACE, name)), TraceEnd.class);
  }

  private <T> List<T> list(String operation, Class<T> row) {
    List<T> rows = new ArrayList<>();
    for (JsonNode item : ask(operation)) {
      rows.add(Json.read(item, row));
    }
    return rows;
  }

  /**
   * The answer to a request.
   *
   * @throws NaruException UNAVAILABLE if nobody answers; the agent's own code if it refuses
   */
  public JsonNode ask(String operation) {
    return answer(new Request(operation));
  }

  private JsonNode answer(Object request) {
    try (Connection connection = UnixClient.connect(socket, whatToDo)) {
      connection.lines().maximumLength(MAXIMUM_REPLY);
      connection.write(request);
      Reply reply =
          connection
              .read(Reply.class)
              .orElseThrow(
                  () ->
                      new NaruException(
                          ErrorCode.UNAVAILABLE, "the agent closed " + socket + " unanswered"));
      // A result that is absent may also be read as a JSON null.
      return reply
          .result()
          .filter(result -> reply.ok())
          .orElseThrow(
              () -> new NaruException(code(reply), reply.message().orElse("the agent refused")));
    }
  }

  private static ErrorCode code(Reply reply) {
    for (ErrorCode code : ErrorCode.values()) {
      if (reply.code().filter(code.code()::equals).isPresent()) {
        return code;
      }
    }
    return ErrorCode.INTERNAL;
  }
}
