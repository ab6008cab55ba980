package io.naru.agent.pod;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.KernelException;
import io.naru.linux.route.Link;
import io.naru.linux.route.RouteNetlink;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Deletes links. The kernel answers such a request only some 20 ms after the link has gone, when it
 * has freed the memory too (netdev_run_todo of net/core/dev.c), and a socket serves one request at
 * a time. So each deletion is asked for on a thread and a socket of its own, and is over when the
 * link is not there any more.
 */
final class LinkRemoval implements AutoCloseable {
  private static final int THREADS = 16;
  private static final long LOOK_AGAIN_MICROSECONDS = 300;

  private final RouteNetlink netlink;
  private final Supplier<RouteNetlink> open;
  private final Deque<RouteNetlink> idle = new ConcurrentLinkedDeque<>();
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          5,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().daemon().name("naru-link-removal-", 0).factory());

  /**
   * @param netlink to look whether a link is there
   * @param open makes a socket of the same namespace
   */
  LinkRemoval(RouteNetlink netlink, Supplier<RouteNetlink> open) {
    this.netlink = netlink;
    this.open = open;
    threads.allowCoreThreadTimeOut(true);
  }

  /** Deletes a link; one that is not there is not an error. */
  void delete(Link link) {
    CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> ask(link.index()), threads);
    while (!isAnswered(answered)) {
      if (netlink.link(link.index()).isEmpty()) {
        return;
      }
    }
  }

  private void ask(int index) {
    RouteNetlink pooled = idle.pollFirst();
    RouteNetlink own = pooled == null ? open.get() : pooled;
    try {
      own.deleteLink(index);
    } catch (KernelException e) {
      // The pod's namespace may take the pair with it at any moment.
      if (!e.isAbsent()) {
        throw e;
      }
    } finally {
      idle.addFirst(own);
    }
  }

  private static boolean isAnswered(CompletableFuture<Void> answer) {
    try {
      answer.get(LOOK_AGAIN_MICROSECONDS, TimeUnit.MICROSECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException | CompletionException failed) {
      if (failed.getCause() instanceof NaruException refused) {
        throw refused;
      }
      throw new NaruException(ErrorCode.INTERNAL, "a link was not deleted: " + failed, failed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NaruException(
          ErrorCode.UNAVAILABLE, "the agent ends while it removes a link; try again", e);
    }
  }

  @Override
  public void close() {
    threads.close();
    idle.forEach(RouteNetlink::close);
  }
}
