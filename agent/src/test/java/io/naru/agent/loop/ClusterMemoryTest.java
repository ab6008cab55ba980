package io.naru.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.store.ClusterSnapshot;
import io.naru.store.Touched;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterMemoryTest {
  @TempDir private Path directory;

  private static Node node(int number) {
    String bytes = number / 250 + "." + (1 + number % 250);
    InterfaceAddress ipv4 = InterfaceAddress.parse("172.26." + bytes + "/16");
    InterfaceAddress ipv6 =
        InterfaceAddress.parse("fd26::" + Integer.toHexString(number + 1) + "/64");
    return new Node(
        new NodeName("worker-" + number + ".rack.example"),
        NodeKind.AGENT,
        List.of(ipv4, ipv6),
        List.of(ipv4.address(), ipv6.address()),
        MacAddress.locallyAdministered(number),
        1,
        8472,
        8472,
        List.of(
            Prefix.parse("10." + bytes + ".0/24"),
            Prefix.parse("fd44:0:0:" + Integer.toHexString(number) + "::/64")));
  }

  @Test
  void aLargeClusterIsRememberedAcrossARestart() throws Exception {
    SortedMap<NodeName, Node> nodes = new TreeMap<>();
    SortedMap<NodeName, String> keys = new TreeMap<>();
    for (int i = 0; i < 5000; i++) {
      Node node = node(i);
      nodes.put(node.name(), node);
      keys.put(node.name(), "sha256:" + "0".repeat(64));
    }
    ClusterSnapshot snapshot =
        new ClusterSnapshot(
            9, NetworkConfiguration.defaults(), nodes, keys, List.of(), new TreeMap<>());
    Path file = directory.resolve("cluster.json");
    ClusterMemory memory = new ClusterMemory(file, touched -> {});
    memory.changed(snapshot, Touched.everythingOf(snapshot));
    memory.close();

    assertThat(Files.size(file)).isGreaterThan(1 << 20);
    assertThat(new ClusterMemory(file, touched -> {}).snapshot()).contains(snapshot);
  }

  private static ClusterSnapshot small(long revision, int services) {
    Node node = node(1);
    SortedMap<ServiceName, Service> all = new TreeMap<>();
    for (int i = 0; i < services; i++) {
      ServiceName name = ServiceName.parse("s" + i);
      all.put(name, Service.of(name, List.of(), List.of(), List.of()));
    }
    return new ClusterSnapshot(
        revision,
        NetworkConfiguration.defaults(),
        new TreeMap<>(Map.of(node.name(), node)),
        new TreeMap<>(),
        List.of(),
        all);
  }

  @Test
  void aChangeOfServicesAloneIsNoChangeOfNodes() {
    List<String> calls = new ArrayList<>();
    Path file = directory.resolve("cluster.json");
    try (ClusterMemory memory =
        new ClusterMemory(
            file, nodes -> calls.add("nodes " + nodes.size()), () -> calls.add("services"))) {
      ClusterSnapshot first = small(1, 0);
      memory.changed(first, Touched.everythingOf(first));
      assertThat(calls).containsExactly("nodes 0", "services");
      calls.clear();
      memory.changed(small(2, 3), Touched.between(first, small(2, 3)));
      assertThat(calls).containsExactly("services");
      calls.clear();
      memory.changed(small(3, 3), new Touched(Set.of(node(1).name()), false, false));
      assertThat(calls).containsExactly("nodes 1");
    }
    // The newest is saved at the end, however little time there was.
    assertThat(new ClusterMemory(file, nodes -> {}).snapshot().orElseThrow().services()).hasSize(3);
  }

  @Test
  void whatCannotBeSavedIsToldAndSavedLater() throws Exception {
    Path away = directory.resolve("away");
    List<Set<NodeName>> calls = new CopyOnWriteArrayList<>();
    try (ClusterMemory memory = new ClusterMemory(away.resolve("cluster.json"), calls::add)) {
      memory.changed(small(1, 2), Touched.everythingOf(small(1, 2)));
      await().until(() -> memory.unsaved().isPresent());
      assertThat(memory.unsaved().orElseThrow())
          .contains("the cluster is not remembered across a restart");
      await().until(() -> calls.size() == 2);
      Files.createDirectory(away);
      assertThat(memory.unsaved()).isEmpty();
      assertThat(away.resolve("cluster.json")).isNotEmptyFile();
    }
  }
}
