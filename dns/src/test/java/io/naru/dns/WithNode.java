package io.naru.dns;

import static io.naru.dns.Asker.addresses;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.service.Protocol;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServicePort;
import io.naru.dns.upstream.UpstreamAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;

/** Servers and upstreams on the loopback, closed after each test. */
abstract class WithNode {
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  FakeUpstream upstream(FakeUpstream.Behaviour behaviour) throws IOException {
    FakeUpstream upstream = new FakeUpstream(behaviour);
    opened.add(upstream);
    return upstream;
  }

  static Settings settings(
      List<String> listen, Predicate<IpAddress> mayAsk, UpstreamAddress... upstreams) {
    return new Settings(
        listen.stream().map(IpAddress::parse).toList(),
        0,
        "cluster.local",
        mayAsk,
        List.of(upstreams),
        List.of(),
        List.of(Prefix.parse("10.96.0.0/12")));
  }

  NodeDns open(Settings settings) {
    NodeDns dns = NodeDns.open(settings);
    opened.add(dns);
    return dns;
  }

  NodeDns open(UpstreamAddress... upstreams) {
    NodeDns dns = open(settings(List.of("127.0.0.1"), asker -> true, upstreams));
    dns.names(Map.of(web("10.96.0.10").name(), web("10.96.0.10")));
    return dns;
  }

  static Service web(String... addresses) {
    return Service.of(
        ServiceName.parse("default/web"),
        Arrays.stream(addresses).map(IpAddress::parse).toList(),
        List.of(new ServicePort("http", Protocol.TCP, 80, 8080, Optional.empty())),
        List.of());
  }
}
