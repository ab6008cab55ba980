package io.naru.doctor.look;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.diagnosis.OtherFilters.AttachedProgram;
import io.naru.doctor.peer.PeerEnd;
import io.naru.doctor.peer.PodTrial;
import io.naru.doctor.peer.Tunnel;
import io.naru.doctor.peer.Tunnel.PodRoute;
import io.naru.linux.route.RouteNetlink;
import io.naru.observe.filter.FilterPrograms;
import io.naru.observe.trial.PortTrial;
import io.naru.observe.trial.SizeTrial;
import io.naru.observe.trial.TrialTaps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sends packets from a pod's own namespace to other nodes' pods, as far as those are known: to one
 * that the other node itself named, else to the address that its bridge for pods has.
 */
final class PodTrials implements AutoCloseable {
  /** More nodes are not tried at a time. */
  private static final int PEERS = 8;

  /** How many packets are sent to find a pod that answers. */
  private static final int QUICKLY = 1;

  /** All nodes wait for it before their probes go. */
  private static final Duration MOST_FOR_ANSWERS = Duration.ofMillis(500);

  /** Bytes of UDP payload. */
  private static final int SMALL = 64;

  private final List<FoundPod> pods;
  private final TrialTaps taps;
  private List<PodTrial> results = List.of();

  private PodTrials(List<FoundPod> pods, TrialTaps taps) {
    this.pods = pods;
    this.taps = taps;
  }

  /** Another node as trials see it: an address that pings ask, and its pods' blocks. */
  private record Way(IpAddress target, List<Prefix> blocks) {}

  /** Finds pods, and opens taps where their packets pass. */
  static PodTrials open(List<Tunnel> tunnels, Optional<String> nic, TunnelReader reader) {
    Set<String> nics = tunnels.stream().map(Tunnel::nic).collect(Collectors.toSet());
    nic.ifPresent(nics::add);
    List<FoundPod> pods = PodSearch.near(reader, nics);
    TrialTaps taps =
        new TrialTaps(
            UnderlayProbe.CLOSED_PORT,
            tunnels.stream().map(Tunnel::port).collect(Collectors.toUnmodifiableSet()));
    for (Tunnel tunnel : tunnels) {
      taps.tunnel(tunnel.device());
      if (!tunnel.nic().isEmpty()) {
        taps.nic(tunnel.nic(), tunnel.port());
      }
    }
    pods.forEach(pod -> taps.pod(pod.hostInterface()));
    return new PodTrials(pods, taps);
  }

  /** Addresses of this node's pods that answer: others may try them. */
  List<IpAddress> answering() {
    List<IpAddress> all = pods.stream().flatMap(pod -> pod.addresses().stream()).toList();
    Set<IpAddress> answer = ConcurrentHashMap.newKeySet();
    List<Runnable> trials =
        all.stream()
            .<Runnable>map(
                address ->
                    () -> {
                      if (PortTrial.isAnswered(
                          address, UnderlayProbe.CLOSED_PORT, SMALL, QUICKLY)) {
                        answer.add(address);
                      }
                    })
            .toList();
    PortTrials.start(trials, MOST_FOR_ANSWERS).join();
    return all.stream().filter(answer::contains).toList();
  }

  /**
   * Tries from one pod to each other node.
   *
   * @param others addresses of pods that other nodes named
   * @param isWell whether pings to that address are answered: else nothing is to be learned
   */
  void run(
      List<Tunnel> tunnels,
      List<PodRoute> direct,
      List<IpAddress> others,
      Predicate<IpAddress> isWell,
      List<String> notChecked) {
    List<Way> ways =
        ways(tunnels, direct).stream().filter(way -> isWell.test(way.target())).toList();
    if (pods.isEmpty() && !ways.isEmpty()) {
      notChecked.add(
          "whether pods' packets are forwarded: no pod's network namespace is found here to try"
              + " from (naru in a pod needs hostPID: true to see others')");
      return;
    }
    List<PodTrial> planned = new ArrayList<>();
    for (Way way : ways.stream().limit(PEERS).toList()) {
      for (Prefix block : way.blocks().stream().limit(2).toList()) {
        pods.stream()
            .flatMap(pod -> pod.address(block.family()).stream())
            .findFirst()
            .ifPresent(pod -> planned.add(planned(pod, way, block, others)));
      }
    }
    List<PodTrial> tried =
        all(planned).stream().filter(trial -> isFair(trial, notChecked)).toList();
    List<PodTrial> beside =
        tried.stream().filter(trial -> !trial.passes()).flatMap(this::byOthers).toList();
    TrialDoubts doubts = new TrialDoubts(all(beside), taps.seen());
    tried.stream().flatMap(trial -> doubts.about(trial).stream()).forEach(notChecked::add);
    results = tried.stream().filter(trial -> doubts.about(trial).isEmpty()).toList();
  }

  /** The same from this node's other pods: one pod alone may be odd. */
  private Stream<PodTrial> byOthers(PodTrial trial) {
    return pods.stream()
        .filter(pod -> !pod.addresses().contains(trial.pod()))
        .flatMap(pod -> pod.address(trial.pod().family()).stream())
        .map(
            address ->
                new PodTrial(address, trial.way(), trial.target(), trial.toPod(), false, 0, false));
  }

