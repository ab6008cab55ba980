package io.naru.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What it takes until a node's kernel has 10,000 services of three backends, from none, and until
 * it has another backend of one of them.
 *
 * @param spare the address of a backend that no service has
 */
record ServiceProgrammingSuite(
    ConnectionTimer timer,
    NaruServices naru,
    ServiceChanges changes,
    KubeProxyLayout iptables,
    String spare)
    implements Suite {
  private static final int SERVICES = 10_000;
  private static final int CHANGED = SERVICES / 2;
  private static final String WORD = "changed";

  /** So many single changes a round, there and back; their median counts. */
  private static final int CHANGES = 6;

  static Suite open(Installation installation) {
    ConnectionTimer timer = ConnectionTimer.compile();
    NaruServices naru = NaruServices.open(installation, timer, SERVICES);
    return new ServiceProgrammingSuite(
        timer,
        naru,
        ServiceChanges.open(naru),
        KubeProxyLayout.open(naru.lab().fabric(), timer, ServiceLayouts.HOST, SERVICES),
        NaruServices.server(naru.lab(), timer, "spare", WORD));
  }

  @Override
  public String name() {
    return "services-programming";
  }

  @Override
  public String unit() {
    return "ms";
  }

  @Override
  public List<Row> rows() {
    return List.of(
        new Row("iptables-restore, 10,000 services from nothing", this::restoreAll),
        new Row(
            "naru service add --file, 10,000 services from nothing",
            this::addAll,
            Goal.atMost(3000)),
        new Row("iptables-restore --noflush, one backend of one service", this::restoreOne),
        new Row("naru, one backend of one service", this::changeOne, Goal.atMost(10)));
  }

  private double restoreAll() {
    iptables.empty();
    return iptables.fill();
  }

  private double addAll() {
    changes.removeAll();
    return naru.fill(timer);
  }

  private double restoreOne() {
    List<String> backends = iptables.rules().services().backends();
    return thereAndBack(backends.reversed(), backends, wanted -> iptables.change(CHANGED, wanted));
  }

  private double changeOne() {
    List<String> backends = naru.services().backends();
    List<String> others = new ArrayList<>(backends.subList(0, backends.size() - 1));
    others.add(spare);
    changes.settle();
    return thereAndBack(others, backends, this::changed);
  }

  private double changed(List<String> wanted) {
    double took = changes.change(CHANGED, wanted);
    if (wanted.contains(spare)) {
      timer.await(
          naru.ends().client(),
          List.of(ServiceList.address(CHANGED)),
          ServiceList.PORT,
          WORD,
          NaruServices.LONGEST);
    }
    return took;
  }

  /** Median of changes to others and back, one after the other. */
  private static double thereAndBack(
      List<String> others, List<String> backends, ToDoubleFunction<List<String>> change) {
    return Rounds.median(
        IntStream.range(0, CHANGES)
            .mapToDouble(number -> change.applyAsDouble(number % 2 == 0 ? others : backends))
            .toArray());
  }

  /** What each part of the way took. */
  @Override
  public List<String> remarks() {
    List<String> found = new ArrayList<>(AgentLog.of(naru.lab()).services().stream().toList());
    found.add(
        String.format(
            Locale.ROOT,
            "the store answered a change of one service after %.1f ms, median",
            changes.storeCall()));
    return found;
  }

  @Override
  public void close() {
    changes.close();
  }
}
