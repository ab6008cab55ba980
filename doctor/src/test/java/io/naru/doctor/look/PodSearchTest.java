package io.naru.doctor.look;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import io.naru.doctor.peer.PeerNetwork;
import io.naru.linux.route.RouteNetlink;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pods found in the kernel. */
class PodSearchTest {
  @Test
  void ofTheAddressesThatAPodGivesItselfOnlyRoutedOnesCountOneOfEachFamily() {
    try (OwnNamespace node = OwnNamespace.create();
        OwnNamespace pod = OwnNamespace.create()) {
      node.run(
          """
          ip link set lo up
          ip link add pod1 type veth peer name eth0 netns NAME
          ip link set pod1 up
          ip address add fe80::1/64 dev pod1 nodad
          ip route add 10.244.1.9/32 dev pod1
          ip route add 10.244.1.10/32 dev pod1
          ip route add fd44::10/128 dev pod1"""
              .replace("NAME", pod.name()));
      pod.run(
          """
          ip address add 192.0.2.1/32 dev eth0
          ip address add 10.244.1.9/32 dev eth0
          ip address add 10.244.1.10/32 dev eth0
          ip address add fd99::1/128 dev eth0 nodad
          ip address add fd44::10/128 dev eth0 nodad
          ip link set eth0 up""");
      List<List<IpAddress>> found =
          node.namespace()
              .call(
                  () -> {
                    try (RouteNetlink netlink = RouteNetlink.open()) {
                      List<FoundPod> pods =
                          PodSearch.near(
                              new TunnelReader(netlink, PeerNetwork.KERNEL), Set.of("eth0"));
                      pods.forEach(FoundPod::close);
                      return pods.stream().map(FoundPod::addresses).toList();
                    }
                  });
      assertThat(found)
          .containsExactly(List.of(IpAddress.parse("10.244.1.9"), IpAddress.parse("fd44::10")));
    }
  }
}
