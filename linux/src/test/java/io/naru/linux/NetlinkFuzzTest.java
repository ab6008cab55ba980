package io.naru.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.conntrack.ConntrackReading;
import io.naru.linux.netlink.AnswerReading;
import io.naru.linux.netlink.NetlinkMessage;
import io.naru.linux.netlink.Payload;
import io.naru.linux.nftables.NftablesReading;
import io.naru.linux.route.RouteReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any datagram of netlink is read or refused, whatever it was an answer to. */
public class NetlinkFuzzTest {
  private static final List<Consumer<NetlinkMessage>> WAYS =
      Stream.of(RouteReading.WAYS, NftablesReading.WAYS, ConntrackReading.WAYS, AnswerReading.WAYS)
          .flatMap(List::stream)
          .toList();

  public static void fuzzerTestOneInput(byte[] datagram) {
    readOrRefuse(
        () ->
            NetlinkMessage.parse(Payload.of(datagram))
                .forEach(message -> WAYS.forEach(way -> readOrRefuse(() -> way.accept(message)))));
  }

  private static void readOrRefuse(Runnable reading) {
    try {
      reading.run();
    } catch (NaruException refused) {
      assertThat(refused.code()).isEqualTo(ErrorCode.MALFORMED);
    }
  }

  @ParameterizedTest
  @MethodSource("kept")
  void keptInputIsHandled(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  static List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz/NetlinkFuzzTest"))) {
      return files.sorted().toList();
    }
  }
}
