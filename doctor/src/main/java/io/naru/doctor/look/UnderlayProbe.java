package io.naru.doctor.look;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import io.naru.doctor.peer.Look.UnderlayTrial;
import io.naru.observe.echo.EchoSeries;
import io.naru.observe.trial.PortTrial;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tries what passes to another node's own address: pings, UDP to a closed port, TCP. */
final class UnderlayProbe implements AutoCloseable {
  /** Where nobody listens, as a rule: a little above the ports that tunnels use. */
  static final int CLOSED_PORT = 8477;

  /** The kubelet's, SSH's, the API server's. A refusal is an answer too. */
  private static final List<Integer> TCP_PORTS = List.of(10250, 22, 6443);

  private static final int PATIENCE_MILLIS = 600;

  private final IpAddress address;
  private final boolean sameSubnet;
  private final @Nullable EchoSeries echoes;
  private volatile boolean closedUdp;
  private volatile Optional<Integer> tcp = Optional.empty();

  UnderlayProbe(IpAddress address, boolean sameSubnet, @Nullable EchoSeries echoes) {
    this.address = address;
    this.sameSubnet = sameSubnet;
    this.echoes = echoes;
  }

  void ping() {
    if (echoes != null) {
      echoes.sendSmall();
    }
  }

  /** Takes up to a second and a half where nothing answers. */
  void tryPorts() {
    Thread udp =
        Thread.ofPlatform()
            .daemon()
            .name("naru-udp")
            .start(() -> closedUdp = PortTrial.isAnswered(address, CLOSED_PORT));
    List<Thread> trials =
        TCP_PORTS.stream()
            .map(port -> Thread.ofPlatform().daemon().name("naru-tcp").start(() -> tryTcp(port)))
            .toList();
    try {
      udp.join();
      for (Thread trial : trials) {
        trial.join();
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void tryTcp(int port) {
    if (isTcpAnswered(address, port, PATIENCE_MILLIS)) {
      tcp = Optional.of(port);
    }
  }

  /** Whether a TCP connection is accepted or refused: either way its packets arrive. */
  static boolean isTcpAnswered(IpAddress address, int port, int patienceMillis) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.toInetAddress(), port), patienceMillis);
      return true;
    } catch (ConnectException refused) {
      return refused.getMessage() != null && refused.getMessage().contains("refused");
    } catch (IOException silence) {
      return false;
    }
  }

  UnderlayTrial result(TunnelReader reader) {
    return new UnderlayTrial(
        address,
        sameSubnet,
        echoes == null ? 0 : echoes.smallSent(),
        echoes == null ? 0 : echoes.smallAnswered(),
        closedUdp,
        tcp,
        sameSubnet && hasNoNeighbour(reader));
  }

  private boolean hasNoNeighbour(TunnelReader reader) {
    try {
      return reader.hasNoNeighbour(address);
    } catch (NaruException unreadable) {
      return false;
    }
  }

  @Override
  public void close() {
    if (echoes != null) {
      echoes.close();
    }
  }
}
