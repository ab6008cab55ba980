package io.naru.lab;

import io.naru.lab.topology.FirewallPolicy;
import io.naru.lab.topology.LabSpec;
import java.util.concurrent.atomic.AtomicInteger;

/** Brings a lab up and dies without a word at one of its steps. Arguments: name, number of step. */
final class UpUntil {
  private UpUntil() {}

  public static void main(String[] arguments) {
    var left = new AtomicInteger(Integer.parseInt(arguments[1]));
    Lab.up(
        new LabSpec(arguments[0], 3, 2, true, "auto", "auto", FirewallPolicy.DEFAULT_DENY),
        TestLab.programs(),
        step -> {
          System.out.println(step);
          if (left.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(9);
          }
        });
    System.out.println("up");
    Runtime.getRuntime().halt(0);
  }
}
