package io.naru.doctor.look;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import io.naru.doctor.peer.Look.UnderlayTrial;
import io.naru.doctor.peer.PodTrial;
import io.naru.observe.echo.EchoSeries;
import io.naru.observe.trial.PortTrial;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tries what passes to another node's own address: pings, UDP to a closed port, TCP. */
final class UnderlayProbe implements AutoCloseable {
  /** Where nobody listens, as a rule: a little above the ports that tunnels use. */
  static final int CLOSED_PORT = PodTrial.PORT;

  /** The kubelet's, SSH's, the API server's. A refusal is an answer too. */
  private static final List<Integer> TCP_PORTS = List.of(10250, 22, 6443);

  private static final Duration PATIENCE = Duration.ofMillis(600);

  private final IpAddress address;
  private final boolean sameSubnet;
  private final @Nullable EchoSeries echoes;
  private volatile boolean tried;
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
    tried = true;
    closedUdp = PortTrial.isAnswered(address, CLOSED_PORT);
    tcp = TcpTrial.answered(address, TCP_PORTS, PATIENCE);
  }

  /** Whether there was time to try its ports. */
  boolean isTried() {
    return tried;
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
