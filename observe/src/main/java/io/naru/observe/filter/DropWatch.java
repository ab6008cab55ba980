package io.naru.observe.filter;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DropReason;
import io.naru.core.error.NaruException;
import io.naru.linux.bpf.DropReasons;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Why the kernel throws away packets to a few UDP ports, for as long as it is open. */
public final class DropWatch implements AutoCloseable {
  private final Optional<DropReasons> reasons;

  private DropWatch(Optional<DropReasons> reasons) {
    this.reasons = reasons;
  }

  /**
   * Begins, in the network namespace of this thread.
   *
   * @param notChecked takes a sentence where this kernel does not tell, or not to us
   */
  public static DropWatch open(Set<Integer> ports, List<String> notChecked) {
    try {
      return new DropWatch(Optional.of(DropReasons.open(ports)));
    } catch (NaruException notTold) {
      notChecked.add("the kernel's reasons for what it drops: " + notTold.sentence());
      return new DropWatch(Optional.empty());
    }
  }

  /** Those so far. Each was counted in this namespace and by its port. */
  public List<DropReason> counted() {
    return reasons.map(DropReasons::counted).orElse(List.of()).stream()
        .map(each -> new DropReason(each.reason(), each.port(), each.packets(), Certainty.OBSERVED))
        .toList();
  }

  @Override
  public void close() {
    reasons.ifPresent(DropReasons::close);
  }
}
