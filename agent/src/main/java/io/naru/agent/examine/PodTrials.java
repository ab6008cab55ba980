package io.naru.agent.examine;

import io.naru.agent.channel.PeerChannels;
import io.naru.agent.channel.PodWord;
import io.naru.agent.ipam.Lease;
import io.naru.agent.ipam.LeaseBook;
import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.cluster.NodeName;
import io.naru.core.desired.NodeView;
import io.naru.core.diagnosis.NodeEvidence.ForwardTrial;
import io.naru.core.error.NaruException;
import io.naru.core.pod.PodAttachment;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.observe.trial.PortTrial;
import io.naru.observe.trial.SizeTrial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends packets from a pod's own namespace to pods of peers: only those go through the nodes'
 * forwarding, where the probes of the nodes themselves do not.
 *
 * @param port where nobody listens, so that a refusal comes back
 */
record PodTrials(NodeView view, LeaseBook leases, PeerChannels channels, int port) {
  /** More peers are not tried at a time. */
  private static final int PEERS = 8;

  /** So many pods of this node are asked which one answers. */
  private static final int PODS = 3;

  /** How many packets are sent to find a pod that answers: the next time it may be another. */
  private static final int QUICKLY = 1;

  /** Bytes of UDP payload. */
  private static final int SMALL = 64;

  /** A pod of this node that answers, for peers to try. */
  Optional<PodWord> answering() {
    return leases.all().stream()
        .map(Lease::attachment)
        .limit(PODS)
        .filter(
            pod ->
                pod.addresses().stream()
                    .allMatch(address -> PortTrial.isAnswered(address, port, SMALL, QUICKLY)))
        .map(
            pod ->
                new PodWord(
                    pod.displayName(), pod.addresses().stream().map(IpAddress::toString).toList()))
        .findFirst();
  }

  /** From this node's first pod to a pod of each of these peers that is not in trouble. */
  List<ForwardTrial> run(Set<NodeName> about, Set<String> inTrouble, List<String> notChecked) {
    List<PodAttachment> pods = leases.all().stream().map(Lease::attachment).limit(1).toList();
    if (pods.isEmpty()) {
      notChecked.add("whether pods' packets are forwarded: no pod runs here that could try");
      return List.of();
    }
    List<ForwardTrial> planned = new ArrayList<>();
    view.peers().stream()
        .filter(node -> node.kind() == NodeKind.AGENT && about.contains(node.name()))
        .filter(node -> !inTrouble.contains(node.name().text()))
        .filter(node -> view.chosenTransport(node).isPresent())
        .limit(PEERS)
        .forEach(peer -> planned.addAll(plan(pods.getFirst(), peer)));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ForwardTrial>> trials =
          planned.stream().map(trial -> threads.submit(() -> tried(trial, notChecked))).toList();
      List<ForwardTrial> results = new ArrayList<>();
      for (Future<ForwardTrial> trial : trials) {
        results.add(trial.get());
      }
      return results.stream().filter(trial -> isFair(trial, notChecked)).toList();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (ExecutionException mistake) {
      throw new IllegalStateException("a pod's packet could not be tried", mistake.getCause());
    }
  }

  /** One for each family that both have: to a pod that is known, or to the peer's own address. */
  private List<ForwardTrial> plan(PodAttachment pod, Node peer) {
    Optional<PodWord> known = channels.pod(peer.name());
    List<ForwardTrial> planned = new ArrayList<>();
    for (Prefix cidr : peer.podCidrs()) {
      Optional<IpAddress> own = pod.address(cidr.family());
      if (own.isEmpty()) {
        continue;
      }
      Optional<String> there =
          known.stream()
              .flatMap(word -> word.addresses().stream())
              .filter(address -> isIn(cidr, address))
              .findFirst();
      planned.add(
          new ForwardTrial(
              pod.displayName(),
              own.get().toString(),
              peer.name().text(),
              there.flatMap(address -> known.map(PodWord::name)).orElse(peer.name().text()),
              there.orElse(NodeView.gateway(cidr).address().toString()),
              true,
              0,
              true));
    }
    return planned;
  }

  private static boolean isIn(Prefix cidr, String address) {
    try {
      return cidr.contains(IpAddress.parse(address));
    } catch (NaruException notAnAddress) {
      return false;
    }
  }

  /** Once more, if it failed: single packets get lost for many reasons. */
  ForwardTrial again(ForwardTrial trial) {
    return hasFailed(trial) ? tried(trial, new ArrayList<>()) : trial;
  }

  static boolean hasFailed(ForwardTrial trial) {
    return !trial.answered() || !trial.largeAnswered();
  }

  private ForwardTrial tried(ForwardTrial trial, List<String> notChecked) {
    IpAddress own = IpAddress.parse(trial.address());
    IpAddress target = IpAddress.parse(trial.peerAddress());
    Optional<PodAttachment> pod =
        leases.all().stream()
            .map(Lease::attachment)
            .filter(each -> each.addresses().contains(own))
            .findFirst();
    if (pod.isEmpty()) {
      return trial; // it ended meanwhile, and says nothing
    }
    try (NetworkNamespace namespace = NetworkNamespace.open(Path.of(pod.get().netnsPath()))) {
      return namespace.call(
          () -> {
            SizeTrial tried = SizeTrial.of(own, target, port, pod.get().mtu());
            return new ForwardTrial(
                trial.pod(),
                trial.address(),
                trial.peer(),
                trial.peerPod(),
                trial.peerAddress(),
                tried.small(),
                tried.size(),
                tried.large());
          });
    } catch (NaruException podGone) {
      synchronized (notChecked) {
        notChecked.add("pod " + trial.pod() + ": " + podGone.sentence());
      }
      return trial;
    }
  }

  /** A peer's own address that answers nobody says nothing about forwarding. */
  private boolean isFair(ForwardTrial trial, List<String> notChecked) {
    if (trial.answered()
        || !trial.peerPod().equals(trial.peer())
        || PortTrial.isAnswered(IpAddress.parse(trial.peerAddress()), port)) {
      return true;
    }
    notChecked.add(
        "whether pods' packets are forwarded to "
            + trial.peer()
            + ": it answers a closed port neither to pod "
            + trial.pod()
            + " nor to this node");
    return false;
  }
}
