package io.naru.store.embedded;

import io.naru.channel.file.PrivateFile;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.store.StoreCapability;
import io.naru.store.engine.EngineClusterStore;
import java.nio.file.Path;
import java.util.Set;

/** A cluster's store in a directory of this host. One program at a time may open it. */
public final class EmbeddedClusterStore extends EngineClusterStore {
  private EmbeddedClusterStore(MvStoreJournal journal) {
    super(journal.initial(), journal);
  }

  /**
   * Opens the store in a directory, or makes it.
   *
   * @param ifNew the configuration of a network that is made; an old one keeps its own
   * @throws io.naru.core.error.NaruException CONFLICT if another program has it open, MALFORMED if
   *     its file is damaged
   */
  public static EmbeddedClusterStore open(Path directory, NetworkConfiguration ifNew) {
    PrivateFile.directory(directory);
    return new EmbeddedClusterStore(MvStoreJournal.open(directory, ifNew));
  }

  @Override
  public Set<StoreCapability> capabilities() {
    return Set.of(StoreCapability.ASSIGNS_POD_CIDRS, StoreCapability.DURABLE);
  }
}
