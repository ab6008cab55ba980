package io.naru.lab;

import java.util.List;

/**
 * A pod as the lab's state holds it: written before the pod is made, and again when it is wired.
 *
 * @param name the pod's name
 * @param node the node it is on
 * @param containerId by which the CNI plugin knows it
 * @param holder number and start time of its first process; empty while there is none
 * @param addresses what the CNI plugin gave it, as text; empty while it is being wired
 */
record PodRecord(
    String name, String node, String containerId, String holder, List<String> addresses) {
  PodRecord {
    addresses = List.copyOf(addresses);
  }
}
