package io.naru.store.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.channel.frame.Json;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.ClusterSnapshot;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any line to or from the store is a whole message, or refused. */
public class StoreMessageFuzzTest {
  private static final List<Class<?>> FORMS =
      List.of(StoreRequest.Numbered.class, StoreMessage.class, ClusterSnapshot.class);

  public static void fuzzerTestOneInput(byte[] line) {
    String text = new String(line, StandardCharsets.UTF_8);
    for (Class<?> form : FORMS) {
      try {
        Object value = Json.read(text, form);
        assertWhole(value);
        assertThat((Object) Json.read(Json.write(value), form)).isEqualTo(value);
      } catch (NaruException refused) {
        assertThat(refused.code()).isEqualTo(ErrorCode.MALFORMED);
      }
    }
  }

  /** No part is null, however deep. */
  private static void assertWhole(Object value) {
    assertThat(value).isNotNull();
    if (value instanceof Iterable<?> list && !(value instanceof Path)) {
      list.forEach(StoreMessageFuzzTest::assertWhole);
    } else if (value.getClass().isRecord()) {
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        try {
          component.getAccessor().setAccessible(true);
          Object part = component.getAccessor().invoke(value);
          assertThat(part).as("%s of %s", component.getName(), value).isNotNull();
          assertWhole(part);
        } catch (ReflectiveOperationException e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kept")
  void keptInputIsHandled(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  static List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz/StoreMessageFuzzTest"))) {
      return files.sorted().toList();
    }
  }
}
