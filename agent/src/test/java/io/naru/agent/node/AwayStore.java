package io.naru.agent.node;

import io.naru.core.address.Prefix;
import io.naru.core.cluster.ForeignNode;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.path.PathId;
import io.naru.core.path.PathNotice;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServiceWish;
import io.naru.store.ClusterSnapshot;
import io.naru.store.ClusterStore;
import io.naru.store.StoreCapability;
import io.naru.store.StoreListener;
import io.naru.store.StoreWatch;
import io.naru.store.Touched;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * A store that can be away as one behind a network is: what is asked of it hangs until it is back,
 * and its watch says nothing meanwhile; then it tells what it left out.
 */
final class AwayStore implements ClusterStore {
  private final ClusterStore store;
  private CountDownLatch there = new CountDownLatch(0);
  private Runnable backlog = () -> {};

  AwayStore(ClusterStore store) {
    this.store = store;
  }

  synchronized void leave(StoreListener listener) {
    there = new CountDownLatch(1);
    listener.disconnected("nobody answers");
  }

  void comeBack(StoreListener listener) {
    Runnable told;
    synchronized (this) {
      told = backlog;
      backlog = () -> {};
      there.countDown();
    }
    listener.connected();
    told.run();
  }

  private ClusterStore asked() {
    CountDownLatch latch;
    synchronized (this) {
      latch = there;
    }
    try {
      latch.await();
      return store;
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
      throw new NaruException(ErrorCode.UNAVAILABLE, "the store does not answer", end);
    }
  }

  @Override
  public StoreWatch watch(StoreListener listener) {
    return store.watch(
        new StoreListener() {
          @Override
          public void changed(ClusterSnapshot snapshot, Touched touched) {
            synchronized (AwayStore.this) {
              if (there.getCount() > 0) {
                backlog = () -> listener.changed(snapshot, new Touched(Set.of(), true, true));
                return;
              }
            }
            listener.changed(snapshot, touched);
          }
        });
  }

  @Override
  public Set<StoreCapability> capabilities() {
    return store.capabilities();
  }

  @Override
  public NetworkConfiguration configuration() {
    return asked().configuration();
  }

  @Override
  public ClusterSnapshot snapshot() {
    return asked().snapshot();
  }

  @Override
  public List<Prefix> claimPodCidrs(NodeName node, List<Prefix> wanted) {
    return asked().claimPodCidrs(node, wanted);
  }

  @Override
  public List<Prefix> claimExactPodCidrs(NodeName node, List<Prefix> exact) {
    return asked().claimExactPodCidrs(node, exact);
  }

  @Override
  public void publishNode(Node node) {
    asked().publishNode(node);
  }

  @Override
  public void registerForeignNodes(List<ForeignNode> nodes) {
    asked().registerForeignNodes(nodes);
  }

  @Override
  public void withdrawNode(NodeName node) {
    asked().withdrawNode(node);
  }

  @Override
  public void publishNotice(PathNotice notice) {
    asked().publishNotice(notice);
  }

  @Override
  public void withdrawNotice(PathId path, NodeName observer) {
    asked().withdrawNotice(path, observer);
  }

  @Override
  public List<Service> putServices(List<ServiceWish> wishes) {
    return asked().putServices(wishes);
  }

  @Override
  public void removeServices(List<ServiceName> names) {
    asked().removeServices(names);
  }

  @Override
  public void close() {
    store.close();
  }
}
