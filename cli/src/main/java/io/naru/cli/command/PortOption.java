package io.naru.cli.command;

import io.naru.core.trace.ProbeKind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --tcp PORT} or {@code --udp PORT}, not both. */
final class PortOption {
  @Option(names = "--tcp", paramLabel = "PORT", description = "a connection to that TCP port")
  @Nullable Integer tcp;

  @Option(names = "--udp", paramLabel = "PORT", description = "datagrams to that UDP port")
  @Nullable Integer udp;

  ProbeKind kind() {
    return tcp != null ? ProbeKind.TCP : udp != null ? ProbeKind.UDP : ProbeKind.ECHO;
  }

  int number() {
    return Optional.ofNullable(tcp).or(() -> Optional.ofNullable(udp)).orElse(0);
  }
}
