package io.naru.agent.pod;

import io.naru.agent.ipam.Lease;
import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.ipam.LeasePhase;
import io.naru.core.pod.PodAttachment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MTU that the node's pods should have now. A pod that cannot follow stays as it is, holds up
 * no other, and is tried again later.
 *
 * @param mtu in bytes
 */
record PodMtu(int mtu, LeaseBook leases, PodWiring wiring) {
  private static final Logger LOG = LoggerFactory.getLogger(PodMtu.class);

  /** Whether a pod that is attached has another. */
  boolean differsFrom(Lease lease) {
    return lease.phase() == LeasePhase.READY && lease.attachment().mtu() != mtu;
  }

  /** Both ends first, then the lease: a crash in between only makes it happen again. */
  void give(Lease lease) {
    PodAttachment attachment = lease.attachment();
    if (differsFrom(lease) && wiring.hasHostEnd(attachment)) {
      wiring.changeMtu(attachment, mtu);
      leases.change(attachment.withMtu(mtu));
      LOG.info("{} has MTU {} now, before {}", attachment.key(), mtu, attachment.mtu());
    }
  }
}
