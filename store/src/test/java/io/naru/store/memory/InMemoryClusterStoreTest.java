package io.naru.store.memory;

import io.naru.core.configuration.NetworkConfiguration;
import io.naru.store.ClusterStore;
import io.naru.store.ClusterStoreContract;

class InMemoryClusterStoreTest extends ClusterStoreContract {
  @Override
  protected ClusterStore create(NetworkConfiguration configuration) {
    return new InMemoryClusterStore(configuration);
  }
}
