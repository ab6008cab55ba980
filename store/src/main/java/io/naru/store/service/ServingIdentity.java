package io.naru.store.service;

import io.naru.channel.identity.ClusterAuthority;
import io.naru.channel.identity.NodeIdentity;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What the server shows to those who connect. It has the authority at hand, so it makes a new
 * certificate whenever a handshake finds that the old one is due.
 */
final class ServingIdentity implements Supplier<NodeIdentity> {
  private final ClusterAuthority authority;
  private final InstantSource clock;
  private NodeIdentity identity;

  ServingIdentity(ClusterAuthority authority, InstantSource clock) {
    this.authority = authority;
    this.clock = clock;
    this.identity = authority.serverIdentity();
  }

  @Override
  public synchronized NodeIdentity get() {
    if (identity.renewalIsDue(clock.instant())) {
      identity = authority.serverIdentity();
    }
    return identity;
  }
}
