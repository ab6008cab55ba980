package io.naru.store.service;

import io.naru.channel.Peer;
import io.naru.channel.TcpAddress;
import io.naru.channel.identity.CertificateRequest;
import io.naru.channel.identity.ClusterAuthority;
import io.naru.channel.identity.JoinToken;
import io.naru.channel.identity.KeyFingerprint;
import io.naru.core.address.IpAddress;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.engine.EngineClusterStore;
import io.naru.store.state.Command;
import io.naru.store.state.TokenRecord;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lets nodes into the cluster: tokens, pinned keys, certificates. */
final class Admission {
  private final EngineClusterStore store;
  private final ClusterAuthority authority;
  private final InstantSource clock;
  private final JoinFailures failures;

  Admission(EngineClusterStore store, ClusterAuthority authority, InstantSource clock) {
    this.store = store;
    this.authority = authority;
    this.clock = clock;
    this.failures = new JoinFailures(clock);
  }

  JoinToken createToken(List<TcpAddress> servers, Duration validity) {
    if (validity.isNegative() || validity.isZero()) {
      throw new NaruException(ErrorCode.BAD_INPUT, "a token must be valid for at least a second");
    }
    JoinToken token = JoinToken.create(authority.fingerprint(), servers);
    TokenRecord kept =
        new TokenRecord(
            token.id(), TokenSecret.hash(token.secret()), clock.instant().plus(validity), 0);
    store.execute(new Command.AddToken(kept, clock.instant()));
    return token;
  }

  /** The certificates of a node that joins, in DER. */
  List<byte[]> join(StoreRequest.Join join, Peer peer, Optional<IpAddress> source) {
    boolean local = peer instanceof Peer.Local;
    if (!local) {
      failures.requirePatience(source);
    }
    try {
      if (join.node().equals(ClusterAuthority.SERVER)) {
        throw new NaruException(
            ErrorCode.BAD_INPUT, "no node may be called " + join.node() + "; choose another name");
      }
      String key =
          KeyFingerprint.of(
              CertificateRequest.verifiedKey(StoreRequest.bytes(join.certificateRequest())));
      store.execute(
          local
              ? new Command.PinKey(join.node(), key)
              : new Command.Join(
                  join.tokenId().orElse(""),
                  TokenSecret.hash(join.secret().orElse("")),
                  join.node(),
                  key,
                  clock.instant()));
    } catch (NaruException refused) {
      if (!local && refused.code() != ErrorCode.UNAVAILABLE) {
        failures.failed(source);
      }
      throw refused;
    }
    return issued(StoreRequest.bytes(join.certificateRequest()), join.node(), local);
  }

  /** New certificates for the key that a node joined with. */
  List<byte[]> renew(StoreRequest.Renewal renewal, Peer peer) {
    byte[] request = StoreRequest.bytes(renewal.certificateRequest());
    String key = KeyFingerprint.of(CertificateRequest.verifiedKey(request));
    return switch (peer) {
      case Peer.Authenticated node -> {
        if (!key.equals(node.keyFingerprint())) {
          throw new NaruException(
              ErrorCode.CONFLICT,
              "node " + node.name() + " asks a certificate for another key than it joined with");
        }
        yield issued(request, node.name(), false);
      }
      // The agent of the server's host, which relays: its key says which node it is.
      case Peer.Local _ -> issued(request, nodeOf(key), true);
      case Peer.Anonymous _ ->
          throw new NaruException(ErrorCode.BAD_INPUT, "only a node can renew its certificate");
    };
  }

  private NodeName nodeOf(String key) {
    return store.state().pinnedKeys().entrySet().stream()
        .filter(pinned -> pinned.getValue().equals(key))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.NOT_AUTHENTICATED,
                    "no node has joined with the key " + key + "; start this host's agent again"));
  }

  private List<byte[]> issued(byte[] request, NodeName node, boolean speaksForServer) {
    List<byte[]> chain = new ArrayList<>();
    try {
      for (X509Certificate certificate : authority.issue(request, node, speaksForServer)) {
        chain.add(certificate.getEncoded());
      }
    } catch (CertificateEncodingException e) {
      throw new NaruException(ErrorCode.INTERNAL, "a certificate cannot be written", e);
    }
    return chain;
  }
}
