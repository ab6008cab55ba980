package io.naru.cli.demo;

import io.naru.cli.command.Programs;
import io.naru.cli.command.ProgressLines;
import io.naru.cli.command.Readiness;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import io.naru.lab.Progress;
import io.naru.lab.topology.LabSpec;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The lab that a story is told on: it is gone afterwards, also after a failure or an interrupt. */
final class DemoLab {
  private static final Duration LONGEST_RECORD = Duration.ofSeconds(5);

  private final PrintWriter out;
  private final Stage stage;
  private final String name;
  private volatile boolean making;

  DemoLab(PrintWriter out, Stage stage, String name) {
    this.out = out;
    this.stage = stage;
    this.name = name;
  }

  /** Plays a whole story, and cleans up. */
  void during(Runnable story) {
    Thread cleanUp =
        Thread.ofPlatform()
            .unstarted(
                () -> {
                  stage.end();
                  awaitRecord();
                  down();
                });
    Runtime.getRuntime().addShutdownHook(cleanUp);
    down(); // of a demo that was killed
    try {
      story.run();
    } finally {
      down();
      if (!stage.hasEnded()) {
        Runtime.getRuntime().removeShutdownHook(cleanUp);
      }
    }
  }

  /** A lab that is about to be made can be removed as soon as it stands in the list of labs. */
  private void awaitRecord() {
    long deadline = System.nanoTime() + LONGEST_RECORD.toNanos();
    while (making && Lab.find(name).isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  /** Makes the lab, and returns when every agent knows every other. */
  void up(LabSpec spec) {
    making = true; // from here on either the interrupt waits, or this stands still
    if (stage.hasEnded()) {
      making = false;
      stage.standStill();
    }
    try {
      Progress progress = new ProgressLines(out);
      Readiness.await(Lab.up(spec, Programs.ofThisInstallation(), progress), progress);
    } finally {
      making = false;
    }
    out.println();
  }

  void down() {
    removeLab(name);
  }

  private static synchronized void removeLab(String name) {
    Lab.find(name).ifPresent(lab -> lab.down(text -> {}));
  }

  Lab lab() {
    return Lab.find(name).orElseThrow();
  }

  String address(String pod) {
    return lab().status().pods().stream()
        .filter(status -> status.name().equals(pod))
        .findFirst()
        .orElseThrow()
        .addresses()
        .getFirst()
        .toString();
  }

  /** The fault is real: it dropped something. */
  void requireHits(String fault) {
    boolean hit =
        lab().status().faults().stream()
            .anyMatch(status -> status.fault().equals(fault) && status.hits() > 0);
    if (!hit) {
      throw new NaruException(ErrorCode.INTERNAL, "the fault " + fault + " dropped nothing");
    }
  }
}
