package io.naru.agent.examine;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestCluster;
import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.HostFacts;
import io.naru.core.desired.NodeView;
import io.naru.core.diagnosis.Explanation;
import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.state.ForeignHook;
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
import java.util.TreeSet;
import java.util.stream.Collectors;
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
  void aRouteIsMissingUnlessAnotherOneIsThereAlsoWhereItIsPutWithForce() {
    KernelEntry.RouteEntry route =
        WANTED.entries().stream()
            .filter(entry -> entry instanceof KernelEntry.RouteEntry to && to.out().isPresent())
            .map(KernelEntry.RouteEntry.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(faults(missing(route))).containsExactly("route-missing");
    assertThat(faults(new Operation.Put(route, Optional.of(route))))
        .containsExactly("route-missing");
    KernelEntry.RouteEntry other =
        KernelEntry.RouteEntry.unreachable(route.table(), route.destination());
    assertThat(faults(new Operation.Put(route, Optional.of(other)))).containsExactly("route-wrong");
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

  /** Of each kind an entry that stands for it: another kind does not pass unnamed. */
  private static List<KernelEntry> oneOfEachKind() {
    IpAddress address = IpAddress.parse("10.244.1.1");
    List<KernelEntry> entries = new ArrayList<>();
    entries.add(wanted(TunnelDevice.class));
    entries.add(
        new KernelEntry.HostEndLink("naru1", MacAddress.parse("02:00:00:00:00:01"), 1450, true));
    entries.add(
        new KernelEntry.DeviceAddress("naru1", InterfaceAddress.parse("10.244.1.1/32"), false));
    entries.add(wanted(NeighbourEntry.class));
    entries.add(wanted(KernelEntry.TunnelForward.class));
    entries.add(wanted(KernelEntry.RouteEntry.class));
    entries.add(new KernelEntry.MarkRule(IpFamily.IPV4, 1, 2, 3, 4));
    for (String setting :
        List.of("net/ipv4/ip_forward", "net/ipv4/conf/a/rp_filter", "net/other")) {
      entries.add(new KernelEntry.Setting(setting, "1", Optional.empty()));
    }
    entries.add(new KernelEntry.FilterTable("naru", "a", ""));
    entries.add(new KernelEntry.FilterElement("pods", address));
    entries.add(new KernelEntry.ForeignAccept("ip", "filter", "FORWARD", ForeignHook.FORWARD, "a"));
    Set<Class<?>> kinds =
        entries.stream().<Class<?>>map(KernelEntry::getClass).collect(Collectors.toSet());
    assertThat(kinds).containsExactlyInAnyOrder(KernelEntry.class.getPermittedSubclasses());
    return entries;
  }

  /** Tunnels that differ from the one that is wanted, each in one thing. */
  private static List<KernelEntry> otherTunnels() {
    TunnelDevice t = wanted(TunnelDevice.class);
    MacAddress mac = MacAddress.parse("02:00:00:00:00:01");
    return List.of(
        new TunnelDevice(t.name(), t.mac(), 9, t.port(), t.local(), t.parent(), t.mtu(), true),
        new TunnelDevice(t.name(), t.mac(), t.vni(), 9, t.local(), t.parent(), t.mtu(), true),
        new TunnelDevice(t.name(), mac, t.vni(), t.port(), t.local(), t.parent(), t.mtu(), true),
        new TunnelDevice(t.name(), t.mac(), t.vni(), t.port(), t.local(), t.parent(), 9, true));
  }

  @Test
  void everyDriftHasANameThatIsExplained() {
    Set<String> named = new TreeSet<>();
    KernelEntry another = new KernelEntry.Setting("net/another", "9", Optional.empty());
    for (KernelEntry entry : oneOfEachKind()) {
      named.addAll(faults(missing(entry)));
      named.addAll(faults(new Operation.Put(entry, Optional.of(another))));
      named.addAll(faults(new Operation.Remove(entry)));
    }
    for (KernelEntry other : otherTunnels()) {
      named.addAll(faults(new Operation.Put(wanted(TunnelDevice.class), Optional.of(other))));
    }
    KernelEntry.HostEndLink link =
        new KernelEntry.HostEndLink("naru1", MacAddress.parse("02:00:00:00:00:01"), 1450, true);
    named.addAll(
        faults(
            new Operation.Put(
                link,
                Optional.of(new KernelEntry.HostEndLink(link.name(), link.mac(), 1500, true)))));
    assertThat(named).containsExactlyInAnyOrderElementsOf(Drift.FAULTS);
    assertThat(named).allMatch(fault -> Explanation.find(fault).isPresent());
  }

  @Test
  void whatNobodyAskedForIsNotCalledMissing() {
    for (KernelEntry entry : oneOfEachKind()) {
      assertThat(faults(new Operation.Remove(entry))).containsExactly("entry-surplus");
    }
  }

  @Test
  void otherTroubleIsToldBesideTheTunnels() {
    KernelEntry setting = wanted(KernelEntry.Setting.class);
    assertThat(faults(tunnelDown(), missing(setting))).hasSize(2).contains("port-mismatch");
  }
}
