package io.naru.core.service;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.text.DnsLabel;
import java.util.Objects;
import java.util.Optional;

/**
 * A port of a service.
 *
 * @param name a DNS label, or empty where the service has one port alone
 * @param port at the service's addresses
 * @param targetPort at its backends
 * @param nodePort at every node's addresses, if the service can be reached there
 */
public record ServicePort(
    String name, Protocol protocol, int port, int targetPort, Optional<Integer> nodePort) {
  /** Node ports are of these: nobody else's, on any node. */
  public static final int FIRST_NODE_PORT = 30000;

  public static final int LAST_NODE_PORT = 32767;

  public ServicePort {
    Objects.requireNonNull(protocol, "protocol is missing");
    name = name == null ? "" : name;
    nodePort = nodePort == null ? Optional.empty() : nodePort;
    if (!name.isEmpty() && !DnsLabel.isOne(name)) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "'" + name + "' cannot name a port; use 1 to 63 of a-z, 0-9 and '-', like dns-tcp");
    }
    requirePort(port);
    targetPort = targetPort == 0 ? port : targetPort;
    requirePort(targetPort);
    nodePort.ifPresent(ServicePort::requirePort);
  }

  private static void requirePort(int port) {
    if (port < 1 || port > 65535) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, port + " is no port; use a number from 1 to 65535");
    }
  }

  /** The same port with another number at the nodes. */
  public ServicePort withNodePort(int number) {
    return new ServicePort(name, protocol, port, targetPort, Optional.of(number));
  }

  /** As people write it: {@code 80/tcp}. */
  @Override
  public String toString() {
    return port + "/" + protocol;
  }
}
