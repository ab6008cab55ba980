package io.naru.store.state;

import io.naru.core.address.Prefix;
import io.naru.core.cluster.ForeignNode;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.path.PathId;
import io.naru.core.path.PathNotice;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServiceWish;
import java.time.Instant;
import java.util.List;

/** What someone wants of the store. */
public sealed interface Command {
  /** Blocks for a node, those wanted if possible. */
  record ClaimPodCidrs(NodeName node, List<Prefix> wanted) implements Command {
    public ClaimPodCidrs {
      wanted = List.copyOf(wanted);
    }
  }

  /** These blocks and no others. */
  record ClaimExactPodCidrs(NodeName node, List<Prefix> exact) implements Command {
    public ClaimExactPodCidrs {
      exact = List.copyOf(exact);
    }
  }

  record PublishNode(Node node) implements Command {}

  /** All of them or none. */
  record RegisterForeignNodes(List<ForeignNode> nodes) implements Command {
    public RegisterForeignNodes {
      nodes = List.copyOf(nodes);
    }
  }

  record WithdrawNode(NodeName node) implements Command {}

  record PublishNotice(PathNotice notice) implements Command {}

  record WithdrawNotice(PathId path, NodeName observer) implements Command {}

  /** All of them or none. */
  record PutServices(List<ServiceWish> wishes) implements Command {
    public PutServices {
      wishes = List.copyOf(wishes);
    }
  }

  /** All of them or none. */
  record RemoveServices(List<ServiceName> names) implements Command {
    public RemoveServices {
      names = List.copyOf(names);
    }
  }

  record ChangeConfiguration(NetworkConfiguration configuration) implements Command {}

  /** The authority whose certificates this cluster's nodes have. */
  record BindAuthority(String fingerprint) implements Command {}

  /** A new token; tokens that expired before {@code now} are forgotten. */
  record AddToken(TokenRecord token, Instant now) implements Command {}

  /** Someone who shows a token's secret wants its key to stand for a node. */
  record Join(String tokenId, String secretHash, NodeName node, String keyFingerprint, Instant now)
      implements Command {}

  /** A program of the server's own host wants its key to stand for a node. */
  record PinKey(NodeName node, String keyFingerprint) implements Command {}
}
