package io.naru.doctor.ends;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.look.LookOptions;
import io.naru.doctor.look.NodeLook;
import io.naru.doctor.peer.Look;
import io.naru.doctor.peer.PeerDiagnosis;
import io.naru.doctor.peer.PeerNetwork;
import io.naru.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Examines nodes that run another network, as many ends of it as can be reached. */
public final class PeerExamination {
  private static final int LARGEST = 16 << 20;
  private static final int MOST = 200;

  private final PeerNetwork network;
  private final Duration probing;

  public PeerExamination(PeerNetwork network, Duration probing) {
    this.network = network;
    this.probing = probing;
  }

  /**
   * Examines.
   *
   * @param ends which nodes; with none, this one, or where it has nothing of that network, all
   *     network namespaces with a name that have
   * @throws NaruException if none of them can be looked at
   */
  public DoctorReport examine(List<End> ends) {
    if (ends.size() > MOST) {
      throw new NaruException(ErrorCode.BAD_INPUT, "more than " + MOST + " nodes at once");
    }
    boolean chosen = !ends.isEmpty();
    List<End> all = chosen ? ends : found();
    List<Look> looks = new ArrayList<>();
    List<String> unasked = new ArrayList<>();
    @Nullable NaruException first = null;
    CommonStart start = new CommonStart((int) all.stream().filter(PeerExamination::isLive).count());
    String session = UUID.randomUUID().toString();
    List<FutureTask<Look>> tasks = new ArrayList<>();
    for (End end : all) {
      FutureTask<Look> task = new FutureTask<>(() -> look(end, session, start));
      tasks.add(task);
      // Platform threads: a virtual one's carrier could be born in another network namespace.
      Thread.ofPlatform().daemon().name("naru-look-" + end).start(task);
    }
    for (FutureTask<Look> task : tasks) {
      try {
        looks.add(task.get());
      } catch (ExecutionException failed) {
        if (!(failed.getCause() instanceof NaruException told)) {
          throw new IllegalStateException("a look failed", failed.getCause());
        }
        first = first == null ? told : first;
        unasked.add(told.sentence());
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        throw new NaruException(ErrorCode.UNAVAILABLE, "the examination was broken off", stop);
      }
    }
    if (looks.isEmpty() && first != null) {
      throw first;
    }
    Map<IpAddress, String> names =
        all.equals(List.of(new End.Here())) && LocalNode.namespaceName().isPresent()
            ? LocalNode.addressesOfNamespaces()
            : Map.of();
    DoctorReport report = PeerDiagnosis.of(looks, names, unasked);
    return chosen || all.getFirst() instanceof End.Here ? report : saying(report, all);
  }

  private List<End> found() {
    if (NodeLook.isThere(network)) {
      return List.of(new End.Here());
    }
    List<String> namespaces = LocalNode.namespacesWith(network);
    if (namespaces.isEmpty()) {
      throw new NaruException(
          ErrorCode.NOT_FOUND,
          LocalNode.name()
              + " has no "
              + network.title()
              + " device, nor has any of its named network namespaces; run it on a node of that"
              + " network, or name nodes: ssh:[USER@]HOST, kubectl:NAMESPACE/POD, netns:NAME, or"
              + " files that naru collect wrote");
    }
    return namespaces.stream().<End>map(End.Namespace::new).toList();
  }

  private static boolean isLive(End end) {
    return !(end instanceof End.Collected);
  }

  private Look look(End end, String session, CommonStart start) {
    try {
      return switch (end) {
        case End.Here _ -> NodeLook.run(options(LocalNode.name(), session, start));
        case End.Namespace namespace -> inNamespace(namespace.name(), session, start);
        case End.Ssh ssh ->
            RemoteLook.by(ssh, network, probing, session).run(start::ready, probing);
        case End.Pod pod ->
            RemoteLook.by(pod, network, probing, session).run(start::ready, probing);
        case End.Collected collected -> read(collected.file());
      };
    } catch (RuntimeException failure) {
      if (isLive(end)) {
        start.failed();
      }
      throw failure;
    }
  }

  private LookOptions options(String node, String session, CommonStart start) {
    return new LookOptions(network, node, session, probing, start::ready);
  }

  private Look inNamespace(String name, String session, CommonStart start) {
    try (NetworkNamespace namespace = NetworkNamespace.open(name)) {
      if (!namespace.isGenuine()) {
        throw new NaruException(ErrorCode.NOT_FOUND, "netns:" + name + " is no network namespace");
      }
      return namespace.call(() -> NodeLook.run(options(name, session, start)));
    }
  }

  private Look read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Look look = Look.parse(in.readNBytes(LARGEST + 1));
      if (look.peer() != network) {
        throw new NaruException(
            ErrorCode.BAD_INPUT,
            "it is about --peer " + look.network() + ", not --peer " + network);
      }
      return look;
    } catch (IOException unreadable) {
      throw new NaruException(
          ErrorCode.FILE_FAILED, file + " cannot be read: " + unreadable.getMessage(), unreadable);
    } catch (NaruException refused) {
      throw new NaruException(refused.code(), file + ": " + refused.sentence(), refused);
    }
  }

  private DoctorReport saying(DoctorReport report, List<End> ends) {
    List<String> examined = new ArrayList<>(report.examined());
    String names = String.join(", ", ends.stream().limit(8).map(End::toString).toList());
    examined.set(
        0,
        examined.getFirst()
            + " ("
            + names
            + (ends.size() > 8 ? " and " + (ends.size() - 8) + " more" : "")
            + ": this host itself has no "
            + network.title()
            + " device)");
    return new DoctorReport(report.healthy(), report.verdicts(), examined, report.notExamined());
  }
}
