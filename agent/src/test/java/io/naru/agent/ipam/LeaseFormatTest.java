package io.naru.agent.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.error.NaruException;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.PodAttachment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LeaseFormatTest {
  private static PodAttachment attachment(Map<String, String> arguments) {
    return new PodAttachment(
        new AttachmentKey("c1", "eth0"),
        "naru",
        "/run/netns/p1",
        List.of(IpAddress.parse("10.244.1.2"), IpAddress.parse("fd00::2")),
        List.of(IpAddress.parse("10.244.1.1"), IpAddress.parse("fd00::1")),
        "naru00000000001",
        MacAddress.parse("02:00:00:00:00:01"),
        MacAddress.parse("02:00:00:00:00:02"),
        1450,
        Instant.parse("2026-01-02T03:04:05.678Z"),
        arguments);
  }

  @Property(tries = 200)
  void whatIsWrittenIsRead(@ForAll Map<String, String> arguments) {
    PodAttachment attachment = attachment(withoutLoneSurrogates(arguments));
    assertThat(LeaseFormat.read(LeaseFormat.write(attachment, "boot-1")))
        .isEqualTo(new LeaseFormat.Written(attachment, "boot-1"));
    PodAttachment second = attachment.withRouteTables(List.of(8480, 254));
    assertThat(LeaseFormat.read(LeaseFormat.write(second, "")).attachment()).isEqualTo(second);
  }

  @Test
  void aLeaseOfAnEarlierVersionIsRead() {
    PodAttachment attachment = attachment(Map.of());
    String text = new String(LeaseFormat.write(attachment, "b"), StandardCharsets.UTF_8);
    String earlier = text.replace("\"boot\":\"b\",", "").replace("\"routeTables\":[254,254],", "");
    assertThat(earlier).hasSizeLessThan(text.length() - 30);
    assertThat(LeaseFormat.read(earlier.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(new LeaseFormat.Written(attachment, ""));
  }

  private static Map<String, String> withoutLoneSurrogates(Map<String, String> arguments) {
    // UTF-8 has no form for half a character; a runtime's arguments are UTF-8.
    Map<String, String> clean = new HashMap<>();
    arguments.forEach(
        (name, value) ->
            clean.put(
                name.replaceAll("[\\ud800-\\udfff]", ""),
                value.replaceAll("[\\ud800-\\udfff]", "")));
    return clean;
  }

  @Property
  void damageIsToldAndNeverMore(
      @ForAll @IntRange(min = 0, max = 10_000) int where,
      @ForAll byte value,
      @ForAll boolean truncate) {
    byte[] bytes = LeaseFormat.write(attachment(Map.of("K8S_POD_NAME", "web")), "boot-1");
    int at = where % bytes.length;
    byte[] damaged = truncate ? Arrays.copyOf(bytes, at) : bytes.clone();
    if (!truncate) {
      damaged[at] = value;
    }
    assertThatCode(
            () -> {
              try {
                LeaseFormat.Written _ = LeaseFormat.read(damaged);
              } catch (NaruException told) {
                assertThat(told.sentence()).isNotEmpty();
              }
            })
        .doesNotThrowAnyException();
  }
}
