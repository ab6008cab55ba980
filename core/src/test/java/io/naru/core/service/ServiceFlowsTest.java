package io.naru.core.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.Cluster;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServiceFlowsTest {
  private static final String SERVICE = "10.96.0.10";
  private static final String HERE = "10.244.1.5";
  private static final String THERE = "10.244.2.5";
  private static final String NODE = "172.26.50.11";

  private static Service dns(BackendState here, BackendState there) {
    return Service.of(
        ServiceName.parse("kube-system/dns"),
        List.of(IpAddress.parse(SERVICE)),
        List.of(
            new ServicePort("udp", Protocol.UDP, 53, 5353, Optional.of(30053)),
            new ServicePort("tcp", Protocol.TCP, 54, 5353, Optional.empty())),
        List.of(
            new Backend(IpAddress.parse(HERE), here, Optional.empty()),
            new Backend(IpAddress.parse(THERE), there, Optional.empty())));
  }

  private static ServiceFlows flows(Service service, String... broken) {
    return new ServiceFlows(
        List.of(),
        List.of(service),
        new BackendChoice(
            BackendPlaces.of(
                Cluster.view(TransportPolicy.VXLAN, Cluster.node(1, 0), Cluster.node(2, 0)),
                Set.copyOf(List.of(broken).stream().map(NodeName::new).toList())),
            true),
        List.of());
  }

  private static boolean isDead(
      ServiceFlows flows, String destination, int port, String answersFrom, int answersFromPort) {
    return flows.isDead(
        Protocol.UDP,
        IpAddress.parse(destination),
        port,
        IpAddress.parse(answersFrom),
        answersFromPort);
  }

  @Test
  void aFlowToALivingBackendGoesOn() {
    ServiceFlows flows = flows(dns(BackendState.READY, BackendState.READY));
    assertThat(isDead(flows, SERVICE, 53, THERE, 5353)).isFalse();
    assertThat(isDead(flows, NODE, 30053, THERE, 5353)).isFalse();
  }

  @Test
  void oneToABackendThatIsGoneOrWasNeverOneIsDead() {
    ServiceFlows flows = flows(dns(BackendState.READY, BackendState.NOT_READY));
    assertThat(isDead(flows, SERVICE, 53, THERE, 5353)).isTrue();
    assertThat(isDead(flows, NODE, 30053, THERE, 5353)).isTrue();
    assertThat(isDead(flows, SERVICE, 53, HERE, 53)).as("another port").isTrue();
    assertThat(isDead(flows, SERVICE, 53, SERVICE, 53)).as("before there was a service").isTrue();
  }

  @Test
  void oneToAFrontThatTheServiceGaveUpIsDead() {
    Service now = dns(BackendState.READY, BackendState.READY);
    Service before = now.withClusterIps(List.of(IpAddress.parse("10.96.0.99")));
    ServiceFlows flows =
        new ServiceFlows(
            List.of(before),
            List.of(now),
            new BackendChoice(BackendPlaces.NOWHERE, true),
            List.of());
    assertThat(isDead(flows, "10.96.0.99", 53, THERE, 5353)).isTrue();
    assertThat(isDead(flows, SERVICE, 53, THERE, 5353)).isFalse();
    assertThat(isDead(flows, NODE, 30053, THERE, 5353)).isFalse();
  }

  @Test
  void whoIsAboutToEndMayFinish() {
    ServiceFlows flows = flows(dns(BackendState.READY, BackendState.TERMINATING));
    assertThat(isDead(flows, SERVICE, 53, THERE, 5353)).isFalse();
  }

  @Test
  void oneBehindABrokenPathIsDeadWhileAnotherCanBeReached() {
    assertThat(
            isDead(
                flows(dns(BackendState.READY, BackendState.READY), "node2"),
                SERVICE,
                53,
                THERE,
                5353))
        .isTrue();
    assertThat(
            isDead(
                flows(dns(BackendState.READY, BackendState.TERMINATING), "node2"),
                SERVICE,
                53,
                THERE,
                5353))
        .isTrue();
  }

  @Test
  void whatTheNodeItselfAnswersAndWhatIsNoServicesIsLeftAlone() {
    ServiceFlows flows = flows(dns(BackendState.READY, BackendState.READY));
    assertThat(isDead(flows, NODE, 30053, NODE, 30053)).isFalse();
    assertThat(isDead(flows, NODE, 8472, "172.26.50.12", 8472)).isFalse();
    assertThat(isDead(flows, SERVICE, 54, THERE, 9)).as("TCP's port").isFalse();
  }

  private static boolean isOlder(ServiceFlows flows, Protocol protocol, String to, int port) {
    IpAddress destination = IpAddress.parse(to);
    return flows.isOlderThanNodePort(protocol, destination, port, destination, port);
  }

  @Test
  void oneToAPortOfTheNodeThatIsAServicesSinceThenIsCut() {
    Service service = dns(BackendState.READY, BackendState.READY);
    ServiceFlows added = flows(service);
    assertThat(added.hasNewNodePorts()).isTrue();
    assertThat(isOlder(added, Protocol.UDP, NODE, 30053)).isTrue();
    assertThat(isOlder(added, Protocol.UDP, NODE, 53)).as("another port").isFalse();
    assertThat(isOlder(added, Protocol.TCP, NODE, 30053)).as("a living connection").isFalse();
    assertThat(isOlder(added, Protocol.UDP, "127.0.0.1", 30053)).as("no service's").isFalse();
    assertThat(
            added.isOlderThanNodePort(
                Protocol.UDP, IpAddress.parse(NODE), 30053, IpAddress.parse(THERE), 53))
        .as("it is the service's")
        .isFalse();
    assertThat(
            added.isOlderThanNodePort(
                Protocol.UDP, IpAddress.parse(NODE), 30053, IpAddress.parse(NODE), 53))
        .as("it is the service's, by a backend in the node's own network")
        .isFalse();
    ServiceFlows changed =
        new ServiceFlows(
            List.of(service),
            List.of(service),
            new BackendChoice(BackendPlaces.NOWHERE, true),
            List.of());
    assertThat(changed.hasNewNodePorts()).isFalse();
    assertThat(isOlder(changed, Protocol.UDP, NODE, 30053)).isFalse();
  }

  @Test
  void aConnectionThatBeganBeforeThereWasAServiceIsDeadAndNoOther() {
    ServiceFlows flows = flows(dns(BackendState.READY, BackendState.NOT_READY));
    IpAddress service = IpAddress.parse(SERVICE);
    assertThat(flows.isDead(Protocol.TCP, service, 54, service, 54)).isTrue();
    assertThat(flows.isDead(Protocol.TCP, service, 54, IpAddress.parse(THERE), 5353)).isFalse();
    assertThat(flows.isDead(Protocol.TCP, service, 99, service, 99)).isFalse();
  }

  @Test
  void connectionsAreLookedAtOnlyWhereAServiceIsNew() {
    ServiceFlows flows = flows(dns(BackendState.READY, BackendState.READY));
    assertThat(flows.toLookAt(false)).containsExactly(Protocol.UDP);
    assertThat(flows.toLookAt(true)).containsExactly(Protocol.TCP, Protocol.UDP);
    assertThat(
            new ServiceFlows(
                    List.of(), List.of(), new BackendChoice(BackendPlaces.NOWHERE, true), List.of())
                .toLookAt(true))
        .isEmpty();
  }

  @Test
  void whereAllServicesAreKnownFlowsToNoneAreDead() {
    ServiceFlows flows =
        new ServiceFlows(
            List.of(),
            List.of(),
            new BackendChoice(BackendPlaces.NOWHERE, true),
            List.of(Prefix.parse("10.96.0.0/16")));
    assertThat(isDead(flows, SERVICE, 53, THERE, 5353)).isTrue();
    assertThat(isDead(flows, "192.0.2.1", 53, "192.0.2.1", 53)).isFalse();
  }
}
