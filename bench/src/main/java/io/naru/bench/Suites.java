package io.naru.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** All suites there are: one file a suite, one line here. */
final class Suites {
  private Suites() {}

  static Map<String, Function<Installation, Suite>> all() {
    Map<String, Function<Installation, Suite>> suites = new TreeMap<>();
    suites.put("repair", RepairSuite::new);
    suites.put("start", StartSuite::new);
    return suites;
  }
}
