package io.naru.channel;

import io.naru.core.cluster.NodeName;

/** Who is at the other end of a connection, as far as it was proved. */
public sealed interface Peer {
  /** A program on this host that may open a socket only root may open. */
  record Local() implements Peer {
    @Override
    public String toString() {
      return "a program on this host";
    }
  }

  /**
   * A holder of a certificate of our cluster's authority.
   *
   * @param name the name the certificate was issued to
   * @param keyFingerprint SHA-256 of its public key, base64url
   */
  record Authenticated(NodeName name, String keyFingerprint) implements Peer {
    @Override
    public String toString() {
      return "node " + name;
    }
  }

  /** Someone without a certificate: may ask to join and nothing else. */
  record Anonymous() implements Peer {
    @Override
    public String toString() {
      return "a host without a certificate";
    }
  }
}
