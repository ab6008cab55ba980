package io.naru.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestNamespace;
import io.naru.agent.cni.AttachmentWish;
import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.ipam.LeaseWish;
import io.naru.core.pod.HostEnd;
import io.naru.core.pod.PodAttachment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What crashes and vanished pods leave, and who removes it. */
class PodCleaningTest {
  @TempDir Path directory;
  private TestNode node;

  @BeforeEach
  void makeNode() {
    node = new TestNode(directory.resolve("pods"));
  }

  @AfterEach
  void removeNode() {
    node.close();
  }

  private List<String> check(TestNamespace pod) {
    return node.check(pod);
  }

  @Test
  void anAddThatACrashCutShortIsTakenUpAgain() throws Exception {
    TestNamespace pod = node.pod();
    LeaseBook book = new LeaseBook(node.directory());
    PodAttachment halfDone =
        book.reserve(
            new LeaseWish(
                TestNode.key(pod), "naru", pod.path(), node.settings.blocks(), 1450, Map.of()),
            Instant.now());
    node.wiring.attach(halfDone);

    node.restart();
    assertThat(node.network.pods()).isEmpty();
    PodAttachment attachment = node.attach(pod);

    assertThat(node.network.pods()).containsExactly(attachment);
    assertThat(check(pod)).isEmpty();
    node.network.delete(attachment.key());
    assertThat(node.namespace().run("ip -o link show type veth")).isEmpty();
    try (Stream<Path> files = Files.list(node.directory())) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void cleaningRemovesWhatNoPodUses() throws Exception {
    TestNamespace alive = node.pod();
    TestNamespace cutShort = node.pod();
    TestNamespace gone = node.pod();
    TestNamespace unknown = node.pod();
    PodAttachment kept = node.attach(alive);
    node.attach(gone);
    PodAttachment orphan = node.attach(unknown);
    LeaseBook book = new LeaseBook(node.directory());
    node.wiring.attach(
        book.reserve(
            new LeaseWish(
                TestNode.key(cutShort),
                "naru",
                cutShort.path(),
                node.settings.blocks(),
                1450,
                Map.of()),
            Instant.now()));
    Files.delete(node.directory().resolve(unknown.name() + "@eth0.json"));
    gone.close();
    node.namespace().run("ip link del " + hostInterface(gone) + " 2>/dev/null || true");

    node.restart();
    node.network.clean();

    assertThat(node.network.pods()).containsExactly(kept);
    assertThat(node.namespace().run("ip -o link show type veth").lines()).hasSize(1);
    assertThat(node.namespace().attempt("ip link show " + orphan.hostInterface()).exitCode())
        .isNotZero();
    assertThat(check(alive)).isEmpty();
    try (Stream<Path> files = Files.list(node.directory())) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aPodThatCannotBeCleanedDoesNotHoldUpTheOthers() {
    LeaseBook book = new LeaseBook(node.directory());
    List<PodAttachment> halfDone =
        Stream.of(node.pod(), node.pod(), node.pod())
            .map(
                pod ->
                    book.reserve(
                        new LeaseWish(
                            TestNode.key(pod),
                            "naru",
                            pod.path(),
                            node.settings.blocks(),
                            1450,
                            Map.of()),
                        Instant.now()))
            .sorted(Comparator.comparing(PodAttachment::key))
            .toList();
    halfDone.forEach(node.wiring::attach);
    PodAttachment odd = halfDone.getFirst();
    node.namespace()
        .run("ip link set " + odd.hostInterface() + " alias 'an administrator took this one'");

    node.restart();
    node.network.clean();

    LeaseBook after = new LeaseBook(node.directory());
    assertThat(after.all())
        .extracting(lease -> lease.attachment().key())
        .containsExactly(odd.key());
    assertThat(node.namespace().run("ip -o link show type veth").lines())
        .singleElement()
        .asString()
        .contains(odd.hostInterface());

    node.namespace().run("ip link set " + odd.hostInterface() + " alias '" + odd.alias() + "'");
    node.network.clean();
    assertThat(new LeaseBook(node.directory()).all()).isEmpty();
    assertThat(node.namespace().run("ip -o link show type veth")).isEmpty();
  }

  private static String hostInterface(TestNamespace pod) {
    return HostEnd.name(TestNode.key(pod), taken -> false);
  }

  @Test
  void collectingKeepsValidOnesAndOtherNetworks() {
    TestNamespace kept = node.pod();
    TestNamespace stale = node.pod();
    TestNamespace elsewhere = node.pod();
    node.attach(kept);
    node.attach(stale);
    node.network.add(
        new AttachmentWish(TestNode.key(elsewhere), "another", elsewhere.path(), Map.of()));
    node.network.collect("naru", Set.of(TestNode.key(kept)));
    assertThat(node.network.pods())
        .extracting(PodAttachment::key)
        .containsExactlyInAnyOrder(TestNode.key(kept), TestNode.key(elsewhere));
    node.network.detachAll();
    assertThat(node.network.pods()).isEmpty();
  }

  @Test
  void aContainerThatComesWithAnotherNamespaceIsAttachedAnew() throws Exception {
    TestNamespace lost = node.pod();
    TestNamespace now = node.pod();
    PodAttachment before = node.attach(lost);
    PodAttachment after =
        node.network.add(new AttachmentWish(TestNode.key(lost), "naru", now.path(), Map.of()));
    assertThat(node.network.pods()).containsExactly(after);
    assertThat(after.addresses()).doesNotContainAnyElementsOf(before.addresses());
    assertThat(node.network.check(after.key(), now.path(), TestNode.expecting(after.addresses())))
        .isEmpty();
    assertThat(node.namespace().run("ip -o link show type veth").lines()).hasSize(1);
    assertThat(lost.attempt("ip link show eth0").exitCode()).isNotZero();
  }

  @Test
  void aLostPodIsRemovedUnlessItWasAttachedAnew() {
    TestNamespace pod = node.pod();
    PodAttachment before = node.attach(pod);
    node.network.delete(before.key());
    PodAttachment after = node.attach(pod);
    node.network.removeLost(before);
    assertThat(node.network.pods()).containsExactly(after);
    node.network.removeLost(after);
    assertThat(node.network.pods()).isEmpty();
    assertThat(node.namespace().run("ip -o link show type veth")).isEmpty();
  }
}
