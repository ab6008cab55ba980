package io.naru.store.state;

import io.naru.core.cluster.NodeName;
import io.naru.core.path.PathId;
import io.naru.core.path.PathNotice;
import java.util.Objects;

/** What a notice is known by: each end of a path has at most one. */
public record NoticeKey(PathId path, NodeName observer) implements Comparable<NoticeKey> {
  public NoticeKey {
    Objects.requireNonNull(path, "path is missing");
    Objects.requireNonNull(observer, "observer is missing");
  }

  static NoticeKey of(PathNotice notice) {
    return new NoticeKey(notice.path(), notice.observer());
  }

  boolean names(NodeName node) {
    return path.from().equals(node) || path.to().equals(node) || observer.equals(node);
  }

  @Override
  public int compareTo(NoticeKey other) {
    int byPath = path.compareTo(other.path);
    return byPath != 0 ? byPath : observer.compareTo(other.observer);
  }

  @Override
  public String toString() {
    return path.from() + " " + path.to() + " " + path.transport() + " " + observer;
  }
}
