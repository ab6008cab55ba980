package io.naru.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CodecPropertyTest {
  @Property
  void attributesReadBackInTheirOrder(@ForAll @Size(max = 8) List<@Size(max = 70) byte[]> values) {
    PayloadWriter writer = new PayloadWriter();
    for (int i = 0; i < values.size(); i++) {
      writer.attribute(i + 1, values.get(i));
    }

    List<byte[]> found = new ArrayList<>();
    Attributes.parse(writer.toPayload()).list().forEach(a -> found.add(a.value().toBytes()));
    assertThat(found).usingRecursiveComparison().isEqualTo(values);
  }

  @Property
  void messagesReadBackFromOneDatagram(
      @ForAll @IntRange(max = 0xffff) int type,
      @ForAll @IntRange(max = 0xffff) int flags,
      @ForAll int sequence,
      @ForAll @Size(max = 50) byte[] first,
      @ForAll @Size(max = 50) byte[] second) {
    NetlinkMessage one = new NetlinkMessage(type, flags, sequence, 7, Payload.of(first));
    NetlinkMessage two = new NetlinkMessage(type, flags, sequence + 1, 7, Payload.of(second));
    Payload datagram = new PayloadWriter().raw(one.toBytes()).raw(two.toBytes()).toPayload();

    assertThat(NetlinkMessage.parse(datagram)).containsExactly(one, two);
  }

  @Property
  void hostileBytesAreRefusedAsMalformedOrRead(@ForAll @Size(max = 120) byte[] bytes) {
    neverThrowsAnythingElse(
        () ->
            NetlinkMessage.parse(Payload.of(bytes))
                .forEach(message -> Attributes.parse(message.payload())));
    neverThrowsAnythingElse(() -> Attributes.parse(Payload.of(bytes)));
    for (int flags : new int[] {0, 0x100, 0x200, 0x300}) {
      neverThrowsAnythingElse(
          () -> Answer.of(new NetlinkMessage(Answer.ERROR, flags, 1, 0, Payload.of(bytes))));
      neverThrowsAnythingElse(
          () -> Answer.of(new NetlinkMessage(Answer.DONE, flags, 1, 0, Payload.of(bytes))));
    }
  }

  private static void neverThrowsAnythingElse(Runnable reading) {
    try {
      reading.run();
    } catch (NaruException refused) {
      assertThat(refused.code()).isEqualTo(ErrorCode.MALFORMED);
    }
  }

  @Test
  void anAckCarriesTheKernelsWords() {
    Payload capped =
        new PayloadWriter().i32(-22).zeros(16).attributeText(1, "Invalid prefix").toPayload();
    Payload whole =
        new PayloadWriter()
            .i32(-22)
            .i32(20)
            .zeros(12)
            .i32(99)
            .attributeText(1, "Invalid prefix")
            .toPayload();

    assertThat(Answer.of(new NetlinkMessage(2, 0x300, 1, 0, capped)))
        .isEqualTo(new Answer(22, "Invalid prefix"));
    assertThat(Answer.of(new NetlinkMessage(2, 0x200, 1, 0, whole)))
        .isEqualTo(new Answer(22, "Invalid prefix"));
    assertThat(Answer.of(new NetlinkMessage(3, 2, 1, 0, Payload.empty())))
        .isEqualTo(new Answer(0, ""));
  }

  @Test
  void anAttributeThatIsTooLongIsRefused() {
    assertThatThrownBy(() -> new PayloadWriter().attribute(1, new byte[65532]))
        .isInstanceOf(NaruException.class)
        .hasMessageContaining("65531");
  }
}
