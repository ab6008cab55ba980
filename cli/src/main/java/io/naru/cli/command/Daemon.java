package io.naru.cli.command;

import java.util.concurrent.CountDownLatch;

/** A program that runs until a signal ends it. */
final class Daemon {
  private Daemon() {}

  /** Waits for SIGTERM or SIGINT, then closes. */
  static void untilStopped(Runnable close) {
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(
                    () -> {
                      close.run();
                      stopped.countDown();
                    }));
    try {
      stopped.await();
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }
}
