package io.naru.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestCluster;
import io.naru.api.PathRow;
import io.naru.api.ServiceRow;
import io.naru.core.address.IpAddress;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.service.Backend;
import io.naru.core.service.BackendState;
import io.naru.core.service.Protocol;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServicePort;
import io.naru.store.ClusterSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ServiceRowsTest {
  private static final Node SELF = TestCluster.node(1, 0);
  private static final Node NEAR = TestCluster.node(2, 0);
  private static final Node FAR = TestCluster.node(3, 1);

  private static IpAddress pod(Node node, int family) {
    return node.podCidrs().get(family).address().plus(5);
  }

  private static PathRow path(String from, String to, String state) {
    return new PathRow(
        from, to, "vxlan", state, "", "", Optional.empty(), Optional.empty(), "node1");
  }

  private static List<ServiceRow> rows(Service service, PathRow... paths) {
    ClusterSnapshot snapshot =
        new ClusterSnapshot(
            1,
            TestCluster.configuration(TransportPolicy.AUTO),
            new TreeMap<>(Map.of(SELF.name(), SELF, NEAR.name(), NEAR, FAR.name(), FAR)),
            new TreeMap<>(),
            List.of(),
            new TreeMap<>(Map.of(service.name(), service)));
    return ServiceRows.of(new NodeName("node1"), snapshot, List.of(paths));
  }

  private static ServicePort port(String name, int number) {
    return new ServicePort(name, Protocol.TCP, number, 8000 + number, Optional.empty());
  }

  @Test
  void eachBackendHasItsNodeAndTheWorseDirectionOfItsPath() {
    Service service =
        Service.of(
            ServiceName.parse("shop/web"),
            List.of(IpAddress.parse("10.96.0.20"), IpAddress.parse("fd00:10:96::20")),
            List.of(port("", 80)),
            List.of(
                Backend.ready(pod(SELF, 0)),
                Backend.ready(pod(NEAR, 0)),
                new Backend(
                    FAR.publicAddresses().getFirst(), BackendState.TERMINATING, Optional.empty()),
                Backend.ready(IpAddress.parse("192.0.2.7")),
                Backend.ready(pod(FAR, 1))));
    List<ServiceRow> rows =
        rows(
            service,
            path("node1", "node2", "healthy"),
            path("node2", "node1", "broken"),
            path("node1", "node3", "healthy"),
            path("node3", "node1", "unknown"));
    assertThat(rows).hasSize(2);
    assertThat(rows.getFirst())
        .returns("shop/web", ServiceRow::name)
        .returns(Optional.of("10.96.0.20"), ServiceRow::address)
        .returns(Optional.of(80), ServiceRow::port)
        .returns("node1", ServiceRow::observer);
    assertThat(rows.getFirst().backends())
        .extracting(target -> target.node().orElse("") + " " + target.state() + " " + target.path())
        .containsExactly(
            "node1 ready local",
            "node2 ready broken",
            "node3 terminating unknown",
            " ready outside");
    assertThat(rows.getLast().backends())
        .containsExactly(
            new ServiceRow.Target(
                pod(FAR, 1).toString(),
                Optional.of(8080),
                Optional.of("node3"),
                "ready",
                "unknown",
                true));
  }

  @Test
  void connectionsGoWhereTheyAreReadyAndCanBeReached() {
    Service service =
        Service.of(
            ServiceName.parse("web"),
            List.of(IpAddress.parse("10.96.0.20")),
            List.of(port("", 80)),
            List.of(
                Backend.ready(pod(SELF, 0)),
                Backend.ready(pod(NEAR, 0)),
                new Backend(pod(FAR, 0), BackendState.NOT_READY, Optional.empty())));
    assertThat(chosen(service)).containsExactly(true, true, false);
    assertThat(chosen(service, path("node2", "node1", "broken")))
        .containsExactly(true, false, false);
    Service far = service.withBackends(List.of(Backend.ready(pod(NEAR, 0))));
    assertThat(chosen(far, path("node2", "node1", "broken"))).containsExactly(true);
  }

  private static List<Boolean> chosen(Service service, PathRow... paths) {
    return rows(service, paths).getFirst().backends().stream()
        .map(ServiceRow.Target::chosen)
        .toList();
  }

  @Test
  void aRowForEachPortAndOneForAHeadlessServiceWithoutAny() {
    Service headless =
        Service.of(
            ServiceName.parse("db"),
            List.of(),
            List.of(),
            List.of(Backend.ready(pod(NEAR, 0)), Backend.ready(pod(NEAR, 1))));
    assertThat(rows(headless))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.address()).isEmpty();
              assertThat(row.port()).isEmpty();
              assertThat(row.backends()).hasSize(2);
            });
    assertThat(rows(headless.withPorts(List.of(port("a", 1), port("b", 2)))))
        .extracting(ServiceRow::portName)
        .containsExactly(Optional.of("a"), Optional.of("b"));
  }
}
