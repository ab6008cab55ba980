package io.naru.channel.tls;

import io.naru.channel.identity.NodeIdentity;
import java.util.function.Supplier;

/**
 * TLS with the identity that counts now. A new certificate comes with a new context, so that no
 * resumed session (RFC 8446, 2.2) lives on with the old one.
 */
final class CurrentTlsContext implements Supplier<TlsContext> {
  private final Supplier<NodeIdentity> identities;
  private Made made;

  private record Made(NodeIdentity identity, TlsContext context) {
    static Made of(NodeIdentity identity) {
      return new Made(identity, TlsContext.of(identity));
    }
  }

  CurrentTlsContext(Supplier<NodeIdentity> identities) {
    this.identities = identities;
    this.made = Made.of(identities.get());
  }

  @Override
  public synchronized TlsContext get() {
    NodeIdentity now = identities.get();
    if (!now.chain().equals(made.identity().chain())) {
      made = Made.of(now);
    }
    return made.context();
  }
}
