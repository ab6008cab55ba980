package io.naru.linux.socket;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.Errno;
import io.naru.linux.call.KernelException;
import io.naru.linux.call.OwnedDescriptor;
import io.naru.linux.call.SystemCalls;
import io.naru.linux.call.Wakeup;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A UDP socket in the network namespace of the thread that opened it. One thread receives, others
 * may send or close.
 */
public final class ProbeSocket implements AutoCloseable {
  /** bits/socket_type.h: SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK. */
  private static final int DATAGRAM = 2 | 0x80000 | 0x800;

  // asm-generic/socket.h
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUF = 8;
  private static final int SO_BINDTODEVICE = 25;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SO_MARK = 36;

  // linux/in.h and linux/in6.h
  private static final int IPPROTO_IP = 0;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IP_TTL = 2;
  private static final int IP_MTU_DISCOVER = 10;
  private static final int IPV6_UNICAST_HOPS = 16;
  private static final int IPV6_MTU_DISCOVER = 23;
  private static final int IPV6_V6ONLY = 26;

  /** Largest payload of a UDP datagram, and a little more. */
  private static final int LARGEST = 65536;

  private final ReentrantLock sending = new ReentrantLock();
  private final ReentrantLock receiving = new ReentrantLock();
  private final OwnedDescriptor descriptor;
  private final Wakeup wakeup = new Wakeup();
  private final IpAddress address;
  private final int port;
  private volatile boolean closed;

  private ProbeSocket(OwnedDescriptor descriptor, IpAddress address, int port) {
    this.descriptor = descriptor;
    this.address = address;
    this.port = port;
  }

  /**
   * Opens a socket bound to an address of this namespace.
   *
   * @param address its address; 0.0.0.0 or :: for any
   * @param port its port, or 0 for a free one
   */
  public static ProbeSocket open(IpAddress address, int port, ProbeOptions options) {
    int family = address.isIpv4() ? SocketAddressCodec.AF_INET : SocketAddressCodec.AF_INET6;
    OwnedDescriptor descriptor =
        OwnedDescriptor.of(SystemCalls.socket(family, DATAGRAM, 0), "open a UDP socket");
    try (Arena arena = Arena.ofConfined()) {
      configure(descriptor.number(), address, options);
      SystemCalls.check(
          SystemCalls.bind(descriptor.number(), SocketAddressCodec.write(arena, address, port, 0)),
          "bind UDP port " + port + " of " + address);
      MemorySegment name = arena.allocate(SocketAddressCodec.LARGEST, 4);
      SystemCalls.check(
          SystemCalls.getsockname(descriptor.number(), name), "read a UDP socket's name");
      return new ProbeSocket(descriptor, address, SocketAddressCodec.port(name));
    } catch (RuntimeException failure) {
      descriptor.close();
      throw failure;
    }
  }

  private static void configure(int number, IpAddress address, ProbeOptions options) {
    boolean ipv4 = address.isIpv4();
    if (!ipv4) {
      set(number, IPPROTO_IPV6, IPV6_V6ONLY, 1, "keep a socket to IPv6");
    }
    options
        .mark()
        .ifPresent(mark -> set(number, SOL_SOCKET, SO_MARK, mark, "mark a socket's packets"));
    options
        .timeToLive()
        .ifPresent(
            hops ->
                set(
                    number,
                    ipv4 ? IPPROTO_IP : IPPROTO_IPV6,
                    ipv4 ? IP_TTL : IPV6_UNICAST_HOPS,
                    hops,
                    "set a socket's time to live"));
    int discovery =
        switch (options.fragmentation()) {
          case AS_CONFIGURED -> -1;
          // IP_PMTUDISC_DO and IP_PMTUDISC_PROBE, the same numbers for IPv6.
          case FORBIDDEN -> 2;
          case PROBING -> 3;
        };
    if (discovery >= 0) {
      set(
          number,
          ipv4 ? IPPROTO_IP : IPPROTO_IPV6,
          ipv4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER,
          discovery,
          "forbid fragmentation");
    }
    options.boundInterface().ifPresent(name -> bindToInterface(number, name));
    options
        .receiveBuffer()
        .ifPresent(
            bytes -> {
              if (SystemCalls.setsockopt(number, SOL_SOCKET, SO_RCVBUFFORCE, bytes) < 0) {
                int _ = SystemCalls.setsockopt(number, SOL_SOCKET, SO_RCVBUF, bytes);
              }
            });
  }

  private static void set(int number, int level, int option, int value, String operation) {
    SystemCalls.check(SystemCalls.setsockopt(number, level, option, value), operation);
  }

  private static void bindToInterface(int number, String name) {
    try (Arena arena = Arena.ofConfined()) {
      SystemCalls.check(
          SystemCalls.setsockopt(number, SOL_SOCKET, SO_BINDTODEVICE, arena.allocateFrom(name)),
          "bind a socket to the interface " + name);
    }
  }

  /** The address it is bound to. */
  public IpAddress address() {
    return address;
  }

  /** The port it is bound to. */
  public int port() {
    return port;
  }

  /**
   * Sends one datagram. Refused with a {@link KernelException}: EMSGSIZE when it is larger than the
   * path, EPERM when a packet filter of this host dropped it, EHOSTUNREACH and ENETUNREACH without
   * a route, ECONNREFUSED for an earlier datagram's ICMP error.
   */
  public void send(IpAddress destination, int destinationPort, byte[] bytes) {
    sending.lock();
    try (Arena arena = Arena.ofConfined()) {
      requireOpen();
      SystemCalls.check(
          SystemCalls.sendto(
              descriptor.number(),
              arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes),
              0,
              SocketAddressCodec.write(arena, destination, destinationPort, 0)),
          "send " + bytes.length + " bytes to UDP port " + destinationPort + " of " + destination);
    } finally {
      sending.unlock();
    }
  }

  /** Waits for a datagram, on a platform thread; empty when time ran out or this was closed. */
  public Optional<ReceivedDatagram> receive(Duration timeout) {
    long start = System.nanoTime();
    receiving.lock();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(LARGEST);
      MemorySegment source = arena.allocate(SocketAddressCodec.LARGEST, 4);
      while (!closed) {
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
        SystemCalls.check(got, "receive on UDP port " + port);
        return Optional.of(
            new ReceivedDatagram(
                SocketAddressCodec.address(source),
                SocketAddressCodec.port(source),
                buffer.asSlice(0, got).toArray(ValueLayout.JAVA_BYTE)));
      }
      return Optional.empty();
    } finally {
      receiving.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new NaruException(ErrorCode.UNAVAILABLE, "the UDP socket is closed");
    }
  }

  /** Ends a wait in another thread and closes the socket. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
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
