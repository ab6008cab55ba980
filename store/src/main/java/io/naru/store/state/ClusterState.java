package io.naru.store.state;

import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.path.PathNotice;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.store.ClusterSnapshot;
import io.naru.store.SharedMap;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that a store knows.
 *
 * @param revision number of changes so far
 * @param configuration of the network
 * @param authority fingerprint of the authority, once there is one
 * @param claims each node's blocks
 * @param nodes those that have published themselves
 * @param pinnedKeys fingerprint of each node's key
 * @param notices paths in trouble
 * @param tokens by id
 * @param services by name
 */
public record ClusterState(
    long revision,
    NetworkConfiguration configuration,
    Optional<String> authority,
    SortedMap<NodeName, List<Prefix>> claims,
    SortedMap<NodeName, Node> nodes,
    SortedMap<NodeName, String> pinnedKeys,
    SortedMap<NoticeKey, PathNotice> notices,
    SortedMap<String, TokenRecord> tokens,
    SortedMap<ServiceName, Service> services) {
  /** A cluster without a node. */
  public static ClusterState empty(NetworkConfiguration configuration) {
    return new ClusterState(
        0,
        configuration,
        Optional.empty(),
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        Collections.emptySortedMap());
  }

  /** The part that every node may see. */
  public ClusterSnapshot snapshot() {
    return new ClusterSnapshot(
        revision, configuration, nodes, pinnedKeys, List.copyOf(notices.values()), services);
  }

  /** The state after one change more. */
  public ClusterState after(List<? extends StateEvent> events) {
    return at(revision + 1).withAll(events);
  }

  /**
   * The contents after events, at the same revision; runs of nodes, claims or services cost one
   * copy.
   */
  public ClusterState withAll(List<? extends StateEvent> events) {
    ClusterState state = this;
    TreeMap<NodeName, Node> newNodes = new TreeMap<>();
    TreeMap<NodeName, List<Prefix>> newClaims = new TreeMap<>();
    TreeMap<ServiceName, Optional<Service>> newServices = new TreeMap<>();
    for (StateEvent event : events) {
      switch (event) {
        case StateEvent.NodePut put -> newNodes.put(put.node().name(), put.node());
        case StateEvent.ClaimsPut put -> newClaims.put(put.node(), put.podCidrs());
        case StateEvent.ServicePut put ->
            newServices.put(put.service().name(), Optional.of(put.service()));
        case StateEvent.ServiceRemoved removed ->
            newServices.put(removed.service(), Optional.empty());
        default -> {
          state = state.withPut(newNodes, newClaims, newServices).with(event);
          newNodes.clear();
          newClaims.clear();
          newServices.clear();
        }
      }
    }
    return state.withPut(newNodes, newClaims, newServices);
  }

  private ClusterState withPut(
      SortedMap<NodeName, Node> newNodes,
      SortedMap<NodeName, List<Prefix>> newClaims,
      SortedMap<ServiceName, Optional<Service>> newServices) {
    ClusterState state = this;
    if (!newServices.isEmpty()) {
      state = state.withServices(SharedMap.of(services).withEach(newServices));
    }
    if (!newNodes.isEmpty()) {
      state = state.withNodes(SharedMap.of(nodes).withAll(newNodes));
    }
    return newClaims.isEmpty() ? state : state.withClaims(SharedMap.of(claims).withAll(newClaims));
  }

  /** The same contents at another revision. */
  public ClusterState at(long other) {
    return new ClusterState(
        other, configuration, authority, claims, nodes, pinnedKeys, notices, tokens, services);
  }

  /** The contents after an event, at the same revision. */
  public ClusterState with(StateEvent event) {
    return switch (event) {
      case StateEvent.ConfigurationSet set ->
          new ClusterState(
              revision,
              set.configuration(),
              authority,
              claims,
              nodes,
              pinnedKeys,
              notices,
              tokens,
              services);
      case StateEvent.AuthoritySet set ->
          new ClusterState(
              revision,
              configuration,
              Optional.of(set.fingerprint()),
              claims,
              nodes,
              pinnedKeys,
              notices,
              tokens,
              services);
      case StateEvent.ClaimsPut put -> withClaims(put(claims, put.node(), put.podCidrs()));
      case StateEvent.ClaimsRemoved removed -> withClaims(remove(claims, removed.node()));
      case StateEvent.NodePut put -> withNodes(put(nodes, put.node().name(), put.node()));
      case StateEvent.NodeRemoved removed -> withNodes(remove(nodes, removed.node()));
      case StateEvent.KeyPut put -> withKeys(put(pinnedKeys, put.node(), put.fingerprint()));
      case StateEvent.KeyRemoved removed -> withKeys(remove(pinnedKeys, removed.node()));
      case StateEvent.NoticePut put ->
          withNotices(put(notices, NoticeKey.of(put.notice()), put.notice()));
      case StateEvent.NoticeRemoved removed -> withNotices(remove(notices, removed.key()));
      case StateEvent.ServicePut put ->
          withServices(put(services, put.service().name(), put.service()));
      case StateEvent.ServiceRemoved removed -> withServices(remove(services, removed.service()));
      case StateEvent.TokenPut put -> withTokens(put(tokens, put.token().id(), put.token()));
      case StateEvent.TokenRemoved removed -> withTokens(remove(tokens, removed.id()));
    };
  }

  private ClusterState withClaims(SortedMap<NodeName, List<Prefix>> changed) {
    return new ClusterState(
        revision, configuration, authority, changed, nodes, pinnedKeys, notices, tokens, services);
  }

  private ClusterState withNodes(SortedMap<NodeName, Node> changed) {
    return new ClusterState(
        revision, configuration, authority, claims, changed, pinnedKeys, notices, tokens, services);
  }

  private ClusterState withKeys(SortedMap<NodeName, String> changed) {
    return new ClusterState(
        revision, configuration, authority, claims, nodes, changed, notices, tokens, services);
  }

  private ClusterState withNotices(SortedMap<NoticeKey, PathNotice> changed) {
    return new ClusterState(
        revision, configuration, authority, claims, nodes, pinnedKeys, changed, tokens, services);
  }

  private ClusterState withTokens(SortedMap<String, TokenRecord> changed) {
    return new ClusterState(
        revision, configuration, authority, claims, nodes, pinnedKeys, notices, changed, services);
  }

  private ClusterState withServices(SortedMap<ServiceName, Service> changed) {
    return new ClusterState(
        revision, configuration, authority, claims, nodes, pinnedKeys, notices, tokens, changed);
  }

  private static <K extends Comparable<? super K>, V> SortedMap<K, V> put(
      SortedMap<K, V> map, K key, V value) {
    return SharedMap.of(map).with(key, value);
  }

  private static <K extends Comparable<? super K>, V> SortedMap<K, V> remove(
      SortedMap<K, V> map, K key) {
    return SharedMap.of(map).without(key);
  }

  /** The part of a snapshot after shared events, which leads to that revision. */
  public static ClusterSnapshot after(
      ClusterSnapshot snapshot, List<StateEvent.Shared> events, long revision) {
    return of(snapshot).withAll(events).at(revision).snapshot();
  }

  private static ClusterState of(ClusterSnapshot snapshot) {
    TreeMap<NoticeKey, PathNotice> notices = new TreeMap<>();
    snapshot.notices().forEach(notice -> notices.put(NoticeKey.of(notice), notice));
    return new ClusterState(
        snapshot.revision(),
        snapshot.configuration(),
        Optional.empty(),
        Collections.emptySortedMap(),
        snapshot.nodes(),
        snapshot.pinnedKeys(),
        notices,
        Collections.emptySortedMap(),
        snapshot.services());
  }
}
