package io.naru.dns.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.dns.cache.AnswerCache;
import io.naru.dns.cache.Held;
import io.naru.dns.message.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Any answer of an upstream is believed for what it answers, or not at all; and can be kept. */
public class ReplyFuzzTest {
  private static final Question QUESTION =
      Question.of(Name.fromConstantString("www.example.com."), Type.A);

  /** The id of its queries is the same each time. */
  private static final Query QUERY = Query.of(QUESTION, new Query.Form(false, true), new Random(1));

  public static void fuzzerTestOneInput(byte[] datagram) {
    byte[] bytes = datagram.clone();
    if (bytes.length >= 2) {
      bytes[0] = (byte) (QUERY.id() >> 8);
      bytes[1] = (byte) QUERY.id();
    }
    if (!(Reply.of(QUERY, bytes, bytes.length) instanceof Reply.Whole(var answer))) {
      return;
    }
    assertThat(answer.additional()).isEmpty();
    assertThat(answer.answers()).extracting(Record::getDClass).allMatch(each -> each == DClass.IN);
    long[] now = {0};
    AnswerCache cache = new AnswerCache(10, 1 << 20, () -> now[0]);
    cache.put(QUESTION, answer);
    if (cache.find(QUESTION) instanceof Held.Fresh) {
      now[0] = Long.MAX_VALUE / 1_000_000;
      cache.find(QUESTION);
      now[0] *= 1000;
      assertThat(cache.find(QUESTION)).isNotInstanceOf(Held.Fresh.class);
    }
  }

  @ParameterizedTest
  @MethodSource("kept")
  void keptInputIsHandled(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  static List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz/ReplyFuzzTest"))) {
      return files.sorted().toList();
    }
  }
}
