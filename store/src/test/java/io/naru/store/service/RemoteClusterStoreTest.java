package io.naru.store.service;

import io.naru.core.configuration.NetworkConfiguration;
import io.naru.store.ClusterStore;
import io.naru.store.ClusterStoreContract;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract over a unix socket, with a store on disk behind it. */
class RemoteClusterStoreTest extends ClusterStoreContract {
  @TempDir private Path directory;
  private StoreServer server;

  private ClusterStore started(Optional<NetworkConfiguration> configuration) {
    Path socket = directory.resolve("s.sock");
    server = new StoreServer(directory.resolve("data"), socket, List.of(), configuration);
    server.start();
    return new RemoteClusterStore(Connector.unix(socket));
  }

  @Override
  protected ClusterStore create(NetworkConfiguration configuration) {
    return started(Optional.of(configuration));
  }

  @Override
  protected ClusterStore reopen() {
    server.close();
    return started(Optional.empty());
  }

  @AfterEach
  void stopServer() {
    server.close();
  }
}
