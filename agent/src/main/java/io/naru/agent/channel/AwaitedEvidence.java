package io.naru.agent.channel;

import io.naru.core.cluster.NodeName;
import io.naru.core.diagnosis.NodeEvidence;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Peers' evidence that is still to come: each of those who ask at the same time waits for it. */
final class AwaitedEvidence {
  private final Set<Place> places = ConcurrentHashMap.newKeySet();

  /**
   * Somebody who waits; compared by the future, so that two who ask the same have a place each.
   *
   * @param aboutUs whether the peer's evidence on the paths between the two will do
   */
  record Place(NodeName peer, boolean aboutUs, CompletableFuture<NodeEvidence> evidence) {}

  /** Waits from now on, until it is given up. */
  Place await(NodeName peer, boolean aboutUs) {
    Place place = new Place(peer, aboutUs, new CompletableFuture<>());
    places.add(place);
    return place;
  }

  /** Nobody waits there any more. */
  void giveUp(Place place) {
    places.remove(place);
  }

  /**
   * The peer's evidence came: all to whom it is enough have it.
   *
   * @param aboutUs whether the peer looked at nothing but the paths between the two
   */
  void testified(NodeName peer, NodeEvidence evidence, boolean aboutUs) {
    // A peer speaks for itself alone.
    if (!evidence.node().equals(peer.text())) {
      return;
    }
    for (Place place : places) {
      if (place.peer().equals(peer) && (place.aboutUs() || !aboutUs)) {
        place.evidence().complete(evidence);
      }
    }
  }
}
