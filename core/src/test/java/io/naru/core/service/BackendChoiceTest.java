package io.naru.core.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.Cluster;
import io.naru.core.desired.NodeView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackendChoiceTest {
  private static final NodeView VIEW =
      Cluster.view(
          TransportPolicy.VXLAN, Cluster.node(1, 0), Cluster.node(2, 0), Cluster.node(3, 0));
  private static final String HERE = "10.244.1.5";
  private static final String ON_NODE2 = "10.244.2.5";
  private static final String ON_NODE3 = "10.244.3.5";
  private static final String OUTSIDE = "192.0.2.7";

  private static BackendPlaces places(String... broken) {
    return BackendPlaces.of(VIEW, Set.copyOf(List.of(broken).stream().map(NodeName::new).toList()));
  }

  private static Backend backend(String address, BackendState state) {
    return new Backend(IpAddress.parse(address), state, Optional.empty());
  }

  private static Service service(Backend... backends) {
    return Service.of(
        ServiceName.parse("web"),
        List.of(IpAddress.parse("10.96.0.20")),
        List.of(new ServicePort("", Protocol.TCP, 80, 8080, Optional.empty())),
        List.of(backends));
  }

  private static Service ready(String... addresses) {
    return service(
        List.of(addresses).stream()
            .map(address -> backend(address, BackendState.READY))
            .toArray(Backend[]::new));
  }

  private static List<String> chosen(
      BackendPlaces places, boolean avoid, Service service, TrafficPolicy policy) {
    return new BackendChoice(places, avoid)
        .of(service, IpFamily.IPV4, policy).stream()
            .map(backend -> backend.address().toString())
            .toList();
  }

  private static List<String> chosen(BackendPlaces places, Service service) {
    return chosen(places, true, service, TrafficPolicy.CLUSTER);
  }

  @Test
  void allThatAreReadyAndReachableAreChosenInOrder() {
    assertThat(chosen(places(), ready(ON_NODE3, HERE, ON_NODE2)))
        .containsExactly(ON_NODE3, HERE, ON_NODE2);
  }

  @Test
  void oneBehindABrokenPathIsLeftOutWhileAnotherCanBeReached() {
    assertThat(chosen(places("node2"), ready(ON_NODE2, ON_NODE3))).containsExactly(ON_NODE3);
    assertThat(chosen(places("node2"), ready(ON_NODE2, OUTSIDE))).containsExactly(OUTSIDE);
  }

  @Test
  void whereAllPathsAreBrokenAllAreTried() {
    assertThat(chosen(places("node2", "node3"), ready(ON_NODE2, ON_NODE3)))
        .containsExactly(ON_NODE2, ON_NODE3);
  }

  @Test
  void theSwitchTurnsThatOff() {
    assertThat(chosen(places("node2"), false, ready(ON_NODE2, ON_NODE3), TrafficPolicy.CLUSTER))
        .containsExactly(ON_NODE2, ON_NODE3);
  }

  @Test
  void oneThatTerminatesServesOnlyWhereNoneIsReady() {
    Backend going = backend(HERE, BackendState.TERMINATING);
    assertThat(chosen(places(), service(going, backend(ON_NODE2, BackendState.READY))))
        .containsExactly(ON_NODE2);
    assertThat(chosen(places(), service(going, backend(ON_NODE2, BackendState.NOT_READY))))
        .containsExactly(HERE);
  }

  @Test
  void whoIsNotReadyServesOnlyAServiceThatPublishesIt() {
    Service service = service(backend(HERE, BackendState.NOT_READY));
    assertThat(chosen(places(), service)).isEmpty();
    Service published =
        new Service(
            service.name(),
            service.clusterIps(),
            service.ports(),
            service.backends(),
            Optional.empty(),
            TrafficPolicy.CLUSTER,
            TrafficPolicy.CLUSTER,
            true);
    assertThat(chosen(places(), published)).containsExactly(HERE);
  }

  @Test
  void theLocalPolicyAllowsThisNodesBackendsAlone() {
    assertThat(chosen(places(), true, ready(ON_NODE2, HERE), TrafficPolicy.LOCAL))
        .containsExactly(HERE);
    assertThat(chosen(places(), true, ready(ON_NODE2), TrafficPolicy.LOCAL)).isEmpty();
    // The node's own address is as local as its pods'.
    assertThat(chosen(places(), true, ready("172.26.50.11"), TrafficPolicy.LOCAL))
        .containsExactly("172.26.50.11");
  }

  @Test
  void anAddressIsPlacedByTheBlockOfPodsOrTheNodesOwn() {
    assertThat(places().node(IpAddress.parse(ON_NODE2))).contains(new NodeName("node2"));
    assertThat(places().node(IpAddress.parse("fd26:50::13"))).contains(new NodeName("node3"));
    assertThat(places().node(IpAddress.parse("fd44:0:0:3::9"))).contains(new NodeName("node3"));
    assertThat(places().node(IpAddress.parse(OUTSIDE))).isEmpty();
    assertThat(places().isPod(IpAddress.parse("172.26.50.12"))).isFalse();
    assertThat(places().isPod(IpAddress.parse(ON_NODE2))).isTrue();
  }
}
