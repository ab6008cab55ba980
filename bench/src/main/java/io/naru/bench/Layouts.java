package io.naru.bench;

import io.naru.bench.FlannelLayout.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The ways from pod to pod that are compared, all across clouds of the same make: Naru's by either
 * transport, Flannel's by either backend, and from host to host.
 */
record Layouts(Ends bare, Ends flannelVxlan, Ends naruVxlan, Ends flannelHostGw, Ends naruDirect) {
  static final String FLANNEL_VXLAN = "flannel's layout, vxlan";
  static final String FLANNEL_HOST_GW = "flannel's layout, host-gw";

  static Layouts open(Installation naru) {
    BenchLab vxlan = BenchLab.up(naru, "vxlan", 2, "vxlan");
    BenchLab direct = BenchLab.up(naru, "direct", 2, "direct");
    return new Layouts(
        vxlan.nodes(),
        new FlannelLayout(Backend.VXLAN, vxlan.fabric(), 201).up(),
        vxlan.pods(),
        new FlannelLayout(Backend.HOST_GW, direct.fabric(), 203).up(),
        direct.pods());
  }

  List<Ends> all() {
    return List.of(bare, flannelVxlan, naruVxlan, flannelHostGw, naruDirect);
  }

  /**
   * A row each.
   *
   * @param vxlan what Naru's VXLAN has to reach
   * @param direct what its direct transport has to reach
   */
  List<Row> rows(ToDoubleFunction<Ends> measure, Goal vxlan, List<Goal> direct) {
    List<Row> rows = new ArrayList<>();
    rows.add(new Row("host to host", () -> measure.applyAsDouble(bare)));
    rows.add(new Row(FLANNEL_VXLAN, () -> measure.applyAsDouble(flannelVxlan)));
    rows.add(new Row("naru, vxlan", () -> measure.applyAsDouble(naruVxlan), vxlan));
    rows.add(new Row(FLANNEL_HOST_GW, () -> measure.applyAsDouble(flannelHostGw)));
    rows.add(
        new Row(
            "naru, direct", () -> measure.applyAsDouble(naruDirect), direct.stream().findFirst()));
    return rows;
  }
}
