package io.naru.store.service;

import io.naru.channel.TcpAddress;
import io.naru.channel.frame.Json;
import io.naru.channel.identity.JoinToken;
import io.naru.channel.identity.NodeIdentity;
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
import io.naru.store.engine.FeedWatch;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import tools.jackson.databind.JsonNode;

/**
 * A store that another program serves. It connects by itself and again after every loss; a request
 * waits for the connection until its deadline; watches go on where they were.
 */
public final class RemoteClusterStore implements ClusterStore {
  private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(10);
  private static final Duration EACH_SERVICE = Duration.ofMillis(1);

  private final StoreConnection connection;
  private final Duration deadline;

  /** A store behind a connector; each request may take ten seconds. */
  public RemoteClusterStore(Connector connector) {
    this(connector, DEFAULT_DEADLINE);
  }

  /** A store behind a connector, and how long each request may take in all. */
  public RemoteClusterStore(Connector connector, Duration deadline) {
    this.connection = StoreConnection.start(connector);
    this.deadline = deadline;
  }

  /**
   * Connects anew: whoever knows that the connection's address is gone need not wait until silence
   * tells.
   */
  public void reconnect() {
    connection.reconnect();
  }

  @Override
  public Set<StoreCapability> capabilities() {
    return Set.of(
        StoreCapability.ASSIGNS_POD_CIDRS,
        StoreCapability.DURABLE,
        StoreCapability.REMOTE,
        StoreCapability.SURVIVES_RECONNECT);
  }

  @Override
  public NetworkConfiguration configuration() {
    return Json.read(ask(new StoreRequest.Configuration()), NetworkConfiguration.class);
  }

  @Override
  public ClusterSnapshot snapshot() {
    return Json.read(ask(new StoreRequest.Snapshot()), ClusterSnapshot.class);
  }

  @Override
  public List<Prefix> claimPodCidrs(NodeName node, List<Prefix> wanted) {
    return prefixes(ask(new StoreRequest.Claim(node, wanted, false)));
  }

  @Override
  public List<Prefix> claimExactPodCidrs(NodeName node, List<Prefix> exact) {
    return prefixes(ask(new StoreRequest.Claim(node, exact, true)));
  }

  private static List<Prefix> prefixes(JsonNode value) {
    return List.copyOf(Arrays.asList(Json.read(value, Prefix[].class)));
  }

  @Override
  public void publishNode(Node node) {
    ask(new StoreRequest.Publish(node));
  }

  @Override
  public void registerForeignNodes(List<ForeignNode> nodes) {
    ask(new StoreRequest.Registration(nodes));
  }

  @Override
  public void withdrawNode(NodeName node) {
    ask(new StoreRequest.Withdraw(node));
  }

  /**
   * Forgets a node because a person says so; only through the socket of the server's own host.
   *
   * @param force also one whose agent is connected to the store: it is cut off
   * @throws NaruException NOT_FOUND if there is no such node; CONFLICT if its agent is connected
   */
  public void removeNode(NodeName node, boolean force) {
    ask(new StoreRequest.Removal(node, force));
  }

  @Override
  public void publishNotice(PathNotice notice) {
    ask(new StoreRequest.Notice(notice));
  }

  @Override
  public void withdrawNotice(PathId path, NodeName observer) {
    ask(new StoreRequest.NoticeWithdrawal(path, observer));
  }

  @Override
  public List<Service> putServices(List<ServiceWish> wishes) {
    // Tens of thousands of them take their time on the way.
    Duration limit = deadline.plus(EACH_SERVICE.multipliedBy(wishes.size()));
    return List.of(Json.read(ask(new StoreRequest.ServicesPut(wishes), limit), Service[].class));
  }

  @Override
  public void removeServices(List<ServiceName> names) {
    ask(new StoreRequest.ServicesRemoval(names));
  }

  @Override
  public StoreWatch watch(StoreListener listener) {
    connection.wantWatch();
    return FeedWatch.start(connection.feed(), listener);
  }

  /** Makes a token; only through the socket of the server's own host. */
  public JoinToken createToken(List<TcpAddress> servers, Duration validity) {
    JsonNode answer =
        ask(
            new StoreRequest.Token(
                servers.stream().map(TcpAddress::toString).toList(), validity.toSeconds()));
    return JoinToken.parse(answer.path("token").asString(""));
  }

  /** The same key with a new certificate; the caller saves it. */
  public NodeIdentity renew(NodeIdentity identity) {
    return identity.renew(
        Joining.certificates(
            ask(new StoreRequest.Renewal(StoreRequest.text(identity.renewalRequest())))));
  }

  private JsonNode ask(StoreRequest request) {
    return ask(request, deadline);
  }

  private JsonNode ask(StoreRequest request, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      StoreClientSession session =
          connection.session(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      try {
        Duration left = Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
        return StoreClientSession.await(session.send(request), left);
      } catch (CancellationException lost) {
        // Every request may be repeated without harm: it waits for the next connection.
        connection.lost(session);
      } catch (NaruException e) {
        if (e.code() != ErrorCode.UNAVAILABLE || System.nanoTime() >= end) {
          throw e;
        }
        connection.lost(session);
      }
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
