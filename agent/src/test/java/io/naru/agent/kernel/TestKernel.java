package io.naru.agent.kernel;

import io.naru.agent.TestCluster;
import io.naru.agent.TestNamespace;
import io.naru.core.address.IpAddress;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.NodeView;
import io.naru.core.state.KernelState;
import io.naru.core.state.Plan;
import io.naru.linux.route.RouteNetlink;
import java.nio.file.Path;
import java.util.List;

/** The kernel of a node: a namespace with an eth0 and the host end of a pod. */
final class TestKernel implements AutoCloseable {
  private final TestNamespace namespace = new TestNamespace();
  private final RouteNetlink netlink;
  private final Path directory;
  private FilterTables filters;
  private KernelReader reader;
  private KernelWriter writer;
  final HostSettings settings;

  TestKernel(Path directory) {
    this.directory = directory;
    try {
      namespace.run(
          "ip link add eth0 type veth peer name wire && ip link set wire up"
              + " && ip addr add 172.26.50.11/24 dev eth0"
              + " && ip addr add fd26:50::11/64 dev eth0 nodad"
              + " && ip link set eth0 up"
              + (" && ip link add " + TestCluster.POD_INTERFACE + " type veth peer name pod0")
              + (" && ip link set pod0 up && ip link set " + TestCluster.POD_INTERFACE + " up"));
      netlink = namespace.namespace().call(RouteNetlink::open);
    } catch (RuntimeException | AssertionError failed) {
      namespace.close();
      throw failed;
    }
    settings = new HostSettings(directory.resolve("settings.json"));
    start();
  }

  private void start() {
    filters = namespace.namespace().call(() -> FilterTables.open(directory));
    reader = new KernelReader(netlink, filters);
    writer = new KernelWriter(netlink, filters, settings, Steps.UNOBSERVED);
  }

  /** As another agent finds it: only the kernel and the files stay. */
  void restart() {
    filters.close();
    start();
  }

  FilterTables.Reading filters() {
    return namespace.namespace().call(filters::read);
  }

  String run(String command) {
    return namespace.run(command);
  }

  TestNamespace namespace() {
    return namespace;
  }

  /** What differs between this kernel and what a view wants. */
  Plan plan(NodeView view) {
    return namespace
        .namespace()
        .call(
            () -> {
              KernelReader.Reading kernel = reader.read();
              KernelState desired = DesiredState.of(view, kernel.facts());
              return Plan.between(kernel.present(desired), desired);
            });
  }

  /** One pass of the loop: reads, compares, and does what is needed. */
  List<KernelWriter.Failure> pass(NodeView view) {
    return apply(plan(view));
  }

  List<KernelWriter.Failure> apply(Plan plan) {
    return namespace.namespace().call(() -> writer.apply(plan));
  }

  /** The plan of a clean-up: to an empty state. */
  Plan cleaning() {
    return namespace
        .namespace()
        .call(() -> Plan.between(reader.read().ours(), KernelState.empty()));
  }

  long counted(String set, String element) {
    return namespace
        .namespace()
        .call(() -> filters.counted(set))
        .getOrDefault(IpAddress.parse(element), -1L);
  }

  @Override
  public void close() {
    filters.close();
    netlink.close();
    namespace.close();
  }
}
