package io.naru.agent.node;

import io.naru.agent.install.Installation;
import io.naru.agent.install.InstalledFiles;
import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.kernel.FilterTables;
import io.naru.agent.kernel.HostSettings;
import io.naru.agent.kernel.KernelReader;
import io.naru.agent.kernel.KernelWriter;
import io.naru.agent.kernel.Steps;
import io.naru.agent.pod.PodNetwork;
import io.naru.agent.pod.PodNetworkSettings;
import io.naru.agent.pod.PodWiring;
import io.naru.channel.file.PrivateFile;
import io.naru.channel.identity.NodeIdentity;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.service.ServiceScript;
import io.naru.core.state.KernelState;
import io.naru.core.state.Plan;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.nftables.Nftables;
import io.naru.linux.route.RouteNetlink;
import io.naru.observe.filter.DropTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Removes all that an agent made on this host: the same plan as ever, to an empty state. */
public final class CleanUp {
  private CleanUp() {}

  /**
   * Cleans.
   *
   * @param dryRun only say what would be done
   * @return what was done, a line each
   * @throws NaruException CONFLICT while the agent runs
   */
  public static List<String> run(AgentOptions options, boolean dryRun) {
    List<String> done = new ArrayList<>();
    try (NetworkNamespace here = NetworkNamespace.current();
        PodWiring wiring = new PodWiring(here);
        RouteNetlink netlink = RouteNetlink.open()) {
      if (!dryRun) {
        withdraw(options).ifPresent(done::add);
      }
      LeaseBook.look(options.pods())
          .forEach(lease -> done.add("- pod " + lease.attachment().key()));
      if (!dryRun) {
        PodNetwork pods =
            new PodNetwork(
                new LeaseBook(options.pods()),
                wiring,
                () -> new PodNetworkSettings(List.of(), 0),
                InstantSource.system(),
                key -> {});
        pods.detachAll();
        pods.clean();
      }
      kernel(options, netlink, dryRun, done);
      if (!dryRun) {
        DropTrace.sweep();
      }
    }
    done.addAll(
        new InstalledFiles(Path.of("/"), options.installed())
            .remove(path -> servesStill(path, options), dryRun));
    files(options, dryRun, done);
    return List.copyOf(done);
  }

  /** A cluster would lose its store with the next start of this host. */
  private static boolean servesStill(String installed, AgentOptions options) {
    return installed.equals(Installation.SERVER_UNIT) && Files.exists(options.serverSocket());
  }

  private static void kernel(
      AgentOptions options, RouteNetlink netlink, boolean dryRun, List<String> done) {
    HostSettings settings = new HostSettings(options.settings());
    try (FilterTables filters = FilterTables.open(options.runDirectory())) {
      KernelState present = new KernelReader(netlink, filters).read().ours();
      Plan plan = Plan.between(present, KernelState.empty());
      plan.operations().forEach(operation -> done.add(operation.text()));
      if (!dryRun) {
        new KernelWriter(netlink, filters, settings, Steps.UNOBSERVED)
            .apply(plan)
            .forEach(failure -> done.add("not done: " + failure.text()));
      }
    }
    if (Nftables.tableExists("inet", ServiceScript.TABLE)) {
      done.add("- table inet " + ServiceScript.TABLE);
      if (!dryRun) {
        Nftables.deleteTable("inet", ServiceScript.TABLE);
      }
    }
    done.addAll(settings.restore(dryRun));
  }

  /** Takes the node out of the cluster if the store can be reached; the peers then forget it. */
  private static Optional<String> withdraw(AgentOptions options) {
    Optional<NodeIdentity> identity = NodeIdentity.load(options.identity());
    if (identity.isEmpty()) {
      return Optional.empty();
    }
    NodeName name = identity.get().name(); // as it joined, whatever it would be called today
    try (var store = Membership.of(options.named(name)).store()) {
      store.withdrawNode(name);
      return Optional.of("- node " + name + " from the store");
    } catch (NaruException away) {
      return Optional.of(
          "the store could not be told ("
              + away.sentence()
              + "); on the server's host type: naru node rm "
              + name);
    }
  }

  private static void files(AgentOptions options, boolean dryRun, List<String> done) {
    List<Path> ours =
        new ArrayList<>(
            List.of(
                options.pods(),
                options.identity(),
                options.servers(),
                options.cluster(),
                options.settings(),
                FilterTables.file(options.runDirectory()),
                options.socket(),
                options.lock(),
                options.paused(),
                options.runDirectory().resolve(".agent.sock.lock")));
    ours.addAll(options.leftOvers());
    for (Path path : ours) {
      if (Files.exists(path)) {
        done.add("- file " + path);
        if (!dryRun) {
          delete(path);
        }
      }
    }
    if (!dryRun) {
      deleteIfEmpty(options.stateDirectory());
      deleteIfEmpty(options.runDirectory());
    }
  }

  private static void delete(Path path) {
    try (Stream<Path> below = Files.walk(path)) {
      for (Path file : below.sorted(Comparator.reverseOrder()).toList()) {
        PrivateFile.delete(file);
      }
    } catch (IOException e) {
      throw new NaruException(
          ErrorCode.FILE_FAILED, "cannot remove " + path + ": " + e.getMessage(), e);
    }
  }

  private static void deleteIfEmpty(Path directory) {
    try {
      Files.deleteIfExists(directory);
    } catch (IOException inUse) {
      // The server or someone else keeps files there: they are not ours.
    }
  }
}
