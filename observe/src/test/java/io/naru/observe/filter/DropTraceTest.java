package io.naru.observe.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.error.NaruException;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.nftables.Nftables;
import io.naru.linux.nftables.NftablesEvents;
import io.naru.observe.OwnNamespace;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In a namespace of its own, with the host's nft. */
class DropTraceTest {
  private static final int ROUNDS = 10;

  private final OwnNamespace own = OwnNamespace.create();
  private final NetworkNamespace namespace = own.namespace();

  @AfterEach
  void remove() {
    own.close();
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
