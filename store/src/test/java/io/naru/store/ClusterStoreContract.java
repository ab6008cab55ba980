package io.naru.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.ForeignNode;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every store does; its capabilities select the tests. */
public abstract class ClusterStoreContract extends ServicesContract {
  private Node publish(int i) {
    Node node = Sample.node(i, store.claimPodCidrs(Sample.name(i), List.of()));
    store.publishNode(node);
    return node;
  }

  @Test
  void tellsTheConfiguration() {
    assertThat(store.configuration()).isEqualTo(Sample.dualStack());
  }

  @Test
  void aNodeGetsOneBlockOfEachFamilyAndKeepsThem() {
    requires(StoreCapability.ASSIGNS_POD_CIDRS);
    List<Prefix> first = store.claimPodCidrs(Sample.name(1), List.of());
    assertThat(first).extracting(Prefix::family).containsExactly(IpFamily.IPV4, IpFamily.IPV6);
    assertThat(first).extracting(Prefix::length).containsExactly(24, 64);
    assertThat(store.claimPodCidrs(Sample.name(1), List.of(Prefix.parse("10.244.9.0/24"))))
        .isEqualTo(first);
    assertThat(store.claimPodCidrs(Sample.name(2), List.of())).doesNotContainAnyElementsOf(first);
  }

  @Test
  void aWantedBlockIsGivenOnlyIfItIsFreeAndFits() {
    requires(StoreCapability.ASSIGNS_POD_CIDRS);
    Prefix wanted = Prefix.parse("10.244.77.0/24");
    assertThat(store.claimPodCidrs(Sample.name(1), List.of(wanted))).contains(wanted);
    assertThat(store.claimPodCidrs(Sample.name(2), List.of(wanted))).doesNotContain(wanted);
    assertThat(store.claimPodCidrs(Sample.name(3), List.of(Prefix.parse("10.9.0.0/24"))))
        .allMatch(
            cidr -> Sample.dualStack().clusterCidrs().stream().anyMatch(c -> c.contains(cidr)));
  }

  @Test
  void exactBlocksAreGivenOrTheOwnerIsNamed() {
    requires(StoreCapability.ASSIGNS_POD_CIDRS);
    Prefix exact = Prefix.parse("10.244.8.0/23");
    assertThat(store.claimExactPodCidrs(Sample.name(1), List.of(exact))).containsExactly(exact);
    assertThat(store.claimExactPodCidrs(Sample.name(1), List.of(exact))).containsExactly(exact);
    assertThat(
            refusal(
                () ->
                    store.claimExactPodCidrs(
                        Sample.name(2), List.of(Prefix.parse("10.244.9.0/24")))))
        .returns(ErrorCode.CONFLICT, NaruException::code)
        .hasMessageContaining("node1");
    assertThat(
            refusal(
                () ->
                    store.claimExactPodCidrs(
                        Sample.name(2), List.of(Prefix.parse("192.168.0.0/24")))))
        .returns(ErrorCode.BAD_INPUT, NaruException::code);
  }

