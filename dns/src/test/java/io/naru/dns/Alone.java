package io.naru.dns;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.service.Protocol;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServicePort;
import io.naru.dns.upstream.UpstreamAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The server as a program, to measure it: {@code Alone ADDRESS PORT SERVICES [UPSTREAM…]}. Its
 * services are {@code default/s0} and so on.
 */
public final class Alone {
  private Alone() {}

  public static void main(String[] arguments) throws InterruptedException {
    List<UpstreamAddress> upstreams =
        Arrays.stream(arguments)
            .skip(3)
            .map(each -> UpstreamAddress.of(IpAddress.parse(each)))
            .toList();
    Map<ServiceName, Service> services = new HashMap<>();
    IpAddress first = IpAddress.parse("10.96.0.1");
    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
      Service each =
          Service.of(
              ServiceName.parse("s" + i),
              List.of(first.plus(i)),
              List.of(new ServicePort("http", Protocol.TCP, 80, 8080, Optional.empty())),
              List.of());
      services.put(each.name(), each);
    }
    try (NodeDns dns =
        NodeDns.open(
            new Settings(
                List.of(IpAddress.parse(arguments[0])),
                Integer.parseInt(arguments[1]),
                "cluster.local",
                asker -> true,
                upstreams,
                List.of(),
                List.of(Prefix.parse("10.96.0.0/12"))))) {
      dns.names(services);
      System.out.println("listening at " + dns.listening());
      while (true) {
        Thread.sleep(5000);
        System.out.println(dns.counters());
      }
    }
  }
}
