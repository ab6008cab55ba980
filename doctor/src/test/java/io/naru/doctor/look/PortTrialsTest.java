package io.naru.doctor.look;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Trials of many nodes' ports. */
class PortTrialsTest {
  private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");

  @Test
  void fiveHundredNodesAreTriedByAFewThreads() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    AtomicInteger tried = new AtomicInteger();
    List<Runnable> trials =
        IntStream.range(0, 500)
            .<Runnable>mapToObj(
                i ->
                    () -> {
                      threads.add(Thread.currentThread());
                      tried.incrementAndGet();
                    })
            .toList();
    PortTrials.start(trials, Duration.ofHours(1)).join();
    assertThat(tried).hasValue(500);
    assertThat(threads).hasSizeLessThanOrEqualTo(PortTrials.AT_A_TIME);
  }

  @Test
  void whatHasNoTimeLeftDoesNotBegin() {
    AtomicInteger tried = new AtomicInteger();
    PortTrials.start(Collections.nCopies(40, tried::incrementAndGet), Duration.ZERO).join();
    assertThat(tried).hasValue(0);
  }

  @Test
  void trialsStayInTheCallersNamespace() {
    try (OwnNamespace own = OwnNamespace.create()) {
      Set<String> seen = ConcurrentHashMap.newKeySet();
      own.namespace()
          .run(
              () ->
                  PortTrials.start(
                          Collections.nCopies(3, () -> seen.add(namespace())), Duration.ofHours(1))
                      .join());
      assertThat(seen).containsExactly(own.namespace().call(PortTrialsTest::namespace));
    }
  }

  @Test
  void aRefusedConnectionIsAnAnswerAndAnUnreachableAddressIsNone() {
    try (OwnNamespace own = OwnNamespace.create()) {
      assertThat(own.namespace().call(PortTrialsTest::answered)).isEmpty();
      own.run("ip link set lo up");
      assertThat(own.namespace().call(PortTrialsTest::answered)).hasSize(1);
      own.run(
          """
          nft add table inet t
          nft add chain inet t in { type filter hook input priority 0 ; }
          nft add rule inet t in tcp dport { 22, 10250 } drop""");
      assertThat(own.namespace().call(PortTrialsTest::answered)).containsExactly(6443);
    }
  }

  private static List<Integer> answered() {
    return TcpTrial.answered(LOOPBACK, List.of(10250, 22, 6443), Duration.ofMillis(200)).stream()
        .toList();
  }

  private static String namespace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
    } catch (IOException noProc) {
      throw new UncheckedIOException(noProc);
    }
  }
}
