package io.naru.api;

import java.util.List;
import java.util.Optional;

/**
 * A pod that the CNI plugin attached on a node.
 *
 * @param name the pod's name if the runtime told it, else the container's id
 * @param interfaceName its interface inside the pod
 * @param hostInterface the node's end of it
 * @param since ISO 8601, when it was attached
 */
public record PodRow(
    String name,
    Optional<String> namespace,
    String node,
    List<String> addresses,
    String containerId,
    String interfaceName,
    String hostInterface,
    String since) {}
