package io.naru.store.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedLinesTest {
  private final SharedLines lines = new SharedLines();
  private final AtomicInteger made = new AtomicInteger();

  private byte[] line(long from, long to) {
    return lines.line(
        from,
        to,
        () -> {
          made.incrementAndGet();
          return "{\"from\":" + from + ",\"to\":" + to + "}";
        });
  }

  @Test
  void allWhoWantTheSameGetTheSame() {
    byte[] first = line(3, 4);
    assertThat(first).isEqualTo("{\"from\":3,\"to\":4}\n".getBytes(UTF_8));
    assertThat(line(3, 4)).isSameAs(first);
    assertThat(made).hasValue(1);
    assertThat(line(2, 4)).startsWith("{\"from\":2".getBytes(UTF_8));
    assertThat(line(-1, 4)).startsWith("{\"from\":-1".getBytes(UTF_8));
    assertThat(line(3, 5)).startsWith("{\"from\":3,\"to\":5".getBytes(UTF_8));
    assertThat(made).hasValue(4);
  }
}
