package io.naru.core.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceSettingsParserTest {
  private static ServiceSettings parse(Map<String, Object> map) {
    return NetworkConfigurationParser.parse(map).services();
  }

  private static List<Prefix> blocks(Object clusterCidrs, Object noMasqueradeCidrs) {
    return parse(Map.of("clusterCidrs", clusterCidrs, "noMasqueradeCidrs", noMasqueradeCidrs))
        .serviceCidrs();
  }

  @Test
  void everyKeyIsRead() {
    Map<String, Object> map =
        Map.of(
            "clusterCidrs", List.of("10.244.0.0/16", "fd44::/48"),
            "serviceCidrs", List.of("10.9.0.0/20", "fd09::/112"),
            "avoidBrokenPaths", false,
            "clusterDomain", "k8s.example",
            "dns", false,
            "dnsAddresses", List.of("169.254.25.10"),
            "dnsUpstreams", List.of("192.0.2.53", "2001:db8::53"),
            "clusterDnsUpstreams", List.of("10.9.0.10"));
    ServiceSettings settings = parse(map);
    assertThat(settings)
        .isEqualTo(
            new ServiceSettings(
                List.of(Prefix.parse("10.9.0.0/20"), Prefix.parse("fd09::/112")),
                false,
                "k8s.example",
                false,
                List.of(IpAddress.parse("169.254.25.10")),
                List.of(IpAddress.parse("192.0.2.53"), IpAddress.parse("2001:db8::53")),
                List.of(IpAddress.parse("10.9.0.10"))));
    NetworkConfiguration network = NetworkConfigurationParser.parse(map);
    assertThat(NetworkConfigurationParser.parse(NetworkConfigurationParser.toMap(network)))
        .isEqualTo(network);
  }

  @Test
  void aDefaultBlockGivesWayToTheRestOfTheNetwork() {
    assertThat(blocks(List.of("10.244.0.0/16"), List.of()))
        .containsExactly(Prefix.parse("10.96.0.0/16"));
    assertThat(blocks(List.of("10.244.0.0/16", "fd44::/48"), List.of()))
        .containsExactly(Prefix.parse("10.96.0.0/16"), Prefix.parse("fd00:10:96::/112"));
    assertThat(blocks(List.of("10.0.0.0/8"), List.of()))
        .containsExactly(Prefix.parse("172.30.0.0/16"));
    assertThat(blocks(List.of("10.244.0.0/16"), List.of("10.0.0.0/8", "172.16.0.0/12")))
        .containsExactly(Prefix.parse("100.96.0.0/16"));
    assertThat(blocks(List.of("fd00::/8"), List.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "serviceCidrs, 10.244.8.0/24, overlaps 10.244.0.0/16 of clusterCidrs",
    "serviceCidrs, 192.168.0.0/24, overlaps 192.168.0.0/16 of noMasqueradeCidrs",
    "serviceCidrs, 169.254.0.0/24, whose addresses no service can have",
    "serviceCidrs, 10.9.0.0/28, has too few addresses",
    "serviceCidrs, 10.9.0.0/24 10.8.0.0/24, more than one of a family",
    "serviceCidrs, 10.9.0.1/24, has host bits set",
    "dnsAddresses, 10.244.0.10, is a pod's",
    "dnsAddresses, 127.0.0.1, no pod could ask",
    "dnsAddresses, 169.254.1.1 169.254.1.2, more than one of a family",
    "dnsAddresses, nowhere, is not an IP address",
    "dnsUpstreams, 0.0.0.0, is no host's address",
    "dnsUpstreams, 169.254.20.10, where the agents themselves answer",
    "dnsUpstreams, 192.0.2.1 192.0.2.1, is there twice",
    "clusterDnsUpstreams, 169.254.20.10/32, is not an IP address"
  })
  void aListThatCannotBeIsRefused(String key, String values, String words) {
    assertRefused(key, List.of(values.split(" ", -1)), words);
  }

  @ParameterizedTest
  @CsvSource({
    "clusterDomain, cluster.local., is no domain",
    "clusterDomain, Cluster, is no domain",
    "clusterDomain, '', is no domain",
    "dns, maybe, neither true nor false",
    "avoidBrokenPaths, 1, neither true nor false",
    "dnsUpstreams, 192.0.2.53, is not a list"
  })
  void aValueThatCannotBeIsRefused(String key, String value, String words) {
    assertRefused(key, value, words);
  }

  private static void assertRefused(String key, Object value, String words) {
    ConfigurationException refused =
        catchThrowableOfType(
            ConfigurationException.class,
            () -> parse(Map.of("noMasqueradeCidrs", List.of("192.168.0.0/16"), key, value)));
    assertThat(refused).isNotNull();
    assertThat(refused.mistakes())
        .singleElement()
        .satisfies(
            mistake -> {
              assertThat(mistake.key()).isEqualTo(key);
              assertThat(mistake.problem()).contains(words);
            });
  }
}
