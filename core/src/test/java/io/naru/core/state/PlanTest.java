package io.naru.core.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.cluster.Node;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.Cluster;
import io.naru.core.desired.DesiredState;
import io.naru.core.state.KernelEntry.FilterElement;
import io.naru.core.state.KernelEntry.FilterTable;
import io.naru.core.state.KernelEntry.TunnelDevice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static KernelState desired(TransportPolicy policy, int peers) {
    Node[] nodes = new Node[peers];
    for (int i = 0; i < peers; i++) {
      nodes[i] = Cluster.node(i + 2, i % 2);
    }
    return DesiredState.of(Cluster.view(policy, Cluster.node(1, 0), nodes), Cluster.host());
  }

  @Test
  void nothingIsDoneWhereNothingDiffers() {
    KernelState state = desired(TransportPolicy.AUTO, 5);
    assertThat(Plan.between(state, state).isEmpty()).isTrue();
  }

  /** From whatever subset of whatever other configuration, the plan leads to what is desired. */
  @Property(tries = 200)
  void aPlanAppliedToWhatIsThereGivesWhatIsDesired(
      @ForAll @IntRange(max = 6) int before,
      @ForAll @IntRange(max = 6) int after,
      @ForAll TransportPolicy first,
      @ForAll TransportPolicy second,
      @ForAll long seed) {
    List<KernelEntry> there = new ArrayList<>(desired(first, before).entries());
    Collections.shuffle(there, new Random(seed));
    KernelState present = KernelState.of(there.subList(0, there.size() / 2));
    KernelState wanted = desired(second, after);
    assertThat(applied(present, Plan.between(present, wanted))).isEqualTo(set(wanted));
  }

  @Test
  void aTunnelThatCannotBeChangedTakesAllThatHangsOnItAlong() {
    KernelState wanted = desired(TransportPolicy.VXLAN, 2);
    List<KernelEntry> other = new ArrayList<>();
    for (KernelEntry entry : wanted.entries()) {
      other.add(
          entry instanceof TunnelDevice d
              ? new TunnelDevice(
                  d.name(), d.mac(), 77, d.port(), d.local(), d.parent(), d.mtu(), d.up())
              : entry);
    }
    Plan plan = Plan.between(KernelState.of(other), wanted);
    long onTunnel =
        wanted.entries().stream().filter(e -> e.device().equals(Optional.of("naru-vxlan"))).count();
    assertThat(plan.operations()).hasSize((int) onTunnel);
    assertThat(plan.operations().getFirst().entry()).isInstanceOf(TunnelDevice.class);
  }

  @Test
  void devicesComeFirstAndGoLast() {
    KernelState wanted = desired(TransportPolicy.AUTO, 3);
    assertThat(Plan.between(KernelState.empty(), wanted).operations().getFirst().entry())
        .isInstanceOf(TunnelDevice.class);
    assertThat(Plan.between(wanted, KernelState.empty()).operations().getLast().entry())
        .isInstanceOf(TunnelDevice.class);
  }

  @Test
  void aPlanReadsLikeATextOfWhatWillHappen() {
    String text = Plan.between(KernelState.empty(), desired(TransportPolicy.AUTO, 1)).text();
    assertThat(text)
        .contains("+ link naru-vxlan type vxlan id 1 dstport 8472 local 172.26.50.11 dev eth0")
        .contains("+ rule priority 472 fwmark 0x6e000000/0xff000000 lookup 8471");
  }

  /** A kernel in miniature: entries vanish with their device, elements with their table. */
  private static Set<KernelEntry> applied(KernelState present, Plan plan) {
    Set<KernelEntry> kernel = set(present);
    for (Operation operation : plan.operations()) {
      switch (operation) {
        case Operation.Put(KernelEntry entry, var old) -> {
          if (entry instanceof TunnelDevice device
              && old.orElse(null) instanceof TunnelDevice there
              && !device.canBecomeFrom(there)) {
            kernel.removeIf(e -> e.device().equals(device.device()));
          }
          if (entry instanceof FilterTable) {
            kernel.removeIf(FilterElement.class::isInstance);
          }
          kernel.removeIf(e -> e.key().equals(entry.key()));
          kernel.add(entry);
        }
        case Operation.Remove(KernelEntry entry) -> {
          assertThat(kernel.remove(entry)).isTrue();
          if (entry instanceof FilterTable) {
            kernel.removeIf(FilterElement.class::isInstance);
          }
          if (entry instanceof TunnelDevice) {
            kernel.removeIf(e -> e.device().equals(entry.device()));
          }
        }
      }
    }
    return kernel;
  }

  private static Set<KernelEntry> set(KernelState state) {
    return new HashSet<>(state.entries());
  }
}
