package io.naru.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;

/**
 * Few and many services, by Naru and in kube-proxy's iptables layout, all across clouds of the same
 * make; each is measured at its last service.
 */
record ServiceLayouts(
    ConnectionTimer timer, List<NaruServices> naru, List<KubeProxyLayout> iptables) {
  private static final List<Integer> SIZES = List.of(1, 100, 10_000);

  /** Last byte of an address on the lab's first subnet, where no lab node is. */
  static final int HOST = 201;

  static ServiceLayouts open(Installation installation) {
    ConnectionTimer timer = ConnectionTimer.compile();
    List<NaruServices> naru = new ArrayList<>();
    List<KubeProxyLayout> iptables = new ArrayList<>();
    for (int size : SIZES) {
      NaruServices lab = NaruServices.open(installation, timer, size);
      naru.add(lab);
      iptables.add(KubeProxyLayout.open(lab.lab().fabric(), timer, HOST, size));
    }
    return new ServiceLayouts(timer, naru, iptables);
  }

  static String naru(int size) {
    return "naru, " + services(size);
  }

  private static String iptables(int size) {
    return "kube-proxy's iptables layout, " + services(size);
  }

  private static String services(int size) {
    return size == 1 ? "1 service" : "%,d services".formatted(size);
  }

  /**
   * A row each.
   *
   * @param measure from a client to a port
   * @param goal of the most services
   */
  List<Row> rows(ToDoubleBiFunction<Ends, Integer> measure, Goal goal) {
    List<Row> rows = new ArrayList<>();
    int most = SIZES.getLast();
    for (NaruServices each : naru) {
      int size = each.services().size();
      rows.add(
          new Row(
              naru(size),
              () -> measure.applyAsDouble(each.ends(), ServiceList.PORT),
              Optional.of(goal).filter(_ -> size == most)));
    }
    for (KubeProxyLayout each : iptables) {
      rows.add(
          new Row(
              iptables(each.rules().services().size()),
              () -> measure.applyAsDouble(each.ends(), ServiceList.PORT)));
    }
    NaruServices alone = naru.getFirst();
    rows.add(
        new Row(
            "naru, past every service",
            () -> measure.applyAsDouble(alone.withoutService(), ServiceList.TARGET)));
    return rows;
  }
}
