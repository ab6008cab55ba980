package io.naru.agent.api;

import io.naru.agent.cni.CniReply;
import io.naru.agent.examine.Examination;
import io.naru.agent.loop.Pause;
import io.naru.agent.pod.PodNetwork;
import io.naru.agent.trace.Traces;
import io.naru.api.Reply;
import io.naru.api.Request;
import io.naru.api.trace.CaptureWish;
import io.naru.api.trace.TraceCall;
import io.naru.api.trace.TraceWish;
import io.naru.channel.Connection;
import io.naru.channel.frame.Json;
import io.naru.channel.unix.UnixServer;
import io.naru.core.diagnosis.history.HistoryEntry;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** Answers on the agent's unix socket, which only root may open: one request a connection. */
public final class ApiServer implements AutoCloseable {
  private final Reports reports;
  private final PodNetwork pods;
  private final Pause pause;
  private final Supplier<Examination> examination;
  private final Supplier<List<HistoryEntry>> history;
  private final Supplier<Traces> tracing;
  private final UnixServer server;

  private ApiServer(
      Path socket,
      Reports reports,
      PodNetwork pods,
      Pause pause,
      Supplier<Examination> examination,
      Supplier<List<HistoryEntry>> history,
      Supplier<Traces> tracing) {
    this.reports = reports;
    this.pods = pods;
    this.pause = pause;
    this.examination = examination;
    this.history = history;
    this.tracing = tracing;
    this.server = UnixServer.start(socket, this::serve);
  }

  /**
   * Starts to answer.
   *
   * @throws NaruException CONFLICT if an agent answers there already
   */
  public static ApiServer start(
      Path socket,
      Reports reports,
      PodNetwork pods,
      Pause pause,
      Supplier<Examination> examination,
      Supplier<List<HistoryEntry>> history,
      Supplier<Traces> tracing) {
    return new ApiServer(socket, reports, pods, pause, examination, history, tracing);
  }

  private void serve(Connection connection) {
    Optional<String> line;
    try {
      line = connection.lines().readLine();
    } catch (NaruException malformed) {
      connection.write(Reply.failure(malformed.code().code(), malformed.sentence()));
      return;
    }
    if (line.isEmpty()) {
      return;
    }
    try {
      JsonNode request = Json.read(line.get(), JsonNode.class);
      String operation = request.path("operation").asString("");
      if (operation.equals(Request.CNI)) {
        CniReply reply = pods.handle(request);
        try {
          answer(connection, reply);
        } catch (NaruException hungUp) {
          pods.takeBack(request, reply);
        }
      } else {
        connection.write(Reply.of(answer(operation, request)));
      }
    } catch (NaruException refused) {
      connection.write(Reply.failure(refused.code().code(), refused.sentence()));
    }
  }

  /** The CNI program reads two lines: the exit code, and what it is to print. */
  private static void answer(Connection connection, CniReply reply) {
    String lines = reply.toLines();
    connection.lines().writeLine(lines.substring(0, lines.length() - 1));
  }

  private JsonNode answer(String operation, JsonNode request) {
    return switch (operation) {
      case Request.STATUS -> Json.tree(reports.status());
      case Request.NODES -> Json.tree(reports.nodes());
      case Request.TUNNELS -> Json.tree(reports.tunnels());
      case Request.PATHS -> Json.tree(reports.paths(false));
      case Request.ALL_PATHS -> Json.tree(reports.paths(true));
      case Request.PODS -> Json.tree(reports.pods());
      case Request.SERVICES -> Json.leaf(reports.services());
      case Request.PAUSE -> {
        pause.begin();
        yield Json.tree(reports.status());
      }
      case Request.RESUME -> {
        pause.end();
        yield Json.tree(reports.status());
      }
      case Request.EXAMINE -> Json.tree(examination.get().run());
      case Request.EXAMINE_CLUSTER -> Json.tree(examination.get().runEverywhere());
      case Request.HISTORY -> Json.tree(history.get());
      case Request.TRACE ->
          Json.tree(tracing.get().ask(Json.read(request.path(Request.BODY), TraceCall.class)));
      case Request.TRACE_RUN ->
          Json.tree(tracing.get().run(Json.read(request.path(Request.BODY), TraceWish.class)));
      case Request.PLACE -> Json.tree(tracing.get().place(request.path(Request.BODY).asString("")));
      case Request.CAPTURE ->
          Json.tree(
              tracing.get().capture(Json.read(request.path(Request.BODY), CaptureWish.class)));
      default ->
          throw new NaruException(
              ErrorCode.BAD_INPUT,
              "this agent knows no operation '"
                  + operation
                  + "'; the program that asks may be of"
                  + " another version");
    };
  }

  @Override
  public void close() {
    server.close();
  }
}
