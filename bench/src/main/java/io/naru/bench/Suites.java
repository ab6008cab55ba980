package io.naru.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** All suites there are: one file a suite, one line here. */
final class Suites {
  private Suites() {}

  static Map<String, Function<Installation, Suite>> all() {
    Map<String, Function<Installation, Suite>> suites = new TreeMap<>();
    suites.put("doctor", DoctorSuite::open);
    suites.put("doctor-prober", ProberSuite::open);
    suites.put("network-cni", CniSuite::open);
    suites.put("network-lab", LabSuite::new);
    suites.put("network-memory", MemorySuite::open);
    suites.put("network-peers", PeersSuite::open);
    suites.put("network-round-trip", RoundTripSuite::open);
    suites.put("network-throughput", ThroughputSuite::open);
    suites.put("repair", RepairSuite::new);
    suites.put("services-connection", ServiceConnectionSuite::open);
    suites.put("services-dns", ServiceDnsSuite::open);
    suites.put("services-programming", ServiceProgrammingSuite::open);
    suites.put("services-rate", ServiceRateSuite::open);
    suites.put("services-restart", ServiceRestartSuite::open);
    suites.put("start", StartSuite::new);
    return suites;
  }

  /** Those of that name, or of that family: {@code network} is all whose names begin with it. */
  static Map<String, Function<Installation, Suite>> named(String name) {
    Map<String, Function<Installation, Suite>> suites = all();
    suites.keySet().removeIf(each -> !each.equals(name) && !each.startsWith(name + "-"));
    return suites;
  }
}
