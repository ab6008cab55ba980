package io.naru.channel.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.channel.Hello;
import io.naru.channel.TcpAddress;
import io.naru.channel.identity.JoinToken;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.path.PathId;
import io.naru.core.path.PathNotice;
import io.naru.core.path.PathState;
import io.naru.core.path.Transport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class WireFormatsTest {
  private static JsonLines reading(byte[] bytes) {
    return new JsonLines(new ByteArrayInputStream(bytes), new ByteArrayOutputStream(), "a test");
  }

  @Property(tries = 300)
  void whatIsWrittenIsReadBack(@ForAll List<String> texts) {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    JsonLines out = new JsonLines(new ByteArrayInputStream(new byte[0]), written, "a test");
    texts.forEach(text -> out.write(Map.of("text", text)));
    JsonLines in = reading(written.toByteArray());
    List<String> read = new ArrayList<>();
    for (var next = in.read(Map.class); next.isPresent(); next = in.read(Map.class)) {
      read.add((String) next.get().get("text"));
    }
    // A lone surrogate has no UTF-8 form and becomes a question mark.
    assertThat(read)
        .isEqualTo(texts.stream().map(text -> new String(text.getBytes(UTF_8), UTF_8)).toList());
  }

  @Property(tries = 1000)
  void anyBytesAreALineOrMalformed(@ForAll @Size(max = 200) byte[] bytes) {
    JsonLines lines = reading(bytes);
    lines.maximumLength(50);
    try {
      for (var next = lines.readLine(); next.isPresent(); next = lines.readLine()) {
        Json.read(next.get(), PathNotice.class);
      }
    } catch (NaruException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED);
    }
  }

  @Property(tries = 1000)
  void anyTextIsAHelloOrMalformed(@ForAll String text, @ForAll boolean quoted) {
    try {
      Hello.parse(quoted ? Json.write(Map.of("kind", text)) : text);
    } catch (NaruException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED);
    }
  }

  @Property(tries = 1000)
  void aTokenIsReadBackAndNeverWhenItWasChanged(
      @ForAll @Size(32) byte[] authority,
      @ForAll long high,
      @ForAll long low,
      @ForAll @IntRange(max = 65535) int port,
      @ForAll @IntRange(min = 6, max = 100) int position,
      @ForAll char replacement) {
    JoinToken token =
        JoinToken.create(
            Base64.getUrlEncoder().withoutPadding().encodeToString(authority),
            List.of(
                new TcpAddress(new IpAddress(IpFamily.IPV6, high, low), port),
                TcpAddress.parse("192.0.2.1:8472")));
    String text = token.encoded();
    assertThat(JoinToken.parse(" " + text + "\n")).isEqualTo(token);
    assertThat(token.toString()).doesNotContain(token.secret());
    String changed = text.substring(0, position) + replacement + text.substring(position + 1);
    for (String wrong : List.of(changed, text.substring(0, position))) {
      try {
        assertThat(wrong.equals(text) || !JoinToken.parse(wrong).encoded().equals(wrong))
            .as(wrong)
            .isTrue();
      } catch (NaruException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT);
      }
    }
  }

  @Property(tries = 1000)
  void anyTextIsATokenOrBadInput(@ForAll String text) {
    for (String candidate : List.of(text, "naru1." + text, "naru2." + text)) {
      try {
        JoinToken.parse(candidate);
      } catch (NaruException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT);
      }
    }
  }

  @Example
  void valuesHaveTheTextsPeopleRead() {
    PathNotice notice =
        new PathNotice(
            new PathId(new NodeName("a"), new NodeName("b"), Transport.VXLAN),
            new NodeName("a"),
            PathState.BROKEN,
            "no reply",
            Optional.empty(),
            Optional.of("b/nic"),
            Instant.parse("2026-01-02T03:04:05Z"),
            Instant.EPOCH);
    String json = Json.write(notice);
    assertThat(json)
        .isEqualTo(
            "{\"path\":{\"from\":\"a\",\"to\":\"b\",\"transport\":\"vxlan\"},\"observer\":\"a\","
                + "\"state\":\"broken\",\"reason\":\"no reply\",\"notSeen\":\"b/nic\","
                + "\"since\":\"2026-01-02T03:04:05Z\",\"renewed\":\"1970-01-01T00:00:00Z\"}");
    assertThat(Json.read(json, PathNotice.class)).isEqualTo(notice);
    assertThat(Json.read(json.replace("\"reason\"", "\"new\":{},\"reason\""), PathNotice.class))
        .isEqualTo(notice);
  }

  @Example
  void aLineBeyondTheBoundOrBrokenOffIsMalformed() {
    JsonLines exact = reading("\"123\"\n".getBytes(UTF_8));
    exact.maximumLength(5);
    assertThat(exact.readLine()).contains("\"123\"");
    for (String bad : List.of("\"1234\"\n", "\"12")) {
      JsonLines lines = reading(bad.getBytes(UTF_8));
      lines.maximumLength(5);
      NaruException refused =
          org.assertj.core.api.Assertions.catchThrowableOfType(
              NaruException.class, lines::readLine);
      assertThat(refused).returns(ErrorCode.MALFORMED, NaruException::code);
    }
  }
}
