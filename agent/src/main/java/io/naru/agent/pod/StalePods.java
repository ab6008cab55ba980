package io.naru.agent.pod;

import io.naru.agent.ipam.Lease;
import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.ipam.LeasePhase;
import io.naru.core.error.NaruException;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.HostEnd;
import io.naru.core.pod.PodAttachment;
import io.naru.linux.route.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Attachments that no pod uses any more, and their removal without a DEL. */
final class StalePods {
  private static final Logger LOG = LoggerFactory.getLogger(StalePods.class);

  private final LeaseBook leases;
  private final PodWiring wiring;
  private final KeyedLocks locks;
  private final Consumer<AttachmentKey> changed;

  StalePods(LeaseBook leases, PodWiring wiring, KeyedLocks locks, Consumer<AttachmentKey> changed) {
    this.leases = leases;
    this.wiring = wiring;
    this.locks = locks;
    this.changed = changed;
  }

  /** First the wiring, then the lease: a crash in between leaves what the next clean-up finds. */
  void remove(PodAttachment attachment) {
    wiring.detach(attachment);
    leases.release(attachment.key());
  }

  /**
   * Removes the attachments of a network that its runtime does not name.
   *
   * @throws NaruException after all were tried, if one could not be removed
   */
  void collect(String network, Set<AttachmentKey> valid) {
    List<NaruException> failures = new ArrayList<>();
    for (Lease lease : leases.all()) {
      AttachmentKey key = lease.attachment().key();
      if (lease.attachment().network().equals(network) && !valid.contains(key)) {
        try {
          collectOne(lease);
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

  /** One that was being added when the runtime made its list is not stale. */
  private void collectOne(Lease seen) {
    AttachmentKey key = seen.attachment().key();
    boolean removed =
        locks.call(
            key.containerId(),
            () -> {
              if (!leases.find(key).filter(seen::equals).isPresent()) {
                return false;
              }
              LOG.info("{} is not known to its runtime any more", key);
              remove(seen.attachment());
              return true;
            });
    if (removed) {
      changed.accept(key);
    }
  }

  /**
   * Removes what no pod uses: attachments that a crash cut short, leases of pods that went without
   * a DEL, interfaces of ours without a lease. Running pods stay as they are, and those that are
   * being attached. What cannot be removed now keeps its lease, and does not hold up the others.
   */
  void clean() {
    for (Lease lease : leases.all()) {
      AttachmentKey key = lease.attachment().key();
      alone(key, () -> leases.find(key).filter(this::isDead).ifPresent(dead -> removeDead(dead)));
    }
    for (Link link : wiring.hostEnds()) {
      HostEnd.keyOf(link.alias()).ifPresent(key -> alone(key, () -> removeOrphan(link, key)));
    }
  }

  /** Removes a pod that its runtime lost, if nothing happened to it since. */
  void removeLost(PodAttachment lost) {
    AttachmentKey key = lost.key();
    alone(
        key,
        () ->
            leases
                .find(key)
                .filter(lease -> lease.attachment().equals(lost))
                .ifPresent(this::removeDead));
  }

  /** Does something while nobody else works on that container; a failure only tells the log. */
  void alone(AttachmentKey key, Runnable work) {
    try {
      locks.run(key.containerId(), work);
    } catch (RuntimeException odd) {
      LOG.error("{} stays as it is for now: {}", key, odd.getMessage());
    }
  }

  private void removeOrphan(Link link, AttachmentKey key) {
    if (leases.find(key).isEmpty()) {
      LOG.info("removing {}: {} has no lease", link.name(), key);
      wiring.delete(link);
    }
  }

  /** Whether a crash cut it short, or its pod is gone. */
  boolean isDead(Lease lease) {
    PodAttachment attachment = lease.attachment();
    return lease.phase() == LeasePhase.PREPARING
        || (!wiring.hasHostEnd(attachment) && !PodNamespace.exists(attachment.netnsPath()));
  }

  private void removeDead(Lease lease) {
    LOG.info("removing what is left over of {}", lease.attachment().key());
    remove(lease.attachment());
    changed.accept(lease.attachment().key());
  }
}
