package io.naru.store.state;

import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may be in the cluster, and by which key. */
final class Membership {
  private Membership() {}

  static List<StateEvent> bind(ClusterState state, String fingerprint) {
    if (state.authority().isPresent() && !state.authority().get().equals(fingerprint)) {
      throw new NaruException(
          ErrorCode.CONFLICT,
          "this store belongs to the authority "
              + state.authority().get()
              + ", not to "
              + fingerprint
              + "; restore the data directory as a whole from one backup");
    }
    return state.authority().isPresent()
        ? List.of()
        : List.of(new StateEvent.AuthoritySet(fingerprint));
  }

  static List<StateEvent> addToken(ClusterState state, Command.AddToken add) {
    List<StateEvent> events = new ArrayList<>();
    state.tokens().values().stream()
        .filter(old -> !add.now().isBefore(old.expires()))
        .forEach(old -> events.add(new StateEvent.TokenRemoved(old.id())));
    events.add(new StateEvent.TokenPut(add.token()));
    return events;
  }

  static List<StateEvent> join(ClusterState state, Command.Join join) {
    TokenRecord token = state.tokens().get(join.tokenId());
    // The same sentence for both, so that nobody learns which tokens there are.
    if (!sameHash(token, join.secretHash()) || token == null) {
      throw new NaruException(
          ErrorCode.NOT_AUTHENTICATED,
          "the store does not know this join token; make one on the server with: naru token"
              + " create");
    }
    if (!join.now().isBefore(token.expires())) {
      throw new NaruException(
          ErrorCode.NOT_AUTHENTICATED,
          "this join token expired at "
              + token.expires()
              + "; make one on the server with: naru token create");
    }
    List<StateEvent> pinned = pin(state, join.node(), join.keyFingerprint());
    if (pinned.isEmpty()) {
      return List.of();
    }
    List<StateEvent> events = new ArrayList<>(pinned);
    events.add(
        new StateEvent.TokenPut(
            new TokenRecord(token.id(), token.secretHash(), token.expires(), token.uses() + 1)));
    return events;
  }

  private static boolean sameHash(@Nullable TokenRecord token, String hash) {
    String expected = token == null ? "0".repeat(64) : token.secretHash();
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), hash.getBytes(StandardCharsets.UTF_8));
  }

  static List<StateEvent> pin(ClusterState state, NodeName node, String fingerprint) {
    Node known = state.nodes().get(node);
    if (known != null && known.kind() == NodeKind.FOREIGN) {
      throw new NaruException(
          ErrorCode.CONFLICT,
          "node "
              + node
              + " is registered as one that runs no Naru; give this one another name, or if it now"
              + " runs Naru, type on the server: naru node rm "
              + node);
    }
    String pinned = state.pinnedKeys().get(node);
    if (pinned == null) {
      return List.of(new StateEvent.KeyPut(node, fingerprint));
    }
    if (pinned.equals(fingerprint)) {
      return List.of();
    }
    throw new NaruException(
        ErrorCode.CONFLICT,
        "a node "
            + node
            + " has joined with another key; give this one another name, or if that node is gone,"
            + " type on the server: naru node rm "
            + node);
  }
}
