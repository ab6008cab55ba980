package io.naru.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestNamespace;
import io.naru.core.pod.PodAttachment;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods that run follow the MTU of their node. */
class PodMtuTest {
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

  private void assertMtu(int mtu, TestNamespace pod, PodAttachment attachment) {
    assertThat(pod.run("ip link show eth0")).contains("mtu " + mtu + " ");
    assertThat(node.namespace().run("ip link show " + attachment.hostInterface()))
        .contains("mtu " + mtu + " ");
    assertThat(node.check(pod)).isEmpty();
  }

  @Test
  void bothEndsOfARunningPodFollowAndItsLeaseKnows() {
    TestNamespace pod = node.pod();
    PodAttachment attachment = node.attach(pod);
    assertMtu(1450, pod, attachment);
    node.network.followMtu(1330);
    assertMtu(1330, pod, attachment);
    node.network.followMtu(8930);
    assertMtu(8930, pod, attachment);
    node.restart();
    assertMtu(8930, pod, attachment);
    pod.run("ping -n -c 1 -W 5 " + attachment.gateways().getFirst());
    pod.run("ping -n -c 1 -W 5 " + attachment.gateways().getLast());
  }

  @Test
  void aPodThatCannotFollowHoldsUpNoOther() {
    TestNamespace gone = node.pod();
    TestNamespace first = node.pod();
    TestNamespace last = node.pod();
    PodAttachment ofFirst = node.attach(first);
    node.attach(gone);
    PodAttachment ofLast = node.attach(last);
    gone.close();
    node.network.followMtu(1330);
    assertMtu(1330, first, ofFirst);
    assertMtu(1330, last, ofLast);
  }
}
