package io.naru.bench;

import java.util.List;

/** One TCP connection to a service, from the client's socket until the backend's first byte. */
record ServiceConnectionSuite(ServiceLayouts layouts) implements Suite {
  static Suite open(Installation naru) {
    return new ServiceConnectionSuite(ServiceLayouts.open(naru));
  }

  @Override
  public String name() {
    return "services-connection";
  }

  @Override
  public String unit() {
    return "µs";
  }

  @Override
  public List<Row> rows() {
    return layouts.rows(layouts.timer()::microseconds, Goal.atMost(1.1, ServiceLayouts.naru(1)));
  }
}
