package io.naru.bench;

import java.util.List;

/** How long a lab takes to stand: from the command to its end, every agent ready. */
record LabSuite(Installation naru) implements Suite {
  @Override
  public String name() {
    return "network-lab";
  }

  @Override
  public String unit() {
    return "s";
  }

  /** One of fifty nodes takes half a minute, up and down. */
  @Override
  public int rounds(int asked) {
    return Rounds.LEAST;
  }

  @Override
  public List<Row> rows() {
    return List.of(
        new Row("lab up, 3 nodes", () -> seconds(3), Goal.atMost(3)),
        new Row("lab up, 50 nodes", () -> seconds(50), Goal.atMost(60)));
  }

  private double seconds(int nodes) {
    long began = System.nanoTime();
    BenchLab lab = BenchLab.up(naru, "up", nodes, "vxlan");
    double taken = (System.nanoTime() - began) / 1e9;
    lab.down();
    return taken;
  }
}
