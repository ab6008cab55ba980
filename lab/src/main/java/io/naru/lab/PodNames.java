package io.naru.lab;

import io.naru.core.address.IpAddress;
import java.util.List;

/** Whom a pod's programs ask for names. */
public sealed interface PodNames {
  /** Those that the host's own programs ask. */
  record OfHost() implements PodNames {}

  /** Those that the network hands its pods: the {@code dns} of the CNI plugin's result. */
  record OfNetwork() implements PodNames {}

  /**
   * Those that the runtime asks the CNI plugin for, as a pod's own settings do in Kubernetes.
   *
   * @param servers at least one
   * @param options of resolv.conf(5), like {@code ndots:5}
   */
  record Asked(List<IpAddress> servers, List<String> options) implements PodNames {
    public Asked {
      servers = List.copyOf(servers);
      options = List.copyOf(options);
    }
  }
}
