package io.naru.api;

/** The one line that asks an agent something. The {@code cni} operation has fields of its own. */
public record Request(String operation) {
  public static final String STATUS = "status";
  public static final String NODES = "nodes";
  public static final String TUNNELS = "tunnels";
  public static final String PATHS = "paths";

  /** Those of {@link #PATHS} and of transports that carry no pod packets now. */
  public static final String ALL_PATHS = "all-paths";

  public static final String PODS = "pods";

  public static final String SERVICES = "services";

  /** The answer is a status, after the pause began. */
  public static final String PAUSE = "pause";

  /** The answer is a status, after the backlog was applied. */
  public static final String RESUME = "resume";

  /** The answer is this node's evidence; it takes some seconds. */
  public static final String EXAMINE = "examine";

  /** The answer is the evidence of this node and of every peer that its agent can ask. */
  public static final String EXAMINE_CLUSTER = "examine-cluster";

  /** The answer is what the agent found of its own accord, the newest last. */
  public static final String HISTORY = "history";

  /** A question of a trace in {@link #BODY}; the answer is a {@code TraceReply}. */
  public static final String TRACE = "trace";

  /** A {@code TraceWish} in {@link #BODY}; the answer is the report of the trace. */
  public static final String TRACE_RUN = "trace-run";

  /** A name in {@link #BODY}; the answer is the {@code TraceEnd} that it stands for. */
  public static final String PLACE = "place";

  /** A {@code CaptureWish} in {@link #BODY}; answered with a {@code CaptureRun} when it is over. */
  public static final String CAPTURE = "capture";

  /** The field that holds what is asked, where a word is not enough. */
  public static final String BODY = "body";

  public static final String CNI = "cni";

  /** A request with more than a word. */
  public record WithBody(String operation, Object body) {}
}
