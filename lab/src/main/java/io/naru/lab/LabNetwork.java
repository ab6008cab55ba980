package io.naru.lab;

import io.naru.core.address.IpFamily;
import io.naru.core.configuration.NetworkConfigurationParser;
import io.naru.lab.topology.LabSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configuration of a lab's network, as its server is given it. */
final class LabNetwork {
  /** All nodes together: they share one machine, and everyone probes everyone. */
  private static final int PROBES_PER_SECOND = 1500;

  private LabNetwork() {}

  /** Refuses settings that the server would refuse, before anything of the lab is made. */
  static void check(LabSpec spec) {
    NetworkConfigurationParser.parse(configuration(spec));
  }

  static Map<String, Object> configuration(LabSpec spec) {
    List<String> clusterCidrs =
        spec.podFamilies().all().stream().map(LabNetwork::clusterCidr).toList();
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("clusterCidrs", clusterCidrs);
    configuration.put("transport", spec.transport());
    configuration.put("probesPerSecond", Math.clamp(PROBES_PER_SECOND / spec.nodes(), 20, 200));
    configuration.putAll(spec.settings());
    return configuration;
  }

  private static String clusterCidr(IpFamily family) {
    return switch (family) {
      case IPV4 -> "10.244.0.0/16";
      case IPV6 -> "fd44::/48";
    };
  }
}
