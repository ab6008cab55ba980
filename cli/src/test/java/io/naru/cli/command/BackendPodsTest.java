package io.naru.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.api.AgentClient;
import io.naru.api.PodRow;
import io.naru.api.Reply;
import io.naru.channel.frame.Json;
import io.naru.channel.unix.UnixServer;
import io.naru.core.address.IpAddress;
import io.naru.core.configuration.NetworkConfigurationParser;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.service.Backend;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.store.ClusterSnapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendPodsTest {
  private static final ServiceName OLD = ServiceName.parse("old");

  @TempDir private Path directory;
  private UnixServer agent;
  private BackendPods pods;

  private static PodRow pod(String name, String... addresses) {
    return new PodRow(
        name, Optional.empty(), "node1", List.of(addresses), name, "eth0", "naru1", "");
  }

  @BeforeEach
  void startAgent() {
    Path socket = directory.resolve("a.sock");
    agent =
        UnixServer.start(
            socket,
            connection -> {
              assertThat(connection.lines().readLine()).isPresent();
              connection.write(
                  Reply.of(
                      Json.tree(
                          List.of(
                              pod("web1", "10.244.0.2", "fd44::2"), pod("old1", "10.244.0.3")))));
            });
    Service old = Service.of(OLD, List.of(IpAddress.parse("fd00:10:96::7")), List.of(), List.of());
    ClusterSnapshot cluster =
        new ClusterSnapshot(
            1,
            NetworkConfigurationParser.parse(
                Map.of("clusterCidrs", List.of("10.244.0.0/16", "fd44::/48"))),
            new TreeMap<>(),
            new TreeMap<>(),
            List.of(),
            new TreeMap<>(Map.of(OLD, old)));
    pods = new BackendPods(() -> List.of(new AgentClient(socket, "")), () -> cluster);
  }

  @AfterEach
  void stopAgent() {
    agent.close();
  }

  private List<String> addresses(
      String service, List<String> clusterIps, boolean headless, String backend) {
    return ServiceForms.backends(
            backend,
            pods.families(
                Optional.of(ServiceName.parse(service)),
                clusterIps.stream().map(IpAddress::parse).toList(),
                headless))
        .stream()
        .map(Backend::address)
        .map(IpAddress::toString)
        .toList();
  }

  @Test
  void aPodServesByTheAddressesOfTheServicesFamilies() {
    assertThat(addresses("new", List.of(), false, "pod:web1"))
        .containsExactly("10.244.0.2", "fd44::2");
    assertThat(addresses("new", List.of("10.96.0.9"), false, "pod:web1"))
        .containsExactly("10.244.0.2");
    assertThat(addresses("old", List.of(), false, "pod:web1")).containsExactly("fd44::2");
    assertThat(addresses("old", List.of(), true, "pod:web1=not-ready"))
        .containsExactly("10.244.0.2", "fd44::2");
    assertThat(addresses("old", List.of(), false, "192.0.2.1=terminating"))
        .containsExactly("192.0.2.1");
  }

  @Test
  void aPodThatCannotServeIsRefused() {
    assertThat(
            catchThrowableOfType(
                NaruException.class, () -> addresses("old", List.of(), false, "pod:old1")))
        .returns(ErrorCode.CONFLICT, NaruException::code)
        .hasMessageContaining("old1");
    assertThat(
            catchThrowableOfType(
                NaruException.class, () -> addresses("new", List.of(), false, "pod:nobody")))
        .returns(ErrorCode.NOT_FOUND, NaruException::code)
        .hasMessageContaining("there is no pod 'nobody'");
  }
}
