package io.naru.cli.command;

import io.naru.core.diagnosis.DoctorReport;
import io.naru.doctor.ends.End;
import io.naru.doctor.ends.PeerExamination;
import io.naru.doctor.look.LookOptions;
import io.naru.doctor.peer.PeerNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code naru doctor} examines on nodes that run another network. */
final class PeerOption {
  private static final int MOST_SECONDS = 60;

  @Option(
      names = "--peer",
      paramLabel = "flannel|cilium|kernel",
      description = "whose network it is; kernel: anybody's VXLAN device")
  @Nullable String network;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "how long probes are sent (default: 2)")
  int seconds = (int) LookOptions.USUAL.toSeconds();

  @Parameters(
      paramLabel = "NODE",
      arity = "0..*",
      description = {
        "with --peer, the nodes to look at, all at the same time: here, netns:NAME, ssh:[USER@]HOST or",
        "kubectl:NAMESPACE/POD (naru must be there), or a file that naru collect wrote;",
        "without one, this node"
      })
  List<String> nodes = new ArrayList<>();

  boolean isAsked(CommandSpec spec) {
    if (network == null && !nodes.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "nodes can be named with --peer alone; else give --from and --to");
    }
    return network != null;
  }

  /** Examines; where --from and --to are nodes to look at, those too. */
  DoctorReport examine(CommandSpec spec, @Nullable String from, @Nullable String to) {
    PeerNetwork peer = PeerNetwork.named(network == null ? "" : network);
    Set<End> ends = new LinkedHashSet<>();
    for (String node : nodes) {
      ends.add(End.parse(node));
    }
    for (String node : new @Nullable String[] {from, to}) {
      if (node != null && isEnd(node)) {
        ends.add(End.parse(node));
      }
    }
    if (ends.isEmpty() || !ends.stream().allMatch(End.Collected.class::isInstance)) {
      RootRights.require("the doctor opens packet taps and sends pings");
    }
    return new PeerExamination(peer, probing(spec, seconds)).examine(List.copyOf(ends));
  }

  static Duration probing(CommandSpec spec, int seconds) {
    if (seconds < 1 || seconds > MOST_SECONDS) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--seconds must be from 1 to " + MOST_SECONDS + ", not " + seconds);
    }
    return Duration.ofSeconds(seconds);
  }

  private static boolean isEnd(String text) {
    return text.equals("here") || text.matches("(netns|ssh|kubectl):.*");
  }

  /** The name under which the report has a node that was named like an end. */
  static String node(String text) {
    return text.startsWith("netns:") ? text.substring("netns:".length()) : text;
  }
}
