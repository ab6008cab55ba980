package io.naru.core.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.NaruException;
import java.net.InetAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @Property
  void everyAddressReadsBackFromItsTextAndItsBytes(
      @ForAll boolean six, @ForAll @Size(16) byte[] random) throws Exception {
    byte[] bytes = six ? random : java.util.Arrays.copyOf(random, 4);
    IpAddress address = IpAddress.ofBytes(bytes);
    assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
    assertThat(address.toBytes()).isEqualTo(bytes);
    if (!(InetAddress.getByAddress(bytes) instanceof java.net.Inet4Address) || !six) {
      assertThat(IpAddress.of(InetAddress.getByAddress(bytes))).isEqualTo(address);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:0DB8::0001, 2001:db8::1",
    "0:0:0:0:0:0:0:0, ::",
    "::1, ::1",
    "1::, 1::",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "fd26:50::11, fd26:50::11"
  })
  void ipv6IsWrittenAsRfc5952Says(String written, String canonical) {
    assertThat(IpAddress.parse(written)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "256.1.1.1",
        "1.2.3.4.5",
        "localhost",
        "fe80::1%eth0",
        ":::",
        "::1/64"
      })
  void whatIsNoAddressIsRefusedWithAnExample(String text) {
    assertThatThrownBy(() -> IpAddress.parse(text))
        .isInstanceOf(NaruException.class)
        .hasMessageContaining("192.0.2.1");
  }

  @Property
  void aPrefixContainsExactlyItsRange(
      @ForAll int base, @ForAll @IntRange(max = 32) int length, @ForAll int other) {
    Prefix prefix = Prefix.around(ipv4(base), length);
    IpAddress probe = ipv4(other);
    boolean inside = prefix.address().compareTo(probe) <= 0 && probe.compareTo(prefix.last()) <= 0;
    assertThat(prefix.contains(probe)).isEqualTo(inside);
    assertThat(Prefix.parse(prefix.toString())).isEqualTo(prefix);
  }

  @Property
  void partsOfAPrefixTileItWithoutOverlap(
      @ForAll @IntRange(max = 12) int extra, @ForAll @IntRange(min = 1, max = 4095) int seed) {
    for (Prefix whole : new Prefix[] {Prefix.parse("10.16.0.0/12"), Prefix.parse("fd44::/48")}) {
      int partLength = whole.length() + extra;
      long count = whole.parts(partLength);
      long index = seed % count;
      Prefix part = whole.part(partLength, index);
      assertThat(whole.contains(part)).isTrue();
      if (index > 0) {
        Prefix before = whole.part(partLength, index - 1);
        assertThat(before.overlaps(part)).isFalse();
        assertThat(before.last().plus(1)).isEqualTo(part.address());
      }
    }
  }

  @Test
  void hostBitsInAPrefixAreNamedWithTheCureThatWasMeant() {
    assertThatThrownBy(() -> Prefix.parse("10.244.1.7/24")).hasMessageContaining("10.244.1.0/24");
    assertThatThrownBy(() -> Prefix.parse("10.0.0.0/33")).hasMessageContaining("0 to 32");
    assertThatThrownBy(() -> Prefix.parse("10.0.0.0")).hasMessageContaining("prefix length");
  }

  @Property
  void aDerivedMacIsLocalAndUnicast(@ForAll long hash) {
    MacAddress mac = MacAddress.locallyAdministered(hash);
    assertThat(mac.toBytes()[0] & 0x03).isEqualTo(0x02);
    assertThat(MacAddress.parse(mac.toString())).isEqualTo(mac);
  }

  private static IpAddress ipv4(int value) {
    return new IpAddress(IpFamily.IPV4, 0, Integer.toUnsignedLong(value));
  }
}
