package io.naru.bench;

import java.util.List;

/** How many TCP connections to a service a node makes in a second, four at once. */
record ServiceRateSuite(ServiceLayouts layouts) implements Suite {
  static Suite open(Installation naru) {
    return new ServiceRateSuite(ServiceLayouts.open(naru));
  }

  @Override
  public String name() {
    return "services-rate";
  }

  @Override
  public String unit() {
    return "/s";
  }

  @Override
  public List<Row> rows() {
    return layouts.rows(layouts.timer()::rate, Goal.atLeast(1 / 1.1, ServiceLayouts.naru(1)));
  }
}
