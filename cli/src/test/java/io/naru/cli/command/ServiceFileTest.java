package io.naru.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.service.Backend;
import io.naru.core.service.BackendState;
import io.naru.core.service.Protocol;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServicePort;
import io.naru.core.service.ServiceWish;
import io.naru.core.service.TrafficPolicy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceFileTest {
  private static final BackendPods NO_PODS =
      new BackendPods(
          () -> {
            throw new IllegalStateException("no agent is asked here");
          },
          () -> {
            throw new IllegalStateException("no store is asked here");
          });

  private static List<ServiceWish> parse(String text) {
    return ServiceFile.parse(text, "services.yaml", NO_PODS);
  }

  private static NaruException refusal(String text) {
    return catchThrowableOfType(NaruException.class, () -> parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        - {name: shop/web, ports: ['http:80:8080/tcp', {name: dns, port: 53, protocol: udp, nodePort: 30053}],
           backends: [10.244.1.5, 10.244.2.7=terminating, {address: 10.244.3.9, state: not-ready, hostname: web-0}],
           clusterIps: [10.96.0.20], nodePorts: true, affinitySeconds: 600,
           externalPolicy: local, internalPolicy: cluster, publishNotReady: true}
        """,
        """
        [{"name": "shop/web", "clusterIps": ["10.96.0.20"], "nodePorts": true, "affinitySeconds": 600,
          "ports": ["http:80:8080", {"name": "dns", "port": 53, "protocol": "udp", "nodePort": 30053}],
          "backends": ["10.244.1.5=ready", "10.244.2.7=terminating",
            {"address": "10.244.3.9", "state": "not-ready", "hostname": "web-0"}],
          "externalPolicy": "local", "publishNotReady": true}]
        """
      })
  void aWholeServiceIsReadFromYamlAndJson(String text) {
    assertThat(parse(text))
        .containsExactly(
            new ServiceWish(
                new Service(
                    new ServiceName("shop", "web"),
                    List.of(IpAddress.parse("10.96.0.20")),
                    List.of(
                        new ServicePort("http", Protocol.TCP, 80, 8080, Optional.empty()),
                        new ServicePort("dns", Protocol.UDP, 53, 53, Optional.of(30053))),
                    List.of(
                        Backend.ready(IpAddress.parse("10.244.1.5")),
                        new Backend(
                            IpAddress.parse("10.244.2.7"),
                            BackendState.TERMINATING,
                            Optional.empty()),
                        new Backend(
                            IpAddress.parse("10.244.3.9"),
                            BackendState.NOT_READY,
                            Optional.of("web-0"))),
                    Optional.of(600),
                    TrafficPolicy.LOCAL,
                    TrafficPolicy.CLUSTER,
                    true),
                false,
                true));
  }

  @Test
  void everyMistakeIsNamedByItsEntry() {
    NaruException refused =
        refusal(
            """
            - {name: UPPER, ports: [80]}
            - {name: fine, ports: [80]}
            - {name: b, ports: ['0', 'x:y', {port: 99999}], backends: [nowhere, 10.0.0.1=dead], colour: blue}
            - 7
            - {ports: 80, headless: perhaps, affinitySeconds: long, externalPolicy: none}
            """);
    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_INPUT);
    assertThat(refused.sentence().lines().skip(1).map(String::strip))
        .satisfiesExactly(
            m -> assertThat(m).startsWith("entry 1, service UPPER: name: 'UPPER' cannot name"),
            m -> assertThat(m).startsWith("entry 3, service b: there is no key 'colour'"),
            m -> assertThat(m).startsWith("entry 3, service b: ports: 0 is no port"),
            m -> assertThat(m).startsWith("entry 3, service b: ports: 'x:y' is no port"),
            m -> assertThat(m).startsWith("entry 3, service b: ports: 99999 is no port"),
            m -> assertThat(m).startsWith("entry 3, service b: backends: 'nowhere'"),
            m -> assertThat(m).startsWith("entry 3, service b: backends: 'dead' is no state"),
            m -> assertThat(m).startsWith("entry 4: it must have the keys"),
            m -> assertThat(m).startsWith("entry 5: name is missing"),
            m -> assertThat(m).startsWith("entry 5: ports must be a list"),
            m -> assertThat(m).startsWith("entry 5: headless must be true or false"),
            m -> assertThat(m).startsWith("entry 5: affinitySeconds must be a whole number"),
            m -> assertThat(m).startsWith("entry 5: externalPolicy: 'none' is no traffic policy"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "name: a", "- [", "- a: 1\n  a: 2"})
  void whatIsNoListOfServicesIsRefused(String text) {
    assertThat(refusal(text))
        .returns(ErrorCode.BAD_INPUT, NaruException::code)
        .hasMessageContaining("services.yaml");
  }

  @Test
  void tensOfThousandsOfEntriesAreRead() {
    String json =
        IntStream.range(0, 20_000)
            .mapToObj(
                i ->
                    "{\"name\":\"s%d\",\"ports\":[\"80:8080\"],\"backends\":[\"10.244.%d.%d\"]}"
                        .formatted(i, i / 200, 1 + i % 200))
            .collect(Collectors.joining(",", "[", "]"));
    assertThat(parse(json)).hasSize(20_000);
  }

  @ParameterizedTest
  @CsvSource({
    "80,'',80,80,tcp", "80:8080,'',80,8080,tcp", "http:80,http,80,80,tcp",
    "dns-tcp:53:5353/udp,dns-tcp,53,5353,udp", "53/UDP,'',53,53,udp", "2x:80,2x,80,80,tcp"
  })
  void aPortIsReadAsPeopleWriteIt(String text, String name, int port, int target, String protocol) {
    assertThat(ServiceForms.port(text))
        .isEqualTo(new ServicePort(name, Protocol.parse(protocol), port, target, Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":80", "80:", "80/", "80/sctp", "0", "70000", "80:0", "A:80", "a:b:c:d", "-1"})
  void whatIsNoPortIsRefused(String text) {
    assertThat(catchThrowableOfType(NaruException.class, () -> ServiceForms.port(text)))
        .returns(ErrorCode.BAD_INPUT, NaruException::code);
  }
}
