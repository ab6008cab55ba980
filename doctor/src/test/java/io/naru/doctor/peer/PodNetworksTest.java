package io.naru.doctor.peer;

import static io.naru.doctor.peer.TwoNodes.SENT;
import static io.naru.doctor.peer.TwoNodes.address;
import static io.naru.doctor.peer.TwoNodes.tunnel;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.Prefix;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.doctor.peer.Tunnel.PodRoute;
import io.naru.doctor.peer.TwoNodes.Sight;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What firewalls are told to accept for pods. */
class PodNetworksTest {
  private static Tunnel leadingTo(Tunnel plain, String... blocks) {
    return TwoNodes.leading(
        plain,
        Stream.of(blocks)
            .map(
                block ->
                    new PodRoute(
                        Prefix.parse(block),
                        Optional.of(Prefix.parse(block).address()),
                        Optional.empty(),
                        Optional.empty()))
            .toList());
  }

  /** By flannel.1 with 10.244.1.0 of its own, and a pod that has some address. */
  private static List<String> of(String pod, String... blocks) {
    PodTrial trial =
        new PodTrial(
            address(pod), address("10.244.2.0"), address("10.244.2.9"), true, false, 0, false);
    RuleDrop drop = new RuleDrop("inet own forward", "through", "drop", Optional.empty(), "", "");
    return PodNetworks.of(
        new Sight(1, "nic", SENT, SENT, false).look(leadingTo(tunnel(1), blocks), trial, drop));
  }

  @Test
  void aPodOfAnotherNetworkWidensNothing() {
    assertThat(of("172.17.0.2", "10.244.2.0/24")).containsExactly("10.244.1.0/24", "10.244.2.0/24");
  }

  @Test
  void halvesAreJoinedAndNothingElse() {
    assertThat(of("10.244.1.9", "10.244.0.0/24", "10.244.2.0/24", "10.244.3.0/24", "10.99.0.0/24"))
        .containsExactly("10.99.0.0/24", "10.244.0.0/22");
    assertThat(of("10.244.1.9", "fd00:0:0:2::/64", "fd00:0:0:3::/64", "fd00:0:0:5::/64"))
        .containsExactly("fd00:0:0:2::/63", "fd00:0:0:5::/64");
  }

  @Test
  void aBlockWithinAnotherIsThatOne() {
    assertThat(of("10.1.0.9", "10.0.0.0/8", "10.1.2.0/24")).containsExactly("10.0.0.0/8");
  }

  @Test
  void halfOfTheInternetIsNobodysPods() {
    assertThat(of("10.1.0.9", "0.0.0.0/1", "128.0.0.0/1", "4.0.0.0/7", "2000::/3")).isEmpty();
    assertThat(of("10.1.0.9", "10.0.0.0/8", "11.0.0.0/8"))
        .containsExactly("10.0.0.0/8", "11.0.0.0/8");
  }
}
