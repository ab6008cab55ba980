package io.naru.store.service;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.ForeignNode;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.path.PathId;
import io.naru.core.path.PathNotice;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServiceWish;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a client may ask a store service for. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = StoreRequest.Ping.class, name = "ping"),
  @JsonSubTypes.Type(value = StoreRequest.Configuration.class, name = "configuration"),
  @JsonSubTypes.Type(value = StoreRequest.Snapshot.class, name = "snapshot"),
  @JsonSubTypes.Type(value = StoreRequest.Claim.class, name = "claim"),
  @JsonSubTypes.Type(value = StoreRequest.Publish.class, name = "publish"),
  @JsonSubTypes.Type(value = StoreRequest.Registration.class, name = "registration"),
  @JsonSubTypes.Type(value = StoreRequest.ServicesPut.class, name = "services-put"),
  @JsonSubTypes.Type(value = StoreRequest.ServicesRemoval.class, name = "services-removal"),
  @JsonSubTypes.Type(value = StoreRequest.Withdraw.class, name = "withdraw"),
  @JsonSubTypes.Type(value = StoreRequest.Removal.class, name = "removal"),
  @JsonSubTypes.Type(value = StoreRequest.Notice.class, name = "notice"),
  @JsonSubTypes.Type(value = StoreRequest.NoticeWithdrawal.class, name = "notice-withdrawal"),
  @JsonSubTypes.Type(value = StoreRequest.Watch.class, name = "watch"),
  @JsonSubTypes.Type(value = StoreRequest.Token.class, name = "token"),
  @JsonSubTypes.Type(value = StoreRequest.Join.class, name = "join"),
  @JsonSubTypes.Type(value = StoreRequest.Renewal.class, name = "renewal")
})
sealed interface StoreRequest {
  /** Shows that the client lives, and asks for the same. */
  record Ping() implements StoreRequest {}

  record Configuration() implements StoreRequest {}

  record Snapshot() implements StoreRequest {}

  /**
   * @param exact whether only these blocks will do
   */
  record Claim(NodeName node, List<Prefix> podCidrs, boolean exact) implements StoreRequest {
    public Claim {
      podCidrs = List.copyOf(podCidrs);
      Objects.requireNonNull(node, "node is missing");
    }
  }

  record Publish(io.naru.core.cluster.Node node) implements StoreRequest {
    public Publish {
      Objects.requireNonNull(node, "node is missing");
    }
  }

  /** Tunnel end points that run no Naru, all of them or none. */
  record Registration(List<ForeignNode> nodes) implements StoreRequest {
    public Registration {
      nodes = List.copyOf(nodes);
    }
  }

  /** Services to put there, all of them or none; the answer is the services as they are then. */
  record ServicesPut(List<ServiceWish> wishes) implements StoreRequest {
    public ServicesPut {
      wishes = List.copyOf(wishes);
    }
  }

  /** Services to remove, all of them or none. */
  record ServicesRemoval(List<ServiceName> names) implements StoreRequest {
    public ServicesRemoval {
      names = List.copyOf(names);
    }
  }

  record Withdraw(NodeName node) implements StoreRequest {
    public Withdraw {
      Objects.requireNonNull(node, "node is missing");
    }
  }

  /**
   * A person's wish to be rid of a node.
   *
   * @param force also one whose agent is connected
   */
  record Removal(NodeName node, boolean force) implements StoreRequest {
    public Removal {
      Objects.requireNonNull(node, "node is missing");
    }
  }

  record Notice(PathNotice notice) implements StoreRequest {
    public Notice {
      Objects.requireNonNull(notice, "notice is missing");
    }
  }

  record NoticeWithdrawal(PathId path, NodeName observer) implements StoreRequest {
    public NoticeWithdrawal {
      Objects.requireNonNull(path, "path is missing");
      Objects.requireNonNull(observer, "observer is missing");
    }
  }

  /**
   * @param epoch of the server whose revision the client has, if it has one
   * @param revision the client's
   */
  record Watch(Optional<String> epoch, long revision) implements StoreRequest {
    public Watch {
      Objects.requireNonNull(epoch, "epoch is missing");
    }
  }

  /**
   * @param servers addresses like {@code 192.0.2.1:8472} to put into the token
   */
  record Token(List<String> servers, long seconds) implements StoreRequest {
    public Token {
      servers = List.copyOf(servers);
    }
  }

  /**
   * @param certificateRequest PKCS #10 in DER, as base64
   * @param tokenId and the secret: absent from a program of the server's own host
   */
  record Join(
      NodeName node, String certificateRequest, Optional<String> tokenId, Optional<String> secret)
      implements StoreRequest {
    public Join {
      Objects.requireNonNull(node, "node is missing");
      Objects.requireNonNull(certificateRequest, "certificateRequest is missing");
      Objects.requireNonNull(tokenId, "tokenId is missing");
      Objects.requireNonNull(secret, "secret is missing");
    }
  }

  /** Bytes as base64 says them; MALFORMED if it says none. */
  static byte[] bytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new NaruException(ErrorCode.MALFORMED, "a certificate request must be base64", e);
    }
  }

  /** Base64 of bytes. */
  static String text(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** A new certificate for the key that the client has already. */
  record Renewal(String certificateRequest) implements StoreRequest {
    public Renewal {
      Objects.requireNonNull(certificateRequest, "certificateRequest is missing");
    }
  }

  /** A request with the number its answer will have. */
  record Numbered(long id, StoreRequest request) {
    public Numbered {
      Objects.requireNonNull(request, "request is missing");
    }
  }
}
