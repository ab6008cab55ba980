package io.naru.agent.loop;

import io.naru.core.cluster.Node;
import io.naru.core.error.NaruException;
import io.naru.store.ClusterStore;
import java.util.Optional;

/** Brings what this node says of itself to the store. */
@FunctionalInterface
public interface NodePublisher {
  /**
   * Sees to it that the store knows the node like this.
   *
   * @param wanted empty where the store knows it already
   * @return why that has not succeeded so far, a sentence
   */
  Optional<String> keep(Optional<Node> wanted);

  /** Waits for the store's answer each time. */
  static NodePublisher direct(ClusterStore store) {
    return wanted -> wanted.flatMap(node -> publish(store, node));
  }

  /** Why it was not taken, if so. */
  static Optional<String> publish(ClusterStore store, Node node) {
    try {
      store.publishNode(node);
      return Optional.empty();
    } catch (NaruException refused) {
      return Optional.of("the store does not take this node: " + refused.sentence());
    } catch (RuntimeException mistake) {
      // Whoever asks has to hear of it and ask again, or the node would stay unknown for good.
      return Optional.of("the store could not be told of this node: " + mistake);
    }
  }
}
