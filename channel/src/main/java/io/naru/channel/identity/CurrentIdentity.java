package io.naru.channel.identity;

import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.function.Supplier;

/**
 * The identity that a node shows now. Its certificate is replaced from time to time, its name and
 * its key never are. Safe for use by several threads.
 */
public final class CurrentIdentity implements Supplier<NodeIdentity> {
  private volatile NodeIdentity identity;

  public CurrentIdentity(NodeIdentity identity) {
    this.identity = identity;
  }

  @Override
  public NodeIdentity get() {
    return identity;
  }

  /** The node's name, which all its certificates have. */
  public NodeName name() {
    return identity.name();
  }

  /**
   * Shows another certificate from the next handshake on; connections that are open stay.
   *
   * @throws NaruException NOT_AUTHENTICATED if it is for another name or key
   */
  public void replace(NodeIdentity renewed) {
    if (!renewed.name().equals(identity.name())
        || !renewed.fingerprint().equals(identity.fingerprint())) {
      throw new NaruException(
          ErrorCode.NOT_AUTHENTICATED, renewed + " cannot take the place of " + identity);
    }
    identity = renewed;
  }
}
