package io.naru.cli.command;

import io.naru.agent.node.AgentOptions;
import io.naru.agent.node.StoppedAgent;
import io.naru.channel.frame.Json;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.judge.Diagnosis;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import io.naru.lab.process.Program;
import java.util.List;
import java.util.Optional;

/** What the doctor learns of a node whose agent does not answer: from its kernel, without it. */
final class SilentNode {
  private SilentNode() {}

  /** This host's report; empty where it is no node, or its agent runs. */
  static Optional<DoctorReport> here() {
    return here(new NodeOptions());
  }

  static Optional<DoctorReport> here(NodeOptions node) {
    return node.member().filter(StoppedAgent::isHere).map(SilentNode::report);
  }

  private static DoctorReport report(AgentOptions options) {
    NodeEvidence own = StoppedAgent.evidence(options);
    return Diagnosis.of(
        List.of(own),
        List.of("paths and peers: " + own.node() + "'s agent does not run to ask them"));
  }

  /**
   * What its kernel holds, for the doctor of others.
   *
   * @throws NaruException as {@link StoppedAgent#evidence}
   */
  static NodeEvidence evidence(NodeOptions node) {
    return StoppedAgent.evidence(
        node.member()
            .orElseThrow(
                () ->
                    new NaruException(
                        ErrorCode.NOT_FOUND,
                        "this host belongs to no cluster: there is no identity in " + node.state)));
  }

  /** That of a lab's node; empty where it is down, or its agent runs and is only slow. */
  static Optional<NodeEvidence> of(Lab lab, String node) {
    try {
      Program program = Program.of(lab.naruCommand(node, List.of("collect", "--stopped-agent")));
      Program.Result result = program.tryRun("");
      return result.exitCode() == 0
          ? Optional.of(Json.read(result.output(), NodeEvidence.class))
          : Optional.empty();
    } catch (NaruException notReadable) {
      return Optional.empty();
    }
  }
}
