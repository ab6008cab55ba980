package io.naru.agent.pod;

import io.naru.agent.TestNamespace;
import io.naru.agent.cni.AttachmentWish;
import io.naru.agent.cni.Expectation;
import io.naru.agent.ipam.LeaseBook;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.PodAttachment;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node in a namespace of its own, with its gateways, and the pods that a test makes on it. */
final class TestNode implements AutoCloseable {
  private final TestNamespace namespace = new TestNamespace();
  private final List<TestNamespace> pods = new ArrayList<>();
  private final Path directory;
  final List<AttachmentKey> changes = new CopyOnWriteArrayList<>();
  PodNetworkSettings settings =
      PodNetworkSettings.of(
          List.of(Prefix.parse("10.244.1.0/24"), Prefix.parse("fd00:244:1::/64")), 1450);
  PodWiring wiring;
  PodNetwork network;

  TestNode(Path directory) {
    this.directory = directory;
    try {
      namespace.run(
          "ip addr add 10.244.1.1/32 dev lo"
              + " && ip addr add fd00:244:1::1/128 dev lo nodad"
              + " && echo 1 >/proc/sys/net/ipv4/ip_forward"
              + " && echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
    } catch (AssertionError failed) {
      namespace.close();
      throw failed;
    }
    wiring = new PodWiring(namespace.namespace());
    network = start();
  }

  private PodNetwork start() {
    return new PodNetwork(
        new LeaseBook(directory), wiring, () -> settings, Instant::now, changes::add);
  }

  /** As after a crash: nothing but the kernel's state and the files is left. */
  PodNetwork restart() {
    wiring.close();
    wiring = new PodWiring(namespace.namespace());
    network = start();
    return network;
  }

  TestNamespace pod() {
    TestNamespace pod = new TestNamespace();
    pods.add(pod);
    return pod;
  }

  PodAttachment attach(TestNamespace pod) {
    return network.add(
        new AttachmentWish(key(pod), "naru", pod.path(), Map.of("K8S_POD_NAME", pod.name())));
  }

  /** What CHECK finds when the runtime's result is ADD's. */
  List<String> check(TestNamespace pod) {
    AttachmentKey key = key(pod);
    List<IpAddress> addresses =
        network.pods().stream()
            .filter(attachment -> attachment.key().equals(key))
            .flatMap(attachment -> attachment.addresses().stream())
            .toList();
    return network.check(key, pod.path(), expecting(addresses));
  }

  static Expectation expecting(List<IpAddress> addresses) {
    return new Expectation(
        true, addresses, OptionalInt.empty(), Set.of(IpFamily.IPV4, IpFamily.IPV6));
  }

  static AttachmentKey key(TestNamespace pod) {
    return new AttachmentKey(pod.name(), "eth0");
  }

  TestNamespace namespace() {
    return namespace;
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() {
    wiring.close();
    pods.forEach(TestNamespace::close);
    namespace.close();
  }
}
