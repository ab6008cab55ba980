package io.naru.lab;

import io.naru.core.address.IpAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The real programs that run in a lab, and how they are called.
 *
 * @param naru the words before a subcommand of {@code naru}
 * @param cniPlugin file of the CNI plugin; every node gets a copy
 */
public record LabPrograms(List<String> naru, Path cniPlugin) {
  /** Port of the store server, TCP. */
  static final int SERVER_PORT = 8472;

  /** Where the server answers in the fabric, in its own mount namespace. */
  static final Path SERVER_SOCKET = Path.of("/run/naru/server.sock");

  /** Where an agent answers on its node. */
  static final Path AGENT_SOCKET = Path.of("/run/naru/agent.sock");

  public LabPrograms {
    naru = List.copyOf(naru);
  }

  List<String> server(Path data, List<IpAddress> listen, Path configuration) {
    List<String> words = new ArrayList<>(naru);
    words.addAll(
        List.of("server", "--data", data.toString(), "--socket", SERVER_SOCKET.toString()));
    listen.forEach(address -> words.addAll(List.of("--listen", endpoint(address))));
    words.addAll(List.of("--config", configuration.toString()));
    return words;
  }

  List<String> createToken(List<IpAddress> servers) {
    List<String> words = new ArrayList<>(naru);
    words.addAll(List.of("token", "create", "--socket", SERVER_SOCKET.toString()));
    servers.forEach(address -> words.addAll(List.of("--address", endpoint(address))));
    return words;
  }

  List<String> agent(Path tokenFile, String datapath) {
    List<String> words = new ArrayList<>(naru);
    words.addAll(List.of("agent", "--join-file", tokenFile.toString()));
    if (!datapath.equals("auto")) {
      words.addAll(List.of("--datapath", datapath));
    }
    return words;
  }

  private static String endpoint(IpAddress address) {
    return (address.isIpv6() ? "[" + address + "]" : address.toString()) + ":" + SERVER_PORT;
  }
}
