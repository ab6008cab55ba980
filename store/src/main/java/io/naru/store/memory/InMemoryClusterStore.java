package io.naru.store.memory;

import io.naru.core.configuration.NetworkConfiguration;
import io.naru.store.StoreCapability;
import io.naru.store.engine.EngineClusterStore;
import io.naru.store.engine.Journal;
import io.naru.store.state.ClusterState;
import java.util.Set;

/** A cluster's store in memory, with the same rules as one on disk. */
public final class InMemoryClusterStore extends EngineClusterStore {
  public InMemoryClusterStore(NetworkConfiguration configuration) {
    super(ClusterState.empty(configuration), Journal.none());
  }

  @Override
  public Set<StoreCapability> capabilities() {
    return Set.of(StoreCapability.ASSIGNS_POD_CIDRS);
  }
}
