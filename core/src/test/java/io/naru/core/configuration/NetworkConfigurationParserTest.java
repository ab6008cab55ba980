package io.naru.core.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class NetworkConfigurationParserTest {
  private static List<ConfigurationMistake> mistakesOf(Map<String, Object> map) {
    ConfigurationException refused =
        catchThrowableOfType(
            ConfigurationException.class, () -> NetworkConfigurationParser.parse(map));
    assertThat(refused).as("refusal of %s", map).isNotNull();
    assertThat(refused.sentence().lines()).hasSize(refused.mistakes().size() + 1);
    return refused.mistakes();
  }

  private static void assertOneMistake(Map<String, Object> map, String key, String... words) {
    List<ConfigurationMistake> mistakes = mistakesOf(map);
    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.getFirst().key()).isEqualTo(key);
    assertThat(mistakes.getFirst().toString()).contains(words);
  }

  @Test
  void nothingWrittenMeansTheDefaults() {
    assertThat(NetworkConfigurationParser.parse(Map.of()))
        .isEqualTo(NetworkConfiguration.defaults());
    Map<String, Object> empty = new HashMap<>();
    empty.put("mtu", null);
    assertThat(NetworkConfigurationParser.parse(empty)).isEqualTo(NetworkConfiguration.defaults());
  }

  @Test
  void allMistakesAreReportedAtOnce() {
    Map<String, Object> map =
        Map.of(
            "clusterCidrs", List.of("10.244.1.0/16", 7),
            "vni", 0,
            "vxlanPort", "8472",
            "transport", "udp",
            "cluster_cidr", "10.0.0.0/8",
            "colour", "blue");
    assertThat(mistakesOf(map))
        .extracting(ConfigurationMistake::key)
        .containsExactlyInAnyOrder(
            "clusterCidrs",
            "clusterCidrs",
            "vni",
            "vxlanPort",
            "transport",
            "cluster_cidr",
            "colour");
  }

  @Test
  void anUnknownKeyNamesTheNearest() {
    assertOneMistake(Map.of("vxlan-port", 8472), "vxlan-port", "did you mean vxlanPort?");
    assertOneMistake(Map.of("colour", 1), "colour", "the keys are clusterCidrs");
  }

  @Test
  void eachRuleHasItsSentence() {
    assertOneMistake(Map.of("clusterCidrs", List.of()), "clusterCidrs", "empty");
    assertOneMistake(Map.of("masqueradeIpv6", "no"), "masqueradeIpv6", "neither true nor false");
    assertOneMistake(Map.of("tunnelFamily", "IPv6"), "tunnelFamily", "no family of addresses");
    assertOneMistake(Map.of("clusterCidrs", "10.0.0.0/8"), "clusterCidrs", "not a list");
    assertOneMistake(
        Map.of("clusterCidrs", List.of("10.244.0.1/16")), "clusterCidrs", "write 10.244.0.0/16");
    assertOneMistake(
        Map.of("clusterCidrs", List.of("10.1.0.0/16", "10.2.0.0/16")),
        "clusterCidrs",
        "one family");
    assertOneMistake(Map.of("clusterCidrs", List.of("127.0.0.0/8")), "clusterCidrs", "no pod");
    assertOneMistake(Map.of("clusterCidrs", List.of("fe80::/64")), "clusterCidrs", "fe80::/10");
    assertOneMistake(Map.of("podCidrLengthIpv4", 15), "podCidrLengthIpv4", "from 16 to 30");
    assertOneMistake(Map.of("podCidrLengthIpv4", 31), "podCidrLengthIpv4", "from 1 to 30");
    assertOneMistake(
        Map.of("clusterCidrs", List.of("fd00::/80")),
        "podCidrLengthIpv6",
        "(the default)",
        "from 80 to 126");
    assertOneMistake(Map.of("mtu", 575), "mtu", "from 576");
    assertOneMistake(Map.of("clusterCidrs", List.of("fd00::/48"), "mtu", 1279), "mtu", "from 1280");
    assertOneMistake(Map.of("agentPort", 1.5), "agentPort", "not a whole number");
    assertOneMistake(
        Map.of("noMasqueradeCidrs", List.of("10.244.3.0/24")),
        "noMasqueradeCidrs",
        "never masqueraded");
    assertOneMistake(
        Map.of("noMasqueradeCidrs", List.of("192.168.0.0/16", "192.168.4.0/24")),
        "noMasqueradeCidrs",
        "leave 192.168.4.0/24 out");
  }

  @Test
  void aLengthOfAFamilyThatIsNotUsedDoesNotMatter() {
    assertThat(NetworkConfigurationParser.parse(Map.of("podCidrLengthIpv6", 40)))
        .returns(40, NetworkConfiguration::podCidrLengthIpv6);
  }

  @Property(tries = 300)
  void whatIsWrittenIsReadBack(@ForAll("configurations") NetworkConfiguration configuration) {
    assertThat(NetworkConfigurationParser.parse(NetworkConfigurationParser.toMap(configuration)))
        .isEqualTo(configuration);
  }

  @Property(tries = 500)
  void anythingElseIsRefusedWithSentences(@ForAll("anyMaps") Map<String, Object> map) {
    try {
      NetworkConfigurationParser.parse(map);
    } catch (ConfigurationException refused) {
      assertThat(refused.mistakes()).isNotEmpty();
    }
  }

  @Provide
  Arbitrary<Map<String, Object>> anyMaps() {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(20).map(Object.class::cast),
            Arbitraries.integers().map(Object.class::cast),
            Arbitraries.doubles().map(Object.class::cast),
            Arbitraries.of("10.0.0.0/8", "fd00::/8", "::/0", "0.0.0.0/0").map(Object.class::cast));
    Arbitrary<Object> value = Arbitraries.oneOf(leaf, leaf.list().ofMaxSize(3).map(l -> l));
    Arbitrary<String> keys =
        Arbitraries.oneOf(
            Arbitraries.of(ConfigurationKey.ALL), Arbitraries.strings().ofMaxLength(100));
    return Arbitraries.maps(keys, value).ofMaxSize(9);
  }

  @Provide
  Arbitrary<NetworkConfiguration> configurations() {
    Arbitrary<Prefix> ipv4 =
        Combinators.combine(Arbitraries.integers().between(0, 255), lengths(9, 28))
            .as((group, length) -> Prefix.around(IpAddress.parse("10." + group + ".0.0"), length));
    Arbitrary<Prefix> ipv6 =
        Combinators.combine(Arbitraries.longs(), lengths(16, 100))
            .as(
                (low, length) ->
                    Prefix.around(
                        new IpAddress(IpFamily.IPV6, 0xfd00_0000_0000_0000L | low >>> 8, low),
                        length));
    Arbitrary<List<Prefix>> cidrs =
        Combinators.combine(ipv4, ipv6, Arbitraries.integers().between(1, 3))
            .as(
                (four, six, which) -> {
                  List<Prefix> chosen = new ArrayList<>();
                  if ((which & 1) != 0) {
                    chosen.add(four);
                  }
                  if ((which & 2) != 0) {
                    chosen.add(six);
                  }
                  return chosen;
                });
    Arbitrary<List<Prefix>> noMasquerade =
        Arbitraries.integers()
            .between(0, 255)
            .map(i -> Prefix.parse("192.168." + i + ".0/24"))
            .set()
            .ofMaxSize(4)
            .map(List::copyOf);
    Arbitrary<NetworkConfiguration> networks =
        Combinators.combine(
                cidrs,
                Arbitraries.integers().between(28, 30),
                Arbitraries.integers().between(100, 126),
                Arbitraries.integers().between(1, 0xffffff),
                Arbitraries.integers().between(1, 65535),
                Arbitraries.of(TransportPolicy.values()),
                Arbitraries.integers().between(1280, 65535).optional(),
                noMasquerade)
            .as(
                (cluster, four, six, vni, port, transport, mtu, none) ->
                    new NetworkConfiguration(
                        cluster,
                        four,
                        six,
                        vni,
                        port,
                        65536 - port,
                        transport,
                        Optional.ofNullable(mtu.orElse(null)),
                        none,
                        true,
                        IpFamily.IPV4,
                        200,
                        ServiceSettings.defaults(cluster, none)));
    return Combinators.combine(
            networks,
            Arbitraries.of(true, false),
            Arbitraries.of(IpFamily.values()),
            Arbitraries.integers().between(10, 10_000))
        .as(
            (network, masquerade, tunnel, probes) ->
                new NetworkConfiguration(
                    network.clusterCidrs(),
                    network.podCidrLengthIpv4(),
                    network.podCidrLengthIpv6(),
                    network.vni(),
                    network.vxlanPort(),
                    network.agentPort(),
                    network.transport(),
                    network.mtu(),
                    network.noMasqueradeCidrs(),
                    masquerade,
                    tunnel,
                    probes,
                    network.services()));
  }

  private static Arbitrary<Integer> lengths(int from, int to) {
    return Arbitraries.integers().between(from, to);
  }
}
