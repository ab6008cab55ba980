package io.naru.linux.tap;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.Errno;
import io.naru.linux.call.OwnedDescriptor;
import io.naru.linux.call.SystemCalls;
import io.naru.linux.call.Wakeup;
import io.naru.linux.route.InterfaceName;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sees the packets of an interface (packet(7)) in the network namespace of the thread that opened
 * it. One thread receives, others may close or ask for statistics.
 */
public final class PacketTap implements AutoCloseable {
  // bits/socket.h and bits/socket_type.h: SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK
  private static final int AF_PACKET = 17;
  private static final int RAW = 3 | 0x80000 | 0x800;
  private static final int MSG_TRUNC = 0x20;

  // asm-generic/socket.h
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUF = 8;
  private static final int SO_ATTACH_FILTER = 26;
  private static final int SO_RCVBUFFORCE = 33;

  // linux/if_packet.h
  private static final int SOL_PACKET = 263;
  private static final int PACKET_STATISTICS = 6;
  private static final int PACKET_OTHERHOST = 3;
  private static final int PACKET_OUTGOING = 4;

  /** SIOCGSTAMPNS_OLD of asm-generic/sockios.h; fills a {@code struct timespec}. */
  private static final long LAST_STAMP = 0x8907;

  private static final long NANOSECONDS = 1_000_000_000L;

  /** ETH_P_ALL of linux/if_ether.h. */
  private static final int EVERY_PROTOCOL = 3;

  /** {@code struct sockaddr_ll}: family, protocol, index, hardware type, packet type, address. */
  private static final int ADDRESS = 20;

  private static final ValueLayout.OfShort PROTOCOL =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int RECEIVE_BUFFER = 8 << 20;

  /** Enough for the headers of any tunnel and what they carry. */
  public static final int DEFAULT_SNAP_LENGTH = 256;

  private static final int LONGEST = 256 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock counting = new ReentrantLock();
  private final OwnedDescriptor descriptor;
  private final Wakeup wakeup = new Wakeup();
  private final int snapLength;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer;
  private final MemorySegment sender;
  private final MemorySegment stamp;
  private volatile boolean keepsTime;
  private TapStatistics counted = new TapStatistics(0, 0);
  private volatile boolean closed;

  private PacketTap(OwnedDescriptor descriptor, int snapLength) {
    this.descriptor = descriptor;
    this.snapLength = snapLength;
    this.buffer = arena.allocate(snapLength, 8);
    this.sender = arena.allocate(ADDRESS, 4);
    this.stamp = arena.allocate(2 * Long.BYTES, Long.BYTES);
  }

  /** Opens a tap on the interface of that name. */
  public static PacketTap open(String interfaceName, BpfProgram filter) {
    return open(interfaceName, filter, DEFAULT_SNAP_LENGTH);
  }

  /** Opens a tap on the interface of that name, and keeps so many bytes of a packet. */
  public static PacketTap open(String interfaceName, BpfProgram filter, int snapLength) {
    int index =
        SystemCalls.check(
            SystemCalls.interfaceIndex(InterfaceName.require(interfaceName)),
            "tap the interface " + interfaceName);
    return open(index, filter, snapLength);
  }

  /** Opens a tap on a link; 0 taps every link. */
  public static PacketTap open(int linkIndex, BpfProgram filter) {
    return open(linkIndex, filter, DEFAULT_SNAP_LENGTH);
  }

