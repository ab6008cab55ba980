package io.naru.api;

import java.util.List;
import java.util.Optional;

/**
 * A service's frontend: one of its addresses with one of its ports.
 *
 * @param name {@code NAMESPACE/NAME}
 * @param address the service's; empty for a headless one
 * @param port empty for a headless service without ports
 * @param protocol {@code tcp} or {@code udp}
 * @param portName if it has one
 * @param nodePort the same at every node's address
 * @param backends those of the address's family
 * @param observer the node whose agent judged the paths
 */
public record ServiceRow(
    String name,
    Optional<String> address,
    Optional<Integer> port,
    Optional<String> protocol,
    Optional<String> portName,
    Optional<Integer> nodePort,
    List<Target> backends,
    String observer) {
  public ServiceRow {
    backends = List.copyOf(backends);
  }

  /**
   * A backend of a frontend.
   *
   * @param port where it serves the frontend's port
   * @param node the node that has its address, if any does
   * @param state {@code ready}, {@code terminating} or {@code not-ready}
   * @param path how the observer reaches its node, the worse of both directions: {@code healthy},
   *     {@code degraded}, {@code broken} or {@code unknown}; {@code local} on the observer itself,
   *     {@code outside} where no node has the address
   * @param chosen whether the observer's new connections to the frontend may go to it
   */
  public record Target(
      String address,
      Optional<Integer> port,
      Optional<String> node,
      String state,
      String path,
      boolean chosen) {}
}