  @Test
  void manyNodesAtOnceNeverShareABlock() throws Exception {
    requires(StoreCapability.ASSIGNS_POD_CIDRS);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Prefix>>> claims = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        NodeName name = Sample.name(i / 2);
        claims.add(executor.submit(() -> store.claimPodCidrs(name, List.of())));
      }
      Set<Prefix> distinct = new HashSet<>();
      for (int i = 0; i < 120; i += 2) {
        assertThat(claims.get(i).get()).isEqualTo(claims.get(i + 1).get());
        distinct.addAll(claims.get(i).get());
      }
      assertThat(distinct).hasSize(120);
    }
  }

  @Test
  void anotherNodesAddressesAreRefused() {
    publish(1);
    Node second = publish(2);
    assertThat(refusal(() -> store.publishNode(Sample.node(3, second.podCidrs()))))
        .returns(ErrorCode.CONFLICT, NaruException::code)
        .hasMessageContaining("node2");
    Node third = Sample.node(3, List.of());
    Node sameMac =
        new Node(
            third.name(),
            third.kind(),
            third.underlay(),
            third.publicAddresses(),
            second.vtepMac(),
            1,
            8472,
            8472,
            List.of());
    assertThat(refusal(() -> store.publishNode(sameMac)))
        .returns(ErrorCode.CONFLICT, NaruException::code)
        .hasMessageContaining("node2");
    Node sameAddress =
        new Node(
            third.name(),
            third.kind(),
            third.underlay(),
            second.publicAddresses(),
            third.vtepMac(),
            1,
            8472,
            8472,
            List.of());
    assertThat(refusal(() -> store.publishNode(sameAddress)))
        .returns(ErrorCode.CONFLICT, NaruException::code)
        .hasMessageContaining("node2");
  }

  @Test
  void foreignNodesAreRegisteredChangedAndTheirBlocksGivenToNobody() {
    store.registerForeignNodes(
        List.of(Sample.foreign(1, "10.244.0.0/23"), Sample.foreign(2, "10.244.2.0/25")));
    assertThat(store.snapshot().nodes().get(Sample.foreignName(1)))
        .isEqualTo(Sample.foreign(1, "10.244.0.0/23").node(1, 8472))
        .returns(NodeKind.FOREIGN, Node::kind);
    if (store.capabilities().contains(StoreCapability.ASSIGNS_POD_CIDRS)) {
      assertThat(publish(1).podCidrs()).contains(Prefix.parse("10.244.3.0/24"));
    }
    // What one gives up in the same change, the other may take.
    store.registerForeignNodes(
        List.of(Sample.foreign(1, "10.244.2.0/24"), Sample.foreign(2, "10.244.0.0/24")));
    assertThat(store.snapshot().nodes().get(Sample.foreignName(2)).podCidrs())
        .containsExactly(Prefix.parse("10.244.0.0/24"));
    long revision = store.snapshot().revision();
    store.registerForeignNodes(List.of(Sample.foreign(2, "10.244.0.0/24")));
    assertThat(store.snapshot().revision()).as("nothing changed").isEqualTo(revision);
    store.withdrawNode(Sample.foreignName(2));
    assertThat(store.claimExactPodCidrs(Sample.name(5), List.of(Prefix.parse("10.244.0.0/24"))))
        .hasSize(1);
  }

  @Test
  void oneWrongEntryKeepsAllForeignNodesOutAndEveryMistakeIsNamed() {
    publish(1); // 10.244.0.0/24
    ForeignNode fine = Sample.foreign(1, "10.244.9.0/24");
    ForeignNode overlapping = Sample.foreign(2, "10.244.8.0/22");
    ForeignNode outside = Sample.foreign(3, "192.168.0.0/24");
    ForeignNode others = Sample.foreign(4, "10.244.0.128/25");
    NaruException refused =
        refusal(() -> store.registerForeignNodes(List.of(fine, overlapping, outside, others)));
    assertThat(refused).returns(ErrorCode.CONFLICT, NaruException::code);
    assertThat(refused.sentence().lines().map(String::strip))
        .hasSize(4)
        .first()
        .isEqualTo("3 of 4 entries cannot be registered, so none was:");
    assertThat(refused.sentence())
        .contains(
            "entry 2, node foreign2: the pod CIDR 10.244.8.0/22 overlaps one of node foreign1")
        .contains("entry 3, node foreign3: the pod CIDR 192.168.0.0/24 is not inside")
        .contains(
            "entry 4, node foreign4: the pod CIDR 10.244.0.128/25 overlaps one of node node1");
    assertThat(store.snapshot().nodes()).containsOnlyKeys(Sample.name(1));
  }

  @Test
  void aForeignNodeTakesNoNameNorAddressOfAnotherNodeAndPublishesNothing() {
    Node agent = publish(1);
    ForeignNode wrong =
        new ForeignNode(
            agent.name(),
            agent.publicAddresses(),
            agent.vtepMac(),
            List.of(Prefix.parse("10.244.9.0/24")));
    assertThat(refusal(() -> store.registerForeignNodes(List.of(wrong))).sentence())
        .contains("a node of that name runs Naru")
        .contains("the address " + agent.publicAddresses().getFirst() + " is node node1's")
        .contains("the VTEP MAC " + agent.vtepMac() + " is node node1's");
    Node asForeign = Sample.foreign(7, "10.244.9.0/24").node(1, 8472);
    assertThat(refusal(() -> store.publishNode(asForeign)))
        .returns(ErrorCode.BAD_INPUT, NaruException::code);
    assertThat(
            refusal(
                    () ->
                        store.registerForeignNodes(
                            List.of(
                                Sample.foreign(1, "fd10:244::/65"),
                                Sample.foreign(1, "fd10:244:0:9::/64"))))
                .sentence())
        .contains("entry 2, node foreign1: an entry before it has the same name");
  }

  @Test
  void fiveThousandForeignNodesAreOneChange() {
    List<ForeignNode> many = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      many.add(Sample.foreign(i, "fd10:244:0:" + Integer.toHexString(i + 1) + "::/64"));
    }
    long revision = store.snapshot().revision();
    RecordingListener listener = new RecordingListener();
    try (StoreWatch watch = store.watch(listener)) {
      assertThat(watch).isNotNull();
      await().until(() -> !listener.calls.isEmpty());
      store.registerForeignNodes(many);
      await().until(() -> listener.last().nodes().size() == 5000);
    }
    assertThat(store.snapshot().revision()).isEqualTo(revision + 1);
  }

  @Test
  void aWithdrawnNodeLeavesNothing() {
    Node first = publish(1);
    publish(2);
    store.publishNotice(Sample.notice(1, 2, 2));
    store.withdrawNode(Sample.name(1));
    store.withdrawNode(Sample.name(1));
    assertThat(store.snapshot().nodes()).containsOnlyKeys(Sample.name(2));
    assertThat(store.snapshot().notices()).isEmpty();
    assertThat(store.claimPodCidrs(Sample.name(3), first.podCidrs())).isEqualTo(first.podCidrs());
  }

  @Test
  void aWatchTellsTheWholeAndThenEveryChange() {
    publish(1);
    RecordingListener listener = new RecordingListener();
    try (StoreWatch watch = store.watch(listener)) {
      assertThat(watch).isNotNull();
      await().until(() -> !listener.calls.isEmpty());
      assertThat(listener.last().nodes()).containsOnlyKeys(Sample.name(1));
      assertThat(listener.calls.getFirst().touched().nodes()).contains(Sample.name(1));
      assertThat(listener.statuses).contains("connected");

      publish(2);
      store.publishNotice(Sample.notice(1, 2, 1));
      await().until(() -> listener.last().notices().size() == 1);
      assertThat(listener.last().notices()).containsExactly(Sample.notice(1, 2, 1));
      store.withdrawNotice(Sample.notice(1, 2, 1).path(), Sample.name(1));
      store.withdrawNode(Sample.name(1));
      await().until(() -> listener.last().nodes().size() == 1);
      await().until(() -> listener.last().notices().isEmpty());
      assertThat(listener.touched()).contains(Sample.name(1), Sample.name(2));
      assertThat(listener.last().nodes()).isEqualTo(store.snapshot().nodes());
      assertThat(listener.calls)
          .extracting(call -> call.snapshot().revision())
          .isSorted()
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void aClosedWatchSaysNothingMore() {
    RecordingListener closed = new RecordingListener();
    RecordingListener open = new RecordingListener();
    StoreWatch watch = store.watch(closed);
    await().until(() -> !closed.calls.isEmpty());
    watch.close();
    int before = closed.calls.size();
    try (StoreWatch other = store.watch(open)) {
      assertThat(other).isNotNull();
      publish(1);
      await().until(() -> !open.calls.isEmpty() && open.last().nodes().size() == 1);
    }
    assertThat(closed.calls).hasSize(before);
  }

  @Test
  void whatWasAcknowledgedSurvivesARestart() throws Exception {
    requires(StoreCapability.DURABLE);
    Node first = publish(1);
    publish(2);
    store.publishNotice(Sample.notice(1, 2, 1));
    store.withdrawNode(Sample.name(2));
    ClusterSnapshot before = store.snapshot();
    store.close();
    store = reopen();
    assertThat(store.snapshot()).isEqualTo(before);
    assertThat(store.claimPodCidrs(Sample.name(1), List.of())).isEqualTo(first.podCidrs());
  }
}
