package io.naru.linux.conntrack;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.linux.TestNamespace;
import io.naru.linux.nftables.Nftables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A namespace that tracks what its sockets send to a service, which a rule may translate. */
final class TrackedNamespace implements AutoCloseable {
  /** All of them are addresses of the loopback interface. */
  enum Ends {
    IPV4("10.0.0.1", "10.96.0.10", "10.0.1."),
    IPV6("fd00::1", "fd96::10", "fd01::");

    private final String client;
    private final String service;
    private final String backends;

    Ends(String client, String service, String backends) {
      this.client = client;
      this.service = service;
      this.backends = backends;
    }

    IpFamily family() {
      return IpFamily.valueOf(name());
    }

    IpAddress client() {
      return IpAddress.parse(client);
    }

    IpAddress service() {
      return IpAddress.parse(service);
    }

    IpAddress backendAddress(int number) {
      return IpAddress.parse(backends + number);
    }

    /** A translation in nft's language. */
    String toBackend(int number) {
      IpAddress address = backendAddress(number);
      return address.isIpv4()
          ? "dnat ip to " + address + ":5353"
          : "dnat ip6 to [" + address + "]:5353";
    }
  }

  private static final String TABLE = "naru_test";

  private final TestNamespace test = new TestNamespace();
  private final Ends ends;
  private final Conntrack conntrack;
  private final Conntrack unfiltered;
  private final List<Channel> channels = new ArrayList<>();

  /**
   * @param verdict what happens to packets for the service, in nft's language
   */
  TrackedNamespace(Ends ends, String verdict) throws IOException {
    this.ends = ends;
    test.run("ip", "link", "set", "lo", "up");
    for (String address :
        List.of(ends.client, ends.service, ends.backends + 1, ends.backends + 2)) {
      // Even where nothing is asked of neighbours an address can be used only a moment later else.
      test.run("ip", "address", "add", address, "dev", "lo", "nodad");
    }
    listen(53);
    listen(5353);
    translate(verdict);
    conntrack = test.call(() -> Conntrack.open(true));
    unfiltered = test.call(() -> Conntrack.open(false));
  }

  /** Without a listener the kernel would tell a socket of its error instead of sending again. */
  private void listen(int port) throws IOException {
    test.call(() -> channels.add(DatagramChannel.open().bind(new InetSocketAddress(port))));
  }

  /** Alters what becomes of packets that begin a flow to the service. */
  void translate(String verdict) {
    String family = ends.family() == IpFamily.IPV4 ? "ip" : "ip6";
    test.namespace()
        .run(
            () ->
                Nftables.apply(
                    """
                    table inet %1$s {
                      chain output { type nat hook output priority -100; }
                      chain tracked { type filter hook output priority 0; ct state new accept; }
                    }
                    flush chain inet %1$s output
                    add rule inet %1$s output %2$s daddr %3$s udp dport 53 %4$s
                    """
                        .formatted(TABLE, family, ends.service, verdict)));
  }

  /** A statement for every packet, before the kernel looks for its flow. */
  void beforeTracking(String statement) {
    test.namespace()
        .run(
            () ->
                Nftables.apply(
                    """
                    table inet %1$s {
                      chain sent { type filter hook output priority raw; %2$s; }
                      chain received { type filter hook prerouting priority raw; %2$s; }
                    }
                    """
                        .formatted(TABLE, statement)));
  }

  Conntrack conntrack() {
    return conntrack;
  }

  /** The port of a new socket that sent a datagram to the service. */
  int sendFromNewSocket() throws IOException {
    return test.call(
        () -> {
          DatagramChannel channel = DatagramChannel.open();
          channels.add(channel);
          channel.bind(new InetSocketAddress(ends.client().toInetAddress(), 0));
          channel.connect(new InetSocketAddress(ends.service().toInetAddress(), 53));
          send(channel);
          return ((InetSocketAddress) channel.getLocalAddress()).getPort();
        });
  }

  /** One more datagram from the newest socket. */
  void sendAgain() throws IOException {
    send((DatagramChannel) channels.getLast());
  }

  private static void send(DatagramChannel channel) throws IOException {
    int _ = channel.write(ByteBuffer.wrap(new byte[] {1}));
  }

  /** A TCP connection to the service's address. */
  void connect() throws IOException {
    test.call(
        () -> {
          InetSocketAddress address = new InetSocketAddress(ends.service().toInetAddress(), 80);
          ServerSocketChannel server = ServerSocketChannel.open().bind(address);
          channels.add(server);
          channels.add(SocketChannel.open(address));
          channels.add(server.accept());
          return true;
        });
  }

  List<Flow> flows() {
    return flows(ends.family());
  }

  List<Flow> flows(IpFamily family) {
    return flows(family, 17, true);
  }

  List<Flow> flows(IpFamily family, int protocol, boolean filtered) {
    List<Flow> found = new ArrayList<>();
    (filtered ? conntrack : unfiltered).forEach(family, protocol, found::add);
    return List.copyOf(found);
  }

  Flow flowFrom(int port) {
    return flows().stream()
        .filter(flow -> flow.original().sourcePort() == port)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    try {
      for (Channel channel : channels) {
        channel.close();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } finally {
      conntrack.close();
      unfiltered.close();
      test.close();
    }
  }
}
