package io.naru.doctor.audit;

import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.path.VxlanPort;
import java.util.List;
import java.util.Optional;

/** Networks whose needs are known. */
public enum Network {
  NARU("naru", "Naru"),
  FLANNEL("flannel", "Flannel"),
  CILIUM("cilium", "Cilium"),
  CALICO("calico", "Calico");

  private static final String PODS = "pods' packets in VXLAN";

  private final String key;
  private final String text;

  Network(String key, String text) {
    this.key = key;
    this.text = text;
  }

  /** By the name that is typed; empty for one that is not known. */
  public static Optional<Network> of(String key) {
    for (Network network : values()) {
      if (network.key.equals(key)) {
        return Optional.of(network);
      }
    }
    return Optional.empty();
  }

  /** The name that is typed. */
  public String key() {
    return key;
  }

  /** What must pass between any two of its nodes, by the defaults of each. */
  public List<Need> needs() {
    return switch (this) {
      case NARU ->
          List.of(
              Need.port("udp", VxlanPort.LINUX, PODS, true),
              Need.port("tcp", NetworkConfiguration.AGENT_PORT, "the agents' channel", true));
      case FLANNEL -> List.of(Need.port("udp", VxlanPort.LINUX, PODS, true));
      case CILIUM ->
          List.of(
              Need.port("udp", VxlanPort.LINUX, PODS, true),
              Need.port("tcp", 4240, "its health checks", false));
      case CALICO ->
          List.of(
              Need.port("udp", VxlanPort.STANDARD, PODS, true),
              Need.protocol(4, "pods' packets in IP-in-IP, where it uses that", false));
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