  /**
   * Opens a tap.
   *
   * @param linkIndex a link; 0 for every link
   * @param filter which packets are wanted
   * @param snapLength how many bytes of a packet are kept, at most
   */
  public static PacketTap open(int linkIndex, BpfProgram filter, int snapLength) {
    if (snapLength < 1 || snapLength > LONGEST) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, "a tap keeps from 1 to " + LONGEST + " bytes of a packet");
    }
    // Protocol 0 sees nothing before bind(2), so no packet slips past the filter.
    OwnedDescriptor descriptor =
        OwnedDescriptor.of(SystemCalls.socket(AF_PACKET, RAW, 0), "open a packet socket");
    try (Arena arena = Arena.ofConfined()) {
      int number = descriptor.number();
      SystemCalls.check(
          SystemCalls.setsockopt(number, SOL_SOCKET, SO_ATTACH_FILTER, filter.toNative(arena)),
          "attach a packet filter");
      if (SystemCalls.setsockopt(number, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER) < 0) {
        int _ = SystemCalls.setsockopt(number, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
      }
      MemorySegment address = arena.allocate(ADDRESS, 4);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
      address.set(PROTOCOL, 2, (short) EVERY_PROTOCOL);
      address.set(ValueLayout.JAVA_INT, 4, linkIndex);
      SystemCalls.check(SystemCalls.bind(number, address), "tap link " + linkIndex);
      return new PacketTap(descriptor, snapLength);
    } catch (RuntimeException failure) {
      descriptor.close();
      throw failure;
    }
  }

  /**
   * Waits for a packet, on a platform thread; empty when time ran out or this was closed. When the
   * link went down meanwhile this throws ENETDOWN, once.
   */
  public Optional<TappedPacket> receive(Duration timeout) {
    long start = System.nanoTime();
    lock.lock();
    try {
      while (!closed) {
        long got = SystemCalls.recvfrom(descriptor.number(), buffer, MSG_TRUNC, sender);
        if (got == -Errno.EINTR.number()) {
          continue;
        }
        if (got == -Errno.EAGAIN.number()) {
          if (wakeup.await(descriptor, Wakeup.left(timeout, start)) != Wakeup.Outcome.READY) {
            return Optional.empty();
          }
          continue;
        }
        return Optional.of(packet((int) SystemCalls.check(got, "receive from a tap")));
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private TappedPacket packet(int length) {
    int kind = sender.get(ValueLayout.JAVA_BYTE, 10);
    return new TappedPacket(
        kind == PACKET_OUTGOING ? TappedPacket.Direction.EGRESS : TappedPacket.Direction.INGRESS,
        kind == PACKET_OTHERHOST,
        sender.get(ValueLayout.JAVA_INT, 4),
        buffer.asSlice(0, Math.min(length, snapLength)).toArray(ValueLayout.JAVA_BYTE),
        length,
        System.nanoTime(),
        keepsTime ? lastStamp() : 0);
  }

  /** From now on each packet tells when the kernel saw it; that costs a system call each. */
  public void keepTime() {
    lock.lock();
    try {
      keepsTime = true;
      lastStamp(); // the first question makes the kernel take the time at all
    } finally {
      lock.unlock();
    }
  }

  private long lastStamp() {
    if (closed || SystemCalls.ioctl(descriptor.number(), LAST_STAMP, stamp) < 0) {
      return 0;
    }
    return stamp.get(ValueLayout.JAVA_LONG, 0) * NANOSECONDS
        + stamp.get(ValueLayout.JAVA_LONG, Long.BYTES);
  }

  /** Counters since the tap was opened. */
  public TapStatistics statistics() {
    counting.lock();
    try (Arena call = Arena.ofConfined()) {
      if (!closed) {
        // The kernel sets its counters back whenever they are read.
        MemorySegment counters = call.allocate(8, 4);
        SystemCalls.check(
            SystemCalls.getsockopt(descriptor.number(), SOL_PACKET, PACKET_STATISTICS, counters),
            "read a tap's statistics");
        counted =
            new TapStatistics(
                counted.matched() + Integer.toUnsignedLong(counters.get(ValueLayout.JAVA_INT, 0)),
                counted.dropped() + Integer.toUnsignedLong(counters.get(ValueLayout.JAVA_INT, 4)));
      }
      return counted;
    } finally {
      counting.unlock();
    }
  }

  /** Ends a wait in another thread and closes the tap. */
  @Override
  public void close() {
    counting.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      wakeup.wake();
      lock.lock();
      try {
        descriptor.close();
        wakeup.close();
        arena.close();
      } finally {
        lock.unlock();
      }
    } finally {
      counting.unlock();
    }
  }
}
