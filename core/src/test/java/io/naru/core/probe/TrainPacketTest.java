package io.naru.core.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.address.IpFamily;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.NaruException;
import io.naru.core.path.Transport;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TrainPacketTest {
  private static final NodeName LONG = new NodeName("a".repeat(63));

  @Property
  void whatIsEncodedReadsBackWhateverThePadding(
      @ForAll long run,
      @ForAll TrainKind kind,
      @ForAll Transport transport,
      @ForAll IpFamily family,
      @ForAll @IntRange(max = 4095) int sequence,
      @ForAll @IntRange(max = 65535) int length,
      @ForAll @IntRange(max = 9000) int size) {
    TrainPacket packet =
        new TrainPacket(
            run, kind, transport, family, sequence, length, new NodeName("node1"), LONG);
    byte[] bytes = packet.encode(size);
    assertThat(bytes.length).isGreaterThanOrEqualTo(size);
    assertThat(TrainPacket.decode(bytes)).isEqualTo(packet);
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] whole =
        new TrainPacket(7, TrainKind.FLOWS, Transport.VXLAN, IpFamily.IPV6, 3, 92, LONG, LONG)
            .encode(0);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> TrainPacket.decode(part)).isInstanceOf(NaruException.class);
    }
  }

  /** The sizes go down from the largest, and twice through all of them. */
  @Property
  void sizesCoverWhatTunnelsCost(@ForAll @IntRange(min = 1280, max = 9000) int mtu) {
    int half = TrainKind.SIZES.packets() / 2;
    assertThat(TrainKind.SIZES.length(0, mtu)).isEqualTo(mtu);
    assertThat(TrainKind.SIZES.length(half, mtu)).isEqualTo(mtu);
    assertThat(TrainKind.SIZES.length(36, mtu)).isEqualTo(mtu - 72);
    assertThat(TrainKind.SIZES.length(half - 1, mtu)).isEqualTo(576);
    for (int i = 1; i < half; i++) {
      assertThat(TrainKind.SIZES.length(i, mtu))
          .isLessThanOrEqualTo(TrainKind.SIZES.length(i - 1, mtu));
    }
  }
}
