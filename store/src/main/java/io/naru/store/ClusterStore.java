package io.naru.store;

import io.naru.core.address.Prefix;
import io.naru.core.cluster.ForeignNode;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.path.PathId;
import io.naru.core.path.PathNotice;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServiceWish;
import java.util.List;
import java.util.Set;

/**
 * What the nodes of a cluster share. Every method may be called from any thread, may be repeated
 * without harm, and throws {@code NaruException} UNAVAILABLE if the store does not answer in time.
 * A store that cannot be reached never removes a node.
 */
public interface ClusterStore extends AutoCloseable {
  Set<StoreCapability> capabilities();

  /** The configuration of the network. */
  NetworkConfiguration configuration();

  /** The cluster as it is now. */
  ClusterSnapshot snapshot();

  /**
   * Claims a block of addresses for each family the cluster has. A node that has blocks keeps them,
   * whatever it wants; no block is ever given to two nodes.
   *
   * @param wanted blocks to prefer if they are free, have the configured length and lie inside the
   *     cluster's
   * @throws io.naru.core.error.NaruException EXHAUSTED if none is left
   */
  List<Prefix> claimPodCidrs(NodeName node, List<Prefix> wanted);

  /**
   * Claims these blocks and no others, for a node whose blocks are set elsewhere.
   *
   * @return all blocks of the node
   * @throws io.naru.core.error.NaruException CONFLICT if one overlaps another node's, which is
   *     named; BAD_INPUT if one is not inside the cluster's
   */
  List<Prefix> claimExactPodCidrs(NodeName node, List<Prefix> exact);

  /**
   * Makes a node known to the others, or changes what they know.
   *
   * @throws io.naru.core.error.NaruException CONFLICT if its blocks are not claimed by it, or its
   *     public address or VTEP MAC is another node's, which is named; BAD_INPUT for a foreign node
   */
  void publishNode(Node node);

  /**
   * Makes tunnel end points that run no Naru known to all nodes, with their blocks claimed, or
   * changes what is known of them: all of them in one change, or none. However many they are, that
   * costs about what one does.
   *
   * @throws io.naru.core.error.NaruException CONFLICT with every mistake, named by its entry: a
   *     name that a node with an agent has, a block that is not inside the cluster's or overlaps
   *     another node's, an address or VTEP MAC of another node
   */
  void registerForeignNodes(List<ForeignNode> nodes);

  /** Forgets a node: its record, its blocks, its pinned key and its notices. */
  void withdrawNode(NodeName node);

  /** Makes a path's trouble known, or changes what is known of it. */
  void publishNotice(PathNotice notice);

  /** Takes a notice back. */
  void withdrawNotice(PathId path, NodeName observer);

  /**
   * Puts services there, each in place of the one of its name: all of them in one change, or none.
   * However many they are, that costs about what one does.
   *
   * @return them as they are now, with the addresses and node ports that were chosen for them
   * @throws io.naru.core.error.NaruException BAD_INPUT or CONFLICT with every mistake, named by its
   *     service; EXHAUSTED if no address or node port is left
   */
  List<Service> putServices(List<ServiceWish> wishes);

  /**
   * Removes services: all of them in one change, or none.
   *
   * @throws io.naru.core.error.NaruException NOT_FOUND with those that are not there
   */
  void removeServices(List<ServiceName> names);

  /** Tells a listener of the whole and then of every change, until the watch is closed. */
  StoreWatch watch(StoreListener listener);

  @Override
  void close();
}
