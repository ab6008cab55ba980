package io.naru.linux.tun;

import io.naru.linux.call.OwnedDescriptor;
import io.naru.linux.call.SystemCalls;
import io.naru.linux.route.InterfaceName;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An interface whose packets, without a link-layer header, a program reads and writes
 * (Documentation/networking/tuntap.rst). It is in the network namespace of the thread that opened
 * it, and goes when it is closed.
 */
public final class TunDevice implements AutoCloseable {
  /** fcntl.h: O_RDWR | O_CLOEXEC. */
  private static final int READ_WRITE = 2 | 0x80000;

  private static final int O_NONBLOCK = 0x800;

  // linux/if_tun.h
  private static final long TUNSETIFF = 0x400454caL;
  private static final long TUNSETOFFLOAD = 0x400454d0L;
  private static final long TUNSETVNETHDRSZ = 0x400454d8L;
  private static final short IFF_TUN = 0x0001;
  private static final short IFF_NO_PI = 0x1000;
  private static final short IFF_VNET_HDR = 0x4000;

  /** {@code struct ifreq} of linux/if.h: 16 bytes name, then a union. */
  private static final int REQUEST = 40;

  private static final int NAME = 16;

  private final OwnedDescriptor descriptor;
  private final String name;

  private TunDevice(OwnedDescriptor descriptor, String name) {
    this.descriptor = descriptor;
    this.name = name;
  }

  /** How it is opened. */
  public enum Header {
    /** Packets alone. */
    NONE,
    /** Each packet follows a {@code struct virtio_net_hdr} of 10 bytes (linux/virtio_net.h). */
    VIRTIO
  }

  /**
   * Creates the interface.
   *
   * @param name its name; {@code tun%d} lets the kernel choose the number
   * @param nonBlocking whether reads without a packet return at once
   */
  public static TunDevice open(String name, Header header, boolean nonBlocking) {
    InterfaceName.require(name);
    OwnedDescriptor descriptor =
        OwnedDescriptor.of(
            SystemCalls.open("/dev/net/tun", READ_WRITE | (nonBlocking ? O_NONBLOCK : 0), 0),
            "open /dev/net/tun");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(REQUEST, 8);
      request.setString(0, name);
      int flags = IFF_TUN | IFF_NO_PI | (header == Header.VIRTIO ? IFF_VNET_HDR : 0);
      request.set(ValueLayout.JAVA_SHORT, NAME, (short) flags);
      SystemCalls.check(
          SystemCalls.ioctl(descriptor.number(), TUNSETIFF, request),
          "create the TUN interface " + name);
      return new TunDevice(descriptor, request.getString(0));
    } catch (RuntimeException failure) {
      descriptor.close();
      throw failure;
    }
  }

  /** The interface's name. */
  public String name() {
    return name;
  }

  /**
   * Says which unfinished packets the program takes and gives: TUN_F_* of linux/if_tun.h.
   *
   * @param flags for example TUN_F_CSUM 1, TUN_F_TSO4 2, TUN_F_TSO6 4, TUN_F_USO4 0x20, TUN_F_USO6
   *     0x40
   */
  public void setOffload(int flags) {
    SystemCalls.check(
        SystemCalls.ioctl(descriptor.number(), TUNSETOFFLOAD, (long) flags),
        "set the offloads of " + name);
  }

  /** Size of the virtio header in bytes: 10 or 12. */
  public void setVirtioHeaderSize(int bytes) {
    try (Arena arena = Arena.ofConfined()) {
      SystemCalls.check(
          SystemCalls.ioctl(
              descriptor.number(),
              TUNSETVNETHDRSZ,
              arena.allocateFrom(ValueLayout.JAVA_INT, bytes)),
          "set the header size of " + name);
    }
  }

  /** The open descriptor, to wait for packets with {@link io.naru.linux.call.Wakeup}. */
  public OwnedDescriptor descriptor() {
    return descriptor;
  }

  /**
   * Reads one packet into a native segment.
   *
   * @return its bytes, the header included; −EAGAIN when there is none and reads do not block
   */
  public long read(MemorySegment buffer) {
    return SystemCalls.read(descriptor.number(), buffer);
  }

  /**
   * Writes one packet from a native segment.
   *
   * @return the bytes written, or −errno
   */
  public long write(MemorySegment packet) {
    return SystemCalls.write(descriptor.number(), packet);
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