  private static List<Way> ways(List<Tunnel> tunnels, List<PodRoute> direct) {
    List<Way> ways = new ArrayList<>();
    for (Tunnel tunnel : tunnels) {
      for (PeerEnd end : PeerEnd.of(tunnel)) {
        end.target().ifPresent(target -> ways.add(new Way(target, end.prefixes())));
      }
    }
    for (PodRoute route : direct) {
      route.target().ifPresent(target -> ways.add(new Way(target, List.of(route.prefix()))));
    }
    return ways;
  }

  private static PodTrial planned(IpAddress pod, Way way, Prefix block, List<IpAddress> others) {
    Optional<IpAddress> there = others.stream().filter(block::contains).findFirst();
    return new PodTrial(
        pod,
        way.target(),
        there.orElseGet(() -> block.length() < 31 ? block.address().plus(1) : block.address()),
        there.isPresent(),
        false,
        0,
        false);
  }

  private List<PodTrial> all(List<PodTrial> planned) {
    List<FutureTask<PodTrial>> tasks =
        planned.stream().map(trial -> new FutureTask<>(() -> tried(trial))).toList();
    List<Thread> threads =
        tasks.stream()
            .map(task -> Thread.ofPlatform().daemon().name("naru-pod-trial").start(task))
            .toList();
    for (Thread thread : threads) {
      ProbeRun.join(thread);
    }
    return tasks.stream()
        .filter(task -> task.state() == Future.State.SUCCESS)
        .map(FutureTask::resultNow)
        .toList();
  }

  private PodTrial tried(PodTrial trial) {
    FoundPod pod =
        pods.stream()
            .filter(each -> each.addresses().contains(trial.pod()))
            .findFirst()
            .orElseThrow();
    SizeTrial sizes =
        pod.namespace()
            .call(
                () ->
                    SizeTrial.of(
                        trial.pod(), trial.target(), UnderlayProbe.CLOSED_PORT, pod.mtu()));
    return new PodTrial(
        trial.pod(),
        trial.way(),
        trial.target(),
        trial.toPod(),
        sizes.small(),
        sizes.size(),
        sizes.large());
  }

  /** An address that answers this node neither says nothing about forwarding. */
  private static boolean isFair(PodTrial trial, List<String> notChecked) {
    if (trial.answered()
        || trial.toPod()
        || PortTrial.isAnswered(trial.target(), UnderlayProbe.CLOSED_PORT)) {
      return true;
    }
    notChecked.add(
        "whether pods' packets are forwarded to "
            + trial.target()
            + ": it answers a closed port neither to pod "
            + trial.pod()
            + " nor to this node");
    return false;
  }

  /** Whether packets of pods are lost: those that were sent here, or some that came here. */
  boolean isInTrouble() {
    return results.stream().anyMatch(trial -> !trial.passes())
        || taps.areLostFor(
            pods.stream()
                .flatMap(pod -> pod.addresses().stream())
                .map(IpAddress::toString)
                .collect(Collectors.toUnmodifiableSet()));
  }

  /** Once more what failed: single packets get lost for many reasons. */
  void again() {
    List<PodTrial> passed = results.stream().filter(PodTrial::passes).toList();
    List<PodTrial> failed = all(results.stream().filter(trial -> !trial.passes()).toList());
    List<PodTrial> both = new ArrayList<>(passed);
    both.addAll(failed);
    results = List.copyOf(both);
  }

  /** Those from which something can be concluded. */
  List<PodTrial> results(RouteNetlink netlink, List<String> notChecked) {
    List<PodTrial> told = new ArrayList<>();
    for (PodTrial trial : results) {
      Optional<String> policy =
          trial.answered() ? Optional.empty() : policyIn(trial, programs(netlink, trial));
      policy.ifPresentOrElse(notChecked::add, () -> told.add(trial));
    }
    return List.copyOf(told);
  }

  /** Whether programs on a pod's link may be why it gets no answer, a sentence. */
  static Optional<String> policyIn(PodTrial trial, List<AttachedProgram> programs) {
    return programs.stream()
        .filter(program -> !trial.answered() && program.place().startsWith("tc"))
        .findFirst()
        .map(
            program ->
                "whether packets from pod "
                    + trial.pod()
                    + " to "
                    + trial.target()
                    + " are forwarded: no answer came, and a network policy may be why, in "
                    + program.place()
                    + " "
                    + program.name()
                    + " on "
                    + program.device());
  }

  /** What Calico, Cilium and others put on a pod's link, which may drop what a policy forbids. */
  private List<AttachedProgram> programs(RouteNetlink netlink, PodTrial trial) {
    Set<String> links =
        pods.stream()
            .filter(pod -> pod.addresses().contains(trial.pod()))
            .map(FoundPod::hostInterface)
            .collect(Collectors.toUnmodifiableSet());
    return FilterPrograms.on(netlink, links, new ArrayList<>());
  }

  TrialTaps taps() {
    return taps;
  }

  @Override
  public void close() {
    taps.close();
    pods.forEach(FoundPod::close);
  }
}
