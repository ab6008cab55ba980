package io.naru.store.state;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.path.PathNotice;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import java.util.List;
import java.util.Objects;

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
    @JsonSubTypes.Type(value = NoticeRemoved.class, name = "notice-removed"),
    @JsonSubTypes.Type(value = ServicePut.class, name = "service"),
    @JsonSubTypes.Type(value = ServiceRemoved.class, name = "service-removed")
  })
  sealed interface Shared extends StateEvent {}

  record ConfigurationSet(NetworkConfiguration configuration) implements Shared {
    public ConfigurationSet {
      Objects.requireNonNull(configuration, "configuration is missing");
    }
  }

  record NodePut(Node node) implements Shared {
    public NodePut {
      Objects.requireNonNull(node, "node is missing");
    }
  }

  record NodeRemoved(NodeName node) implements Shared {
    public NodeRemoved {
      Objects.requireNonNull(node, "node is missing");
    }
  }

  record KeyPut(NodeName node, String fingerprint) implements Shared {
    public KeyPut {
      Objects.requireNonNull(node, "node is missing");
      Objects.requireNonNull(fingerprint, "fingerprint is missing");
    }
  }

  record KeyRemoved(NodeName node) implements Shared {
    public KeyRemoved {
      Objects.requireNonNull(node, "node is missing");
    }
  }

  record NoticePut(PathNotice notice) implements Shared {
    public NoticePut {
      Objects.requireNonNull(notice, "notice is missing");
    }
  }

  record NoticeRemoved(NoticeKey key) implements Shared {
    public NoticeRemoved {
      Objects.requireNonNull(key, "key is missing");
    }
  }

  record ServicePut(Service service) implements Shared {
    public ServicePut {
      Objects.requireNonNull(service, "service is missing");
    }
  }

  record ServiceRemoved(ServiceName service) implements Shared {
    public ServiceRemoved {
      Objects.requireNonNull(service, "service is missing");
    }
  }

  record ClaimsPut(NodeName node, List<Prefix> podCidrs) implements StateEvent {
    public ClaimsPut {
      Objects.requireNonNull(node, "node is missing");
      podCidrs = List.copyOf(podCidrs);
    }
  }

  record ClaimsRemoved(NodeName node) implements StateEvent {}

  record TokenPut(TokenRecord token) implements StateEvent {}

  record TokenRemoved(String id) implements StateEvent {}

  record AuthoritySet(String fingerprint) implements StateEvent {}
}
