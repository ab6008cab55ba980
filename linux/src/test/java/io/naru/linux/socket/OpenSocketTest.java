package io.naru.linux.socket;

import io.naru.core.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class OpenSocketTest {
  private static final int CLOSERS = 4;
  private static final int ROUNDS = 300;

  @Test
  void severalMayCloseItAtTheSameTime() throws Exception {
    CyclicBarrier together = new CyclicBarrier(CLOSERS);
    try (var threads = Executors.newFixedThreadPool(CLOSERS)) {
      for (int round = 0; round < ROUNDS; round++) {
        ProbeSocket socket =
            ProbeSocket.open(IpAddress.parse("127.0.0.1"), 0, ProbeOptions.plain());
        List<Future<?>> closers = new ArrayList<>();
        for (int i = 0; i < CLOSERS; i++) {
          closers.add(
              threads.submit(
                  () -> {
                    int _ = together.await();
                    socket.close();
                    return true;
                  }));
        }
        for (Future<?> closer : closers) {
          closer.get(); // throws what the closer met, like a number that is no descriptor any more
        }
      }
    }
  }
}
