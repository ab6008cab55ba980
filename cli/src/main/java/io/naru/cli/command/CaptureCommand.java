package io.naru.cli.command;

import io.naru.api.trace.CaptureRun;
import io.naru.api.trace.CaptureWish;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.trace.CaptureOrder;
import io.naru.core.trace.NodeCapture;
import io.naru.doctor.capture.PcapngWriter;
import io.naru.linux.call.Rest;
import io.naru.observe.packet.FrameDirection;
import io.naru.observe.packet.LinkType;
import io.naru.observe.packet.Octets;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code naru capture}. */
@Command(
    name = "capture",
    description = {
      "Captures what passes between two pods or nodes, at every hop of both nodes at once.",
      "The file is pcapng; its interfaces and comments say the hop, like node1/nic."
    },
    footer = {
      "Between nodes, all that they send each other is captured, tunnel and all. Of another host's"
          + " packets the headers are kept alone (128 bytes).",
      "Next: naru compare FILE, or Wireshark."
    })
final class CaptureCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin AgentSource source;

  @Parameters(index = "0", paramLabel = "FROM", description = "a pod or a node")
  String from = "";

  @Parameters(index = "1", paramLabel = "TO", description = "a pod, a node or an address")
  String to = "";

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "how long, up to 60 (default: ${DEFAULT-VALUE})")
  int seconds;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "5000",
      description = "packets of each node, at most (default: ${DEFAULT-VALUE})")
  int count;

  @Option(
      names = {"-w", "--write"},
      paramLabel = "FILE",
      defaultValue = "naru.pcapng",
      description = "where to (default: ${DEFAULT-VALUE}); only its owner may read it")
  Path file = Path.of("");

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    CaptureWish wish =
        new CaptureWish(from, to, seconds, Math.min(count, CaptureOrder.MOST_PACKETS));
    err.println("capturing between " + from + " and " + to + " for " + seconds + " s");
    err.flush();
    Thread progress = Thread.ofVirtual().start(() -> progress(err));
    CaptureRun run;
    try {
      run = Tracing.capture(source, wish);
    } catch (NaruException cannot) {
      err.println("naru: " + cannot.sentence());
      return ReportFormat.NOT_EXAMINED;
    } finally {
      progress.interrupt();
    }
    List<NodeCapture.Packet> packets =
        run.captures().stream()
            .flatMap(capture -> capture.packets().stream())
            .sorted(Comparator.comparingLong(NodeCapture.Packet::nanoseconds))
            .toList();
    write(packets);
    Map<String, Integer> counts = new TreeMap<>();
    packets.forEach(packet -> counts.merge(packet.hop(), 1, Integer::sum));
    PrintWriter out = spec.commandLine().getOut();
    out.println(file + ": " + packets.size() + " packets");
    counts.forEach((hop, number) -> out.println("  " + hop + "  " + number));
    run.captures().forEach(capture -> capture.notes().forEach(err::println));
    run.unasked().forEach(sentence -> err.println("not captured: " + sentence));
    out.flush();
    err.flush();
    return 0;
  }

  private void progress(PrintWriter err) {
    for (int second = 1; second < seconds && Rest.passes(Duration.ofSeconds(1)); second++) {
      if (second % 5 == 0) {
        err.println("  " + second + " s of " + seconds);
        err.flush();
      }
    }
  }

  private void write(List<NodeCapture.Packet> packets) {
    try {
      Files.deleteIfExists(file);
      var channel =
          Files.newByteChannel(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (PcapngWriter writer =
          new PcapngWriter(
              new BufferedOutputStream(Channels.newOutputStream(channel)), file.toString())) {
        Map<String, Integer> interfaces = new TreeMap<>();
        packets.stream()
            .map(NodeCapture.Packet::hop)
            .distinct()
            .sorted()
            .forEach(
                hop ->
                    interfaces.put(
                        hop, writer.addInterface(hop, LinkType.ETHERNET, CaptureOrder.MOST_BYTES)));
        for (NodeCapture.Packet packet : packets) {
          writer.packet(
              interfaces.getOrDefault(packet.hop(), 0),
              packet.nanoseconds(),
              Octets.of(packet.frame()),
              packet.length(),
              packet.outgoing() ? FrameDirection.OUT : FrameDirection.IN,
              List.of(packet.hop()));
        }
      }
    } catch (IOException failed) {
      throw new NaruException(
          ErrorCode.FILE_FAILED, file + " cannot be written: " + failed.getMessage(), failed);
    }
  }
}
