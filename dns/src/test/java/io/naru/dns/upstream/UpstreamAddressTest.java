package io.naru.dns.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where upstreams are, as people and hosts write it. */
class UpstreamAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.53:53", "192.0.2.53:5353", "[2001:db8::53]:53"})
  void isWrittenAsItIsRead(String text) {
    assertThat(UpstreamAddress.parse(text)).hasToString(text);
  }

  @Test
  void thePortIsTheUsualOneUnlessItIsSaid() {
    assertThat(UpstreamAddress.parse("192.0.2.53")).hasToString("192.0.2.53:53");
    assertThat(UpstreamAddress.parse("2001:db8::53")).hasToString("[2001:db8::53]:53");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "dns.example.com",
        "192.0.2.53:0",
        "192.0.2.53:65536",
        "192.0.2.53:x",
        "[]:53"
      })
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> UpstreamAddress.parse(text)).isInstanceOf(NaruException.class);
  }

  @Test
  void aHostsResolversAreReadAsGlibcReadsThem() {
    String text =
        """
        # comment
        domain example.com
        nameserver 169.254.20.10
        nameserver\t192.0.2.1
          nameserver 2001:db8::1 # the second
        nameserver fe80::1%eth0
        nameserver
        nameserver nonsense
        options ndots:5
        nameserver 192.0.2.3
        nameserver 192.0.2.4
        """;
    assertThat(ResolvConf.upstreams(text, List.of(IpAddress.parse("169.254.20.10"))))
        .extracting(UpstreamAddress::toString)
        .containsExactly("192.0.2.1:53", "[2001:db8::1]:53", "192.0.2.3:53");
    assertThat(ResolvConf.upstreams("", List.of())).isEmpty();
  }
}
