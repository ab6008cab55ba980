package io.naru.doctor.ends;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets no probe go before the taps of all nodes are open. */
final class CommonStart {
  /** A node that takes longer is not waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final CountDownLatch missing;
  private final Queue<IpAddress> pods = new ConcurrentLinkedQueue<>();

  CommonStart(int nodes) {
    missing = new CountDownLatch(nodes);
  }

  /**
   * One is ready: it waits for the others.
   *
   * @param own addresses of pods there
   * @return of all nodes' pods
   */
  List<IpAddress> ready(List<IpAddress> own) {
    pods.addAll(own);
    missing.countDown();
    try {
      boolean _ = missing.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return List.copyOf(pods);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new NaruException(ErrorCode.UNAVAILABLE, "the examination was broken off", stop);
    }
  }

  /** One will not come. */
  void failed() {
    missing.countDown();
  }
}
