package io.naru.agent.probe;

import io.naru.core.address.IpFamily;
import io.naru.core.probe.ProbePacket;
import io.naru.core.probe.ProbeSize;
import java.util.Random;

/** Decides which packets a made-up fabric loses. */
@FunctionalInterface
interface LossGenerator {
  LossGenerator NONE = probe -> false;

  boolean loses(ProbePacket probe);

  /** Loses all that one node sends. */
  static LossGenerator from(String node) {
    return probe -> probe.from().text().equals(node);
  }

  /** Loses a part, the same packets at every run. */
  static LossGenerator random(double part, long seed) {
    Random random = new Random(seed);
    return probe -> random.nextDouble() < part;
  }

  default LossGenerator onlyLarge() {
    return probe -> probe.size() == ProbeSize.FULL && loses(probe);
  }

  default LossGenerator ofFamily(IpFamily family) {
    return probe -> probe.family() == family && loses(probe);
  }

  default LossGenerator or(LossGenerator other) {
    return probe -> loses(probe) | other.loses(probe);
  }

  /** The same packets, lost only by one node's sending. */
  default LossGenerator andFrom(String node) {
    return probe -> loses(probe) & probe.from().text().equals(node);
  }
}
