package io.naru.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.agent.TestNamespace;
import io.naru.agent.cni.AttachmentWish;
import io.naru.agent.cni.CniErrorCode;
import io.naru.agent.cni.CniException;
import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.HostEnd;
import io.naru.core.pod.PodAttachment;
import io.naru.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodNetworkTest {
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

  private static String ping(IpAddress address) {
    return "ping -n -c 1 -W 5 " + address;
  }

  private List<String> check(TestNamespace pod) {
    return node.check(pod);
  }

  private void assertNothingIsLeft() throws IOException {
    assertThat(node.namespace().run("ip -o link show type veth")).isEmpty();
    assertThat(node.namespace().run("ip route show proto 72; ip -6 route show proto 72")).isEmpty();
    try (Stream<Path> files = Files.list(node.directory())) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void podsAndNodeReachEachOtherInBothFamilies() {
    TestNamespace first = node.pod();
    TestNamespace second = node.pod();
    PodAttachment a = node.attach(first);
    PodAttachment b = node.attach(second);

    for (IpAddress address : b.addresses()) {
      node.namespace().run(ping(address));
      first.run(ping(address));
    }
    for (IpAddress gateway : a.gateways()) {
      first.run(ping(gateway));
    }
    assertThat(first.run("ip -o link show eth0")).contains("mtu 1450", a.podMac().toString());
    assertThat(first.run("ip -o addr show dev eth0 scope global"))
        .contains("10.244.1.2/32", "fd00:244:1::2/128")
        .doesNotContain("tentative");
    assertThat(node.namespace().run("ip link show " + a.hostInterface()))
        .contains("alias naru pod " + first.name() + "/eth0", a.hostMac().toString(), "mtu 1450");
    assertThat(node.namespace().run("ip route show dev " + a.hostInterface()))
        .contains("10.244.1.2", "proto 72", "scope link");
    assertThat(check(first)).isEmpty();
    assertThat(check(second)).isEmpty();
    assertThat(node.network.pods()).containsExactlyInAnyOrder(a, b);
    assertThat(node.changes).containsExactly(a.key(), b.key());
  }

  @Test
  void aForgedIpv4SourceIsDropped() {
    TestNamespace first = node.pod();
    TestNamespace second = node.pod();
    node.attach(first);
    PodAttachment b = node.attach(second);
    first.run("ip addr add 10.244.1.99/32 dev eth0");
    String before =
        node.namespace().run("nstat -asz IPReversePathFilter TcpExtIPReversePathFilter");
    assertThat(first.attempt("ping -n -c 1 -W 1 -I 10.244.1.99 " + b.addresses().getFirst()))
        .extracting(TestNamespace.Outcome::exitCode)
        .isEqualTo(1);
    assertThat(node.namespace().run("nstat -asz IPReversePathFilter TcpExtIPReversePathFilter"))
        .isNotEqualTo(before);
  }

  @Test
  void deletingRemovesEverythingAndIsIdempotent() throws Exception {
    TestNamespace pod = node.pod();
    PodAttachment attachment = node.attach(pod);
    node.network.delete(attachment.key());
    assertNothingIsLeft();
    assertThat(pod.attempt("ip link show eth0").exitCode()).isNotZero();
    node.network.delete(attachment.key());
    node.network.delete(new AttachmentKey("never-seen", "eth0"));
  }

  @Test
  void deletingAfterTheNamespaceIsGone() throws Exception {
    TestNamespace pod = node.pod();
    PodAttachment attachment = node.attach(pod);
    pod.close();
    node.network.delete(attachment.key());
    assertNothingIsLeft();
  }

  @Test
  void attachingTwiceIsRefused() {
    TestNamespace pod = node.pod();
    PodAttachment attachment = node.attach(pod);
    assertThatThrownBy(() -> node.attach(pod))
        .isInstanceOfSatisfying(
            CniException.class,
            e -> assertThat(e.cniCode()).isEqualTo(CniErrorCode.ALREADY_ATTACHED))
        .hasMessageContaining("DEL");
    assertThat(node.network.pods()).containsExactly(attachment);
    assertThat(check(pod)).isEmpty();
  }

  @Test
  void anInterfaceNameThatIsTakenLeavesNothing() throws Exception {
    TestNamespace pod = node.pod();
    pod.run("ip link add eth0 type bridge");
    assertThatThrownBy(() -> node.attach(pod))
        .isInstanceOfSatisfying(
            NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
        .hasMessageContaining("eth0");
    assertNothingIsLeft();
    assertThat(pod.run("ip -o link show eth0")).contains("eth0");
  }

  @Test
  void aFailureHalfWayLeavesNothing() throws Exception {
    TestNamespace pod = node.pod();
    // A second default route goes into a table that nobody uses; this one is used without a rule.
    pod.run(
        "ip link add other type bridge && ip link set other up && ip route add default dev other"
            + " && ip route add default dev other table 8480");
    assertThatThrownBy(() -> node.attach(pod)).isInstanceOf(NaruException.class);
    assertNothingIsLeft();
    assertThat(pod.attempt("ip link show eth0").exitCode()).isNotZero();
    assertThat(node.network.pods()).isEmpty();
  }

  @Test
  void anotherOnesInterfaceOfThatNameStays() {
    TestNamespace pod = node.pod();
    String name = HostEnd.name(TestNode.key(pod), taken -> false);
    node.namespace().run("ip link add " + name + " type bridge");
    node.namespace().run("ip link set " + name + " alias mine");
    assertThatThrownBy(() -> node.attach(pod)).hasMessageContaining("mine");
    assertThat(node.namespace().run("ip -o link show " + name)).contains("mine");
  }

  @Test
  void aMissingNamespaceIsSaid() throws Exception {
    assertThatThrownBy(
            () ->
                node.network.add(
                    new AttachmentWish(
                        new AttachmentKey("c", "eth0"),
                        "naru",
                        "/run/netns/naru-no-such",
                        Map.of())))
        .isInstanceOfSatisfying(
            NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertNothingIsLeft();
  }

  @Test
  void theNodesOwnNamespaceIsRefused() throws Exception {
    assertThatThrownBy(
            () ->
                node.network.add(
                    new AttachmentWish(
                        new AttachmentKey("c", "eth0"), "naru", node.namespace().path(), Map.of())))
        .hasMessageContaining("the node's own network namespace");
    assertNothingIsLeft();
  }

  @Test
  void withoutAPodCidrTheRuntimeIsToTryAgain() {
    node.settings = new PodNetworkSettings(List.of(), 1450);
    TestNamespace pod = node.pod();
    assertThatThrownBy(() -> node.attach(pod))
        .isInstanceOfSatisfying(
            NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    assertThatThrownBy(() -> node.network.status()).hasMessageContaining("pod CIDR");
  }

  @Test
  void podsOutliveTheirAgent() {
    TestNamespace pod = node.pod();
    PodAttachment attachment = node.attach(pod);
    PodNetwork next = node.restart();
    next.clean();
    assertThat(next.pods()).containsExactly(attachment);
    assertThat(check(pod)).isEmpty();
    TestNamespace other = node.pod();
    assertThat(node.attach(other).addresses()).doesNotContainAnyElementsOf(attachment.addresses());
    node.namespace().run(ping(attachment.addresses().getFirst()));
  }

  @Test
  void manyPodsAtOnce() throws Exception {
    List<TestNamespace> pods = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      pods.add(node.pod());
    }
    List<Callable<PodAttachment>> work =
        pods.stream().<Callable<PodAttachment>>map(pod -> () -> node.attach(pod)).toList();
    List<IpAddress> addresses = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<PodAttachment> added : threads.invokeAll(work)) {
        addresses.addAll(added.get().addresses());
      }
    }
    assertThat(addresses).hasSize(32).doesNotHaveDuplicates();
    for (TestNamespace pod : pods) {
      assertThat(check(pod)).isEmpty();
    }
    assertThat(NetworkNamespace.exists(pods.getFirst().name())).isTrue();
  }
}
