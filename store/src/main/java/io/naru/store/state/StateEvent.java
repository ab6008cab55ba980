package io.naru.store.state;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.path.PathNotice;
import java.util.List;

/** One thing that changed. */
public sealed interface StateEvent {
  /** What every node may see. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ConfigurationSet.class, name = "configuration"),
    @JsonSubTypes.Type(value = NodePut.class, name = "node"),
    @JsonSubTypes.Type(value = NodeRemoved.class, name = "node-removed"),
    @JsonSubTypes.Type(value = KeyPut.class, name = "key"),
    @JsonSubTypes.Type(value = KeyRemoved.class, name = "key-removed"),
    @JsonSubTypes.Type(value = NoticePut.class, name = "notice"),
    @JsonSubTypes.Type(value = NoticeRemoved.class, name = "notice-removed")
  })
  sealed interface Shared extends StateEvent {}

  record ConfigurationSet(NetworkConfiguration configuration) implements Shared {}

  record NodePut(Node node) implements Shared {}

  record NodeRemoved(NodeName node) implements Shared {}

  record KeyPut(NodeName node, String fingerprint) implements Shared {}

  record KeyRemoved(NodeName node) implements Shared {}

  record NoticePut(PathNotice notice) implements Shared {}

  record NoticeRemoved(NoticeKey key) implements Shared {}

  record ClaimsPut(NodeName node, List<Prefix> podCidrs) implements StateEvent {
    public ClaimsPut {
      podCidrs = List.copyOf(podCidrs);
    }
  }

  record ClaimsRemoved(NodeName node) implements StateEvent {}

  record TokenPut(TokenRecord token) implements StateEvent {}

  record TokenRemoved(String id) implements StateEvent {}

  record AuthoritySet(String fingerprint) implements StateEvent {}
}
