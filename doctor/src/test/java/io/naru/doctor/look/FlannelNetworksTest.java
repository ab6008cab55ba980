package io.naru.doctor.look;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which routes by other nodes' addresses are Flannel's. */
class FlannelNetworksTest {
  private static final String FILE =
      """
      FLANNEL_NETWORK=10.42.0.0/16,10.99.0.0/16
      FLANNEL_SUBNET=10.42.1.1/24
      FLANNEL_IPV6_NETWORK=fd00:42::/56
      FLANNEL_IPV6_SUBNET=fd00:42:0:1::1/64
      FLANNEL_MTU=1450
      FLANNEL_IPMASQ=true
      """;

  private static boolean holds(String file, String block, String own, boolean onLink) {
    return FlannelNetworks.parse(file).hold(Prefix.parse(block), Prefix.parse(own), () -> onLink);
  }

  @ParameterizedTest
  @CsvSource({
    "10.42.2.0/24, true",
    "10.99.2.0/24, true",
    "192.168.7.0/24, false",
    "10.43.2.0/24, false",
    "10.42.1.0/24, false"
  })
  void theFileTellsThePodsNetworks(String block, boolean isPods) {
    assertThat(holds(FILE, block, "10.42.1.0/24", false)).isEqualTo(isPods);
    assertThat(holds(FILE, block, "10.42.1.0/24", true)).isEqualTo(isPods);
  }

  @Test
  void alsoOfIpv6() {
    assertThat(holds(FILE, "fd00:42:0:2::/64", "fd00:42:0:1::/64", false)).isTrue();
    assertThat(holds(FILE, "fd00:43:0:2::/64", "fd00:42:0:1::/64", true)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "10.244.2.0/24, true, true",
    "10.244.2.0/24, false, false",
    "10.245.2.0/24, true, false",
    "192.168.7.0/24, true, false"
  })
  void withoutItTheBlockIsNearAndTheGatewayOnTheSubnet(
      String block, boolean onLink, boolean isPods) {
    assertThat(holds("", block, "10.244.1.0/24", onLink)).isEqualTo(isPods);
    // Another cluster's file is none.
    assertThat(holds(FILE, block, "10.244.1.0/24", onLink)).isEqualTo(isPods);
  }

  @Test
  void whatIsNoNetworkIsLeftOut() {
    assertThat(FlannelNetworks.parse("FLANNEL_NETWORK=10.42.0.1/16\nFLANNEL_NETWORK\n=\n").all())
        .isEmpty();
  }
}
