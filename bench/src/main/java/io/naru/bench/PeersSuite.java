package io.naru.bench;

import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * What thousands of peers cost an agent, beside the same entries written with iproute2: the route,
 * the neighbour and the forwarding entry of each. The agent writes two counter elements more.
 */
record PeersSuite(BenchLab lab, PeerAgent agent, PeerBatches batches) implements Suite {
  private static final int PEERS = 5000;
  private static final Duration SETTLING = Duration.ofSeconds(3);
  private static final String BATCHES = "ip -batch and bridge -batch, 5,000 peers from nothing";

  static PeersSuite open(Installation naru) {
    BenchLab lab = BenchLab.up(naru, "peers", 1, "vxlan");
    List<Peer> peers = Peer.some(PEERS + 1);
    PeerAgent agent = PeerAgent.open(lab, peers);
    Attempts.pause(SETTLING);
    return new PeersSuite(lab, agent, PeerBatches.open(peers.subList(0, PEERS)));
  }

  @Override
  public String name() {
    return "network-peers";
  }

  @Override
  public String unit() {
    return "ms";
  }

  @Override
  public List<Row> rows() {
    return List.of(
        new Row(BATCHES, settled(batches::program)),
        new Row(
            "agent, 5,000 peers from nothing",
            settled(agent::programFromNothing),
            Goal.atMost(1.0, BATCHES)),
        new Row(
            "agent, a comparison of 5,000 peers that finds nothing",
            settled(agent::compare),
            Goal.atMost(100)),
        new Row(
            "agent, from a store write to the 5,001st peer's route",
            settled(agent::onePeerMore),
            Goal.atMost(20)));
  }

  /** What one row leaves behind, as an agent's look at its own changes, is not the next one's. */
  private static Row.Measurement settled(DoubleSupplier row) {
    return () -> {
      Attempts.pause(SETTLING);
      return row.getAsDouble();
    };
  }

  @Override
  public void close() {
    agent.close();
  }
}
