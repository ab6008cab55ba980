package io.naru.agent.pod;

import io.naru.agent.ipam.Lease;
import io.naru.core.error.NaruException;
import io.naru.core.pod.AttachmentKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What GC is about: attachments of a network that its runtime does not know any more.
 *
 * @param leases all of the node
 * @param network only its own are touched
 * @param valid what the runtime still knows
 */
record StaleAttachments(List<Lease> leases, String network, Set<AttachmentKey> valid) {
  StaleAttachments {
    leases = List.copyOf(leases);
    valid = Set.copyOf(valid);
  }

  /**
   * Does it with each; one that fails does not hold up the others.
   *
   * @throws NaruException what failed, all of it
   */
  void forEach(Consumer<Lease> removal) {
    List<NaruException> failures = new ArrayList<>();
    for (Lease lease : leases) {
      if (lease.attachment().network().equals(network)
          && !valid.contains(lease.attachment().key())) {
        try {
          removal.accept(lease);
        } catch (NaruException stuck) {
          failures.add(stuck);
        }
      }
    }
    if (!failures.isEmpty()) {
      throw new NaruException(
          failures.getFirst().code(),
          failures.size()
              + " attachments could not be removed: "
              + failures.stream().map(NaruException::sentence).collect(Collectors.joining("; ")),
          failures.getFirst());
    }
  }
}
