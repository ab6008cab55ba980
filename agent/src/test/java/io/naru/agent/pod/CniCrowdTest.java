package io.naru.agent.pod;

import static io.naru.agent.pod.CniNode.after;
import static io.naru.agent.pod.CniNode.configuration;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.agent.TestNamespace;
import io.naru.agent.pod.CniPlugin.Outcome;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Many containers at the same time (CNI specification, "Lifecycle and ordering"). */
class CniCrowdTest {
  @TempDir Path directory;

  @BeforeAll
  static void compile() throws Exception {
    CniNode.compile();
  }

  private static List<Outcome> atOnce(List<Callable<Outcome>> work) throws Exception {
    List<Outcome> outcomes = new ArrayList<>();
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      for (Future<Outcome> done : threads.invokeAll(work)) {
        outcomes.add(done.get());
      }
    }
    return outcomes;
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 100})
  void manyComeAndGoAtOnce(int count) throws Exception {
    try (CniNode node = new CniNode(directory)) {
      List<TestNamespace> pods = IntStream.range(0, count).mapToObj(i -> node.pod()).toList();
      List<Outcome> added =
          atOnce(
              pods.stream()
                  .<Callable<Outcome>>map(pod -> () -> node.naru(pod).run("ADD", configuration("")))
                  .toList());
      assertThat(added)
          .allSatisfy(outcome -> assertThat(outcome.exitCode()).as(outcome.output()).isZero());
      assertThat(
              added.stream()
                  .flatMap(outcome -> outcome.json().get("ips").values().stream())
                  .map(ip -> ip.get("address").asString()))
          .hasSize(2 * count)
          .doesNotHaveDuplicates();
      for (int i : new int[] {0, count / 2, count - 1}) {
        assertThat(node.naru(pods.get(i)).run("CHECK", after("1.1.0", added.get(i))))
            .isEqualTo(new Outcome(0, ""));
      }
      List<Outcome> deleted =
          atOnce(
              pods.stream()
                  .<Callable<Outcome>>map(pod -> () -> node.naru(pod).run("DEL", configuration("")))
                  .toList());
      assertThat(deleted).containsOnly(new Outcome(0, ""));
      assertThat(node.leftOvers()).isEmpty();
    }
  }

  @Test
  void ofManyAddsOfOneContainerExactlyOneSucceeds() throws Exception {
    try (CniNode node = new CniNode(directory)) {
      TestNamespace pod = node.pod();
      List<Outcome> outcomes =
          atOnce(
              IntStream.range(0, 8)
                  .<Callable<Outcome>>mapToObj(
                      i -> () -> node.naru(pod).run("ADD", configuration("")))
                  .toList());
      assertThat(outcomes).filteredOn(outcome -> outcome.exitCode() == 0).hasSize(1);
      assertThat(outcomes)
          .filteredOn(outcome -> outcome.exitCode() != 0)
          .allMatch(outcome -> outcome.code() == 101);
      assertThat(node.naru(pod).run("DEL", configuration(""))).isEqualTo(new Outcome(0, ""));
      assertThat(node.leftOvers()).isEmpty();
    }
  }

  @Test
  void anAddWhoseProgramWasKilledIsUndone() throws Exception {
    try (CniNode node = new CniNode(directory)) {
      TestNamespace pod = node.pod();
      for (int round = 0; round < 10; round++) {
        node.naru(pod).runAndKill("ADD", configuration(""), round);
        assertThat(node.naru(pod).run("DEL", configuration(""))).isEqualTo(new Outcome(0, ""));
        // A request that is still under way when DEL is over finds nobody to answer to.
        await().untilAsserted(() -> assertThat(node.node.network.pods()).isEmpty());
      }
      await().untilAsserted(() -> assertThat(node.leftOvers()).isEmpty());
    }
  }

  @Test
  void anAnswerThatNobodyTakesIsTakenBack() throws Exception {
    try (CniNode node = new CniNode(directory)) {
      TestNamespace pod = node.pod();
      try (SocketChannel hungUp = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        hungUp.connect(UnixDomainSocketAddress.of(directory.resolve("agent.sock")));
        String request =
            "{\"operation\":\"cni\",\"command\":\"ADD\",\"containerId\":\"%s\",\"netns\":\"%s\",\"ifName\":\"eth0\",\"config\":%s}\n"
                .formatted(
                    pod.name(),
                    pod.path(),
                    JsonMapper.shared().writeValueAsString(configuration("")));
        hungUp.write(StandardCharsets.UTF_8.encode(request));
      }
      await().until(() -> node.node.changes.size() == 2);
      assertThat(node.node.network.pods()).isEmpty();
      assertThat(node.leftOvers()).isEmpty();
    }
  }

  @Test
  void aDelInTheMiddleOfAnAddWinsInTheEnd() throws Exception {
    try (CniNode node = new CniNode(directory)) {
      TestNamespace pod = node.pod();
      for (int round = 0; round < 5; round++) {
        List<Outcome> outcomes =
            atOnce(
                List.of(
                    () -> node.naru(pod).run("ADD", configuration("")),
                    () -> node.naru(pod).run("DEL", configuration(""))));
        assertThat(outcomes).allMatch(outcome -> outcome.exitCode() == 0);
        assertThat(node.naru(pod).run("DEL", configuration(""))).isEqualTo(new Outcome(0, ""));
        assertThat(node.leftOvers()).isEmpty();
      }
    }
  }
}
