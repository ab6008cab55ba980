package io.naru.store;

import io.naru.core.cluster.NodeName;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a watch said. */
public final class RecordingListener implements StoreListener {
  /** One call of {@link #changed}. */
  public record Call(ClusterSnapshot snapshot, Touched touched) {}

  public final List<Call> calls = new CopyOnWriteArrayList<>();
  public final List<String> statuses = new CopyOnWriteArrayList<>();

  @Override
  public void changed(ClusterSnapshot snapshot, Touched touched) {
    calls.add(new Call(snapshot, touched));
  }

  @Override
  public void connected() {
    statuses.add("connected");
  }

  @Override
  public void disconnected(String why) {
    statuses.add(why);
  }

  public ClusterSnapshot last() {
    return calls.getLast().snapshot();
  }

  /** All names that were touched after the first call. */
  public Set<NodeName> touched() {
    Set<NodeName> names = new java.util.TreeSet<>();
    calls.stream().skip(1).forEach(call -> names.addAll(call.touched().nodes()));
    return names;
  }
}
