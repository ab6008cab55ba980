package io.naru.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An agent's report of itself.
 *
 * @param paths how many paths are in each state
 * @param failures operations that the kernel refused, and are tried again
 * @param paused ISO 8601, since when the agent repairs nothing; empty while it repairs
 * @param differs while paused, what a repair would do, a line each
 * @param comparison the last one of the whole kernel with what it should hold; empty where less was
 *     looked at since
 */
public record StatusReport(
    String node,
    String version,
    String state,
    Underlay underlay,
    List<String> podCidrs,
    int podMtu,
    String transport,
    Store store,
    int peers,
    int pods,
    Map<String, Long> paths,
    List<String> failures,
    Optional<String> paused,
    List<String> differs,
    Optional<Comparison> comparison) {
  /**
   * The interface that carries the traffic between nodes.
   *
   * @param reason why this one
   */
  public record Underlay(String interfaceName, int mtu, List<String> addresses, String reason) {}

  /**
   * A comparison of all that a kernel should hold with what it held.
   *
   * @param number of this comparison since the agent started
   * @param entries how many the kernel should hold
   * @param compareMillis to find out what differed
   * @param changed how many entries differed and were set right
   * @param changeMillis to do that
   */
  public record Comparison(
      long number, int entries, double compareMillis, int changed, double changeMillis) {}

  /**
   * The agent's view of the cluster's store.
   *
   * @param since ISO 8601, since when it is connected or not
   * @param detail where it is, or why it cannot be reached
   */
  public record Store(boolean connected, String since, String detail) {}
}
