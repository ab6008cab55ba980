package io.naru.agent.loop;

import io.naru.agent.kernel.HostSettings;
import io.naru.agent.kernel.KernelWriter;
import io.naru.core.state.KernelEntry.Setting;
import io.naru.core.state.KernelState;
import io.naru.core.state.Operation;
import io.naru.core.state.Plan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The settings on which a pass depended, with the values that it left. */
final class WatchedSettings {
  private WatchedSettings() {}

  /** Those of the host from which it follows what others should be. */
  static Map<String, String> ofUnderlay(String underlay) {
    Map<String, String> found = new HashMap<>();
    for (String name :
        List.of(
            "net/ipv4/conf/all/rp_filter",
            "net/ipv4/conf/" + underlay + "/rp_filter",
            "net/ipv6/conf/" + underlay + "/accept_ra")) {
      HostSettings.read(name).ifPresent(value -> found.put(name, value));
    }
    return found;
  }

  /** What was found, and over it what was made of it. */
  static Map<String, String> after(
      Map<String, String> underlay,
      KernelState present,
      List<KernelWriter.Failure> failures,
      Plan plan) {
    Map<String, String> values = new HashMap<>(underlay);
    present
        .entries()
        .forEach(
            entry -> {
              if (entry instanceof Setting found) {
                values.put(found.name(), found.value());
              }
            });
    Set<Operation> refused = new HashSet<>();
    failures.forEach(failure -> refused.add(failure.operation()));
    for (Operation operation : plan.operations()) {
      if (operation.entry() instanceof Setting made && !refused.contains(operation)) {
        values.put(made.name(), made.value());
      }
    }
    return values;
  }
}
