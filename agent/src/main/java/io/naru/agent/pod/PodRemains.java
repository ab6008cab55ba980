package io.naru.agent.pod;

import io.naru.agent.ipam.Lease;
import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.ipam.LeasePhase;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.PodAttachment;
import io.naru.linux.route.Link;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is left over of pods: leases without a pod, interfaces without a lease. */
record PodRemains(LeaseBook leases, PodWiring wiring) {
  private static final Logger LOG = LoggerFactory.getLogger(PodRemains.class);

  /** Whether nothing of the pod that has the lease is there any more, or was never finished. */
  boolean isDead(Lease lease) {
    PodAttachment attachment = lease.attachment();
    return lease.phase() == LeasePhase.PREPARING
        || (!wiring.hasHostEnd(attachment) && !PodNamespace.exists(attachment.netnsPath()));
  }

  /** The lease of that attachment, if it is still the same. */
  Optional<Lease> unchanged(PodAttachment attachment) {
    return leases.find(attachment.key()).filter(now -> now.attachment().equals(attachment));
  }

  void removeOrphan(Link link, AttachmentKey key) {
    if (leases.find(key).isEmpty()) {
      LOG.info("removing {}: {} has no lease", link.name(), key);
      wiring.delete(link);
    }
  }

  void removeByAlias(String alias) {
    for (Link link : wiring.hostEnds()) {
      if (link.alias().equals(alias)) {
        wiring.delete(link);
      }
    }
  }
}
