package io.naru.channel;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** Closes something unless the work on it ends in time, which is when this is closed. */
public final class Deadline implements AutoCloseable {
  private final Thread timer;
  private volatile boolean expired;

  /** Starts the clock. */
  public Deadline(Duration limit, Closeable victim) {
    timer =
        Thread.ofVirtual()
            .name("naru-deadline")
            .start(
                () -> {
                  try {
                    Thread.sleep(limit);
                    expired = true;
                    victim.close();
                  } catch (InterruptedException inTime) {
                    Thread.currentThread().interrupt();
                  } catch (IOException alreadyGone) {
                    expired = true;
                  }
                });
  }

  /** Whether the limit was reached before {@link #close}. */
  public boolean expired() {
    return expired;
  }

  /** Stops the clock. */
  @Override
  public void close() {
    timer.interrupt();
  }
}
