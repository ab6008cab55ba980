package io.naru.cli.command;

import io.naru.channel.frame.Json;
import io.naru.cli.output.Listing;
import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.ends.LocalNode;
import io.naru.doctor.ends.PodWords;
import io.naru.doctor.look.LookOptions;
import io.naru.doctor.look.LookOptions.Start;
import io.naru.doctor.look.NodeLook;
import io.naru.doctor.peer.PeerNetwork;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code naru collect}. */
@Command(
    name = "collect",
    description = {
      "What this node's kernel shows of its tunnel, as JSON for naru doctor --peer.",
      "It needs no agent, reads and probes for some seconds, and changes nothing."
    },
    footer = {
      "On each node, at the same time:   naru collect --seconds 10 > $(hostname).json",
      "Then, anywhere:                   naru doctor --peer flannel node1.json node2.json"
    })
final class CollectCommand implements Callable<Integer> {
  private static final int NOTHING_HERE = 3;

  @Spec CommandSpec spec;

  @Option(
      names = "--peer",
      paramLabel = "flannel|cilium|kernel",
      description = "whose network it is; without it the one whose device is here")
  @Nullable String network;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "how long probes are sent (default: 2)")
  int seconds = (int) LookOptions.USUAL.toSeconds();

  @Option(names = "--session", hidden = true)
  String session = "";

  /** Prints a line when the taps are open, and waits for one. */
  @Option(names = "--paced", hidden = true)
  boolean paced;

  /** Of a node whose agent does not run: what its kernel lacks, for the doctor of others. */
  @Option(names = "--stopped-agent", hidden = true)
  boolean stoppedAgent;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      if (stoppedAgent) {
        RootRights.require("a node's files and its kernel are root's");
        out.println(Json.write(SilentNode.evidence(new NodeOptions())));
        out.flush();
        return 0;
      }
      RootRights.require("collect opens packet taps and sends pings");
      PeerNetwork peer = network == null ? found() : PeerNetwork.named(network);
      Start start = paced ? pods -> await(out, pods) : Start.AT_ONCE;
      LookOptions options =
          new LookOptions(
              peer, LocalNode.name(), session, PeerOption.probing(spec, seconds), start);
      out.println(Listing.json(NodeLook.run(options)));
      out.flush();
      return 0;
    } catch (NaruException nothing) {
      spec.commandLine().getErr().println("naru: could not examine: " + nothing.sentence());
      return NOTHING_HERE;
    }
  }

  private static PeerNetwork found() {
    return Arrays.stream(PeerNetwork.values())
        .filter(NodeLook::isThere)
        .findFirst()
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.NOT_FOUND,
                    LocalNode.name() + " has no VXLAN device, of Flannel, Cilium or anybody"));
  }

  private static List<IpAddress> await(PrintWriter out, List<IpAddress> pods) {
    out.println(("naru collect: ready " + PodWords.text(pods)).strip());
    out.flush();
    StringBuilder line = new StringBuilder();
    try {
      Reader in = new InputStreamReader(System.in, StandardCharsets.UTF_8);
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0 || line.length() > PodWords.LONGEST) {
          throw new NaruException(ErrorCode.UNAVAILABLE, "who asked for this is gone");
        }
        line.append((char) c);
      }
      return PodWords.parse(line.toString().replaceFirst("^go", ""));
    } catch (IOException gone) {
      throw new NaruException(ErrorCode.UNAVAILABLE, "who asked for this is gone", gone);
    }
  }
}
