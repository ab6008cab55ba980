package io.naru.linux.socket;

import io.naru.core.address.IpAddress;
import io.naru.linux.call.KernelException;
import io.naru.linux.call.OwnedDescriptor;
import io.naru.linux.call.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Optional;

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
  private static final int IP_TTL = 2;
  private static final int IPV6_UNICAST_HOPS = 16;
  private static final int IPV6_V6ONLY = 26;

  private final OpenSocket socket;
  private final IpAddress address;
  private final int port;

  private ProbeSocket(OpenSocket socket, IpAddress address, int port) {
    this.socket = socket;
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
      return new ProbeSocket(
          new OpenSocket(descriptor, "the UDP socket"), address, SocketAddressCodec.port(name));
    } catch (RuntimeException failure) {
      descriptor.close();
      throw failure;
    }
  }

  private static void configure(int number, IpAddress address, ProbeOptions options) {
    boolean ipv4 = address.isIpv4();
    if (!ipv4) {
      set(number, OpenSocket.IPPROTO_IPV6, IPV6_V6ONLY, 1, "keep a socket to IPv6");
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
                    ipv4 ? OpenSocket.IPPROTO_IP : OpenSocket.IPPROTO_IPV6,
                    ipv4 ? IP_TTL : IPV6_UNICAST_HOPS,
                    hops,
                    "set a socket's time to live"));
    OpenSocket.set(number, address, options.fragmentation());
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
    socket.send(
        destination,
        destinationPort,
        bytes,
        "send " + bytes.length + " bytes to UDP port " + destinationPort + " of " + destination);
  }

  /** Waits for a datagram, on a platform thread; empty when time ran out or this was closed. */
  public Optional<ReceivedDatagram> receive(Duration timeout) {
    return socket.receive(
        timeout,
        (got, buffer, source) -> {
          SystemCalls.check(got, "receive on UDP port " + port);
          return Optional.of(
              new ReceivedDatagram(
                  SocketAddressCodec.address(source),
                  SocketAddressCodec.port(source),
                  buffer.asSlice(0, got).toArray(ValueLayout.JAVA_BYTE)));
        });
  }

  /** Ends a wait in another thread and closes the socket. */
  @Override
  public void close() {
    socket.close();
  }
}
