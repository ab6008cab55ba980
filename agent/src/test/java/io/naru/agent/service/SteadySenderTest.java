package io.naru.agent.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.agent.TestCluster;
import io.naru.agent.TestNamespace;
import io.naru.agent.service.ServiceLoop.Sources;
import io.naru.agent.service.ServiceLoop.Wanted;
import io.naru.core.address.IpAddress;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.NodeView;
import io.naru.core.service.Backend;
import io.naru.core.service.Protocol;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServicePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who sends to a node's port without a pause, from before a service had it. */
class SteadySenderTest {
  private static final NodeView VIEW =
      TestCluster.view(
          TransportPolicy.VXLAN, TestCluster.node(1, 0), List.of(TestCluster.node(2, 0)));
  private static final int NODE_PORT = 30080;

  private final AtomicReference<Wanted> wanted = new AtomicReference<>();
  private TestNamespace host;

  @BeforeEach
  void start() {
    host = new TestNamespace();
    for (String own :
        List.of("172.26.50.11/32", "10.244.1.5/32", "fd26:50::11/128", "fd44:0:0:1::5/128")) {
      host.run("ip address add " + own + " dev lo nodad");
    }
  }

  @AfterEach
  void stop() {
    host.close();
  }

  private static Service service(String name, String address, String backend, int nodePort) {
    return Service.of(
        ServiceName.parse(name),
        List.of(IpAddress.parse(address)),
        List.of(new ServicePort("", Protocol.UDP, 80, 8080, Optional.of(nodePort))),
        List.of(Backend.ready(IpAddress.parse(backend))));
  }

  private void want(ServiceLoop loop, Service... services) {
    TreeMap<ServiceName, Service> all = new TreeMap<>();
    for (Service service : services) {
      all.put(service.name(), service);
    }
    wanted.set(new Wanted(all, true));
    loop.trigger();
  }

  private ServiceLoop loop() {
    return host.namespace()
        .call(
            () ->
                new ServiceLoop(
                    new Sources(
                        () -> Optional.of(VIEW),
                        () -> Optional.ofNullable(wanted.get()),
                        Set::of,
                        () -> false)));
  }

  @ParameterizedTest
  @CsvSource({
    "172.26.50.11, 10.96.0.20, 10.244.1.5",
    "fd26:50::11, fd00:10:96::20, fd44:0:0:1::5",
  })
  void reachesTheService(String node, String address, String backend) throws IOException {
    Service other = service("other", address.replace("20", "30"), backend, NODE_PORT + 1);
    Service web = service("web", address, backend, NODE_PORT);
    try (EchoServers _ = EchoServers.start(host.namespace(), List.of(backend), 8080);
        ServiceLoop loop = loop();
        DatagramSocket sender = sender();
        // A program of the node that never answers: nothing tells the sender that it is wrong.
        DatagramSocket _ = host.namespace().call(() -> at(node, NODE_PORT))) {
      host.namespace().run(loop::start);
      want(loop, other);
      await().until(() -> answer(sender, node, NODE_PORT + 1).equals(Optional.of(backend)));
      assertThat(answer(sender, node, NODE_PORT)).isEmpty();
      want(loop, other, web);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> answer(sender, node, NODE_PORT).equals(Optional.of(backend)));
    }
  }

  private DatagramSocket sender() {
    return host.namespace()
        .call(
            () -> {
              try {
                DatagramSocket socket = new DatagramSocket(20_000);
                socket.setSoTimeout(100);
                return socket;
              } catch (IOException refused) {
                throw new UncheckedIOException(refused);
              }
            });
  }

  private static DatagramSocket at(String address, int port) {
    try {
      return new DatagramSocket(port, InetAddress.getByName(address));
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  /** Who answered, if anybody did. */
  private static Optional<String> answer(DatagramSocket sender, String to, int port) {
    try {
      sender.send(new DatagramPacket(new byte[] {'?'}, 1, InetAddress.getByName(to), port));
      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
      sender.receive(packet);
      return Optional.of(
          new String(packet.getData(), 0, packet.getLength() - 1, StandardCharsets.UTF_8));
    } catch (SocketTimeoutException nothing) {
      return Optional.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
