package io.naru.agent.pod;

import io.naru.core.address.IpAddress;
import io.naru.linux.call.KernelException;
import io.naru.linux.route.RouteKind;
import io.naru.linux.route.RouteNetlink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for what the kernel does some time after it has said yes, so that the first packet of a pod
 * is not lost. What never comes is CHECK's to tell.
 */
final class Settling {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration INTERVAL = Duration.ofNanos(200_000);

  private Settling() {}

  /** A link that was set up drops packets until link_watch.c has looked at it. */
  static void awaitCarrier(RouteNetlink netlink, int link) {
    await(() -> netlink.isOperational(link));
  }

  /**
   * An IPv6 address is listed at once, but delivered to only when addrconf.c's work queue has come
   * by (addrconf_dad_work), even without duplicate address detection.
   */
  static void awaitAddresses(RouteNetlink netlink, List<IpAddress> addresses) {
    for (IpAddress address : addresses) {
      if (address.isIpv6()) {
        await(() -> isDelivered(netlink, address));
      }
    }
  }

  private static boolean isDelivered(RouteNetlink netlink, IpAddress address) {
    try {
      return netlink.routeTo(address).kind() == RouteKind.LOCAL;
    } catch (KernelException noRouteYet) {
      return false;
    }
  }

  private static void await(BooleanSupplier settled) {
    long start = System.nanoTime();
    while (!settled.getAsBoolean()
        && System.nanoTime() - start < PATIENCE.toNanos()
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(INTERVAL.toNanos());
    }
  }
}
