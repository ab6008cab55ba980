package io.naru.agent.examine;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestCluster;
import io.naru.core.address.IpFamily;
import io.naru.core.cluster.Node;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.NodeView;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.probe.ProbePacket;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeRefusalsTest {
  private static final Node PEER = TestCluster.node(2, 0);
  private static final IcmpError IPV4 = refusal("10.244.2.1");
  private static final IcmpError IPV6 = refusal("fd44:0:0:2::1");

  private static IcmpError refusal(String address) {
    return new IcmpError(address, "port unreachable", address, ProbePacket.PORT);
  }

  private static boolean isRefused(TransportPolicy policy, Node peer, IcmpError... heard) {
    NodeView view = TestCluster.view(policy, TestCluster.node(1, 0), List.of(peer));
    return ProbeRefusals.isRefusedBy(view, peer, List.of(heard));
  }

  @Test
  void everyFamilyThatTheTransportCarriesMustBeRefused() {
    assertThat(isRefused(TransportPolicy.VXLAN, PEER, IPV4, IPV6)).isTrue();
    assertThat(isRefused(TransportPolicy.VXLAN, PEER, IPV4)).isFalse();
    assertThat(isRefused(TransportPolicy.VXLAN, PEER)).isFalse();
  }

  @Test
  void oneThatTheTransportDoesNotCarryNeedNotBe() {
    Node onIpv4Alone = TestCluster.on(IpFamily.IPV4, PEER); // no IPv6 routes by IPv4 gateways
    assertThat(isRefused(TransportPolicy.DIRECT, onIpv4Alone, IPV4)).isTrue();
    assertThat(isRefused(TransportPolicy.DIRECT, onIpv4Alone, IPV6)).isFalse();
  }

  @Test
  void aHopThatRefusesIsNotThePeer() {
    IcmpError hop = new IcmpError("192.0.2.1", "port unreachable", "10.244.2.1", ProbePacket.PORT);
    assertThat(isRefused(TransportPolicy.VXLAN, PEER, hop, IPV6)).isFalse();
  }
}
