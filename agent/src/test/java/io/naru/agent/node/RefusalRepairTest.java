package io.naru.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.agent.TestCluster;
import io.naru.linux.call.Errno;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the kernel refuses: for a moment, or one peer's entries for good. */
class RefusalRepairTest {
  private static final long ALWAYS = Long.MAX_VALUE;

  private final RefusingKernel.Refusals refusals = new RefusingKernel.Refusals();
  private RepairedNode node;

  @BeforeEach
  void make(@TempDir Path directory) {
    node = new RepairedNode(directory);
    node.between = refusals::before;
  }

  @AfterEach
  void close() {
    node.close();
  }

  private static boolean isFars(String operation) {
    return operation.contains("route") && operation.contains(" 10.244.2.0");
  }

  @ParameterizedTest
  @EnumSource(
      value = Errno.class,
      names = {"ENOBUFS", "EBUSY", "EAGAIN", "ENOMEM"})
  void whatIsRefusedForAMomentIsDoneInTheNextAndDelaysNobody(Errno errno) {
    refusals.refuse(operation -> operation.contains("add the route 10.244.2."), errno, 3);
    node.start();
    assertThat(node.firstOfAll().momentary()).isTrue();
    assertThat(node.run("ip route show")).contains("10.244.3.0/24 via 172.26.50.13");
    node.settle();
    assertThat(node.run("ip route show")).contains("10.244.2.0/24 via 10.244.2.0");
  }

  @ParameterizedTest
  @EnumSource(
      value = Errno.class,
      names = {"ENOBUFS", "EBUSY"})
  void aTunnelDeviceThatIsRefusedForAMomentIsMade(Errno errno) {
    refusals.refuse(operation -> operation.contains("create the vxlan link"), errno, 2);
    node.start().settle();
    assertThat(node.run("bridge fdb show dev naru-vxlan")).contains("dst 172.26.51.12");
  }

  @Test
  void aReadingThatIsRefusedChangesNothingAndIsRepeated() {
    node.start().settle();
    List<String> before = node.state();
    refusals.refuse(operation -> operation.startsWith("list the neighbours"), Errno.ENOBUFS, 2);
    node.run("ip route del 10.244.2.0/24");
    await().untilAsserted(() -> assertThat(node.state()).isEqualTo(before));
  }

  @Test
  void aPeerThatAlwaysFailsIsNamedAndHoldsUpNoOther() {
    refusals.refuse(RefusalRepairTest::isFars, Errno.EINVAL, ALWAYS);
    node.start();
    assertThat(node.firstOfAll().problems())
        .isNotEmpty()
        .allSatisfy(problem -> assertThat(problem).startsWith("peer node2: "));
    assertThat(node.run("ip route show"))
        .contains("10.244.3.0/24 via 172.26.50.13", "10.244.1.5 dev");

    int passes = node.passes.size();
    node.publish(TestCluster.node(4, 0));
    await().until(() -> node.run("ip route show").contains("10.244.4.0/24 via 172.26.50.14"));
    node.run("ip route del 10.244.3.0/24");
    await().until(() -> node.run("ip route show").contains("10.244.3.0/24 via 172.26.50.13"));
    assertThat(node.passes.size()).isGreaterThan(passes);
    assertThat(node.last().problems()).anyMatch(problem -> problem.startsWith("peer node2: "));
  }

  @Test
  void aForeignRouteThatWasThereFirstStaysAndIsNamed() {
    node.run("ip route add 10.244.2.0/24 dev eth0 proto static");
    node.start();
    assertThat(node.firstOfAll().problems())
        .anyMatch(
            problem ->
                problem.startsWith("peer node2: ")
                    && problem.contains("another program's route to 10.244.2.0/24"));
    assertThat(node.run("ip route show 10.244.2.0/24")).contains("proto static");
    node.run("ip route del 10.244.2.0/24 proto static");
    node.settle();
    assertThat(node.run("ip route show 10.244.2.0/24")).contains("via 10.244.2.0 dev naru-vxlan");
  }
}
