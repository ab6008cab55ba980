package io.naru.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.service.Backend;
import io.naru.core.service.Protocol;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServicePort;
import io.naru.dns.message.Known;
import io.naru.dns.message.Question;
import io.naru.dns.zone.ClusterNames;
import io.naru.dns.zone.ClusterZone;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.Message;

/** Any datagram is answered within bounds, asked for, or dropped; and the second time the same. */
public class QueryFuzzTest {
  private static final ClusterNames NAMES = names();

  private static ClusterNames names() {
    Service web =
        Service.of(
            ServiceName.parse("web"),
            List.of(IpAddress.parse("10.96.0.1"), IpAddress.parse("fd00::1")),
            List.of(new ServicePort("http", Protocol.TCP, 80, 0, Optional.empty())),
            List.of());
    Service pods =
        Service.of(
            ServiceName.parse("pods"),
            List.of(),
            web.ports(),
            List.of(
                Backend.ready(IpAddress.parse("10.0.0.1")),
                Backend.ready(IpAddress.parse("10.0.0.2"))));
    return ClusterNames.of(
        ClusterZone.of(
            "cluster.local",
            List.of(Prefix.parse("10.0.0.0/8"), Prefix.parse("fd00::/61")),
            List.of(IpAddress.parse("169.254.20.10"))),
        Map.of(web.name(), web, pods.name(), pods));
  }

  private static final Access ACCESS =
      new Access(
          asker -> true,
          new Responder() {
            @Override
            public @Nullable Known known(Question question) {
              return NAMES
                  .answer(question)
                  .map(
                      it ->
                          new Known(it, Known.Origin.CLUSTER, new Known.Validity.Generation(NAMES)))
                  .orElse(null);
            }

            @Override
            public Known find(Question question) {
              throw new AssertionError("nobody is asked");
            }

            @Override
            public Object generation() {
              return NAMES;
            }
          },
          new ServerCounters(),
          () -> 0,
          1);

  private static final Replier REPLIER = new Replier(ACCESS);

  public static void fuzzerTestOneInput(byte[] datagram) {
    byte[] query = Arrays.copyOf(datagram, 4096);
    int length = Math.min(datagram.length, query.length);
    REPLIER.forget();
    byte[] first = reply(query, length);
    byte[] second = reply(query, length);
    if (first == null || second == null) {
      assertThat(second).isEqualTo(first);
      return;
    }
    // Addresses come in turn; nothing else may differ.
    assertThat(sorted(second)).as("the same again").isEqualTo(sorted(first));
    assertThat(first.length).isBetween(12, 1232);
    assertThat(first[0]).isEqualTo(query[0]);
    assertThat(first[1]).isEqualTo(query[1]);
    assertThat(first[2] & 0x80).isEqualTo(0x80);
    try {
      new Message(first);
    } catch (IOException e) {
      throw new AssertionError("the answer is no message", e);
    }
  }

  private static byte @Nullable [] reply(byte[] query, int length) {
    AtomicReference<Incoming.Request> later = new AtomicReference<>();
    ByteBuffer reply = REPLIER.reply(query, length, later::set);
    if (reply == null) {
      return null;
    }
    assertThat(later.get()).isNull();
    byte[] bytes = new byte[reply.remaining()];
    reply.get(bytes);
    return bytes;
  }

  private static byte[] sorted(byte[] reply) {
    byte[] bytes = reply.clone();
    Arrays.sort(bytes, Incoming.HEADER, bytes.length);
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("kept")
  void keptInputIsHandled(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  static List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz/QueryFuzzTest"))) {
      return files.sorted().toList();
    }
  }
}
