package io.naru.core.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServiceElementsTest {
  private static final BackendChoice ALL = new BackendChoice(BackendPlaces.NOWHERE, true);

  private static Service service(Optional<Integer> affinity, String... backends) {
    return new Service(
        ServiceName.parse("shop/web"),
        List.of(IpAddress.parse("10.96.0.20"), IpAddress.parse("fd00:10:96::20")),
        List.of(new ServicePort("", Protocol.TCP, 80, 8080, Optional.of(30080))),
        Stream.of(backends).map(IpAddress::parse).map(Backend::ready).toList(),
        affinity,
        TrafficPolicy.CLUSTER,
        TrafficPolicy.LOCAL,
        false);
  }

  private static Set<String> texts(Service service, String map) {
    return ServiceElements.of(service, ALL).elements().stream()
        .filter(element -> element.map().equals(map))
        .map(MapElement::text)
        .collect(Collectors.toSet());
  }

  @Test
  void aNodePortLeadsToBackendsByTheirNumbers() {
    Service service = service(Optional.empty(), "10.244.1.5", "10.244.2.5", "fd44::5");
    assertThat(texts(service, "node_ports4")).containsExactly("tcp . 30080 : goto node_pick_2");
    assertThat(texts(service, "node_ports6")).containsExactly("tcp . 30080 : goto node_pick_1");
    assertThat(texts(service, "node_backends4"))
        .containsExactlyInAnyOrder("tcp . 30080 . 0 : 10.244.1.5", "tcp . 30080 . 1 : 10.244.2.5");
    assertThat(texts(service, "node_targets4")).containsExactly("tcp . 30080 : 8080");
  }

  @Test
  void whereThePolicyLeavesNoBackendItRefuses() {
    assertThat(texts(service(Optional.empty(), "10.244.1.5"), "services4"))
        .containsExactly("10.96.0.20 . tcp . 80 : goto refuse");
  }

  @Test
  void whatAClientIsRememberedByDoesNotDependOnTheOtherBackends() {
    for (String[] pair :
        List.of(
            new String[] {"10.244.1.36", "10.244.2.5"},
            new String[] {"fd44:0:0:1::24", "fd44:0:0:2::5"})) {
      String map = pair[0].contains(":") ? "node_backends_by_id6" : "node_backends_by_id4";
      Set<String> together = texts(service(Optional.of(60), pair), map);
      assertThat(together)
          .hasSize(2)
          .containsAll(texts(service(Optional.of(60), pair[0]), map))
          .containsAll(texts(service(Optional.of(60), pair[1]), map));
    }
  }
}
