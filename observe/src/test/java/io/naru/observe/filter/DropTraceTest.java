package io.naru.observe.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.error.NaruException;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.nftables.Nftables;
import io.naru.linux.nftables.NftablesEvents;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In a namespace of its own, with the host's nft. */
class DropTraceTest {
  private static final int ROUNDS = 10;

  private final String name =
      "naru-test-%s-%06x"
          .formatted(
              System.getenv()
                  .getOrDefault("NARU_TEST_RUN", Long.toString(ProcessHandle.current().pid())),
              ThreadLocalRandom.current().nextInt(1 << 24));
  private NetworkNamespace namespace;

  @BeforeEach
  void create() {
    namespace = NetworkNamespace.create(name);
  }

  @AfterEach
  void remove() {
    namespace.close();
    NetworkNamespace.delete(name);
  }

  private boolean isThere() {
    return namespace.call(() -> Nftables.tableExists("inet", DropTrace.TABLE));
  }

  @Test
  void whoIsInterruptedTakesTheTraceAwayAllTheSame() {
    boolean interrupted =
        namespace.call(
            () -> {
              DropTrace trace = DropTrace.start(List.of(8472));
              assertThat(isThere()).isTrue();
              Thread.currentThread().interrupt();
              trace.close();
              return Thread.interrupted();
            });
    assertThat(isThere()).isFalse();
    assertThat(interrupted).as("still interrupted").isTrue();
  }

  @Test
  void whoIsInterruptedAsTheKernelTakesTheRulesTakesThemBack() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Thread tracer = Thread.ofPlatform().unstarted(() -> namespace.run(this::startAndEnd));
      try (NftablesEvents events = namespace.call(NftablesEvents::open)) {
        AtomicBoolean done = new AtomicBoolean();
        Thread interrupter =
            Thread.ofPlatform().start(() -> events.forEach(event -> once(done, tracer)));
        tracer.start();
        tracer.join();
        events.close();
        interrupter.join();
      }
      assertThat(isThere()).as("the table in round " + round).isFalse();
    }
  }

  private static void once(AtomicBoolean done, Thread tracer) {
    if (!done.getAndSet(true)) {
      tracer.interrupt();
    }
  }

  private void startAndEnd() {
    try {
      DropTrace.start(List.of(8472)).close();
    } catch (NaruException brokenOff) {
      // What is left then is the question.
    }
  }
}
