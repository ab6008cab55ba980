package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import java.util.ArrayList;
import java.util.List;

/** What is said where no rule explains a path: the place, and what nobody looked at. */
final class Unexplained {
  private Unexplained() {}

  static Finding of(PathCase path) {
    List<String> notChecked = new ArrayList<>();
    if (path.sender().isEmpty()) {
      notChecked.add(path.word().from() + ": its agent could not be asked");
    }
    if (path.receiver().isEmpty()) {
      notChecked.add(path.word().to() + ": its agent could not be asked");
    }
    if (path.isLostAtSender()) {
      path.sender().ifPresent(node -> notChecked.addAll(node.filters().suspects(node.node())));
    }
    if (path.isLostAtReceiver()) {
      path.receiver().ifPresent(node -> notChecked.addAll(node.filters().suspects(node.node())));
    }
    String place =
        path.word().lastSeen().map(tap -> "are last seen at " + tap).orElse("are seen at no tap");
    return new Finding(
        Verdict.UNEXPLAINED,
        Verdict.UNEXPLAINED + " " + path.pair(),
        "packets from "
            + path.word().from()
            + " to "
            + path.word().to()
            + " "
            + place
            + "; "
            + path.word().reason(),
        Certainty.INFERRED,
        List.of(path.word().reason()),
        List.of(),
        notChecked,
        List.of(
            Remedy.judged(
                "look at both ends at once",
                "tcpdump -ni any udp port " + path.vxlanPort() + " or icmp")));
  }
}
