package io.naru.dns.zone;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.service.Backend;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.dns.message.Answer;
import io.naru.dns.message.Question;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** From one snapshot of the services to the next. */
class ClusterNamesTest {
  private static final ClusterZone ZONE =
      ClusterZone.of("cluster.local.", List.of(Prefix.parse("10.0.0.0/9")), List.of());

  private static Service service(String name, String... clusterIps) {
    return Service.of(
        ServiceName.parse(name),
        List.of(clusterIps).stream().map(IpAddress::parse).toList(),
        List.of(),
        List.of());
  }

  private static Service headless(String name, String... backends) {
    return Service.of(
        ServiceName.parse(name),
        List.of(),
        List.of(),
        List.of(backends).stream().map(each -> Backend.ready(IpAddress.parse(each))).toList());
  }

  private static Map<ServiceName, Service> map(Service... services) {
    Map<ServiceName, Service> map = new HashMap<>();
    for (Service each : services) {
      map.put(each.name(), each);
    }
    return Map.copyOf(map);
  }

  private static Optional<Answer> ask(ClusterNames names, String name, int type) {
    try {
      return names.answer(Question.of(Name.fromString(name), type));
    } catch (TextParseException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> data(ClusterNames names, String name, int type) {
    return ask(names, name, type).orElseThrow().answers().stream()
        .map(Record::rdataToString)
        .sorted()
        .toList();
  }

  @Test
  void theNextServicesReplaceThoseBefore() {
    ClusterNames before = ClusterNames.of(ZONE, map(service("default/old", "10.3.0.1")));
    ClusterNames next = before.with(map(service("shop/web", "10.3.0.1")));
    assertThat(data(next, "1.0.3.10.in-addr.arpa.", Type.PTR))
        .containsExactly("web.shop.svc.cluster.local.");
    assertThat(ask(next, "default.svc.cluster.local.", Type.A).orElseThrow().rcode())
        .isEqualTo(Rcode.NXDOMAIN);
    assertThat(data(before, "1.0.3.10.in-addr.arpa.", Type.PTR))
        .containsExactly("old.default.svc.cluster.local.");
    assertThat(ask(before, "default.svc.cluster.local.", Type.A).orElseThrow().rcode())
        .isEqualTo(Rcode.NOERROR);
  }

  @Test
  void theSameServicesAreTheSameNames() {
    Map<ServiceName, Service> services = map(service("default/web", "10.3.0.1"));
    ClusterNames names = ClusterNames.of(ZONE, services);
    assertThat(names.with(services)).isSameAs(names);
    assertThat(names.with(new HashMap<>(services))).isSameAs(names);
  }

  @Test
  void aPodOfTwoHeadlessServicesHasTwoNamesUntilOneIsGone() {
    Service first = headless("default/first", "10.1.0.5");
    Service second = headless("default/second", "10.1.0.5");
    ClusterNames both = ClusterNames.of(ZONE, map(first, second));
    assertThat(data(both, "5.0.1.10.in-addr.arpa.", Type.PTR))
        .containsExactly(
            "10-1-0-5.first.default.svc.cluster.local.",
            "10-1-0-5.second.default.svc.cluster.local.");
    assertThat(data(both.with(map(second)), "5.0.1.10.in-addr.arpa.", Type.PTR))
        .containsExactly("10-1-0-5.second.default.svc.cluster.local.");
  }

  @Test
  void anAddressOutsideOfTheBlocksIsAnsweredOnlyIfItIsAServices() {
    ClusterNames names = ClusterNames.of(ZONE, map(service("default/web", "192.0.2.1")));
    assertThat(data(names, "1.2.0.192.in-addr.arpa.", Type.PTR))
        .containsExactly("web.default.svc.cluster.local.");
    assertThat(ask(names, "2.2.0.192.in-addr.arpa.", Type.PTR)).isEmpty();
  }

  @Test
  void blocksThatEndWithinALabelAreCutAsNamesCanBe() {
    ClusterNames names = ClusterNames.of(ZONE, Map.of());
    Answer inside = ask(names, "1.0.127.10.in-addr.arpa.", Type.PTR).orElseThrow();
    assertThat(inside.rcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(inside.authority().getFirst().getName().toString())
        .isEqualTo("127.10.in-addr.arpa.");
    assertThat(ask(names, "1.0.128.10.in-addr.arpa.", Type.PTR)).isEmpty();
    assertThat(ask(names, "10.in-addr.arpa.", Type.SOA)).isEmpty();
  }

  /** Whatever changes from one to the next, it knows what one made from nothing knows. */
  @Property(tries = 200)
  void stepByStepIsTheSameAsAtOnce(@ForAll long seed) {
    Random random = new Random(seed);
    Map<ServiceName, Service> services = new HashMap<>();
    ClusterNames names = ClusterNames.of(ZONE, Map.of());
    for (int step = 0; step < 20; step++) {
      for (int i = random.nextInt(3); i >= 0; i--) {
        String name = "n" + random.nextInt(2) + "/s" + random.nextInt(4);
        String address = "10.1.0." + random.nextInt(4);
        switch (random.nextInt(3)) {
          case 0 -> services.remove(ServiceName.parse(name));
          case 1 -> services.put(ServiceName.parse(name), service(name, address));
          default ->
              services.put(
                  ServiceName.parse(name), headless(name, address, "10.1.0." + random.nextInt(4)));
        }
      }
      names = names.with(Map.copyOf(services));
      ClusterNames atOnce = ClusterNames.of(ZONE, services);
      for (int i = 0; i < 4; i++) {
        String reversed = i + ".0.1.10.in-addr.arpa.";
        assertThat(data(names, reversed, Type.PTR)).isEqualTo(data(atOnce, reversed, Type.PTR));
      }
      for (String name : List.of("n0.svc.cluster.local.", "n1.svc.cluster.local.")) {
        assertThat(ask(names, name, Type.A)).isEqualTo(ask(atOnce, name, Type.A));
      }
    }
  }
}
