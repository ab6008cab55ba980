package io.naru.linux.netlink;

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
import java.util.concurrent.locks.ReentrantLock;

/**
 * The datagrams beneath a netlink conversation: sends and receives bytes, takes them from the
 * kernel alone, and can be closed while another thread waits.
 */
public final class NetlinkEndpoint implements AutoCloseable {
  /** bits/socket.h and bits/socket_type.h. */
  private static final int AF_NETLINK = 16;

  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUF = 7;
  private static final int SO_RCVBUF = 8;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_TRUNC = 0x20;

  /** linux/netlink.h. */
  private static final int SOL_NETLINK = 270;

  private static final int NETLINK_ADD_MEMBERSHIP = 1;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;
  private static final int NETLINK_GET_STRICT_CHK = 12;

  private static final int RECEIVE_BUFFER = 8 << 20;

  /** The kernel puts at most 32 KiB into a dump's datagram, more only for one huge message. */
  private static final int DATAGRAM = 256 * 1024;

  /** What a machine lets through without being asked (net.core.wmem_default) is more than this. */
  private static final int SMALL_DATAGRAM = 64 * 1024;

  /** {@code struct sockaddr_nl}: family, padding, port, groups. */
  private static final int ADDRESS = 12;

  private final ReentrantLock lock = new ReentrantLock();
  private final OwnedDescriptor descriptor;
  private final Wakeup wakeup;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(DATAGRAM, 8);
  private final MemorySegment sender = arena.allocate(ADDRESS, 4);
  private final MemorySegment kernel = kernelAddress(arena);
  private int room = SMALL_DATAGRAM;
  private volatile boolean closed;

  /** What came, if anything. */
  public sealed interface Received {
    /** The bytes of one datagram from the kernel. */
    record Datagram(Payload bytes) implements Received {}

    /** Time ran out, or the endpoint was closed. */
    record Nothing() implements Received {}
  }

  private NetlinkEndpoint(OwnedDescriptor descriptor, Wakeup wakeup) {
    this.descriptor = descriptor;
    this.wakeup = wakeup;
  }

  /** Opens a socket in the calling thread's network namespace. */
  public static NetlinkEndpoint open(int protocol) {
    OwnedDescriptor descriptor =
        OwnedDescriptor.of(
            SystemCalls.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol), "open a netlink socket");
    try {
      int number = descriptor.number();
      if (SystemCalls.setsockopt(number, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER) < 0) {
        // Without CAP_NET_ADMIN the system's limit caps it; that is not worth failing for.
        int _ = SystemCalls.setsockopt(number, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
      }
      // Kernels before 4.12, 4.12 and 4.20 lack these: then sentences are shorter, lists longer.
      int _ = SystemCalls.setsockopt(number, SOL_NETLINK, NETLINK_CAP_ACK, 1);
      int _ = SystemCalls.setsockopt(number, SOL_NETLINK, NETLINK_EXT_ACK, 1);
      int _ = SystemCalls.setsockopt(number, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
      try (Arena arena = Arena.ofConfined()) {
        SystemCalls.check(SystemCalls.bind(number, kernelAddress(arena)), "bind a netlink socket");
      }
      return new NetlinkEndpoint(descriptor, new Wakeup());
    } catch (RuntimeException failure) {
      descriptor.close();
      throw failure;
    }
  }

  private static MemorySegment kernelAddress(Arena arena) {
    MemorySegment address = arena.allocate(ADDRESS, 4);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
    return address;
  }

  /** Subscribes to a multicast group, for example RTNLGRP_LINK. */
  public void join(int group) {
    SystemCalls.check(
        SystemCalls.setsockopt(descriptor.number(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group),
        "subscribe to netlink group " + group);
  }

  /** Sends one datagram to the kernel, which answers before this returns or soon after. */
  void send(Payload bytes, String operation) {
    lock.lock();
    try (Arena call = Arena.ofConfined()) {
      requireOpen();
      makeRoom(bytes.length());
      MemorySegment segment = call.allocateFrom(ValueLayout.JAVA_BYTE, bytes.toBytes());
      long sent;
      do {
        sent = SystemCalls.sendto(descriptor.number(), segment, 0, kernel);
      } while (sent == -Errno.EINTR.number());
      SystemCalls.check(sent, operation);
    } finally {
      lock.unlock();
    }
  }

  /** The kernel takes a datagram that its buffer for sending holds as a whole (EMSGSIZE). */
  private void makeRoom(int length) {
    if (length > room) {
      if (SystemCalls.setsockopt(descriptor.number(), SOL_SOCKET, SO_SNDBUFFORCE, length) < 0) {
        // Without CAP_NET_ADMIN the system's limit caps it: net.core.wmem_max.
        int _ = SystemCalls.setsockopt(descriptor.number(), SOL_SOCKET, SO_SNDBUF, length);
      } else {
        room = length;
      }
    }
  }

  /**
   * Waits for a datagram from the kernel; one from a process is thrown away. When messages were
   * lost because the buffer was full, this throws a {@link KernelException} with ENOBUFS, once.
   */
  public Received receive(Duration timeout) {
    long start = System.nanoTime();
    lock.lock();
    try {
      while (!closed) {
        long got = receiveNow();
        if (got == -Errno.EINTR.number()) {
          continue;
        }
        if (got == -Errno.EAGAIN.number()) {
          if (wakeup.await(descriptor, Wakeup.left(timeout, start)) != Wakeup.Outcome.READY) {
            return new Received.Nothing();
          }
          continue;
        }
        SystemCalls.check(got, "receive from a netlink socket");
        if (got > DATAGRAM) {
          throw new NaruException(
              ErrorCode.MALFORMED, "a netlink datagram of " + got + " bytes is too long");
        }
        if (sender.get(ValueLayout.JAVA_INT, 4) == 0) {
          return new Received.Datagram(
              Payload.owning(buffer.asSlice(0, got).toArray(ValueLayout.JAVA_BYTE)));
        }
      }
      return new Received.Nothing();
    } finally {
      lock.unlock();
    }
  }

  private long receiveNow() {
    return SystemCalls.recvfrom(descriptor.number(), buffer, MSG_DONTWAIT | MSG_TRUNC, sender);
  }

  /** Throws away what is queued, after messages were lost. */
  void discardPending() {
    lock.lock();
    try {
      while (!closed && (receiveNow() >= 0)) {
        // Nothing queued belongs to a request that anyone still waits for.
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@link #close()} was called. */
  public boolean isClosed() {
    return closed;
  }

  private void requireOpen() {
    if (closed) {
      throw new NaruException(ErrorCode.UNAVAILABLE, "the netlink socket is closed");
    }
  }

  /** Ends a wait in another thread and closes the socket. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      wakeup.wake();
    }
    lock.lock();
    try {
      if (arena.scope().isAlive()) {
        descriptor.close();
        wakeup.close();
        arena.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
