package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** As {@link ForeignVtepTest}, where nodes have IPv6 alone: the tunnel's packets are IPv6. */
class ForeignVtepOverIpv6Test {
  @Test
  void podsOnBothSidesTalk() {
    try (TestLab lab = TestLab.up(2, "--underlay", "ipv6", "--pods", "dual")) {
      lab.pod("p1", "node1");
      lab.pod("p2", "node2");
      lab.output("p1", ForeignHost.servers());
      lab.output("p2", ForeignHost.servers());
      Installation.naru(
              "node",
              "add",
              "legacy1",
              "--lab",
              lab.name(),
              "--address",
              ForeignHost.address(true),
              "--vtep-mac",
              ForeignHost.MAC,
              "--pod-cidr",
              ForeignHost.POD_CIDRS.get(0),
              "--pod-cidr",
              ForeignHost.POD_CIDRS.get(1))
          .run();
      try (ForeignHost foreign = ForeignHost.in(lab, true)) {
        foreign.output(ForeignHost.servers());
        foreign.type(
            Installation.naru("node", "export", "--outer-ipv6", "--lab", lab.name()).run().out());
        TestLab.within(TestLab.LONGEST)
            .untilAsserted(
                () ->
                    assertThat(lab.exec("node2", "bridge fdb show dev naru-vxlan").out())
                        .contains(ForeignHost.MAC + " dst " + ForeignHost.address(true)));
        for (String pod : new String[] {"p1", "p2"}) {
          foreign.assertTalksWith(pod, 0);
          foreign.assertTalksWith(pod, 1);
        }
      }
    }
  }
}
