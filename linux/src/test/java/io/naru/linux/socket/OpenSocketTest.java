package io.naru.linux.socket;

import io.naru.core.address.IpAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OpenSocketTest {
  private static final int ROUNDS = 300;

  @Test
  void twoMayCloseItAtTheSameTime() throws Exception {
    AtomicInteger ready = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(2)) {
      for (int round = 1; round <= ROUNDS; round++) {
        ProbeSocket socket =
            ProbeSocket.open(IpAddress.parse("127.0.0.1"), 0, ProbeOptions.plain());
        int both = 2 * round;
        Runnable closer =
            () -> {
              int _ = ready.incrementAndGet();
              while (ready.get() < both) {
                Thread.onSpinWait(); // whoever sleeps comes too late to meet the other
              }
              socket.close();
            };
        Future<?> one = threads.submit(closer);
        Future<?> other = threads.submit(closer);
        one.get(); // throws what it met, like a number that is no descriptor any more
        other.get();
      }
    }
  }
}
