package io.naru.linux.socket;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.Errno;
import io.naru.linux.call.OwnedDescriptor;
import io.naru.linux.call.SystemCalls;
import io.naru.linux.call.Wakeup;
import io.naru.linux.socket.ProbeOptions.Fragmentation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The descriptor of a socket that never blocks. One thread receives, others may send or close.
 *
 * <p>The options' numbers are those of linux/in.h and linux/in6.h.
 */
final class OpenSocket implements AutoCloseable {
  static final int IPPROTO_IP = 0;
  static final int IPPROTO_IPV6 = 41;

  private static final int IP_MTU_DISCOVER = 10;
  private static final int IPV6_MTU_DISCOVER = 23;

  /** Largest IP packet, and so the largest message. */
  private static final int LARGEST = 65536;

  private final ReentrantLock sending = new ReentrantLock();
  private final ReentrantLock receiving = new ReentrantLock();
  private final OwnedDescriptor descriptor;
  private final String name;
  private final Wakeup wakeup = new Wakeup();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Owns the descriptor from now on.
   *
   * @param name what is closed, in the sentence that says so
   */
  OpenSocket(OwnedDescriptor descriptor, String name) {
    this.descriptor = descriptor;
    this.name = name;
  }

  /** What one call of recvfrom(2) gave. */
  @FunctionalInterface
  interface Reception<T> {
    /**
     * Reads it.
     *
     * @param got bytes in the buffer, or a negative error number
     * @param source the sender's socket address
     * @return empty where it is not what is waited for
     */
    Optional<T> read(long got, MemorySegment buffer, MemorySegment source);
  }

  /** Says what happens to packets larger than the path. */
  static void set(int descriptor, IpAddress own, Fragmentation fragmentation) {
    int discovery =
        switch (fragmentation) {
          case AS_CONFIGURED -> -1;
          // IP_PMTUDISC_DO and IP_PMTUDISC_PROBE, the same numbers for IPv6.
          case FORBIDDEN -> 2;
          case PROBING -> 3;
        };
    if (discovery >= 0) {
      SystemCalls.check(
          SystemCalls.setsockopt(
              descriptor,
              own.isIpv4() ? IPPROTO_IP : IPPROTO_IPV6,
              own.isIpv4() ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER,
              discovery),
          "forbid fragmentation");
    }
  }

  /**
   * Sends one message.
   *
   * @param port 0 where the protocol has none
   * @param operation what the kernel may refuse
   */
  void send(IpAddress destination, int port, byte[] message, String operation) {
    sending.lock();
    try (Arena arena = Arena.ofConfined()) {
      if (closed.get()) {
        throw new NaruException(ErrorCode.UNAVAILABLE, name + " is closed");
      }
      SystemCalls.check(
          SystemCalls.sendto(
              descriptor.number(),
              arena.allocateFrom(ValueLayout.JAVA_BYTE, message),
              0,
              SocketAddressCodec.write(arena, destination, port, 0)),
          operation);
    } finally {
      sending.unlock();
    }
  }

  /** Waits for a message, on a platform thread; empty when time ran out or this was closed. */
  <T> Optional<T> receive(Duration timeout, Reception<T> reception) {
    long start = System.nanoTime();
    receiving.lock();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(LARGEST);
      MemorySegment source = arena.allocate(SocketAddressCodec.LARGEST, 4);
      while (!closed.get()) {
        long got = SystemCalls.recvfrom(descriptor.number(), buffer, 0, source);
        if (got == -Errno.EINTR.number()) {
          continue;
        }
        if (got == -Errno.EAGAIN.number()) {
          if (wakeup.await(descriptor, Wakeup.left(timeout, start)) != Wakeup.Outcome.READY) {
            return Optional.empty();
          }
          continue;
        }
        Optional<T> message = reception.read(got, buffer, source);
        if (message.isPresent()) {
          return message;
        }
        if (got >= 0 && Wakeup.left(timeout, start).isZero()) {
          return Optional.empty(); // others' messages must not keep it busy for ever
        }
      }
      return Optional.empty();
    } finally {
      receiving.unlock();
    }
  }

  /** Ends a wait in another thread and closes the socket, once whoever else closes it. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      wakeup.wake();
      sending.lock();
      receiving.lock();
      try {
        descriptor.close();
        wakeup.close();
      } finally {
        receiving.unlock();
        sending.unlock();
      }
    }
  }
}
