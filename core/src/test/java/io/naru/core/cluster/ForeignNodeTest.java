package io.naru.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignNodeTest {
  private static ForeignNode node(String addresses, String mac, String podCidrs) {
    return new ForeignNode(
        new NodeName("edge1"),
        list(addresses, IpAddress::parse),
        MacAddress.parse(mac),
        list(podCidrs, Prefix::parse));
  }

  private static <T> List<T> list(String texts, Function<String, T> parse) {
    return texts.equals("-") ? List.of() : Arrays.stream(texts.split(" ", -1)).map(parse).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "-, 02:00:00:00:00:01, 10.244.9.0/24, no address",
    "192.0.2.1, 02:00:00:00:00:01, -, no pod CIDR",
    "192.0.2.1 192.0.2.2, 02:00:00:00:00:01, 10.244.9.0/24, more than one",
    "192.0.2.1, 02:00:00:00:00:01, fd44::/64 fd44:0:0:1::/64, more than one",
    "224.0.0.1, 02:00:00:00:00:01, 10.244.9.0/24, other hosts",
    "127.0.0.1, 02:00:00:00:00:01, 10.244.9.0/24, other hosts",
    "0.0.0.0, 02:00:00:00:00:01, 10.244.9.0/24, other hosts",
    "fe80::1, 02:00:00:00:00:01, 10.244.9.0/24, other hosts",
    "192.0.2.1, 03:00:00:00:00:01, 10.244.9.0/24, no single device",
    "192.0.2.1, ff:ff:ff:ff:ff:ff, 10.244.9.0/24, no single device",
    "192.0.2.1, 00:00:00:00:00:00, 10.244.9.0/24, no single device",
  })
  void whatCannotBeIsNamed(String addresses, String mac, String podCidrs, String mistake) {
    assertThat(node(addresses, mac, podCidrs).mistakes())
        .singleElement()
        .asString()
        .contains(mistake);
  }

  @Test
  void oneOfEachFamilyIsFineAndBecomesAForeignNode() {
    ForeignNode fine =
        node("192.0.2.1 2001:db8::1", "02:00:00:00:00:01", "10.244.9.0/26 fd44:0:0:9::/72");
    assertThat(fine.mistakes()).isEmpty();
    assertThat(fine.node(7, 4789))
        .returns(NodeKind.FOREIGN, Node::kind)
        .returns(7, Node::vni)
        .returns(4789, Node::vxlanPort)
        .returns(fine.podCidrs(), Node::podCidrs);
  }
}
