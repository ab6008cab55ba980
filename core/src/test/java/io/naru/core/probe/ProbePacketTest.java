package io.naru.core.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.address.IpFamily;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.path.Transport;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ProbePacketTest {
  private static final NodeName LONG = new NodeName("a".repeat(63));

  @Property
  void whatIsEncodedReadsBackWhateverThePadding(
      @ForAll long id,
      @ForAll Transport transport,
      @ForAll IpFamily family,
      @ForAll ProbeSize size,
      @ForAll @Size(max = 16) List<Long> received,
      @ForAll @IntRange(max = 9000) int length) {
    ProbePacket packet =
        new ProbePacket(id, transport, family, size, new NodeName("node1"), LONG, received);
    byte[] bytes = packet.encode(length);
    assertThat(bytes.length).isGreaterThanOrEqualTo(length);
    assertThat(ProbePacket.decode(bytes)).isEqualTo(packet);
    byte[] snapped = Arrays.copyOf(bytes, Math.min(bytes.length, ProbePacket.MAXIMUM_HEADER));
    assertThat(ProbePacket.decode(snapped)).isEqualTo(packet);
  }

  @Property(tries = 2000)
  void hostileBytesAreRefusedAsMalformed(@ForAll @Size(max = 400) byte[] bytes) {
    byte[] dressed = bytes.clone();
    System.arraycopy(
        new byte[] {'N', 'A', 'R', 'U', 2}, 0, dressed, 0, Math.min(5, dressed.length));
    try {
      ProbePacket.decode(dressed);
    } catch (NaruException refused) {
      assertThat(refused.code()).isEqualTo(ErrorCode.MALFORMED);
    }
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] whole =
        new ProbePacket(
                7, Transport.VXLAN, IpFamily.IPV6, ProbeSize.FULL, LONG, LONG, List.of(1L, 2L))
            .encode(0);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ProbePacket.decode(part)).isInstanceOf(NaruException.class);
    }
  }
}
