package io.naru.agent.loop;

import io.naru.agent.kernel.KernelWriter;
import io.naru.core.desired.EntryOwner;
import io.naru.core.desired.NodeView;
import java.util.ArrayList;
import java.util.List;

/** What the kernel refused, as sentences that name the peer each is about. */
final class Refusals {
  /** Who reads them wants the reason, not five thousand times the same. */
  private static final int MOST = 50;

  private Refusals() {}

  static List<String> told(NodeView view, List<KernelWriter.Failure> failures) {
    List<String> sentences = new ArrayList<>();
    failures.stream().limit(MOST).map(failure -> told(view, failure)).forEach(sentences::add);
    if (failures.size() > MOST) {
      sentences.add("and " + (failures.size() - MOST) + " more like these");
    }
    return List.copyOf(sentences);
  }

  private static String told(NodeView view, KernelWriter.Failure failure) {
    return EntryOwner.of(view, failure.operation().entry())
            .map(peer -> "peer " + peer + ": ")
            .orElse("")
        + failure.text();
  }
}
