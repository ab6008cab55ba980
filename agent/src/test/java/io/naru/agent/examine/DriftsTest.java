package io.naru.agent.examine;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestCluster;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.HostFacts;
import io.naru.core.desired.NodeView;
import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.state.KernelEntry;
import io.naru.core.state.KernelEntry.NeighbourEntry;
import io.naru.core.state.KernelEntry.TunnelDevice;
import io.naru.core.state.KernelState;
import io.naru.core.state.Operation;
import io.naru.core.state.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DriftsTest {
  private static final NodeView VIEW =
      TestCluster.view(
          TransportPolicy.AUTO, TestCluster.node(1, 0), List.of(TestCluster.node(2, 1)));

  private static final KernelState WANTED =
      DesiredState.of(
          VIEW, new HostFacts(Set.of("eth0"), List.of(), Set.of(), Set.of(), Set.of(), false));

  private static List<String> faults(Operation... operations) {
    return Drifts.of(new Plan(List.of(operations)), VIEW).stream().map(Drift::fault).toList();
  }

  private static <E extends KernelEntry> E wanted(Class<E> kind) {
    return WANTED.entries().stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst()
        .orElseThrow();
  }

  private static Operation.Put missing(KernelEntry entry) {
    return new Operation.Put(entry, Optional.empty());
  }

  private static Operation.Put tunnelDown() {
    TunnelDevice wanted = wanted(TunnelDevice.class);
    TunnelDevice down =
        new TunnelDevice(
            wanted.name(),
            wanted.mac(),
            wanted.vni(),
            wanted.port(),
            wanted.local(),
            wanted.parent(),
            wanted.mtu(),
            false);
    return new Operation.Put(wanted, Optional.of(down));
  }

  @Test
  void anEntryThatIsMissingIsNamedWithThePeerThatNeedsIt() {
    NeighbourEntry neighbour = wanted(NeighbourEntry.class);
    List<Drift> drifts = Drifts.of(new Plan(List.of(missing(neighbour))), VIEW);
    assertThat(drifts)
        .singleElement()
        .satisfies(
            drift -> {
              assertThat(drift.fault()).isEqualTo("neigh-missing");
              assertThat(drift.peer()).contains("node2");
            });
  }

  @Test
  void whatHangsOnTheTunnelIsNotToldWhereTheTunnelItselfDiffers() {
    List<Operation> operations = new ArrayList<>(List.of(tunnelDown()));
    WANTED.entries().stream()
        .filter(entry -> entry.device().equals(Optional.of(DesiredState.TUNNEL)))
        .filter(entry -> !(entry instanceof TunnelDevice))
        .forEach(entry -> operations.add(missing(entry)));
    assertThat(operations).hasSizeGreaterThan(3);
    assertThat(faults(operations.toArray(Operation[]::new))).containsExactly("port-mismatch");
  }

  @Test
  void otherTroubleIsToldBesideTheTunnels() {
    KernelEntry setting = wanted(KernelEntry.Setting.class);
    assertThat(faults(tunnelDown(), missing(setting))).hasSize(2).contains("port-mismatch");
  }
}
